//! What stands around the body of every exported function: no panic gets out, errors become results.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::error::mgdi_error;
use super::handle;
use super::result::mgdi_result;

/// Runs the body of a function that cannot fail. A panic inside answers `on_panic`.
pub(super) fn infallible<T>(on_panic: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(|| {
        #[cfg(test)]
        tests::panic_if_armed();
        body()
    }))
    .unwrap_or(on_panic)
}

/// Runs the body of a function that answers a result and has no `out_error`.
pub(super) fn fallible(body: impl FnOnce() -> Result<(), mgdi_error>) -> mgdi_result {
    // SAFETY: NULL is allowed.
    unsafe { fallible_with(std::ptr::null_mut(), body) }
}

/// Runs the body of a function that answers a result and, where `out_error` is not NULL, an error object: NULL on success.
///
/// # Safety
///
/// `out_error` is NULL or may be written to.
pub(super) unsafe fn fallible_with(
    out_error: *mut *mut mgdi_error,
    body: impl FnOnce() -> Result<(), mgdi_error>,
) -> mgdi_result {
    let outcome = infallible(Err(mgdi_error::panic()), body);
    let (result, error) = match outcome {
        Ok(()) => (mgdi_result::MGDI_RESULT_OK, None),
        Err(error) => (error.code(), Some(error)),
    };
    if !out_error.is_null() {
        let error = error.map_or(std::ptr::null_mut(), handle::into_box);
        // SAFETY: not NULL, so the caller lets it be written to.
        unsafe { out_error.write(error) };
    }
    result
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;

    thread_local! {
        static ARMED: Cell<bool> = const { Cell::new(false) };
    }

    /// Makes the next exported function on this thread panic.
    pub(in crate::ffi) fn arm() {
        ARMED.set(true);
    }

    pub(super) fn panic_if_armed() {
        if ARMED.take() {
            panic!("injected");
        }
    }
}
