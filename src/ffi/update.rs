//! `mgdi_update`: one request.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use super::boundary::{fallible_with, infallible};
use super::client::{self, mgdi_client};
use super::error::mgdi_error;
use super::handle::{self, Handle, Out, Owned};
use super::image::mgdi_image;
use super::operation::mgdi_operation;
use super::response::mgdi_response;
use super::result::mgdi_result;
use super::text::{self, mgdi_str};
use crate::error::Error;
use crate::update::Update;

/// One request to update a device image: which image, its new content, headers. It may be started any number of times.
///
/// Made by `mgdi_update_new`; given back with `mgdi_update_free`. It belongs to one thread at a time.
///
/// Methods: `mgdi_update_new`, `mgdi_update_set_header`, `mgdi_update_add_header`, `mgdi_update_set_timeout`,
/// `mgdi_update_set_proxy`, `mgdi_update_describe`, `mgdi_update_start`, `mgdi_update_start_with`, `mgdi_update_send`,
/// `mgdi_update_free`.
pub struct mgdi_update {
    _opaque: [u8; 0],
}

impl Handle for mgdi_update {
    type Value = UpdateHandle;
}

impl Owned for mgdi_update {}

/// A request, and its description once it was asked for, so that C can look at it.
pub(super) struct UpdateHandle {
    update: Update,
    description: String,
}

impl From<Update> for UpdateHandle {
    fn from(update: Update) -> Self {
        let description = String::new();
        Self {
            update,
            description,
        }
    }
}

/// Makes a request that updates the image with this id of `id_len` bytes; any text but the empty one, `.` and `..`. The body is
/// written now: `image` stays the caller's and may be changed or freed. The caller frees the request with `mgdi_update_free`.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the id cannot be used, also because it is too long.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_new(
    id: *const c_char,
    id_len: usize,
    image: *const mgdi_image,
    out_update: *mut *mut mgdi_update,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let id = text::counted(id, id_len, "id")?;
            let image = handle::borrow(image, "image")?;
            let out_update = Out::new(out_update, "out_update")?;
            out_update.set(handle::into_box(Update::new(id, &image.image)?));
            Ok(())
        })
    }
}

/// Sets a header of the request, in place of any value it had; name and value are copied. `Authorization` is always the client's
/// own in the end.
///
/// `MGDI_RESULT_INVALID_HEADER`, naming the header, if it cannot be sent or is not the caller's to set: those of the connection,
/// `Host`, and everything that describes the content (`Content-Type` and the like). The request is then as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_set_header(
    update: *mut mgdi_update,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        with_header(
            update,
            (name, name_len),
            (value, value_len),
            out_error,
            Update::set_header,
        )
    }
}

/// Adds one more value of a header; otherwise as `mgdi_update_set_header`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_add_header(
    update: *mut mgdi_update,
    name: *const c_char,
    name_len: usize,
    value: *const c_char,
    value_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        with_header(
            update,
            (name, name_len),
            (value, value_len),
            out_error,
            Update::add_header,
        )
    }
}

/// # Safety
///
/// The header's conventions.
unsafe fn with_header(
    update: *mut mgdi_update,
    name: (*const c_char, usize),
    value: (*const c_char, usize),
    out_error: *mut *mut mgdi_error,
    put: fn(&mut Update, &str, &str) -> Result<(), Error>,
) -> mgdi_result {
    // SAFETY: as of this function.
    unsafe {
        fallible_with(out_error, || {
            let update = handle::borrow_mut(update, "update")?;
            let name = text::counted(name.0, name.1, "name")?;
            let value = text::counted(value.0, value.1, "value")?;
            put(&mut update.update, name, value)?;
            Ok(())
        })
    }
}

/// Limits the time of this update as a whole, in milliseconds, in place of the client's limit. Not 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_set_timeout(
    update: *mut mgdi_update,
    timeout_ms: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let update = handle::borrow_mut(update, "update")?;
            update
                .update
                .set_timeout(Duration::from_millis(timeout_ms.into()))?;
            Ok(())
        })
    }
}

/// Sends this update, and a request for the token that it needs, through a proxy, in place of the client's; otherwise as
/// `mgdi_client_builder_set_proxy`. `user` and `password` may both be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_set_proxy(
    update: *mut mgdi_update,
    proxy: *const c_char,
    user: *const c_char,
    password: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let update = handle::borrow_mut(update, "update")?;
            update
                .update
                .set_proxy(client::proxy(proxy, user, password)?);
            Ok(())
        })
    }
}

