//! Every pointer of every function, tried with NULL while all others are valid. The cases are compared with the header, so that
//! none is missed.

#![allow(unsafe_code)]

#[path = "c/declarations.rs"]
mod declarations;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};
use std::sync::mpsc::{Receiver, Sender, channel};

use mgdeviceimage::ffi::client::*;
use mgdeviceimage::ffi::credential::*;
use mgdeviceimage::ffi::environment::*;
use mgdeviceimage::ffi::error::*;
use mgdeviceimage::ffi::identity::*;
use mgdeviceimage::ffi::image::*;
use mgdeviceimage::ffi::operation::*;
use mgdeviceimage::ffi::response::*;
use mgdeviceimage::ffi::result::*;
use mgdeviceimage::ffi::sign_in::*;
use mgdeviceimage::ffi::token::*;
use mgdeviceimage::ffi::update::*;
use mgdeviceimage::ffi::{MGDI_NUL_TERMINATED, mgdi_str};

use declarations::Function;

/// One function, its parameters' names, and a call of it in which the parameter with the given name is NULL.
struct Case {
    function: &'static str,
    parameters: &'static [&'static str],
    call: fn(&Valid, &str) -> Answer,
}

impl Case {
    fn signature(&self) -> String {
        format!("{}({})", self.function, self.parameters.join(", "))
    }
}

/// Makes the table of cases: each function with a valid value for each parameter.
macro_rules! cases {
    ($valid:ident; $($function:ident($($parameter:ident: $value:expr),*);)*) => {
        const CASES: &[Case] = &[$(Case {
            function: stringify!($function),
            parameters: &[$(stringify!($parameter)),*],
            call: |$valid, null| {
                // SAFETY: every argument is valid for its parameter, but for one that is NULL, and that is allowed.
                Answer::from(unsafe {
                    $function($(argument($value, stringify!($parameter) == null)),*)
                })
            },
        }),*];
    };
}

