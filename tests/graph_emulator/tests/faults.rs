//! Every kind of fault, as a client sees it.

use crate::client::{Client, IMAGES, exchange, get, patch, request};
use crate::graph_emulator::{Fault, GraphEmulator};
use std::io::ErrorKind;
use std::time::{Duration, Instant};

const UPDATE: &str = r#"{"version":"9"}"#;

fn applied(emulator: &GraphEmulator) -> bool {
    emulator.image("img-1").unwrap()["version"] == "9"
}

/// Sends a PATCH into `fault` and returns the bytes of the answer and the error that ended the connection.
fn patch_into(emulator: &GraphEmulator, fault: Fault) -> (String, Option<ErrorKind>) {
    emulator.script([fault]);
    let mut client = Client::connect(emulator.endpoint());
    client.send(patch("img-1", UPDATE));
    let (bytes, error) = client.receive_to_end();
    (String::from_utf8(bytes).unwrap(), error)
}

/// The announced length of an answer that was cut, and the body that arrived.
fn cut(answer: &str) -> (usize, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let length = head
        .split("\r\n")
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    (length.parse().unwrap(), body)
}

#[test]
fn each_get_or_patch_takes_the_next_one() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::answer(503).into(), Fault::None]);
    emulator.script([Fault::answer(429).into()]);
    // Other methods take none.
    let delete = request("DELETE", &format!("{IMAGES}/img-1"), "", "");
    assert_eq!(exchange(&emulator, &delete).status, 405);

    assert_eq!(exchange(&emulator, &get("img-1")).status, 503);
    assert_eq!(exchange(&emulator, &patch("img-1", "{}")).status, 200);
    assert_eq!(exchange(&emulator, &patch("img-1", "{}")).status, 429);
    assert_eq!(exchange(&emulator, &patch("img-1", "{}")).status, 200);
}

#[test]
fn faults_can_be_cleared() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Hang, Fault::Reset]);
    emulator.clear_faults();
    assert_eq!(exchange(&emulator, &get("img-1")).status, 200);
}

#[test]
fn answer_with_an_odata_error() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::answer(429).header("Retry-After", "7").into()]);
    let answer = exchange(&emulator, &patch("img-1", UPDATE));
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.error_code(), "TooManyRequests");
    assert_eq!(
        answer.json()["error"]["innerError"]["request-id"],
        answer.header("request-id").unwrap()
    );
    assert!(!applied(&emulator));
}

#[test]
fn answer_with_a_code_and_message() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::answer(403).error("Forbidden", "Not you.").into()]);
    let error = exchange(&emulator, &get("img-1")).json();
    assert_eq!(error["error"]["code"], "Forbidden");
    assert_eq!(error["error"]["message"], "Not you.");
}

#[test]
fn answer_with_any_headers_and_bytes() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::answer(200)
        .header("Content-Encoding", "gzip")
        .header("Content-Type", "application/octet-stream")
        .header("request-id", "mine")
        .header("X-Twice", "1")
        .header("X-Twice", "2")
        .body(vec![0x1f, 0x8b, 0x00, 0xff])
        .into()]);
    let answer = exchange(&emulator, &get("img-1"));
    assert_eq!(answer.body, [0x1f, 0x8b, 0x00, 0xff]);
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(
        answer.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(answer.header("request-id"), Some("mine"));
    let twice: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "x-twice")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(twice, ["1", "2"]);
}

#[test]
fn answer_below_400_without_a_body_is_empty() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::answer(202).into()]);
    let answer = exchange(&emulator, &get("img-1"));
    assert_eq!((answer.status, answer.body.len()), (202, 0));
}

#[test]
fn delay_headers() {
    let delay = Duration::from_secs(1);
    let emulator = GraphEmulator::start();
    emulator.script([Fault::DelayHeaders(delay)]);
    let mut client = Client::connect(emulator.endpoint());
    client.send(patch("img-1", UPDATE));
    assert_eq!(client.receive_within(delay / 2), 0);
    assert!(applied(&emulator));
    assert_eq!(client.receive().status, 200);
}

