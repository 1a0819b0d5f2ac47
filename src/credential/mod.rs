//! How a client gets its tokens.
//!
//! | module | where tokens come from |
//! | --- | --- |
//! | `callback` | a function of the caller's |
//! | `host` | whoever waits for the operation that needs one |
//! | `application` | Microsoft Entra ID, for an application that proves itself by a secret, a certificate or a federated token |
//! | `certificate` | the proof by a certificate |
//! | `device_code` | Microsoft Entra ID, for a person who signs in elsewhere with a code |
//! | `managed_identity` | the platform that the program runs on: Azure VM, App Service |
//! | `azure_cli` | the Azure CLI of the person at the prompt |
//! | `environment` | the credential that the environment describes |
//! | `authority` | a tenant at the sign-in service |
//! | `entra` | the protocol of the sign-in service |
//! | `cache` | the token in use, and when it is renewed |
//! | `asker` | for whom a token is got |

mod application;
mod asker;
mod authority;
mod azure_cli;
mod cache;
mod callback;
mod certificate;
mod device_code;
mod entra;
mod environment;
mod host;
mod managed_identity;

use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::identity::{self, Identity};
use crate::redact::redact;
use crate::route::Connector;
use crate::secret::Secret;
use application::{Application, Proof};
pub(crate) use asker::{Asker, Role};
pub use authority::Authority;
use azure_cli::AzureCli;
pub(crate) use cache::{Refused, Tokens};
use callback::Callback;
pub use certificate::Certificate;
use device_code::DeviceCode;
use host::Host;
pub use managed_identity::ManagedIdentity;

/// How a client gets its tokens. Nothing is kept on disk.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    /// One token, which cannot be renewed.
    Static(AccessToken),
    Callback(Arc<Callback>),
    Host,
    Application(Application),
    DeviceCode(DeviceCode),
    ManagedIdentity(ManagedIdentity),
    AzureCli(AzureCli),
    /// Another one, which the environment describes when the client is built.
    Environment {
        authority_host: Option<Endpoint>,
    },
}

/// What a token is wanted for.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The OAuth scope, like `https://graph.microsoft.com/.default`.
    pub scope: String,
    /// The claims that the service asked for when it refused the token before, as JSON, or None.
    pub claims: Option<String>,
}

/// An access token, and how long it lives. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    text: Secret,
    lifetime: Option<Duration>,
}

impl AccessToken {
    /// A token, without `Bearer` before it, that lives for `lifetime` from now on. None if that is not known: then what the token says of
    /// itself counts, where it is a JWT.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text has other characters than a bearer token may have (RFC 6750 section 2.1).
    pub fn new(text: &str, lifetime: Option<Duration>) -> Result<Self, Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || !text.bytes().all(allowed) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "The access token is empty or has characters that no bearer token has. Give the token alone, without \"Bearer\".",
            ));
        }
        Ok(Self {
            text: Secret::new(text),
            lifetime: lifetime.or_else(|| identity::lifetime(text)),
        })
    }

    /// The value of `Authorization`.
    fn authorization(&self) -> HeaderValue {
        // The header borrows these bytes, so that they are zeroed with its last use.
        let bytes = Zeroizing::new(format!("Bearer {}", self.text.expose()).into_bytes());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes))
            .expect("the token was checked to have no other characters than a bearer token's");
        value.set_sensitive(true);
        value
    }
}

/// The token in a value that [`AccessToken::authorization`] made.
pub(crate) fn token_of(authorization: &HeaderValue) -> &str {
    let text = authorization.to_str().unwrap_or_default();
    text.trim_start_matches("Bearer ")
}

/// What gets tokens.
pub(crate) trait TokenSource: Send + Sync {
    /// Gets a token, through the asker's proxy where there is one, else the usual way.
    fn fetch<'a>(&'a self, request: TokenRequest, asker: &'a Asker) -> TokenFuture<'a>;

    /// Whether a sign-in may wait for a person, for longer than its time limit.
    fn asks_person(&self) -> bool {
        false
    }

    /// The service that is asked, if one is.
    fn place(&self) -> Option<&Endpoint> {
        None
    }
}

pub(crate) type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

impl Credential {
    /// One access token, without `Bearer` before it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text is no bearer token.
    pub fn token(token: &str) -> Result<Self, Error> {
        Ok(Self(Kind::Static(AccessToken::new(token, None)?)))
    }