cases! { valid;
    mgdi_client_builder_new(out_builder: valid.out());
    mgdi_client_builder_set_cloud(builder: valid.builder, cloud: MaybeUninit::new(mgdi_cloud::MGDI_CLOUD_GLOBAL), out_error: valid.out_error());
    mgdi_client_builder_set_endpoint(builder: valid.builder, endpoint: ENDPOINT, out_error: valid.out_error());
    mgdi_client_builder_set_token(builder: valid.builder, token: TEXT, out_error: valid.out_error());
    mgdi_client_builder_set_token_callback(builder: valid.builder, callback: Some(lend_token), user_data: null_mut(), release: None, out_error: valid.out_error());
    mgdi_client_builder_set_host_token(builder: valid.builder, out_error: valid.out_error());
    mgdi_client_builder_set_client_secret(builder: valid.builder, authority: AUTHORITY, tenant: TENANT, client_id: CLIENT, secret: TEXT, out_error: valid.out_error());
    mgdi_client_builder_set_client_certificate_pem(builder: valid.builder, authority: AUTHORITY, tenant: TENANT, client_id: CLIENT, pem: TEXT, pem_len: TO_NUL, out_error: valid.out_error());
    mgdi_client_builder_set_client_certificate_pfx(builder: valid.builder, authority: AUTHORITY, tenant: TENANT, client_id: CLIENT, pfx: TEXT.cast(), pfx_len: 4, password: TEXT, out_error: valid.out_error());
    mgdi_client_builder_set_workload_identity(builder: valid.builder, authority: AUTHORITY, tenant: TENANT, client_id: CLIENT, token_file: TEXT, out_error: valid.out_error());
    mgdi_client_builder_set_device_code(builder: valid.builder, authority: AUTHORITY, tenant: TENANT, client_id: CLIENT, out_error: valid.out_error());
    // The id is NULL for the system's own identity alone.
    mgdi_client_builder_set_managed_identity(builder: valid.builder, kind: IDENTITY, id: CLIENT, out_error: valid.out_error());
    mgdi_client_builder_set_azure_cli(builder: valid.builder, tenant: TENANT, out_error: valid.out_error());
    mgdi_client_builder_set_environment_credential(builder: valid.builder, authority: AUTHORITY, out_error: valid.out_error());
    mgdi_token_set(token: valid.token, text: TEXT, text_len: TO_NUL, lifetime_s: 1, out_error: valid.out_error());
    mgdi_token_fail(token: valid.token, reason: TEXT, reason_len: TO_NUL, out_error: valid.out_error());

    mgdi_client_builder_set_environment(builder: valid.builder, block: TEXT, block_len: 0, out_error: valid.out_error());
    mgdi_client_builder_set_timeout(builder: valid.builder, timeout_ms: 1, out_error: valid.out_error());
    mgdi_client_builder_set_connect_timeout(builder: valid.builder, timeout_ms: 1, out_error: valid.out_error());
    mgdi_client_builder_set_max_retries(builder: valid.builder, max_retries: 1, out_error: valid.out_error());
    mgdi_client_builder_set_retry_delay(builder: valid.builder, delay_ms: 1, out_error: valid.out_error());
    mgdi_client_builder_set_retries_time_limit(builder: valid.builder, time_limit_ms: 1, out_error: valid.out_error());
    mgdi_client_builder_set_application(builder: valid.builder, application: TEXT, out_error: valid.out_error());
    // User and password may be NULL together, but not one alone.
    mgdi_client_builder_set_proxy(builder: valid.builder, proxy: ENDPOINT, user: TEXT, password: TEXT, out_error: valid.out_error());
    mgdi_client_builder_add_root_certificate(builder: valid.builder, pem: TEXT, pem_len: TO_NUL, out_error: valid.out_error());
    mgdi_client_builder_build(builder: valid.builder, out_client: valid.out(), out_error: valid.out_error());
    mgdi_client_builder_free(builder: valid.builder);
    mgdi_client_retain(client: valid.client);
    mgdi_client_endpoint(client: valid.client);
    mgdi_client_identity(client: valid.client, out_identity: valid.out(), out_error: valid.out_error());
    mgdi_client_free(client: valid.client);

    mgdi_image_new(out_image: valid.out());
    mgdi_image_from_json(json: JSON, json_len: TO_NUL, out_image: valid.out(), out_error: valid.out_error());
    mgdi_image_set_text(image: valid.image, member: MEMBER, text: TEXT, text_len: TO_NUL, out_error: valid.out_error());
    mgdi_image_set_null(image: valid.image, member: MEMBER, out_error: valid.out_error());
    mgdi_image_unset(image: valid.image, member: MEMBER, out_error: valid.out_error());
    mgdi_image_get(image: valid.image, member: MEMBER, out_state: valid.out(), out_text: valid.out());
    mgdi_image_set_additional_json(image: valid.image, name: TEXT, name_len: TO_NUL, json: JSON, json_len: TO_NUL, out_error: valid.out_error());
    mgdi_image_to_json(image: valid.image, out_json: valid.out(), out_error: valid.out_error());
    mgdi_image_free(image: valid.image);

    mgdi_update_new(id: TEXT, id_len: TO_NUL, image: valid.image, out_update: valid.out(), out_error: valid.out_error());
    mgdi_update_set_header(update: valid.update, name: TEXT, name_len: TO_NUL, value: TEXT, value_len: TO_NUL, out_error: valid.out_error());
    mgdi_update_add_header(update: valid.update, name: TEXT, name_len: TO_NUL, value: TEXT, value_len: TO_NUL, out_error: valid.out_error());
    mgdi_update_set_timeout(update: valid.update, timeout_ms: 1, out_error: valid.out_error());
    mgdi_update_set_proxy(update: valid.update, proxy: ENDPOINT, user: TEXT, password: TEXT, out_error: valid.out_error());
    mgdi_update_describe(update: valid.update, client: valid.client, out_description: valid.out(), out_error: valid.out_error());
    mgdi_update_start(client: valid.client, update: valid.update, out_operation: valid.out(), out_error: valid.out_error());
    mgdi_update_start_with(client: valid.client, update: valid.update, completion: COMPLETION, user_data: null_mut(), out_operation: valid.out(), out_error: valid.out_error());
    mgdi_update_send(client: valid.client, update: valid.update, out_response: valid.out(), out_error: valid.out_error());
    mgdi_update_free(update: valid.update);

    mgdi_operation_wait(operation: valid.operation, timeout_ms: 0);
    mgdi_operation_prompt(operation: valid.operation);
    mgdi_operation_token_scope(operation: valid.operation);
    mgdi_operation_token_claims(operation: valid.operation);
    mgdi_operation_set_token(operation: valid.operation, text: TEXT, text_len: TO_NUL, lifetime_s: 1, out_error: valid.out_error());
    mgdi_operation_fail_token(operation: valid.operation, reason: TEXT, reason_len: TO_NUL, out_error: valid.out_error());
    mgdi_operation_cancel(operation: valid.operation);
    mgdi_operation_descriptor(operation: valid.operation, out_descriptor: valid.out(), out_error: valid.out_error());
    mgdi_operation_retry_count(operation: valid.operation);
    mgdi_operation_retry_at(operation: valid.operation, index: 0, out_status: valid.out(), out_delay_ms: valid.out());
    mgdi_operation_take_response(operation: valid.operation, out_response: valid.out(), out_error: valid.out_error());
    mgdi_operation_take_identity(operation: valid.operation, out_identity: valid.out(), out_error: valid.out_error());
    mgdi_operation_free(operation: valid.operation);

    mgdi_sign_in_start(client: valid.client, out_operation: valid.out(), out_error: valid.out_error());
    mgdi_identity_tenant_id(identity: valid.identity);
    mgdi_identity_client_id(identity: valid.identity);
    mgdi_identity_actor(identity: valid.identity);
    mgdi_identity_account(identity: valid.identity);
    mgdi_identity_scopes(identity: valid.identity);
    mgdi_identity_expires_on(identity: valid.identity);
    mgdi_identity_free(identity: valid.identity);

    mgdi_response_from_parts(status: 200, headers: HEADERS, headers_len: TO_NUL, body: JSON.cast(), body_len: 2, out_response: valid.out(), out_error: valid.out_error());
    mgdi_response_status(response: valid.response);
    mgdi_response_header_count(response: valid.response);
    mgdi_response_header_at(response: valid.response, index: 0, out_name: valid.out(), out_value: valid.out());
    mgdi_response_header_get(response: valid.response, name: TEXT);
    mgdi_response_image_json(response: valid.response);
    mgdi_response_image(response: valid.response, out_image: valid.out(), out_error: valid.out_error());
    mgdi_response_body(response: valid.response);
    mgdi_response_attempts(response: valid.response);
    mgdi_response_free(response: valid.response);

    mgdi_error_code(error: valid.error);
    mgdi_error_message(error: valid.error);
    mgdi_error_http_status(error: valid.error);
    mgdi_error_graph_code(error: valid.error);
    mgdi_error_graph_message(error: valid.error);
    mgdi_error_inner_error_json(error: valid.error);
    mgdi_error_request_id(error: valid.error);
    mgdi_error_client_request_id(error: valid.error);
    mgdi_error_date(error: valid.error);
    mgdi_error_retry_after(error: valid.error);
    mgdi_error_attempts(error: valid.error);
    mgdi_error_body(error: valid.error);
    mgdi_error_response(error: valid.error);
    mgdi_error_free(error: valid.error);
}

