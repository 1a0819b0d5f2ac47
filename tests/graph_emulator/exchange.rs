//! One request on its way: it meets a fault, is recorded and is answered. The same for every service.

use super::delivery::{Pace, deliver, no_answer};
use super::faults::{Fault, FaultQueue};
use super::record::{Log, RecordedRequest};
use super::tee::{Connection, End};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Response, StatusCode};
use futures_util::StreamExt;
use std::thread;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long [`Stage::wait_until`] waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a service keeps of its requests, those to come and those that came.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) faults: FaultQueue,
    pub(crate) log: Log,
}

impl Stage {
    /// Appends faults; each request that can meet one takes the next.
    pub(crate) fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.append(faults);
    }

    /// The requests that arrived, oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.log.requests()
    }

    /// Waits until `condition` holds for the requests that arrived, and returns them. Panics after ten seconds.
    pub(crate) fn wait_until(
        &self,
        condition: impl Fn(&[RecordedRequest]) -> bool,
    ) -> Vec<RecordedRequest> {
        let give_up = Instant::now() + PATIENCE;
        loop {
            let requests = self.requests();
            if condition(&requests) {
                return requests;
            }
            assert!(
                Instant::now() < give_up,
                "not in {PATIENCE:?}; arrived: {requests:#?}"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// No faults, no requests.
    pub(crate) fn reset(&self) {
        self.faults.clear();
        self.log.clear();
    }
}

/// A request that was read, and what its service makes of it.
pub(crate) trait Exchange: Send + Sync {
    /// The service's answer. What the request changes has been changed.
    fn answer(&self) -> Response<Bytes>;

    /// An error as the service writes it; it fills in what is not given.
    fn error(
        &self,
        status: StatusCode,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Response<Bytes>;

    /// Adds the headers that every answer of the service has, where they are not there already.
    fn stamp(&self, headers: &mut HeaderMap);
}

/// Reads and records a request, and answers it as `fault` says. `begin` makes the exchange.
pub(crate) async fn serve<E: Exchange>(
    stage: &Stage,
    fault: Fault,
    connection: Connection,
    request: Request,
    begin: impl FnOnce(Parts, Bytes) -> E,
) -> Response<Body> {
    if let Fault::ResetBeforeRead = fault {
        return no_answer(&connection, End::Reset);
    }
    let (head, body) = request.into_parts();
    let (body, whole) = read(body).await;
    if connection.recording() {
        let raw = connection.take_received();
        let entry = stage.log.add(connection.number(), raw, body.clone());
        if !whole {
            entry.set_client_gone();
        }
        connection.begin_answer(entry);
    }
    if !whole {
        return no_answer(&connection, End::Close);
    }
    answer_with(fault, connection, &begin(head, body)).await
}

/// The answer of the service, or what the fault makes of it.
async fn answer_with(
    fault: Fault,
    connection: Connection,
    exchange: &impl Exchange,
) -> Response<Body> {
    let (answer, pace) = match fault {
        Fault::None => (exchange.answer(), Pace::Whole),
        Fault::Answer(answer) => (answer.respond(exchange), Pace::Whole),
        Fault::DelayHeaders(delay) => {
            let answer = exchange.answer();
            sleep(delay).await;
            (answer, Pace::Whole)
        }
        Fault::DelayBody(delay) => (exchange.answer(), Pace::Halves(delay)),
        Fault::ResetInBody => (exchange.answer(), Pace::HalfThen(End::Reset)),
        Fault::Truncate => (exchange.answer(), Pace::HalfThen(End::Close)),
        Fault::Empty200 => {
            let mut answer = exchange.answer().map(|_| Bytes::new());
            *answer.status_mut() = StatusCode::OK;
            (answer, Pace::Whole)
        }
        Fault::Reset | Fault::ResetBeforeRead => return no_answer(&connection, End::Reset),
        Fault::Close => return no_answer(&connection, End::Close),
        // hyper drops this future when the client goes away.
        Fault::Hang => std::future::pending().await,
    };
    deliver(connection, answer, pace)
}

/// The body, and whether it arrived to its end.
async fn read(body: Body) -> (Bytes, bool) {
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => bytes.extend_from_slice(&chunk),
            Err(_) => return (bytes.into(), false),
        }
    }
    (bytes.into(), true)
}
