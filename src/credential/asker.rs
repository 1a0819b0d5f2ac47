//! For whom a token is got.

use std::sync::Arc;

use crate::progress::Progress;
use crate::proxy::Proxy;

/// An operation that needs a token.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) role: Role,
    /// The update's own proxy, for tokens too.
    pub(crate) proxy: Option<Proxy>,
    pub(crate) progress: Arc<Progress>,
}

/// What an operation can do for a token. Each can do what those before it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// An update whose waiter cannot be asked.
    Unattended,
    /// An update whose waiter may be asked.
    Update,
    /// A sign-in.
    SignIn,
}