#[test]
fn every_function_of_the_header_has_its_case() {
    let declared: BTreeSet<String> = declarations::functions()
        .iter()
        .filter(|function| function.has_pointer())
        .map(Function::signature)
        .collect();
    let tried: BTreeSet<String> = CASES.iter().map(Case::signature).collect();
    let without_a_case: Vec<_> = declared.difference(&tried).collect();
    let of_no_function: Vec<_> = tried.difference(&declared).collect();
    assert!(
        declared == tried,
        "without a case: {without_a_case:#?}\ncases of no function: {of_no_function:#?}"
    );
}

#[test]
fn null_is_a_result_and_nothing_is_written() {
    let valid = Valid::new();
    let functions = declarations::functions();
    for case in CASES {
        let function = functions.iter().find(|it| it.name == case.function);
        let function = function.expect("the header declares it");
        let pointers = function.parameters.iter().filter(|it| it.is_pointer);
        for parameter in pointers.filter(|it| !may_be_null(function, &it.name)) {
            for asks_for_error in [true, false] {
                valid.prepare(asks_for_error);
                let answer = (case.call)(&valid, &parameter.name);
                let tried = format!("{}, {} is NULL", function.name, parameter.name);
                assert_eq!(answer, expected(function), "{tried}");
                valid.check_that_nothing_was_written(&tried);
                if asks_for_error && case.parameters.contains(&"out_error") {
                    valid.check_that_the_error_names(&parameter.name, &tried);
                }
            }
        }
    }
}

