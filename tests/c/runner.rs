//! Runs one C program against a Graph emulator of its own.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::compiler::Compiler;
use crate::graph_emulator::{Fault, GraphEmulator, RecordedRequest};

/// How long a program may run. Each ends in seconds; under valgrind, on a busy machine, it takes longer.
const PATIENCE: Duration = Duration::from_secs(180);

/// The exit code with which both tools report what they found. No program ends with it by itself.
const TOOL_FOUND_SOMETHING: i32 = 99;

/// Settings that programs must not see: Cargo's, which would load an older library before the one that a program is linked to, and
/// the machine's, which would send requests elsewhere than to the emulator.
const HIDDEN_VARIABLES: [&str; 8] = [
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

/// What watches over the program while it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Nothing,
    Valgrind,
    AddressSanitizer,
}

/// A program of this folder, the emulator that it meets, and what is to come of it.
pub(crate) struct Program {
    source: PathBuf,
    arguments: Vec<&'static str>,
    faults: Vec<Fault>,
    told_when: Vec<fn(&[RecordedRequest]) -> bool>,
    exit_code: i32,
    leaks: bool,
    check: fn(&Ran),
}

/// What came of a program.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) requests: Vec<RecordedRequest>,
}

impl Program {
    /// A program that is given the emulator's endpoint and ends with 0.
    pub(crate) fn new(source: &str) -> Self {
        Self {
            source: folder().join(source),
            arguments: Vec::new(),
            faults: Vec::new(),
            told_when: Vec::new(),
            exit_code: 0,
            leaks: false,
            check: |_| {},
        }
    }

    /// Arguments after the endpoint.
    pub(crate) fn arguments(mut self, arguments: &[&'static str]) -> Self {
        self.arguments = arguments.to_vec();
        self
    }

    /// What the emulator does with the first requests.
    pub(crate) fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = faults.into_iter().collect();
        self
    }

    /// Writes a line to the program's standard input when this holds for the requests that arrived. The program waits for it. A
    /// second call is for the next line.
    pub(crate) fn told_when(mut self, holds: fn(&[RecordedRequest]) -> bool) -> Self {
        self.told_when.push(holds);
        self
    }

    pub(crate) fn exit_code(mut self, exit_code: i32) -> Self {
        self.exit_code = exit_code;
        self
    }

    /// The program leaks on purpose, so valgrind looks for invalid accesses alone.
    pub(crate) fn leaks(mut self) -> Self {
        self.leaks = true;
        self
    }

    /// Looks at what the program wrote, and at what arrived.
    pub(crate) fn check(mut self, check: fn(&Ran)) -> Self {
        self.check = check;
        self
    }

    /// Compiles the program and runs it. Says so where this machine lacks what is needed.
    pub(crate) fn run(&self, tool: Tool) {
        let Some(compiler) = self.compiler() else {
            return skipped("there is no compiler");
        };
        if let Err(reason) = tool.is_there(&compiler) {
            return skipped(reason);
        }
        let directory = TempDir::new().expect("a temporary directory");
        let library = library_directory();
        let executable = compiler.compile(&self.source, &library, directory.path(), tool.options());

        let emulator = GraphEmulator::start();
        emulator.script(self.faults.iter().cloned());
        let output = Output::create(directory.path());
        let mut child = output
            .collect(&mut tool.command(&executable, self.leaks))
            .arg(emulator.endpoint())
            .args(&self.arguments)
            .env("MGDI_TOKEN", emulator.token())
            .env("MGDI_LIBRARY", library.join("libmgdeviceimage.so"))
            .spawn()
            .expect("the program was just compiled");
        let status = self.wait(&mut child, &emulator);
        let (stdout, stderr) = output.read();
        assert_eq!(
            status.code(),
            Some(self.exit_code),
            "{} ended with {status}:\n{stderr}",
            self.source.display()
        );
        (self.check)(&Ran {
            stdout,
            stderr,
            requests: emulator.requests(),
        });
    }

