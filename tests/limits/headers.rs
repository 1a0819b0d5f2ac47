//! Headers that are many or large.

use std::io::Write;

use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::response::Response;
use mgdeviceimage::update::Update;

use crate::bounds::Bounds;
use crate::expect_unreadable;
use crate::server::write_endlessly;

/// More than a request can hold.
const MANY: usize = 40_000;

#[test]
fn ten_thousand_headers_are_refused() {
    expect_unreadable(Bounds::usual().send_to(|connection| {
        connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n")?;
        let headers = (0..10_000).map(|number| format!("X-{number}: 1\r\n"));
        write!(connection, "{}\r\n{{}}", String::from_iter(headers))
    }));
}

#[test]
fn a_header_of_a_mebibyte_is_refused() {
    expect_unreadable(Bounds::usual().send_to(|connection| {
        let value = "a".repeat(1024 * 1024);
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Long";
        write!(connection, "{head}: {value}\r\n\r\n{{}}")
    }));
}

#[test]
fn an_endless_head_is_refused() {
    let bounds = Bounds::usual();
    for piece in ["X-More: of the same\r\n", "X-Long", "\r"] {
        expect_unreadable(bounds.send_to(move |connection| {
            connection.write_all(b"HTTP/1.1 200 OK\r\n")?;
            write_endlessly(connection, piece.as_bytes())
        }));
    }
}

#[test]
fn more_headers_than_a_request_can_hold_are_refused() {
    let bounds = Bounds::usual();
    let mut update = Update::new("img-1", &Image::new()).expect("an update");
    let refused = bounds.check(|| {
        let mut names = (0..MANY).map(|number| format!("x-{number}"));
        names.find_map(|name| update.add_header(&name, "1").err())
    });
    let error = refused.expect("too many headers");
    assert_eq!(error.kind(), ErrorKind::InvalidHeader, "{error}");
}

#[test]
fn many_headers_of_an_answer_from_elsewhere_are_kept() {
    let bounds = Bounds::usual();
    let names: Vec<_> = (0..MANY).map(|number| format!("x-{number}")).collect();
    let headers = names.iter().map(|name| (name.as_str(), "1"));
    let response = bounds.check(|| Response::from_parts(200, headers, b""));
    let response = response.expect("a response");
    let kept = response.headers().map(|(name, _)| name);
    assert!(kept.eq(&names));
}
