//! Entra's own part of the control API.
//!
//! | request | does |
//! | --- | --- |
//! | `PUT /emulator/secret` | replaces the application's secret; the body is the text |
//! | `POST /emulator/certificates` | registers the certificates in a PEM text |
//! | `POST /emulator/federated-tokens` | trusts a token of another issuer; the body is the text |
//! | `PUT /emulator/token-lifetime` | how long access tokens live from now on; the body is a number of seconds |
//! | `PUT /emulator/device-codes` | `{"decision": "pending"`, `"approved"` or `"declined"}`, and perhaps `"lifetime"` and `"interval"` in seconds |
//! | `POST /emulator/revoke` | Graph refuses the access tokens given out so far, and asks for others by a claims challenge |
//! | `POST /emulator/revoke-refresh-tokens` | no refresh token is good any more |
//! | `POST /emulator/reset` | everything as at the start |

use super::Entra;
use super::device_codes::Decision;
use crate::graph_emulator::control::{no_content, refuse};
use axum::Json;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::{post, put};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

pub(crate) fn router() -> Router<Arc<Entra>> {
    Router::new()
        .route("/secret", put(secret))
        .route("/certificates", post(certificates))
        .route("/federated-tokens", post(federated_token))
        .route("/token-lifetime", put(token_lifetime))
        .route("/device-codes", put(device_codes))
        .route("/revoke", post(revoke))
        .route("/revoke-refresh-tokens", post(revoke_refresh_tokens))
        .route("/reset", post(reset))
}

async fn secret(State(entra): State<Arc<Entra>>, secret: String) -> StatusCode {
    entra.directory.set_secret(&secret);
    StatusCode::NO_CONTENT
}

async fn certificates(State(entra): State<Arc<Entra>>, pem: Bytes) -> Response<Body> {
    match entra.directory.add_certificates(&pem) {
        Ok(()) => no_content(),
        Err(why) => refuse(StatusCode::BAD_REQUEST, &why),
    }
}

async fn federated_token(State(entra): State<Arc<Entra>>, token: String) -> StatusCode {
    entra.directory.add_federated_token(&token);
    StatusCode::NO_CONTENT
}

async fn token_lifetime(State(entra): State<Arc<Entra>>, seconds: String) -> Response<Body> {
    match seconds.parse() {
        Ok(seconds) => {
            entra.issuer.set_lifetime(Duration::from_secs(seconds));
            no_content()
        }
        Err(_) => refuse(
            StatusCode::BAD_REQUEST,
            "The body is not a number of seconds.",
        ),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceCodeSettings {
    decision: Decision,
    lifetime: Option<u64>,
    interval: Option<u64>,
}

async fn device_codes(
    State(entra): State<Arc<Entra>>,
    Json(settings): Json<DeviceCodeSettings>,
) -> StatusCode {
    entra.device_codes.decide(settings.decision);
    entra.device_codes.set_times(
        settings.lifetime.map(Duration::from_secs),
        settings.interval.map(Duration::from_secs),
    );
    StatusCode::NO_CONTENT
}

async fn revoke(State(entra): State<Arc<Entra>>) -> StatusCode {
    entra.issuer.tokens().revoke_issued();
    StatusCode::NO_CONTENT
}

async fn revoke_refresh_tokens(State(entra): State<Arc<Entra>>) -> StatusCode {
    entra.issuer.revoke_refresh_tokens();
    StatusCode::NO_CONTENT
}

async fn reset(State(entra): State<Arc<Entra>>) -> StatusCode {
    entra.reset();
    StatusCode::NO_CONTENT
}
