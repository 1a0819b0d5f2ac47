//! Tokens from a function of the caller's.

use std::sync::Arc;

use super::{AccessToken, TokenFuture, TokenRequest, TokenSource};
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;

pub(super) type Function = dyn Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync;

struct Callback(Arc<Function>);

pub(super) fn open(function: Arc<Function>) -> Arc<dyn TokenSource> {
    Arc::new(Callback(function))
}

impl TokenSource for Callback {
    fn fetch<'a>(&'a self, request: TokenRequest, _: Option<&'a Proxy>) -> TokenFuture<'a> {
        let function = self.0.clone();
        Box::pin(async move {
            // Not on the worker: the function may wait.
            tokio::task::spawn_blocking(move || function(&request))
                .await
                .unwrap_or_else(|_| Err("it failed inside".to_owned()))
                .map_err(|why| {
                    let message = format!("The token callback gave no token: {why}.");
                    Error::new(ErrorKind::TokenUnavailable, message)
                })
        })
    }
}
