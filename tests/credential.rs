//! Tokens that are renewed: asked for when needed, once for many calls, and once more when one is refused.

mod graph_emulator;
mod tools;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::client::Client;
use mgdeviceimage::credential::{AccessToken, Credential, TokenRequest};
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::update::Update;
use tools::client::builder;

const HOUR: Duration = Duration::from_secs(3600);

fn client(emulator: &GraphEmulator, credential: Credential) -> Client {
    builder(emulator.endpoint())
        .credential(credential)
        .build()
        .expect("a client")
}

fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

/// A credential that gives the emulator's token for `lifetime`, and counts how often it was asked.
fn counting(emulator: &GraphEmulator, lifetime: Option<Duration>) -> (Credential, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let (token, count) = (emulator.token().to_owned(), asked.clone());
    let credential = Credential::callback(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        AccessToken::new(&token, lifetime).map_err(|error| error.to_string())
    });
    (credential, asked)
}

#[test]
fn a_token_is_kept_until_it_is_due() {
    for (lifetime, asked_in_three) in [(None, 1), (Some(HOUR), 1), (Some(Duration::ZERO), 3)] {
        let emulator = GraphEmulator::start();
        let (credential, asked) = counting(&emulator, lifetime);
        let client = client(&emulator, credential);
        for _ in 0..3 {
            client.send(&update()).expect("a response");
        }
        assert_eq!(asked.load(Ordering::SeqCst), asked_in_three, "{lifetime:?}");
    }
}

#[test]
fn many_calls_cause_one_request_for_a_token() {
    let emulator = GraphEmulator::start();
    let (credential, asked) = counting(&emulator, Some(HOUR));
    let client = client(&emulator, credential);
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| client.send(&update()).expect("a response"));
        }
    });
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    assert_eq!(emulator.requests().len(), 16);
}

#[test]
fn a_refused_token_is_followed_by_a_fresh_one() {
    let emulator = GraphEmulator::start();
    let (sender, requests) = channel::<TokenRequest>();
    let good = emulator.token().to_owned();
    let credential = Credential::callback(move |request| {
        sender.send(request.clone()).expect("the test listens");
        let token = match request.claims {
            None => "old-token",
            Some(_) => &good,
        };
        AccessToken::new(token, Some(HOUR)).map_err(|error| error.to_string())
    });
    // The claims are {"access_token":{}}.
    emulator.script([Fault::Answer(Fault::answer(401).header(
        "WWW-Authenticate",
        "Bearer error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"",
    ))]);
    let response = client(&emulator, credential)
        .send(&update())
        .expect("a response");
    assert_eq!(response.attempts(), 2);

    let first = requests.recv().expect("the first");
    assert_eq!(first.scope, format!("{}/.default", emulator.endpoint()));
    assert_eq!(first.claims, None);
    let second = requests.recv().expect("the second");
    assert_eq!(second.claims.as_deref(), Some(r#"{"access_token":{}}"#));
    let sent = emulator.requests();
    assert_eq!(sent[0].header("Authorization"), Some("Bearer old-token"));
    assert_eq!(sent[1].header("Retry-Attempt"), Some("1"));
}

#[test]
fn a_token_that_is_refused_twice_is_graphs_own_error() {
    let emulator = GraphEmulator::start();
    let credential = Credential::callback(|_| {
        AccessToken::new("wrong", None).map_err(|error| error.to_string())
    });
    let error = client(&emulator, credential)
        .send(&update())
        .expect_err("401");
    assert_eq!(error.kind(), ErrorKind::ServiceError);
    assert_eq!(error.graph_code(), Some("InvalidAuthenticationToken"));
    assert_eq!(emulator.requests().len(), 2);
}

#[test]
fn a_static_token_is_tried_once() {
    let emulator = GraphEmulator::start();
    let credential = Credential::token("wrong").expect("a token");
    let error = client(&emulator, credential)
        .send(&update())
        .expect_err("401");
    assert_eq!(error.graph_code(), Some("InvalidAuthenticationToken"));
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn no_token_is_an_error_and_no_request() {
    let emulator = GraphEmulator::start();
    let credential = Credential::callback(|_| Err("the vault is closed.".to_owned()));
    let error = client(&emulator, credential)
        .send(&update())
        .expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    let told = "The token callback gave no token: the vault is closed.";
    assert_eq!(error.message(), told);
    assert!(emulator.requests().is_empty());
}

#[test]
fn the_time_limit_covers_the_wait_for_a_token() {
    let emulator = GraphEmulator::start();
    let (release, held) = channel::<()>();
    let held = std::sync::Mutex::new(held);
    let credential = Credential::callback(move |_| {
        // Until the test ends.
        let _ = held.lock().expect("one call at a time").recv();
        Err("the test is over".to_owned())
    });
    let mut update = update();
    update
        .set_timeout(Duration::from_millis(50))
        .expect("a limit");
    let error = client(&emulator, credential)
        .send(&update)
        .expect_err("a time-out");
    drop(release);
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    assert!(error.message().contains("access token"), "{error}");
}
