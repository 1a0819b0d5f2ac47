//! Tokens of the person who is signed in to the Azure CLI.

use std::env;
use std::io::Read;
#[cfg(unix)]
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use super::{AccessToken, Asker, TokenFuture, TokenRequest, TokenSource, authority, entra};
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::redact::redact;
#[cfg(unix)]
use crate::signal_mask;

const PROGRAM: &str = if cfg!(windows) { "az.cmd" } else { "az" };

/// How often a running CLI is looked at.
const LOOK: Duration = Duration::from_millis(20);

const ABANDONED: &str = "nobody waits for it any more";

/// The CLI, with its own tenant or this one.
#[derive(Clone)]
pub(super) struct AzureCli {
    tenant: Option<String>,
}

impl AzureCli {
    pub(super) fn new(tenant: Option<&str>) -> Result<Self, Error> {
        if let Some(tenant) = tenant {
            authority::check_tenant(tenant)?;
        }
        let tenant = tenant.map(str::to_owned);
        Ok(Self { tenant })
    }

    /// Finds what is wrong before the first token is needed.
    pub(super) fn open(&self, environment: &Environment) -> Result<Arc<dyn TokenSource>, Error> {
        let is_there = environment.search_path().is_some_and(|path| {
            env::split_paths(&path).any(|directory| directory.join(PROGRAM).is_file())
        });
        match is_there {
            true => Ok(Arc::new(Opened {
                tenant: self.tenant.clone(),
                environment: environment.clone(),
            })),
            false => Err(Error::new(
                ErrorKind::InvalidArgument,
                "The Azure CLI (az) is not installed, or not on the PATH.",
            )),
        }
    }

    pub(super) fn known(&self) -> Identity {
        let tenant = self.tenant.as_deref();
        Identity::known(
            tenant.filter(|tenant| authority::is_guid(tenant)),
            None,
            None,
        )
    }
}

struct Opened {
    tenant: Option<String>,
    environment: Environment,
}

impl TokenSource for Opened {
    fn fetch<'a>(&'a self, request: TokenRequest, _: &'a Asker) -> TokenFuture<'a> {
        let mut command = Command::new(PROGRAM);
        command
            .args(["account", "get-access-token", "--output", "json", "--scope"])
            .arg(&request.scope)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        self.environment.pass_to(&mut command);
        #[cfg(unix)]
        {
            // A group of its own, to be ended as a whole.
            command.process_group(0);
            signal_mask::allow_signals_in(&mut command);
        }
        if let Some(tenant) = &self.tenant {
            command.args(["--tenant", tenant]);
        }
        Box::pin(async move {
            // Its drop ends the CLI, when nobody waits for the token any more.
            let run = Run::default();
            let shared = run.0.clone();
            tokio::task::spawn_blocking(move || get_token(command, &shared))
                .await
                .unwrap_or_else(|_| Err("it could not be run".to_owned()))
                .map_err(|why| {
                    let message = format!("The Azure CLI gave no access token: {why}.");
                    Error::new(ErrorKind::TokenUnavailable, message)
                })
        })
    }
}

/// One run of the CLI, which ends with it.
#[derive(Default)]
struct Run(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    child: Option<Child>,
    is_abandoned: bool,
}

impl Drop for Run {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_abandoned = true;
        if let Some(child) = &mut state.child {
            end(child);
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the CLI with what it runs: it is a script that waits for another program.
#[cfg(unix)]
fn end(child: &mut Child) {
    // Nobody has waited for it, so the group is its own still.
    if let Ok(None) = child.try_wait() {
        // It may have ended meanwhile; then there is nothing to end.
        let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end(child: &mut Child) {
    // It may have ended meanwhile; then there is nothing to end.
    let _ = child.kill();
}

fn get_token(command: Command, state: &Mutex<State>) -> Result<AccessToken, String> {
    let (output, errors) = start(command, state)?;
    let succeeded = wait(state, || output.is_finished() && errors.is_finished())?;
    let read = |reader: Reader| reader.join().unwrap_or_default();
    match succeeded {
        Some(true) => read_token(&read(output)),
        Some(false) => Err(error_line(&read(errors))),
        None => read_token(&read(output)).map_err(|_| error_line(&read(errors))),
    }
}

/// Starts the CLI, unless nobody waits for it any more.
fn start(mut command: Command, state: &Mutex<State>) -> Result<(Reader, Reader), String> {
    let mut state = lock(state);
    if state.is_abandoned {
        return Err(ABANDONED.to_owned());
    }
    let mut child = command
        .spawn()
        .map_err(|error| format!("it cannot be run: {error}"))?;
    let readers = (reader(child.stdout.take()), reader(child.stderr.take()));
    state.child = Some(child);
    Ok(readers)
}

/// Reads on a thread of its own, so that the CLI never waits for a full pipe.
type Reader = thread::JoinHandle<Vec<u8>>;

fn reader(pipe: Option<impl Read + Send + 'static>) -> Reader {
    thread::spawn(move || {
        let mut read = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read until an error is all there is.
            let _ = pipe.read_to_end(&mut read);
        }
        read
    })
}

/// Waits until the CLI has ended and its output is read. Returns whether it succeeded, or None where the host took that answer: one that
/// ignores SIGCHLD, or waits for all its children.
fn wait(state: &Mutex<State>, is_read: impl Fn() -> bool) -> Result<Option<bool>, String> {
    loop {
        let mut state = lock(state);
        let child = state.child.as_mut().expect("it was started");
        let succeeded = match child.try_wait() {
            Ok(status) => status.map(|status| Some(status.success())),
            Err(error) if is_taken(&error) => Some(None),
            Err(error) => return Err(format!("it cannot be waited for: {error}")),
        };
        match succeeded {
            Some(_) if state.is_abandoned => return Err(ABANDONED.to_owned()),
            Some(succeeded) if is_read() => return Ok(succeeded),
            _ => {}
        }
        drop(state);
        thread::sleep(LOOK);
    }
}

#[cfg(unix)]
fn is_taken(error: &std::io::Error) -> bool {
    error.raw_os_error() == Some(libc::ECHILD)
}

#[cfg(not(unix))]
fn is_taken(_: &std::io::Error) -> bool {
    false
}

/// The CLI's answer: `accessToken`, and `expires_on` in seconds since 1970.
fn read_token(output: &[u8]) -> Result<AccessToken, String> {
    let answer: Value =
        serde_json::from_slice(output).map_err(|_| "its answer is no JSON".to_owned())?;
    let token = answer["accessToken"]
        .as_str()
        .ok_or("its answer has no accessToken")?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let lifetime = entra::seconds(&answer["expires_on"])
        .map(|expires_on| Duration::from_secs(expires_on).saturating_sub(now));
    AccessToken::new(token, lifetime).map_err(|_| "its accessToken is no bearer token".to_owned())
}

/// What the CLI says of a failure, such as `ERROR: Please run 'az login' to setup account.`: its first error, else its first line.
fn error_line(errors: &[u8]) -> String {
    let errors = redact(&String::from_utf8_lossy(errors));
    let lines = || errors.lines().map(str::trim);
    let line = lines()
        .find_map(|line| line.strip_prefix("ERROR: "))
        .or_else(|| lines().find(|line| !line.is_empty()))
        .unwrap_or("it failed without a word");
    line.trim_end_matches('.').to_owned()
}
