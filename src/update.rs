//! One request to update a device image.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::endpoint::ImageId;
use crate::error::{Error, ErrorKind};
use crate::image::Image;
use crate::proxy::Proxy;

/// The header by which a caller finds its request in Graph's logs.
pub(crate) const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");

pub(crate) fn fresh_request_id() -> HeaderValue {
    HeaderValue::try_from(Uuid::new_v4().to_string()).expect("a GUID is ASCII")
}

/// Headers that describe the connection (RFC 9110 section 7.6.1) or that the request itself decides.
const REFUSED: [&str; 12] = [
    "connection",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// How many header values a caller may give.
const MAX_HEADERS: usize = 1000;

/// One request: which image, its new content, and headers of the caller.
#[derive(Clone, Debug)]
pub struct Update {
    pub(crate) id: ImageId,
    pub(crate) body: Bytes,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Option<Duration>,
    pub(crate) proxy: Option<Proxy>,
}

impl Update {
    /// A request that updates the image with this id. The body is written now; later changes of `image` do not reach it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the id is empty, `.` or `..`, or has more than 60,000 bytes, percent-encoded.
    pub fn new(id: &str, image: &Image) -> Result<Self, Error> {
        Ok(Self {
            id: ImageId::new(id)?,
            body: image.to_json().into(),
            headers: HeaderMap::new(),
            timeout: None,
            proxy: None,
        })
    }

    /// Sets a header of the request, in place of any value it had. `Authorization` is always the client's own in the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidHeader`], naming the header, if the name or the value cannot be sent, or the header is not the
    /// caller's to set: those of the connection, `Host`, and everything that describes the content (`Content-…`). Also if the update has
    /// 1,000 header values already.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let (name, value) = check_header(name, value)?;
        self.check_room()?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Adds one more value of a header.
    ///
    /// # Errors
    ///
    /// As [`Update::set_header`].
    pub fn add_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let (name, value) = check_header(name, value)?;
        self.check_room()?;
        self.headers.append(name, value);
        Ok(())
    }

    /// Sends this update, and a request for the token that it needs, through a proxy, in place of the client's.
    pub fn set_proxy(&mut self, proxy: Proxy) {
        self.proxy = Some(proxy);
    }

    /// Gives the update a `client-request-id` of its own, unless the caller gave one.
    pub(crate) fn keep_request_id(&mut self) {
        self.headers
            .entry(CLIENT_REQUEST_ID)
            .or_insert_with(fresh_request_id);
    }

    fn check_room(&self) -> Result<(), Error> {
        match self.headers.len() < MAX_HEADERS {
            true => Ok(()),
            false => Err(invalid(format!(
                "The request has {MAX_HEADERS} header values already; it can hold no more."
            ))),
        }
    }

    /// Limits the time of this update as a whole, in place of the client's limit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the limit is zero.
    pub fn set_timeout(&mut self, timeout: Duration) -> Result<(), Error> {
        self.timeout = Some(check_timeout(timeout)?);
        Ok(())
    }
}

pub(crate) fn check_timeout(timeout: Duration) -> Result<Duration, Error> {
    if timeout.is_zero() {
        let message = "The time limit is zero; it must be at least one millisecond.";
        return Err(Error::new(ErrorKind::InvalidArgument, message));
    }
    Ok(timeout)
}

fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let shown = name.escape_debug();
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| invalid(format!("The header name \"{shown}\" is not valid.")))?;
    if REFUSED.contains(&parsed.as_str()) || parsed.as_str().starts_with("content-") {
        return Err(invalid(format!(
            "The header {shown} is set by the library and cannot be given."
        )));
    }
    if value.chars().any(|character| character.is_ascii_control()) {
        return Err(invalid(format!(
            "The value of the header {shown} holds a control character."
        )));
    }
    let value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| invalid(format!("The value of the header {shown} cannot be sent.")))?;
    Ok((parsed, value))
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidHeader, message)
}
