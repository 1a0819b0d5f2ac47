//! An update through the C functions, called as a C program calls them.

#![allow(unsafe_code)]

use std::ffi::{CString, c_void};
use std::ptr::{null_mut, slice_from_raw_parts};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use mgdeviceimage::ffi::client::*;
use mgdeviceimage::ffi::credential::*;
use mgdeviceimage::ffi::error::*;
use mgdeviceimage::ffi::image::*;
use mgdeviceimage::ffi::operation::*;
use mgdeviceimage::ffi::response::*;
use mgdeviceimage::ffi::result::mgdi_result::{self, *};
use mgdeviceimage::ffi::update::*;
use mgdeviceimage::ffi::{MGDI_NUL_TERMINATED, mgdi_str};

use crate::fault::{Fault, SHORT};
use crate::ledger::{Ledger, Outcome};
use crate::server;

/// More than any update may take.
const PATIENCE_MS: u32 = 60_000;

pub(crate) struct Client(*mut mgdi_client);

// SAFETY: any thread may use a client, and many at once (the header's conventions).
unsafe impl Sync for Client {}

impl Drop for Client {
    fn drop(&mut self) {
        // SAFETY: nobody uses it any more.
        unsafe { mgdi_client_free(self.0) };
    }
}

/// An update that is not yet over.
struct Operation(*mut mgdi_operation);

impl Drop for Operation {
    fn drop(&mut self) {
        // SAFETY: it belongs to this thread alone.
        unsafe { mgdi_operation_free(self.0) };
    }
}

fn expect_ok(result: mgdi_result) {
    assert_eq!(result, MGDI_RESULT_OK);
}

fn c_text(text: impl Into<Vec<u8>>) -> CString {
    CString::new(text).expect("no NUL in it")
}

/// # Safety
///
/// The view's owner lives.
unsafe fn to_text(view: mgdi_str) -> String {
    if view.data.is_null() {
        return String::new();
    }
    let bytes = slice_from_raw_parts(view.data.cast(), view.len);
    // SAFETY: as of this function.
    String::from_utf8_lossy(unsafe { &*bytes }).into_owned()
}

/// Counts a call of the completion.
unsafe extern "C" fn on_completion(user_data: *mut c_void) {
    // SAFETY: it is what `Client::start` gave, which lives for ever.
    let completions: &'static AtomicU32 = unsafe { &*user_data.cast() };
    completions.fetch_add(1, Ordering::Relaxed);
}

impl Client {
    pub(crate) fn connect(endpoint: &str) -> Self {
        let (mut builder, mut client) = (null_mut(), null_mut());
        let (endpoint, token) = (c_text(endpoint), c_text("soak"));
        // SAFETY: texts and out-parameters live during the calls.
        unsafe {
            expect_ok(mgdi_client_builder_new(&mut builder));
            expect_ok(mgdi_client_builder_set_endpoint(
                builder,
                endpoint.as_ptr(),
                null_mut(),
            ));
            expect_ok(mgdi_client_builder_set_token(
                builder,
                token.as_ptr(),
                null_mut(),
            ));
            expect_ok(mgdi_client_builder_set_retry_delay(builder, 1, null_mut()));
            expect_ok(mgdi_client_builder_build(builder, &mut client, null_mut()));
            mgdi_client_builder_free(builder);
        }
        Self(client)
    }

    /// Makes the update with this number and tells how it ended.
    pub(crate) fn update(&self, number: usize, fault: Fault, ledger: &'static Ledger) -> Outcome {
        let id = server::id(fault, number);
        let operation = self.start(&id, fault, ledger.completions(number));
        if fault == Fault::Cancel {
            thread::sleep(Duration::from_micros(500 * (number as u64 % 8)));
            // SAFETY: the operation lives.
            expect_ok(unsafe { mgdi_operation_cancel(operation.0) });
        }
        // SAFETY: the operation lives.
        match unsafe { mgdi_operation_wait(operation.0, PATIENCE_MS) } {
            MGDI_RESULT_OK => take(&operation, fault, number),
            result => Outcome {
                result,
                tries: 1,
                unconnected: 0,
                wrong: Some(format!("did not end in {PATIENCE_MS} ms")),
            },
        }
    }

    fn start(&self, id: &str, fault: Fault, completions: &'static AtomicU32) -> Operation {
        let (mut image, mut update, mut operation) = (null_mut(), null_mut(), null_mut());
        let json = format!("{{\"displayName\":\"Soak {id}\",\"status\":null}}");
        let (json, id) = (c_text(json), c_text(id));
        let completions = std::ptr::from_ref(completions).cast_mut().cast();
        // SAFETY: texts and out-parameters live during the calls, the count of completions for longer.
        unsafe {
            expect_ok(mgdi_image_from_json(
                json.as_ptr(),
                MGDI_NUL_TERMINATED,
                &mut image,
                null_mut(),
            ));
            expect_ok(mgdi_update_new(
                id.as_ptr(),
                MGDI_NUL_TERMINATED,
                image,
                &mut update,
                null_mut(),
            ));
            mgdi_image_free(image);
            if fault == Fault::Hang {
                let limit = SHORT.as_millis() as u32;
                expect_ok(mgdi_update_set_timeout(update, limit, null_mut()));
            }
            expect_ok(mgdi_update_start_with(
                self.0,
                update,
                Some(on_completion),
                completions,
                &mut operation,
                null_mut(),
            ));
            mgdi_update_free(update);
        }
        Operation(operation)
    }
}

/// Takes the outcome of an operation that has ended.
fn take(operation: &Operation, fault: Fault, number: usize) -> Outcome {
    let (mut response, mut error) = (null_mut(), null_mut());
    // SAFETY: the operation lives and is this thread's alone; what it gives is freed once, after it was looked at.
    unsafe {
        let result = mgdi_operation_take_response(operation.0, &mut response, &mut error);
        let again = mgdi_operation_take_response(operation.0, &mut null_mut(), null_mut());
        let told = mgdi_response_attempts(response) + mgdi_error_attempts(error);
        let image = to_text(mgdi_response_image_json(response));
        mgdi_response_free(response);
        mgdi_error_free(error);
        let (retries, unconnected) = retries(operation);
        let wrong = if again != MGDI_RESULT_ALREADY_TAKEN {
            Some(format!("its response could be taken again: {again:?}"))
        } else if result == MGDI_RESULT_OK && !is_own(&image, fault, number) {
            Some(format!("got the answer to another: {image}"))
        } else if told != retries + 1 && result != MGDI_RESULT_CANCELLED {
            Some(format!("{told} tries are told, and {retries} retries"))
        } else {
            None
        };
        Outcome {
            result,
            tries: retries + 1,
            unconnected,
            wrong,
        }
    }
}

/// Whether an image is the answer to this update and no other.
fn is_own(image: &str, fault: Fault, number: usize) -> bool {
    match fault {
        Fault::Empty200 => image.is_empty(),
        _ => image.contains(&format!("-{number}\"")),
    }
}

/// How often an operation was tried again, and how many of these times because no connection was made.
///
/// # Safety
///
/// The operation lives.
unsafe fn retries(operation: &Operation) -> (u32, u32) {
    let (mut status, mut delay_ms, mut unconnected) = (0, 0, 0);
    // SAFETY: as of this function.
    let retries = unsafe { mgdi_operation_retry_count(operation.0) };
    for index in 0..retries {
        // SAFETY: as of this function.
        expect_ok(unsafe {
            mgdi_operation_retry_at(operation.0, index, &mut status, &mut delay_ms)
        });
        unconnected += u32::from(status == 0);
    }
    (retries as u32, unconnected)
}
