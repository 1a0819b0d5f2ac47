//! The control API, for tests that run in another process. No token, no faults, not recorded.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /emulator/requests` | the recorded requests, a JSON array |
//! | `DELETE /emulator/requests` | forgets them |
//! | `POST /emulator/faults` | appends a JSON array of `{"kind": …}` |
//! | `DELETE /emulator/faults` | drops the faults that are left |
//! | `GET /emulator/images/{id}` | the stored image |
//! | `PUT /emulator/images/{id}` | stores an image |
//! | `POST /emulator/reset` | seed images, no faults, no requests |

use super::Emulator;
use super::faults::Fault;
use super::images::Image;
use super::odata::{self, RequestIds};
use super::record::RecordedRequest;
use super::tee::Connection;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/requests", get(requests).delete(clear_requests))
        .route("/faults", post(append_faults).delete(clear_faults))
        .route("/images/{id}", get(image).put(put_image))
        .route("/reset", post(reset))
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

async fn requests(State(emulator): State<Arc<Emulator>>) -> Response<Body> {
    let requests: Vec<_> = emulator.log.requests().iter().map(to_json).collect();
    ok(json!(requests).to_string().into_bytes())
}

async fn clear_requests(State(emulator): State<Arc<Emulator>>) -> StatusCode {
    emulator.log.clear();
    StatusCode::NO_CONTENT
}

async fn append_faults(State(emulator): State<Arc<Emulator>>, body: Bytes) -> Response<Body> {
    match serde_json::from_slice::<Vec<Fault>>(&body) {
        Ok(faults) => {
            emulator.faults.append(faults);
            no_content()
        }
        Err(error) => refuse(
            StatusCode::BAD_REQUEST,
            &format!("The body is not a JSON array of faults, each {{\"kind\": …}}: {error}"),
        ),
    }
}

async fn clear_faults(State(emulator): State<Arc<Emulator>>) -> StatusCode {
    emulator.faults.clear();
    StatusCode::NO_CONTENT
}

async fn image(State(emulator): State<Arc<Emulator>>, Path(id): Path<String>) -> Response<Body> {
    match emulator.images.get(&id) {
        Some(image) => ok(image.to_json()),
        None => refuse(StatusCode::NOT_FOUND, &format!("There is no image '{id}'.")),
    }
}

async fn put_image(
    State(emulator): State<Arc<Emulator>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response<Body> {
    match Image::from_json(&body) {
        Ok(image) => {
            emulator.images.put(&id, image);
            no_content()
        }
        Err(error) => refuse(
            StatusCode::BAD_REQUEST,
            &format!("The body is not a JSON object: {error}"),
        ),
    }
}

async fn reset(State(emulator): State<Arc<Emulator>>) -> StatusCode {
    emulator.reset();
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

fn ok(json: Vec<u8>) -> Response<Body> {
    odata::ok(json).map(Body::from)
}

fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn refuse(status: StatusCode, message: &str) -> Response<Body> {
    let (code, _) = odata::usual_error(status);
    let ids = RequestIds::for_request(&HeaderMap::new());
    odata::error(status, code, message, &ids).map(Body::from)
}
