//! A running update: wait for it, cancel it, take its response.

use std::future::Future;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::call::Retries;
use crate::error::{Error, ErrorKind};
use crate::response::Response;
use crate::retry::Retry;
use crate::runtime::Worker;

/// An update on its way. Dropping it cancels it.
#[derive(Debug)]
pub struct Operation {
    outcome: Arc<Outcome>,
    task: AbortHandle,
    retries: Retries,
    // An operation may outlive its client; the worker must not end before it.
    _worker: Arc<Worker>,
}

impl Operation {
    pub(crate) fn start(
        worker: &Arc<Worker>,
        retries: Retries,
        request: impl Future<Output = Result<Response, Error>> + Send + 'static,
    ) -> Result<Self, Error> {
        let outcome = Arc::new(Outcome::default());
        let unfinished = Unfinished(outcome.clone());
        let task = worker.spawn(async move {
            let result = request.await;
            unfinished.0.end(result);
        })?;
        Ok(Self {
            outcome,
            task,
            retries,
            _worker: worker.clone(),
        })
    }

    /// Waits until the operation has ended, or the time is over. Returns whether it has ended. Any thread may wait.
    pub fn wait(&self, timeout: Duration) -> bool {
        let state = self.outcome.lock();
        let (state, _) = self
            .outcome
            .ended
            .wait_timeout_while(state, timeout, |state| matches!(state, State::Running))
            .unwrap_or_else(PoisonError::into_inner);
        !matches!(*state, State::Running)
    }

    /// Ends the operation with [`ErrorKind::Cancelled`], unless it has ended already. The request is dropped. Any thread may
    /// cancel, any number of times.
    pub fn cancel(&self) {
        self.outcome.end(Err(cancelled()));
        self.task.abort();
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
        match std::mem::replace(&mut *state, State::Taken) {
            State::Ended(result) => *result,
            State::Running => {
                *state = State::Running;
                Err(Error::new(
                    ErrorKind::NotFinished,
                    "The operation has not ended yet; wait for it first.",
                ))
            }
            State::Taken => Err(Error::new(
                ErrorKind::AlreadyTaken,
                "The operation's response was taken before.",
            )),
        }
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
enum State {
    #[default]
    Running,
    Ended(Box<Result<Response, Error>>),
    Taken,
}

impl Outcome {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the operation once: later calls change nothing.
    fn end(&self, result: Result<Response, Error>) {
        let mut state = self.lock();
        if matches!(*state, State::Running) {
            *state = State::Ended(Box::new(result));
            // Unlocked first, or the waiter would wake up only to wait for the lock.
            drop(state);
            self.ended.notify_all();
        }
    }
}

/// Ends the operation if its task goes away before it could: nobody waits for ever.
struct Unfinished(Arc<Outcome>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.0.end(Err(match std::thread::panicking() {
            true => Error::new(
                ErrorKind::Internal,
                "The library failed inside the request.",
            ),
            false => cancelled(),
        }));
    }
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "The operation was cancelled.")
}
