//! `mgdi_client_builder`: how a client gets its tokens.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;

use super::client::{self, mgdi_client_builder};
use super::error::mgdi_error;
use super::result::mgdi_result;
use super::text;
use super::token::{self, mgdi_release, mgdi_token_callback};
use crate::credential::{Authority, Certificate, Credential, ManagedIdentity};

/// How the platform's identity is named.
#[derive(Clone, Copy, Debug)]
#[repr(i32)]
pub enum mgdi_managed_identity {
    /// The system-assigned one.
    MGDI_MANAGED_IDENTITY_SYSTEM = 0,
    /// The user-assigned one with a client id.
    MGDI_MANAGED_IDENTITY_CLIENT_ID = 1,
    /// The user-assigned one with an object (principal) id.
    MGDI_MANAGED_IDENTITY_OBJECT_ID = 2,
    /// The user-assigned one with an Azure resource id.
    MGDI_MANAGED_IDENTITY_RESOURCE_ID = 3,
}

/// Signs requests with this access token, without `Bearer` before it; copied. The library's copy is zeroed when it is no longer used.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if it is empty or has characters that no bearer token has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_token(
    builder: *mut mgdi_client_builder,
    token: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            Ok(Credential::token(text::terminated(token, "token")?)?)
        })
    }
}

/// Asks the host for tokens: when the first is needed, before the one there is expires, and once when the service refuses it. The
/// callback is called with `user_data` on a thread of the library's own, one call at a time, and may take as long as it needs; the
/// update's time limit goes on meanwhile. Inside it, functions that wait answer `MGDI_RESULT_WOULD_BLOCK`, as inside a completion.
///
/// `release`, unless it is NULL, is called once with `user_data` when no builder and no client can ask any more, on any thread. If this
/// function fails it is not called, and `user_data` stays the caller's. `user_data` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_token_callback(
    builder: *mut mgdi_client_builder,
    callback: mgdi_token_callback,
    user_data: *mut c_void,
    release: mgdi_release,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            token::credential(callback, user_data, release)
        })
    }
}

/// Asks the host for tokens on the host's own thread, for hosts that cannot be called from another: when the first is needed, before the
/// one there is expires, and once when the service refuses it. The operation that needs one then answers `MGDI_RESULT_TOKEN_WANTED` to
/// `mgdi_operation_wait` until `mgdi_operation_set_token` or `mgdi_operation_fail_token` is called; the update's time limit goes on
/// meanwhile. Of many operations of a client that need a token, one wants it and the others wait for it; where that one is cancelled or
/// freed, another wants it. So a host with many waits for each a slice at a time, or polls their descriptors. A completion is not called
/// for a token.
///
/// `mgdi_update_send` cannot ask: it ends with `MGDI_RESULT_TOKEN_UNAVAILABLE` unless the client has a token that is good still.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_host_token(
    builder: *mut mgdi_client_builder,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe { set(builder, out_error, || Ok(Credential::host())) }
}

/// Signs in as an application that proves itself by a secret. `authority` is the sign-in service, like `mgdi_cloud_authority` answers it;
/// `tenant` a GUID or a domain; `client_id` a GUID. All are copied; the secret is zeroed when it is no longer used.
///
/// `MGDI_RESULT_INVALID_ARGUMENT`, naming it, if one of them cannot be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_client_secret(
    builder: *mut mgdi_client_builder,
    authority: *const c_char,
    tenant: *const c_char,
    client_id: *const c_char,
    secret: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let authority = self::authority(authority, tenant)?;
            let client_id = text::terminated(client_id, "client_id")?;
            let secret = text::terminated(secret, "secret")?;
            Ok(Credential::client_secret(authority, client_id, secret)?)
        })
    }
}

/// Signs in as an application that proves itself by a certificate: PEM of `pem_len` bytes with a `CERTIFICATE` and its RSA
/// `PRIVATE KEY`, not encrypted; those of its authorities may stand beside it. Otherwise as `mgdi_client_builder_set_client_secret`.
///
/// `MGDI_RESULT_INVALID_ARGUMENT`, naming it, if one of them cannot be used, or the certificate has expired.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_client_certificate_pem(
    builder: *mut mgdi_client_builder,
    authority: *const c_char,
    tenant: *const c_char,
    client_id: *const c_char,
    pem: *const c_char,
    pem_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let authority = self::authority(authority, tenant)?;
            let client_id = text::terminated(client_id, "client_id")?;
            let pem = text::counted(pem, pem_len, "pem")?;
            let certificate = Certificate::from_pem(pem.as_bytes())?;
            Ok(Credential::client_certificate(
                authority,
                client_id,
                certificate,
            )?)
        })
    }
}

/// Signs in as an application that proves itself by a certificate: PFX (PKCS #12) of `pfx_len` bytes with its RSA private key, and its
/// password, which may be empty; one that was exported without even an empty password is not supported. Otherwise as
/// `mgdi_client_builder_set_client_secret`.
///
/// `MGDI_RESULT_INVALID_ARGUMENT`, naming it, if one of them cannot be used, or the certificate has expired.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_client_certificate_pfx(
    builder: *mut mgdi_client_builder,
    authority: *const c_char,
    tenant: *const c_char,
    client_id: *const c_char,
    pfx: *const u8,
    pfx_len: usize,
    password: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let authority = self::authority(authority, tenant)?;
            let client_id = text::terminated(client_id, "client_id")?;
            let pfx = text::bytes(pfx, pfx_len, "pfx")?;
            let certificate = Certificate::from_pfx(pfx, text::terminated(password, "password")?)?;
            Ok(Credential::client_certificate(
                authority,
                client_id,
                certificate,
            )?)
        })
    }
}

