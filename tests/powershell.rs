//! Runs the module's tests, `tests/powershell/*.Tests.ps1`, with the library and the emulator of this build.

mod tools;

use std::env::{self, consts};
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_powershell_tests_pass() {
    let Some(pwsh) = tools::pwsh::find() else {
        assert!(env::var_os("CI").is_none(), "CI must have pwsh");
        println!("PowerShell tests: skipped, no pwsh here");
        return;
    };
    let root = tools::staging::root();
    let script = format!(
        "Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop\n\
         $run = Invoke-Pester -Path '{}' -Output Detailed -PassThru\n\
         if ($run.FailedCount -gt 0 -or $run.PassedCount -eq 0) {{ exit 1 }}",
        root.join("tests/powershell").display()
    );
    let status = Command::new(pwsh)
        .args(["-NoProfile", "-NonInteractive", "-Command", &script])
        .current_dir(root)
        .env("MGDI_LIBRARY", library())
        .env("MGDI_EMULATOR", emulator())
        .status()
        .expect("pwsh can be run");
    assert!(status.success(), "the PowerShell tests failed: {status}");
}

/// The shared library of this build. Cargo puts it beside the test; the copy in `target/<profile>` may be older or missing.
fn library() -> PathBuf {
    let name = format!("{}mgdeviceimage{}", consts::DLL_PREFIX, consts::DLL_SUFFIX);
    existing(directory().join(name))
}

/// The emulator program, which Cargo builds before it runs tests.
fn emulator() -> PathBuf {
    let name = format!("../examples/graph-emulator{}", consts::EXE_SUFFIX);
    existing(directory().join(name))
}

/// `target/<profile>/deps`, where this test runs from.
fn directory() -> PathBuf {
    let test = env::current_exe().expect("a test knows its own file");
    test.parent()
        .map(Path::to_path_buf)
        .expect("a file is in a directory")
}

fn existing(file: PathBuf) -> PathBuf {
    assert!(file.is_file(), "not built: {}", file.display());
    file
}
