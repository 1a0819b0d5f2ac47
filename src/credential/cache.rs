//! The token in use: renewed before it expires, and once when the service refuses it.

use std::sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use reqwest::header::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{AccessToken, Asker, Credential, Opened, Role, TokenRequest, TokenSource};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::proxy::Proxy;
use crate::response::Response;
use crate::route::Connector;

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(300);

/// How long a token that is good still is used after its renewal failed, before that is tried again.
const RENEWAL_PAUSE: Duration = Duration::from_secs(30);

/// How long a service may take for a renewal while the token is good still.
const RENEWAL_PATIENCE: Duration = Duration::from_secs(10);

/// The tokens of one client.
pub(crate) enum Tokens {
    Static(Token),
    Renewed(Box<Renewed>),
}

pub(crate) struct Renewed {
    source: Arc<dyn TokenSource>,
    scope: String,
    /// What is known without a token.
    known: Identity,
    /// Who one is with the token got last. Never locked for longer than a moment.
    last: StdMutex<Arc<Identity>>,
    // Locked while a token is fetched, so that many waiting calls cause one request.
    held: Mutex<Held>,
}

/// What came of the requests for tokens so far.
#[derive(Default)]
struct Held {
    token: Option<Token>,
    /// What the next token is to have, after the one before was refused.
    claims: Option<String>,
    failure: Option<Failure>,
}

#[derive(Clone)]
pub(crate) struct Token {
    authorization: HeaderValue,
    /// When it is renewed, and when it ends; None where that is not known.
    times: Option<Times>,
    identity: Arc<Identity>,
}

#[derive(Clone)]
struct Times {
    renewal: Instant,
    end: Instant,
}

/// A request for a token that failed. Who waited for it does not repeat it.
struct Failure {
    ended: Instant,
    role: Role,
    proxy: Option<Proxy>,
    kind: ErrorKind,
    message: String,
}

/// A token that the service refused, and the claims that it wants instead.
pub(crate) struct Refused {
    authorization: HeaderValue,
    claims: Option<String>,
}

impl Tokens {
    /// Tokens for an origin, its scope being `{origin}/.default`.
    pub(crate) fn new(
        credential: &Credential,
        origin: &str,
        connector: &Connector,
    ) -> Result<Self, Error> {
        let (opened, known) = credential.open(connector)?;
        Ok(match opened {
            Opened::Static(token) => Self::Static(Token::new(&token, &known)),
            Opened::Source(source) => Self::Renewed(Box::new(Renewed {
                source,
                scope: format!("{origin}/.default"),
                last: StdMutex::new(Arc::new(known.clone())),
                known,
                held: Mutex::default(),
            })),
        })
    }

    /// Whether a refused token can be followed by another one.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self, Self::Renewed(_))
    }

    /// Whether a sign-in may wait for a person.
    pub(crate) fn asks_person(&self) -> bool {
        match self {
            Self::Static(_) => false,
            Self::Renewed(renewed) => renewed.source.asks_person(),
        }
    }

    /// The service that is asked for tokens, if one is.
    pub(crate) fn place(&self) -> Option<&Endpoint> {
        match self {
            Self::Static(_) => None,
            Self::Renewed(renewed) => renewed.source.place(),
        }
    }

    /// The value of `Authorization`; another one than was refused, if there is one.
    pub(crate) async fn authorization(
        &self,
        refused: Option<Refused>,
        asker: &Asker,
    ) -> Result<HeaderValue, Error> {
        let token = self.token(refused, asker).await?;
        Ok(token.authorization)
    }

    /// Gets a token, unless there is one that is good still, and answers who one is with it.
    pub(crate) async fn sign_in(&self, asker: &Asker) -> Result<Arc<Identity>, Error> {
        let token = self.token(None, asker).await?;
        if !self.can_renew() {
            token.identity.check_expiry(SystemTime::now())?;
        }
        Ok(token.identity)
    }

    /// Who one is with the token got last, or else as far as that is known without one. Asks nobody, and waits for nothing.
    pub(crate) fn identity(&self) -> Arc<Identity> {
        match self {
            Self::Static(token) => token.identity.clone(),
            Self::Renewed(renewed) => renewed.last().clone(),
        }
    }

    async fn token(&self, refused: Option<Refused>, asker: &Asker) -> Result<Token, Error> {
        match self {
            Self::Static(token) => Ok(token.clone()),
            Self::Renewed(renewed) => renewed.token(refused, asker).await,
        }
    }
}

impl Renewed {
    async fn token(&self, refused: Option<Refused>, asker: &Asker) -> Result<Token, Error> {
        let asked = Instant::now();
        let mut held = self.held.lock().await;
        let is_refused = |token: &Token| {
            refused
                .as_ref()
                .is_some_and(|refused| refused.authorization == token.authorization)
        };
        if let Some(token) = &held.token
            && !is_refused(token)
            && !token.is_due()
        {
            return Ok(token.clone());
        }
        if let Some(failure) = &held.failure
            && failure.ended >= asked
            && failure.is_shared_with(asker)
        {
            return Err(Error::new(failure.kind, &failure.message));
        }
        let request = TokenRequest {
            scope: self.scope.clone(),
            claims: refused
                .as_ref()
                .and_then(|refused| refused.claims.clone())
                .or_else(|| held.claims.clone()),
        };
        let claims = request.claims.clone();
        let usable = held.token.as_ref().filter(|token| !is_refused(token));
        let patience = self.patience(usable, asker.role);
        let fetch = tokio::time::timeout(patience, self.source.fetch(request, asker));
        match fetch.await.unwrap_or_else(|_| Err(no_answer())) {
            Ok(token) => {
                let token = Token::new(&token, &self.known);
                *self.last() = token.identity.clone();
                held.token = Some(token.clone());
                held.claims = None;
                Ok(token)
            }
            Err(error) => {
                if let Some(token) = &mut held.token
                    && !is_refused(token)
                    && token.postpone_renewal()
                {
                    return Ok(token.clone());
                }
                held.token = None;
                held.claims = claims;
                held.failure = Some(Failure::new(&error, asker));
                Err(error)
            }
        }
    }

