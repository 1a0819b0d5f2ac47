//! Where an answer ends: lengths, chunks, and lies about them.

use std::io::Write;

use crate::bounds::Bounds;
use crate::server::write_endlessly;
use crate::{expect_unfinished, expect_unreadable};

#[test]
fn an_answer_shorter_than_it_claims_is_refused() {
    let bounds = Bounds::usual();
    for length in ["3", "17179869184", "9223372036854775807"] {
        let error = expect_unfinished(bounds.send_to(move |connection| {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            write!(connection, "{head}{{}}")
        }));
        assert_eq!(error.response().expect("the answer").body(), b"{}");
    }
}

#[test]
fn what_follows_an_answer_is_not_read() {
    let outcome = Bounds::usual().send_to(|connection| {
        connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
        write_endlessly(connection, b"garbage")
    });
    let response = outcome.expect("a response");
    assert_eq!(response.image_json(), Some("{}"));
}

#[test]
fn a_length_that_is_none_is_refused() {
    let bounds = Bounds::usual();
    for head in [
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: 2\r\nContent-Length: 3",
    ] {
        expect_unreadable(bounds.send_to(move |connection| {
            write!(connection, "HTTP/1.1 200 OK\r\n{head}\r\n\r\n{{}}")
        }));
    }
}

#[test]
fn a_chunk_that_is_none_is_refused() {
    let bounds = Bounds::usual();
    for chunk in [
        "10000000000000000\r\n{}",
        "-2\r\n{}",
        "x\r\n{}",
        "2\r\n{}garbage",
    ] {
        expect_unfinished(bounds.send_to(move |connection| {
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked";
            write!(connection, "{head}\r\n\r\n{chunk}")
        }));
    }
}

#[test]
fn an_endless_extension_of_a_chunk_is_refused() {
    expect_unfinished(Bounds::usual().send_to(|connection| {
        connection.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")?;
        write_endlessly(connection, b"x")
    }));
}

#[test]
fn an_endless_trailer_is_refused() {
    expect_unfinished(Bounds::usual().send_to(|connection| {
        connection.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        connection.write_all(b"2\r\n{}\r\n0\r\n")?;
        write_endlessly(connection, b"X-More: of the same\r\n")
    }));
}