#[test]
fn delay_body() {
    let delay = Duration::from_secs(1);
    let emulator = GraphEmulator::start();
    emulator.script([Fault::DelayBody(delay)]);
    let mut client = Client::connect(emulator.endpoint());
    client.send(patch("img-1", UPDATE));
    let started = Instant::now();
    let head = client.receive_head();
    assert!(applied(&emulator));
    let length: usize = head.header("content-length").unwrap().parse().unwrap();
    let half = client.receive_within(delay / 2);
    assert_eq!(half, length / 2);
    assert!(started.elapsed() < delay);

    let rest = client.receive_within(delay * 10);
    assert_eq!(half + rest, length);
    assert!(started.elapsed() > delay / 2);
    // The connection is still good.
    client.send(get("img-1"));
    assert_eq!(client.receive().status, 200);
}

#[test]
fn reset() {
    let emulator = GraphEmulator::start();
    let (answer, error) = patch_into(&emulator, Fault::Reset);
    assert_eq!(answer, "");
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    assert_eq!(emulator.requests().len(), 1);
    assert!(!applied(&emulator));
}

#[test]
fn reset_before_read() {
    let emulator = GraphEmulator::start();
    let (answer, error) = patch_into(&emulator, Fault::ResetBeforeRead);
    assert_eq!(answer, "");
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    assert_eq!(emulator.requests().len(), 0);
    assert!(!applied(&emulator));
}

#[test]
fn close() {
    let emulator = GraphEmulator::start();
    let (answer, error) = patch_into(&emulator, Fault::Close);
    assert_eq!(answer, "");
    assert_eq!(error, None);
    assert_eq!(emulator.requests().len(), 1);
    assert!(!applied(&emulator));
}

#[test]
fn reset_in_body() {
    let emulator = GraphEmulator::start();
    let (answer, error) = patch_into(&emulator, Fault::ResetInBody);
    let (length, body) = cut(&answer);
    assert_eq!(body.len(), length / 2);
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    assert!(applied(&emulator));
}

#[test]
fn truncate() {
    let emulator = GraphEmulator::start();
    let (answer, error) = patch_into(&emulator, Fault::Truncate);
    let (length, body) = cut(&answer);
    assert_eq!(body.len(), length / 2);
    assert_eq!(error, None);
    assert!(applied(&emulator));
}

#[test]
fn html502() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::html502()]);
    let answer = exchange(&emulator, &patch("img-1", UPDATE));
    assert_eq!(answer.status, 502);
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert_eq!(answer.header("request-id"), None);
    assert!(answer.body.starts_with(b"<html>"));
    assert!(!applied(&emulator));
}

#[test]
fn redirect() {
    let emulator = GraphEmulator::start();
    let location = format!("{}{IMAGES}/img-2", emulator.endpoint());
    emulator.script([Fault::redirect(307, &location)]);
    let answer = exchange(&emulator, &patch("img-1", UPDATE));
    assert_eq!(answer.status, 307);
    assert_eq!(answer.header("location"), Some(location.as_str()));
    assert_eq!(answer.body.len(), 0);
    assert!(!applied(&emulator));
}

#[test]
fn empty200() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Empty200]);
    let answer = exchange(&emulator, &patch("img-1", UPDATE));
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert!(applied(&emulator));
}

#[test]
fn hang() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Hang]);
    let mut client = Client::connect(emulator.endpoint());
    client.send(patch("img-1", UPDATE));
    assert_eq!(client.receive_within(Duration::from_millis(200)), 0);
    let requests = emulator.requests();
    assert_eq!(requests.len(), 1);
    assert!(!requests[0].client_gone);
    drop(client);
    emulator.wait_until(|requests| requests[0].client_gone);
    assert!(!applied(&emulator));
}
