//! Device codes: a person signs in elsewhere while the client asks again and again (RFC 8628).
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>

use super::errors::Refusal;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What Entra ID says, in seconds.
const LIFETIME: Duration = Duration::from_secs(900);
const INTERVAL: Duration = Duration::from_secs(5);

/// What the person did.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Decision {
    /// Nothing yet.
    #[default]
    Pending,
    Approved,
    Declined,
}

/// The codes that were given out.
pub(crate) struct DeviceCodes(Mutex<State>);

struct State {
    decision: Decision,
    lifetime: Duration,
    interval: Duration,
    codes: HashMap<String, Code>,
}

struct Code {
    scope: String,
    expires: Instant,
    /// When the client asked last.
    asked: Option<Instant>,
}

impl Default for DeviceCodes {
    fn default() -> Self {
        Self(Mutex::new(State::start()))
    }
}

impl State {
    fn start() -> Self {
        Self {
            decision: Decision::default(),
            lifetime: LIFETIME,
            interval: INTERVAL,
            codes: HashMap::new(),
        }
    }
}

impl DeviceCodes {
    /// What the person does with every code, from now on.
    pub(crate) fn decide(&self, decision: Decision) {
        self.lock().decision = decision;
    }

    /// How long codes live that are given out from now on, and how long clients are to wait between two questions. What is not given
    /// stays.
    pub(crate) fn set_times(&self, lifetime: Option<Duration>, interval: Option<Duration>) {
        let mut state = self.lock();
        state.lifetime = lifetime.unwrap_or(state.lifetime);
        state.interval = interval.unwrap_or(state.interval);
    }

    pub(crate) fn reset(&self) {
        *self.lock() = State::start();
    }

    /// Gives out a code.
    pub(crate) fn begin(&self, scope: &str) -> Value {
        let mut state = self.lock();
        let device_code = format!("D{}", Uuid::new_v4().simple());
        let user_code = Uuid::new_v4().simple().to_string()[..9].to_uppercase();
        let code = Code {
            scope: scope.to_owned(),
            expires: Instant::now() + state.lifetime,
            asked: None,
        };
        state.codes.insert(device_code.clone(), code);
        let page = "https://microsoft.com/devicelogin";
        json!({
            "user_code": user_code,
            "device_code": device_code,
            "verification_uri": page,
            "expires_in": state.lifetime.as_secs(),
            "interval": state.interval.as_secs(),
            "message": format!("To sign in, use a web browser to open the page {page} and enter the code {user_code} to authenticate."),
        })
    }

    /// The scope of a code with which the person has signed in. It is good once.
    pub(crate) fn redeem(&self, device_code: &str) -> Result<String, Refusal> {
        let mut state = self.lock();
        let (decision, interval) = (state.decision, state.interval);
        let code = state.codes.get_mut(device_code).ok_or_else(|| {
            Refusal::request(
                "bad_verification_code",
                70000,
                "The provided value for the 'device_code' parameter is not valid.",
            )
        })?;
        let now = Instant::now();
        let too_soon = code.asked.is_some_and(|asked| now < asked + interval);
        code.asked = Some(now);
        if code.expires <= now {
            return Err(Refusal::request(
                "expired_token",
                70020,
                "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
            ));
        }
        if too_soon {
            return Err(Refusal::request(
                "slow_down",
                70016,
                "The client asks too often.",
            ));
        }
        match decision {
            Decision::Pending => Err(Refusal::request(
                "authorization_pending",
                70016,
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
            )),
            Decision::Declined => Err(Refusal::request(
                "authorization_declined",
                70018,
                "The end user denied the authorization request.",
            )),
            Decision::Approved => {
                let code = state.codes.remove(device_code);
                Ok(code.expect("found above").scope)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no holder panics")
    }
}
