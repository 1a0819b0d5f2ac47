//! The log of the requests that arrived.

use axum::body::Bytes;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// How many requests are kept; older ones are forgotten.
const CAPACITY: usize = 10_000;

/// A request as it is kept. Its head is parsed when somebody asks.
pub(crate) struct Entry {
    number: u64,
    connection: u64,
    raw: Vec<u8>,
    body: Bytes,
    client_gone: AtomicBool,
}

impl Entry {
    pub(crate) fn set_client_gone(&self) {
        self.client_gone.store(true, Ordering::Release);
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct RecordedRequest {
    /// Counts from 1; never used twice.
    pub(crate) number: u64,
    /// Counts from 1; requests on one kept-alive connection share it.
    pub(crate) connection: u64,
    pub(crate) method: String,
    /// The request target, still percent-encoded.
    pub(crate) target: String,
    /// In the order and the case of the wire.
    pub(crate) headers: Vec<(String, String)>,
    /// Without a transfer coding.
    pub(crate) body: Vec<u8>,
    /// Head and body, byte for byte.
    pub(crate) raw: Vec<u8>,
    /// The client left before its answer was complete.
    pub(crate) client_gone: bool,
}

impl RecordedRequest {
    /// The first value of a header; its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text; what is not UTF-8 is replaced.
    pub(crate) fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn parse(entry: &Entry) -> Self {
        let head = match entry.raw.windows(4).position(|w| w == b"\r\n\r\n") {
            Some(end) => &entry.raw[..end],
            None => &entry.raw,
        };
        let head = String::from_utf8_lossy(head);
        let mut lines = head.split("\r\n");
        let mut request_line = lines.next().unwrap_or_default().split(' ');
        Self {
            number: entry.number,
            connection: entry.connection,
            method: request_line.next().unwrap_or_default().to_owned(),
            target: request_line.next().unwrap_or_default().to_owned(),
            headers: lines
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
                .collect(),
            body: entry.body.to_vec(),
            raw: entry.raw.clone(),
            client_gone: entry.client_gone.load(Ordering::Acquire),
        }
    }
}

/// The newest requests.
#[derive(Default)]
pub(crate) struct Log {
    entries: Mutex<VecDeque<Arc<Entry>>>,
    count: AtomicU64,
}

impl Log {
    pub(crate) fn add(&self, connection: u64, raw: Vec<u8>, body: Bytes) -> Arc<Entry> {
        let mut entries = self.lock();
        let entry = Arc::new(Entry {
            number: self.count.fetch_add(1, Ordering::Relaxed) + 1,
            connection,
            raw,
            body,
            client_gone: AtomicBool::new(false),
        });
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry.clone());
        entry
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        let entries: Vec<_> = self.lock().iter().cloned().collect();
        entries
            .iter()
            .map(|entry| RecordedRequest::parse(entry))
            .collect()
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Entry>>> {
        self.entries.lock().expect("no holder panics")
    }
}