#[test]
fn an_outcome_that_could_not_be_handed_out_is_still_there() {
    let valid = Valid::new();
    // SAFETY: live handles, and NULL.
    unsafe {
        mgdi_operation_cancel(valid.operation);
        assert_eq!(
            mgdi_operation_take_response(valid.operation, null_mut(), null_mut()),
            mgdi_result::MGDI_RESULT_NULL_POINTER
        );
        assert_eq!(
            mgdi_operation_take_response(valid.operation, valid.out(), null_mut()),
            mgdi_result::MGDI_RESULT_CANCELLED
        );
    }
}

/// Every call is made with and without a place for the error. What else may be NULL by a function's comment:
fn may_be_null(function: &Function, parameter: &str) -> bool {
    matches!(
        (function.name.as_str(), parameter),
        (_, "out_error" | "user_data")
            | ("mgdi_client_builder_set_token_callback", "release")
            | ("mgdi_client_builder_set_azure_cli", "tenant")
            | (
                "mgdi_client_builder_set_environment_credential",
                "authority"
            )
            // No bytes: its length is 0 here.
            | ("mgdi_client_builder_set_environment", "block")
    )
}

/// What a function answers to NULL.
fn expected(function: &Function) -> Answer {
    match (function.name.as_str(), function.returns.as_str()) {
        // It reads; its "nothing" is OK.
        ("mgdi_error_code", _) => Answer::Result(mgdi_result::MGDI_RESULT_OK),
        (_, "mgdi_result") => Answer::Result(mgdi_result::MGDI_RESULT_NULL_POINTER),
        _ => Answer::Nothing,
    }
}

/// As the length of a text: it ends at its first NUL.
const TO_NUL: usize = MGDI_NUL_TERMINATED;

const TEXT: *const c_char = c"text".as_ptr();
const JSON: *const c_char = c"{}".as_ptr();
const HEADERS: *const c_char = c"x-tag: 1".as_ptr();
const MEMBER: MaybeUninit<mgdi_member> = MaybeUninit::new(mgdi_member::MGDI_MEMBER_STATUS);

const COMPLETION: mgdi_completion = Some(ignore);

unsafe extern "C" fn ignore(_user_data: *mut c_void) {}

const AUTHORITY: *const c_char = c"https://login.microsoftonline.com".as_ptr();
const TENANT: *const c_char = c"contoso.onmicrosoft.com".as_ptr();
const CLIENT: *const c_char = c"5d5a3e54-3f0b-4cb0-8d3d-0ad7e1c6b0a1".as_ptr();
const IDENTITY: MaybeUninit<mgdi_managed_identity> =
    MaybeUninit::new(mgdi_managed_identity::MGDI_MANAGED_IDENTITY_CLIENT_ID);

/// Nobody is asked there: the operation waits for its token.
const ENDPOINT: *const c_char = c"http://127.0.0.1:1".as_ptr();

/// What a place for an out-parameter holds while nothing was written to it.
const UNTOUCHED: [usize; 2] = [usize::MAX / 3; 2];

/// A live object of each kind, and places for out-parameters.
struct Valid {
    builder: *mut mgdi_client_builder,
    client: *mut mgdi_client,
    image: *mut mgdi_image,
    update: *mut mgdi_update,
    operation: *mut mgdi_operation,
    /// Of the callback that the operation waits for. It returns when `_returns` is dropped.
    token: *mut mgdi_token,
    _returns: Sender<()>,
    identity: *mut mgdi_identity,
    response: *mut mgdi_response,
    error: *mut mgdi_error,
    /// All out-parameters but `out_error` point here: none is to be written to.
    out: Cell<[usize; 2]>,
    out_error: Cell<*mut mgdi_error>,
    asks_for_error: Cell<bool>,
}

