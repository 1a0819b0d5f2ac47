//! What holds for any input of a parser. The properties try generated inputs, the fuzz targets those of a fuzzer.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use mgdeviceimage::client::{Client, ClientBuilder};
use mgdeviceimage::endpoint::Endpoint;
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::image::Image;
use mgdeviceimage::proxy::Proxy;
use mgdeviceimage::response::Response;
use mgdeviceimage::update::Update;
use percent_encoding::percent_decode_str;

/// Where the requests would go that [`client`] describes.
pub const ORIGIN: &str = "http://127.0.0.1:1";

/// Below which the images' URLs are.
const COLLECTION: &str = "/v1.0/deviceManagement/virtualEndpoint/deviceImages/";

/// A client, to describe requests with.
pub fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let origin = Endpoint::parse(ORIGIN).expect("an origin");
        let builder = ClientBuilder::new().endpoint(origin);
        let builder = builder.token("token").expect("a token");
        builder.build().expect("a client")
    })
}

/// An id is one segment below the collection, or refused. Answers the URL.
pub fn id(id: &str) -> Option<String> {
    let Ok(mut update) = Update::new(id, &Image::new()) else {
        assert!(matches!(id, "" | "." | ".."), "{id:?}");
        return None;
    };
    let description = client().describe(&mut update);
    let line = description.lines().next().expect("a first line");
    let url = line.strip_prefix("PATCH ").expect("the method");
    let path = url.strip_prefix(ORIGIN).expect("the origin");
    let segment = path.strip_prefix(COLLECTION).expect("the collection");
    let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
    assert!(segment.chars().all(unreserved), "{segment}");
    let decoded = percent_decode_str(segment).decode_utf8();
    assert_eq!(decoded.expect("UTF-8"), id);
    Some(url.to_owned())
}

/// An image that is read is written in one form, which reads as the same image.
pub fn image_json(json: &str) {
    match Image::from_json(json) {
        Ok(image) => {
            let written = image.to_json();
            let again = Image::from_json(&written).expect("what was written can be read");
            assert_eq!(again, image, "{written}");
            assert_eq!(again.to_json(), written);
        }
        Err(error) => check_refusal(&error, ErrorKind::InvalidBody),
    }
}

/// An answer is a success or the error that its status says, and nothing of its body is lost.
pub fn answer(status: u16, body: &[u8]) {
    let is_status = (100..1000).contains(&status);
    let is_success = (200..300).contains(&status);
    match Response::from_parts(status, [], body) {
        Ok(response) => {
            assert!(is_success);
            assert_eq!(response.body(), body);
            assert_eq!(response.image().is_some(), response.image_json().is_some());
        }
        Err(error) if !is_status => check_refusal(&error, ErrorKind::InvalidArgument),
        Err(error) => {
            let kind = match status {
                200..=299 => ErrorKind::InvalidResponse,
                301..=303 | 307 | 308 => ErrorKind::RedirectRefused,
                407 => ErrorKind::ProxyAuthenticationRequired,
                _ => ErrorKind::ServiceError,
            };
            assert_eq!(error.kind(), kind);
            assert_eq!(error.response().expect("the answer").body(), body);
            // What Graph says is told as it says it.
            assert!(
                error.graph_code().is_some() || is_printable(&error),
                "{error:?}"
            );
        }
    }
}

/// An error body is Graph's, whose code and message are the error's message, or it is foreign or says nothing, and the status is named.
pub fn error_body(body: &[u8]) {
    let error = Response::from_parts(404, [], body).expect_err("404 is an error");
    let message = match (error.graph_code(), error.graph_message()) {
        (Some(code), Some(message)) if !(code.is_empty() && message.is_empty()) => {
            format!("[{code}] : {message}")
        }
        _ => "The server responded with a Request Error, Status: NotFound".to_owned(),
    };
    assert!(error.message().starts_with(&message), "{error}");
    answer(404, body);
}

/// An endpoint that is accepted is an origin, and plain http stays on this machine.
pub fn endpoint(text: &str) {
    let endpoint = match Endpoint::parse(text) {
        Ok(endpoint) => endpoint,
        Err(error) => return check_refusal(&error, ErrorKind::InvalidArgument),
    };
    let origin = endpoint.to_string();
    assert_eq!(Endpoint::parse(&origin).expect("an origin"), endpoint);
    let (scheme, authority) = origin.split_once("://").expect("a scheme");
    assert!(!authority.is_empty());
    assert!(
        !authority.contains(['/', '?', '#', '@', '\\', ' ']),
        "{origin}"
    );
    assert!(!authority.contains(|c: char| c.is_control()), "{origin:?}");
    match scheme {
        "https" => {}
        "http" => assert!(is_this_machine(authority), "{origin}"),
        _ => panic!("{origin}"),
    }
}

/// Whether `host` or `host:port` names this machine.
fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().expect("a first part"),
        None => authority.split(':').next().expect("a first part"),
    };
    let is_loopback = |address: IpAddr| address.is_loopback();
    host == "localhost" || host.parse().is_ok_and(is_loopback)
}

/// A proxy that is accepted is shown by its address alone.
pub fn proxy(text: &str) {
    let proxy = match Proxy::parse(text) {
        Ok(proxy) => proxy,
        Err(error) => return check_refusal(&error, ErrorKind::InvalidArgument),
    };
    let shown = proxy.to_string();
    assert!(!shown.contains('@'), "{shown}");
    assert_eq!(format!("{proxy:?}"), format!("Proxy({shown})"));
    assert_eq!(Proxy::parse(&shown).expect(&shown).to_string(), shown);
}

/// A header that is accepted goes out byte for byte; one that is refused is named.
pub fn header(name: &str, value: &str) {
    let mut update = Update::new("img-1", &Image::new()).expect("an update");
    if let Err(error) = update.set_header(name, value) {
        check_refusal(&error, ErrorKind::InvalidHeader);
        let shown = name.escape_debug().to_string();
        return assert!(error.message().contains(&shown), "{error}");
    }
    assert!(!name.contains(|c: char| c.is_ascii_control()), "{name:?}");
    assert!(!value.contains(|c: char| c.is_ascii_control()), "{value:?}");
    let line = format!("{}: {value}", name.to_ascii_lowercase());
    let description = client().describe(&mut update);
    let is_there = description.split('\n').any(|given| given == line);
    assert_eq!(is_there, !name.eq_ignore_ascii_case("authorization"));
}

/// A `Retry-After` is read if it is seconds or a date, and everything else is as if it were not there.
pub fn retry_after(value: &str) {
    let answer = Response::from_parts(429, [("retry-after", value)], b"");
    let error = answer.expect_err("429 is an error");
    if error.kind() == ErrorKind::InvalidArgument {
        let is_bad = |c: char| c.is_ascii_control() && c != '\t';
        return assert!(value.contains(is_bad), "{value:?}");
    }
    let digits = value.trim();
    let is_seconds = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match error.retry_after() {
        Some(delay) if is_seconds => {
            let seconds = digits.parse().unwrap_or(u64::MAX);
            assert_eq!(delay, Duration::from_secs(seconds));
        }
        Some(_) => assert!(digits.len() >= "Sun Nov  6 08:49:37 1994".len(), "{value}"),
        None => assert!(!is_seconds, "{value}"),
    }
}

fn check_refusal(error: &Error, kind: ErrorKind) {
    assert_eq!(error.kind(), kind);
    assert!(error.message().ends_with('.'), "{error}");
    assert!(is_printable(error), "{error:?}");
}

/// Whether a message can be written to a log or a terminal.
fn is_printable(error: &Error) -> bool {
    !error.message().contains(char::is_control)
}
