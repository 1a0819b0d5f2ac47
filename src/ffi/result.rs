//! Result numbers.

use std::ffi::{CStr, c_char};

use super::boundary::infallible;
use crate::error::ErrorKind;

/// What a function answers. Numbers stand in bands with gaps, and are never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum mgdi_result {
    /// Success.
    MGDI_RESULT_OK = 0,
    /// The time of a wait is over and the operation still runs. Not an error.
    MGDI_RESULT_TIMED_OUT = 1,
    /// The operation wants a token from whoever waits for it. Not an error.
    MGDI_RESULT_TOKEN_WANTED = 2,

    // 100: the call itself is wrong.
    /// A pointer that must not be NULL is NULL.
    MGDI_RESULT_NULL_POINTER = 100,
    /// A text is not UTF-8.
    MGDI_RESULT_INVALID_UTF8 = 101,
    /// A value cannot be used: an endpoint, an id, a token, a time limit, an enumerator.
    MGDI_RESULT_INVALID_ARGUMENT = 102,
    /// An image cannot be written as the request's body.
    MGDI_RESULT_INVALID_BODY = 103,
    /// A header cannot be sent, or is not the caller's to set.
    MGDI_RESULT_INVALID_HEADER = 104,

    // 200: the state does not allow it.
    /// The operation has not ended yet.
    MGDI_RESULT_NOT_FINISHED = 200,
    /// The operation's outcome was taken before.
    MGDI_RESULT_ALREADY_TAKEN = 201,
    /// The operation was cancelled.
    MGDI_RESULT_CANCELLED = 202,
    /// The process was forked after the client was built. Build a client after the fork.
    MGDI_RESULT_FORKED = 203,
    /// A call that waits was made on the library's own thread, inside a completion or a token callback.
    MGDI_RESULT_WOULD_BLOCK = 204,
    /// This platform does not have what the function needs.
    MGDI_RESULT_NOT_SUPPORTED = 205,
    /// The operation wants no token now.
    MGDI_RESULT_TOKEN_NOT_WANTED = 206,
    /// The operation is of another kind: a sign-in has no response, an update no identity.
    MGDI_RESULT_WRONG_OPERATION = 207,

    // 300: who asks.
    /// The client has no credential.
    MGDI_RESULT_AUTHENTICATION_NEEDED = 300,
    /// A credential gave no token.
    MGDI_RESULT_TOKEN_UNAVAILABLE = 301,

    // 400: the way to the server.
    /// No connection, or it broke. The message says whether the request was sent.
    MGDI_RESULT_CONNECTION_FAILED = 400,
    /// A time limit passed.
    MGDI_RESULT_OPERATION_TIMEOUT = 401,
    /// The proxy wants other credentials.
    MGDI_RESULT_PROXY_AUTHENTICATION_REQUIRED = 402,

    // 500: the server's answer.
    /// The server answered with a status other than 2xx.
    MGDI_RESULT_SERVICE_ERROR = 500,
    /// The answer could not be read.
    MGDI_RESULT_INVALID_RESPONSE = 501,
    /// The answer is larger than the limit.
    MGDI_RESULT_RESPONSE_TOO_LARGE = 502,
    /// The server redirected to where the request must not go.
    MGDI_RESULT_REDIRECT_REFUSED = 503,

    // 900: the library itself.
    /// The library failed inside. Please report it.
    MGDI_RESULT_PANIC = 900,
    /// The library could not do its own part, such as start a thread.
    MGDI_RESULT_INTERNAL = 901,
}

impl mgdi_result {
    /// Every result.
    const ALL: [mgdi_result; 27] = [
        Self::MGDI_RESULT_OK,
        Self::MGDI_RESULT_TIMED_OUT,
        Self::MGDI_RESULT_TOKEN_WANTED,
        Self::MGDI_RESULT_NULL_POINTER,
        Self::MGDI_RESULT_INVALID_UTF8,
        Self::MGDI_RESULT_INVALID_ARGUMENT,
        Self::MGDI_RESULT_INVALID_BODY,
        Self::MGDI_RESULT_INVALID_HEADER,
        Self::MGDI_RESULT_NOT_FINISHED,
        Self::MGDI_RESULT_ALREADY_TAKEN,
        Self::MGDI_RESULT_CANCELLED,
        Self::MGDI_RESULT_FORKED,
        Self::MGDI_RESULT_WOULD_BLOCK,
        Self::MGDI_RESULT_NOT_SUPPORTED,
        Self::MGDI_RESULT_TOKEN_NOT_WANTED,
        Self::MGDI_RESULT_WRONG_OPERATION,
        Self::MGDI_RESULT_AUTHENTICATION_NEEDED,
        Self::MGDI_RESULT_TOKEN_UNAVAILABLE,
        Self::MGDI_RESULT_CONNECTION_FAILED,
        Self::MGDI_RESULT_OPERATION_TIMEOUT,
        Self::MGDI_RESULT_PROXY_AUTHENTICATION_REQUIRED,
        Self::MGDI_RESULT_SERVICE_ERROR,
        Self::MGDI_RESULT_INVALID_RESPONSE,
        Self::MGDI_RESULT_RESPONSE_TOO_LARGE,
        Self::MGDI_RESULT_REDIRECT_REFUSED,
        Self::MGDI_RESULT_PANIC,
        Self::MGDI_RESULT_INTERNAL,
    ];