    fn compiler(&self) -> Option<Compiler> {
        match self.source.extension().is_some_and(|it| it == "cpp") {
            true => Compiler::cpp(),
            false => Compiler::c(),
        }
    }

    /// Waits until the program has ended, and tells it what it waits for.
    fn wait(&self, child: &mut Child, emulator: &GraphEmulator) -> ExitStatus {
        let mut stdin = child.stdin.take().expect("it is a pipe");
        let mut told_when = self.told_when.iter();
        let mut next = told_when.next();
        let give_up = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = child.try_wait().expect("it is a child") {
                return status;
            }
            if next.is_some_and(|holds| holds(&emulator.requests())) {
                // A program that has failed meanwhile reads no more.
                let _ = writeln!(stdin);
                next = told_when.next();
            }
            if Instant::now() > give_up {
                child.kill().expect("it is a child");
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Tool {
    /// Or why it cannot be used.
    fn is_there(self, compiler: &Compiler) -> Result<(), &'static str> {
        let there = match self {
            Tool::Nothing => true,
            Tool::Valgrind => runs(Command::new("valgrind").arg("--version")),
            Tool::AddressSanitizer => sanitizer_works(compiler),
        };
        let reason = match self {
            Tool::Valgrind => "valgrind is not installed",
            _ => "the compiler has no AddressSanitizer",
        };
        there.then_some(()).ok_or(reason)
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Tool::AddressSanitizer => &["-fsanitize=address"],
            _ => &[],
        }
    }

    fn command(self, executable: &Path, leaks: bool) -> Command {
        if self != Tool::Valgrind {
            let mut command = Command::new(executable);
            command.env("ASAN_OPTIONS", format!("exitcode={TOOL_FOUND_SOMETHING}"));
            return command;
        }
        let mut command = Command::new("valgrind");
        command
            .arg("--quiet")
            .arg(if leaks {
                "--leak-check=no"
            } else {
                "--leak-check=full"
            })
            .args([
                "--show-leak-kinds=definite",
                "--errors-for-leak-kinds=definite",
            ])
            .arg(format!("--error-exitcode={TOOL_FOUND_SOMETHING}"))
            .arg(executable);
        command
    }
}

/// The compiler may know the option and still have no runtime to link, or one that does not work in a container.
fn sanitizer_works(compiler: &Compiler) -> bool {
    static WORKS: OnceLock<bool> = OnceLock::new();
    *WORKS.get_or_init(|| compiler.links_and_runs(Tool::AddressSanitizer.options()))
}

fn runs(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Where a program's output goes: files, which cannot fill up as a pipe can.
struct Output {
    stdout: PathBuf,
    stderr: PathBuf,
}

impl Output {
    fn create(directory: &Path) -> Self {
        Self {
            stdout: directory.join("stdout.txt"),
            stderr: directory.join("stderr.txt"),
        }
    }

    fn collect<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let file = |path| File::create(path).expect("a file in a temporary directory");
        for variable in HIDDEN_VARIABLES {
            command.env_remove(variable);
        }
        command
            .stdin(Stdio::piped())
            .stdout(file(&self.stdout))
            .stderr(file(&self.stderr))
    }

    fn read(&self) -> (String, String) {
        let text = |path| {
            let bytes = fs::read(path).expect("the file was created");
            String::from_utf8_lossy(&bytes).into_owned()
        };
        (text(&self.stdout), text(&self.stderr))
    }
}

/// The folder of the C programs.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c")
}

/// Where Cargo built the shared library for this test: beside the test itself. The copy one folder up may be an older one.
fn library_directory() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows itself");
    let directory = test.parent().expect("a test stands in a folder");
    directory.to_owned()
}

/// Said past the test harness, which shows the output of tests that fail alone.
fn skipped(reason: &str) {
    let name = thread::current().name().unwrap_or_default().to_owned();
    // Nobody to tell.
    let _ = writeln!(io::stderr(), "skipped {name}: {reason}");
}
