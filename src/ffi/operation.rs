//! `mgdi_operation`: a running update or sign-in.

use std::ffi::{c_char, c_int};
use std::time::Duration;

use super::boundary::{fallible, fallible_with, infallible};
use super::error::mgdi_error;
use super::handle::{self, Handle, Out, Owned};
use super::identity::mgdi_identity;
use super::response::mgdi_response;
use super::result::mgdi_result;
use super::text::{self, mgdi_str};
use super::token;
use crate::credential::TokenRequest;
use crate::operation::Operation;

/// An update or a sign-in on its way.
///
/// Made by `mgdi_update_start`, `mgdi_update_start_with` and `mgdi_sign_in_start`; given back with `mgdi_operation_free`, which cancels it
/// if it still runs. Any thread may wait for it or cancel it; taking its outcome and freeing it are for one thread, when no other uses it.
///
/// Methods: `mgdi_operation_wait`, `mgdi_operation_cancel`, `mgdi_operation_descriptor`, `mgdi_operation_retry_count`,
/// `mgdi_operation_retry_at`, `mgdi_operation_prompt`, `mgdi_operation_token_scope`, `mgdi_operation_token_claims`,
/// `mgdi_operation_set_token`, `mgdi_operation_fail_token`, `mgdi_operation_take_response`, `mgdi_operation_take_identity`,
/// `mgdi_operation_free`.
pub struct mgdi_operation {
    _opaque: [u8; 0],
}

impl Handle for mgdi_operation {
    type Value = Operation;
}

impl Owned for mgdi_operation {}

/// Waits until the operation has ended, at most `timeout_ms` milliseconds; 0 only looks. `MGDI_RESULT_OK` when it has ended, in
/// success or not; `MGDI_RESULT_TIMED_OUT` when it still runs; `MGDI_RESULT_TOKEN_WANTED`, at once, while it wants a token from whoever
/// waits (`mgdi_client_builder_set_host_token`). `MGDI_RESULT_WOULD_BLOCK` inside a completion or a token callback, unless `timeout_ms`
/// is 0; `MGDI_RESULT_FORKED` in a process that was forked meanwhile.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_wait(
    operation: *const mgdi_operation,
    timeout_ms: u32,
) -> mgdi_result {
    let mut waited = mgdi_result::MGDI_RESULT_OK;
    let result = fallible(|| {
        // SAFETY: the header's conventions.
        let operation = unsafe { handle::borrow(operation, "operation")? };
        if !operation.wait(Duration::from_millis(timeout_ms.into()))? {
            waited = match operation.wanted_token() {
                Some(_) => mgdi_result::MGDI_RESULT_TOKEN_WANTED,
                None => mgdi_result::MGDI_RESULT_TIMED_OUT,
            };
        }
        Ok(())
    });
    match result {
        mgdi_result::MGDI_RESULT_OK => waited,
        _ => result,
    }
}

/// What to show to the person who is to sign in, in UTF-8: which page to open, and which code to enter there
/// (`mgdi_client_builder_set_device_code`). `{NULL, 0}` until there is one. It appears once, while the operation runs; a wait does not end
/// for it, so wait a slice at a time and look in between. The view belongs to the operation and ends with it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_prompt(operation: *const mgdi_operation) -> mgdi_str {
    infallible(mgdi_str::NONE, || {
        // SAFETY: the header's conventions.
        let operation = unsafe { handle::borrow(operation, "operation") };
        mgdi_str::of_option(operation.ok().and_then(Operation::prompt))
    })
}

/// The OAuth scope of the token that the operation wants now, like `https://graph.microsoft.com/.default`; `{NULL, 0}` when it wants none.
/// The view belongs to the operation and is valid until the token is set or failed, or the operation is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_token_scope(operation: *const mgdi_operation) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_wanted(operation, |wanted| Some(&wanted.scope)) }
}

/// The claims, as JSON, that the service asked for when it refused the token before, and that the wanted token is to have; `{NULL, 0}`
/// when there are none, or no token is wanted. Valid as `mgdi_operation_token_scope`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_token_claims(operation: *const mgdi_operation) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_wanted(operation, |wanted| wanted.claims.as_deref()) }
}

/// Reads one text of what is wanted. The operation keeps it until it is answered.
///
/// # Safety
///
/// NULL, or a live operation.
unsafe fn read_wanted(
    operation: *const mgdi_operation,
    get: impl FnOnce(&TokenRequest) -> Option<&str>,
) -> mgdi_str {
    infallible(mgdi_str::NONE, || {
        // SAFETY: as of this function.
        let operation = unsafe { handle::borrow(operation, "operation") };
        let wanted = operation.ok().and_then(Operation::wanted_token);
        mgdi_str::of_option(wanted.as_deref().and_then(get))
    })
}

/// Gives the access token that the operation wants, of `text_len` bytes, without `Bearer` before it; copied. It lives for `lifetime_s`
/// seconds from now on, 0 if that is not known: then what the token says of itself counts, where it is a JWT. Any thread may call it. The
/// client keeps the token for its other updates too.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the text is empty or has characters that no bearer token has; the operation then still wants one.
/// `MGDI_RESULT_TOKEN_NOT_WANTED` if it wants none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_set_token(
    operation: *const mgdi_operation,
    text: *const c_char,
    text_len: usize,
    lifetime_s: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let operation = handle::borrow(operation, "operation")?;
            let text = text::counted(text, text_len, "text")?;
            Ok(operation.set_token(token::access_token(text, lifetime_s)?)?)
        })
    }
}

