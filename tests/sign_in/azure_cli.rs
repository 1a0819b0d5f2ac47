//! The person who is signed in to the Azure CLI: scripts in its place, on the PATH of a process.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::entra_emulator::TENANT_ID;
use crate::graph_emulator::tokens::Tokens;
use crate::graph_emulator::{DEFAULT_TOKEN, GraphEmulator};
use crate::process::{Process, wait_until};
use crate::services::graph_with;

/// Graph, and a CLI.
struct Prompt {
    graph: GraphEmulator,
    directory: TempDir,
}

impl Prompt {
    /// Where `az` is this script. It first writes its arguments to `arguments`, a line for each time that it is run.
    fn with_az(script: &str) -> Self {
        let prompt = Self::without_az();
        let script = format!(
            "#!/bin/sh\ncd '{}'\necho \"$*\" >> arguments\n{script}\n",
            prompt.directory.path().display()
        );
        let az = prompt.file("az");
        fs::write(&az, script).expect("a file");
        fs::set_permissions(&az, fs::Permissions::from_mode(0o755)).expect("a mode");
        prompt
    }

    /// Where there is no `az`.
    fn without_az() -> Self {
        Self {
            graph: graph_with(Tokens::default()),
            directory: tempfile::tempdir().expect("a directory"),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn process(&self) -> Process {
        self.process_of("azure-cli")
    }

    fn process_of(&self, credential: &str) -> Process {
        let path = format!("{}:/usr/bin:/bin", self.directory.path().display());
        Process::new(&self.graph, credential).env("PATH", path)
    }

    /// The arguments of each run of `az`.
    fn runs(&self) -> Vec<String> {
        let text = fs::read_to_string(self.file("arguments")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn has_ended(&self, pid_file: &str) -> bool {
        let pid = fs::read_to_string(self.file(pid_file)).expect("az has written it");
        let kill = Command::new("kill")
            .args(["-0", pid.trim()])
            .stderr(Stdio::null())
            .status();
        !kill.expect("kill is everywhere").success()
    }
}

/// A script that answers Graph's token, which expires after so many seconds, as the CLI writes it.
fn answer(lifetime_seconds: i64) -> String {
    format!(
        r#"cat <<END
{{
  "accessToken": "{DEFAULT_TOKEN}",
  "expiresOn": "2030-01-01 00:00:00.000000",
  "expires_on": $(($(date +%s) + {lifetime_seconds})),
  "subscription": "6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10",
  "tenant": "{TENANT_ID}",
  "tokenType": "Bearer"
}}
END"#
    )
}

/// As the CLI is: a script that runs another program and waits for it.
const HANGS: &str = "sleep 600 & echo $! > inner; echo $$ > outer; wait";

#[test]
fn its_token_is_used() {
    let prompt = Prompt::with_az(&answer(3600));
    assert_eq!(prompt.process().updates(2).outcomes(), ["200", "200"]);
    let scope = format!("{}/.default", prompt.graph.endpoint());
    let expected = format!("account get-access-token --output json --scope {scope}");
    assert_eq!(prompt.runs(), [expected], "it was asked once");
}

#[test]
fn a_tenant_may_be_named() {
    let prompt = Prompt::with_az(&answer(3600));
    let process = prompt.process_of(&format!("azure-cli {TENANT_ID}"));
    assert_eq!(process.outcome(), "200");
    let [run] = prompt.runs().try_into().expect("one run");
    assert!(run.ends_with(&format!(" --tenant {TENANT_ID}")), "{run}");
}

#[test]
fn a_tenant_that_is_none_is_named() {
    let prompt = Prompt::with_az(&answer(3600));
    let outcome = prompt.process_of("azure-cli contoso;ls").outcome();
    let told = "The tenant id \"contoso;ls\" is neither a GUID nor a domain.";
    assert_eq!(outcome, format!("InvalidArgument: {told}"));
    assert_eq!(prompt.runs().len(), 0);
}

#[test]
fn it_is_asked_again_when_its_token_expires() {
    let prompt = Prompt::with_az(&answer(0));
    assert_eq!(prompt.process().updates(2).outcomes(), ["200", "200"]);
    assert_eq!(prompt.runs().len(), 2);
}

/// The CLI before 2.54 told the time of this place alone.
#[test]
fn a_token_may_be_without_the_time_of_its_end() {
    let prompt = Prompt::with_az(&format!(
        r#"echo '{{"accessToken": "{DEFAULT_TOKEN}", "expiresOn": "2030-01-01 00:00:00.000000"}}'"#
    ));
    assert_eq!(prompt.process().updates(2).outcomes(), ["200", "200"]);
    assert_eq!(prompt.runs().len(), 1);
}

#[test]
fn warnings_do_not_matter() {
    let prompt = Prompt::with_az(&format!(
        "echo 'WARNING: a new version' >&2\n{}",
        answer(3600)
    ));
    assert_eq!(prompt.process().outcome(), "200");
}

#[test]
fn what_it_says_is_told() {
    const MANY_LINES: &str =
        "i=0; while [ $i -lt 20000 ]; do echo 'WARNING: busy' >&2; i=$((i+1)); done";
    let many_lines = format!(
        "{MANY_LINES}; echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1"
    );
    for (script, told) in [
        (
            "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
            "Please run 'az login' to setup account.",
        ),
        (
            "echo 'WARNING: a new version' >&2; echo 'ERROR: AADSTS70043: The refresh token has expired.' >&2; echo 'Trace ID: x' >&2; exit 1",
            "AADSTS70043: The refresh token has expired.",
        ),
        (&many_lines, "Please run 'az login' to setup account."),
        (
            "echo 'sh: python3: not found' >&2; exit 127",
            "sh: python3: not found.",
        ),
        ("exit 3", "it failed without a word."),
        // A signal reaches it: the library's threads, where signals are blocked, pass that on to nobody.
        (
            "kill -TERM $$; echo 'ERROR: still here' >&2; exit 1",
            "it failed without a word.",
        ),
        ("echo 'no JSON'", "its answer is no JSON."),
        ("echo '{}'", "its answer has no accessToken."),
        (
            r#"echo '{"accessToken": "planted token"}'"#,
            "its accessToken is no bearer token.",
        ),
        (
            r#"echo '{"accessToken": "planted-token"}'; echo 'ERROR: {"access_token": "planted-token"}' >&2; exit 1"#,
            r#"{"access_token": [redacted]}."#,
        ),
    ] {
        let prompt = Prompt::with_az(script);
        let outcome = prompt.process().outcome();
        let begin = "TokenUnavailable: The Azure CLI gave no access token: ";
        assert_eq!(outcome, format!("{begin}{told}"), "{script}");
        assert_eq!(prompt.graph.requests().len(), 0);
    }
}

#[test]
fn without_it_nothing_begins() {
    let prompt = Prompt::without_az();
    let outcome = prompt
        .process()
        .env("PATH", prompt.directory.path())
        .outcome();
    let told = "The Azure CLI (az) is not installed, or not on the PATH.";
    assert_eq!(outcome, format!("InvalidArgument: {told}"));
}

#[test]
fn a_file_that_is_no_program_is_told() {
    let prompt = Prompt::without_az();
    fs::write(prompt.file("az"), "").expect("a file");
    let outcome = prompt
        .process()
        .env("PATH", prompt.directory.path())
        .outcome();
    let begin = "TokenUnavailable: The Azure CLI gave no access token: it cannot be run: ";
    assert!(outcome.starts_with(begin), "{outcome}");
}

#[test]
fn at_the_time_limit_it_is_ended() {
    let prompt = Prompt::with_az(HANGS);
    let mut process = prompt.process().time_limit(Duration::from_secs(2)).start();
    let outcome = process.first_outcome();
    assert!(outcome.starts_with("OperationTimeout: "), "{outcome}");
    assert!(
        outcome.contains("It was waiting for an access token."),
        "{outcome}"
    );
    for pid_file in ["outer", "inner"] {
        wait_until(pid_file, || prompt.has_ended(pid_file));
    }
}

#[test]
fn when_the_update_is_cancelled_it_is_ended() {
    let prompt = Prompt::with_az(HANGS);
    let mut process = prompt
        .process()
        .cancel_when_there_is(&prompt.file("outer"))
        .start();
    let outcome = process.first_outcome();
    assert_eq!(outcome, "Cancelled: The operation was cancelled.");
    for pid_file in ["outer", "inner"] {
        wait_until(pid_file, || prompt.has_ended(pid_file));
    }
}

/// What it leaves running in the background may hold its output open.
#[test]
fn it_may_leave_something_running() {
    let prompt = Prompt::with_az(&format!("{}\nsleep 3 &", answer(3600)));
    let started = Instant::now();
    assert_eq!(prompt.process().outcome(), "200");
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn it_runs_in_a_given_environment_and_not_in_the_processs() {
    let prompt = Prompt::with_az(&format!("env > variables\n{}", answer(3600)));
    let path = format!("{}:/usr/bin:/bin", prompt.directory.path().display());
    let outcome = Process::new(&prompt.graph, "azure-cli")
        .env("PATH", "/nowhere/at/all")
        .env("AZURE_CONFIG_DIR", "/the/processs")
        .given(&[("PATH", &path), ("AZURE_EXTENSION_DIR", "/given")])
        .outcome();
    assert_eq!(outcome, "200");

    let text = fs::read_to_string(prompt.file("variables")).expect("az has written it");
    // The shell sets these itself.
    let own = ["PWD=", "OLDPWD=", "SHLVL=", "_="];
    let mut variables: Vec<&str> = text.lines().collect();
    variables.retain(|line| !own.iter().any(|name| line.starts_with(name)));
    variables.sort_unstable();
    let path = format!("PATH={path}");
    assert_eq!(variables, ["AZURE_EXTENSION_DIR=/given", path.as_str()]);
}

#[test]
fn it_is_not_looked_for_on_the_processs_path_where_one_is_given() {
    let prompt = Prompt::with_az(&answer(3600));
    let told = "The Azure CLI (az) is not installed, or not on the PATH.";
    for given in [&[("PATH", "/nowhere/at/all")][..], &[]] {
        let outcome = prompt.process().given(given).outcome();
        assert_eq!(outcome, format!("InvalidArgument: {told}"), "{given:?}");
    }
    assert_eq!(prompt.runs().len(), 0);
}
