//! Answers of any size and shape: each is read or is a clear error, in bounded memory and time.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `bounds.rs` | sends an update and measures what that takes |
//! | `server.rs` | a server that writes whatever a test wants |
//! | the others | one kind of answer each |

mod bounds;
mod compression;
mod framing;
mod headers;
mod json;
mod server;
mod size;
mod time;

#[path = "../graph_emulator/mod.rs"]
mod graph_emulator;
#[path = "../tools/mod.rs"]
mod tools;

use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::response::Response;

/// The largest answer that is read.
const LIMIT: usize = 16 * 1024 * 1024;

/// An image of exactly `size` bytes.
fn image_of(size: usize) -> String {
    let (start, end) = (r#"{"displayName":""#, r#""}"#);
    let text = "a".repeat(size - start.len() - end.len());
    format!("{start}{text}{end}")
}

fn expect_error(outcome: Result<Response, Error>, kind: ErrorKind, said: &str) -> Error {
    let error = outcome.expect_err(said);
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.message().contains(said), "{error}");
    error
}

/// A request was sent and what came back is no HTTP.
fn expect_unreadable(outcome: Result<Response, Error>) {
    let said = "gave an answer that cannot be read";
    expect_error(outcome, ErrorKind::InvalidResponse, said);
}

/// The head of a success arrived and its body did not.
fn expect_unfinished(outcome: Result<Response, Error>) -> Error {
    let error = expect_error(
        outcome,
        ErrorKind::InvalidResponse,
        "could not be read to its end",
    );
    assert!(
        error.message().contains("The update was accepted"),
        "{error}"
    );
    error
}

fn expect_too_large(outcome: Result<Response, Error>) {
    let error = expect_error(outcome, ErrorKind::ResponseTooLarge, "16777216 bytes");
    assert!(
        error.message().contains("The update was accepted"),
        "{error}"
    );
}
