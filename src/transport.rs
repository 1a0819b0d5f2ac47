//! Sends a request over HTTP and reads its answer.

use std::error::Error as StdError;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Method, Url};
use rustls::ClientConfig;

use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::response::Response;

/// The largest answer that is read, in bytes, decompressed.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// One HTTP client with its pool of connections, to one origin.
#[derive(Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    authority: String,
    connect_timeout: Duration,
}

/// Why there is no answer, and whether the request may have reached the server.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) sent: bool,
}

impl Transport {
    pub(crate) fn new(
        endpoint: &Endpoint,
        tls: ClientConfig,
        connect_timeout: Duration,
    ) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(connect_timeout)
            .redirect(Policy::none())
            .referer(false)
            .build()
            .map_err(|error| {
                let message = format!("The HTTP client could not be set up: {}.", cause(&error));
                Error::new(ErrorKind::Internal, message)
            })?;
        Ok(Self {
            http,
            authority: endpoint.authority(),
            connect_timeout,
        })
    }

    /// Host and port of the origin, for messages.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// Sends a request once and reads the answer, whatever its status.
    pub(crate) async fn exchange(
        &self,
        (url, headers, body): (Url, HeaderMap, Bytes),
        attempt: u32,
    ) -> Result<Response, Failure> {
        let mut answer = self
            .http
            .request(Method::PATCH, url)
            .headers(headers)
            .body(body)
            .send()
            .await
            .map_err(|error| self.failed(&error))?;
        let (body, failure) = read_body(&mut answer).await;
        let response = Response::new(answer.status(), answer.headers(), body, attempt);
        match failure {
            // What there is of an error answer is better than nothing.
            Some(failure) if answer.status().is_success() => Err(Failure {
                error: unread(failure).with_response(response),
                sent: true,
            }),
            _ => Ok(response),
        }
    }

    /// No answer arrived.
    fn failed(&self, error: &reqwest::Error) -> Failure {
        let authority = &self.authority;
        let protocol = source::<hyper::Error>(error);
        if error.is_connect() || protocol.is_some_and(hyper::Error::is_canceled) {
            return Failure {
                error: self.not_connected(error),
                sent: false,
            };
        }
        let (kind, what) = match protocol.is_some_and(hyper::Error::is_parse) {
            true => (
                ErrorKind::InvalidResponse,
                "gave an answer that cannot be read",
            ),
            false => (
                ErrorKind::ConnectionFailed,
                "closed the connection without an answer",
            ),
        };
        let message = format!(
            "The request was sent, but {authority} {what}: {}. Whether the update was applied is unknown.",
            cause(error)
        );
        Failure {
            error: Error::new(kind, message),
            sent: true,
        }
    }

    fn not_connected(&self, error: &reqwest::Error) -> Error {
        let authority = &self.authority;
        if error.is_timeout() {
            let limit = seconds(self.connect_timeout);
            let message = format!("Connecting to {authority} took longer than {limit}.");
            return Error::new(ErrorKind::OperationTimeout, message);
        }
        let message = format!("Could not connect to {authority}: {}.", cause(error));
        Error::new(ErrorKind::ConnectionFailed, message)
    }
}

/// An answer arrived whose body did not.
fn unread(failure: BodyFailure) -> Error {
    let accepted = "The update was accepted, but its answer";
    match failure {
        BodyFailure::TooLarge => Error::new(
            ErrorKind::ResponseTooLarge,
            format!("{accepted} is larger than the limit of {MAX_ANSWER} bytes."),
        ),
        BodyFailure::Broken(error) => Error::new(
            ErrorKind::InvalidResponse,
            format!(
                "{accepted} could not be read to its end: {}.",
                cause(&error)
            ),
        ),
    }
}

enum BodyFailure {
    TooLarge,
    Broken(reqwest::Error),
}

/// Reads the body as far as it comes.
async fn read_body(answer: &mut reqwest::Response) -> (Bytes, Option<BodyFailure>) {
    let mut body = BytesMut::new();
    loop {
        match answer.chunk().await {
            Ok(None) => return (body.freeze(), None),
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_ANSWER => {
                return (body.freeze(), Some(BodyFailure::TooLarge));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Err(error) => return (body.freeze(), Some(BodyFailure::Broken(error))),
        }
    }
}

/// The innermost cause: the outer ones only say that a request failed.
fn cause(error: &(dyn StdError + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The first error of type `E` in the chain of causes.
fn source<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref::<E>())
}

/// A time limit as messages show it.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
