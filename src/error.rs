//! What went wrong, and what Graph said about it.

use std::fmt;
use std::time::Duration;

use crate::graph_error::GraphError;
use crate::redact::hide_bearer_tokens;
use crate::response::Response;

/// The kinds of failure. A kind stays what it is; new ones may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value that cannot be used: an endpoint, an id, a token, a time limit.
    InvalidArgument,
    /// An image that cannot be written as the request's body.
    InvalidBody,
    /// A header name or value that cannot be sent, or that is not the caller's to set.
    InvalidHeader,
    /// The operation has not ended yet.
    NotFinished,
    /// The operation's outcome was taken before.
    AlreadyTaken,
    /// The operation was cancelled.
    Cancelled,
    /// The process was forked after the client was built; the client's worker stayed in the parent.
    Forked,
    /// A call that waits was made on the library's own thread.
    WouldBlock,
    /// The operation wants no token now.
    TokenNotWanted,
    /// The operation is of another kind: a sign-in has no response, an update no identity.
    WrongOperation,
    /// The client has no credential.
    AuthenticationNeeded,
    /// A credential gave no token.
    TokenUnavailable,
    /// No connection, or it broke.
    ConnectionFailed,
    /// A time limit passed.
    OperationTimeout,
    /// The proxy wants other credentials.
    ProxyAuthenticationRequired,
    /// The server answered with a status other than 2xx.
    ServiceError,
    /// The answer could not be read. The message says whether the update was accepted.
    InvalidResponse,
    /// The answer is larger than the limit.
    ResponseTooLarge,
    /// The server redirected to where the request must not go.
    RedirectRefused,
    /// The library could not do its own part, such as start a thread.
    Internal,
}

/// A failure: its kind, a message for people, and the server's answer where one arrived.
///
/// Neither `Display` nor `Debug` shows a secret.
pub struct Error(Box<Story>);

struct Story {
    kind: ErrorKind,
    message: String,
    response: Option<Response>,
    graph: Option<GraphError>,
    client_request_id: Option<String>,
    attempts: u32,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Story {
            kind,
            message: message.into(),
            response: None,
            graph: None,
            client_request_id: None,
            attempts: 0,
        }))
    }

    /// The error of an answer with a status other than 2xx.
    pub(crate) fn service(response: Response) -> Self {
        let graph = response.text().and_then(GraphError::parse);
        let message = match &graph {
            Some(graph) if !graph.is_empty() => hide_bearer_tokens(&graph.to_string()),
            _ => response.failure(),
        };
        let mut error = Self::new(ErrorKind::ServiceError, message).with_response(response);
        error.0.graph = graph;
        error
    }

    pub(crate) fn with_response(mut self, response: Response) -> Self {
        self.0.response = Some(response);
        self
    }

    /// The same error with another message.
    pub(crate) fn retold(mut self, tell: impl FnOnce(String) -> String) -> Self {
        self.0.message = tell(self.0.message);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// With the `client-request-id` that was sent.
    pub(crate) fn with_client_request_id(mut self, id: Option<&str>) -> Self {
        self.0.client_request_id = id.map(str::to_owned);
        self
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The whole story, without secrets.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The server's answer, if one arrived.
    pub fn response(&self) -> Option<&Response> {
        self.0.response.as_ref()
    }

    /// How often it was tried; 0 if it was refused before the first try.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// `error.code` of Graph's error body.
    pub fn graph_code(&self) -> Option<&str> {
        self.graph(|graph| Some(&graph.code))
    }

    /// `error.message` of Graph's error body.
    pub fn graph_message(&self) -> Option<&str> {
        self.graph(|graph| Some(&graph.message))
    }

    /// `error.innerError` of Graph's error body, as JSON.
    pub fn inner_error_json(&self) -> Option<&str> {
        self.graph(|graph| graph.inner_error.as_ref())
    }

    /// The request's id on the server: `innerError.request-id`, else the `request-id` header.
    pub fn request_id(&self) -> Option<&str> {
        self.graph(|graph| graph.request_id.as_ref())
            .or_else(|| self.header("request-id"))
    }

    /// The request's id of the client: `innerError.client-request-id`, else the `client-request-id` header of the answer, else that of
    /// the request.
    pub fn client_request_id(&self) -> Option<&str> {
        self.graph(|graph| graph.client_request_id.as_ref())
            .or_else(|| self.header("client-request-id"))
            .or(self.0.client_request_id.as_deref())
    }

    /// When it happened: `innerError.date`, else the `Date` header.
    pub fn date(&self) -> Option<&str> {
        self.graph(|graph| graph.date.as_ref())
            .or_else(|| self.header("date"))
    }

    /// The time after which the server wants to be asked again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after()
    }

    fn graph<'a>(
        &'a self,
        get: impl FnOnce(&'a GraphError) -> Option<&'a String>,
    ) -> Option<&'a str> {
        self.0.graph.as_ref().and_then(get).map(String::as_str)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.response()?.header_text(name)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("response", &self.0.response)
            .field("attempts", &self.0.attempts)
            .finish()
    }
}

impl std::error::Error for Error {}
