//! The services that give tokens to programs that run in Azure, over plain http on loopback: the Instance Metadata Service of virtual
//! machines and the endpoint of App Service. There are a system-assigned identity and a user-assigned one.
//!
//! Sources: <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>,
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity>

use super::issue::{Issuer, Subject};
use crate::graph_emulator::background::{self, Background};
use crate::graph_emulator::control;
use crate::graph_emulator::exchange::{self, Exchange, Stage};
use crate::graph_emulator::tee::{self, Connection};
use crate::graph_emulator::tokens::Tokens;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

/// The value of `IDENTITY_HEADER`, a secret of App Service.
pub(crate) const IDENTITY_HEADER: &str = "emulator-identity-header";

const SYSTEM_CLIENT_ID: &str = "7b0c9d1e-2f3a-4b5c-8d6e-9f0a1b2c3d4e";

/// The names of the user-assigned identity.
pub(crate) const USER_ASSIGNED: UserAssigned = UserAssigned {
    client_id: "1d2e3f40-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
    object_id: "9e8d7c6b-5a49-4837-a615-243f4e5d6c7b",
    resource_id: "/subscriptions/6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10/resourcegroups/identities/providers/Microsoft.ManagedIdentity/userAssignedIdentities/images",
};

pub(crate) struct UserAssigned {
    pub(crate) client_id: &'static str,
    pub(crate) object_id: &'static str,
    pub(crate) resource_id: &'static str,
}

const IMDS_PATH: &str = "/metadata/identity/oauth2/token";
const APP_SERVICE_PATH: &str = "/msi/token";

/// What differs between the two services.
struct Kind {
    api_version: &'static str,
    /// The parameters that name a user-assigned identity, and the values that are its.
    names: [(&'static str, &'static str); 3],
    error: fn(StatusCode, &str, &str) -> Value,
}

const IMDS: Kind = Kind {
    api_version: "2018-02-01",
    names: [
        ("client_id", USER_ASSIGNED.client_id),
        ("object_id", USER_ASSIGNED.object_id),
        ("msi_res_id", USER_ASSIGNED.resource_id),
    ],
    error: |_, code, message| json!({"error": code, "error_description": message}),
};

const APP_SERVICE: Kind = Kind {
    api_version: "2019-08-01",
    names: [
        ("client_id", USER_ASSIGNED.client_id),
        ("principal_id", USER_ASSIGNED.object_id),
        ("mi_res_id", USER_ASSIGNED.resource_id),
    ],
    error: |status, _, message| json!({"statusCode": status.as_u16(), "message": message}),
};

struct ManagedIdentity {
    origin: String,
    issuer: Issuer,
    stage: Arc<Stage>,
}

/// Both services, running on a thread of their own. Stop when dropped.
pub(crate) struct ManagedIdentityEmulator {
    shared: Arc<ManagedIdentity>,
    _server: Background,
}

impl ManagedIdentityEmulator {
    /// Starts on a free port. `tokens` learns of the tokens that are given out.
    pub(crate) fn start(tokens: Tokens) -> Self {
        Self::start_with(0, tokens).expect("a free port on loopback")
    }

    /// Starts on a port, 0 for a free one.
    pub(crate) fn start_with(port: u16, tokens: Tokens) -> io::Result<Self> {
        let listener = background::bind((Ipv4Addr::LOCALHOST, port).into())?;
        let shared = Arc::new(ManagedIdentity {
            origin: format!("http://{}", listener.local_addr()?),
            issuer: Issuer::new(tokens),
            stage: Arc::default(),
        });
        let control = control::router(shared.stage.clone(), Router::new());
        let router = Router::new()
            .nest("/emulator", control)
            .fallback(token)
            .with_state(shared.clone())
            .into_make_service_with_connect_info();
        let server = tee::serve("managed-identity-emulator", listener, true, None, router)?;
        Ok(Self {
            shared,
            _server: server,
        })
    }

    /// The origin of IMDS, in the place of `http://169.254.169.254`.
    pub(crate) fn imds(&self) -> &str {
        &self.shared.origin
    }

    /// The value of `IDENTITY_ENDPOINT`. That of `IDENTITY_HEADER` is [`IDENTITY_HEADER`].
    pub(crate) fn identity_endpoint(&self) -> String {
        format!("{}{APP_SERVICE_PATH}", self.shared.origin)
    }

    /// The faults to come and the requests that came. Every request meets a fault.
    pub(crate) fn stage(&self) -> &Stage {
        &self.shared.stage
    }

