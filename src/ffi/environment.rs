//! `mgdi_client_builder`: the environment that a client sees.

use std::ffi::c_char;

use super::client::{self, mgdi_client_builder};
use super::error::mgdi_error;
use super::result::mgdi_result;
use super::text;
use crate::environment::Environment;

/// Sees this environment in place of the process's. For hosts whose runtime keeps an environment of its own, as .NET does on Unix: what is
/// set there never reaches the process's, and a host with threads cannot safely change that one.
///
/// `block` has entries `NAME=value`, each ended by a NUL, and no others: `block_len` bytes with every NUL. 0 bytes are an environment
/// without variables. Of two entries with the same name the last counts. Copied; the values are zeroed when they are no longer used.
///
/// The environment counts for proxies (`mgdi_client_builder_set_proxy`), for `mgdi_client_builder_set_environment_credential`,
/// `mgdi_client_builder_set_managed_identity` and `mgdi_client_builder_set_azure_cli`, where the CLI runs in it. All of them read it when
/// the client is built, so the order of the calls does not matter. On macOS and Windows, the system's own proxy settings count only where
/// this environment says of proxies what the process's does. Which roots the platform trusts (`SSL_CERT_FILE`) is the process's matter
/// still.
///
/// `MGDI_RESULT_INVALID_ARGUMENT` if an entry has no `=`, an empty name, or no NUL at its end. The error shows no value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mgdi_client_builder_set_environment(
    builder: *mut mgdi_client_builder,
    block: *const c_char,
    block_len: usize,
    out_error: *mut *mut mgdi_error,
) -> mgdi_result {
    // SAFETY: the header's conventions.
    unsafe {
        client::change(builder, out_error, |builder| {
            let block = text::counted(block, block_len, "block")?;
            Ok(builder.environment(Environment::given(variables(block)?)?))
        })
    }
}

fn variables(block: &str) -> Result<Vec<(&str, &str)>, mgdi_error> {
    let entries = block.split_terminator('\0');
    if !block.is_empty() && !block.ends_with('\0') {
        return Err(invalid(entries.count(), "is not ended by a NUL"));
    }
    entries.zip(1..).map(variable).collect()
}

fn variable((entry, number): (&str, usize)) -> Result<(&str, &str), mgdi_error> {
    let variable = entry.split_once('=');
    variable.ok_or_else(|| invalid(number, "has no \"=\""))
}

/// Names the entry by its number: where there is no `=`, it may be a part of a value.
fn invalid(number: usize, why: &str) -> mgdi_error {
    mgdi_error::argument(format!("Entry {number} of block {why}."))
}
