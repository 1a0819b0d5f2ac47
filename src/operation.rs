//! A running update: wait for it, cancel it, take its response.

use std::future::Future;
#[cfg(unix)]
use std::os::fd::RawFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::call::Retries;
use crate::error::{Error, ErrorKind};
use crate::response::Response;
use crate::retry::Retry;
use crate::runtime::{self, Worker};
#[cfg(unix)]
use crate::signal::Signal;

/// An update on its way. Dropping it cancels it.
#[derive(Debug)]
pub struct Operation {
    outcome: Arc<Outcome>,
    task: AbortHandle,
    retries: Retries,
    // An operation may outlive its client; the worker must not end before it.
    worker: Arc<Worker>,
}

/// What is called when an operation has ended.
pub type Completion = Box<dyn FnOnce() + Send>;

impl Operation {
    pub(crate) fn start(
        worker: &Arc<Worker>,
        retries: Retries,
        request: impl Future<Output = Result<Response, Error>> + Send + 'static,
        completion: Option<Completion>,
    ) -> Result<Self, Error> {
        worker.check_process()?;
        let outcome = Arc::new(Outcome::default());
        let ending = Ending {
            outcome: outcome.clone(),
            completion,
        };
        // Boxed, since it is large, and spawn moves what it is given.
        let request = Box::pin(request);
        let task = worker.spawn(async move {
            let result = request.await;
            ending.outcome.end(result);
        });
        Ok(Self {
            outcome,
            task,
            retries,
            worker: worker.clone(),
        })
    }

    /// Waits until the operation has ended, or the time is over. Returns whether it has ended. Any thread may wait.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`] on the library's own thread, inside a completion, unless the time is zero;
    /// [`ErrorKind::Forked`] in a process that was forked meanwhile.
    pub fn wait(&self, timeout: Duration) -> Result<bool, Error> {
        self.worker.check_process()?;
        if !timeout.is_zero() {
            runtime::check_may_block()?;
        }
        let state = self.outcome.lock();
        let (state, _) = self
            .outcome
            .ended
            .wait_timeout_while(state, timeout, |state| state.is_running())
            .unwrap_or_else(PoisonError::into_inner);
        Ok(!state.is_running())
    }

    /// Ends the operation with [`ErrorKind::Cancelled`], unless it has ended already. The request is dropped. Any thread may
    /// cancel, any number of times.
    pub fn cancel(&self) {
        // In a forked child the request is the parent's, and the locks on the way to it may be held for ever.
        if self.worker.check_process().is_ok() {
            self.outcome.end(Err(cancelled()));
            self.task.abort();
        }
    }

    /// The retries so far. One is told before its delay, while the operation still runs.
    pub fn retries(&self) -> Vec<Retry> {
        self.retries.all()
    }

    /// Takes the outcome of an operation that has ended.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFinished`] while it runs, [`ErrorKind::AlreadyTaken`] the second time, and otherwise whatever the
    /// operation ended with.
    pub fn take_response(&mut self) -> Result<Response, Error> {
        let mut state = self.outcome.lock();
        match std::mem::replace(&mut state.result, Progress::Taken) {
            Progress::Ended(result) => *result,
            Progress::Running => {
                state.result = Progress::Running;
                Err(Error::new(
                    ErrorKind::NotFinished,
                    "The operation has not ended yet; wait for it first.",
                ))
            }
            Progress::Taken => Err(Error::new(
                ErrorKind::AlreadyTaken,
                "The operation's response was taken before.",
            )),
        }
    }

    /// A file descriptor that becomes readable when the operation has ended, for `poll` and its like. It belongs to the operation:
    /// neither read from it nor close it. Every call answers the same one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Internal`] if the system gives no more descriptors.
    #[cfg(unix)]
    pub fn descriptor(&self) -> Result<RawFd, Error> {
        let mut state = self.outcome.lock();
        if state.signal.is_none() {
            let signal = Signal::new().map_err(|error| {
                let message = format!("There is no file descriptor for the operation: {error}.");
                Error::new(ErrorKind::Internal, message)
            })?;
            if !state.is_running() {
                signal.raise();
            }
            state.signal = Some(signal);
        }
        let signal = state.signal.as_ref().expect("it was made above");
        Ok(signal.descriptor())
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.cancel();
    }
}

#[derive(Debug, Default)]
struct Outcome {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    result: Progress,
    #[cfg(unix)]
    signal: Option<Signal>,
}

#[derive(Debug, Default)]
enum Progress {
    #[default]
    Running,
    Ended(Box<Result<Response, Error>>),
    Taken,
}

impl State {
    fn is_running(&self) -> bool {
        matches!(self.result, Progress::Running)
    }
}

impl Outcome {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the operation once: later calls change nothing.
    fn end(&self, result: Result<Response, Error>) {
        let mut state = self.lock();
        if state.is_running() {
            state.result = Progress::Ended(Box::new(result));
            #[cfg(unix)]
            if let Some(signal) = &state.signal {
                signal.raise();
            }
            // Unlocked first, or the waiter would wake up only to wait for the lock.
            drop(state);
            self.ended.notify_all();
        }
    }
}

/// Lives as long as the task, on the worker. With the task, in whatever way it goes, the operation ends: nobody waits for ever, and
/// the completion is called exactly once.
struct Ending {
    outcome: Arc<Outcome>,
    completion: Option<Completion>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.outcome.end(Err(match std::thread::panicking() {
            true => Error::new(
                ErrorKind::Internal,
                "The library failed inside the request.",
            ),
            false => cancelled(),
        }));
        if let Some(completion) = self.completion.take() {
            completion();
        }
    }
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "The operation was cancelled.")
}
