//! How a client gets its tokens.

mod cache;
mod callback;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
pub(crate) use cache::{Refused, Tokens};

/// How a client gets its tokens. Nothing is kept on disk.
#[derive(Clone)]
pub struct Credential(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    /// One token, which cannot be renewed.
    Static(AccessToken),
    Source(Arc<dyn TokenSource>),
}

/// What a token is wanted for.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The OAuth scope, like `https://graph.microsoft.com/.default`.
    pub scope: String,
    /// The claims that the service asked for when it refused the token before, as JSON, or None.
    pub claims: Option<String>,
}

/// An access token, and how long it lives. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct AccessToken {
    text: Secret,
    lifetime: Option<Duration>,
}

impl AccessToken {
    /// A token, without `Bearer` before it, that lives for `lifetime` from now on; None if that is not known.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text has other characters than a bearer token may have (RFC 6750 section 2.1).
    pub fn new(text: &str, lifetime: Option<Duration>) -> Result<Self, Error> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
        if text.is_empty() || !text.bytes().all(allowed) {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "The access token is empty or has characters that no bearer token has. Give the token alone, without \"Bearer\".",
            ));
        }
        let text = Secret::new(text);
        Ok(Self { text, lifetime })
    }

    /// The value of `Authorization`.
    fn authorization(&self) -> HeaderValue {
        // The header borrows these bytes, so that they are zeroed with its last use.
        let bytes = Zeroizing::new(format!("Bearer {}", self.text.expose()).into_bytes());
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes))
            .expect("the token was checked to have no other characters than a bearer token's");
        value.set_sensitive(true);
        value
    }
}

/// What gets tokens.
pub(crate) trait TokenSource: Send + Sync {
    fn fetch<'a>(
        &'a self,
        request: TokenRequest,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;
}

impl Credential {
    /// One access token, without `Bearer` before it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text is no bearer token.
    pub fn token(token: &str) -> Result<Self, Error> {
        Ok(Self(Kind::Static(AccessToken::new(token, None)?)))
    }

    /// Asks the caller's function for a token whenever one is needed: at first, before the one there is expires, and once when the
    /// service refuses it. It is called on a thread of its own, one call at a time, and may take as long as it needs; the update's time
    /// limit goes on meanwhile. An `Err` is the reason why there is no token, for people, without secrets.
    pub fn callback(
        callback: impl Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        Self(Kind::Source(Arc::new(callback::Callback::new(callback))))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Kind::Static(_) => "Credential(token)",
            Kind::Source(_) => "Credential(renewed)",
        })
    }
}
