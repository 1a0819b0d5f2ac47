//! The credential that the environment describes.
//!
//! Source: <https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential>

use std::fs;

use super::{Authority, Certificate, Credential, authority};
use crate::cloud::Cloud;
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

const TENANT_ID: &str = "AZURE_TENANT_ID";
const CLIENT_ID: &str = "AZURE_CLIENT_ID";
const CLIENT_SECRET: &str = "AZURE_CLIENT_SECRET";
const CERTIFICATE_PATH: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const CERTIFICATE_PASSWORD: &str = "AZURE_CLIENT_CERTIFICATE_PASSWORD";
const TOKEN_FILE: &str = "AZURE_FEDERATED_TOKEN_FILE";
const AUTHORITY_HOST: &str = "AZURE_AUTHORITY_HOST";

pub(super) fn credential(
    authority_host: Option<&Endpoint>,
    environment: &Environment,
) -> Result<Credential, Error> {
    let optional = |name| environment.get_filled(name);
    let (tenant, client_id) = match (optional(TENANT_ID), optional(CLIENT_ID)) {
        (Some(tenant), Some(client_id)) => (tenant, client_id),
        (None, Some(_)) => return Err(missing(TENANT_ID)),
        (Some(_), None) => return Err(missing(CLIENT_ID)),
        (None, None) => return Err(missing(&format!("{TENANT_ID} and {CLIENT_ID}"))),
    };
    let client_id = client_id.expose();
    authority::check_guid("client id", client_id).map_err(of(CLIENT_ID))?;
    let host = match (authority_host, optional(AUTHORITY_HOST)) {
        (Some(host), _) => host.clone(),
        (None, Some(host)) => authority::check_host(host.expose().trim_end_matches('/'))
            .map_err(of(AUTHORITY_HOST))?,
        (None, None) => authority::check_host(Cloud::Global.authority())?,
    };
    let authority = Authority::of(host, tenant.expose()).map_err(of(TENANT_ID))?;
    if let Some(secret) = optional(CLIENT_SECRET) {
        return Credential::client_secret(authority, client_id, secret.expose());
    }
    if let Some(path) = optional(CERTIFICATE_PATH) {
        let password = optional(CERTIFICATE_PASSWORD).unwrap_or_else(|| Secret::new(""));
        let certificate = certificate(path.expose(), &password).map_err(of(CERTIFICATE_PATH))?;
        return Credential::client_certificate(authority, client_id, certificate);
    }
    if let Some(file) = optional(TOKEN_FILE) {
        return Credential::workload_identity(authority, client_id, file.expose())
            .map_err(of(TOKEN_FILE));
    }
    Err(missing(&format!(
        "One of {CLIENT_SECRET}, {CERTIFICATE_PATH} and {TOKEN_FILE}"
    )))
}

/// PEM where it looks so, else PFX.
fn certificate(path: &str, password: &Secret) -> Result<Certificate, Error> {
    let bytes = fs::read(path)
        .map_err(|error| invalid(format!("The file {path} cannot be read: {error}.")))?;
    match bytes.windows(11).any(|part| part == b"-----BEGIN ") {
        true => Certificate::from_pem(&bytes),
        false => Certificate::from_pfx(&bytes, password.expose()),
    }
}

/// Names the variable whose value cannot be used.
fn of(name: &str) -> impl FnOnce(Error) -> Error {
    move |error| error.retold(|told| format!("{name}: {told}"))
}

fn missing(names: &str) -> Error {
    invalid(format!(
        "The environment describes no credential. {names} must be set."
    ))
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
