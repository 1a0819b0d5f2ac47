//! How an answer goes out: whole, in halves, cut.

use super::tee::{Connection, End};
use axum::body::{Body, Bytes};
use axum::http::Response;
use axum::http::header::CONTENT_LENGTH;
use futures_util::stream::{self, StreamExt};
use std::future::ready;
use std::io;
use std::time::Duration;
use tokio::time::sleep;

/// After the first half: time for it to be written and, before a reset, for the client to read it.
const PAUSE_BEFORE_END: Duration = Duration::from_millis(50);

/// How the body is sent.
pub(crate) enum Pace {
    Whole,
    /// Half at once, the rest after this long.
    Halves(Duration),
    /// Half, then the connection ends.
    HalfThen(End),
}

/// Sends `answer` on `connection`.
pub(crate) fn deliver(
    connection: Connection,
    answer: Response<Bytes>,
    pace: Pace,
) -> Response<Body> {
    let (mut head, body) = answer.into_parts();
    if body.is_empty() {
        connection.last_byte_given();
        return Response::from_parts(head, Body::empty());
    }
    // The body is a stream so that its last step is seen; without this header it would go out in chunks.
    head.headers.insert(CONTENT_LENGTH, body.len().into());
    let mut rest = body;
    let body = match pace {
        Pace::Whole => Body::from_stream(last(connection, rest, Duration::ZERO)),
        Pace::Halves(delay) => {
            let half = rest.split_to(rest.len() / 2);
            Body::from_stream(first(half).chain(last(connection, rest, delay)))
        }
        Pace::HalfThen(end) => {
            let half = rest.split_to(rest.len() / 2);
            Body::from_stream(first(half).chain(cut(connection, end)))
        }
    };
    Response::from_parts(head, body)
}

/// Ends the connection without an answer.
pub(crate) fn no_answer(connection: &Connection, end: End) -> Response<Body> {
    connection.end(end);
    // Makes hyper write, which then fails.
    Response::new(Body::empty())
}

type Chunk = io::Result<Bytes>;

fn first(half: Bytes) -> impl stream::Stream<Item = Chunk> {
    stream::once(ready(Ok(half)))
}

fn last(
    connection: Connection,
    bytes: Bytes,
    delay: Duration,
) -> impl stream::Stream<Item = Chunk> {
    stream::once(async move {
        if !delay.is_zero() {
            sleep(delay).await;
        }
        connection.last_byte_given();
        Ok(bytes)
    })
}

fn cut(connection: Connection, end: End) -> impl stream::Stream<Item = Chunk> {
    stream::once(async move {
        sleep(PAUSE_BEFORE_END).await;
        connection.end(end);
        Err(io::ErrorKind::ConnectionAborted.into())
    })
}
