//! Tokens from a function of the caller's.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::{AccessToken, Asker, TokenFuture, TokenRequest, TokenSource, reason};
use crate::error::{Error, ErrorKind};

type Function = dyn Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync;

/// A function that is called once at a time, whichever clients ask, and whether they wait for it still or not.
pub(super) struct Callback {
    function: Arc<Function>,
    // Held while the function runs.
    turn: Arc<Mutex<()>>,
}

impl Callback {
    pub(super) fn new(
        function: impl Fn(&TokenRequest) -> Result<AccessToken, String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            function: Arc::new(function),
            turn: Arc::default(),
        }
    }
}

impl TokenSource for Callback {
    fn fetch<'a>(&'a self, request: TokenRequest, _: &'a Asker) -> TokenFuture<'a> {
        Box::pin(async move {
            let turn = self.turn.clone().lock_owned().await;
            let function = self.function.clone();
            let call = move || {
                let answer = function(&request);
                drop(turn);
                answer
            };
            // Not on the worker: the function may wait.
            tokio::task::spawn_blocking(call)
                .await
                .unwrap_or_else(|_| Err("it failed inside".to_owned()))
                .map_err(|why| {
                    let message = format!("The token callback gave no token: {}.", reason(&why));
                    Error::new(ErrorKind::TokenUnavailable, message)
                })
        })
    }
}
