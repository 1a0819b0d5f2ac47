//! Finds PowerShell.

use std::env;
use std::path::PathBuf;

/// The `pwsh` that the environment variable PWSH names, else the one on the PATH.
pub(crate) fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("PWSH").filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        assert!(named.is_file(), "PWSH names no file: {}", named.display());
        return Some(named);
    }
    let name = format!("pwsh{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(&name))
        .find(|file| file.is_file())
}
