//! How far an operation is: what it shows, what it wants from whoever waits for it, and how it ended.

#[cfg(unix)]
use std::os::fd::RawFd;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::credential::{AccessToken, TokenRequest};
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::response::Response;
#[cfg(unix)]
use crate::signal::Signal;

/// What an operation and its task share.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    state: Mutex<State>,
    changed: Condvar,
    prompt: OnceLock<String>,
}

/// What an operation ends with in success: an update with a response, a sign-in with an identity.
#[derive(Debug)]
pub(crate) enum Outcome {
    Response(Box<Response>),
    Identity(Identity),
}

/// A token, or the reason why there is none.
pub(crate) type Answer = Result<AccessToken, String>;

#[derive(Debug, Default)]
struct State {
    stage: Stage,
    /// Stays after the end, for those who still look at it.
    wanted: Option<Wanted>,
    #[cfg(unix)]
    signal: Option<Signal>,
}

#[derive(Debug, Default)]
enum Stage {
    #[default]
    Running,
    Ended(Result<Outcome, Error>),
    Taken,
}

/// A token that is wanted from whoever waits.
#[derive(Debug)]
struct Wanted {
    request: Arc<TokenRequest>,
    answer: oneshot::Sender<Answer>,
}

impl State {
    fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running)
    }

    /// Whether there is something to do for whoever waits.
    fn is_news(&self) -> bool {
        !self.is_running() || self.wanted.is_some()
    }
}

impl Progress {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and tells those who wait for news.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let was_news = state.is_news();
        let changed = change(&mut state);
        let is_news = state.is_news();
        #[cfg(unix)]
        if let Some(signal) = &mut state.signal {
            signal.set(is_news);
        }
        // Unlocked first, or the waiter would wake up only to wait for the lock.
        drop(state);
        // Nobody waits while there is news.
        if is_news && !was_news {
            self.changed.notify_all();
        }
        changed
    }

    /// Waits until the operation has ended or wants a token, or the time is over. Returns whether it has ended.
    pub(crate) fn wait(&self, timeout: Duration) -> bool {
        let (state, _) = self
            .changed
            .wait_timeout_while(self.lock(), timeout, |state| !state.is_news())
            .unwrap_or_else(PoisonError::into_inner);
        !state.is_running()
    }

    /// Ends the operation once: later calls change nothing, and do not ask for a result.
    pub(crate) fn end(&self, result: impl FnOnce() -> Result<Outcome, Error>) {
        self.change(|state| {
            if state.is_running() {
                state.stage = Stage::Ended(result());
            }
        });
    }

    pub(crate) fn take(&self) -> Result<Outcome, Error> {
        let mut state = self.lock();
        match std::mem::replace(&mut state.stage, Stage::Taken) {
            Stage::Ended(result) => result,
            Stage::Running => {
                state.stage = Stage::Running;
                Err(Error::new(
                    ErrorKind::NotFinished,
                    "The operation has not ended yet; wait for it first.",
                ))
            }
            Stage::Taken => Err(Error::new(
                ErrorKind::AlreadyTaken,
                "The operation's outcome was taken before.",
            )),
        }
    }

    /// Wants a token from whoever waits.
    pub(crate) fn want(&self, request: TokenRequest) -> oneshot::Receiver<Answer> {
        let (answer, answered) = oneshot::channel();
        let request = Arc::new(request);
        self.change(|state| state.wanted = Some(Wanted { request, answer }));
        answered
    }

    /// What is wanted now. It lives here until it is answered.
    pub(crate) fn wanted(&self) -> Option<Arc<TokenRequest>> {
        let state = self.lock();
        let wanted = state.wanted.as_ref().filter(|_| state.is_running())?;
        Some(wanted.request.clone())
    }

    /// Answers what is wanted now.
    pub(crate) fn answer(&self, answer: Answer) -> Result<(), Error> {
        self.change(|state| {
            state
                .wanted
                .take_if(|_| matches!(state.stage, Stage::Running))
        })
        .and_then(|wanted| wanted.answer.send(answer).ok())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::TokenNotWanted,
                "The operation wants no token now.",
            )
        })
    }

    /// Shows a message to the person. An operation has one at most.
    pub(crate) fn show(&self, prompt: String) {
        self.prompt.get_or_init(|| prompt);
    }

    pub(crate) fn prompt(&self) -> Option<&str> {
        self.prompt.get().map(String::as_str)
    }

    #[cfg(unix)]
    pub(crate) fn descriptor(&self) -> Result<RawFd, Error> {
        let mut state = self.lock();
        if state.signal.is_none() {
            let mut signal = Signal::new().map_err(|error| {
                let message = format!("There is no file descriptor for the operation: {error}.");
                Error::new(ErrorKind::Internal, message)
            })?;
            signal.set(state.is_news());
            state.signal = Some(signal);
        }
        let signal = state.signal.as_ref().expect("it was made above");
        Ok(signal.descriptor())
    }
}