/// Says why there is no token, in UTF-8, for people and without secrets; copied. The operation ends with `MGDI_RESULT_TOKEN_UNAVAILABLE`
/// and shows it. Any thread may call it.
///
/// `MGDI_RESULT_TOKEN_NOT_WANTED` if the operation wants none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_fail_token(
    operation: *const mgdi_operation,
    reason: *const c_char,
    reason_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let operation = handle::borrow(operation, "operation")?;
            Ok(operation.fail_token(text::counted(reason, reason_len, "reason")?)?)
        })
    }
}

/// Cancels the operation: it ends with `MGDI_RESULT_CANCELLED` and the request is dropped, unless it had ended before. It may be called
/// any number of times. Whether the server applied the update is then unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_cancel(operation: *const mgdi_operation) -> mgdi_result {
    fallible(|| {
        // SAFETY: the header's conventions.
        unsafe { handle::borrow(operation, "operation")? }.cancel();
        Ok(())
    })
}

/// A file descriptor for `poll` and its like: an eventfd on Linux, a pipe elsewhere. It is readable when the operation has ended, and while
/// it wants a token; `mgdi_operation_wait` with 0 says which. It belongs to the operation and is closed with it: neither read from it nor
/// close it. Every call answers the same one.
///
/// `MGDI_RESULT_NOT_SUPPORTED` on Windows: use `mgdi_update_start_with` there. `MGDI_RESULT_INTERNAL` if the system gives no more
/// descriptors.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_descriptor(
    operation: *const mgdi_operation,
    out_descriptor: *mut c_int,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let operation = handle::borrow(operation, "operation")?;
            let out_descriptor = Out::new(out_descriptor, "out_descriptor")?;
            out_descriptor.set(descriptor(operation)?);
            Ok(())
        })
    }
}

#[cfg(unix)]
fn descriptor(operation: &Operation) -> Result<c_int, mgdi_error> {
    Ok(operation.descriptor()?)
}

#[cfg(not(unix))]
fn descriptor(_: &Operation) -> Result<c_int, mgdi_error> {
    Err(mgdi_error::not_supported(
        "This platform has no file descriptors to poll.",
    ))
}

/// How often an update was tried again so far. A retry counts before its delay, so whoever waits a slice at a time can tell of it. The
/// retries of a request for a token do not count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_retry_count(operation: *const mgdi_operation) -> usize {
    infallible(0, || {
        // SAFETY: the header's conventions.
        let operation = unsafe { handle::borrow(operation, "operation") };
        operation.map_or(0, |operation| operation.retries().len())
    })
}

/// The retry at `index`, from 0: the status that was answered, or 0 where no connection was made, and the delay before the next try in
/// milliseconds. `MGDI_RESULT_INVALID_ARGUMENT` if there is no such retry.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_retry_at(
    operation: *const mgdi_operation,
    index: usize,
    out_status: *mut u16,
    out_delay_ms: *mut u32,
) -> mgdi_result {
    fallible(|| {
        // SAFETY: the header's conventions.
        let (operation, out_status, out_delay_ms) = unsafe {
            (
                handle::borrow(operation, "operation")?,
                Out::new(out_status, "out_status")?,
                Out::new(out_delay_ms, "out_delay_ms")?,
            )
        };
        let retries = operation.retries();
        let retry = retries
            .get(index)
            .ok_or_else(|| mgdi_error::argument(format!("There is no retry {index}.")))?;
        out_status.set(retry.status);
        out_delay_ms.set(u32::try_from(retry.delay.as_millis()).unwrap_or(u32::MAX));
        Ok(())
    })
}

/// Takes the outcome of an update that has ended: its response, or the error that it ended with. The caller frees the response
/// with `mgdi_response_free`.
///
/// `MGDI_RESULT_NOT_FINISHED` while it runs, `MGDI_RESULT_ALREADY_TAKEN` the second time, `MGDI_RESULT_WRONG_OPERATION` for a sign-in,
/// whose outcome stays, `MGDI_RESULT_SERVICE_ERROR` for an answer other than 2xx. Any result of the bands 200 to 900 may come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_take_response(
    operation: *mut mgdi_operation,
    out_response: *mut *mut mgdi_response,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let operation = handle::borrow_mut(operation, "operation")?;
            let out_response = Out::new(out_response, "out_response")?;
            out_response.set(handle::into_box(operation.take_response()?));
            Ok(())
        })
    }
}

/// Takes the outcome of a sign-in that has ended: its identity, or the error that it ended with. The caller frees the identity with
/// `mgdi_identity_free`.
///
/// `MGDI_RESULT_NOT_FINISHED` while it runs, `MGDI_RESULT_ALREADY_TAKEN` the second time, `MGDI_RESULT_WRONG_OPERATION` for an update,
/// whose outcome stays, `MGDI_RESULT_TOKEN_UNAVAILABLE` where there is no token. Any result of the bands 200 to 400 and 900 may come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_take_identity(
    operation: *mut mgdi_operation,
    out_identity: *mut *mut mgdi_identity,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let operation = handle::borrow_mut(operation, "operation")?;
            let out_identity = Out::new(out_identity, "out_identity")?;
            out_identity.set(handle::into_box(operation.take_identity()?));
            Ok(())
        })
    }
}

/// Frees an operation, at any time; cancels it if it still runs. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_operation_free(operation: *mut mgdi_operation) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(operation) });
}
