//! The control API, for tests that run in another process. No token, no faults, not recorded. Every emulator has these; those of its own
//! come beside them.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /emulator/requests` | the recorded requests, a JSON array |
//! | `DELETE /emulator/requests` | forgets them |
//! | `POST /emulator/faults` | appends a JSON array of `{"kind": …}` |
//! | `DELETE /emulator/faults` | drops the faults that are left |

use super::exchange::Stage;
use super::faults::Fault;
use super::odata::{self, RequestIds};
use super::record::RecordedRequest;
use super::tee::Connection;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use std::sync::Arc;

/// The common routes and an emulator's own.
pub(crate) fn router<S>(stage: Arc<Stage>, own: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/requests", get(requests).delete(clear_requests))
        .route("/faults", post(append_faults).delete(clear_faults))
        .with_state(stage)
        .merge(own)
        .fallback(unknown)
        .layer(from_fn(forget_received))
}

/// Reads the whole request and drops its copy, so that the next one on the connection is recorded alone.
async fn forget_received(
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, &format!("body: {error}")),
    };
    connection.take_received();
    next.run(Request::from_parts(head, Body::from(body))).await
}

async fn requests(State(stage): State<Arc<Stage>>) -> Response<Body> {
    let requests: Vec<_> = stage.log.requests().iter().map(to_json).collect();
    ok(json!(requests).to_string().into_bytes())
}

async fn clear_requests(State(stage): State<Arc<Stage>>) -> StatusCode {
    stage.log.clear();
    StatusCode::NO_CONTENT
}

async fn append_faults(State(stage): State<Arc<Stage>>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<Vec<Fault>>(&body) {
        Ok(faults) => {
            stage.faults.append(faults);
            no_content()
        }
        Err(error) => refuse(
            StatusCode::BAD_REQUEST,
            &format!("The body is not a JSON array of faults, each {{\"kind\": …}}: {error}"),
        ),
    }
}

async fn clear_faults(State(stage): State<Arc<Stage>>) -> StatusCode {
    stage.faults.clear();
    StatusCode::NO_CONTENT
}

async fn unknown(request: Request) -> Response<Body> {
    let path = request.uri().path();
    refuse(
        StatusCode::NOT_FOUND,
        &format!("The control API has no /emulator{path}."),
    )
}

fn to_json(request: &RecordedRequest) -> Value {
    json!({
        "number": request.number,
        "connection": request.connection,
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        "body": request.body_text(),
        "bodyBase64": BASE64_STANDARD.encode(&request.body),
        "rawBase64": BASE64_STANDARD.encode(&request.raw),
        "clientGone": request.client_gone,
    })
}

pub(crate) fn ok(json: Vec<u8>) -> Response<Body> {
    odata::ok(json).map(Body::from)
}

pub(crate) fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

pub(crate) fn refuse(status: StatusCode, message: &str) -> Response<Body> {
    let (code, _) = odata::usual_error(status);
    let ids = RequestIds::for_request(&HeaderMap::new());
    odata::error(status, code, message, &ids).map(Body::from)
}
