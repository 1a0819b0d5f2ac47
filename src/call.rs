//! One update from its first try to its end: redirects, retries, the time limit.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use tokio::time::Instant;

use crate::credential::{Asker, Refused, Tokens, token_of};
use crate::error::{Error, ErrorKind};
use crate::redact::hide_token;
use crate::redirect;
use crate::response::Response;
use crate::retry::{self, Reason, Retry, RetryPolicy};
use crate::transport::{Failure, Request, Stage, Transport, seconds};
use crate::update::CLIENT_REQUEST_ID;

const RETRY_ATTEMPT: HeaderName = HeaderName::from_static("retry-attempt");

/// The size from which on reading an answer takes more than a moment, in bytes.
const LARGE_ANSWER: usize = 256 * 1024;

/// A request, ready to be sent, and how it may be repeated.
pub(crate) struct Call {
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) asker: Asker,
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

/// What happened so far, for the error of a call whose time is over.
#[derive(Default)]
struct History {
    tries: u32,
    last: Option<Error>,
    waits_for_token: bool,
}

impl Call {
    /// Sends the request until it succeeds, fails for good, or its time is over.
    pub(crate) async fn run(self, transport: Transport) -> Result<Response, Error> {
        let mut history = History::default();
        let tries = self.try_until_done(&transport, &mut history);
        let result = match tokio::time::timeout(self.timeout, tries).await {
            Ok(result) => result.map_err(|error| error.with_attempts(history.tries)),
            Err(_) => Err(self.timed_out(&transport, history)),
        };
        result.map_err(|error| error.with_client_request_id(self.client_request_id()))
    }

    fn client_request_id(&self) -> Option<&str> {
        self.headers.get(CLIENT_REQUEST_ID)?.to_str().ok()
    }

    async fn try_until_done(
        &self,
        transport: &Transport,
        history: &mut History,
    ) -> Result<Response, Error> {
        let started = Instant::now();
        let mut refused = None;
        let mut renewals = 0;
        let mut retries = 0;
        loop {
            history.waits_for_token = true;
            let authorization = self
                .tokens
                .authorization(refused.take(), &self.asker)
                .await?;
            history.waits_for_token = false;
            history.tries += 1;
            let attempt = self.attempt(transport, history.tries, &authorization);
            let (error, reason) = match attempt.await {
                Ok(response) => return Ok(response),
                Err(Setback { error, remedy }) => match remedy {
                    Remedy::None => return Err(error),
                    Remedy::OtherToken if renewals > 0 || !self.tokens.can_renew() => {
                        return Err(error);
                    }
                    Remedy::OtherToken => {
                        renewals += 1;
                        refused = Some(Refused::new(authorization, error.response()));
                        continue;
                    }
                    Remedy::Later(reason) => (error, reason),
                },
            };
            retries += 1;
            let elapsed = started.elapsed();
            let left = self.timeout.saturating_sub(elapsed);
            let jitter = fastrand::f64();
            let Some(delay) = self
                .retry
                .delay_before(retries, reason, elapsed, left, jitter)
            else {
                return Err(error);
            };
            let status = reason.status();
            self.retries.push(Retry { status, delay });
            history.last = Some(error);
            tokio::time::sleep(delay).await;
        }
    }

    /// One try, with the redirects that it may follow.
    async fn attempt(
        &self,
        transport: &Transport,
        number: u32,
        authorization: &HeaderValue,
    ) -> Result<Response, Setback> {
        let mut url = Cow::Borrowed(&self.url);
        for followed in 0.. {
            let request = Request {
                method: Method::PATCH,
                url: url.as_ref().clone(),
                headers: self.headers_of(number, authorization),
                body: self.body.clone(),
            };
            let response = transport.exchange(request, number).await?;
            if !response.is_redirect() {
                let judged = judge(response).await;
                return judged.map_err(|setback| setback.without(authorization));
            }
            let target = redirect::target(&url, &response, followed).map_err(|why| {
                let error = Error::new(ErrorKind::RedirectRefused, why);
                Setback::last(error.with_response(response))
            })?;
            url = Cow::Owned(target);
        }
        unreachable!("redirect::target refuses at a number of redirects")
    }

    fn headers_of(&self, number: u32, authorization: &HeaderValue) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.insert(AUTHORIZATION, authorization.clone());
        if number > 1 {
            headers.insert(RETRY_ATTEMPT, HeaderValue::from(number - 1));
        }
        headers
    }

    fn timed_out(&self, transport: &Transport, history: History) -> Error {
        let tries = match history.tries {
            1 => "1 attempt".to_owned(),
            tries => format!("{tries} attempts"),
        };
        let outcome = match history.waits_for_token {
            true => match self.tokens.place() {
                Some(place) => format!("It was waiting for an access token of {place}."),
                None => "It was waiting for an access token.".to_owned(),
            },
            false => "Whether it was applied is unknown.".to_owned(),
        };
        let mut message = format!(
            "The update did not end within its time limit of {} ({tries}, to {}). {outcome}",
            seconds(self.timeout),
            transport.place(),
        );
        if let Some(last) = history.last {
            message.push_str(&format!(" The attempt before: {last}"));
        }
        Error::new(ErrorKind::OperationTimeout, message).with_attempts(history.tries)
    }
}

/// A try that failed, and what may help.
struct Setback {
    error: Error,
    remedy: Remedy,
}

enum Remedy {
    None,
    /// Another try, after a delay.
    Later(Reason),
    /// Another try, with another token.
    OtherToken,
}

impl Setback {
    fn last(error: Error) -> Self {
        let remedy = Remedy::None;
        Self { error, remedy }
    }

    /// Takes the token out of what is told, where a gateway repeats the request that it got.
    fn without(self, authorization: &HeaderValue) -> Self {
        let token = token_of(authorization);
        Self {
            error: self.error.retold(|told| hide_token(&told, token)),
            ..self
        }
    }
}

/// Says what a failed exchange means for the update.
impl From<Failure> for Setback {
    fn from(Failure { error, stage }: Failure) -> Self {
        match stage {
            Stage::NotSent => Self {
                error,
                remedy: Remedy::Later(Reason::NotConnected),
            },
            Stage::Refused => Self::last(error),
            Stage::Sent => Self::last(
                error.retold(|told| format!("{told} Whether the update was applied is unknown.")),
            ),
            Stage::Succeeded => Self::last(error.retold(|told| {
                format!("The update was accepted, but its answer was not read. {told}")
            })),
        }
    }
}

/// Reads an answer. A large one is read on a thread of its own, so that the client's other updates do not wait for it.
async fn judge(response: Response) -> Result<Response, Setback> {
    if response.body().len() < LARGE_ANSWER {
        return judge_now(response);
    }
    tokio::task::spawn_blocking(|| judge_now(response))
        .await
        .unwrap_or_else(|_| {
            let message = "The library failed while it read the answer.";
            Err(Setback::last(Error::new(ErrorKind::Internal, message)))
        })
}

fn judge_now(response: Response) -> Result<Response, Setback> {
    let remedy = remedy_for(&response);
    response.judge().map_err(|error| Setback { error, remedy })
}

fn remedy_for(response: &Response) -> Remedy {
    if response.status() == 401 {
        return Remedy::OtherToken;
    }
    retry::reason_of(response).map_or(Remedy::None, Remedy::Later)
}
