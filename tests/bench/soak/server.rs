//! A server of device images that treats each update as its id says, and counts the requests of each.
//!
//! An id is `<fault>-<number>`: the fault is a place in [`Fault::ALL`]. So the faults of many threads do not get mixed up.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use uuid::Uuid;

use crate::fault::Fault;
use crate::graph_emulator::background::{self, Background};
use crate::graph_emulator::exchange::{self, Exchange, Stage};
use crate::graph_emulator::tee::{self, Connection};

const COLLECTION: &str = "/v1.0/deviceManagement/virtualEndpoint/deviceImages/";

pub(crate) struct Server {
    endpoint: String,
    _background: Background,
}

/// The requests of one update.
#[derive(Default)]
pub(crate) struct Arrivals {
    count: AtomicU32,
    /// Half of the client-request-id of the first one; 0 before.
    client_request_id: AtomicU64,
    has_two_ids: AtomicBool,
}

impl Arrivals {
    pub(crate) fn count(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }

    /// The client-request-id that all requests had, or None if they had different ones.
    pub(crate) fn client_request_id(&self) -> Option<u64> {
        let id = self.client_request_id.load(Ordering::Relaxed);
        (!self.has_two_ids.load(Ordering::Relaxed)).then_some(id)
    }

    fn add(&self, headers: &HeaderMap) {
        let id = headers.get("client-request-id").map(HeaderValue::as_bytes);
        let id = Uuid::try_parse_ascii(id.unwrap_or_default()).expect("a GUID");
        let (id, _) = id.as_u64_pair();
        let first =
            self.client_request_id
                .compare_exchange(0, id, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_err_and(|first| first != id) {
            self.has_two_ids.store(true, Ordering::Relaxed);
        }
        self.count.fetch_add(1, Ordering::Relaxed);
    }
}

impl Server {
    pub(crate) fn start(arrivals: Arc<[Arrivals]>) -> io::Result<Self> {
        let listener = background::bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let router = Router::new().fallback(update).with_state(arrivals);
        let router = router.into_make_service_with_connect_info();
        Ok(Self {
            endpoint,
            _background: tee::serve("soak-server", listener, false, None, router)?,
        })
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

/// The id of an update.
pub(crate) fn id(fault: Fault, number: usize) -> String {
    format!("{}-{number}", fault as u8)
}

fn read_id(path: &str) -> Option<(Fault, usize)> {
    let (fault, number) = path.strip_prefix(COLLECTION)?.split_once('-')?;
    let fault = Fault::ALL.get(fault.parse::<usize>().ok()?)?;
    Some((*fault, number.parse().ok()?))
}

async fn update(
    State(arrivals): State<Arc<[Arrivals]>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response<Body> {
    let (fault, number) = read_id(request.uri().path()).expect("an id of an update");
    arrivals[number].add(request.headers());
    let is_retry = request.headers().contains_key("retry-attempt");
    let redirected = format!("{COLLECTION}{}", id(Fault::None, number));
    let fault = fault.on_the_server(is_retry, &redirected);
    exchange::serve(&Stage::default(), fault, connection, request, |head, _| {
        Update { head }
    })
    .await
}

struct Update {
    head: Parts,
}

impl Exchange for Update {
    fn answer(&self) -> Response<Bytes> {
        let id = self.head.uri.path().rsplit('/').next().unwrap_or_default();
        Response::new(format!("{{\"id\":\"{id}\",\"status\":\"ready\"}}").into())
    }

    fn error(&self, status: StatusCode, _: Option<&str>, _: Option<&str>) -> Response<Bytes> {
        let code = status.as_u16();
        Response::new(format!("{{\"error\":{{\"code\":\"{code}\",\"message\":\"Busy.\"}}}}").into())
    }

    fn stamp(&self, _: &mut HeaderMap) {}
}
