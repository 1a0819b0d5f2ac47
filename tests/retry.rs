//! Retries against the Graph emulator: which answers are tried again, and what is told of it.

mod graph_emulator;
mod tools;

use std::net::TcpListener;
use std::time::Duration;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::client::Client;
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::response::Response;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;
use tools::client::builder;

const MOMENT: Duration = Duration::from_millis(1);

fn client_with(endpoint: &str, policy: RetryPolicy) -> Client {
    builder(endpoint).retry(policy).build().expect("a client")
}

/// A client that waits a moment where a real one waits for seconds.
fn client(emulator: &GraphEmulator) -> Client {
    let policy = RetryPolicy {
        delay: MOMENT,
        ..RetryPolicy::default()
    };
    client_with(emulator.endpoint(), policy)
}

fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

fn busy(status: u16) -> Fault {
    Fault::Answer(Fault::answer(status))
}

#[test]
fn a_busy_service_is_asked_again() {
    for status in [429, 503, 504] {
        let emulator = GraphEmulator::start();
        emulator.script([busy(status), busy(status), Fault::None]);
        let response = client(&emulator).send(&update()).expect("a response");
        assert_eq!((response.status(), response.attempts()), (200, 3));

        let requests = emulator.requests();
        let attempts: Vec<_> = requests
            .iter()
            .map(|request| request.header("Retry-Attempt"))
            .collect();
        assert_eq!(attempts, [None, Some("1"), Some("2")]);
        let id = requests[0].header("client-request-id");
        assert!(
            requests
                .iter()
                .all(|request| request.header("client-request-id") == id)
        );
    }
}

#[test]
fn the_last_answers_own_error_is_kept() {
    let emulator = GraphEmulator::start();
    emulator.script([busy(429), busy(429), busy(429)]);
    emulator.script([Fault::Answer(
        Fault::answer(503).error("Busy", "Come back later."),
    )]);
    let error = client(&emulator).send(&update()).expect_err("exhausted");
    assert_eq!(error.kind(), ErrorKind::ServiceError);
    assert_eq!(error.message(), "[Busy] : Come back later.");
    assert_eq!(error.attempts(), 4);
    assert_eq!(emulator.requests().len(), 4);
}

#[test]
fn other_failures_are_not_repeated() {
    for fault in [
        busy(400),
        busy(401),
        busy(404),
        busy(409),
        busy(412),
        busy(500),
        busy(502),
        Fault::Reset,
        Fault::Close,
        Fault::Truncate,
    ] {
        let emulator = GraphEmulator::start();
        emulator.script([fault.clone()]);
        client(&emulator).send(&update()).expect_err("a failure");
        assert_eq!(emulator.requests().len(), 1, "{fault:?}");
    }
}

#[test]
fn a_delay_that_is_too_long_is_not_waited_for() {
    for wanted in [
        "181",
        "99999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let emulator = GraphEmulator::start();
        emulator.script([Fault::Answer(
            Fault::answer(429).header("Retry-After", wanted),
        )]);
        let error = client(&emulator).send(&update()).expect_err("429");
        assert_eq!(
            error.response().expect("the answer").status(),
            429,
            "{wanted}"
        );
        assert_eq!(emulator.requests().len(), 1, "{wanted}");
    }
}

#[test]
fn a_date_in_the_past_is_no_delay() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Answer(
        Fault::answer(503).header("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"),
    )]);
    client(&emulator).send(&update()).expect("a response");
    assert_eq!(emulator.requests().len(), 2);
}

/// The clocks of client and server may differ by any amount.
#[test]
fn a_date_counts_from_the_servers_own() {
    let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let retry_after = ("Retry-After", "Sun, 06 Nov 1994 08:49:38 GMT");
    let answer = Response::from_parts(429, [date, retry_after], b"");
    let error = answer.expect_err("429");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));

    let emulator = GraphEmulator::start();
    let [date, retry_after] = [date, retry_after];
    let busy = Fault::answer(429).header(date.0, date.1);
    emulator.script([busy.header(retry_after.0, retry_after.1).into()]);
    let operation = client(&emulator).start(&update()).expect("an operation");
    assert!(operation.wait(Duration::from_secs(10)).expect("an end"));
    assert_eq!(operation.retries()[0].delay, Duration::from_secs(1));
}

#[test]
fn retries_are_told_while_the_operation_waits() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Answer(
        Fault::answer(429).header("Retry-After", "100"),
    )]);
    let operation = client(&emulator).start(&update()).expect("an operation");
    while operation.retries().is_empty() {
        assert!(
            !operation.wait(MOMENT).expect("may wait"),
            "it waits to try again"
        );
    }
    let retry = operation.retries()[0];
    assert_eq!((retry.status, retry.delay), (429, Duration::from_secs(100)));
}

#[test]
fn cancel_ends_the_wait_at_once() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Answer(
        Fault::answer(429).header("Retry-After", "100"),
    )]);
    let mut operation = client(&emulator).start(&update()).expect("an operation");
    while operation.retries().is_empty() {
        operation.wait(MOMENT).expect("may wait");
    }
    operation.cancel();
    assert!(operation.wait(Duration::ZERO).expect("may wait"));
    let error = operation.take_response().expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn a_time_out_tells_the_attempt_before() {
    let emulator = GraphEmulator::start();
    emulator.script([
        Fault::Answer(Fault::answer(503).error("Busy", "Later.")),
        Fault::Hang,
    ]);
    let mut update = update();
    update
        .set_timeout(Duration::from_millis(300))
        .expect("a limit");
    let error = client(&emulator).send(&update).expect_err("a time-out");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    assert!(error.message().contains("2 attempts"), "{error}");
    assert!(error.message().contains("[Busy] : Later."), "{error}");
}

#[test]
fn a_connection_that_is_not_made_is_tried_again() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("an address").port()
    };
    let policy = RetryPolicy {
        delay: MOMENT,
        ..RetryPolicy::default()
    };
    let error = client_with(&format!("http://127.0.0.1:{port}"), policy)
        .send(&update())
        .expect_err("nobody listens");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert_eq!(error.attempts(), 4);
}

#[test]
fn retries_can_be_switched_off() {
    let emulator = GraphEmulator::start();
    emulator.script([busy(503)]);
    let policy = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    client_with(emulator.endpoint(), policy)
        .send(&update())
        .expect_err("503");
    assert_eq!(emulator.requests().len(), 1);
}
