//! Builds the shared library and puts it where the PowerShell module looks for it.

use std::env::{self, consts};
use std::fs;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Builds the library as it is released and copies it to `powershell/MgDeviceImage/lib/<rid>/`. Answers the copy's path.
pub(crate) fn stage() -> Result<PathBuf> {
    let built = build()?;
    let name = built.file_name().expect("a built library has a file name");
    let directory = root()
        .join("powershell/MgDeviceImage/lib")
        .join(runtime_identifier()?);
    let staged = directory.join(name);
    // A library that is in use must not be overwritten, only replaced.
    let fresh = directory.join("staging");
    fs::create_dir_all(&directory)?;
    fs::copy(built, &fresh)?;
    fs::rename(fresh, &staged)?;
    Ok(staged)
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds the shared library alone, since link-time optimization does not work for the Rust library beside it.
fn build() -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["rustc", "--release", "--lib", "--crate-type", "cdylib"])
        .args(["--message-format", "json-render-diagnostics"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(Error::other("cargo could not build the library"));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == env!("CARGO_PKG_NAME"))
        .filter_map(|message| message["filenames"].as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .find(|file| {
            file.extension()
                .is_some_and(|extension| extension == consts::DLL_EXTENSION)
        })
        .ok_or_else(|| Error::other("cargo built no shared library"))
}

/// .NET's name of this machine's platform: <https://learn.microsoft.com/dotnet/core/rid-catalog>
fn runtime_identifier() -> Result<String> {
    let os = match consts::OS {
        "linux" => "linux",
        "macos" => "osx",
        "windows" => "win",
        other => return Err(Error::other(format!("the module does not run on {other}"))),
    };
    let architecture = match consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => return Err(Error::other(format!("the module does not run on {other}"))),
    };
    Ok(format!("{os}-{architecture}"))
}
