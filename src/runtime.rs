//! The background worker on which requests run.

use std::cell::Cell;
use std::future::Future;
use std::panic;
use std::process;

use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

use crate::error::{Error, ErrorKind};
#[cfg(unix)]
use crate::signal_mask;

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// One thread that drives a client's requests, and the process it lives in.
///
/// Requests never run on the caller's thread: connections are served between calls too, and a host with the default
/// SIGPIPE handling is not killed when a peer resets a connection, for the signal is blocked on the library's threads.
#[derive(Debug)]
pub(crate) struct Worker {
    // None only while it is dropped.
    runtime: Option<Runtime>,
    process: u32,
}

impl Worker {
    pub(crate) fn start() -> Result<Self, Error> {
        let failed = |why: String| {
            let message = format!("The library's worker thread could not be started: {why}.");
            Error::new(ErrorKind::Internal, message)
        };
        let build = || {
            Builder::new_multi_thread()
                .worker_threads(1)
                .thread_name("mgdeviceimage")
                .on_thread_start(|| {
                    IS_WORKER.set(true);
                    #[cfg(unix)]
                    signal_mask::block_signals();
                })
                .enable_all()
                .build()
        };
        // tokio panics where the system gives no thread.
        let runtime = panic::catch_unwind(build)
            .map_err(|_| failed("the system gives no thread".to_owned()))?
            .map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            runtime: Some(runtime),
            process: process::id(),
        })
    }

    /// Refuses to go on in a forked child, which has the client but not the worker.
    pub(crate) fn check_process(&self) -> Result<(), Error> {
        match self.process == process::id() {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::Forked,
                "This process was forked from the one that built the client, and the client's worker stayed there. Build a client after the fork.",
            )),
        }
    }

    /// Runs a future to its end on the worker.
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let runtime = self
            .runtime
            .as_ref()
            .expect("the runtime is there until the worker is dropped");
        runtime.spawn(future).abort_handle()
    }
}

/// Refuses to wait on a worker: what is waited for could never happen.
pub(crate) fn check_may_block() -> Result<(), Error> {
    match IS_WORKER.get() {
        false => Ok(()),
        true => Err(Error::new(
            ErrorKind::WouldBlock,
            "This is the library's own thread, inside a completion or a token callback. It must not wait.",
        )),
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        if self.check_process().is_ok() {
            // Does not wait, so that a client may be freed anywhere, on the worker too.
            runtime.shutdown_background();
        } else {
            // In a forked child the worker does not exist; there is nothing that could be shut down.
            std::mem::forget(runtime);
        }
    }
}
