//! An application of Microsoft Entra ID.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::authority::{self, Authority};
use super::certificate::Certificate;
use super::entra::{Form, Service};
use super::{Asker, TokenFuture, TokenRequest, TokenSource};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::identity::{Actor, Identity};
use crate::route::{Connector, Routes};
use crate::secret::Secret;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An application, and how it proves itself.
#[derive(Clone)]
pub(super) struct Application {
    authority: Authority,
    client_id: String,
    proof: Proof,
}

#[derive(Clone)]
pub(super) enum Proof {
    Secret(Secret),
    Certificate(Arc<Certificate>),
    TokenFile(PathBuf),
}

impl Proof {
    pub(super) fn secret(secret: &str) -> Result<Self, Error> {
        match secret.is_empty() {
            true => Err(invalid("The client secret is empty.".to_owned())),
            false => Ok(Self::Secret(Secret::new(secret))),
        }
    }

    pub(super) fn token_file(file: PathBuf) -> Result<Self, Error> {
        let proof = Self::TokenFile(file);
        proof.read_token_file()?;
        Ok(proof)
    }

    /// The token in the file. Anything else than a file proves itself without one.
    fn read_token_file(&self) -> Result<Option<Secret>, Error> {
        let Self::TokenFile(file) = self else {
            return Ok(None);
        };
        let shown = file.display();
        let text = fs::read_to_string(file)
            .map_err(|error| invalid(format!("The token file {shown} cannot be read: {error}.")))?;
        match text.trim_start_matches('\u{feff}').trim() {
            "" => Err(invalid(format!("The token file {shown} is empty."))),
            token => Ok(Some(Secret::new(token))),
        }
    }
}

impl Application {
    pub(super) fn new(authority: Authority, client_id: &str, proof: Proof) -> Result<Self, Error> {
        authority::check_guid("client id", client_id)?;
        Ok(Self {
            authority,
            client_id: client_id.to_owned(),
            proof,
        })
    }

    pub(super) fn open(&self, connector: &Connector) -> Result<Arc<dyn TokenSource>, Error> {
        Ok(Arc::new(Opened {
            application: self.clone(),
            routes: connector.open(self.authority.host().clone())?,
        }))
    }

    pub(super) fn known(&self) -> Identity {
        Identity::known(
            self.authority.tenant_id(),
            Some(&self.client_id),
            Some(Actor::Application),
        )
    }

    fn form(&self, request: &TokenRequest) -> Result<Form, Error> {
        let form = Form::default()
            .with("grant_type", "client_credentials")
            .with("client_id", &self.client_id)
            .with("scope", &request.scope)
            .with_claims(request);
        let assertion = match &self.proof {
            Proof::Secret(secret) => return Ok(form.with("client_secret", secret.expose())),
            Proof::Certificate(certificate) => {
                certificate.assertion(&self.client_id, self.authority.token_url().as_str())?
            }
            Proof::TokenFile(_) => self
                .proof
                .read_token_file()?
                .expect("this proof has a file"),
        };
        Ok(form
            .with("client_assertion_type", JWT_BEARER)
            .with("client_assertion", assertion.expose()))
    }
}

struct Opened {
    application: Application,
    routes: Routes,
}

impl Opened {
    /// Not on the worker: a file may take its time, and so does a signature.
    async fn form(&self, request: TokenRequest) -> Result<Form, Error> {
        let application = self.application.clone();
        tokio::task::spawn_blocking(move || application.form(&request))
            .await
            .unwrap_or_else(|_| Err(invalid("The proof could not be made.".to_owned())))
    }
}

impl TokenSource for Opened {
    fn fetch<'a>(&'a self, request: TokenRequest, asker: &'a Asker) -> TokenFuture<'a> {
        Box::pin(async move {
            let form = self.form(request).await.map_err(|error| {
                let message = error.message().to_owned();
                Error::new(ErrorKind::TokenUnavailable, message)
            })?;
            let url = self.application.authority.token_url();
            let who = format!("The application {}", self.application.client_id);
            let service = Service {
                routes: &self.routes,
                proxy: asker.proxy.as_ref(),
                limit: asker.left(),
                who: &who,
            };
            let response = service.post(&url, form).await?;
            Ok(service.grant(&response)?.token)
        })
    }

    fn place(&self) -> Option<&Endpoint> {
        Some(self.routes.endpoint())
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
