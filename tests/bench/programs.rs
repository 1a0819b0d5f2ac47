//! The library as it is released, and the programs that use it: from C and from PowerShell.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::compiler::Compiler;
use crate::tools;

/// Any token: the server looks at none.
const TOKEN: &str = "benchmark";

pub(crate) struct Programs {
    library: PathBuf,
    directory: TempDir,
    compiler: Option<Compiler>,
    pwsh: Option<PathBuf>,
}

impl Programs {
    /// Builds the library and stages it for the module.
    pub(crate) fn prepare() -> Self {
        Self {
            library: tools::staging::stage().expect("the library can be built"),
            directory: TempDir::new().expect("a temporary directory"),
            compiler: Compiler::c(),
            pwsh: tools::pwsh::find(),
        }
    }

    /// Compiles a C program of this folder. `libraries` are options such as `-lcurl`.
    pub(crate) fn compile(&self, source: &str, libraries: &[&str]) -> Result<PathBuf, String> {
        let compiler = self.compiler.as_ref().ok_or("there is no C compiler")?;
        if !compiler.links_and_runs(libraries) {
            return Err(format!("cannot link {}", libraries.join(" ")));
        }
        let library = self.library.parent().expect("a file stands in a folder");
        let source = folder().join(source);
        Ok(compiler.compile(&source, library, self.directory.path(), libraries))
    }

    /// Runs a compiled program and reads the numbers that it prints.
    pub(crate) fn run(&self, program: &Path, endpoint: &str) -> Vec<f64> {
        numbers(Command::new(program).arg(endpoint))
    }

    /// Runs a script of this folder in a fresh `pwsh`, with the module's folder or another, and reads the numbers that it prints.
    pub(crate) fn run_script(
        &self,
        script: &str,
        module: &Path,
        endpoint: &str,
    ) -> Result<Vec<f64>, String> {
        let pwsh = self.pwsh.as_ref().ok_or("there is no pwsh")?;
        let mut command = Command::new(pwsh);
        command
            .args(["-NoProfile", "-NonInteractive", "-File"])
            .arg(folder().join(script))
            .arg(module)
            .arg(endpoint);
        Ok(numbers(&mut command))
    }

    /// A folder for files of a benchmark.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }
}

/// The module that is measured.
pub(crate) fn module() -> PathBuf {
    tools::staging::root().join("powershell/MgDeviceImage")
}

/// The middle one. Sorts the numbers.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn folder() -> PathBuf {
    tools::staging::root().join("tests/bench")
}

fn numbers(command: &mut Command) -> Vec<f64> {
    let output = command
        .env("MGDI_TOKEN", TOKEN)
        // Cargo's own, in which an older library may stand before the one that is linked.
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("DYLD_FALLBACK_LIBRARY_PATH")
        .env_remove("MGDI_LIBRARY")
        .output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.expect("the program can be started");
    assert!(
        status.success(),
        "{command:?} ended with {status}:\n{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    let text = String::from_utf8_lossy(&stdout);
    let number = |line: &str| {
        line.trim()
            .parse()
            .unwrap_or_else(|_| panic!("{command:?} printed: {line}"))
    };
    text.lines().map(number).collect()
}
