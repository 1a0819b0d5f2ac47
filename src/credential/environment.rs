//! The credential that the environment describes.
//!
//! Source: <https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential>

use std::env;
use std::fs;

use super::{Authority, Certificate, Credential};
use crate::error::{Error, ErrorKind};

pub(super) fn credential(authority_host: &str) -> Result<Credential, Error> {
    let host = optional("AZURE_AUTHORITY_HOST").unwrap_or_else(|| authority_host.to_owned());
    let authority = Authority::at(host.trim_end_matches('/'), &needed("AZURE_TENANT_ID")?)?;
    let client_id = needed("AZURE_CLIENT_ID")?;
    if let Some(secret) = optional("AZURE_CLIENT_SECRET") {
        return Credential::client_secret(authority, &client_id, &secret);
    }
    if let Some(path) = optional("AZURE_CLIENT_CERTIFICATE_PATH") {
        return Credential::client_certificate(authority, &client_id, certificate(&path)?);
    }
    if let Some(file) = optional("AZURE_FEDERATED_TOKEN_FILE") {
        return Credential::workload_identity(authority, &client_id, file);
    }
    Err(invalid(
        "AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE are not set; one of them must be.",
    ))
}

/// PEM where it looks so, else PFX.
fn certificate(path: &str) -> Result<Certificate, Error> {
    let bytes = fs::read(path).map_err(|error| {
        invalid(&format!(
            "AZURE_CLIENT_CERTIFICATE_PATH names {path}, which cannot be read: {error}."
        ))
    })?;
    match bytes.starts_with(b"-----BEGIN") || bytes.windows(11).any(|part| part == b"-----BEGIN ") {
        true => Certificate::from_pem(&bytes),
        false => {
            let password = optional("AZURE_CLIENT_CERTIFICATE_PASSWORD").unwrap_or_default();
            Certificate::from_pfx(&bytes, &password)
        }
    }
}

fn needed(name: &str) -> Result<String, Error> {
    optional(name).ok_or_else(|| invalid(&format!("The environment variable {name} is not set.")))
}

fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