    fn last(&self) -> MutexGuard<'_, Arc<Identity>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a renewal is waited for: a token that is good still is worth more to an update than a service that does not answer. The
    /// host and its programs take the time that they need, and a sign-in wants a new token.
    fn patience(&self, usable: Option<&Token>, role: Role) -> Duration {
        match usable.and_then(Token::left) {
            // Half, so that something is left of the token afterwards.
            Some(left) if role != Role::SignIn && self.source.place().is_some() => {
                RENEWAL_PATIENCE.min(left / 2)
            }
            _ => Duration::MAX,
        }
    }
}

impl Token {
    fn new(token: &AccessToken, known: &Identity) -> Self {
        let now = Instant::now();
        let times = |lifetime: Duration| {
            // A short life is used for its half at least.
            let used = lifetime.saturating_sub(MARGIN).max(lifetime / 2);
            Some(Times {
                renewal: now.checked_add(used)?,
                end: now.checked_add(lifetime)?,
            })
        };
        let expires_on = |lifetime| SystemTime::now().checked_add(lifetime);
        let expires_on = token.lifetime.and_then(expires_on);
        Self {
            authorization: token.authorization(),
            times: token.lifetime.and_then(times),
            identity: Arc::new(Identity::read(token.text.expose(), known, expires_on)),
        }
    }

    fn is_due(&self) -> bool {
        let is_over = |times: &Times| times.renewal <= Instant::now();
        self.times.as_ref().is_some_and(is_over)
    }

    /// How long it lives yet, where that is known and it does.
    fn left(&self) -> Option<Duration> {
        let end = self.times.as_ref()?.end;
        let left = end.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Goes on with the token for a while, unless it has ended.
    fn postpone_renewal(&mut self) -> bool {
        let now = Instant::now();
        let Some(times) = self.times.as_mut().filter(|times| now < times.end) else {
            return false;
        };
        times.renewal = times.end.min(now + RENEWAL_PAUSE);
        true
    }
}

fn no_answer() -> Error {
    let message = "The access token was not renewed: no answer came in time.";
    Error::new(ErrorKind::TokenUnavailable, message)
}

impl Failure {
    fn new(error: &Error, asker: &Asker) -> Self {
        Self {
            ended: Instant::now(),
            role: asker.role,
            proxy: asker.proxy.clone(),
            kind: error.kind(),
            message: error.message().to_owned(),
        }
    }

    /// Whether another one would come to the same: it goes the same way, and can do no more.
    fn is_shared_with(&self, asker: &Asker) -> bool {
        asker.role <= self.role && asker.proxy == self.proxy
    }
}

impl Refused {
    pub(crate) fn new(authorization: HeaderValue, answer: Option<&Response>) -> Self {
        let claims = answer.and_then(|answer| {
            answer
                .headers()
                .filter(|(name, _)| *name == "www-authenticate")
                .find_map(|(_, value)| claims_of(std::str::from_utf8(value).ok()?))
        });
        Self {
            authorization,
            claims,
        }
    }
}

/// The claims of a challenge: `Bearer …, error="insufficient_claims", claims="<base64 of JSON>"`.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/claims-challenge>
fn claims_of(challenge: &str) -> Option<String> {
    let at = challenge.to_ascii_lowercase().find("claims=\"")?;
    let encoded = challenge[at..].split('"').nth(1)?;
    if encoded.is_empty() {
        return None;
    }
    let bytes = BASE64_STANDARD
        .decode(encoded)
        .or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(encoded.trim_end_matches('=')))
        .ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{Asker, Failure, Role, claims_of};
    use crate::error::{Error, ErrorKind};
    use crate::proxy::Proxy;
    use std::time::Duration;

    fn asker(role: Role, proxy: Option<Proxy>) -> Asker {
        Asker::new(role, proxy, Duration::MAX)
    }

    /// Who could ask someone is not told that nobody was asked.
    #[test]
    fn a_failure_is_shared_with_those_who_can_do_no_more() {
        let error = Error::new(ErrorKind::TokenUnavailable, "there is none");
        let failure = Failure::new(&error, &asker(Role::Update, None));
        let is_shared = |role, proxy| failure.is_shared_with(&asker(role, proxy));
        assert!(is_shared(Role::Update, None));
        assert!(is_shared(Role::Unattended, None));
        assert!(!is_shared(Role::SignIn, None));
        let proxy = Proxy::parse("http://proxy.example:8080").expect("a proxy");
        assert!(!is_shared(Role::Update, Some(proxy)));
    }

    #[test]
    fn claims_are_read_from_a_challenge() {
        let claims = r#"{"access_token":{"nbf":{"essential":true}}}"#;
        let encoded = "eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==";
        for challenge in [
            format!("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"{encoded}\""),
            format!("Bearer Claims=\"{}\"", encoded.trim_end_matches('=')),
        ] {
            assert_eq!(
                claims_of(&challenge).as_deref(),
                Some(claims),
                "{challenge}"
            );
        }
        for challenge in [
            "Bearer",
            "Bearer claims=\"",
            "Bearer claims=\"%\"",
            "Bearer error=\"x\"",
        ] {
            assert_eq!(claims_of(challenge), None, "{challenge}");
        }
    }
}
