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
use crate::proxy::Proxy;
use crate::response::Response;

/// The largest answer that is read, in bytes, decompressed.
const MAX_ANSWER: usize = 16 * 1024 * 1024;

/// One HTTP client with its pool of connections, to one origin.
#[derive(Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    authority: String,
    proxy: Option<String>,
    connect_timeout: Duration,
}

/// A request to the endpoint's origin.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Request {
    fn into_reqwest(self) -> reqwest::Request {
        let mut request = reqwest::Request::new(self.method, self.url);
        *request.headers_mut() = self.headers;
        *request.body_mut() = Some(self.body.into());
        request
    }
}

/// Why there is no whole answer.
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) stage: Stage,
}

/// How far a request came that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing was sent, or nothing was done with it, and another try may come out differently.
    NotSent,
    /// Nothing was sent, and another try would end the same.
    Refused,
    /// The request was sent.
    Sent,
    /// The head of a success was answered.
    Succeeded,
}

impl Transport {
    pub(crate) fn new(
        endpoint: &Endpoint,
        tls: ClientConfig,
        proxy: Option<&Proxy>,
        connect_timeout: Duration,
    ) -> Result<Self, Error> {
        // no_proxy: the environment was asked before.
        let mut builder = reqwest::Client::builder().no_proxy();
        if let Some(proxy) = proxy {
            builder = builder.proxy(proxy.to_reqwest()?);
        }
        let http = builder
            .tls_backend_preconfigured(tls)
            .connect_timeout(connect_timeout)
            .redirect(Policy::none())
            .referer(false)
            // The library's own policy repeats a request, counts and tells it.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .build()
            .map_err(|error| {
                let message = format!("The HTTP client could not be set up: {}.", cause(&error));
                Error::new(ErrorKind::Internal, message)
            })?;
        Ok(Self {
            http,
            authority: endpoint.authority(),
            proxy: proxy.map(Proxy::to_string),
            connect_timeout,
        })
    }

    /// Sends a request once and reads the answer, whatever its status.
    pub(crate) async fn exchange(
        &self,
        request: Request,
        attempt: u32,
    ) -> Result<Response, Failure> {
        let sent = self.http.execute(request.into_reqwest()).await;
        let mut answer = sent.map_err(|error| self.failed(&error))?;
        let (body, failure) = read_body(&mut answer).await;
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let response = Response::new(answer.status(), headers, body, attempt);
        match failure {
            // What there is of an error answer is better than nothing.
            Some(failure) if answer.status().is_success() => Err(Failure {
                error: self.unread(failure).with_response(response),
                stage: Stage::Succeeded,
            }),
            _ if response.status() == 407 => Err(Failure {
                error: self.proxy_refused().with_response(response),
                stage: Stage::Refused,
            }),
            _ => Ok(response),
        }
    }

    /// No answer arrived.
    fn failed(&self, error: &reqwest::Error) -> Failure {
        let place = self.place();
        if error.is_builder() {
            let message = format!("The request cannot be sent: {}.", cause(error));
            return Failure {
                error: Error::new(ErrorKind::InvalidArgument, message),
                stage: Stage::Refused,
            };
        }
        if source::<h2::Error>(error).is_some_and(is_declined) {
            let message = format!("{place} did not take the request: {}.", cause(error));
            return Failure {
                error: Error::new(ErrorKind::ConnectionFailed, message),
                stage: Stage::NotSent,
            };
        }
        let protocol = source::<hyper::Error>(error);
        if error.is_connect() || protocol.is_some_and(hyper::Error::is_canceled) {
            return self.not_connected(error);
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
            "The request was sent, but {place} {what}: {}.",
            cause(error)
        );
        Failure {
            error: Error::new(kind, message),
            stage: Stage::Sent,
        }
    }

    fn not_connected(&self, error: &reqwest::Error) -> Failure {
        let place = self.place();
        let cause = cause(error);
        // reqwest knows a refused CONNECT by this text alone.
        if cause.ends_with("proxy authorization required") {
            return Failure {
                error: self.proxy_refused(),
                stage: Stage::Refused,
            };
        }
        let (kind, message) = match error.is_timeout() {
            true => {
                let limit = seconds(self.connect_timeout);
                let message = format!("Connecting to {place} took longer than {limit}.");
                (ErrorKind::OperationTimeout, message)
            }
            false => {
                let message = format!("Could not connect to {place}: {cause}.");
                (ErrorKind::ConnectionFailed, message)
            }
        };
        Failure {
            error: Error::new(kind, message),
            // A certificate stays what it is.
            stage: match tls_error(error) {
                Some(_) => Stage::Refused,
                None => Stage::NotSent,
            },
        }
    }

    fn proxy_refused(&self) -> Error {
        let message = match &self.proxy {
            Some(proxy) => {
                format!("The proxy {proxy} wants credentials, or others than it got (407).")
            }
            None => format!(
                "{} answered as a proxy that wants credentials (407).",
                self.authority
            ),
        };
        Error::new(ErrorKind::ProxyAuthenticationRequired, message)
    }

    /// Where requests go, as messages name it.
    pub(crate) fn place(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} through the proxy {proxy}", self.authority),
            None => self.authority.clone(),
        }
    }

    /// A success arrived whose body did not.
    fn unread(&self, failure: BodyFailure) -> Error {
        let place = self.place();
        match failure {
            BodyFailure::TooLarge => Error::new(
                ErrorKind::ResponseTooLarge,
                format!("The answer of {place} is larger than the limit of {MAX_ANSWER} bytes."),
            ),
            BodyFailure::Broken(error) => Error::new(
                ErrorKind::InvalidResponse,
                format!(
                    "The answer of {place} could not be read to its end: {}.",
                    cause(&error)
                ),
            ),
        }
    }
}

/// Whether the server said that it did nothing with the request (RFC 9113 section 8.7).
fn is_declined(error: &h2::Error) -> bool {
    let reason = match (error.is_reset(), error.is_go_away()) {
        (true, _) => h2::Reason::REFUSED_STREAM,
        (_, true) => h2::Reason::NO_ERROR,
        _ => return false,
    };
    error.is_remote() && error.reason() == Some(reason)
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

/// The TLS error in the chain of causes. An I/O error does not name what it holds as its source, and may hold another one.
fn tls_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    let held = |error: &'a (dyn StdError + 'static)| -> Option<&'a (dyn StdError + 'static)> {
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|held| held as &(dyn StdError + 'static)),
            None => error.source(),
        }
    };
    std::iter::successors(Some(error), |&error| held(error)).find_map(|error| error.downcast_ref())
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
