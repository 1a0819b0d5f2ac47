//! `mgdi_client_builder` and `mgdi_client`: who is asked, and with whose token.

use std::ffi::{CString, c_char};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::LazyLock;
use std::time::Duration;

use super::boundary::{fallible, fallible_with, infallible};
use super::error::mgdi_error;
use super::handle::{self, Counted, Handle, Out, Owned};
use super::identity::mgdi_identity;
use super::result::mgdi_result;
use super::text::{self, mgdi_str};
use crate::client::{Client, ClientBuilder};
use crate::cloud::Cloud;
use crate::endpoint::Endpoint;
use crate::proxy::Proxy;
use crate::retry::RetryPolicy;

/// A Microsoft cloud.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum mgdi_cloud {
    /// Worldwide: `https://graph.microsoft.com`
    MGDI_CLOUD_GLOBAL = 0,
    /// US Government L4 (GCC High): `https://graph.microsoft.us`
    MGDI_CLOUD_US_GOV = 1,
    /// US Government L5 (DoD): `https://dod-graph.microsoft.us`. Offers no Windows 365.
    MGDI_CLOUD_US_GOV_DOD = 2,
    /// China, operated by 21Vianet: `https://microsoftgraph.chinacloudapi.cn`. Offers no Windows 365.
    MGDI_CLOUD_CHINA = 3,
}

/// An enumerator from C may be any number, so it is read as one before it becomes a cloud.
fn cloud(number: MaybeUninit<mgdi_cloud>) -> Result<Cloud, mgdi_error> {
    // SAFETY: a C caller always passes some number, and the enumeration is an i32.
    let number = unsafe { std::mem::transmute::<MaybeUninit<mgdi_cloud>, i32>(number) };
    usize::try_from(number)
        .ok()
        .and_then(|index| Cloud::ALL.get(index).copied())
        .ok_or_else(|| mgdi_error::argument(format!("{number} is no cloud.")))
}

/// The origin of Microsoft Graph in a cloud, like `https://graph.microsoft.com`: static text, NUL-terminated. NULL for a number that is no
/// cloud.
#[unsafe(no_mangle)]
pub extern "C" fn mgdi_cloud_endpoint(cloud: MaybeUninit<mgdi_cloud>) -> *const c_char {
    static ENDPOINTS: LazyLock<[CString; Cloud::ALL.len()]> =
        LazyLock::new(|| terminated(Cloud::graph_endpoint));
    infallible(ptr::null(), || {
        self::cloud(cloud).map_or(ptr::null(), |cloud| ENDPOINTS[cloud as usize].as_ptr())
    })
}

/// The sign-in service of a cloud, like `https://login.microsoftonline.com`: static text, NUL-terminated. NULL for a number that is no
/// cloud.
#[unsafe(no_mangle)]
pub extern "C" fn mgdi_cloud_authority(cloud: MaybeUninit<mgdi_cloud>) -> *const c_char {
    static AUTHORITIES: LazyLock<[CString; Cloud::ALL.len()]> =
        LazyLock::new(|| terminated(Cloud::authority));
    infallible(ptr::null(), || {
        self::cloud(cloud).map_or(ptr::null(), |cloud| AUTHORITIES[cloud as usize].as_ptr())
    })
}

fn terminated(text: fn(Cloud) -> &'static str) -> [CString; Cloud::ALL.len()] {
    Cloud::ALL.map(|cloud| CString::new(text(cloud)).expect("an origin holds no NUL"))
}

/// Gathers what a client needs: an endpoint (the worldwide cloud unless set), a token, time limits.
///
/// Made by `mgdi_client_builder_new`; given back with `mgdi_client_builder_free`. It belongs to one thread at a time.
///
/// Methods: `mgdi_client_builder_new`, `mgdi_client_builder_set_cloud`, `mgdi_client_builder_set_endpoint`,
/// `mgdi_client_builder_set_token`, `mgdi_client_builder_set_token_callback`, `mgdi_client_builder_set_host_token`,
/// `mgdi_client_builder_set_client_secret`, `mgdi_client_builder_set_client_certificate_pem`,
/// `mgdi_client_builder_set_client_certificate_pfx`, `mgdi_client_builder_set_workload_identity`,
/// `mgdi_client_builder_set_device_code`, `mgdi_client_builder_set_managed_identity`, `mgdi_client_builder_set_azure_cli`,
/// `mgdi_client_builder_set_environment_credential`, `mgdi_client_builder_set_environment`, `mgdi_client_builder_set_timeout`,
/// `mgdi_client_builder_set_connect_timeout`, `mgdi_client_builder_set_max_retries`, `mgdi_client_builder_set_retry_delay`,
/// `mgdi_client_builder_set_retries_time_limit`, `mgdi_client_builder_set_proxy`, `mgdi_client_builder_add_root_certificate`,
/// `mgdi_client_builder_set_application`, `mgdi_client_builder_build`, `mgdi_client_builder_free`.
pub struct mgdi_client_builder {
    _opaque: [u8; 0],
}

