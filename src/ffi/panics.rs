//! Every exported function survives a panic inside it.

use std::collections::BTreeSet;
use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use super::boundary::tests::arm;
use super::credential::*;
use super::result::mgdi_result;
use super::text::mgdi_str;
use super::{
    client::*, environment::*, error::*, identity::*, image::*, operation::*, response::*,
    result::*, sign_in::*, token::*, update::*,
};

/// What a function answers after a panic: the result for it, or nothing.
trait Survived {
    fn survived(&self) -> bool;
}

impl Survived for mgdi_result {
    fn survived(&self) -> bool {
        *self == mgdi_result::MGDI_RESULT_PANIC
    }
}

impl Survived for () {
    fn survived(&self) -> bool {
        true
    }
}

impl Survived for u16 {
    fn survived(&self) -> bool {
        *self == 0
    }
}

impl Survived for u32 {
    fn survived(&self) -> bool {
        *self == 0
    }
}

impl Survived for i64 {
    fn survived(&self) -> bool {
        *self == 0
    }
}

impl Survived for usize {
    fn survived(&self) -> bool {
        *self == 0
    }
}

impl Survived for mgdi_str {
    fn survived(&self) -> bool {
        self.data.is_null() && self.len == 0
    }
}

impl Survived for mgdi_actor {
    fn survived(&self) -> bool {
        *self == mgdi_actor::MGDI_ACTOR_UNKNOWN
    }
}

impl<T> Survived for *const T {
    fn survived(&self) -> bool {
        self.is_null()
    }
}

impl<T> Survived for *mut T {
    fn survived(&self) -> bool {
        self.is_null()
    }
}

/// Calls each function with a panic armed, and answers the names of those that were called.
macro_rules! panic_in_each {
    ($($function:ident($($argument:expr),*);)*) => {{
        let mut called = BTreeSet::new();
        $(
            arm();
            #[allow(unused_unsafe, reason = "some are safe functions")]
            // SAFETY: the panic comes before the arguments are looked at.
            let answer = unsafe { $function($($argument),*) };
            assert!(answer.survived(), stringify!($function));
            assert!(called.insert(stringify!($function)));
        )*
        called
    }};
}

