//! What Graph answers to a request.

use super::exchange::{self, Exchange};
use super::faults::Fault;
use super::images::Image;
use super::odata::{self, RequestIds};
use super::tee::Connection;
use super::tokens::Refused;
use super::{Emulator, control, control_images};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE,
};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use base64::prelude::{BASE64_STANDARD, Engine};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

/// The path of the collection, segment by segment.
const COLLECTION: [&str; 4] = [
    "v1.0",
    "deviceManagement",
    "virtualEndpoint",
    "deviceImages",
];

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const RETURN_MINIMAL: &str = "return=minimal";

/// Everything below `/emulator/` is the control API, everything else is Graph.
pub(crate) fn router(
    emulator: Arc<Emulator>,
) -> IntoMakeServiceWithConnectInfo<Router, Connection> {
    Router::new()
        .nest(
            "/emulator",
            control::router(emulator.stage.clone(), control_images::router()),
        )
        .fallback(graph)
        .with_state(emulator)
        .into_make_service_with_connect_info()
}

/// Only what reads or writes images meets a fault.
async fn graph(
    State(emulator): State<Arc<Emulator>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response<Body> {
    let fault = match *request.method() {
        Method::GET | Method::PATCH => emulator.stage.faults.take(),
        _ => Fault::None,
    };
    let begin = |head, body| GraphExchange::new(&emulator, head, body);
    exchange::serve(&emulator.stage, fault, connection, request, begin).await
}

/// What a path names.
enum Resource {
    Images,
    Image(String),
}

/// One request, and what its answer is made from.
struct GraphExchange<'a> {
    emulator: &'a Emulator,
    head: Parts,
    body: Bytes,
    ids: RequestIds,
}

impl<'a> GraphExchange<'a> {
    fn new(emulator: &'a Emulator, head: Parts, body: Bytes) -> Self {
        let ids = RequestIds::for_request(&head.headers);
        Self {
            emulator,
            head,
            body,
            ids,
        }
    }

    fn route(&self) -> Response<Bytes> {
        if let Some(refusal) = self.refuse_token() {
            return refusal;
        }
        let resource = match resource(self.head.uri.path()) {
            Ok(resource) => resource,
            Err(segment) => {
                return self
                    .bad_request(&format!("Resource not found for the segment '{segment}'."));
            }
        };
        match (&resource, &self.head.method) {
            (Resource::Images, &Method::GET) => self.list(),
            (Resource::Image(id), &Method::GET) => match self.emulator.images.get(id) {
                Some(image) => self.entity(image),
                None => self.not_found(id),
            },
            (Resource::Image(id), &Method::PATCH) => self.patch(id),
            (Resource::Images, _) => self.method_not_allowed("GET"),
            (Resource::Image(_), _) => self.method_not_allowed("GET, PATCH"),
        }
    }

    fn list(&self) -> Response<Bytes> {
        #[derive(Serialize)]
        struct List {
            #[serde(rename = "@odata.context")]
            context: String,
            value: Vec<Image>,
        }

        let list = List {
            context: self.context(""),
            value: self.emulator.images.list(),
        };
        odata::ok(serde_json::to_vec(&list).expect("images are JSON"))
    }

    fn patch(&self, id: &str) -> Response<Bytes> {
        if !is_json(&self.head.headers) {
            return self.bad_request(
                "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
            );
        }
        let Ok(update) = Image::from_json(&self.body) else {
            return self.bad_request(
                "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
            );
        };
        match self.emulator.images.patch(id, &update) {
            None => self.not_found(id),
            Some(_) if wants_minimal(&self.head.headers) => minimal(),
            Some(image) => self.entity(image),
        }
    }

    fn entity(&self, image: Image) -> Response<Bytes> {
        odata::ok(image.with_context(&self.context("/$entity")).to_json())
    }

    fn context(&self, suffix: &str) -> String {
        format!(
            "{}/v1.0/$metadata#deviceManagement/virtualEndpoint/deviceImages{suffix}",
            self.emulator.endpoint
        )
    }