    /// Asks the caller's function for a token whenever one is needed: at first, before the one there is expires, and once when the
    /// service refuses it. It is called on a thread of its own, one call at a time, and may take as long as it needs; the update's time
    /// limit goes on meanwhile. An `Err` is the reason why there is no token, for people, without secrets.
    pub fn callback(
        callback: impl Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Callback(Arc::new(Callback::new(callback))))
    }

    /// Asks whoever waits for the operation that needs a token, on their own thread: at first, before the one there is expires, and once
    /// when the service refuses it. See [`Operation::wanted_token`](crate::operation::Operation::wanted_token). Of many operations that
    /// need one, one asks; where it is cancelled or dropped, the next.
    pub fn host() -> Self {
        Self(Kind::Host)
    }

    /// An application that proves itself by a secret.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the client id is no GUID or the secret is empty.
    pub fn client_secret(
        authority: Authority,
        client_id: &str,
        secret: &str,
    ) -> Result<Self, Error> {
        let proof = Proof::secret(secret)?;
        Ok(Self(Kind::Application(Application::new(
            authority, client_id, proof,
        )?)))
    }

    /// An application that proves itself by a certificate.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the client id is no GUID.
    pub fn client_certificate(
        authority: Authority,
        client_id: &str,
        certificate: Certificate,
    ) -> Result<Self, Error> {
        let proof = Proof::Certificate(Arc::new(certificate));
        Ok(Self(Kind::Application(Application::new(
            authority, client_id, proof,
        )?)))
    }

    /// Workload identity federation: an application that proves itself by the token in this file, which the platform keeps fresh. The
    /// file is read for every request.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the client id is no GUID, or the file cannot be read now or is empty.
    pub fn workload_identity(
        authority: Authority,
        client_id: &str,
        token_file: impl Into<PathBuf>,
    ) -> Result<Self, Error> {
        let proof = Proof::token_file(token_file.into())?;
        Ok(Self(Kind::Application(Application::new(
            authority, client_id, proof,
        )?)))
    }

    /// A person who signs in elsewhere with a code (RFC 8628), by way of an application. They are asked within
    /// [`Client::sign_in`](crate::client::Client::sign_in) alone: [`Operation::prompt`](crate::operation::Operation::prompt) is what to
    /// show them. From then on tokens are renewed without them, by a refresh token that is kept in memory. An update before that, or when
    /// the renewal was refused, ends with [`ErrorKind::TokenUnavailable`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the client id is no GUID.
    pub fn device_code(authority: Authority, client_id: &str) -> Result<Self, Error> {
        Ok(Self(Kind::DeviceCode(DeviceCode::new(
            authority, client_id,
        )?)))
    }

    /// The identity of the platform that the program runs on. Whether it can be used, such as its id, is checked when a client is built.
    pub fn managed_identity(identity: ManagedIdentity) -> Self {
        Self(Kind::ManagedIdentity(identity))
    }

    /// The person who is signed in to the Azure CLI, in the CLI's own tenant or in this one. Whether there is an `az` on the PATH is
    /// checked when a client is built.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the tenant is neither a GUID nor a domain.
    pub fn azure_cli(tenant: Option<&str>) -> Result<Self, Error> {
        Ok(Self(Kind::AzureCli(AzureCli::new(tenant)?)))
    }

    /// The credential that these variables of the environment describe: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and one of
    /// `AZURE_CLIENT_SECRET`, `AZURE_CLIENT_CERTIFICATE_PATH` (with `AZURE_CLIENT_CERTIFICATE_PASSWORD`) or `AZURE_FEDERATED_TOKEN_FILE`, in
    /// this order. Without an `authority_host`, that of `AZURE_AUTHORITY_HOST` counts, or else the worldwide cloud's. They are read when a
    /// client is built, which fails with [`ErrorKind::InvalidArgument`], naming the variable, if one is missing or cannot be used.
    /// A path that is not absolute counts from the process's directory.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the host is no https origin.
    pub fn environment(authority_host: Option<&str>) -> Result<Self, Error> {
        let authority_host = authority_host.map(authority::check_host).transpose()?;
        Ok(Self(Kind::Environment { authority_host }))
    }

    /// Opens the ways to where tokens come from. Answers also who one is, as far as it is known without a token.
    pub(crate) fn open(&self, connector: &Connector) -> Result<(Opened, Identity), Error> {
        let opened = match &self.0 {
            Kind::Static(token) => Opened::Static(token.clone()),
            Kind::Callback(callback) => Opened::Source(callback.clone()),
            Kind::Host => Opened::Source(Arc::new(Host)),
            Kind::Application(application) => Opened::Source(application.open(connector)?),
            Kind::DeviceCode(application) => Opened::Source(application.open(connector)?),
            Kind::ManagedIdentity(identity) => Opened::Source(identity.open(connector)?),
            Kind::AzureCli(cli) => Opened::Source(cli.open(&connector.environment)?),
            Kind::Environment { authority_host } => {
                let described =
                    environment::credential(authority_host.as_ref(), &connector.environment)?;
                return described.open(connector);
            }
        };
        Ok((opened, self.known()))
    }

    fn known(&self) -> Identity {
        match &self.0 {
            Kind::Static(_) | Kind::Callback(_) | Kind::Host | Kind::Environment { .. } => {
                Identity::default()
            }
            Kind::Application(application) => application.known(),
            Kind::DeviceCode(application) => application.known(),
            Kind::ManagedIdentity(identity) => identity.known(),
            Kind::AzureCli(cli) => cli.known(),
        }
    }
}

/// Why the host gave no token, to stand within a sentence, without secrets.
fn reason(why: &str) -> String {
    redact(why.trim_end_matches('.'))
}

/// A credential, ready to be asked.
pub(crate) enum Opened {
    /// The token, once and for all.
    Static(AccessToken),
    Source(Arc<dyn TokenSource>),
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Kind::Static(_) => "Credential(token)",
            Kind::Callback(_) => "Credential(callback)",
            Kind::Host => "Credential(host)",
            Kind::Application(_) => "Credential(application)",
            Kind::DeviceCode(_) => "Credential(device code)",
            Kind::ManagedIdentity(_) => "Credential(managed identity)",
            Kind::AzureCli(_) => "Credential(Azure CLI)",
            Kind::Environment { .. } => "Credential(environment)",
        })
    }
}
