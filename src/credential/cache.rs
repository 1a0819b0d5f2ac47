//! The token in use: renewed before it expires, and once when the service refuses it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use reqwest::header::HeaderValue;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{AccessToken, Credential, Opened, TokenRequest, TokenSource};
use crate::error::Error;
use crate::proxy::Proxy;
use crate::response::Response;
use crate::route::Connector;

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_secs(300);

/// The tokens of one client.
pub(crate) enum Tokens {
    Static(HeaderValue),
    Renewed(Renewed),
}

pub(crate) struct Renewed {
    source: Arc<dyn TokenSource>,
    scope: String,
    // Held while a token is fetched, so that many waiting calls cause one request.
    token: Mutex<Option<Token>>,
}

struct Token {
    authorization: HeaderValue,
    renew_at: Option<Instant>,
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
        Ok(match credential.open(connector)? {
            Opened::Static(authorization) => Self::Static(authorization),
            Opened::Source(source) => Self::Renewed(Renewed {
                source,
                scope: format!("{origin}/.default"),
                token: Mutex::new(None),
            }),
        })
    }

    /// Whether a refused token can be followed by another one.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self, Self::Renewed(_))
    }

    /// The value of `Authorization`; another one than was refused, if there is one.
    pub(crate) async fn authorization(
        &self,
        refused: Option<Refused>,
        proxy: Option<&Proxy>,
    ) -> Result<HeaderValue, Error> {
        match self {
            Self::Static(authorization) => Ok(authorization.clone()),
            Self::Renewed(renewed) => renewed.authorization(refused, proxy).await,
        }
    }
}

impl Renewed {
    async fn authorization(
        &self,
        refused: Option<Refused>,
        proxy: Option<&Proxy>,
    ) -> Result<HeaderValue, Error> {
        let mut held = self.token.lock().await;
        if let Some(token) = &*held {
            let was_refused = refused
                .as_ref()
                .is_some_and(|refused| refused.authorization == token.authorization);
            let is_due = token
                .renew_at
                .is_some_and(|renew_at| renew_at <= Instant::now());
            if !was_refused && !is_due {
                return Ok(token.authorization.clone());
            }
        }
        let request = TokenRequest {
            scope: self.scope.clone(),
            claims: refused.and_then(|refused| refused.claims),
        };
        let token = Token::from(&self.source.fetch(request, proxy).await?);
        let authorization = token.authorization.clone();
        *held = Some(token);
        Ok(authorization)
    }
}

impl From<&AccessToken> for Token {
    fn from(token: &AccessToken) -> Self {
        // A short life is used for its half at least.
        let usable = |lifetime: Duration| lifetime.saturating_sub(MARGIN).max(lifetime / 2);
        Self {
            authorization: token.authorization(),
            renew_at: token
                .lifetime
                .and_then(|lifetime| Instant::now().checked_add(usable(lifetime))),
        }
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
    use super::claims_of;

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
