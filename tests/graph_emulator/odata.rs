//! Graph's error body, and the headers that every answer of Graph has.

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;
use uuid::Uuid;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

const ODATA_JSON: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8",
);
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The two ids of one exchange.
pub(crate) struct RequestIds {
    request_id: HeaderValue,
    client_request_id: HeaderValue,
}

impl RequestIds {
    /// A fresh `request-id`; the request's own `client-request-id`, or a fresh one.
    pub(crate) fn for_request(headers: &HeaderMap) -> Self {
        Self {
            request_id: fresh_guid(),
            client_request_id: headers
                .get(CLIENT_REQUEST_ID)
                .cloned()
                .unwrap_or_else(fresh_guid),
        }
    }

    /// Adds what every answer has, where it is not there already.
    pub(crate) fn stamp(&self, headers: &mut HeaderMap) {
        headers
            .entry(REQUEST_ID)
            .or_insert_with(|| self.request_id.clone());
        headers
            .entry(CLIENT_REQUEST_ID)
            .or_insert_with(|| self.client_request_id.clone());
    }
}

/// A 200 with an OData body.
pub(crate) fn ok(json: Vec<u8>) -> Response<Bytes> {
    respond(StatusCode::OK, ODATA_JSON, json)
}

/// An error as Graph writes it.
pub(crate) fn error(
    status: StatusCode,
    code: &str,
    message: &str,
    ids: &RequestIds,
) -> Response<Bytes> {
    let body = json!({
        "error": {
            "code": code,
            "message": message,
            "innerError": {
                "date": date(),
                "request-id": text(&ids.request_id),
                "client-request-id": text(&ids.client_request_id),
            }
        }
    });
    respond(status, JSON, body.to_string().into_bytes())
}

/// The code and message that Graph tends to use with a status.
pub(crate) fn usual_error(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("BadRequest", "The request is invalid."),
        401 => (
            "InvalidAuthenticationToken",
            "Access token has expired or is not yet valid.",
        ),
        403 => (
            "Forbidden",
            "Insufficient privileges to complete the operation.",
        ),
        404 => ("ResourceNotFound", "Resource not found."),
        405 => (
            "Request_BadRequest",
            "Specified HTTP method is not allowed for the request target.",
        ),
        409 => ("Conflict", "The resource was changed by another request."),
        412 => (
            "PreconditionFailed",
            "A condition of the request does not hold.",
        ),
        429 => ("TooManyRequests", "Too many requests."),
        500 => ("InternalServerError", "An internal server error occurred."),
        501 => ("NotImplemented", "The operation is not implemented."),
        503 => (
            "ServiceUnavailable",
            "The service is temporarily unavailable.",
        ),
        504 => ("GatewayTimeout", "The service did not answer in time."),
        _ => ("UnknownError", ""),
    }
}

fn respond(status: StatusCode, content_type: HeaderValue, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

fn fresh_guid() -> HeaderValue {
    HeaderValue::try_from(Uuid::new_v4().to_string()).expect("a GUID is ASCII")
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn date() -> String {
    OffsetDateTime::now_utc()
        .format(format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second]"
        ))
        .expect("the clock has every part of the format")
}
