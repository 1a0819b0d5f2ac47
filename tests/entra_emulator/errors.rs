//! Errors as Entra ID writes them.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

use axum::body::Bytes;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const TRACE_ID: HeaderName = HeaderName::from_static("x-ms-request-id");

/// Why there is no token.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// The code of OAuth 2.0, like `invalid_client`.
    pub(crate) error: String,
    /// Begins with the code of Entra ID, like `AADSTS7000215: `.
    pub(crate) description: String,
}

impl Refusal {
    /// What concerns the request: 400.
    pub(crate) fn request(error: &str, code: u32, description: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, code, description)
    }

    /// What concerns the client's credentials: 401.
    pub(crate) fn client(code: u32, description: &str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            code,
            description,
        )
    }

    fn new(status: StatusCode, error: &str, code: u32, description: &str) -> Self {
        Self {
            status,
            error: error.to_owned(),
            description: format!("AADSTS{code}: {description}"),
        }
    }

    /// What Entra ID answers with a status when it is not well.
    pub(crate) fn usual(status: StatusCode) -> Self {
        let (error, code, description) = match status.as_u16() {
            429 => (
                "temporarily_unavailable",
                90055,
                "The server has received too many requests.",
            ),
            503 | 504 => (
                "temporarily_unavailable",
                90033,
                "A transient error has occurred. Please try again.",
            ),
            500..=599 => ("server_error", 90002, "An unexpected error occurred."),
            _ => ("invalid_request", 90014, "The request is not valid."),
        };
        Self::new(status, error, code, description)
    }

    pub(crate) fn respond(&self, ids: &Ids) -> Response<Bytes> {
        let mut response = Response::new(self.body(ids).to_string().into());
        *response.status_mut() = self.status;
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        response
    }

    fn body(&self, ids: &Ids) -> Value {
        let Ids {
            trace_id,
            correlation_id,
        } = ids;
        let timestamp = OffsetDateTime::now_utc()
            .format(format_description!(
                "[year]-[month]-[day] [hour]:[minute]:[second]Z"
            ))
            .expect("the clock has every part of the format");
        let mut body = json!({
            "error": self.error,
            "error_description": format!(
                "{} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {timestamp}",
                self.description
            ),
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
        });
        if let Some(code) = self.code() {
            body["error_codes"] = json!([code]);
            body["error_uri"] = json!(format!(
                "https://login.microsoftonline.com/error?code={code}"
            ));
        }
        body
    }

    /// The number of `AADSTS…`.
    fn code(&self) -> Option<u32> {
        let (code, _) = self.description.strip_prefix("AADSTS")?.split_once(':')?;
        code.parse().ok()
    }
}

/// The content type of every answer.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// The two ids of one exchange.
pub(crate) struct Ids {
    trace_id: String,
    correlation_id: String,
}

impl Ids {
    /// A fresh trace id; the request's own `client-request-id` as the correlation id, or a fresh one.
    pub(crate) fn for_request(headers: &HeaderMap) -> Self {
        let given = headers.get(CLIENT_REQUEST_ID);
        Self {
            trace_id: fresh(),
            correlation_id: given
                .and_then(|id| id.to_str().ok())
                .map_or_else(fresh, str::to_owned),
        }
    }

    /// Adds what every answer has, where it is not there already.
    pub(crate) fn stamp(&self, headers: &mut HeaderMap) {
        let id = HeaderValue::try_from(&self.trace_id).expect("a GUID is ASCII");
        headers.entry(TRACE_ID).or_insert(id);
        headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store, no-cache"));
    }
}

fn fresh() -> String {
    Uuid::new_v4().to_string()
}
