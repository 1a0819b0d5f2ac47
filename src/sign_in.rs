//! One sign-in from its start to its end.

use std::sync::Arc;
use std::time::Duration;

use crate::credential::{Asker, Tokens};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::transport::seconds;

/// Gets a token, unless there is one, within the time limit. Who waits for a person has limits of its own.
pub(crate) async fn run(tokens: Arc<Tokens>, asker: Asker) -> Result<Identity, Error> {
    let identity = match tokens.asks_person() {
        true => tokens.sign_in(&asker).await,
        false => within(asker.limit, tokens.place(), tokens.sign_in(&asker)).await,
    };
    identity.map(Arc::unwrap_or_clone)
}

/// Does a part of a sign-in within a time limit. The error names the place that is asked, if one is.
pub(crate) async fn within<T>(
    limit: Duration,
    place: Option<&Endpoint>,
    part: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(limit, part).await.unwrap_or_else(|_| {
        let limit = seconds(limit);
        let waiting = place.map_or_else(String::new, |place| {
            format!(" It was waiting for an answer of {place}.")
        });
        let message = format!("The sign-in did not end within its time limit of {limit}.{waiting}");
        Err(Error::new(ErrorKind::OperationTimeout, message))
    })
}
