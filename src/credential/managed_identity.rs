//! The identity of the platform that the program runs on.
//!
//! Sources: <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>,
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity>

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use super::entra::Service;
use super::{Asker, TokenFuture, TokenRequest, TokenSource, authority};
use crate::endpoint::Endpoint;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::identity::{Actor, Identity};
use crate::route::{Connector, Routes};
use crate::secret::Secret;
use crate::transport::Request;

/// Where a virtual machine asks for tokens. `AZURE_POD_IDENTITY_AUTHORITY_HOST` may name another place.
const IMDS: &str = "http://169.254.169.254";

/// A platform's service is on the machine's own link. Where there is none, nobody wants to wait for long.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Which of the platform's identities is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ManagedIdentity {
    /// The system-assigned one.
    #[default]
    System,
    /// The user-assigned one with this client id.
    ClientId(String),
    /// The user-assigned one with this object (principal) id.
    ObjectId(String),
    /// The user-assigned one with this Azure resource id.
    ResourceId(String),
}

/// One platform's way to ask.
struct Platform {
    url: Url,
    header: (HeaderName, HeaderValue),
    object_id_parameter: &'static str,
    resource_id_parameter: &'static str,
}

impl Platform {
    fn of(environment: &Environment) -> Result<Self, Error> {
        match environment.get_filled("IDENTITY_ENDPOINT") {
            Some(url) => app_service(url.expose(), environment),
            None => virtual_machine(environment),
        }
    }
}

impl ManagedIdentity {
    pub(super) fn open(&self, connector: &Connector) -> Result<Arc<dyn TokenSource>, Error> {
        self.check()?;
        let platform = Platform::of(&connector.environment)?;
        let origin =
            Endpoint::of_platform(&platform.url).map_err(|error| unusable(error.message()))?;
        let connector = Connector {
            connect_timeout: connector.connect_timeout.min(CONNECT_TIMEOUT),
            ..connector.clone()
        };
        Ok(Arc::new(Opened {
            identity: self.clone(),
            routes: connector.open_straight(origin)?,
            platform,
        }))
    }

    pub(super) fn known(&self) -> Identity {
        let client_id = match self {
            Self::ClientId(id) => Some(id.as_str()),
            _ => None,
        };
        Identity::known(None, client_id, Some(Actor::Application))
    }

    fn check(&self) -> Result<(), Error> {
        match self {
            Self::System => Ok(()),
            Self::ClientId(id) => authority::check_guid("client id", id),
            Self::ObjectId(id) => authority::check_guid("object id", id),
            Self::ResourceId(id) => check_resource_id(id),
        }
    }
}

fn check_resource_id(id: &str) -> Result<(), Error> {
    match id.to_ascii_lowercase().starts_with("/subscriptions/") {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::InvalidArgument,
            format!(
                "The resource id \"{}\" does not begin with /subscriptions/.",
                id.escape_debug()
            ),
        )),
    }
}

fn app_service(url: &str, environment: &Environment) -> Result<Platform, Error> {
    let mut url = Url::parse(url)
        .map_err(|error| unusable(&format!("IDENTITY_ENDPOINT is no URL: {error}.")))?;
    url.query_pairs_mut()
        .append_pair("api-version", "2019-08-01");
    let secret = environment
        .get_filled("IDENTITY_HEADER")
        .ok_or_else(|| unusable("IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not."))?;
    let mut secret = HeaderValue::try_from(secret.expose())
        .map_err(|_| unusable("IDENTITY_HEADER cannot be sent as a header."))?;
    secret.set_sensitive(true);
    Ok(Platform {
        url,
        header: (HeaderName::from_static("x-identity-header"), secret),
        object_id_parameter: "principal_id",
        resource_id_parameter: "mi_res_id",
    })
}

fn virtual_machine(environment: &Environment) -> Result<Platform, Error> {
    let host = environment.get_filled("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    let host = host.as_ref().map_or(IMDS, Secret::expose);
    let mut url = Url::parse(host).map_err(|error| {
        unusable(&format!(
            "AZURE_POD_IDENTITY_AUTHORITY_HOST is no URL: {error}."
        ))
    })?;
    url.set_path("/metadata/identity/oauth2/token");
    url.query_pairs_mut()
        .append_pair("api-version", "2018-02-01");
    let metadata = HeaderName::from_static("metadata");
    Ok(Platform {
        url,
        header: (metadata, HeaderValue::from_static("true")),
        object_id_parameter: "object_id",
        resource_id_parameter: "msi_res_id",
    })
}

struct Opened {
    identity: ManagedIdentity,
    routes: Routes,
    platform: Platform,
}

impl Opened {
    fn request(&self, request: &TokenRequest) -> Request {
        let platform = &self.platform;
        let mut url = platform.url.clone();
        let resource = request.scope.trim_end_matches("/.default");
        url.query_pairs_mut().append_pair("resource", resource);
        let chosen = match &self.identity {
            ManagedIdentity::System => None,
            ManagedIdentity::ClientId(id) => Some(("client_id", id)),
            ManagedIdentity::ObjectId(id) => Some((platform.object_id_parameter, id)),
            ManagedIdentity::ResourceId(id) => Some((platform.resource_id_parameter, id)),
        };
        if let Some((name, id)) = chosen {
            url.query_pairs_mut().append_pair(name, id);
        }
        let (name, value) = platform.header.clone();
        Request {
            method: Method::GET,
            url,
            headers: HeaderMap::from_iter([(name, value)]),
            body: Bytes::new(),
        }
    }
}

impl TokenSource for Opened {
    /// Never through a proxy: the platform answers this machine alone.
    fn fetch<'a>(&'a self, request: TokenRequest, asker: &'a Asker) -> TokenFuture<'a> {
        Box::pin(async move {
            let service = Service {
                routes: &self.routes,
                proxy: None,
                limit: asker.left(),
                who: "The managed identity",
            };
            let response = service.send(|| self.request(&request)).await?;
            Ok(service.grant(&response)?.token)
        })
    }

    fn place(&self) -> Option<&Endpoint> {
        Some(self.routes.endpoint())
    }
}

fn unusable(why: &str) -> Error {
    let message = format!("The managed identity cannot be used. {why}");
    Error::new(ErrorKind::InvalidArgument, message)
}