#[test]
fn a_panic_in_any_function_is_a_result() {
    let text: *const c_char = null();
    let mut called = panic_in_each! {
        mgdi_cloud_endpoint(MaybeUninit::new(mgdi_cloud::MGDI_CLOUD_GLOBAL));
        mgdi_cloud_authority(MaybeUninit::new(mgdi_cloud::MGDI_CLOUD_GLOBAL));
        mgdi_client_builder_new(null_mut());
        mgdi_client_builder_set_cloud(null_mut(), MaybeUninit::new(mgdi_cloud::MGDI_CLOUD_GLOBAL), null_mut());
        mgdi_client_builder_set_endpoint(null_mut(), text, null_mut());
        mgdi_client_builder_set_token(null_mut(), text, null_mut());
        mgdi_client_builder_set_token_callback(null_mut(), None, null_mut(), None, null_mut());
        mgdi_client_builder_set_host_token(null_mut(), null_mut());
        mgdi_client_builder_set_client_secret(null_mut(), text, text, text, text, null_mut());
        mgdi_client_builder_set_client_certificate_pem(null_mut(), text, text, text, text, 0, null_mut());
        mgdi_client_builder_set_client_certificate_pfx(null_mut(), text, text, text, null(), 0, text, null_mut());
        mgdi_client_builder_set_workload_identity(null_mut(), text, text, text, text, null_mut());
        mgdi_client_builder_set_device_code(null_mut(), text, text, text, null_mut());
        mgdi_client_builder_set_managed_identity(null_mut(), MaybeUninit::new(mgdi_managed_identity::MGDI_MANAGED_IDENTITY_SYSTEM), text, null_mut());
        mgdi_client_builder_set_azure_cli(null_mut(), text, null_mut());
        mgdi_client_builder_set_environment_credential(null_mut(), text, null_mut());
        mgdi_client_builder_set_environment(null_mut(), text, 0, null_mut());
        mgdi_client_builder_set_timeout(null_mut(), 1, null_mut());
        mgdi_client_builder_set_connect_timeout(null_mut(), 1, null_mut());
        mgdi_client_builder_set_max_retries(null_mut(), 1, null_mut());
        mgdi_client_builder_set_retry_delay(null_mut(), 1, null_mut());
        mgdi_client_builder_set_retries_time_limit(null_mut(), 1, null_mut());
        mgdi_client_builder_set_proxy(null_mut(), text, text, text, null_mut());
        mgdi_client_builder_add_root_certificate(null_mut(), text, 0, null_mut());
        mgdi_client_builder_set_application(null_mut(), text, null_mut());
        mgdi_client_builder_build(null(), null_mut(), null_mut());
        mgdi_client_builder_free(null_mut());
        mgdi_client_identity(null(), null_mut(), null_mut());
        mgdi_client_endpoint(null());
        mgdi_client_retain(null_mut());
        mgdi_client_free(null_mut());
        mgdi_image_new(null_mut());
        mgdi_image_from_json(text, 0, null_mut(), null_mut());
        mgdi_image_set_text(null_mut(), MaybeUninit::new(mgdi_member::MGDI_MEMBER_ID), text, 0, null_mut());
        mgdi_image_set_null(null_mut(), MaybeUninit::new(mgdi_member::MGDI_MEMBER_ID), null_mut());
        mgdi_image_unset(null_mut(), MaybeUninit::new(mgdi_member::MGDI_MEMBER_ID), null_mut());
        mgdi_image_get(null(), MaybeUninit::new(mgdi_member::MGDI_MEMBER_ID), null_mut(), null_mut());
        mgdi_image_set_additional_json(null_mut(), text, 0, text, 0, null_mut());
        mgdi_image_to_json(null_mut(), null_mut(), null_mut());
        mgdi_image_free(null_mut());
        mgdi_update_new(text, 0, null(), null_mut(), null_mut());
        mgdi_update_set_header(null_mut(), text, 0, text, 0, null_mut());
        mgdi_update_add_header(null_mut(), text, 0, text, 0, null_mut());
        mgdi_update_set_timeout(null_mut(), 1, null_mut());
        mgdi_update_set_proxy(null_mut(), text, text, text, null_mut());
        mgdi_update_describe(null_mut(), null(), null_mut(), null_mut());
        mgdi_update_start(null_mut(), null(), null_mut(), null_mut());
        mgdi_update_start_with(null_mut(), null(), None, null_mut(), null_mut(), null_mut());
        mgdi_update_send(null_mut(), null(), null_mut(), null_mut());
        mgdi_update_free(null_mut());
        mgdi_operation_wait(null(), 1);
        mgdi_operation_prompt(null());
        mgdi_operation_token_scope(null());
        mgdi_operation_token_claims(null());
        mgdi_operation_set_token(null(), text, 0, 0, null_mut());
        mgdi_operation_fail_token(null(), text, 0, null_mut());
        mgdi_operation_cancel(null());
        mgdi_operation_descriptor(null(), null_mut(), null_mut());
        mgdi_operation_retry_count(null());
        mgdi_operation_retry_at(null(), 0, null_mut(), null_mut());
        mgdi_operation_take_response(null_mut(), null_mut(), null_mut());
        mgdi_operation_take_identity(null_mut(), null_mut(), null_mut());
        mgdi_operation_free(null_mut());
        mgdi_sign_in_start(null_mut(), null_mut(), null_mut());
        mgdi_identity_tenant_id(null());
        mgdi_identity_client_id(null());
        mgdi_identity_actor(null());
        mgdi_identity_account(null());
        mgdi_identity_scopes(null());
        mgdi_identity_expires_on(null());
        mgdi_identity_free(null_mut());
        mgdi_response_from_parts(200, text, 0, null(), 0, null_mut(), null_mut());
        mgdi_response_status(null());
        mgdi_response_header_count(null());
        mgdi_response_header_at(null(), 0, null_mut(), null_mut());
        mgdi_response_header_get(null(), text);
        mgdi_response_image_json(null());
        mgdi_response_image(null(), null_mut(), null_mut());
        mgdi_response_body(null());
        mgdi_response_attempts(null());
        mgdi_response_free(null_mut());
        mgdi_token_set(null_mut(), text, 0, 0, null_mut());
        mgdi_token_fail(null_mut(), text, 0, null_mut());
        mgdi_error_code(null());
        mgdi_error_message(null());
        mgdi_error_http_status(null());
        mgdi_error_graph_code(null());
        mgdi_error_graph_message(null());
        mgdi_error_inner_error_json(null());
        mgdi_error_request_id(null());
        mgdi_error_client_request_id(null());
        mgdi_error_date(null());
        mgdi_error_retry_after(null());
        mgdi_error_attempts(null());
        mgdi_error_body(null());
        mgdi_error_response(null());
        mgdi_error_free(null_mut());
    };

    // Its answer is never NULL, so it stands apart.
    arm();
    // SAFETY: static text.
    let name = unsafe { std::ffi::CStr::from_ptr(mgdi_result_name(0)) };
    assert_eq!(name, c"Unknown");
    called.insert("mgdi_result_name");
    // These two answer constants; there is nothing in them that could panic.
    called.extend(["mgdi_abi_version", "mgdi_version"]);

    let exported = include_str!("../../tests/data/exports.txt");
    assert_eq!(called, exported.lines().collect());
}

#[test]
fn the_error_object_says_that_the_library_failed() {
    let mut error = null_mut();
    arm();
    // SAFETY: NULL pointers but for the error, which is freed once.
    unsafe {
        let result = mgdi_image_set_null(
            null_mut(),
            MaybeUninit::new(mgdi_member::MGDI_MEMBER_ID),
            &raw mut error,
        );
        assert_eq!(result, mgdi_result::MGDI_RESULT_PANIC);
        assert_eq!(mgdi_error_code(error), mgdi_result::MGDI_RESULT_PANIC);
        mgdi_error_free(error);
    }
}
