//! The protocol of Microsoft Entra ID's token endpoint.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use zeroize::Zeroizing;

use super::AccessToken;
use crate::cloud::Cloud;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;
use crate::response::Response;
use crate::route::Routes;
use crate::transport::{Failure, Request};

/// A tenant at a sign-in service.
#[derive(Clone, Debug)]
pub struct Authority {
    host: Endpoint,
    tenant: String,
}

impl Authority {
    /// A tenant of a cloud: its GUID, or one of its domains.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the tenant is neither.
    pub fn new(cloud: Cloud, tenant: &str) -> Result<Self, Error> {
        Self::at(cloud.authority(), tenant)
    }

    /// A tenant at a sign-in service of one's own, an https origin.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the host is no https origin, or the tenant is neither a GUID nor a domain.
    pub fn at(host: &str, tenant: &str) -> Result<Self, Error> {
        let host = Endpoint::parse(host).map_err(|error| {
            error.retold(|told| format!("The authority cannot be used. {told}"))
        })?;
        if !host.is_https() {
            return Err(invalid(format!("The authority {host} must be https.")));
        }
        check_tenant(tenant)?;
        let tenant = tenant.to_owned();
        Ok(Self { host, tenant })
    }

    pub(super) fn host(&self) -> &Endpoint {
        &self.host
    }

    /// Where tokens are asked for.
    pub(super) fn token_url(&self) -> Url {
        Url::parse(&format!("{}/{}/oauth2/v2.0/token", self.host, self.tenant))
            .expect("an origin and a checked tenant make a URL")
    }
}

pub(super) fn check_tenant(tenant: &str) -> Result<(), Error> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_domain = tenant.contains('.') && tenant.split('.').all(is_label);
    match is_domain || uuid::Uuid::try_parse(tenant).is_ok() {
        true => Ok(()),
        false => Err(invalid(format!(
            "The tenant id \"{}\" is neither a GUID nor a domain.",
            tenant.escape_debug()
        ))),
    }
}

pub(super) fn check_client_id(client_id: &str) -> Result<(), Error> {
    match uuid::Uuid::try_parse(client_id) {
        Ok(_) => Ok(()),
        Err(_) => Err(invalid(format!(
            "The client id \"{}\" is no GUID.",
            client_id.escape_debug()
        ))),
    }
}

/// A form, as its bytes are sent. Zeroed when it is no longer used.
#[derive(Default)]
pub(super) struct Form(Zeroizing<String>);

impl Form {
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        self
    }

    fn into_body(self) -> Bytes {
        Bytes::from_owner(Zeroizing::new(self.0.as_bytes().to_vec()))
    }
}

/// Asks a token endpoint. `who` names the one who signs in, for errors.
pub(super) async fn post(
    routes: &Routes,
    proxy: Option<&Proxy>,
    url: Url,
    form: Form,
    who: &str,
) -> Result<AccessToken, Error> {
    let mut headers = HeaderMap::new();
    let content = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, content);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let request = Request {
        method: Method::POST,
        url,
        headers,
        body: form.into_body(),
    };
    ask(routes, proxy, request, who).await
}

/// Asks for a token, and reads the answer.
pub(super) async fn ask(
    routes: &Routes,
    proxy: Option<&Proxy>,
    request: Request,
    who: &str,
) -> Result<AccessToken, Error> {
    let failed = |why: String| {
        let host = routes.endpoint();
        let message = format!("{who} got no access token from {host}: {why}");
        Error::new(ErrorKind::TokenUnavailable, message)
    };
    let response = routes
        .through(proxy)?
        .exchange(request, 1)
        .await
        .map_err(|Failure { error, .. }| failed(error.message().to_owned()))?;
    match response.status() {
        200 => read_token(response.body()).map_err(|why| failed(why.to_owned())),
        _ => Err(failed(refusal(&response))),
    }
}

/// The token of an answer. `expires_in` is a number, or a text at managed identities.
fn read_token(body: &[u8]) -> Result<AccessToken, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "the answer is no JSON.")?;
    let token = answer["access_token"]
        .as_str()
        .ok_or("the answer has no access_token.")?;
    let seconds = answer["expires_in"]
        .as_u64()
        .or_else(|| answer["expires_in"].as_str()?.parse().ok());
    AccessToken::new(token, seconds.map(Duration::from_secs))
        .map_err(|_| "the answer's access_token is no bearer token.")
}

/// What the service says of a refusal: `error_description`'s first line, which begins with the AADSTS code, and the correlation id.
fn refusal(response: &Response) -> String {
    let answer: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let Some(error) = answer["error"].as_str() else {
        return format!("{}.", response.failure());
    };
    let description = answer["error_description"].as_str().unwrap_or_default();
    // The lines after the first, or the sentences from "Trace ID" on, repeat what stands below.
    let description = description.lines().next().unwrap_or_default();
    let description = description.split(" Trace ID:").next().unwrap_or_default();
    let mut told = format!("[{error}] {}", crate::redact::redact(description));
    if let Some(id) = answer["correlation_id"].as_str() {
        told.push_str(&format!(" (correlation id {id})"));
    }
    told
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