impl Handle for mgdi_client_builder {
    type Value = ClientBuilder;
}

impl Owned for mgdi_client_builder {}

/// Starts updates and sign-ins. Owns one background thread, on which all signals are blocked, and a pool of connections.
///
/// Made by `mgdi_client_builder_build`. It is counted: `mgdi_client_retain` adds a holder, `mgdi_client_free` takes one away, and the
/// last one ends it. Any thread may use it, and many at once.
///
/// Methods: `mgdi_client_endpoint`, `mgdi_client_identity`, `mgdi_client_retain`, `mgdi_client_free`, `mgdi_update_describe`,
/// `mgdi_update_start`, `mgdi_update_start_with`, `mgdi_update_send`, `mgdi_sign_in_start`.
pub struct mgdi_client {
    _opaque: [u8; 0],
}

impl Handle for mgdi_client {
    type Value = Client;
}

impl Counted for mgdi_client {}

/// Makes a builder. The caller frees it with `mgdi_client_builder_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_new(
    out_builder: *mut *mut mgdi_client_builder,
) -> mgdi_result {
    fallible(|| {
        // SAFETY: the header's conventions.
        let out_builder = unsafe { Out::new(out_builder, "out_builder")? };
        out_builder.set(handle::into_box(ClientBuilder::new()));
        Ok(())
    })
}

/// Changes a builder; where the change fails, the builder stays as it was.
///
/// # Safety
///
/// The header's conventions.
pub(super) unsafe fn change(
    builder: *mut mgdi_client_builder,
    out_error: *mut *mut mgdi_error,
    change: impl FnOnce(ClientBuilder) -> Result<ClientBuilder, mgdi_error>,
) -> mgdi_result {
    // SAFETY: as of this function.
    unsafe {
        fallible_with(out_error, || {
            let builder = handle::borrow_mut(builder, "builder")?;
            *builder = change(builder.clone())?;
            Ok(())
        })
    }
}

/// Asks Microsoft Graph in this cloud.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_cloud(
    builder: *mut mgdi_client_builder,
    cloud: MaybeUninit<mgdi_cloud>,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        change(builder, out_error, |builder| {
            Ok(builder.cloud(self::cloud(cloud)?))
        })
    }
}

/// Asks this origin, like `https://graph.microsoft.com`; copied. Plain http is accepted for this machine's own addresses alone.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if it is no origin.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_endpoint(
    builder: *mut mgdi_client_builder,
    endpoint: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        change(builder, out_error, |builder| {
            let endpoint = text::terminated(endpoint, "endpoint")?;
            Ok(builder.endpoint(Endpoint::parse(endpoint)?))
        })
    }
}

/// Limits the time of an update as a whole, in milliseconds. Not 0. Unless set: 300,000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_timeout(
    builder: *mut mgdi_client_builder,
    timeout_ms: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    let timeout = Duration::from_millis(timeout_ms.into());
    // SAFETY: the header's conventions.
    unsafe { change(builder, out_error, |builder| Ok(builder.timeout(timeout)?)) }
}

/// Limits the time to make a connection, in milliseconds. Not 0. Unless set: 30,000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_connect_timeout(
    builder: *mut mgdi_client_builder,
    timeout_ms: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    let timeout = Duration::from_millis(timeout_ms.into());
    // SAFETY: the header's conventions.
    unsafe {
        change(builder, out_error, |builder| {
            Ok(builder.connect_timeout(timeout)?)
        })
    }
}

/// Limits how often an update, or a request for a token, is tried again after 429, 503, 504, or no connection. 0 for never. Unless set: 3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_max_retries(
    builder: *mut mgdi_client_builder,
    max_retries: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe { change_retry(builder, out_error, |retry| retry.max_retries = max_retries) }
}

/// Sets the delay before the first retry, in milliseconds, where the server names none; it doubles with each retry, and up to a quarter is
/// added by chance. A tenth of it after no connection. Unless set: 3,000.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_retry_delay(
    builder: *mut mgdi_client_builder,
    delay_ms: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    let delay = Duration::from_millis(delay_ms.into());
    // SAFETY: the header's conventions.
    unsafe { change_retry(builder, out_error, |retry| retry.delay = delay) }
}

/// Limits the time after the first try in which another may begin, in milliseconds; 0 for no limit but the update's own. Unless set: 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_retries_time_limit(
    builder: *mut mgdi_client_builder,
    time_limit_ms: u32,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    let limit = Duration::from_millis(time_limit_ms.into());
    // SAFETY: the header's conventions.
    unsafe {
        change_retry(builder, out_error, |retry| {
            retry.time_limit = (!limit.is_zero()).then_some(limit);
        })
    }
}

/// # Safety
///
/// The header's conventions.
unsafe fn change_retry(
    builder: *mut mgdi_client_builder,
    out_error: *mut *mut mgdi_error,
    change: impl FnOnce(&mut RetryPolicy),
) -> mgdi_result {
    // SAFETY: as of this function.
    unsafe {
        self::change(builder, out_error, |builder| {
            let mut policy = builder.retry_policy();
            change(&mut policy);
            Ok(builder.retry(policy))
        })
    }
}

