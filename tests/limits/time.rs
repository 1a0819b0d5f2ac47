//! Answers that take their time.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use mgdeviceimage::error::ErrorKind;

use crate::bounds::Bounds;
use crate::expect_error;
use crate::server::{IMAGE_BEGINS, write_endlessly};

/// Sends an update to a server that writes `start` and then `drop` again and again.
fn check_slow(start: &'static [u8], drop: &'static [u8]) {
    let bounds = Bounds::usual();
    let started = Instant::now();
    let outcome = bounds.send_within(Duration::from_millis(300), move |connection| {
        connection.write_all(start)?;
        loop {
            connection.write_all(drop)?;
            thread::sleep(Duration::from_millis(5));
        }
    });
    expect_error(outcome, ErrorKind::OperationTimeout, "0.3 s");
    let time = started.elapsed();
    assert!(time < Duration::from_secs(3), "{time:?}");
}

#[test]
fn a_slow_head_ends_at_the_time_limit() {
    check_slow(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a");
}

#[test]
fn a_slow_body_ends_at_the_time_limit() {
    check_slow(IMAGE_BEGINS, b"a");
}

#[test]
fn endless_interim_answers_end_at_the_time_limit() {
    check_slow(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n");
}

// The worker reads them in one turn of 128 reads (tokio's budget) of at most 400 KiB (hyper's buffer), and looks at its timers after
// it: 2 million answers, 0.4 s in a release build. In a debug build a turn takes 17 s, hence no time of its own here. A cancel does
// not wait for the worker.
#[test]
fn a_flood_of_interim_answers_ends_at_the_time_limit_or_a_turn_later() {
    let limit = Duration::from_millis(300);
    let outcome = Bounds::usual().send_within(limit, |connection| {
        write_endlessly(connection, b"HTTP/1.1 103 Early Hints\r\n\r\n")
    });
    expect_error(outcome, ErrorKind::OperationTimeout, "0.3 s");
}
