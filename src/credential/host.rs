//! Tokens from whoever waits for an operation.

use super::asker::{Asker, Role};
use super::{AccessToken, TokenFuture, TokenRequest, TokenSource, reason};
use crate::error::{Error, ErrorKind};

/// The host, which is asked by the operation that needs a token.
pub(super) struct Host;

impl TokenSource for Host {
    fn fetch<'a>(&'a self, request: TokenRequest, asker: &'a Asker) -> TokenFuture<'a> {
        Box::pin(get(request, asker))
    }
}

async fn get(request: TokenRequest, asker: &Asker) -> Result<AccessToken, Error> {
    if asker.role == Role::Unattended {
        return Err(unavailable(
            "A token is needed, and this call cannot ask for one. Start the update as an operation, and wait for it.",
        ));
    }
    let answered = asker.progress.want(request);
    answered
        .await
        .unwrap_or_else(|_| Err("it was not asked".to_owned()))
        .map_err(|why| unavailable(&format!("The host gave no token: {}.", reason(&why))))
}

fn unavailable(message: &str) -> Error {
    Error::new(ErrorKind::TokenUnavailable, message)
}