/// Names the calling application in `User-Agent`, after the library, like `contoso-agent/2.1`; printable ASCII, copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_application(
    builder: *mut mgdi_client_builder,
    application: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        change(builder, out_error, |builder| {
            Ok(builder.application(text::terminated(application, "application")?)?)
        })
    }
}

/// Sends requests through a proxy, like `http://proxy.example:8080` (http, https, socks4, socks5 or socks5h); copied. `user` and
/// `password` may both be NULL, where the proxy wants none; the password may be empty. Requests for tokens go through it too. Without a
/// proxy, the environment counts when the client is built (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in either case).
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the address is none; `MGDI_RESULT_NULL_POINTER` if one of `user` and `password` alone is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_proxy(
    builder: *mut mgdi_client_builder,
    proxy: *const c_char,
    user: *const c_char,
    password: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        change(builder, out_error, |builder| {
            Ok(builder.proxy(self::proxy(proxy, user, password)?))
        })
    }
}

/// Reads a proxy as C gives it.
///
/// # Safety
///
/// The header's conventions; `user` and `password` may be NULL.
pub(super) unsafe fn proxy(
    proxy: *const c_char,
    user: *const c_char,
    password: *const c_char,
) -> Result<Proxy, mgdi_error> {
    // SAFETY: as of this function.
    unsafe {
        let proxy = Proxy::parse(text::terminated(proxy, "proxy")?)?;
        if user.is_null() && password.is_null() {
            return Ok(proxy);
        }
        let user = text::terminated(user, "user")?;
        Ok(proxy.with_credentials(user, text::terminated(password, "password")?))
    }
}

/// Trusts the certificates in a PEM text of `pem_len` bytes as roots too, beside the platform's; copied. May be called again for more.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the text holds no certificate, or one that cannot be a root.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_add_root_certificate(
    builder: *mut mgdi_client_builder,
    pem: *const c_char,
    pem_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        change(builder, out_error, |builder| {
            let pem = text::counted(pem, pem_len, "pem")?;
            Ok(builder.add_root_certificate(pem.as_bytes())?)
        })
    }
}

/// Starts a client; nothing is sent yet. The builder stays the caller's. The caller frees the client with `mgdi_client_free`.
///
/// `MGDI_RESULT_AUTHENTICATION_NEEDED` if there is no credential; `MGDI_RESULT_INVALID_ARGUMENT` if the environment lacks what the
/// credential needs, or what it says cannot be used: the message names the variable. Also if the proxy cannot be used: one on another
/// machine for an endpoint in plain http, or a login that SOCKS cannot carry. `MGDI_RESULT_INTERNAL` if there is no thread for it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_build(
    builder: *const mgdi_client_builder,
    out_client: *mut *mut mgdi_client,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let builder = handle::borrow(builder, "builder")?;
            let out_client = Out::new(out_client, "out_client")?;
            out_client.set(handle::into_arc(builder.build()?));
            Ok(())
        })
    }
}

/// Frees a builder. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_free(builder: *mut mgdi_client_builder) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_box(builder) });
}

/// Adds a holder of a client, who calls `mgdi_client_free` in the end. Answers the same pointer; NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_retain(client: *mut mgdi_client) -> *mut mgdi_client {
    infallible(ptr::null_mut(), || {
        // SAFETY: the header's conventions.
        unsafe { handle::retain_arc(client) };
        client
    })
}

/// The origin that a client asks, like `https://graph.microsoft.com`. The view belongs to the client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_endpoint(client: *const mgdi_client) -> mgdi_str {
    infallible(mgdi_str::NONE, || {
        // SAFETY: the header's conventions.
        let client = unsafe { handle::borrow(client, "client") };
        client.map_or(mgdi_str::NONE, |client| {
            mgdi_str::of(client.endpoint().as_bytes())
        })
    })
}

/// Who one is with the access token that the client got last: after a renewal, with the new one. Before the first token, and where the token
/// says nothing, it is what the credential knows. Nobody is asked, nothing is sent and nothing is waited for, so any thread may call it at
/// any time. The caller frees the identity with `mgdi_identity_free`.
///
/// `MGDI_RESULT_FORKED` in a process that was forked after the client was built.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_identity(
    client: *const mgdi_client,
    out_identity: *mut *mut mgdi_identity,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        fallible_with(out_error, || {
            let client = handle::borrow(client, "client")?;
            let out_identity = Out::new(out_identity, "out_identity")?;
            out_identity.set(handle::into_box(client.identity()?));
            Ok(())
        })
    }
}

/// Takes a holder of a client away; the last one ends it. NULL is allowed. Operations that run go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_free(client: *mut mgdi_client) {
    // SAFETY: the header's conventions.
    infallible((), || unsafe { handle::free_arc(client) });
}
