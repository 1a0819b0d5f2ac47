//! Compiles C and C++ programs against the header and the shared library.

#![allow(dead_code, reason = "tests and benchmarks use a part each")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// On Linux the library is linked to programs alone that call it, not to one that loads it by itself.
const LINKS: &[&str] = if cfg!(target_os = "linux") {
    &["-Wl,--as-needed", "-lmgdeviceimage", "-lpthread", "-ldl"]
} else {
    &["-lmgdeviceimage", "-lpthread"]
};

/// A compiler that was found on this machine.
pub(crate) struct Compiler {
    command: Vec<String>,
    options: &'static [&'static str],
}

impl Compiler {
    /// The C compiler that the environment variable CC names, else `cc`; None if there is no `cc`.
    pub(crate) fn c() -> Option<Self> {
        Self::find("CC", "cc", &["-std=c99"])
    }

    /// The C++ compiler that the environment variable CXX names, else `c++`; None if there is no `c++`.
    #[allow(dead_code, reason = "the benchmarks compile C alone")]
    pub(crate) fn cpp() -> Option<Self> {
        Self::find("CXX", "c++", &["-std=c++11"])
    }

    fn find(variable: &str, usual: &str, options: &'static [&'static str]) -> Option<Self> {
        let named = env::var(variable).ok();
        // It may have options of its own, as `make` allows.
        let command: Vec<String> = named
            .as_deref()
            .unwrap_or(usual)
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        let compiler = Self { command, options };
        let runs = compiler
            .start()
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success());
        assert!(
            runs || named.is_none(),
            "{variable} names no compiler: {named:?}"
        );
        runs.then_some(compiler)
    }

    fn start(&self) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]);
        command
    }

    /// Whether a program that is compiled with these options links and runs.
    pub(crate) fn links_and_runs(&self, options: &[&str]) -> bool {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let source = directory.path().join("nothing.c");
        let program = directory.path().join("nothing");
        std::fs::write(&source, "int main(void) { return 0; }\n").expect("a file in it");
        let runs = |command: &mut Command| command.output().is_ok_and(|it| it.status.success());
        runs(
            self.start()
                .args(options)
                .arg("-o")
                .arg(&program)
                .arg(&source),
        ) && runs(&mut Command::new(program))
    }

    /// Compiles one source file, with every warning an error, and links it to the shared library in `library`, where the
    /// program then finds it. `options` come last. Answers the program, which is in `directory`.
    pub(crate) fn compile(
        &self,
        source: &Path,
        library: &Path,
        directory: &Path,
        options: &[&str],
    ) -> PathBuf {
        let program = directory.join(source.file_stem().expect("a source file has a name"));
        let output = self
            .start()
            .args(self.options)
            .args(["-g", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
            .arg("-I")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("include"))
            .arg("-o")
            .arg(&program)
            .arg(source)
            .arg(format!("-L{}", library.display()))
            .arg(format!("-Wl,-rpath,{}", library.display()))
            .args(LINKS)
            .args(options)
            .output()
            .expect("the compiler ran before");
        assert!(
            output.status.success(),
            "{} does not compile:\n{}",
            source.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        program
    }
}