impl Valid {
    fn new() -> Self {
        let (lend, lent) = channel();
        let (returns, wait) = channel();
        let lender = Box::into_raw(Box::new(Lender { lend, wait }));
        let mut valid = Self {
            token: null_mut(),
            _returns: returns,
            builder: null_mut(),
            client: null_mut(),
            image: null_mut(),
            update: null_mut(),
            operation: null_mut(),
            identity: null_mut(),
            response: null_mut(),
            error: null_mut(),
            out: Cell::new(UNTOUCHED),
            out_error: Cell::new(null_mut()),
            asks_for_error: Cell::new(false),
        };
        let none = null_mut();
        let empty = null::<u8>().wrapping_add(1);
        // SAFETY: live handles, texts that end with NUL, and places of this test's own.
        let results = unsafe {
            [
                mgdi_client_builder_new(&raw mut valid.builder),
                mgdi_client_builder_set_endpoint(valid.builder, ENDPOINT, none),
                mgdi_client_builder_set_token_callback(
                    valid.builder,
                    Some(lend_token),
                    lender.cast(),
                    Some(drop_lender),
                    none,
                ),
                mgdi_client_builder_build(valid.builder, &raw mut valid.client, none),
                mgdi_image_new(&raw mut valid.image),
                mgdi_update_new(TEXT, TO_NUL, valid.image, &raw mut valid.update, none),
                mgdi_update_start(valid.client, valid.update, &raw mut valid.operation, none),
                mgdi_response_from_parts(
                    200,
                    HEADERS,
                    TO_NUL,
                    JSON.cast(),
                    2,
                    &raw mut valid.response,
                    none,
                ),
            ]
        };
        assert_eq!(results, [mgdi_result::MGDI_RESULT_OK; 8]);
        valid.identity = identity(valid.builder);
        let token: usize = lent.recv().expect("the operation needs a token");
        valid.token = token as *mut mgdi_token;
        let mut nothing = null_mut();
        // SAFETY: as above.
        let result = unsafe {
            mgdi_response_from_parts(
                404,
                HEADERS,
                TO_NUL,
                empty,
                0,
                &raw mut nothing,
                &raw mut valid.error,
            )
        };
        assert_eq!(result, mgdi_result::MGDI_RESULT_SERVICE_ERROR);
        valid
    }

    fn prepare(&self, asks_for_error: bool) {
        self.out.set(UNTOUCHED);
        self.out_error.set(null_mut());
        self.asks_for_error.set(asks_for_error);
    }

    fn out<T>(&self) -> *mut T {
        assert!(size_of::<T>() <= size_of_val(&self.out));
        self.out.as_ptr().cast()
    }

    fn out_error(&self) -> *mut *mut mgdi_error {
        match self.asks_for_error.get() {
            true => self.out_error.as_ptr(),
            false => null_mut(),
        }
    }

    fn check_that_nothing_was_written(&self, tried: &str) {
        assert_eq!(self.out.get(), UNTOUCHED, "{tried}");
    }

    fn check_that_the_error_names(&self, parameter: &str, tried: &str) {
        let error = self.out_error.get();
        assert!(!error.is_null(), "{tried}");
        // SAFETY: the error is live until it is freed, and its message as long.
        unsafe {
            assert_eq!(
                mgdi_error_code(error),
                mgdi_result::MGDI_RESULT_NULL_POINTER,
                "{tried}"
            );
            let message = mgdi_error_message(error);
            let message = std::slice::from_raw_parts(message.data.cast::<u8>(), message.len);
            let message = String::from_utf8_lossy(message).into_owned();
            assert_eq!(message, format!("{parameter} is NULL."), "{tried}");
            mgdi_error_free(error);
        }
    }
}

impl Drop for Valid {
    fn drop(&mut self) {
        // SAFETY: each is live or NULL, and used no more.
        unsafe {
            mgdi_error_free(self.error);
            mgdi_response_free(self.response);
            mgdi_identity_free(self.identity);
            mgdi_operation_free(self.operation);
            mgdi_update_free(self.update);
            mgdi_image_free(self.image);
            mgdi_client_free(self.client);
            mgdi_client_builder_free(self.builder);
        }
    }
}

