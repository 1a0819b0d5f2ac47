//! One update from its first try to its end: redirects, retries, the time limit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::redirect;
use crate::response::Response;
use crate::retry::{self, Reason, Retry, RetryPolicy};
use crate::transport::{Failure, Request, Stage, Transport, seconds};

const RETRY_ATTEMPT: HeaderName = HeaderName::from_static("retry-attempt");

/// A request, ready to be sent, and how it may be repeated.
pub(crate) struct Call {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) retries: Retries,
}

/// The retries of a call so far, for those who watch it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retries(Arc<Mutex<Vec<Retry>>>);

impl Retries {
    fn push(&self, retry: Retry) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(retry);
    }

    pub(crate) fn all(&self) -> Vec<Retry> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What the tries before left, for the error of a call whose time is over.
#[derive(Default)]
struct History {
    tries: u32,
    last: Option<Error>,
}

impl Call {
    /// Sends the request until it succeeds, fails for good, or its time is over.
    pub(crate) async fn run(self, transport: Transport) -> Result<Response, Error> {
        let mut history = History::default();
        let started = Instant::now();
        let tries = self.try_until_done(&transport, started, &mut history);
        match tokio::time::timeout(self.timeout, tries).await {
            Ok(result) => result.map_err(|error| error.with_attempts(history.tries)),
            Err(_) => Err(self.timed_out(&transport, history)),
        }
    }

    async fn try_until_done(
        &self,
        transport: &Transport,
        started: Instant,
        history: &mut History,
    ) -> Result<Response, Error> {
        loop {
            history.tries += 1;
            let (error, reason) = match self.attempt(transport, history.tries).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let Some(reason) = reason else {
                return Err(error);
            };
            let elapsed = started.elapsed();
            let left = self.timeout.saturating_sub(elapsed);
            let jitter = fastrand::f64();
            let Some(delay) = self
                .retry
                .delay_before(history.tries, reason, elapsed, left, jitter)
            else {
                return Err(error);
            };
            let status = match reason {
                Reason::Status(status, _) => status,
                Reason::NotConnected => 0,
            };
            self.retries.push(Retry { status, delay });
            history.last = Some(error);
            tokio::time::sleep(delay).await;
        }
    }

    /// One try, with the redirects that it may follow. A failure that may be tried again comes with its reason.
    async fn attempt(
        &self,
        transport: &Transport,
        number: u32,
    ) -> Result<Response, (Error, Option<Reason>)> {
        let mut headers = self.headers.clone();
        if number > 1 {
            headers.insert(RETRY_ATTEMPT, HeaderValue::from(number - 1));
        }
        let mut url = self.url.clone();
        for followed in 0.. {
            let request = Request {
                method: Method::PATCH,
                url: url.clone(),
                headers: headers.clone(),
                body: self.body.clone(),
            };
            let response = transport
                .exchange(request, number)
                .await
                .map_err(tell_outcome)?;
            if !response.is_redirect() {
                return judge(response);
            }
            url = redirect::target(&url, &response, followed).map_err(|why| {
                let error = Error::new(ErrorKind::RedirectRefused, why);
                (error.with_response(response), None)
            })?;
        }
        unreachable!("redirect::target refuses at a number of redirects")
    }

    fn timed_out(&self, transport: &Transport, history: History) -> Error {
        let tries = match history.tries {
            1 => "1 attempt".to_owned(),
            tries => format!("{tries} attempts"),
        };
        let mut message = format!(
            "The update did not end within its time limit of {} ({tries}, to {}). Whether it was applied is unknown.",
            seconds(self.timeout),
            transport.authority(),
        );
        if let Some(last) = history.last {
            message.push_str(&format!(" The attempt before: {last}"));
        }
        Error::new(ErrorKind::OperationTimeout, message).with_attempts(history.tries)
    }
}

/// Says what a failed exchange means for the update.
fn tell_outcome(Failure { error, stage }: Failure) -> (Error, Option<Reason>) {
    match stage {
        Stage::NotSent => (error, Some(Reason::NotConnected)),
        Stage::Refused => (error, None),
        Stage::Sent => {
            let unknown = |told| format!("{told} Whether the update was applied is unknown.");
            (error.retold(unknown), None)
        }
        Stage::Succeeded => {
            let accepted =
                |told| format!("The update was accepted, but its answer was not read. {told}");
            (error.retold(accepted), None)
        }
    }
}

fn judge(response: Response) -> Result<Response, (Error, Option<Reason>)> {
    let status = response.status();
    let reason = retry::is_retryable(status).then(|| {
        let wanted = response
            .header("retry-after")
            .and_then(|value| std::str::from_utf8(value).ok())
            .and_then(|value| retry::parse_retry_after(value, SystemTime::now()));
        Reason::Status(status, wanted)
    });
    response.judge().map_err(|error| (error, reason))
}