    /// How long access tokens live that are given out from now on.
    pub(crate) fn set_token_lifetime(&self, lifetime: Duration) {
        self.shared.issuer.set_lifetime(lifetime);
    }
}

async fn token(
    State(shared): State<Arc<ManagedIdentity>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response<Body> {
    let fault = shared.stage.faults.take();
    let begin = |head: Parts, _| TokenRequest {
        shared: &shared,
        query: query(&head),
        head,
    };
    exchange::serve(&shared.stage, fault, connection, request, begin).await
}

/// One request, and what its answer is made from.
struct TokenRequest<'a> {
    shared: &'a ManagedIdentity,
    head: Parts,
    query: HashMap<String, String>,
}

impl TokenRequest<'_> {
    fn route(&self) -> Response<Bytes> {
        let is_get = self.head.method == Method::GET;
        match self.head.uri.path() {
            IMDS_PATH if is_get => {
                let refused = (!self.has("Metadata", "true")).then_some((
                    StatusCode::BAD_REQUEST,
                    "invalid_request",
                    "Required metadata header not specified",
                ));
                self.token(&IMDS, refused)
            }
            APP_SERVICE_PATH if is_get => {
                let refused = (!self.has("X-IDENTITY-HEADER", IDENTITY_HEADER)).then_some((
                    StatusCode::UNAUTHORIZED,
                    "unauthorized",
                    "The X-IDENTITY-HEADER header is missing or wrong.",
                ));
                self.token(&APP_SERVICE, refused)
            }
            _ => refuse(
                &IMDS,
                StatusCode::NOT_FOUND,
                "not_found",
                "There is nothing.",
            ),
        }
    }

    fn has(&self, header: &str, value: &str) -> bool {
        let given = self.head.headers.get(header);
        given.is_some_and(|given| given.as_bytes().eq_ignore_ascii_case(value.as_bytes()))
    }

    fn token(&self, kind: &Kind, refused: Option<(StatusCode, &str, &str)>) -> Response<Bytes> {
        let bad = StatusCode::BAD_REQUEST;
        if let Some((status, code, message)) = refused {
            return refuse(kind, status, code, message);
        }
        if self.query.get("api-version").map(String::as_str) != Some(kind.api_version) {
            let message = "The api-version is missing or not supported.";
            return refuse(kind, bad, "invalid_request", message);
        }
        let Some(resource) = self.query.get("resource").filter(|text| !text.is_empty()) else {
            let message = "The resource is missing.";
            return refuse(kind, bad, "invalid_resource", message);
        };
        let Some(client_id) = self.identity(kind) else {
            return refuse(kind, bad, "invalid_request", "Identity not found");
        };
        let token = self
            .shared
            .issuer
            .access_token(resource, Subject::Application);
        // Numbers are texts here.
        let answer = json!({
            "access_token": token.text,
            "client_id": client_id,
            "expires_in": token.lifetime.as_secs().to_string(),
            "expires_on": token.expires().to_string(),
            "ext_expires_in": token.lifetime.as_secs().to_string(),
            "not_before": token.issued.to_string(),
            "resource": resource,
            "token_type": "Bearer",
        });
        respond(StatusCode::OK, &answer)
    }

    /// The client id of the identity that is asked for: the system-assigned one where none is named.
    fn identity(&self, kind: &Kind) -> Option<&'static str> {
        let mut named = kind
            .names
            .iter()
            .filter_map(|(name, own)| self.query.get(*name).map(|given| given == own));
        match named.next() {
            None => Some(SYSTEM_CLIENT_ID),
            Some(known) => known.then_some(USER_ASSIGNED.client_id),
        }
    }
}

impl Exchange for TokenRequest<'_> {
    fn answer(&self) -> Response<Bytes> {
        self.route()
    }

    fn error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Response<Bytes> {
        let kind = match self.head.uri.path() {
            APP_SERVICE_PATH => &APP_SERVICE,
            _ => &IMDS,
        };
        let message = message.unwrap_or("The service is not well.");
        refuse(kind, status, code.unwrap_or("unknown"), message)
    }

    fn stamp(&self, _: &mut HeaderMap) {}
}

fn query(head: &Parts) -> HashMap<String, String> {
    let query = head.uri.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn refuse(kind: &Kind, status: StatusCode, code: &str, message: &str) -> Response<Bytes> {
    respond(status, &(kind.error)(status, code, message))
}

fn respond(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
