//! What a loader asks first.

use std::ffi::c_char;

/// The version of this header's ABI. It changes only when a program built against an older header would no longer work.
pub const MGDI_ABI_VERSION: u32 = 1;

/// The ABI version of the loaded library. A loader compares it with `MGDI_ABI_VERSION` before any other call.
#[unsafe(no_mangle)]
pub extern "C" fn mgdi_abi_version() -> u32 {
    MGDI_ABI_VERSION
}

/// The version of the loaded library, like `0.1.0`: static text, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mgdi_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