    fn name(self) -> &'static CStr {
        match self {
            Self::MGDI_RESULT_OK => c"Ok",
            Self::MGDI_RESULT_TIMED_OUT => c"TimedOut",
            Self::MGDI_RESULT_TOKEN_WANTED => c"TokenWanted",
            Self::MGDI_RESULT_NULL_POINTER => c"NullPointer",
            Self::MGDI_RESULT_INVALID_UTF8 => c"InvalidUtf8",
            Self::MGDI_RESULT_INVALID_ARGUMENT => c"InvalidArgument",
            Self::MGDI_RESULT_INVALID_BODY => c"InvalidBody",
            Self::MGDI_RESULT_INVALID_HEADER => c"InvalidHeader",
            Self::MGDI_RESULT_NOT_FINISHED => c"NotFinished",
            Self::MGDI_RESULT_ALREADY_TAKEN => c"AlreadyTaken",
            Self::MGDI_RESULT_CANCELLED => c"Cancelled",
            Self::MGDI_RESULT_FORKED => c"Forked",
            Self::MGDI_RESULT_WOULD_BLOCK => c"WouldBlock",
            Self::MGDI_RESULT_NOT_SUPPORTED => c"NotSupported",
            Self::MGDI_RESULT_TOKEN_NOT_WANTED => c"TokenNotWanted",
            Self::MGDI_RESULT_WRONG_OPERATION => c"WrongOperation",
            Self::MGDI_RESULT_AUTHENTICATION_NEEDED => c"AuthenticationNeeded",
            Self::MGDI_RESULT_TOKEN_UNAVAILABLE => c"TokenUnavailable",
            Self::MGDI_RESULT_CONNECTION_FAILED => c"ConnectionFailed",
            Self::MGDI_RESULT_OPERATION_TIMEOUT => c"OperationTimeout",
            Self::MGDI_RESULT_PROXY_AUTHENTICATION_REQUIRED => c"ProxyAuthenticationRequired",
            Self::MGDI_RESULT_SERVICE_ERROR => c"ServiceError",
            Self::MGDI_RESULT_INVALID_RESPONSE => c"InvalidResponse",
            Self::MGDI_RESULT_RESPONSE_TOO_LARGE => c"ResponseTooLarge",
            Self::MGDI_RESULT_REDIRECT_REFUSED => c"RedirectRefused",
            Self::MGDI_RESULT_PANIC => c"Panic",
            Self::MGDI_RESULT_INTERNAL => c"Internal",
        }
    }
}

impl From<ErrorKind> for mgdi_result {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidArgument => Self::MGDI_RESULT_INVALID_ARGUMENT,
            ErrorKind::InvalidBody => Self::MGDI_RESULT_INVALID_BODY,
            ErrorKind::InvalidHeader => Self::MGDI_RESULT_INVALID_HEADER,
            ErrorKind::NotFinished => Self::MGDI_RESULT_NOT_FINISHED,
            ErrorKind::AlreadyTaken => Self::MGDI_RESULT_ALREADY_TAKEN,
            ErrorKind::Cancelled => Self::MGDI_RESULT_CANCELLED,
            ErrorKind::Forked => Self::MGDI_RESULT_FORKED,
            ErrorKind::WouldBlock => Self::MGDI_RESULT_WOULD_BLOCK,
            ErrorKind::TokenNotWanted => Self::MGDI_RESULT_TOKEN_NOT_WANTED,
            ErrorKind::WrongOperation => Self::MGDI_RESULT_WRONG_OPERATION,
            ErrorKind::AuthenticationNeeded => Self::MGDI_RESULT_AUTHENTICATION_NEEDED,
            ErrorKind::TokenUnavailable => Self::MGDI_RESULT_TOKEN_UNAVAILABLE,
            ErrorKind::ConnectionFailed => Self::MGDI_RESULT_CONNECTION_FAILED,
            ErrorKind::OperationTimeout => Self::MGDI_RESULT_OPERATION_TIMEOUT,
            ErrorKind::ProxyAuthenticationRequired => {
                Self::MGDI_RESULT_PROXY_AUTHENTICATION_REQUIRED
            }
            ErrorKind::ServiceError => Self::MGDI_RESULT_SERVICE_ERROR,
            ErrorKind::InvalidResponse => Self::MGDI_RESULT_INVALID_RESPONSE,
            ErrorKind::ResponseTooLarge => Self::MGDI_RESULT_RESPONSE_TOO_LARGE,
            ErrorKind::RedirectRefused => Self::MGDI_RESULT_REDIRECT_REFUSED,
            ErrorKind::Internal => Self::MGDI_RESULT_INTERNAL,
        }
    }
}

/// The name of a result, like `ConnectionFailed`: static text, never NULL. A number that is no result is named `Unknown`.
#[unsafe(no_mangle)]
pub extern "C" fn mgdi_result_name(result: i32) -> *const c_char {
    let name = infallible(c"Unknown", || {
        mgdi_result::ALL
            .into_iter()
            .find(|known| *known as i32 == result)
            .map_or(c"Unknown", mgdi_result::name)
    });
    name.as_ptr()
}
