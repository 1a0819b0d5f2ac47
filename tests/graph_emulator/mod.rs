//! An HTTP server on loopback that behaves as Microsoft Graph does for the Cloud PC device images.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `mod.rs` | start and stop, and the methods for Rust tests |
//! | `routes.rs` | what Graph answers to a request |
//! | `images.rs` | the stored images |
//! | `odata.rs` | Graph's error body and the headers every answer has |
//! | `faults.rs` | the faults that can be scripted, and their queue |
//! | `fault_json.rs` | the faults as JSON |
//! | `delivery.rs` | how an answer goes out: whole, late, in halves, cut |
//! | `tee.rs` | the accepted connections: copies what arrives, ends them as a fault asks |
//! | `record.rs` | the log of requests |
//! | `control.rs` | the same methods over HTTP, under `/emulator/` |
//! | `example.rs` | the program `graph-emulator` |
//!
//! ```ignore
//! let emulator = GraphEmulator::start();
//! emulator.script([Fault::answer(429).header("Retry-After", "1").into()]);
//! // ... a client sends its PATCH to emulator.endpoint() with emulator.token() ...
//! assert_eq!(emulator.requests().len(), 2);
//! ```

// Each test program uses a part of the methods.
#![allow(dead_code, unused_imports)]

mod control;
mod delivery;
mod fault_json;
mod faults;
mod images;
mod odata;
mod record;
mod routes;
mod tee;

pub(crate) use faults::{Answer, Fault};
pub(crate) use images::SEED_IDS;
pub(crate) use record::RecordedRequest;

use faults::FaultQueue;
use images::{Image, ImageStore};
use record::Log;
use serde_json::Value;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The bearer token of an emulator that was given none.
pub(crate) const DEFAULT_TOKEN: &str = "emulator-token";

/// How long [`GraphEmulator::wait_until`] waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the routes share.
struct Emulator {
    endpoint: String,
    token: String,
    images: ImageStore,
    faults: FaultQueue,
    log: Log,
}

impl Emulator {
    fn reset(&self) {
        self.images.reset();
        self.faults.clear();
        self.log.clear();
    }
}

/// A running emulator, on a thread of its own. Stops when dropped.
pub(crate) struct GraphEmulator {
    emulator: Arc<Emulator>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl GraphEmulator {
    /// Starts on a free port, with the default token, and records requests.
    pub(crate) fn start() -> Self {
        Self::builder().start().expect("a free port on loopback")
    }

    pub(crate) fn builder() -> Builder {
        Builder {
            port: 0,
            token: DEFAULT_TOKEN.to_owned(),
            record: true,
        }
    }

    /// The origin, such as `http://127.0.0.1:50123`.
    pub(crate) fn endpoint(&self) -> &str {
        &self.emulator.endpoint
    }

    /// The bearer token that is accepted.
    pub(crate) fn token(&self) -> &str {
        &self.emulator.token
    }

    /// Appends faults; each GET or PATCH takes the next one.
    pub(crate) fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.emulator.faults.append(faults);
    }

    /// Drops the faults that no request has taken.
    pub(crate) fn clear_faults(&self) {
        self.emulator.faults.clear();
    }

    /// The requests that arrived, oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.emulator.log.requests()
    }

    /// Forgets the requests that arrived. Numbers go on from where they were.
    pub(crate) fn clear_requests(&self) {
        self.emulator.log.clear();
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

    /// The stored image, or `None` where there is none.
    pub(crate) fn image(&self, id: &str) -> Option<Value> {
        self.emulator.images.get(id).map(|image| image.to_value())
    }

    /// Stores `image`, a JSON object, in the place of what is there.
    pub(crate) fn put_image(&self, id: &str, image: &Value) {
        let image = Image::from_json(image.to_string().as_bytes()).expect("a JSON object");
        self.emulator.images.put(id, image);
    }

    /// Back to the start: seed images, no faults, no requests.
    pub(crate) fn reset(&self) {
        self.emulator.reset();
    }
}

impl Drop for GraphEmulator {
    fn drop(&mut self) {
        // Dropping the sender wakes the thread; its runtime then drops every connection.
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic in there was printed by its own thread.
            let _ = thread.join();
        }
    }
}

/// How an emulator is to start.
pub(crate) struct Builder {
    port: u16,
    token: String,
    record: bool,
}

impl Builder {
    /// The port; 0 (the default) takes a free one.
    pub(crate) fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    pub(crate) fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Whether requests are recorded (default: yes).
    pub(crate) fn record(mut self, record: bool) -> Self {
        self.record = record;
        self
    }

    /// Listens, then serves in the background.
    pub(crate) fn start(self) -> io::Result<GraphEmulator> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        listener.set_nonblocking(true)?;
        let emulator = Arc::new(Emulator {
            endpoint: format!("http://{}", listener.local_addr()?),
            token: self.token,
            images: ImageStore::seeded(),
            faults: FaultQueue::default(),
            log: Log::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            tee::Listener::new(tokio::net::TcpListener::from_std(listener)?, self.record)
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let router = routes::router(emulator.clone());
        let thread = thread::Builder::new()
            .name("graph-emulator".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        // Only says that the sender is gone.
                        _ = stopped => {}
                        served = axum::serve(listener, router).into_future() => {
                            served.expect("accepting never ends");
                        }
                    }
                });
            })?;
        Ok(GraphEmulator {
            emulator,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}
