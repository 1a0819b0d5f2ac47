//! The Graph emulator's own part of the control API.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /emulator/images/{id}` | the stored image |
//! | `PUT /emulator/images/{id}` | stores an image |
//! | `POST /emulator/reset` | seed images, no faults, no requests |

use super::Emulator;
use super::control::{no_content, ok, refuse};
use super::images::Image;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use std::sync::Arc;

pub(crate) fn router() -> Router<Arc<Emulator>> {
    Router::new()
        .route("/images/{id}", get(image).put(put_image))
        .route("/reset", post(reset))
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
