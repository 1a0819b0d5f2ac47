//! The protocol of Microsoft Entra ID's token endpoint.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use tokio::time::Instant;
use uuid::Uuid;
use uuid::fmt::Hyphenated;
use zeroize::Zeroizing;

use super::AccessToken;
use crate::cloud::Cloud;
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;
use crate::redact::redact;
use crate::response::Response;
use crate::retry::{self, Reason, RetryPolicy};
use crate::route::Routes;
use crate::transport::{Failure, Request, Stage, Transport};

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

    /// The tenant's id, where it is named by it.
    pub(super) fn tenant_id(&self) -> Option<&str> {
        Some(self.tenant.as_str()).filter(|tenant| is_guid(tenant))
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
    match is_domain || is_guid(tenant) {
        true => Ok(()),
        false => Err(invalid(format!(
            "The tenant id \"{}\" is neither a GUID nor a domain.",
            tenant.escape_debug()
        ))),
    }
}

/// Checks an id that is named so, like `client id`.
pub(super) fn check_guid(name: &str, id: &str) -> Result<(), Error> {
    match is_guid(id) {
        true => Ok(()),
        false => Err(invalid(format!(
            "The {name} \"{}\" is no GUID.",
            id.escape_debug()
        ))),
    }
}

/// The form with hyphens alone: URLs and forms get it as it is.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == Hyphenated::LENGTH && Uuid::try_parse(text).is_ok()
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
        Bytes::from_owner(self.0)
    }
}

/// Asks a token endpoint. `who` names the one who signs in, for errors.
pub(super) async fn post(
    routes: &Routes,
    proxy: Option<&Proxy>,
    url: &Url,
    form: Form,
    who: &str,
) -> Result<AccessToken, Error> {
    let mut headers = HeaderMap::new();
    let content = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(CONTENT_TYPE, content);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let body = form.into_body();
    let request = || Request {
        method: Method::POST,
        url: url.clone(),
        headers: headers.clone(),
        body: body.clone(),
    };
    ask(routes, proxy, request, who).await
}

/// Asks for a token, and reads the answer.
pub(super) async fn ask(
    routes: &Routes,
    proxy: Option<&Proxy>,
    request: impl Fn() -> Request,
    who: &str,
) -> Result<AccessToken, Error> {
    let failed = |why: &str| {
        let host = routes.endpoint();
        let message = format!("{who} got no access token from {host}: {why}");
        Error::new(ErrorKind::TokenUnavailable, message)
    };
    let response = exchange(&routes.through(proxy)?, request)
        .await
        .map_err(|error| failed(error.message()))?;
    match response.status() {
        200 => read_token(response.body()).map_err(failed),
        _ => Err(failed(&refusal(&response))),
    }
}

/// Sends a request, and again where the service is busy or could not be reached, as requests to Graph are. The time limit of the update
/// ends it.
async fn exchange(transport: &Transport, request: impl Fn() -> Request) -> Result<Response, Error> {
    let policy = RetryPolicy::default();
    let started = Instant::now();
    for attempt in 1.. {
        let (result, reason) = match transport.exchange(request(), attempt).await {
            Ok(response) => {
                let reason = busy(&response);
                (Ok(response), reason)
            }
            Err(Failure { error, stage }) => {
                let reason = (stage == Stage::NotSent).then_some(Reason::NotConnected);
                (Err(error), reason)
            }
        };
        let delay = reason.and_then(|reason| {
            let (elapsed, jitter) = (started.elapsed(), fastrand::f64());
            policy.delay_before(attempt, reason, elapsed, Duration::MAX, jitter)
        });
        match delay {
            Some(delay) => tokio::time::sleep(delay).await,
            None => return result,
        }
    }
    unreachable!("a policy has an end")
}

/// Why a request may be tried again that was answered so.
fn busy(response: &Response) -> Option<Reason> {
    let status = response.status();
    let wanted = response
        .header("retry-after")
        .and_then(|value| std::str::from_utf8(value).ok())
        .and_then(|value| retry::parse_retry_after(value, SystemTime::now()));
    retry::is_retryable(status).then_some(Reason::Status(status, wanted))
}

/// The token of an answer. `expires_in` is a text at managed identities.
fn read_token(body: &[u8]) -> Result<AccessToken, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "the answer is no JSON.")?;
    let token = answer["access_token"]
        .as_str()
        .ok_or("the answer has no access_token.")?;
    let lifetime = seconds(&answer["expires_in"]).map(Duration::from_secs);
    AccessToken::new(token, lifetime).map_err(|_| "the answer's access_token is no bearer token.")
}

/// A number, or a number as text.
pub(super) fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
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
    let mut told = format!("[{error}] {}", redact(description));
    if let Some(id) = answer["correlation_id"].as_str() {
        told.push_str(&format!(" (correlation id {id})"));
    }
    told
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}
