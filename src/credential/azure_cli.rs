//! Tokens of the person who is signed in to the Azure CLI.

use std::env;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{AccessToken, TokenFuture, TokenRequest, TokenSource, entra};
use crate::error::{Error, ErrorKind};
use crate::proxy::Proxy;

const PROGRAM: &str = if cfg!(windows) { "az.cmd" } else { "az" };

/// How often a running CLI is looked at.
const LOOK: Duration = Duration::from_millis(20);

struct AzureCli {
    tenant: Option<String>,
}

/// Finds what is wrong before the first token is needed.
pub(super) fn check(tenant: Option<&str>) -> Result<(), Error> {
    if let Some(tenant) = tenant {
        entra::check_tenant(tenant)?;
    }
    let path = env::var_os("PATH").unwrap_or_default();
    match env::split_paths(&path).any(|directory| directory.join(PROGRAM).is_file()) {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::InvalidArgument,
            "The Azure CLI (az) is not installed, or not on the PATH.",
        )),
    }
}

pub(super) fn open(tenant: Option<String>) -> Arc<dyn TokenSource> {
    Arc::new(AzureCli { tenant })
}

impl TokenSource for AzureCli {
    fn fetch<'a>(&'a self, request: TokenRequest, _: Option<&'a Proxy>) -> TokenFuture<'a> {
        let mut command = Command::new(PROGRAM);
        command
            .args(["account", "get-access-token", "--output", "json", "--scope"])
            .arg(&request.scope)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(tenant) = &self.tenant {
            command.args(["--tenant", tenant]);
        }
        Box::pin(async move {
            let abandoned = Abandoned::default();
            let flag = abandoned.0.clone();
            tokio::task::spawn_blocking(move || run(command, &flag))
                .await
                .unwrap_or_else(|_| Err("it could not be run".to_owned()))
                .map_err(|why| {
                    let message = format!("The Azure CLI gave no access token: {why}.");
                    Error::new(ErrorKind::TokenUnavailable, message)
                })
        })
    }
}

/// Says, when it is dropped with its future, that nobody waits any more.
#[derive(Default)]
struct Abandoned(Arc<AtomicBool>);

impl Drop for Abandoned {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn run(mut command: Command, abandoned: &AtomicBool) -> Result<AccessToken, String> {
    let mut child = command
        .spawn()
        .map_err(|error| format!("it cannot be run: {error}"))?;
    // Read on threads of their own, so that the CLI never waits for a full pipe.
    let output = reader(child.stdout.take());
    let errors = reader(child.stderr.take());
    let succeeded = wait(&mut child, abandoned)?;
    let output = output.join().unwrap_or_default();
    let errors = errors.join().unwrap_or_default();
    match succeeded {
        true => read_token(&output),
        false => Err(first_line(&errors)),
    }
}

fn reader(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut read = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read until an error is all there is.
            let _ = pipe.read_to_end(&mut read);
        }
        read
    })
}

fn wait(child: &mut Child, abandoned: &AtomicBool) -> Result<bool, String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if abandoned.load(Ordering::Acquire) => {
                // It may have ended meanwhile; then there is nothing to kill.
                let _ = child.kill();
                let _ = child.wait();
                return Err("nobody waits for it any more".to_owned());
            }
            Ok(None) => thread::sleep(LOOK),
            Err(error) => return Err(format!("it cannot be waited for: {error}")),
        }
    }
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
    let lifetime = answer["expires_on"]
        .as_u64()
        .map(|expires_on| Duration::from_secs(expires_on).saturating_sub(now));
    AccessToken::new(token, lifetime).map_err(|_| "its accessToken is no bearer token".to_owned())
}

/// The first line of what the CLI says, such as `Please run 'az login' to setup account.`
fn first_line(errors: &[u8]) -> String {
    let errors = String::from_utf8_lossy(errors);
    let line = errors
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("it failed without a word");
    line.trim_start_matches("ERROR: ")
        .trim_end_matches('.')
        .to_owned()
}
