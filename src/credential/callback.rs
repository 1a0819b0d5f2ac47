//! Tokens from a function of the caller's.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{AccessToken, TokenRequest, TokenSource};
use crate::error::{Error, ErrorKind};

type Function = dyn Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync;

pub(super) struct Callback(Arc<Function>);

impl Callback {
    pub(super) fn new(
        function: impl Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(function))
    }
}

impl TokenSource for Callback {
    fn fetch<'a>(
        &'a self,
        request: TokenRequest,
    ) -> Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>> {
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