/// Describes the request as `mgdi_update_start` would send it, for a log: `PATCH <URL>`, then a line `name: value` for each header,
/// with a line feed between lines; not the body. `Authorization` is left out, and so is what the connection adds (`host`,
/// `content-length`). An update without a `client-request-id` gets one and keeps it, so that what is shown is what goes out. The view
/// belongs to the update and is valid until the update is described again or freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_describe(
    update: *mut mgdi_update,
    client: *const mgdi_client,
    out_description: *mut mgdi_str,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let update = handle::borrow_mut(update, "update")?;
            let client = handle::borrow(client, "client")?;
            let out_description = Out::new(out_description, "out_description")?;
            update.description = client.describe(&mut update.update);
            out_description.set(mgdi_str::of(update.description.as_bytes()));
            Ok(())
        })
    }
}

/// Starts an update and returns at once. Client and update stay the caller's and may be freed while the operation runs. The caller
/// frees the operation with `mgdi_operation_free`.
///
/// What goes wrong on the way to the server is answered by `mgdi_operation_take_response`. `MGDI_RESULT_FORKED` in a process that
/// was forked after the client was built; `MGDI_RESULT_INVALID_ARGUMENT` if the update's own proxy cannot be used with the client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_start(
    client: *mut mgdi_client,
    update: *const mgdi_update,
    out_operation: *mut *mut mgdi_operation,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let client = handle::borrow(client, "client")?;
            let update = handle::borrow(update, "update")?;
            let out_operation = Out::new(out_operation, "out_operation")?;
            out_operation.set(handle::into_box(client.start(&update.update)?));
            Ok(())
        })
    }
}

/// What is called when an operation has ended, with the `user_data` that `mgdi_update_start_with` was given.
pub type mgdi_completion = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// Starts an update and returns at once, for hosts that must not wait. `completion` is called exactly once with `user_data`, on the
/// library's thread, when the operation has ended: also when it fails, is cancelled or is freed, and then possibly after
/// `mgdi_operation_free` has returned, or before this function has. If this function fails it is not called. `user_data` may be NULL.
///
/// Inside the completion every function is allowed but for waiting: `mgdi_operation_wait` with a time other than 0 and
/// `mgdi_update_send` answer `MGDI_RESULT_WOULD_BLOCK`. It must return soon, for the client's other requests wait meanwhile. Usually
/// it tells the host's own loop, which then takes the response. Otherwise as `mgdi_update_start`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_start_with(
    client: *mut mgdi_client,
    update: *const mgdi_update,
    completion: mgdi_completion,
    user_data: *mut c_void,
    out_operation: *mut *mut mgdi_operation,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let client = handle::borrow(client, "client")?;
            let update = handle::borrow(update, "update")?;
            let completion = completion.ok_or_else(|| mgdi_error::null("completion"))?;
            let out_operation = Out::new(out_operation, "out_operation")?;
            let user_data = UserData(user_data);
            let completion = Box::new(move || user_data.pass_to(completion));
            out_operation.set(handle::into_box(
                client.start_with(&update.update, completion)?,
            ));
            Ok(())
        })
    }
}

/// A pointer of the host's, for the host alone to look behind.
struct UserData(*mut c_void);

// SAFETY: the library never looks behind the pointer; the host knows from the header that it comes back on another thread.
unsafe impl Send for UserData {}

impl UserData {
    fn pass_to(self, completion: unsafe extern "C" fn(*mut c_void)) {
        // SAFETY: the host gave both, for this call.
        unsafe { completion(self.0) };
    }
}

/// Starts an update, waits for its end and takes its response, for callers that have nothing else to do. The caller frees the
/// response with `mgdi_response_free`.
///
/// `MGDI_RESULT_SERVICE_ERROR` for an answer other than 2xx; the error has what Graph said. `MGDI_RESULT_WOULD_BLOCK` inside a completion
/// or a token callback; `MGDI_RESULT_TOKEN_UNAVAILABLE` where the host would have to be asked for a token
/// (`mgdi_client_builder_set_host_token`); `MGDI_RESULT_INVALID_ARGUMENT` as for `mgdi_update_start`. Any result of the bands 200 to 900
/// may come.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_send(
    client: *mut mgdi_client,
    update: *const mgdi_update,
    out_response: *mut *mut mgdi_response,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let client = handle::borrow(client, "client")?;
            let update = handle::borrow(update, "update")?;
            let out_response = Out::new(out_response, "out_response")?;
            out_response.set(handle::into_box(client.send(&update.update)?));
            Ok(())
        })
    }
}

/// Frees an update. NULL is allowed. Operations that were started with it go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_update_free(update: *mut mgdi_update) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(update) });
}
