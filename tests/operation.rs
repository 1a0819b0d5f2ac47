//! A running update: wait in slices, cancel from any thread, let go at any time.

mod graph_emulator;
mod tools;

use std::thread;
use std::time::Duration;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::client::Client;
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::operation::Operation;
use mgdeviceimage::update::Update;
use tools::client::client;

const SLICE: Duration = Duration::from_millis(10);
const LONG: Duration = Duration::from_secs(10);

fn start(client: &Client) -> Operation {
    let update = Update::new("img-1", &Image::new()).expect("an update");
    client.start(&update).expect("an operation")
}

/// An operation whose request has reached a server that does not answer.
fn hanging(emulator: &GraphEmulator) -> Operation {
    emulator.script([Fault::Hang]);
    let operation = start(&client(emulator.endpoint()));
    emulator.wait_until(|requests| requests.len() == 1);
    operation
}

fn wait_until_dropped(emulator: &GraphEmulator) {
    emulator.wait_until(|requests| requests[0].client_gone);
}

#[test]
fn a_wait_ends_with_its_slice_or_with_the_operation() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::DelayHeaders(Duration::from_millis(200))]);
    let mut operation = start(&client(emulator.endpoint()));
    assert!(!operation.wait(Duration::ZERO).expect("may wait"));
    assert!(!operation.wait(SLICE).expect("may wait"));
    let early = operation.take_response().expect_err("too early");
    assert_eq!(early.kind(), ErrorKind::NotFinished);

    assert!(operation.wait(LONG).expect("may wait"));
    assert!(
        operation.wait(Duration::ZERO).expect("may wait"),
        "it stays ended"
    );
    assert_eq!(operation.take_response().expect("a response").status(), 200);
    let again = operation.take_response().expect_err("the second time");
    assert_eq!(again.kind(), ErrorKind::AlreadyTaken);
    assert!(
        operation.wait(Duration::ZERO).expect("may wait"),
        "it stays ended"
    );
}

#[test]
fn cancel_wakes_the_waiter_and_drops_the_request() {
    let emulator = GraphEmulator::start();
    let mut operation = hanging(&emulator);
    thread::scope(|scope| {
        scope.spawn(|| operation.cancel());
        assert!(operation.wait(LONG).expect("may wait"));
    });
    operation.cancel();
    let error = operation.take_response().expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    wait_until_dropped(&emulator);
}

#[test]
fn cancel_after_the_end_changes_nothing() {
    let emulator = GraphEmulator::start();
    let mut operation = start(&client(emulator.endpoint()));
    assert!(operation.wait(LONG).expect("may wait"));
    operation.cancel();
    assert_eq!(operation.take_response().expect("a response").status(), 200);
}

#[test]
fn a_dropped_operation_drops_its_request() {
    let emulator = GraphEmulator::start();
    drop(hanging(&emulator));
    wait_until_dropped(&emulator);
}

#[test]
fn an_operation_outlives_its_client() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::DelayHeaders(Duration::from_millis(50))]);
    let client = client(emulator.endpoint());
    let mut operation = start(&client);
    drop(client);
    assert!(operation.wait(LONG).expect("may wait"));
    assert_eq!(operation.take_response().expect("a response").status(), 200);
}

#[test]
fn many_threads_share_a_client() {
    let emulator = GraphEmulator::start();
    let client = client(emulator.endpoint());
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let mut operation = start(&client);
                    assert!(operation.wait(LONG).expect("may wait"));
                    operation.take_response().expect("a response");
                }
            });
        }
    });
    assert_eq!(emulator.requests().len(), 320);
}
