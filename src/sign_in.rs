//! One sign-in from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use crate::credential::{Asker, Tokens};
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::transport::seconds;

/// Gets a token, unless there is one, within the time limit.
pub(crate) async fn run(
    tokens: Arc<Tokens>,
    asker: Asker,
    limit: Duration,
) -> Result<Identity, Error> {
    tokio::time::timeout(limit, tokens.identity(&asker))
        .await
        .unwrap_or_else(|_| {
            let limit = seconds(limit);
            let message = format!("The sign-in did not end within its time limit of {limit}.");
            Err(Error::new(ErrorKind::OperationTimeout, message))
        })
}
