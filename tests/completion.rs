//! For hosts that must not wait: a completion that is called once, and a descriptor for `poll`.

mod graph_emulator;
mod tools;

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread::{self, ThreadId};
use std::time::Duration;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::client::Client;
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::operation::Operation;
use mgdeviceimage::update::Update;
use tools::client::client;

const LONG: Duration = Duration::from_secs(10);

fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

/// Starts an update whose completion sends its thread's id.
fn start(client: &Client) -> (Operation, Receiver<ThreadId>) {
    let (sender, completions) = channel();
    let completion = Box::new(move || {
        sender
            .send(thread::current().id())
            .expect("the test listens");
    });
    let operation = client
        .start_with(&update(), completion)
        .expect("an operation");
    (operation, completions)
}

/// The one completion, on another thread than this. Its sender is then gone: there can be no second.
fn assert_once(completions: &Receiver<ThreadId>) {
    let on = completions.recv_timeout(LONG).expect("a completion");
    assert_ne!(on, thread::current().id());
    assert!(completions.recv_timeout(LONG).is_err());
    assert_eq!(completions.try_recv(), Err(TryRecvError::Disconnected));
}

#[test]
fn a_completion_tells_success() {
    let emulator = GraphEmulator::start();
    let (mut operation, completions) = start(&client(emulator.endpoint()));
    assert_once(&completions);
    assert_eq!(operation.take_response().expect("a response").status(), 200);
}

#[test]
fn a_completion_tells_failure() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Reset]);
    let (mut operation, completions) = start(&client(emulator.endpoint()));
    assert_once(&completions);
    let error = operation.take_response().expect_err("a reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
}

#[test]
fn a_completion_tells_cancellation() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Hang]);
    let (mut operation, completions) = start(&client(emulator.endpoint()));
    operation.cancel();
    assert_once(&completions);
    let error = operation.take_response().expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn a_completion_comes_though_everything_is_dropped() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Hang]);
    let client = client(emulator.endpoint());
    let (operation, completions) = start(&client);
    drop(client);
    drop(operation);
    assert_once(&completions);
}

#[test]
fn waiting_inside_a_completion_is_refused() {
    let emulator = GraphEmulator::start();
    let client = client(emulator.endpoint());
    let (sender, results) = channel();
    let inside = client.clone();
    let completion = Box::new(move || {
        let sent = inside.send(&update()).expect_err("it would wait");
        let started = inside.start(&update()).expect("an operation");
        let waited = started.wait(LONG).expect_err("it would wait");
        let looked = started.wait(Duration::ZERO).expect("it only looks");
        let kinds = (sent.kind(), waited.kind(), looked);
        sender.send(kinds).expect("the test listens");
    });
    let _operation = client
        .start_with(&update(), completion)
        .expect("an operation");
    let kinds = results.recv_timeout(LONG).expect("a completion");
    assert_eq!(kinds, (ErrorKind::WouldBlock, ErrorKind::WouldBlock, false));
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
    fn it_becomes_readable_at_the_end() {
        let emulator = GraphEmulator::start();
        emulator.script([Fault::DelayHeaders(Duration::from_millis(100))]);
        let mut operation = client(emulator.endpoint())
            .start(&update())
            .expect("an operation");
        assert!(!is_readable(&operation, Duration::ZERO));
        assert!(is_readable(&operation, LONG));
        assert!(is_readable(&operation, Duration::ZERO), "it stays so");
        assert_eq!(operation.take_response().expect("a response").status(), 200);
    }

    #[test]
    fn it_is_readable_when_it_is_asked_for_late() {
        let emulator = GraphEmulator::start();
        let operation = client(emulator.endpoint())
            .start(&update())
            .expect("an operation");
        assert!(operation.wait(LONG).expect("may wait"));
        assert!(is_readable(&operation, Duration::ZERO));
    }

    #[test]
    fn it_becomes_readable_on_cancel() {
        let emulator = GraphEmulator::start();
        emulator.script([Fault::Hang]);
        let operation = client(emulator.endpoint())
            .start(&update())
            .expect("an operation");
        assert!(!is_readable(&operation, Duration::ZERO));
        operation.cancel();
        assert!(is_readable(&operation, Duration::ZERO));
    }
}
