//! A running update or sign-in: wait for it, cancel it, take its outcome.

use std::future::Future;
#[cfg(unix)]
use std::os::fd::RawFd;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::call::Retries;
use crate::credential::{AccessToken, Asker, Role, TokenRequest};
use crate::error::{Error, ErrorKind};
use crate::identity::Identity;
use crate::progress::{Answer, Outcome, Progress};
use crate::response::Response;
use crate::retry::Retry;
use crate::runtime::{self, Worker};

/// An update or a sign-in on its way. Dropping it cancels it.
#[derive(Debug)]
pub struct Operation {
    role: Role,
    progress: Arc<Progress>,
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
        asker: &Asker,
        retries: Retries,
        task: impl Future<Output = Result<Outcome, Error>> + Send + 'static,
        completion: Option<Completion>,
    ) -> Result<Self, Error> {
        worker.check_process()?;
        let ending = Ending {
            progress: asker.progress.clone(),
            completion,
        };
        // Boxed, since it is large, and spawn moves what it is given.
        let task = Box::pin(task);
        let task = worker.spawn(async move {
            let result = task.await;
            ending.progress.end(|| result);
        });
        Ok(Self {
            role: asker.role,
            progress: asker.progress.clone(),
            task,
            retries,
            worker: worker.clone(),
        })
    }

    /// Waits until the operation has ended, or the time is over. Returns whether it has ended. Any thread may wait.
    ///
    /// Returns at once, with false, while the operation wants a token: see [`Operation::wanted_token`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WouldBlock`] on the library's own thread, inside a completion or a token callback, unless the time is zero;
    /// [`ErrorKind::Forked`] in a process that was forked meanwhile.
    pub fn wait(&self, timeout: Duration) -> Result<bool, Error> {
        self.worker.check_process()?;
        if !timeout.is_zero() {
            runtime::check_may_block()?;
        }
        Ok(self.progress.wait(timeout))
    }

    /// What to show to the person who is to sign in: which page to open, and which code to enter there. None until there is one; it
    /// appears while the operation runs, and a wait does not end for it.
    pub fn prompt(&self) -> Option<&str> {
        self.progress.prompt()
    }

    /// The token that the operation wants from whoever waits for it, where the client's tokens come from there
    /// ([`Credential::host`](crate::credential::Credential::host)). It is answered with [`Operation::set_token`] or
    /// [`Operation::fail_token`], by any thread; the time limit goes on meanwhile.
    pub fn wanted_token(&self) -> Option<Arc<TokenRequest>> {
        self.worker.check_process().ok()?;
        self.progress.wanted()
    }

    /// Gives the token that is wanted.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TokenNotWanted`] if none is; [`ErrorKind::Forked`] in a process that was forked meanwhile.
    pub fn set_token(&self, token: AccessToken) -> Result<(), Error> {
        self.answer(Ok(token))
    }

    /// Says why there is no token, for people and without secrets. The operation ends with [`ErrorKind::TokenUnavailable`].
    ///
    /// # Errors
    ///
    /// As [`Operation::set_token`].
    pub fn fail_token(&self, reason: &str) -> Result<(), Error> {
        self.answer(Err(reason.to_owned()))
    }

    fn answer(&self, answer: Answer) -> Result<(), Error> {
        self.worker.check_process()?;
        self.progress.answer(answer)
    }

    /// Ends the operation with [`ErrorKind::Cancelled`], unless it has ended already. The request is dropped. Any thread may
    /// cancel, any number of times.
    pub fn cancel(&self) {
        // In a forked child the request is the parent's, and the locks on the way to it may be held for ever.
        if self.worker.check_process().is_ok() {
            self.progress.end(|| Err(cancelled()));
            self.task.abort();
        }
    }

    /// The retries so far. One is told before its delay, while the operation still runs. None in a forked process.
    pub fn retries(&self) -> Vec<Retry> {
        match self.worker.check_process() {
            Ok(()) => self.retries.all(),
            Err(_) => Vec::new(),
        }
    }

    /// Takes the response of an update that has ended.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFinished`] while it runs, [`ErrorKind::AlreadyTaken`] the second time, [`ErrorKind::WrongOperation`] for a
    /// sign-in, [`ErrorKind::Forked`] in a process that was forked meanwhile, and otherwise whatever the operation ended with.
    pub fn take_response(&mut self) -> Result<Response, Error> {
        if self.role == Role::SignIn {
            return Err(wrong_operation(
                "A sign-in has no response; take its identity.",
            ));
        }
        match self.take()? {
            Outcome::Response(response) => Ok(*response),
            Outcome::Identity(_) => unreachable!("an update ends with a response"),
        }
    }

    /// Takes the identity of a sign-in that has ended.
    ///
    /// # Errors
    ///
    /// As [`Operation::take_response`]; [`ErrorKind::WrongOperation`] for an update.
    pub fn take_identity(&mut self) -> Result<Identity, Error> {
        if self.role != Role::SignIn {
            return Err(wrong_operation(
                "An update has no identity; take its response.",
            ));
        }
        match self.take()? {
            Outcome::Identity(identity) => Ok(identity),
            Outcome::Response(_) => unreachable!("a sign-in ends with an identity"),
        }
    }

    fn take(&self) -> Result<Outcome, Error> {
        self.worker.check_process()?;
        self.progress.take()
    }

    /// A file descriptor for `poll` and its like, which is readable when the operation has ended, and while it wants a token. It belongs
    /// to the operation: neither read from it nor close it. Every call answers the same one.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Internal`] if the system gives no more descriptors; [`ErrorKind::Forked`] in a process that was forked meanwhile.
    #[cfg(unix)]
    pub fn descriptor(&self) -> Result<RawFd, Error> {
        self.worker.check_process()?;
        self.progress.descriptor()
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// Lives as long as the task, on the worker. With the task, in whatever way it goes, the operation ends: nobody waits for ever, and
/// the completion is called exactly once.
struct Ending {
    progress: Arc<Progress>,
    completion: Option<Completion>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.progress.end(|| {
            Err(match std::thread::panicking() {
                true => Error::new(
                    ErrorKind::Internal,
                    "The library failed inside the request.",
                ),
                false => cancelled(),
            })
        });
        if let Some(completion) = self.completion.take() {
            completion();
        }
    }
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "The operation was cancelled.")
}

fn wrong_operation(message: &str) -> Error {
    Error::new(ErrorKind::WrongOperation, message)
}
