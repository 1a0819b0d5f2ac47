//! A server's answer.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderName, HeaderValue};

use crate::error::{Error, ErrorKind};
use crate::image::Image;
use crate::redact::redact;
use crate::redirect;
use crate::retry::parse_retry_after;

/// How much of a foreign error body a message shows, in characters.
const SHOWN_BODY: usize = 200;

/// How much of it is looked at for that, in bytes.
const READ_BODY: usize = 4096;

/// An answer: status, headers, body, and the image that the body holds.
pub struct Response {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    image: Option<Image>,
    attempts: u32,
}

impl Response {
    pub(crate) fn new(
        status: StatusCode,
        headers: Vec<(HeaderName, HeaderValue)>,
        body: Bytes,
        attempts: u32,
    ) -> Self {
        Self {
            status,
            headers,
            body,
            image: None,
            attempts,
        }
    }

    /// Takes an answer that came from elsewhere, and sorts it as if the server had sent it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the status or a header is none; otherwise what such an answer of the server's would be.
    pub fn from_parts<'a>(
        status: u16,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        body: &[u8],
    ) -> Result<Self, Error> {
        let invalid = |what: &str| {
            let message = format!("The answer's {what}.");
            Error::new(ErrorKind::InvalidArgument, message)
        };
        let status = StatusCode::from_u16(status)
            .map_err(|_| invalid(&format!("status {status} is not in 100 to 999")))?;
        let mut parsed = Vec::new();
        for (name, value) in headers {
            let wrong = || invalid(&format!("header \"{}\" is not valid", name.escape_debug()));
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?;
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| wrong())?;
            parsed.push((name, value));
        }
        Self::new(status, parsed, Bytes::copy_from_slice(body), 1).judge()
    }

    /// Sorts an answer: an update that succeeded, with its image if there is one, or the error that it is.
    pub(crate) fn judge(mut self) -> Result<Self, Error> {
        if self.is_redirect() {
            let why = redirect::refusal(&self, "which is not followed");
            return Err(Error::new(ErrorKind::RedirectRefused, why).with_response(self));
        }
        if self.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let message = "The answer is that of a proxy that wants credentials (407).";
            let error = Error::new(ErrorKind::ProxyAuthenticationRequired, message);
            return Err(error.with_response(self));
        }
        if !self.status.is_success() {
            return Err(Error::service(self));
        }
        if self.status == StatusCode::NO_CONTENT || self.body.is_empty() {
            return Ok(self);
        }
        match self.read_image() {
            Ok(image) => {
                self.image = Some(image);
                Ok(self)
            }
            Err(what) => {
                let message =
                    format!("The update was accepted, but its answer could not be read: {what}.");
                Err(Error::new(ErrorKind::InvalidResponse, message).with_response(self))
            }
        }
    }

    /// Whether the request is sent elsewhere (RFC 9110 section 15.4). Another 3xx, like 304, is that only where it says where to.
    pub(crate) fn is_redirect(&self) -> bool {
        matches!(self.status(), 301 | 302 | 303 | 307 | 308)
            || self.status.is_redirection() && self.header("location").is_some()
    }

    fn read_image(&self) -> Result<Image, String> {
        let json = self.text().ok_or_else(|| "it is not UTF-8".to_owned())?;
        Image::from_answer(json)
    }

    /// The HTTP status code, 100 to 999.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Every header with its value, one entry for each value. Names are lower case; values are bytes (RFC 9110 section 5.5).
    pub fn headers(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> {
        self.headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
    }

    /// The first value of a header; the name in any case.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers()
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The first value of a header, where that is UTF-8.
    pub(crate) fn header_text(&self, name: &str) -> Option<&str> {
        std::str::from_utf8(self.header(name)?).ok()
    }

    /// The time after which the server wants to be asked again (`Retry-After`). A date counts from the server's own `Date`, if there is
    /// one: the clocks may differ.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let answered = self.header_text("date").map(httpdate::parse_http_date);
        let now = answered
            .and_then(Result::ok)
            .unwrap_or_else(SystemTime::now);
        parse_retry_after(self.header_text("retry-after")?, now)
    }

    /// The body as it arrived, decompressed.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The image that the server answered, or None where it answered none (204, an empty body).
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// The JSON object that the server answered, as it wrote it, or None where it answered none.
    pub fn image_json(&self) -> Option<&str> {
        self.image.as_ref().and_then(|_| self.text())
    }

    /// Which try this is the answer of, from 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The body as text, without the byte order mark that some gateways write.
    pub(crate) fn text(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.body).ok()?;
        Some(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// What is said of an error answer whose body is not Graph's.
    pub(crate) fn failure(&self) -> String {
        let side = if self.status.is_server_error() {
            "Server"
        } else {
            "Request"
        };
        let name = status_name(self.status);
        let mut message = format!("The server responded with a {side} Error, Status: {name}");
        if let Some(start) = self.start_of_text() {
            message.push_str(": ");
            message.push_str(&start);
        }
        message
    }

    /// The beginning of a text body in one line, without secrets.
    fn start_of_text(&self) -> Option<String> {
        let text = self.text()?;
        // A secret that begins here may end later, but what is shown of it ends here.
        let start = &text[..text.floor_char_boundary(READ_BODY)];
        let redacted = redact(start);
        let words =
            redacted.split(|character: char| character.is_whitespace() || character.is_control());
        let line = words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let shown: String = line.chars().take(SHOWN_BODY).collect();
        match shown.is_empty() {
            true => None,
            false if shown.len() < line.len() || start.len() < text.len() => Some(shown + "…"),
            false => Some(shown),
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status())
            .field("body_len", &self.body.len())
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// A status by its name in .NET's `HttpStatusCode`, which is what users of the cmdlet search for; the number where it has none.
fn status_name(status: StatusCode) -> Cow<'static, str> {
    match status.as_u16() {
        413 => "RequestEntityTooLarge".into(),
        414 => "RequestUriTooLong".into(),
        416 => "RequestedRangeNotSatisfiable".into(),
        418 | 425 => status.as_u16().to_string().into(),
        code => match status.canonical_reason() {
            Some("HTTP Version Not Supported") => "HttpVersionNotSupported".into(),
            Some(reason) => reason
                .chars()
                .filter(char::is_ascii_alphabetic)
                .collect::<String>()
                .into(),
            None => code.to_string().into(),
        },
    }
}