    /// The 401, when the request does not carry the token.
    fn refuse_token(&self) -> Option<Response<Bytes>> {
        let endpoint = &self.emulator.endpoint;
        let checked = match bearer(&self.head.headers) {
            Some(token) => self.emulator.tokens.check(token, endpoint).map_err(Some),
            None => Err(None),
        };
        let refused = checked.err()?;
        let message = match refused {
            None => "Access token is empty.",
            Some(Refused::Unknown | Refused::WrongAudience) => {
                "Access token validation failure. Invalid audience."
            }
            Some(Refused::Expired) => "Lifetime validation failed, the token is expired.",
            Some(Refused::Revoked) => {
                "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
            }
        };
        let mut challenge = format!(
            "Bearer realm=\"\", authorization_uri=\"{endpoint}/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\""
        );
        if refused == Some(Refused::Revoked) {
            challenge.push_str(&claims_challenge());
        }
        let mut refusal = odata::error(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            message,
            &self.ids,
        );
        refusal.headers_mut().insert(
            WWW_AUTHENTICATE,
            HeaderValue::try_from(challenge).expect("the endpoint is ASCII"),
        );
        Some(refusal)
    }

    fn not_found(&self, id: &str) -> Response<Bytes> {
        let message = format!("Resource '{id}' could not be found.");
        odata::error(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            &message,
            &self.ids,
        )
    }

    fn bad_request(&self, message: &str) -> Response<Bytes> {
        odata::error(StatusCode::BAD_REQUEST, "BadRequest", message, &self.ids)
    }

    fn method_not_allowed(&self, allowed: &'static str) -> Response<Bytes> {
        let mut refusal = self.error(StatusCode::METHOD_NOT_ALLOWED, None, None);
        refusal
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static(allowed));
        refusal
    }
}

impl Exchange for GraphExchange<'_> {
    fn answer(&self) -> Response<Bytes> {
        let mut answer = self.route();
        self.stamp(answer.headers_mut());
        if self.head.method == Method::HEAD {
            *answer.body_mut() = Bytes::new();
        }
        answer
    }

    fn error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Response<Bytes> {
        let (usual_code, usual_message) = odata::usual_error(status);
        let code = code.unwrap_or(usual_code);
        odata::error(status, code, message.unwrap_or(usual_message), &self.ids)
    }

    fn stamp(&self, headers: &mut HeaderMap) {
        self.ids.stamp(headers);
    }
}

/// The resource of a path, or the segment where Graph loses its way.
fn resource(path: &str) -> Result<Resource, &str> {
    let mut segments = path.split('/').skip(1);
    let mut last = "";
    for expected in COLLECTION {
        last = match segments.next() {
            Some(segment) if segment == expected => segment,
            Some(segment) => return Err(segment),
            None => return Err(last),
        };
    }
    let Some(id) = segments.next() else {
        return Ok(Resource::Images);
    };
    match (segments.next(), percent_decode_str(id).decode_utf8()) {
        (Some(beyond), _) => Err(beyond),
        (None, Ok(decoded)) if !decoded.is_empty() => Ok(Resource::Image(decoded.into_owned())),
        (None, _) => Err(id),
    }
}

/// The part of a challenge that asks for a token issued from now on.
fn claims_challenge() -> String {
    let now = time::OffsetDateTime::now_utc().unix_timestamp().to_string();
    let claims = json!({"access_token": {"nbf": {"essential": true, "value": now}}});
    let claims = BASE64_STANDARD.encode(claims.to_string());
    format!(", error=\"insufficient_claims\", claims=\"{claims}\"")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then_some(token)
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

fn wants_minimal(headers: &HeaderMap) -> bool {
    headers
        .get_all(PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|preference| preference.trim().eq_ignore_ascii_case(RETURN_MINIMAL))
}

fn minimal() -> Response<Bytes> {
    let mut answer = Response::new(Bytes::new());
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
        .headers_mut()
        .insert(PREFERENCE_APPLIED, HeaderValue::from_static(RETURN_MINIMAL));
    answer
}