/// Signs in as an application that proves itself by the token in a file, which the platform keeps fresh (workload identity federation). The
/// file is read for every request. Otherwise as `mgdi_client_builder_set_client_secret`.
///
/// `MGDI_RESULT_INVALID_ARGUMENT`, naming it, if one of them cannot be used, or the file is missing or empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_workload_identity(
    builder: *mut mgdi_client_builder,
    authority: *const c_char,
    tenant: *const c_char,
    client_id: *const c_char,
    token_file: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let authority = self::authority(authority, tenant)?;
            let client_id = text::terminated(client_id, "client_id")?;
            let token_file = text::terminated(token_file, "token_file")?;
            Ok(Credential::workload_identity(
                authority, client_id, token_file,
            )?)
        })
    }
}

/// Signs in as a person who enters a code in a browser, on any device (RFC 8628). `authority` is the sign-in service, like
/// `mgdi_cloud_authority` answers it; `tenant` a GUID, a domain, `organizations` or `common`; `client_id` the GUID of an application that
/// allows public client flows. All are copied.
///
/// The person is asked within `mgdi_sign_in_start` alone: `mgdi_operation_prompt` is what to show them. That operation ends when they have
/// signed in or declined, or the code has expired, usually after 15 minutes. From then on tokens are renewed without them, by a refresh
/// token that is kept in memory and zeroed with the client. An update that starts while the person is asked waits for them, within its own
/// time limit. One before that, or after a renewal was refused, ends with `MGDI_RESULT_TOKEN_UNAVAILABLE` and says that one has to sign in.
///
/// `MGDI_RESULT_INVALID_ARGUMENT`, naming it, if one of them cannot be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_device_code(
    builder: *mut mgdi_client_builder,
    authority: *const c_char,
    tenant: *const c_char,
    client_id: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let host = text::terminated(authority, "authority")?;
            let authority = Authority::for_people(host, text::terminated(tenant, "tenant")?)?;
            let client_id = text::terminated(client_id, "client_id")?;
            Ok(Credential::device_code(authority, client_id)?)
        })
    }
}

/// Signs in with the identity of the platform: App Service where `IDENTITY_ENDPOINT` is set, else an Azure virtual machine. `id` names a
/// user-assigned identity as `kind` says, and is NULL for the system-assigned one.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the system-assigned identity is given an id; from `mgdi_client_builder_build` if an id or the platform
/// cannot be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_managed_identity(
    builder: *mut mgdi_client_builder,
    kind: MaybeUninit<mgdi_managed_identity>,
    id: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions; a C caller always passes some number, and the enumeration is an i32.
    unsafe {
        set(builder, out_error, || {
            let kind = std::mem::transmute::<MaybeUninit<mgdi_managed_identity>, i32>(kind);
            let named = || Ok::<_, mgdi_error>(text::terminated(id, "id")?.to_owned());
            let identity = match kind {
                0 if id.is_null() => ManagedIdentity::System,
                0 => {
                    let message = "id must be NULL for the system-assigned managed identity.";
                    return Err(mgdi_error::argument(message.to_owned()));
                }
                1 => ManagedIdentity::ClientId(named()?),
                2 => ManagedIdentity::ObjectId(named()?),
                3 => ManagedIdentity::ResourceId(named()?),
                _ => {
                    return Err(mgdi_error::argument(format!(
                        "{kind} is no kind of managed identity."
                    )));
                }
            };
            Ok(Credential::managed_identity(identity))
        })
    }
}

/// Signs in as the person who is signed in to the Azure CLI. `tenant` may be NULL for the CLI's own.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if the tenant is neither a GUID nor a domain; from `mgdi_client_builder_build` if there is no `az` on the
/// PATH.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_azure_cli(
    builder: *mut mgdi_client_builder,
    tenant: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let tenant = text::terminated_or_none(tenant, "tenant")?;
            Ok(Credential::azure_cli(tenant)?)
        })
    }
}

/// Signs in with the credential that the environment describes: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, and one of `AZURE_CLIENT_SECRET`,
/// `AZURE_CLIENT_CERTIFICATE_PATH` (with `AZURE_CLIENT_CERTIFICATE_PASSWORD`) or `AZURE_FEDERATED_TOKEN_FILE`, in this order.
/// `authority` may be NULL: then `AZURE_AUTHORITY_HOST` counts, or else the worldwide cloud's sign-in service. The variables are read when
/// the client is built. A path that is not absolute counts from the process's directory.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if `authority` is no https origin; from `mgdi_client_builder_build`, naming the variable, if one is
/// missing or cannot be used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_environment_credential(
    builder: *mut mgdi_client_builder,
    authority: *const c_char,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        set(builder, out_error, || {
            let authority = text::terminated_or_none(authority, "authority")?;
            Ok(Credential::environment(authority)?)
        })
    }
}

/// # Safety
///
/// The header's conventions.
unsafe fn set(
    builder: *mut mgdi_client_builder,
    out_error: *mut *mut mgdi_error,
    credential: impl FnOnce() -> Result<Credential, mgdi_error>,
) -> mgdi_result {
    // SAFETY: as of this function.
    unsafe {
        client::change(builder, out_error, |builder| {
            Ok(builder.credential(credential()?))
        })
    }
}

/// # Safety
///
/// The header's conventions.
unsafe fn authority(host: *const c_char, tenant: *const c_char) -> Result<Authority, mgdi_error> {
    // SAFETY: as of this function.
    unsafe {
        let host = text::terminated(host, "authority")?;
        Ok(Authority::at(host, text::terminated(tenant, "tenant")?)?)
    }
}
