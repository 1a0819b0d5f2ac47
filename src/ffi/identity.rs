//! `mgdi_identity`: who one is signed in as.

use std::time::UNIX_EPOCH;

use super::boundary::infallible;
use super::handle::{self, Handle, Owned};
use super::text::mgdi_str;
use crate::identity::{Actor, Identity};

/// On whose behalf one acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum mgdi_actor {
    /// It is not known.
    MGDI_ACTOR_UNKNOWN = 0,
    /// A person's, by way of an application.
    MGDI_ACTOR_PERSON = 1,
    /// The application's own.
    MGDI_ACTOR_APPLICATION = 2,
}

/// Who one is signed in as, as far as it is known: for people to see, never for a decision. It is read from the access token where that is
/// a JWT that can be read, else it is what the credential knows. The token is not verified and not kept here.
///
/// Made by `mgdi_operation_take_identity` or `mgdi_client_identity`; given back with `mgdi_identity_free`. It does not change, and any
/// thread may read it. Its views belong to it and end with it.
///
/// Methods: `mgdi_identity_tenant_id`, `mgdi_identity_client_id`, `mgdi_identity_actor`, `mgdi_identity_account`,
/// `mgdi_identity_scopes`, `mgdi_identity_expires_on`, `mgdi_identity_free`.
pub struct mgdi_identity {
    _opaque: [u8; 0],
}

impl Handle for mgdi_identity {
    type Value = Identity;
}

impl Owned for mgdi_identity {}

/// # Safety
///
/// NULL, or a live identity that outlives the view.
unsafe fn read_text(
    identity: *const mgdi_identity,
    get: impl FnOnce(&Identity) -> Option<&str>,
) -> mgdi_str {
    infallible(mgdi_str::NONE, || {
        // SAFETY: as of this function.
        let identity = unsafe { handle::borrow(identity, "identity") };
        mgdi_str::of_option(identity.ok().and_then(get))
    })
}

/// The tenant's id; `{NULL, 0}` if it is not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_tenant_id(identity: *const mgdi_identity) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(identity, Identity::tenant_id) }
}

/// The application's id; `{NULL, 0}` if it is not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_client_id(identity: *const mgdi_identity) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(identity, Identity::client_id) }
}

/// On whose behalf one acts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_actor(identity: *const mgdi_identity) -> mgdi_actor {
    infallible(mgdi_actor::MGDI_ACTOR_UNKNOWN, || {
        // SAFETY: the header's conventions.
        let identity = unsafe { handle::borrow(identity, "identity") };
        match identity.ok().and_then(Identity::actor) {
            None => mgdi_actor::MGDI_ACTOR_UNKNOWN,
            Some(Actor::Person) => mgdi_actor::MGDI_ACTOR_PERSON,
            Some(Actor::Application) => mgdi_actor::MGDI_ACTOR_APPLICATION,
        }
    })
}

/// The person's name for signing in, like `megan@contoso.com`; `{NULL, 0}` for an application on its own, or if it is not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_account(identity: *const mgdi_identity) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(identity, Identity::account) }
}

/// The permissions, with a space between them: those of a person by way of an application (`scp`), else the application's own (`roles`);
/// `{NULL, 0}` if they are not known.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_scopes(identity: *const mgdi_identity) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(identity, Identity::scopes) }
}

/// When the access token expires, in seconds since 1970 (UTC), or 0 if that is not known. The client renews it before, where it can.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_expires_on(identity: *const mgdi_identity) -> i64 {
    infallible(0, || {
        // SAFETY: the header's conventions.
        let identity = unsafe { handle::borrow(identity, "identity") };
        let expires_on = identity.ok().and_then(Identity::expires_on);
        let since_1970 = expires_on.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        since_1970.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
    })
}

/// Frees an identity. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_identity_free(identity: *mut mgdi_identity) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(identity) });
}
