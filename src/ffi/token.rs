//! `mgdi_token`: what a token callback fills.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use super::boundary::fallible_with;
use super::error::mgdi_error;
use super::handle::{self, Handle, Owned};
use super::result::mgdi_result;
use super::text::{self, mgdi_str};
use crate::credential::{AccessToken, Credential, TokenRequest};

/// The answer of a token callback, to be filled with `mgdi_token_set` or `mgdi_token_fail`. It belongs to the library and is valid until the
/// callback returns.
///
/// Methods: `mgdi_token_set`, `mgdi_token_fail`.
pub struct mgdi_token {
    _opaque: [u8; 0],
}

/// What a callback answered so far.
type Answer = Result<AccessToken, String>;

impl Handle for mgdi_token {
    type Value = Answer;
}

impl Owned for mgdi_token {}

/// Asks the host for an access token. `scope` is the OAuth scope, like `https://graph.microsoft.com/.default`; `claims` are what the service
/// asked for when it refused the token before, as JSON, or `{NULL, 0}`. Both are valid until the callback returns. The answer goes into
/// `token`; a callback that fills nothing gave no token.
pub type mgdi_token_callback = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        scope: mgdi_str,
        claims: mgdi_str,
        token: *mut mgdi_token,
    ),
>;

/// Gives `user_data` back to the host, which is not asked again.
pub type mgdi_release = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// Answers an access token of `text_len` bytes, without `Bearer` before it; copied. It lives for `lifetime_s` seconds from now on, 0 if that
/// is not known: then what the token says of itself counts, where it is a JWT.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if it is empty or has characters that no bearer token has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_token_set(
    token: *mut mgdi_token,
    text: *const c_char,
    text_len: usize,
    lifetime_s: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let token = handle::borrow_mut(token, "token")?;
            let text = text::counted(text, text_len, "text")?;
            *token = Ok(access_token(text, lifetime_s)?);
            Ok(())
        })
    }
}

/// A token as C gives it.
pub(super) fn access_token(text: &str, lifetime_s: u32) -> Result<AccessToken, mgdi_error> {
    let lifetime = (lifetime_s > 0).then(|| Duration::from_secs(lifetime_s.into()));
    Ok(AccessToken::new(text, lifetime)?)
}

/// Answers why there is no token, in UTF-8, for people and without secrets; copied. The operation that needs one ends with
/// `MGDI_RESULT_TOKEN_UNAVAILABLE` and shows it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_token_fail(
    token: *mut mgdi_token,
    reason: *const c_char,
    reason_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let token = handle::borrow_mut(token, "token")?;
            *token = Err(text::counted(reason, reason_len, "reason")?.to_owned());
            Ok(())
        })
    }
}

/// A host's callback with its data, which goes back to the host in the end.
struct HostCallback {
    callback: unsafe extern "C" fn(*mut c_void, mgdi_str, mgdi_str, *mut mgdi_token),
    user_data: *mut c_void,
    release: mgdi_release,
}

// SAFETY: the library never looks behind the pointer; the host knows from the header that it is used on other threads.
unsafe impl Send for HostCallback {}
// SAFETY: as for Send. The library's cache makes one call at a time.
unsafe impl Sync for HostCallback {}

impl HostCallback {
    fn ask(&self, request: &TokenRequest) -> Answer {
        let mut answer: Answer = Err("it answered nothing".to_owned());
        let token: *mut Answer = &raw mut answer;
        // SAFETY: the host gave the callback for this call; the token is used by it alone until it returns.
        unsafe {
            (self.callback)(
                self.user_data,
                mgdi_str::of(request.scope.as_bytes()),
                mgdi_str::of_option(request.claims.as_deref()),
                token.cast(),
            );
        }
        answer
    }
}

impl Drop for HostCallback {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: the host gave both, for this call.
            unsafe { release(self.user_data) };
        }
    }
}

/// A credential that asks the host.
pub(super) fn credential(
    callback: mgdi_token_callback,
    user_data: *mut c_void,
    release: mgdi_release,
) -> Result<Credential, mgdi_error> {
    let host = HostCallback {
        callback: callback.ok_or_else(|| mgdi_error::null("callback"))?,
        user_data,
        release,
    };
    Ok(Credential::callback(move |request| host.ask(request)))
}
