//! The tokens that are given out. Each is new.

use super::directory::{ACCOUNT, CLIENT_ID, PERMISSION, TENANT_ID};
use crate::graph_emulator::tokens::Tokens;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::json;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use time::OffsetDateTime;
use uuid::Uuid;

/// How long an access token lives, as Entra ID says it.
pub(crate) const LIFETIME: Duration = Duration::from_secs(3599);

/// Gives out tokens, which Graph then accepts.
pub(crate) struct Issuer {
    tokens: Tokens,
    state: Mutex<State>,
}

struct State {
    lifetime: Duration,
    /// The refresh tokens that are good, with their scopes.
    refresh_tokens: HashMap<String, String>,
}

/// Who a token is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The application on its own.
    Application,
    /// The person, by way of the application.
    Person,
}

/// An access token, and when it ends.
pub(crate) struct AccessToken {
    pub(crate) text: String,
    pub(crate) lifetime: Duration,
    /// Seconds since 1970.
    pub(crate) issued: i64,
}

impl AccessToken {
    /// Seconds since 1970.
    pub(crate) fn expires(&self) -> i64 {
        self.issued + self.lifetime.as_secs().cast_signed()
    }
}

impl Issuer {
    pub(crate) fn new(tokens: Tokens) -> Self {
        let state = State {
            lifetime: LIFETIME,
            refresh_tokens: HashMap::new(),
        };
        Self {
            tokens,
            state: Mutex::new(state),
        }
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub(crate) fn set_lifetime(&self, lifetime: Duration) {
        self.lock().lifetime = lifetime;
    }

    /// A token for an origin: a JWT, as far as a client can tell.
    pub(crate) fn access_token(&self, audience: &str, subject: Subject) -> AccessToken {
        let lifetime = self.lock().lifetime;
        let issued = OffsetDateTime::now_utc().unix_timestamp();
        let mut token = AccessToken {
            text: String::new(),
            lifetime,
            issued,
        };
        let mut claims = json!({
            "aud": audience,
            "iss": format!("https://sts.windows.net/{TENANT_ID}/"),
            "iat": issued,
            "nbf": issued,
            "exp": token.expires(),
            "appid": CLIENT_ID,
            "tid": TENANT_ID,
            "uti": Uuid::new_v4().to_string(),
        });
        match subject {
            Subject::Application => claims["roles"] = json!([PERMISSION]),
            Subject::Person => {
                claims["upn"] = json!(ACCOUNT);
                claims["scp"] = json!(PERMISSION);
            }
        }
        let header = json!({"typ": "JWT", "alg": "RS256", "kid": "emulator"});
        let signature = Uuid::new_v4();
        token.text = [
            header.to_string().as_bytes(),
            claims.to_string().as_bytes(),
            signature.as_bytes(),
        ]
        .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part))
        .join(".");
        self.tokens.issue(&token.text, audience, lifetime);
        token
    }

    /// A refresh token for a scope.
    pub(crate) fn refresh_token(&self, scope: &str) -> String {
        let token = format!("1.{}.{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let scope = scope.to_owned();
        self.lock().refresh_tokens.insert(token.clone(), scope);
        token
    }

    /// The scope of a refresh token that is good.
    pub(crate) fn scope_of(&self, refresh_token: &str) -> Option<String> {
        self.lock().refresh_tokens.get(refresh_token).cloned()
    }

    /// Ends every session: no refresh token is good any more.
    pub(crate) fn revoke_refresh_tokens(&self) {
        self.lock().refresh_tokens.clear();
    }

    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        state.lifetime = LIFETIME;
        state.refresh_tokens.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}
