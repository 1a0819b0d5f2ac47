//! Opaque handles: what stands behind each C name, and who owns it.

use std::sync::Arc;

use super::error::mgdi_error;

/// A C name for a pointer to a Rust value.
pub(super) trait Handle: Sized {
    type Value;
}

/// A handle with one owner.
pub(super) trait Owned: Handle {}

/// A handle that is counted: it lives as long as anyone holds it.
pub(super) trait Counted: Handle {}

pub(super) fn into_box<H: Owned>(value: impl Into<H::Value>) -> *mut H {
    Box::into_raw(Box::new(value.into())).cast()
}

/// # Safety
///
/// NULL, or a handle that nobody uses any more.
pub(super) unsafe fn free_box<H: Owned>(handle: *mut H) {
    if !handle.is_null() {
        // SAFETY: an owned handle came from `into_box`, and the caller gives it up.
        drop(unsafe { Box::from_raw(handle.cast::<H::Value>()) });
    }
}

pub(super) fn into_arc<H: Counted>(value: H::Value) -> *mut H {
    Arc::into_raw(Arc::new(value)).cast_mut().cast()
}

/// # Safety
///
/// NULL, or a handle that the caller holds.
pub(super) unsafe fn retain_arc<H: Counted>(handle: *mut H) {
    if !handle.is_null() {
        // SAFETY: a counted handle came from `into_arc`, and the caller holds a count of it.
        unsafe { Arc::increment_strong_count(handle.cast::<H::Value>()) };
    }
}

/// # Safety
///
/// NULL, or a handle that the caller holds and gives up.
pub(super) unsafe fn free_arc<H: Counted>(handle: *mut H) {
    if !handle.is_null() {
        // SAFETY: a counted handle came from `into_arc`, and the caller gives its count up.
        drop(unsafe { Arc::from_raw(handle.cast::<H::Value>()) });
    }
}

/// # Safety
///
/// NULL, or a live handle that is not changed meanwhile.
pub(super) unsafe fn borrow<'a, H: Handle>(
    handle: *const H,
    name: &'static str,
) -> Result<&'a H::Value, mgdi_error> {
    // SAFETY: a handle that is not NULL points to its value.
    unsafe { handle.cast::<H::Value>().as_ref() }.ok_or_else(|| mgdi_error::null(name))
}

/// # Safety
///
/// NULL, or a live handle that nobody else uses meanwhile.
pub(super) unsafe fn borrow_mut<'a, H: Owned>(
    handle: *mut H,
    name: &'static str,
) -> Result<&'a mut H::Value, mgdi_error> {
    // SAFETY: a handle that is not NULL points to its value, and the caller has it alone.
    unsafe { handle.cast::<H::Value>().as_mut() }.ok_or_else(|| mgdi_error::null(name))
}

/// An out-parameter that is not NULL.
pub(super) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// # Safety
    ///
    /// NULL, or a place that may be written to while the `Out` lives.
    pub(super) unsafe fn new(place: *mut T, name: &'static str) -> Result<Self, mgdi_error> {
        match place.is_null() {
            true => Err(mgdi_error::null(name)),
            false => Ok(Self(place)),
        }
    }

    pub(super) fn set(self, value: T) {
        // SAFETY: `new` checked the place, and its caller lets it be written to.
        unsafe { self.0.write(value) };
    }
}
