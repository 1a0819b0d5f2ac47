//! The origin that requests go to, and the URL of a device image.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use crate::cloud::Cloud;
use crate::error::{Error, ErrorKind};

/// Everything but the unreserved characters of RFC 3986 section 2.3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

const COLLECTION: &str = "v1.0/deviceManagement/virtualEndpoint/deviceImages/";

/// An origin: scheme, host and port. Plain http only where the host is this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    origin: Url,
    // Made once, since a URL is parsed as a whole.
    device_images: Url,
}

impl Endpoint {
    /// Reads an origin such as `https://graph.microsoft.com`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if the text is no URL, is more than an origin (user, path, query or fragment),
    /// has a scheme other than https and http, or is plain http to another machine.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let url = Url::parse(text)
            .map_err(|error| invalid(format!("The endpoint is not a URL: {error}.")))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(invalid(
                "The endpoint must start with https:// (or http:// for this machine alone).",
            ));
        }
        // The text itself is not shown: it may hold a password.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid(
                "The endpoint must be an origin, without a user name or password.",
            ));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid(format!(
                "The endpoint must be an origin (scheme, host and port), without path, query or fragment, like {}.",
                url.origin().ascii_serialization()
            )));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(invalid(format!(
                "The endpoint {} is plain http. Only this machine's own addresses (localhost, 127.0.0.0/8, [::1]) may be; use https.",
                url.origin().ascii_serialization()
            )));
        }
        Ok(Self::at(url))
    }

    /// The origin of a platform's own service, which is plain http on a link-local address by its nature.
    pub(crate) fn of_platform(url: &Url) -> Result<Self, Error> {
        match url.scheme() == "http" && is_link_local(url) {
            true => Ok(Self::at(url.join("/").expect("an http URL has a root"))),
            false => Self::parse(&url.origin().ascii_serialization()),
        }
    }

    fn at(origin: Url) -> Self {
        let mut device_images = origin.clone();
        device_images.set_path(COLLECTION);
        Self {
            origin,
            device_images,
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.origin.scheme() == "https"
    }

    /// Host and port, as error messages name them: `graph.microsoft.com:443`.
    pub(crate) fn authority(&self) -> String {
        let host = self.origin.host_str().unwrap_or_default();
        let port = self.origin.port_or_known_default().unwrap_or_default();
        format!("{host}:{port}")
    }

    /// The URL of the device image with this id.
    pub(crate) fn device_image(&self, id: &ImageId) -> Url {
        self.device_images
            .join(&id.0)
            .expect("a percent-encoded segment is a valid relative URL")
    }
}

impl From<Cloud> for Endpoint {
    fn from(cloud: Cloud) -> Self {
        Self::parse(cloud.graph_endpoint()).expect("every cloud's endpoint is an https origin")
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.origin.origin().ascii_serialization())
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Endpoint({self})")
    }
}

/// A device image's id, percent-encoded as one path segment.
#[derive(Clone, Debug)]
pub(crate) struct ImageId(String);

/// The longest URL that can be sent, in bytes.
pub(crate) const MAX_URL: usize = 65_534;

/// The longest id, percent-encoded. It leaves room for the rest of a URL.
const MAX_ID: usize = 60_000;

impl ImageId {
    pub(crate) fn new(id: &str) -> Result<Self, Error> {
        let segment = utf8_percent_encode(id, SEGMENT).to_string();
        match id {
            "" => Err(invalid("The device image id is empty.")),
            // URL parsers fold these two away, even encoded, and the request would reach the parent resource.
            "." | ".." => Err(invalid(format!(
                "The device image id \"{id}\" is refused: a URL cannot carry it."
            ))),
            _ if segment.len() > MAX_ID => Err(invalid(format!(
                "The device image id is too long for a URL: {} bytes, of at most {MAX_ID}.",
                segment.len()
            ))),
            _ => Ok(Self(segment)),
        }
    }
}

/// Whether a URL names this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_link_local(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host.parse::<Ipv4Addr>()
        .is_ok_and(|address| address.is_link_local())
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, ImageId};

    fn url(id: &str) -> String {
        let endpoint = Endpoint::parse("https://graph.microsoft.com").expect("an origin");
        let id = ImageId::new(id).expect("a usable id");
        endpoint.device_image(&id).to_string()
    }

    #[test]
    fn an_id_is_one_path_segment() {
        let collection =
            "https://graph.microsoft.com/v1.0/deviceManagement/virtualEndpoint/deviceImages/";
        for (id, segment) in [
            ("img-1", "img-1"),
            ("a b/c?d#e%f+g", "a%20b%2Fc%3Fd%23e%25f%2Bg"),
            ("ü", "%C3%BC"),
            ("-._~", "-._~"),
            ("...", "..."),
            ("%2e%2e", "%252e%252e"),
            ("../x", "..%2Fx"),
            ("a\0b\\c", "a%00b%5Cc"),
            (" ", "%20"),
        ] {
            assert_eq!(url(id), format!("{collection}{segment}"), "id {id:?}");
        }
    }

    #[test]
    fn ids_that_no_url_carries_are_refused() {
        let (longest, longer) = ("a".repeat(60_000), "ü".repeat(10_001));
        assert!(ImageId::new(&longest).is_ok());
        for id in ["", ".", "..", &longer] {
            assert!(ImageId::new(id).is_err(), "id {id:?}");
        }
    }

    #[test]
    fn an_endpoint_is_an_origin() {
        for (text, shown) in [
            ("https://graph.microsoft.com", "https://graph.microsoft.com"),
            ("https://graph.microsoft.us/", "https://graph.microsoft.us"),
            ("https://graph.example:8443", "https://graph.example:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.9.8.7", "http://127.9.8.7"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://localhost:1", "http://localhost:1"),
        ] {
            let endpoint = Endpoint::parse(text).expect(text);
            assert_eq!(endpoint.to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused_and_named() {
        for (text, named) in [
            ("", "not a URL"),
            ("graph.microsoft.com", "not a URL"),
            ("ftp://graph.microsoft.com", "https://"),
            ("https://graph.microsoft.com/beta", "path"),
            ("https://graph.microsoft.com?x=1", "query"),
            ("https://graph.microsoft.com#x", "fragment"),
            ("https://user:hunter2@graph.microsoft.com", "user name"),
            ("http://graph.microsoft.com", "plain http"),
            ("http://10.0.0.1", "plain http"),
            ("http://localhost.example", "plain http"),
        ] {
            let error = Endpoint::parse(text).expect_err(text);
            assert!(error.message().contains(named), "{text}: {error}");
            assert!(!error.message().contains("hunter2"), "{text}: {error}");
        }
    }
}
