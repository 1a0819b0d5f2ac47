//! The faults that can be scripted, and their queue.

use super::exchange::Exchange;
use super::fault_json::FaultJson;
use axum::body::Bytes;
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, TRANSFER_ENCODING,
};
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n";

/// What goes wrong with one request. "Applied" says whether a PATCH has changed the stored image.
///
/// An answer without a body (204) cannot be halved: it goes out whole.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "FaultJson")]
pub(crate) enum Fault {
    /// Nothing. Applied.
    None,
    /// This answer instead of the service's. Not applied.
    Answer(Answer),
    /// Nothing is sent for this long, then the normal answer. Applied at once.
    DelayHeaders(Duration),
    /// Headers and half of the body at once, the rest after this long. Applied.
    DelayBody(Duration),
    /// The request is read, then the connection is reset. Not applied.
    Reset,
    /// The connection is reset when the head has arrived. The request is not recorded and not applied.
    ResetBeforeRead,
    /// The request is read, then the connection is closed in order. Not applied.
    Close,
    /// Headers and half of the body, then a reset. Applied.
    ResetInBody,
    /// `Content-Length` of the whole body, half of it, then an orderly close. Applied.
    Truncate,
    /// A 200 without a body. Applied.
    Empty200,
    /// No answer until the client goes away. Not applied.
    Hang,
}

impl Fault {
    /// An arbitrary answer. See [`Answer`].
    pub(crate) fn answer(status: u16) -> Answer {
        Answer::new(status).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The HTML page of a gateway, without any of Graph's headers.
    pub(crate) fn html502() -> Self {
        let mut page = Self::answer(502)
            .header("Content-Type", "text/html")
            .body(GATEWAY_PAGE);
        page.from_gateway = true;
        Self::Answer(page)
    }

    /// A redirect without a body.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::try_redirect(status, location).unwrap_or_else(|error| panic!("{error}"))
    }

    pub(super) fn try_redirect(status: u16, location: &str) -> Result<Self, String> {
        if !(300..=399).contains(&status) {
            return Err(format!("status {status} is no redirect"));
        }
        let mut answer = Answer::new(status)?;
        answer.add_header(LOCATION.as_str(), location)?;
        Ok(Self::Answer(answer))
    }
}

/// An answer to send instead of the service's. Without a body, a status from 400 up gets the service's error as its body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    pub(super) body: Option<Bytes>,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    from_gateway: bool,
}

impl Answer {
    /// Adds a header. The service's own headers are added where they are not given.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.add_header(name, value)
            .unwrap_or_else(|error| panic!("{error}"));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The code and message of the error.
    pub(crate) fn error(mut self, code: &str, message: &str) -> Self {
        self.code = Some(code.to_owned());
        self.message = Some(message.to_owned());
        self
    }

    /// The answer itself.
    pub(crate) fn respond(self, exchange: &impl Exchange) -> Response<Bytes> {
        let mut response = match self.body {
            Some(body) => Response::new(body),
            None if self.status.as_u16() < 400 => Response::new(Bytes::new()),
            None => exchange.error(self.status, self.code.as_deref(), self.message.as_deref()),
        };
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(self.headers);
        if !self.from_gateway {
            exchange.stamp(headers);
        }
        response
    }

    pub(super) fn new(status: u16) -> Result<Self, String> {
        // A final answer: hyper writes no other, and a client would go on waiting after a 1xx.
        let status = Some(status)
            .filter(|status| (200..=599).contains(status))
            .and_then(|status| StatusCode::from_u16(status).ok())
            .ok_or_else(|| format!("status {status} is not in 200..599"))?;
        Ok(Self {
            status,
            headers: HeaderMap::new(),
            body: None,
            code: None,
            message: None,
            from_gateway: false,
        })
    }

    pub(super) fn add_header(&mut self, name: &str, value: &str) -> Result<(), String> {
        let header = HeaderName::try_from(name)
            .map_err(|_| format!("'{name}' is not the name of a header"))?;
        if [CONTENT_LENGTH, TRANSFER_ENCODING].contains(&header) {
            return Err(format!(
                "{name} is written by the emulator; the kind 'truncate' makes it wrong"
            ));
        }
        let value = HeaderValue::try_from(value)
            .map_err(|_| format!("the value of {name} has control characters"))?;
        self.headers.append(header, value);
        Ok(())
    }
}

impl From<Answer> for Fault {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

/// The faults that no request has taken yet, first come, first served.
#[derive(Default)]
pub(crate) struct FaultQueue(Mutex<VecDeque<Fault>>);

impl FaultQueue {
    pub(crate) fn append(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().extend(faults);
    }

    pub(crate) fn take(&self) -> Fault {
        self.lock().pop_front().unwrap_or(Fault::None)
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.0.lock().expect("no holder panics")
    }
}
