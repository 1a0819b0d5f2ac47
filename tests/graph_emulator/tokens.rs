//! The access tokens that Graph accepts. A sign-in service adds those that it gives out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Shared by Graph and the sign-in services.
#[derive(Clone, Default)]
pub(crate) struct Tokens(Arc<Mutex<HashMap<String, Token>>>);

struct Token {
    /// The origin that it is for, or `None` for any.
    audience: Option<String>,
    expires: Option<Instant>,
    revoked: bool,
}

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Unknown,
    WrongAudience,
    Expired,
    /// Was good before. The client is to get another one.
    Revoked,
}

impl Tokens {
    /// Accepts a token everywhere and for ever.
    pub(crate) fn add(&self, token: &str) {
        self.insert(token, None, None);
    }

    /// Accepts a token at one origin for a time.
    pub(crate) fn issue(&self, token: &str, audience: &str, lifetime: Duration) {
        let audience = audience.trim_end_matches('/').to_owned();
        self.insert(token, Some(audience), Instant::now().checked_add(lifetime));
    }

    /// Refuses every token that was issued so far, as after a change of password.
    pub(crate) fn revoke_issued(&self) {
        for token in self.lock().values_mut() {
            token.revoked = token.audience.is_some();
        }
    }

    pub(crate) fn check(&self, token: &str, origin: &str) -> Result<(), Refused> {
        let tokens = self.lock();
        let token = tokens.get(token).ok_or(Refused::Unknown)?;
        match token {
            Token { revoked: true, .. } => Err(Refused::Revoked),
            Token {
                expires: Some(expires),
                ..
            } if *expires <= Instant::now() => Err(Refused::Expired),
            Token {
                audience: Some(audience),
                ..
            } if audience != origin => Err(Refused::WrongAudience),
            _ => Ok(()),
        }
    }

    fn insert(&self, token: &str, audience: Option<String>, expires: Option<Instant>) {
        let revoked = false;
        let state = Token {
            audience,
            expires,
            revoked,
        };
        self.lock().insert(token.to_owned(), state);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Token>> {
        self.0.lock().expect("no holder panics")
    }
}
