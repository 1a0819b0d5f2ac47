//! Failures against the Graph emulator and worse servers: each has its kind and a message that names what is wrong.

mod graph_emulator;
mod tools;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::client::{Client, ClientBuilder};
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::image::Image;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;
use tools::client::builder;

fn client(endpoint: &str) -> Client {
    let without_retries = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    builder(endpoint)
        .retry(without_retries)
        .build()
        .expect("a client")
}

fn failure(endpoint: &str) -> Error {
    let update = Update::new("img-1", &Image::new()).expect("an update");
    client(endpoint).send(&update).expect_err("a failure")
}

fn failure_with(fault: Fault) -> Error {
    let emulator = GraphEmulator::start();
    emulator.script([fault]);
    failure(emulator.endpoint())
}

/// Accepts one connection, reads the request, writes `answer` and closes. Answers the origin.
fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a connection");
        let mut request = [0; 4096];
        let read = connection.read(&mut request).expect("a request");
        assert!(read > 0);
        connection.write_all(answer).expect("the answer is written");
    });
    origin
}

#[test]
fn graphs_error_is_told_whole() {
    let emulator = GraphEmulator::start();
    let update = Update::new("no-such-image", &Image::new()).expect("an update");
    let error = client(emulator.endpoint()).send(&update).expect_err("404");
    assert_eq!(error.kind(), ErrorKind::ServiceError);
    let (code, message) = (
        error.graph_code().expect("a code"),
        error.graph_message().expect("a message"),
    );
    assert_eq!(error.message(), format!("[{code}] : {message}"));
    let response = error.response().expect("the answer");
    assert_eq!(response.status(), 404);
    assert_eq!(error.attempts(), 1);
    assert!(error.request_id().is_some());
    assert!(error.date().is_some());
    assert_eq!(
        error.client_request_id(),
        emulator.requests()[0].header("client-request-id")
    );
    let inner = error.inner_error_json().expect("the inner error");
    assert!(inner.contains("request-id"), "{inner}");
}

#[test]
fn a_foreign_error_body_is_shown_at_its_start() {
    let error = failure_with(Fault::html502());
    assert_eq!(error.kind(), ErrorKind::ServiceError);
    assert!(
        error.message().starts_with(
            "The server responded with a Server Error, Status: BadGateway: <html> <head>"
        ),
        "{error}"
    );
    assert_eq!(error.graph_code(), None);

    let error = failure_with(Fault::Answer(Fault::answer(404).body("")));
    assert_eq!(
        error.message(),
        "The server responded with a Request Error, Status: NotFound"
    );
}

#[test]
fn an_error_of_graph_without_text_is_told_by_its_status() {
    let body = r#"{"error":{"code":"","message":"","innerError":{"request-id":"r-1"}}}"#;
    let error = failure_with(Fault::answer(403).body(body).into());
    let told = "The server responded with a Request Error, Status: Forbidden: ";
    assert!(error.message().starts_with(told), "{error}");
    assert_eq!(error.graph_code(), Some(""));
    assert_eq!(error.request_id(), Some("r-1"));
}

#[test]
fn without_an_answer_the_id_of_the_request_is_told() {
    let emulator = GraphEmulator::start();
    let mut update = Update::new("img-1", &Image::new()).expect("an update");
    update
        .set_header("client-request-id", "my-own-id")
        .expect("a header");
    update
        .set_timeout(Duration::from_millis(200))
        .expect("a limit");
    for fault in [Fault::Close, Fault::Hang] {
        emulator.script([fault.clone()]);
        let sent = client(emulator.endpoint()).send(&update);
        let error = sent.expect_err("no answer");
        assert!(error.response().is_none());
        assert_eq!(error.client_request_id(), Some("my-own-id"), "{fault:?}");
        assert_eq!(error.request_id(), None, "{fault:?}");
    }
}

