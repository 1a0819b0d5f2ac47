//! The protocol of Microsoft Entra ID's token endpoint.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>

use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::{AccessToken, TokenRequest};
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;
use crate::redact::redact;
use crate::response::Response;
use crate::retry::{self, Reason, RetryPolicy};
use crate::route::Routes;
use crate::secret::Secret;
use crate::transport::{Failure, Request, Stage, Transport};

/// A form, as its bytes are sent. Zeroed when it is no longer used.
#[derive(Default)]
pub(super) struct Form(Zeroizing<String>);

impl Form {
    /// The claims of a request for a token, where there are any.
    pub(super) fn with_claims(self, request: &TokenRequest) -> Self {
        match &request.claims {
            Some(claims) => self.with("claims", claims),
            None => self,
        }
    }

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

/// A service that gives tokens, and who asks it.
pub(super) struct Service<'a> {
    pub(super) routes: &'a Routes,
    pub(super) proxy: Option<&'a Proxy>,
    /// How long an answer may take.
    pub(super) limit: Duration,
    /// Who signs in, for errors.
    pub(super) who: &'a str,
}

/// What a service gives.
pub(super) struct Grant {
    pub(super) token: AccessToken,
    pub(super) refresh_token: Option<Secret>,
}

impl Service<'_> {
    /// Posts a form.
    pub(super) async fn post(&self, url: &Url, form: Form) -> Result<Response, Error> {
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
        self.send(request).await
    }

    /// Sends a request, and again where the service is busy or could not be reached.
    pub(super) async fn send(&self, request: impl Fn() -> Request) -> Result<Response, Error> {
        let transport = self.routes.through(self.proxy)?;
        exchange(&transport, self.routes.retry_policy(), self.limit, request)
            .await
            .map_err(|error| self.failed(error.message()))
    }

    /// The tokens of an answer, or the service's refusal.
    pub(super) fn grant(&self, response: &Response) -> Result<Grant, Error> {
        match response.status() {
            200 => read_grant(response.body()).map_err(|why| self.failed(why)),
            _ => Err(self.refused(response)),
        }
    }

    /// The error of an answer other than 200.
    pub(super) fn refused(&self, response: &Response) -> Error {
        self.failed(&refusal(response))
    }

    pub(super) fn failed(&self, why: &str) -> Error {
        let (who, host) = (self.who, self.routes.endpoint());
        let message = format!("{who} got no access token from {host}: {why}");
        Error::new(ErrorKind::TokenUnavailable, message)
    }
}

/// The code of an OAuth error (RFC 6749 section 5.2), like `invalid_grant`.
pub(super) fn error_code(response: &Response) -> Option<String> {
    let answer: Value = serde_json::from_slice(response.body()).ok()?;
    Some(answer["error"].as_str()?.to_owned())
}

/// Sends a request, and again where the service is busy or could not be reached, as requests to Graph are. A delay that does not end
/// within the limit is not waited for; whoever asks ends the rest.
async fn exchange(
    transport: &Transport,
    policy: RetryPolicy,
    limit: Duration,
    request: impl Fn() -> Request,
) -> Result<Response, Error> {
    let started = Instant::now();
    for attempt in 1.. {
        let (result, reason) = match transport.exchange(request(), attempt).await {
            Ok(response) => {
                let reason = retry::reason_of(&response);
                (Ok(response), reason)
            }
            Err(Failure { error, stage }) => {
                let reason = (stage == Stage::NotSent).then_some(Reason::NotConnected);
                (Err(error), reason)
            }
        };
        let delay = reason.and_then(|reason| {
            let (elapsed, jitter) = (started.elapsed(), fastrand::f64());
            let left = limit.saturating_sub(elapsed);
            policy.delay_before(attempt, reason, elapsed, left, jitter)
        });
        match delay {
            Some(delay) => tokio::time::sleep(delay).await,
            None => return result,
        }
    }
    unreachable!("a policy has an end")
}

/// The tokens of an answer. `expires_in` is a text at managed identities.
fn read_grant(body: &[u8]) -> Result<Grant, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "the answer is no JSON.")?;
    let token = answer["access_token"]
        .as_str()
        .ok_or("the answer has no access_token.")?;
    let lifetime = seconds(&answer["expires_in"]).map(Duration::from_secs);
    let token = AccessToken::new(token, lifetime)
        .map_err(|_| "the answer's access_token is no bearer token.")?;
    let refresh_token = answer["refresh_token"].as_str().map(Secret::new);
    Ok(Grant {
        token,
        refresh_token,
    })
}

/// A number, or a number as text.
pub(super) fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// What the service says of a refusal: `error_description`'s first line, which begins with the AADSTS code, and the correlation id.
pub(super) fn refusal(response: &Response) -> String {
    let answer: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let Some(error) = answer["error"].as_str() else {
        return format!("{}.", response.failure());
    };
    let description = answer["error_description"].as_str().unwrap_or_default();
    // The lines after the first, or the sentences from "Trace ID" on, repeat what stands below.
    let description = description.lines().next().unwrap_or_default();
    let description = description.split(" Trace ID:").next().unwrap_or_default();
    let mut told = format!("[{error}] {description}");
    if let Some(id) = answer["correlation_id"].as_str() {
        told.push_str(&format!(" (correlation id {id})"));
    }
    // A terminal would obey control characters.
    redact(&told).replace(char::is_control, " ")
}
