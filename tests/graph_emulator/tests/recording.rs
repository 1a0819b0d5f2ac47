//! What is kept of the requests that arrive.

use crate::client::{Client, IMAGES, exchange, get, patch};
use crate::graph_emulator::{Fault, GraphEmulator};
use std::time::Duration;

#[test]
fn request_is_kept_byte_for_byte() {
    let emulator = GraphEmulator::start();
    let body = r#"{"displayName":"Bü"}"#;
    let text = format!(
        "PATCH {IMAGES}/img%2D1?x=%20y HTTP/1.1\r\nhOST: graph\r\nX-Twice: 1\r\nAuthorization: Bearer emulator-token\r\n\
         x-twice:2\r\nContent-type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(exchange(&emulator, &text).status, 200);

    let [request] = emulator.requests().try_into().unwrap();
    assert_eq!(request.raw, text.as_bytes());
    assert_eq!(request.method, "PATCH");
    assert_eq!(request.target, format!("{IMAGES}/img%2D1?x=%20y"));
    assert_eq!(request.body_text(), body);
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        headers,
        [
            ("hOST", "graph"),
            ("X-Twice", "1"),
            ("Authorization", "Bearer emulator-token"),
            ("x-twice", "2"),
            ("Content-type", "application/json"),
            ("Content-Length", body.len().to_string().as_str()),
        ]
    );
    assert_eq!(request.header("content-TYPE"), Some("application/json"));
    assert!(!request.client_gone);
}

#[test]
fn requests_of_one_connection_are_kept_apart() {
    let emulator = GraphEmulator::start();
    let texts = [
        patch("img-1", r#"{"version":"1"}"#),
        get("nope"),
        patch("img-2", r#"{"version":"22"}"#),
    ];
    let mut client = Client::connect(emulator.endpoint());
    for text in &texts {
        client.send(text);
        client.receive();
        // Leaves no trace in the next one.
        client.send("POST /emulator/faults HTTP/1.1\r\nHost: e\r\nContent-Length: 2\r\n\r\n[]");
        assert_eq!(client.receive().status, 204);
    }
    exchange(&emulator, &get("img-1"));

    let requests = emulator.requests();
    for (request, text) in requests.iter().zip(&texts) {
        assert_eq!(request.raw, text.as_bytes());
    }
    let numbers: Vec<_> = requests.iter().map(|r| (r.number, r.connection)).collect();
    assert_eq!(numbers, [(1, 1), (2, 1), (3, 1), (4, 2)]);
}

#[test]
fn chunked_body_arrives_in_pieces() {
    let emulator = GraphEmulator::start();
    let head = format!(
        "PATCH {IMAGES}/img-1 HTTP/1.1\r\nHost: graph\r\nAuthorization: Bearer emulator-token\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let pieces = [
        &head[..30],
        &head[30..],
        "9\r\n{\"version",
        "\r\n5\r\n\":\"7\"\r\n1\r\n}\r\n",
        "0\r\n\r\n",
    ];
    let mut client = Client::connect(emulator.endpoint());
    for piece in pieces {
        client.send(piece);
        std::thread::sleep(Duration::from_millis(20));
    }
    let answer = client.receive();
    assert_eq!(answer.json()["version"], "7", "{answer:?}");

    let [request] = emulator.requests().try_into().unwrap();
    assert_eq!(request.body_text(), r#"{"version":"7"}"#);
    assert_eq!(request.raw, pieces.concat().as_bytes());
}

#[test]
fn client_that_leaves_while_it_waits_is_gone() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::DelayHeaders(Duration::from_secs(30))]);
    let mut client = Client::connect(emulator.endpoint());
    client.send(get("img-1"));
    emulator.wait_until(|requests| requests.len() == 1);
    drop(client);
    emulator.wait_until(|requests| requests[0].client_gone);
}

#[test]
fn client_that_leaves_within_a_body_is_gone() {
    let emulator = GraphEmulator::start();
    emulator.script([
        Fault::DelayBody(Duration::from_secs(30)),
        // More than the sockets hold.
        Fault::answer(200).body(vec![b' '; 32 << 20]).into(),
    ]);
    for number in 1..=2 {
        let mut client = Client::connect(emulator.endpoint());
        client.send(get("img-1"));
        client.receive_head();
        assert!(!emulator.requests().last().unwrap().client_gone);
        drop(client);
        emulator
            .wait_until(|requests| requests.len() == number && requests[number - 1].client_gone);
    }
}

#[test]
fn client_that_leaves_within_its_request_is_gone() {
    let emulator = GraphEmulator::start();
    let mut client = Client::connect(emulator.endpoint());
    let text = patch("img-1", r#"{"version":"9"}"#);
    client.send(&text[..text.len() - 5]);
    std::thread::sleep(Duration::from_millis(50));
    drop(client);
    let requests = emulator.wait_until(|requests| requests.len() == 1 && requests[0].client_gone);
    assert_eq!(requests[0].raw, &text.as_bytes()[..text.len() - 5]);
    assert_eq!(requests[0].body_text(), r#"{"version""#);
    assert_eq!(emulator.image("img-1").unwrap()["version"], "1.0.2");
}

#[test]
fn client_that_leaves_after_its_answer_is_not_gone() {
    let emulator = GraphEmulator::start();
    emulator.script([
        Fault::None,
        Fault::Empty200,
        Fault::Truncate,
        Fault::Reset,
        Fault::Close,
        Fault::ResetInBody,
    ]);
    for _ in 0..6 {
        let mut client = Client::connect(emulator.endpoint());
        client.send(get("img-1").replace("Host", "Connection: close\r\nHost"));
        client.receive_to_end();
    }
    let requests = emulator.requests();
    assert_eq!(requests.len(), 6);
    // Time for a wrong mark to be set.
    std::thread::sleep(Duration::from_millis(50));
    assert!(emulator.requests().iter().all(|r| !r.client_gone));
}

#[test]
fn head_request_is_complete_without_a_body() {
    let emulator = GraphEmulator::start();
    let mut client = Client::connect(emulator.endpoint());
    client.send(get("img-1").replace("GET", "HEAD"));
    assert_eq!(client.receive_head().status, 405);
    drop(client);
    std::thread::sleep(Duration::from_millis(50));
    assert!(!emulator.requests()[0].client_gone);
}

#[test]
fn recording_can_be_switched_off() {
    let emulator = GraphEmulator::builder().record(false).start().unwrap();
    assert_eq!(exchange(&emulator, &get("img-1")).status, 200);
    assert!(emulator.requests().is_empty());
}

#[test]
fn only_the_newest_requests_are_kept() {
    let emulator = GraphEmulator::start();
    let mut client = Client::connect(emulator.endpoint());
    for _ in 0..10_010 {
        client.send(get("img-1"));
        client.receive();
    }
    let requests = emulator.requests();
    assert_eq!(requests.len(), 10_000);
    assert_eq!(requests[0].number, 11);
    assert_eq!(requests[9_999].number, 10_010);
}

#[test]
fn requests_can_be_cleared() {
    let emulator = GraphEmulator::start();
    exchange(&emulator, &get("img-1"));
    emulator.clear_requests();
    assert!(emulator.requests().is_empty());
    exchange(&emulator, &get("img-1"));
    assert_eq!(emulator.requests()[0].number, 2);
}