#[test]
fn a_foreign_error_body_shows_no_secret() {
    let error = failure_with(Fault::Answer(
        Fault::answer(400).body(r#"{"access_token":"hunter2"}"#),
    ));
    assert!(!error.message().contains("hunter2"), "{error}");
    assert!(!format!("{error:?}").contains("hunter2"));
}

/// As a gateway does that shows the request it could not pass on.
#[test]
fn an_error_that_repeats_the_request_shows_no_token() {
    const LONG_TOKEN: &str = "eyJ0eXAi.planted-token.c2ln";
    let emulator = GraphEmulator::start();
    let update = Update::new("img-1", &Image::new()).expect("an update");
    let builder = builder(emulator.endpoint());
    let builder = builder.token(LONG_TOKEN).expect("a token");
    let client = builder.build().expect("a client");
    for body in [
        format!("cannot pass on: authorization: Bearer {LONG_TOKEN}"),
        format!(r#"{{"headers":{{"Authorization":"Bearer {LONG_TOKEN}"}}}}"#),
        format!(r#"{{"error":{{"code":"x","message":"bad token {LONG_TOKEN}"}}}}"#),
        r#"{"error":{"code":"x","message":"of Bearer eyJ0eXAi.planted.c2lnbmF0dXJl"}}"#.to_owned(),
    ] {
        emulator.script([Fault::answer(502).body(body.clone()).into()]);
        let error = client.send(&update).expect_err("502");
        assert!(error.message().contains("[redacted]"), "{body}: {error}");
        assert!(!error.message().contains("planted"), "{body}: {error}");
    }
}

#[test]
fn a_success_that_is_no_image_says_that_it_was_accepted() {
    for (body, said) in [
        ("<html>welcome</html>", "expected value"),
        ("[]", "not an object"),
        ("{\"id\":", "EOF"),
    ] {
        let error = failure_with(Fault::Answer(Fault::answer(200).body(body)));
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert!(
            error.message().starts_with("The update was accepted, but"),
            "{error}"
        );
        assert!(error.message().contains(said), "{body}: {error}");
        assert_eq!(
            error.response().expect("the answer").body(),
            body.as_bytes()
        );
    }
}

#[test]
fn half_an_answer_says_that_it_was_accepted() {
    for fault in [Fault::Truncate, Fault::ResetInBody] {
        let error = failure_with(fault.clone());
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{fault:?}");
        assert!(
            error.message().starts_with("The update was accepted, but"),
            "{error}"
        );
        assert_eq!(error.response().expect("the answer").status(), 200);
    }
}

#[test]
fn no_answer_says_that_the_outcome_is_unknown() {
    for fault in [Fault::Reset, Fault::Close] {
        let error = failure_with(fault.clone());
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{fault:?}");
        assert!(error.message().contains("The request was sent"), "{error}");
        assert!(error.message().contains("unknown"), "{error}");
        assert_eq!(error.attempts(), 1);
        assert!(error.response().is_none());
    }
}

#[test]
fn what_is_not_http_is_named() {
    let error = failure(&server(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.message().contains("cannot be read"), "{error}");
}

#[test]
fn a_closed_port_is_named() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address").port()
    };
    let error = failure(&format!("http://127.0.0.1:{port}"));
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(
        error.message().contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
    assert!(
        error.message().to_lowercase().contains("refused"),
        "{error}"
    );
    assert_eq!(error.attempts(), 1);
}

#[test]
fn a_time_limit_that_passes_is_named() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Hang]);
    let mut update = Update::new("img-1", &Image::new()).expect("an update");
    update
        .set_timeout(Duration::from_millis(100))
        .expect("a limit");
    let error = client(emulator.endpoint())
        .send(&update)
        .expect_err("a time-out");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    assert!(error.message().contains("0.1 s"), "{error}");
    emulator.wait_until(|requests| requests.len() == 1 && requests[0].client_gone);
}

/// The table of headers that the PowerShell module must treat alike: names with a value each.
fn headers(part: &str) -> Vec<(String, String)> {
    let table: serde_json::Value =
        serde_json::from_str(include_str!("data/headers.json")).expect("the table is JSON");
    serde_json::from_value(table[part].clone()).expect("the table has headers")
}

#[test]
fn headers_that_are_not_the_callers_are_refused() {
    let mut update = Update::new("img-1", &Image::new()).expect("an update");
    for (name, value) in headers("refused") {
        let error = update.set_header(&name, &value).expect_err(&name);
        assert_eq!(error.kind(), ErrorKind::InvalidHeader, "{name}: {value}");
        let shown = name.escape_debug().to_string();
        assert!(error.message().contains(&shown), "{error}");
    }
    for (name, value) in headers("accepted") {
        update.set_header(&name, &value).expect(&name);
    }
}

#[test]
fn arguments_that_cannot_be_used_are_refused() {
    for id in ["", ".", ".."] {
        let error = Update::new(id, &Image::new()).expect_err(id);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{id}");
    }
    for token in ["", "Bearer x", "a\r\nb", "ü"] {
        let error = ClientBuilder::new().token(token).expect_err(token);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{token}");
    }
    let error = ClientBuilder::new().build().expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::AuthenticationNeeded);
    ClientBuilder::new()
        .timeout(Duration::ZERO)
        .expect_err("no time");
}
