//! Sends an update and measures what that takes.

use std::io;
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mgdeviceimage::client::Client;
use mgdeviceimage::error::Error;
use mgdeviceimage::image::Image;
use mgdeviceimage::response::Response;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;

use crate::LIMIT;
use crate::graph_emulator::{Answer, Fault, GraphEmulator};
use crate::server::Server;
use crate::tools;

/// What an update may take, whatever the answer is. Generous, for a debug build on a busy machine.
const TIME: Duration = Duration::from_secs(30);

/// What an update may take over what was there before: the answer some times over, or a part of a bomb.
const MEMORY: usize = 6 * LIMIT;

/// While it lives, no other test of this program runs, so that memory and time are its own.
pub(crate) struct Bounds {
    memory: usize,
    _alone: MutexGuard<'static, ()>,
}

impl Bounds {
    pub(crate) fn usual() -> Self {
        Self::memory(MEMORY)
    }

    pub(crate) fn memory(bytes: usize) -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        Self {
            memory: bytes,
            _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Checks what `body` takes.
    pub(crate) fn check<T>(&self, body: impl FnOnce() -> T) -> T {
        let (before, started) = (reset_peak(), Instant::now());
        let outcome = body();
        let (time, memory) = (started.elapsed(), peak().saturating_sub(before));
        assert!(time < TIME, "took {time:?}");
        assert!(memory < self.memory, "took {memory} bytes of memory");
        outcome
    }

    /// Sends an update that is answered this.
    pub(crate) fn send(&self, answer: Answer) -> Result<Response, Error> {
        let emulator = GraphEmulator::start();
        emulator.script([Fault::Answer(answer)]);
        let client = client(emulator.endpoint());
        self.check(|| client.send(&update()))
    }

    /// Sends an update to a server that writes whatever `write` does.
    pub(crate) fn send_to(
        &self,
        write: impl FnOnce(&mut TcpStream) -> io::Result<()> + Send + 'static,
    ) -> Result<Response, Error> {
        self.send_within(TIME, write)
    }

    /// The same, with a time limit.
    pub(crate) fn send_within(
        &self,
        limit: Duration,
        write: impl FnOnce(&mut TcpStream) -> io::Result<()> + Send + 'static,
    ) -> Result<Response, Error> {
        let server = Server::start(write);
        let client = client(server.origin());
        let mut update = update();
        update.set_timeout(limit).expect("a limit");
        self.check(|| client.send(&update))
    }
}

/// A client that tries once.
pub(crate) fn client(endpoint: &str) -> Client {
    let without_retries = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    let builder = tools::client::builder(endpoint).retry(without_retries);
    builder.build().expect("a client")
}

fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

/// Starts to measure the peak of resident memory anew (see `clear_refs` in proc(5)), and answers the bytes that are resident now.
/// Where there is no /proc, both are 0.
fn reset_peak() -> usize {
    if cfg!(target_os = "linux") {
        std::fs::write("/proc/self/clear_refs", "5").expect("our own peak may be reset");
    }
    peak()
}

fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
    kibibytes.unwrap_or(0) * 1024
}
