//! `mgdi_sign_in_start`: getting a token now.

use super::boundary::fallible_with;
use super::client::mgdi_client;
use super::error::mgdi_error;
use super::handle::{self, Out};
use super::operation::mgdi_operation;
use super::result::mgdi_result;

/// Gets a token now, unless the client has one that is good still, and returns at once: so a wrong secret is told before the first update.
/// The operation is waited for, cancelled, polled and freed like an update. It ends with an identity (`mgdi_operation_take_identity`) or
/// an error. The client's time limit is its own, but for a person's part, which is limited by the life of the device code. A token that
/// was set (`mgdi_client_builder_set_token`) is there already: nothing is sent, and whether the service accepts it is not known; one
/// that says of itself that it expired more than five minutes ago is `MGDI_RESULT_TOKEN_UNAVAILABLE`. The client stays the caller's and
/// may be freed while the operation runs. The caller frees the operation with `mgdi_operation_free`.
///
/// `MGDI_RESULT_FORKED` in a process that was forked after the client was built.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_sign_in_start(
    client: *mut mgdi_client,
    out_operation: *mut *mut mgdi_operation,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let client = handle::borrow(client, "client")?;
            let out_operation = Out::new(out_operation, "out_operation")?;
            out_operation.set(handle::into_box(client.sign_in()?));
            Ok(())
        })
    }
}
