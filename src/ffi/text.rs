//! Text across the boundary: UTF-8 in, borrowed views out.

use std::ffi::{CStr, c_char};
use std::ptr;

use super::error::mgdi_error;

/// As the length of a text: it ends at its first NUL. `SIZE_MAX` in C (include/cbindgen.toml), which cbindgen cannot read here.
pub const MGDI_NUL_TERMINATED: usize = usize::MAX;

/// A view of bytes that belong to another object, valid until that object is changed or freed. Not NUL-terminated.
///
/// `{NULL, 0}` when there is nothing to see; an empty text has `data` other than NULL and `len` 0.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct mgdi_str {
    /// The first byte, or NULL.
    pub data: *const c_char,
    /// The length in bytes.
    pub len: usize,
}

impl mgdi_str {
    pub(super) const NONE: Self = Self {
        data: ptr::null(),
        len: 0,
    };

    pub(super) fn of(bytes: &[u8]) -> Self {
        Self {
            data: bytes.as_ptr().cast(),
            len: bytes.len(),
        }
    }

    pub(super) fn of_option(text: Option<&str>) -> Self {
        text.map_or(Self::NONE, |text| Self::of(text.as_bytes()))
    }
}

/// Reads a text that ends at its first NUL.
///
/// # Safety
///
/// NULL, or a NUL-terminated text that lives as long as `'a`.
pub(super) unsafe fn terminated<'a>(
    text: *const c_char,
    name: &'static str,
) -> Result<&'a str, mgdi_error> {
    // SAFETY: the length says that the text is NUL-terminated, as the caller promises.
    unsafe { counted(text, MGDI_NUL_TERMINATED, name) }
}

/// Reads a text that ends at its first NUL, or none for NULL.
///
/// # Safety
///
/// As of [`terminated`].
pub(super) unsafe fn terminated_or_none<'a>(
    text: *const c_char,
    name: &'static str,
) -> Result<Option<&'a str>, mgdi_error> {
    match text.is_null() {
        true => Ok(None),
        // SAFETY: as of this function.
        false => unsafe { terminated(text, name) }.map(Some),
    }
}

/// Reads a text of `len` bytes, or up to its first NUL where `len` is [`MGDI_NUL_TERMINATED`].
///
/// # Safety
///
/// NULL, or a text of that length that lives as long as `'a`.
pub(super) unsafe fn counted<'a>(
    text: *const c_char,
    len: usize,
    name: &'static str,
) -> Result<&'a str, mgdi_error> {
    let bytes = match len {
        // SAFETY: NULL or NUL-terminated, as the caller promises.
        MGDI_NUL_TERMINATED if !text.is_null() => unsafe { CStr::from_ptr(text) }.to_bytes(),
        // SAFETY: as of this function.
        _ => unsafe { bytes(text.cast(), len, name)? },
    };
    std::str::from_utf8(bytes).map_err(|error| mgdi_error::utf8(name, error))
}

/// Reads bytes of any content. NULL is no bytes where the length is 0, as an empty container of C++ has it.
///
/// # Safety
///
/// NULL, or bytes of that length that live as long as `'a`.
pub(super) unsafe fn bytes<'a>(
    bytes: *const u8,
    len: usize,
    name: &'static str,
) -> Result<&'a [u8], mgdi_error> {
    if bytes.is_null() {
        return match len {
            0 => Ok(&[]),
            _ => Err(mgdi_error::null(name)),
        };
    }
    if len > isize::MAX as usize {
        let message = format!("The length of {name} is larger than any memory.");
        return Err(mgdi_error::argument(message));
    }
    // SAFETY: not NULL, and that long as the caller promises.
    Ok(unsafe { std::slice::from_raw_parts(bytes, len) })
}
