//! A sign-in in a process of its own, whose environment is made for it.

#![cfg_attr(
    not(unix),
    allow(dead_code, reason = "the tests of the Azure CLI alone use all of it")
)]

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use mgdeviceimage::client::Client;
use mgdeviceimage::credential::{Credential, ManagedIdentity};
use mgdeviceimage::environment::Environment;
use mgdeviceimage::error::Error;
use mgdeviceimage::response::Response;

use crate::graph_emulator::{GraphEmulator, root_pem};
use crate::services::{builder, update};

/// What a process is told besides the variables under test.
const ENDPOINT: &str = "SIGN_IN_TEST_ENDPOINT";
const ROOT: &str = "SIGN_IN_TEST_ROOT";
const CREDENTIAL: &str = "SIGN_IN_TEST_CREDENTIAL";
const GIVEN: &str = "SIGN_IN_TEST_GIVEN";
const UPDATES: &str = "SIGN_IN_TEST_UPDATES";
const TIME_LIMIT_MS: &str = "SIGN_IN_TEST_TIME_LIMIT_MS";
const CANCEL_WHEN_THERE_IS: &str = "SIGN_IN_TEST_CANCEL_WHEN_THERE_IS";

/// What stands before an outcome in a process's output.
const OUTCOME: &str = "outcome: ";

/// Every variable that says how to sign in or which way to go.
const VARIABLES: [&str; 19] = [
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IMDS_ENDPOINT",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
];

#[test]
#[ignore = "signs in as the environment says; the other tests run it in a process of its own"]
fn sign_in() {
    match client() {
        Ok(client) => {
            let updates = env::var(UPDATES).map_or(1, |text| text.parse().expect("a number"));
            for _ in 0..updates {
                tell(&send(&client));
            }
        }
        Err(error) => tell(&Err(error)),
    }
    // Until the test has seen what it wants to see of a process that goes on.
    std::io::stdin()
        .read_to_end(&mut Vec::new())
        .expect("a pipe");
}

fn client() -> Result<Client, Error> {
    let endpoint = env::var(ENDPOINT).expect("set by the other tests");
    let root = env::var(ROOT).expect("set by the other tests");
    let builder = builder(&endpoint, &root).credential(credential()?);
    match env::var(GIVEN) {
        Ok(lines) => builder.environment(given(&lines)).build(),
        Err(_) => builder.build(),
    }
}

/// The environment of these lines `NAME=value`.
fn given(lines: &str) -> Environment {
    let variables = lines.lines().filter_map(|line| line.split_once('='));
    Environment::given(variables).expect("an environment")
}

fn credential() -> Result<Credential, Error> {
    let named = env::var(CREDENTIAL).expect("set by the other tests");
    let (kind, value) = named.split_once(' ').unwrap_or((&named, ""));
    let own = || value.to_owned();
    let identity = match kind {
        "environment" => return Credential::environment(Some(value).filter(|it| !it.is_empty())),
        "azure-cli" => return Credential::azure_cli(Some(value).filter(|it| !it.is_empty())),
        "system" => ManagedIdentity::System,
        "client-id" => ManagedIdentity::ClientId(own()),
        "object-id" => ManagedIdentity::ObjectId(own()),
        "resource-id" => ManagedIdentity::ResourceId(own()),
        _ => panic!("{named} is no credential"),
    };
    Ok(Credential::managed_identity(identity))
}

fn send(client: &Client) -> Result<Response, Error> {
    let mut update = update();
    if let Ok(limit) = env::var(TIME_LIMIT_MS) {
        let limit = Duration::from_millis(limit.parse().expect("a number"));
        update.set_timeout(limit).expect("a limit");
    }
    let mut operation = client.start(&update)?;
    if let Some(file) = env::var_os(CANCEL_WHEN_THERE_IS) {
        while !Path::new(&file).exists() && !operation.wait(Duration::from_millis(10))? {}
        operation.cancel();
    }
    while !operation.wait(Duration::MAX)? {}
    operation.take_response()
}

fn tell(outcome: &Result<Response, Error>) {
    match outcome {
        Ok(response) => println!("{OUTCOME}{}", response.status()),
        Err(error) => println!("{OUTCOME}{:?}: {error}", error.kind()),
    }
}

/// A process that signs in and sends updates.
pub(crate) struct Process(Command);

impl Process {
    /// One whose client gets its tokens so: `environment <authority>`, `azure-cli`, `azure-cli <tenant>`, `system`, `client-id <id>`,
    /// `object-id <id>` or `resource-id <id>` for managed identities.
    pub(crate) fn new(graph: &GraphEmulator, credential: &str) -> Self {
        let mut command = Command::new(env::current_exe().expect("this program"));
        command
            .args(["--exact", "process::sign_in", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let process = Self(command);
        process
            .env(ENDPOINT, graph.endpoint())
            .env(ROOT, root_pem())
            .env(CREDENTIAL, credential)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Gives the client an environment in place of the process's own.
    pub(crate) fn given(self, variables: &[(&str, &str)]) -> Self {
        let lines: Vec<_> = variables
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        self.env(GIVEN, lines.join("\n"))
    }

    /// How many updates it sends, one after the other.
    pub(crate) fn updates(self, updates: u32) -> Self {
        self.env(UPDATES, updates.to_string())
    }

    pub(crate) fn time_limit(self, limit: Duration) -> Self {
        self.env(TIME_LIMIT_MS, limit.as_millis().to_string())
    }

    /// Cancels the update as soon as there is this file.
    pub(crate) fn cancel_when_there_is(self, file: &Path) -> Self {
        self.env(CANCEL_WHEN_THERE_IS, file)
    }

    /// The outcome of each update: a status, or an error's kind and message.
    pub(crate) fn outcomes(self) -> Vec<String> {
        self.start().outcomes()
    }

    /// The outcome of the one update.
    pub(crate) fn outcome(self) -> String {
        let [outcome] = self.outcomes().try_into().expect("one outcome");
        outcome
    }

    pub(crate) fn start(mut self) -> Running {
        Running(self.0.spawn().expect("a process"))
    }
}

/// A process that runs, and ends with this.
pub(crate) struct Running(Child);

impl Running {
    /// Waits for the outcome of the first update. The process goes on.
    pub(crate) fn first_outcome(&mut self) -> String {
        let output = self.0.stdout.as_mut().expect("a pipe");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        lines
            .find_map(|line| outcome_of(&line))
            .expect("an outcome")
    }

    fn outcomes(mut self) -> Vec<String> {
        drop(self.0.stdin.take());
        let mut text = String::new();
        let output = self.0.stdout.as_mut().expect("a pipe");
        output.read_to_string(&mut text).expect("UTF-8");
        text.lines().filter_map(outcome_of).collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let status = self.0.wait().expect("a process of ours");
        assert!(status.success() || thread::panicking(), "{status}");
    }
}

fn outcome_of(line: &str) -> Option<String> {
    let (_, outcome) = line.split_once(OUTCOME)?;
    Some(outcome.to_owned())
}

/// Waits until it holds. Panics after ten seconds.
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("not in ten seconds: {what}");
}
