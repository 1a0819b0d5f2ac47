//! The identity of the platform that the program runs on.
//!
//! Sources: <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>,
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity>

use std::env;
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};

use super::{TokenFuture, TokenRequest, TokenSource, entra};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;
use crate::route::{Connector, Routes};
use crate::transport::Request;

/// Where a virtual machine asks for tokens. `AZURE_POD_IDENTITY_AUTHORITY_HOST` may name another place.
const IMDS: &str = "http://169.254.169.254";

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
    resource_id_parameter: &'static str,
}

impl ManagedIdentity {
    pub(super) fn open(&self, connector: &Connector) -> Result<Arc<dyn TokenSource>, Error> {
        let platform = match env::var("IDENTITY_ENDPOINT") {
            Ok(url) => app_service(&url)?,
            Err(_) => virtual_machine()?,
        };
        Ok(Arc::new(Opened {
            identity: self.clone(),
            routes: connector.open_straight(Endpoint::of_platform(&platform.url)?)?,
            platform,
        }))
    }
}

fn app_service(url: &str) -> Result<Platform, Error> {
    let mut url = Url::parse(url)
        .map_err(|error| unusable(&format!("IDENTITY_ENDPOINT is no URL: {error}.")))?;
    url.query_pairs_mut()
        .append_pair("api-version", "2019-08-01");
    let secret = env::var("IDENTITY_HEADER")
        .map_err(|_| unusable("IDENTITY_ENDPOINT is set, but IDENTITY_HEADER is not."))?;
    let mut secret = HeaderValue::try_from(secret)
        .map_err(|_| unusable("IDENTITY_HEADER cannot be sent as a header."))?;
    secret.set_sensitive(true);
    Ok(Platform {
        url,
        header: (HeaderName::from_static("x-identity-header"), secret),
        resource_id_parameter: "mi_res_id",
    })
}

fn virtual_machine() -> Result<Platform, Error> {
    let host = env::var("AZURE_POD_IDENTITY_AUTHORITY_HOST").unwrap_or_else(|_| IMDS.to_owned());
    let mut url = Url::parse(&host).map_err(|error| {
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
            ManagedIdentity::ObjectId(id) => Some(("object_id", id)),
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
    fn fetch<'a>(&'a self, request: TokenRequest, _: Option<&'a Proxy>) -> TokenFuture<'a> {
        let request = self.request(&request);
        Box::pin(entra::ask(
            &self.routes,
            None,
            request,
            "The managed identity",
        ))
    }
}

fn unusable(why: &str) -> Error {
    let message = format!("The managed identity cannot be used. {why}");
    Error::new(ErrorKind::InvalidArgument, message)
}
