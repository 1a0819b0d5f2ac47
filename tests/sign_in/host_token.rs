//! Tokens from whoever waits for an operation.

use std::thread;
use std::time::{Duration, Instant};

use mgdeviceimage::client::Client;
use mgdeviceimage::credential::{AccessToken, Credential};
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::operation::Operation;

use crate::graph_emulator::tokens::Tokens;
use crate::graph_emulator::{DEFAULT_TOKEN, Fault, GraphEmulator, root_pem};
use crate::services::{builder, graph_with, update};

const LONG: Duration = Duration::from_secs(30);

/// Graph, and a client of it that asks its waiters for tokens.
fn start() -> (GraphEmulator, Client) {
    let graph = graph_with(Tokens::default());
    let builder = builder(graph.endpoint(), &root_pem()).credential(Credential::host());
    let client = builder.build().expect("a client");
    (graph, client)
}

/// The token that Graph accepts.
fn token(lifetime: Option<Duration>) -> AccessToken {
    AccessToken::new(DEFAULT_TOKEN, lifetime).expect("a token")
}

/// Waits until a token is wanted.
fn wait_until_wanted(operation: &Operation) {
    assert!(!operation.wait(LONG).expect("a wait"));
    operation.wanted_token().expect("a token is wanted");
}

/// Waits for the end, which needs no token.
fn status(mut operation: Operation) -> u16 {
    assert!(operation.wait(LONG).expect("a wait"));
    operation.take_response().expect("a response").status()
}

#[test]
fn a_wait_ends_when_a_token_is_wanted() {
    let (graph, client) = start();
    let operation = client.start(&update()).expect("an operation");
    let started = Instant::now();
    wait_until_wanted(&operation);
    assert!(started.elapsed() < LONG / 2, "it did not wait any longer");
    wait_until_wanted(&operation);

    let wanted = operation.wanted_token().expect("a token is wanted");
    assert_eq!(wanted.scope, format!("{}/.default", graph.endpoint()));
    assert_eq!(wanted.claims, None);
    operation.set_token(token(None)).expect("it is wanted");
    assert!(operation.wanted_token().is_none());
    assert_eq!(status(operation), 200);
}

#[test]
fn a_token_is_kept_while_it_is_good() {
    let (_graph, client) = start();
    let first = client.start(&update()).expect("an operation");
    wait_until_wanted(&first);
    first.set_token(token(Some(LONG))).expect("it is wanted");
    assert_eq!(status(first), 200);
    assert_eq!(status(client.start(&update()).expect("an operation")), 200);
    assert_eq!(client.send(&update()).expect("a response").status(), 200);
}

#[test]
fn a_token_is_wanted_again_before_it_expires() {
    let (_graph, client) = start();
    for _ in 0..2 {
        let operation = client.start(&update()).expect("an operation");
        wait_until_wanted(&operation);
        let lifetime = Some(Duration::from_secs(1));
        operation.set_token(token(lifetime)).expect("it is wanted");
        assert_eq!(status(operation), 200);
        thread::sleep(Duration::from_millis(600));
    }
}

