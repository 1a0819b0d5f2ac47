//! The tenant, its one application, and how that may sign in.

use super::assertion::{self, Expected};
use super::errors::Refusal;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::sync::{Mutex, MutexGuard};

/// The tenant's id and its domain. Both name it in URLs.
pub(crate) const TENANT_ID: &str = "3f1c2b7a-8d54-4e0b-9c3e-5a7d1f2e6b90";
pub(crate) const TENANT_DOMAIN: &str = "contoso.example";

/// The application.
pub(crate) const CLIENT_ID: &str = "c0a81e52-6f3d-4b8e-a1d7-0e9b4c2f7a35";

/// The person who signs in with device codes.
pub(crate) const ACCOUNT: &str = "megan@contoso.example";

/// What the application may do, on its own and for the person.
pub(crate) const PERMISSION: &str = "CloudPC.ReadWrite.All";

/// The application's secret at the start.
pub(crate) const SECRET: &str = "emulator~secret/with+all=characters&";

/// What people name where any tenant will do.
const ANY_TENANT: [&str; 2] = ["common", "organizations"];

/// How the application may sign in.
pub(crate) struct Directory(Mutex<Credentials>);

#[derive(Default)]
struct Credentials {
    secret: String,
    certificates: Vec<CertificateDer<'static>>,
    federated_tokens: Vec<String>,
}

impl Default for Directory {
    fn default() -> Self {
        Self(Mutex::new(Credentials::seeded()))
    }
}

impl Credentials {
    fn seeded() -> Self {
        Self {
            secret: SECRET.to_owned(),
            ..Self::default()
        }
    }
}

impl Directory {
    /// Replaces the secret.
    pub(crate) fn set_secret(&self, secret: &str) {
        self.lock().secret = secret.to_owned();
    }

    /// Registers the certificates in a PEM text.
    pub(crate) fn add_certificates(&self, pem: &[u8]) -> Result<(), String> {
        let certificates = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| format!("The certificate is not valid PEM: {error}"))?;
        if certificates.is_empty() {
            return Err("The PEM holds no CERTIFICATE.".to_owned());
        }
        self.lock().certificates.extend(certificates);
        Ok(())
    }

    /// Trusts a token of another issuer, as for workload identities.
    pub(crate) fn add_federated_token(&self, token: &str) {
        self.lock().federated_tokens.push(token.to_owned());
    }

    pub(crate) fn reset(&self) {
        *self.lock() = Credentials::seeded();
    }

    pub(crate) fn check_secret(&self, secret: &str) -> Result<(), Refusal> {
        match secret == self.lock().secret {
            true => Ok(()),
            false => Err(Refusal::client(
                7000215,
                &format!(
                    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{CLIENT_ID}'."
                ),
            )),
        }
    }

    /// Checks a client assertion, a federated token or one signed with a certificate, for the service at `authority`.
    pub(crate) fn check_assertion(
        &self,
        assertion: &str,
        authority: &str,
        tenant: &str,
    ) -> Result<(), Refusal> {
        let credentials = self.lock();
        if credentials
            .federated_tokens
            .iter()
            .any(|token| token == assertion)
        {
            return Ok(());
        }
        assertion::check(
            assertion,
            &Expected {
                client_id: CLIENT_ID,
                audiences: [
                    format!("{authority}/{tenant}/oauth2/v2.0/token"),
                    format!("{authority}/{tenant}/v2.0"),
                ],
                certificates: &credentials.certificates,
            },
        )
    }

    fn lock(&self) -> MutexGuard<'_, Credentials> {
        self.0.lock().expect("no holder panics")
    }
}

/// Checks the tenant of a URL. `for_people` says whether "any" will do.
pub(crate) fn check_tenant(tenant: &str, for_people: bool) -> Result<(), Refusal> {
    let known = tenant.eq_ignore_ascii_case(TENANT_ID)
        || tenant.eq_ignore_ascii_case(TENANT_DOMAIN)
        || for_people && ANY_TENANT.contains(&tenant);
    match known {
        true => Ok(()),
        false => Err(Refusal::request(
            "invalid_request",
            90002,
            &format!(
                "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
            ),
        )),
    }
}

pub(crate) fn check_client(client_id: &str) -> Result<(), Refusal> {
    match client_id.eq_ignore_ascii_case(CLIENT_ID) {
        true => Ok(()),
        false => Err(Refusal::request(
            "unauthorized_client",
            700016,
            &format!(
                "Application with identifier '{client_id}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
            ),
        )),
    }
}
