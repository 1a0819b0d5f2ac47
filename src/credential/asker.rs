//! For whom a token is got.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::progress::Progress;
use crate::proxy::Proxy;

/// An operation that needs a token.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) role: Role,
    /// The update's own proxy, for tokens too.
    pub(crate) proxy: Option<Proxy>,
    /// How long the operation may take, but for a person's part.
    pub(crate) limit: Duration,
    started: Instant,
    pub(crate) progress: Arc<Progress>,
}

impl Asker {
    /// An operation that begins now.
    pub(crate) fn new(role: Role, proxy: Option<Proxy>, limit: Duration) -> Self {
        Self {
            role,
            proxy,
            limit,
            started: Instant::now(),
            progress: Arc::default(),
        }
    }

    /// How much of its time is left.
    pub(super) fn left(&self) -> Duration {
        self.limit.saturating_sub(self.started.elapsed())
    }
}

/// What an operation can do for a token. Each can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// An update whose waiter cannot be asked.
    Unattended,
    /// An update whose waiter may be asked.
    Update,
    /// A sign-in, within which a person may be asked.
    SignIn,
}