#[test]
fn a_refused_token_is_followed_by_one_with_the_claims_of_the_challenge() {
    let (graph, client) = start();
    // The claims are {"access_token":{}}.
    let challenge = "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"";
    let refusal = Fault::answer(401).header("WWW-Authenticate", challenge);
    graph.script([refusal.into()]);
    let operation = client.start(&update()).expect("an operation");
    wait_until_wanted(&operation);
    operation.set_token(token(None)).expect("it is wanted");
    wait_until_wanted(&operation);
    let wanted = operation.wanted_token().expect("a token is wanted");
    assert_eq!(wanted.claims.as_deref(), Some(r#"{"access_token":{}}"#));
    operation.set_token(token(None)).expect("it is wanted");
    assert_eq!(status(operation), 200);
    assert_eq!(graph.requests().len(), 2);
}

/// The one that wants the token, of these; there is exactly one.
fn asking(operations: &[Operation]) -> usize {
    let asks = |operation: &Operation| operation.wanted_token().is_some();
    let started = Instant::now();
    while !operations.iter().any(asks) {
        assert!(started.elapsed() < LONG, "nobody asks");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(operations.iter().filter(|it| asks(it)).count(), 1);
    operations.iter().position(asks).expect("one asks")
}

#[test]
fn one_of_many_operations_asks() {
    let (_graph, client) = start();
    let operations = [(); 8].map(|()| client.start(&update()).expect("an operation"));
    let one = asking(&operations);
    operations[one]
        .set_token(token(None))
        .expect("it is wanted");
    assert_eq!(operations.map(status), [200; 8]);
}

#[test]
fn another_asks_when_the_one_is_cancelled_or_dropped() {
    let (_graph, client) = start();
    let mut operations: Vec<_> = [(); 3]
        .map(|()| client.start(&update()).expect("an operation"))
        .into();
    let cancelled = operations.remove(asking(&operations));
    cancelled.cancel();
    let late = cancelled.set_token(token(None)).expect_err("it has ended");
    assert_eq!(late.kind(), ErrorKind::TokenNotWanted);
    drop(operations.remove(asking(&operations)));

    let last = operations.pop().expect("the third");
    wait_until_wanted(&last);
    last.set_token(token(None)).expect("it is wanted");
    assert_eq!(status(last), 200);
}

#[test]
fn the_reason_why_there_is_none_is_told() {
    let (graph, client) = start();
    let mut operation = client.start(&update()).expect("an operation");
    wait_until_wanted(&operation);
    let failed = operation.fail_token("The vault is closed.");
    failed.expect("it is wanted");
    assert!(operation.wait(LONG).expect("a wait"));
    let error = operation.take_response().expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert_eq!(
        error.message(),
        "The host gave no token: The vault is closed."
    );
    assert_eq!(graph.requests().len(), 0);
}

#[test]
fn none_is_taken_that_is_not_wanted() {
    let (graph, client) = start();
    graph.script([Fault::Hang]);
    let operation = client.start(&update()).expect("an operation");
    wait_until_wanted(&operation);
    operation.set_token(token(None)).expect("it is wanted");
    for late in [operation.set_token(token(None)), operation.fail_token("x")] {
        let error = late.expect_err("it has one");
        assert_eq!(error.kind(), ErrorKind::TokenNotWanted);
    }
}

#[test]
fn the_time_limit_goes_on() {
    let (_graph, client) = start();
    let mut hasty = update();
    let limit = Duration::from_millis(200);
    hasty.set_timeout(limit).expect("a limit");
    let mut operation = client.start(&hasty).expect("an operation");
    wait_until_wanted(&operation);
    while !operation.wait(LONG).expect("a wait") {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(operation.wanted_token().is_none());
    let error = operation.take_response().expect_err("a time-out");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    let told = "It was waiting for an access token.";
    assert!(error.message().contains(told), "{error}");
}

#[test]
fn an_update_that_nobody_waits_for_fails_alone() {
    let (graph, client) = start();
    let error = client.send(&update()).expect_err("it cannot ask");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert_eq!(graph.requests().len(), 0);

    let operation = client.start(&update()).expect("an operation");
    wait_until_wanted(&operation);
    operation.set_token(token(None)).expect("it is wanted");
    assert_eq!(status(operation), 200);
}

#[cfg(unix)]
mod descriptor {
    use super::*;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use std::os::fd::BorrowedFd;

    #[allow(unsafe_code)]
    fn is_readable(operation: &Operation, timeout: Duration) -> bool {
        let descriptor = operation.descriptor().expect("a descriptor");
        // SAFETY: the descriptor lives as long as the operation.
        let descriptor = unsafe { BorrowedFd::borrow_raw(descriptor) };
        let mut polled = [PollFd::new(&descriptor, PollFlags::IN)];
        let timeout = Timespec::try_from(timeout).expect("a short time");
        poll(&mut polled, Some(&timeout)).expect("a poll") == 1
    }

    #[test]
    fn it_is_readable_while_a_token_is_wanted() {
        let (graph, client) = start();
        graph.script([Fault::DelayHeaders(Duration::from_millis(500))]);
        let operation = client.start(&update()).expect("an operation");
        assert!(is_readable(&operation, LONG));
        operation.wanted_token().expect("a token is wanted");
        operation.set_token(token(None)).expect("it is wanted");
        assert!(!is_readable(&operation, Duration::ZERO));
        assert!(is_readable(&operation, LONG));
        assert_eq!(status(operation), 200);
    }
}
