//! `mgdi_response`: a server's answer.

use std::ffi::c_char;

use super::boundary::{fallible, fallible_with, infallible};
use super::error::mgdi_error;
use super::handle::{self, Handle, Out, Owned};
use super::image::{ImageHandle, mgdi_image};
use super::result::mgdi_result;
use super::text::{self, mgdi_str};
use crate::response::Response;

/// A server's answer: status, headers with all their values, the image, the body.
///
/// Made by `mgdi_operation_take_response`, `mgdi_update_send` and `mgdi_response_from_parts`; given back with
/// `mgdi_response_free`. One that `mgdi_error_response` lends belongs to its error. It does not change, and any thread may
/// read it.
///
/// Methods: `mgdi_response_from_parts`, `mgdi_response_status`, `mgdi_response_header_count`, `mgdi_response_header_at`,
/// `mgdi_response_header_get`, `mgdi_response_image_json`, `mgdi_response_image`, `mgdi_response_body`,
/// `mgdi_response_attempts`, `mgdi_response_free`.
pub struct mgdi_response {
    _opaque: [u8; 0],
}

impl Handle for mgdi_response {
    type Value = Response;
}

impl Owned for mgdi_response {}

impl mgdi_response {
    pub(super) fn borrowed(response: &Response) -> *const Self {
        std::ptr::from_ref(response).cast()
    }
}

/// Reads one thing of a response, or answers `none` where there is no response, or it has no such thing.
///
/// # Safety
///
/// NULL, or a live response.
unsafe fn read<T: Copy>(
    response: *const mgdi_response,
    none: T,
    read: impl FnOnce(&Response) -> Option<T>,
) -> T {
    infallible(none, || {
        // SAFETY: the caller's pointer is NULL or a live response.
        match unsafe { handle::borrow(response, "response") } {
            Ok(response) => read(response).unwrap_or(none),
            Err(_) => none,
        }
    })
}

/// Takes an answer that came from elsewhere than the library's own connection, and sorts it as if the server had sent it: a response
/// for 2xx, otherwise the result and the error that such an answer would be. `headers` is lines `name: value` with a line feed between
/// them, and may be empty; everything is copied. The caller frees the response with `mgdi_response_free`.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the status or a header is none. Any result of the band 500 may come, and
/// `MGDI_RESULT_PROXY_AUTHENTICATION_REQUIRED` for 407.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_from_parts(
    status: u16,
    headers: *const c_char,
    headers_len: usize,
    body: *const u8,
    body_len: usize,
    out_response: *mut *mut mgdi_response,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let headers = text::counted(headers, headers_len, "headers")?;
            let body = text::bytes(body, body_len, "body")?;
            let out_response = Out::new(out_response, "out_response")?;
            let lines = headers.lines().filter(|line| !line.is_empty());
            let headers = lines.map(|line| {
                let (name, value) = line.split_once(':').unwrap_or((line, ""));
                (name, value.trim())
            });
            out_response.set(handle::into_box(Response::from_parts(
                status, headers, body,
            )?));
            Ok(())
        })
    }
}

/// The HTTP status, 100 to 999, or 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_status(response: *const mgdi_response) -> u16 {
    // SAFETY: the header's conventions.
    unsafe { read(response, 0, |response| Some(response.status())) }
}

/// How many header values there are. A header with three values counts three times.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_header_count(response: *const mgdi_response) -> usize {
    // SAFETY: the header's conventions.
    unsafe { read(response, 0, |response| Some(response.headers().len())) }
}

/// The header value at `index`, from 0, with its name. Names are lower case. The values of one name have the order in which they came.
/// Both views belong to the response. `MGDI_RESULT_INVALID_ARGUMENT` if there is no such index.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_header_at(
    response: *const mgdi_response,
    index: usize,
    out_name: *mut mgdi_str,
    out_value: *mut mgdi_str,
) -> mgdi_result {
    fallible(|| {
        // SAFETY: the header's conventions.
        let (response, out_name, out_value) = unsafe {
            (
                handle::borrow(response, "response")?,
                Out::new(out_name, "out_name")?,
                Out::new(out_value, "out_value")?,
            )
        };
        let (name, value) = response
            .headers()
            .nth(index)
            .ok_or_else(|| mgdi_error::argument(format!("There is no header {index}.")))?;
        out_name.set(mgdi_str::of(name.as_bytes()));
        out_value.set(mgdi_str::of(value));
        Ok(())
    })
}

/// The first value of a header, its name in any case, or `{NULL, 0}` if it did not come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_header_get(
    response: *const mgdi_response,
    name: *const c_char,
) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe {
        read(response, mgdi_str::NONE, |response| {
            let name = text::terminated(name, "name").ok()?;
            response.header(name).map(mgdi_str::of)
        })
    }
}

/// The image as the server wrote it, a JSON object in UTF-8, or `{NULL, 0}` if it answered none (204, an empty body).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_image_json(response: *const mgdi_response) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe {
        read(response, mgdi_str::NONE, |response| {
            Some(mgdi_str::of_option(response.image_json()))
        })
    }
}

/// A copy of the image that the server answered, for its members to be read or to be sent again. The caller frees it with
/// `mgdi_image_free`. `*out_image` is NULL if the server answered none. Annotations of the answer (`@odata.context` and the like) are left
/// out, but not `@odata.type`. Dates are as the server wrote them; a documented member that is neither text nor null is an additional one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_image(
    response: *const mgdi_response,
    out_image: *mut *mut mgdi_image,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let response = handle::borrow(response, "response")?;
            let out_image = Out::new(out_image, "out_image")?;
            let image = response.image().cloned().map(ImageHandle::from);
            out_image.set(image.map_or(std::ptr::null_mut(), handle::into_box));
            Ok(())
        })
    }
}

/// The body as it arrived, decompressed, as bytes. It may be no text at all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_body(response: *const mgdi_response) -> mgdi_str {
    // SAFETY: the header's conventions.
    unsafe {
        read(response, mgdi_str::NONE, |response| {
            Some(mgdi_str::of(response.body()))
        })
    }
}

/// Which try this is the answer of, from 1, or 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_attempts(response: *const mgdi_response) -> u32 {
    // SAFETY: the header's conventions.
    unsafe { read(response, 0, |response| Some(response.attempts())) }
}

/// Frees a response. NULL is allowed. Not for one that `mgdi_error_response` lent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_response_free(response: *mut mgdi_response) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(response) });
}
