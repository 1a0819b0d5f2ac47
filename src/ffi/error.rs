//! `mgdi_error`: why a function failed.

use std::str::Utf8Error;
use std::time::Duration;

use super::boundary::infallible;
use super::handle::{self, Handle, Owned};
use super::response::mgdi_response;
use super::result::mgdi_result;
use super::text::mgdi_str;
use crate::error::Error;

/// Why a function failed: a result number, a message without secrets, and what the server said, as it wrote that.
///
/// Made by functions with an `out_error`; given back with `mgdi_error_free`. It does not change, and any thread may read it.
///
/// Methods: `mgdi_error_code`, `mgdi_error_message`, `mgdi_error_http_status`, `mgdi_error_graph_code`,
/// `mgdi_error_graph_message`, `mgdi_error_inner_error_json`, `mgdi_error_request_id`, `mgdi_error_client_request_id`,
/// `mgdi_error_date`, `mgdi_error_retry_after`, `mgdi_error_attempts`, `mgdi_error_body`, `mgdi_error_response`,
/// `mgdi_error_free`.
pub struct mgdi_error {
    code: mgdi_result,
    cause: Cause,
}

enum Cause {
    /// The call itself was wrong.
    Call(String),
    /// The core's error.
    Core(Error),
}

impl Handle for mgdi_error {
    type Value = mgdi_error;
}

impl Owned for mgdi_error {}

impl From<Error> for mgdi_error {
    fn from(error: Error) -> Self {
        Self {
            code: error.kind().into(),
            cause: Cause::Core(error),
        }
    }
}

impl mgdi_error {
    fn call(code: mgdi_result, message: String) -> Self {
        let cause = Cause::Call(message);
        Self { code, cause }
    }

    pub(super) fn null(name: &str) -> Self {
        let message = format!("{name} is NULL.");
        Self::call(mgdi_result::MGDI_RESULT_NULL_POINTER, message)
    }

    pub(super) fn utf8(name: &str, error: Utf8Error) -> Self {
        let message = format!("{name} is not UTF-8 from byte {} on.", error.valid_up_to());
        Self::call(mgdi_result::MGDI_RESULT_INVALID_UTF8, message)
    }

    pub(super) fn argument(message: String) -> Self {
        Self::call(mgdi_result::MGDI_RESULT_INVALID_ARGUMENT, message)
    }

    #[cfg(not(unix))]
    pub(super) fn not_supported(message: &str) -> Self {
        Self::call(mgdi_result::MGDI_RESULT_NOT_SUPPORTED, message.to_owned())
    }

    pub(super) fn panic() -> Self {
        let message = "The library failed inside this call. Please report it.".to_owned();
        Self::call(mgdi_result::MGDI_RESULT_PANIC, message)
    }

    pub(super) fn code(&self) -> mgdi_result {
        self.code
    }

    fn message(&self) -> &str {
        match &self.cause {
            Cause::Call(message) => message,
            Cause::Core(error) => error.message(),
        }
    }

    fn core(&self) -> Option<&Error> {
        match &self.cause {
            Cause::Call(_) => None,
            Cause::Core(error) => Some(error),
        }
    }
}

/// Reads one thing of an error, or answers `none` where there is no error, or it has no such thing.
///
/// # Safety
///
/// NULL, or a live error.
unsafe fn read<T>(
    error: *const mgdi_error,
    none: fn() -> T,
    read: impl FnOnce(&mgdi_error) -> Option<T>,
) -> T {
    // SAFETY: the caller's pointer is NULL or a live error.
    infallible(none(), || match unsafe { error.as_ref() } {
        Some(error) => read(error).unwrap_or_else(none),
        None => none(),
    })
}

fn to_seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}

/// Reads one text of what the server said.
///
/// # Safety
///
/// NULL, or a live error that outlives the view.
unsafe fn read_text(
    error: *const mgdi_error,
    get: impl FnOnce(&Error) -> Option<&str>,
) -> mgdi_str {
    // SAFETY: the caller's pointer is NULL or a live error.
    unsafe {
        read(
            error,
            || mgdi_str::NONE,
            |error| Some(mgdi_str::of_option(error.core().and_then(get))),
        )
    }
}

