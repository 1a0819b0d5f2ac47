//! An HTTP server on loopback that behaves as Microsoft Graph does for the Cloud PC device images.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `mod.rs` | start and stop, and the methods for Rust tests |
//! | `routes.rs` | what Graph answers to a request |
//! | `images.rs` | the stored images |
//! | `odata.rs` | Graph's error body and the headers every answer has |
//! | `exchange.rs` | one request on its way: fault, record, answer |
//! | `faults.rs` | the faults that can be scripted, and their queue |
//! | `fault_json.rs` | the faults as JSON |
//! | `delivery.rs` | how an answer goes out: whole, late, in halves, cut |
//! | `tee.rs` | the accepted connections: copies what arrives, ends them as a fault asks |
//! | `record.rs` | the log of requests |
//! | `tokens.rs` | the access tokens that are accepted |
//! | `tls.rs` | how the emulator speaks TLS, and what goes wrong with it |
//! | `certificates.rs` | the test root, and server certificates |
//! | `background.rs` | a server on a thread of its own |
//! | `control.rs`, `control_images.rs` | the same methods over HTTP, under `/emulator/` |
//! | `example.rs` | the program `graph-emulator` |
//!
//! Nothing but `mod.rs`, `routes.rs`, `images.rs`, `odata.rs` and `control_images.rs` knows Graph; other emulators use the rest.
//!
//! ```ignore
//! let emulator = GraphEmulator::start();
//! emulator.script([Fault::answer(429).header("Retry-After", "1").into()]);
//! // ... a client sends its PATCH to emulator.endpoint() with emulator.token() ...
//! assert_eq!(emulator.requests().len(), 2);
//! ```

// Each test program uses a part of the methods.
#![allow(dead_code, unused_imports)]

pub(crate) mod background;
pub(crate) mod certificates;
pub(crate) mod control;
mod control_images;
mod delivery;
pub(crate) mod exchange;
mod fault_json;
mod faults;
mod images;
mod odata;
mod record;
mod routes;
pub(crate) mod tee;
pub(crate) mod tls;
pub(crate) mod tokens;

pub(crate) use certificates::root_pem;
pub(crate) use faults::{Answer, Fault};
pub(crate) use images::SEED_IDS;
pub(crate) use record::RecordedRequest;
pub(crate) use tls::{Handshake, Tls};

use background::Background;
use exchange::Stage;
use images::{Image, ImageStore};
use serde_json::Value;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tls::{Acceptor, Handshakes};
use tokens::Tokens;

/// The bearer token of an emulator that was given none.
pub(crate) const DEFAULT_TOKEN: &str = "emulator-token";

/// What the routes share.
struct Emulator {
    endpoint: String,
    token: String,
    tokens: Tokens,
    images: ImageStore,
    stage: Arc<Stage>,
    handshakes: Handshakes,
}

impl Emulator {
    fn reset(&self) {
        self.images.reset();
        self.stage.reset();
    }
}

/// A running emulator, on a thread of its own. Stops when dropped.
pub(crate) struct GraphEmulator {
    emulator: Arc<Emulator>,
    _server: Background,
}

impl GraphEmulator {
    /// Starts on a free port, with the default token, and records requests.
    pub(crate) fn start() -> Self {
        Self::builder().start().expect("a free port on loopback")
    }

    pub(crate) fn builder() -> Builder {
        Builder {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            tls: None,
            token: DEFAULT_TOKEN.to_owned(),
            tokens: Tokens::default(),
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
        self.emulator.stage.script(faults);
    }

    /// Drops the faults that no request has taken.
    pub(crate) fn clear_faults(&self) {
        self.emulator.stage.faults.clear();
    }

    /// The requests that arrived, oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.emulator.stage.requests()
    }

    /// The TLS handshakes that have ended, oldest first.
    pub(crate) fn handshakes(&self) -> Vec<Handshake> {
        self.emulator.handshakes.all()
    }

    /// Forgets the requests that arrived. Numbers go on from where they were.
    pub(crate) fn clear_requests(&self) {
        self.emulator.stage.log.clear();
    }

    /// Waits until `condition` holds for the requests that arrived, and returns them. Panics after ten seconds.
    pub(crate) fn wait_until(
        &self,
        condition: impl Fn(&[RecordedRequest]) -> bool,
    ) -> Vec<RecordedRequest> {
        self.emulator.stage.wait_until(condition)
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

/// How an emulator is to start.
pub(crate) struct Builder {
    address: IpAddr,
    port: u16,
    tls: Option<Tls>,
    token: String,
    tokens: Tokens,
    record: bool,
}

impl Builder {
    /// The address of this machine to listen on (default: 127.0.0.1).
    pub(crate) fn address(mut self, address: IpAddr) -> Self {
        self.address = address;
        self
    }

    /// Speaks TLS. Clients have to trust [`root_pem`].
    pub(crate) fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// The port; 0 (the default) takes a free one.
    pub(crate) fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    pub(crate) fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Accepts these tokens too, such as those that a sign-in service gives out.
    pub(crate) fn tokens(mut self, tokens: Tokens) -> Self {
        self.tokens = tokens;
        self
    }

    /// Whether requests are recorded (default: yes).
    pub(crate) fn record(mut self, record: bool) -> Self {
        self.record = record;
        self
    }

    /// Listens, then serves in the background.
    pub(crate) fn start(self) -> io::Result<GraphEmulator> {
        let listener = background::bind(SocketAddr::new(self.address, self.port))?;
        let scheme = match self.tls {
            Some(_) => "https",
            None => "http",
        };
        self.tokens.add(&self.token);
        let handshakes = Handshakes::default();
        let acceptor = self.tls.map(|tls| Acceptor::new(tls, handshakes.clone()));
        let emulator = Arc::new(Emulator {
            endpoint: format!("{scheme}://{}", listener.local_addr()?),
            token: self.token,
            tokens: self.tokens,
            images: ImageStore::seeded(),
            stage: Arc::default(),
            handshakes,
        });
        let router = routes::router(emulator.clone());
        let server = tee::serve("graph-emulator", listener, self.record, acceptor, router)?;
        Ok(GraphEmulator {
            emulator,
            _server: server,
        })
    }
}