/// The identity of a token that is there already. Nobody is asked.
fn identity(builder: *mut mgdi_client_builder) -> *mut mgdi_identity {
    let (mut client, mut operation, mut identity) = (null_mut(), null_mut(), null_mut());
    let none = null_mut();
    // SAFETY: a live builder, texts that end with NUL, and places of this function's own.
    let results = unsafe {
        [
            mgdi_client_builder_set_token(builder, TEXT, none),
            mgdi_client_builder_build(builder, &raw mut client, none),
            mgdi_sign_in_start(client, &raw mut operation, none),
            mgdi_operation_wait(operation, 10_000),
            mgdi_operation_take_identity(operation, &raw mut identity, none),
        ]
    };
    assert_eq!(results, [mgdi_result::MGDI_RESULT_OK; 5]);
    // SAFETY: both are live, and used no more.
    unsafe {
        mgdi_operation_free(operation);
        mgdi_client_free(client);
    }
    identity
}

/// A token lives as long as the callback that is to fill it, so the callback lends it and waits.
struct Lender {
    lend: Sender<usize>,
    wait: Receiver<()>,
}

unsafe extern "C" fn lend_token(
    user_data: *mut c_void,
    _scope: mgdi_str,
    _claims: mgdi_str,
    token: *mut mgdi_token,
) {
    // SAFETY: the library gives back what it was given, to one call at a time.
    let lender = unsafe { &*user_data.cast::<Lender>() };
    lender.lend.send(token as usize).expect("the test listens");
    // Ends when the other side is dropped.
    let _ = lender.wait.recv();
}

unsafe extern "C" fn drop_lender(user_data: *mut c_void) {
    // SAFETY: it came from `Box::into_raw`, and this is called once, when no other call comes.
    drop(unsafe { Box::from_raw(user_data.cast::<Lender>()) });
}

/// A value that an argument may have: a pointer can be NULL instead.
trait Argument {
    fn null() -> Self;
}

impl<T> Argument for *const T {
    fn null() -> Self {
        null()
    }
}

impl<T> Argument for *mut T {
    fn null() -> Self {
        null_mut()
    }
}

/// A pointer to a function.
impl<F> Argument for Option<F> {
    fn null() -> Self {
        None
    }
}

macro_rules! no_pointers {
    ($($kind:ty),*) => {
        $(impl Argument for $kind {
            fn null() -> Self {
                unreachable!("the header says that it is a pointer")
            }
        })*
    };
}

no_pointers!(
    u16,
    u32,
    usize,
    MaybeUninit<mgdi_cloud>,
    MaybeUninit<mgdi_member>,
    MaybeUninit<mgdi_managed_identity>
);

fn argument<A: Argument>(valid: A, is_null: bool) -> A {
    if is_null { A::null() } else { valid }
}

/// What a function answered.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Result(mgdi_result),
    /// No value, or NULL, 0, `{NULL, 0}`.
    Nothing,
    Something,
}

impl Answer {
    fn nothing_if(nothing: bool) -> Self {
        if nothing {
            Self::Nothing
        } else {
            Self::Something
        }
    }
}

impl From<mgdi_result> for Answer {
    fn from(result: mgdi_result) -> Self {
        Self::Result(result)
    }
}

impl From<mgdi_actor> for Answer {
    fn from(actor: mgdi_actor) -> Self {
        Self::nothing_if(actor == mgdi_actor::MGDI_ACTOR_UNKNOWN)
    }
}

impl From<()> for Answer {
    fn from((): ()) -> Self {
        Self::Nothing
    }
}

impl From<mgdi_str> for Answer {
    fn from(text: mgdi_str) -> Self {
        Self::nothing_if(text.data.is_null() && text.len == 0)
    }
}

impl<T> From<*const T> for Answer {
    fn from(pointer: *const T) -> Self {
        Self::nothing_if(pointer.is_null())
    }
}

impl<T> From<*mut T> for Answer {
    fn from(pointer: *mut T) -> Self {
        Self::nothing_if(pointer.is_null())
    }
}

impl From<u16> for Answer {
    fn from(number: u16) -> Self {
        Self::nothing_if(number == 0)
    }
}

impl From<u32> for Answer {
    fn from(number: u32) -> Self {
        Self::nothing_if(number == 0)
    }
}

impl From<i64> for Answer {
    fn from(number: i64) -> Self {
        Self::nothing_if(number == 0)
    }
}

impl From<usize> for Answer {
    fn from(number: usize) -> Self {
        Self::nothing_if(number == 0)
    }
}