/// The result number that the failed function answered. `MGDI_RESULT_OK` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_code(error: *const mgdi_error) -> mgdi_result {
    infallible(mgdi_result::MGDI_RESULT_PANIC, || {
        // SAFETY: the header's conventions.
        unsafe { error.as_ref() }.map_or(mgdi_result::MGDI_RESULT_OK, |error| error.code)
    })
}

/// The whole story for people, in UTF-8, without secrets. Where Graph said something: `[code] : message`, with Graph's own line breaks.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_message(error: *const mgdi_error) -> mgdi_str {
    let message = |error: &mgdi_error| Some(mgdi_str::of(error.message().as_bytes()));
    // SAFETY: the header's conventions.
    unsafe { read(error, || mgdi_str::NONE, message) }
}

/// The HTTP status of the server's answer, 100 to 999, or 0 if none arrived.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_http_status(error: *const mgdi_error) -> u16 {
    // SAFETY: the header's conventions.
    unsafe {
        read(
            error,
            || 0,
            |error| Some(error.core()?.response()?.status()),
        )
    }
}

/// `error.code` of Graph's error body; `{NULL, 0}` if the answer is no such body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_graph_code(error: *const mgdi_error) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(error, Error::graph_code) }
}

/// `error.message` of Graph's error body, as Graph wrote it; `{NULL, 0}` if the answer is no such body.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_graph_message(error: *const mgdi_error) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(error, Error::graph_message) }
}

/// `error.innerError` of Graph's error body, as Graph wrote it: JSON, usually an object. `{NULL, 0}` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_inner_error_json(error: *const mgdi_error) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(error, Error::inner_error_json) }
}

/// The request's id on the server, for support: from Graph's error body, else from the `request-id` header; `{NULL, 0}` if there is
/// neither.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_request_id(error: *const mgdi_error) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(error, Error::request_id) }
}

/// The request's id of the client: from Graph's error body, else from the `client-request-id` header of the answer,
/// else of the request; `{NULL, 0}` if there was no request.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_client_request_id(error: *const mgdi_error) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(error, Error::client_request_id) }
}

/// When it happened, as the server wrote it: from Graph's error body, else from the `Date` header; `{NULL, 0}` if there is neither.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_date(error: *const mgdi_error) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe { read_text(error, Error::date) }
}

/// The seconds after which the server wants to be asked again (`Retry-After`, as a number or a date), rounded up, or 0 if it did not say.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_retry_after(error: *const mgdi_error) -> u32 {
    // SAFETY: the header's conventions.
    unsafe {
        read(
            error,
            || 0,
            |error| Some(to_seconds(error.core()?.retry_after()?)),
        )
    }
}

/// How often it was tried, or 0 if it was refused before the first try.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_attempts(error: *const mgdi_error) -> u32 {
    // SAFETY: the header's conventions.
    unsafe { read(error, || 0, |error| Some(error.core()?.attempts())) }
}

/// The body of the server's answer, decompressed, as bytes. It may be no text at all. `{NULL, 0}` if no answer arrived.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_body(error: *const mgdi_error) -> mgdi_str {
    let body = |error: &mgdi_error| Some(mgdi_str::of(error.core()?.response()?.body()));
    // SAFETY: the header's conventions.
    unsafe { read(error, || mgdi_str::NONE, body) }
}

/// The server's answer with its headers, or NULL if none arrived. It belongs to the error: do not free it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_response(error: *const mgdi_error) -> *const mgdi_response {
    let response = |error: &mgdi_error| Some(mgdi_response::borrowed(error.core()?.response()?));
    // SAFETY: the header's conventions.
    unsafe { read(error, std::ptr::null, response) }
}

/// Frees an error. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_error_free(error: *mut mgdi_error) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(error) });
}
