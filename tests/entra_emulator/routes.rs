//! The HTTP of Entra ID.

use super::errors::{Ids, JSON, Refusal};
use super::grants::{self, Form};
use super::{Entra, control};
use crate::graph_emulator::control as common_control;
use crate::graph_emulator::exchange::{self, Exchange};
use crate::graph_emulator::tee::Connection;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use std::sync::Arc;

const FORM: &str = "application/x-www-form-urlencoded";

/// Everything below `/emulator/` is the control API, everything else is Entra ID.
pub(crate) fn router(entra: Arc<Entra>) -> IntoMakeServiceWithConnectInfo<Router, Connection> {
    Router::new()
        .nest(
            "/emulator",
            common_control::router(entra.stage.clone(), control::router()),
        )
        .fallback(sign_in)
        .with_state(entra)
        .into_make_service_with_connect_info()
}

/// Every request meets a fault.
async fn sign_in(
    State(entra): State<Arc<Entra>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response<Body> {
    let fault = entra.stage.faults.take();
    let begin = |head: Parts, body| SignIn {
        entra: &entra,
        ids: Ids::for_request(&head.headers),
        head,
        body,
    };
    exchange::serve(&entra.stage, fault, connection, request, begin).await
}

/// One request, and what its answer is made from.
struct SignIn<'a> {
    entra: &'a Entra,
    head: Parts,
    body: Bytes,
    ids: Ids,
}

impl SignIn<'_> {
    fn route(&self) -> Result<Vec<u8>, Refusal> {
        let segments: Vec<_> = self.head.uri.path().split('/').skip(1).collect();
        let [
            tenant,
            "oauth2",
            "v2.0",
            endpoint @ ("token" | "devicecode"),
        ] = segments[..]
        else {
            return Err(Refusal::usual(StatusCode::NOT_FOUND));
        };
        self.check_is_form()?;
        let form = Form::parse(&self.body);
        let answer = match endpoint {
            "token" => grants::token(self.entra, tenant, &form),
            _ => grants::device_code(self.entra, tenant, &form),
        };
        answer.map(|answer| answer.to_string().into_bytes())
    }

    fn check_is_form(&self) -> Result<(), Refusal> {
        let given = self.head.headers.get(CONTENT_TYPE);
        let is_form = given.is_some_and(|given| given.as_bytes().starts_with(FORM.as_bytes()));
        if self.head.method == Method::POST && is_form {
            return Ok(());
        }
        Err(Refusal::request(
            "invalid_request",
            900561,
            "The endpoint only accepts POST requests of forms.",
        ))
    }
}

impl Exchange for SignIn<'_> {
    fn answer(&self) -> Response<Bytes> {
        let mut answer = match self.route() {
            Ok(body) => Response::new(body.into()),
            Err(refusal) => refusal.respond(&self.ids),
        };
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
        self.stamp(headers);
        answer
    }

    fn error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Response<Bytes> {
        let usual = Refusal::usual(status);
        let refusal = Refusal {
            status,
            error: code.map_or(usual.error, str::to_owned),
            description: message.map_or(usual.description, str::to_owned),
        };
        refusal.respond(&self.ids)
    }

    fn stamp(&self, headers: &mut HeaderMap) {
        self.ids.stamp(headers);
    }
}
