//! Proxies on loopback for tests.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `forward.rs` | a proxy that does its work (CONNECT and http, with or without Basic) and writes down what it saw |
//! | `faulty.rs` | proxies that don't |
//! | `socks5.rs` | a SOCKS5 proxy (RFC 1928, RFC 1929) |
//! | `tinyproxy.rs` | the real tinyproxy, where it is installed |
//! | `wire.rs` | reading heads, passing bytes on |
//!
//! The test program needs `mod graph_emulator;` too: these proxies run in its background and speak its TLS.

// Each test program uses a part.
#![allow(dead_code, unused_imports)]

mod faulty;
mod forward;
mod socks5;
#[cfg(unix)]
mod tinyproxy;
mod wire;

pub(crate) use faulty::{FaultyProxy, ProxyFault};
pub(crate) use forward::{ForwardProxy, Seen};
pub(crate) use socks5::{SeenSocks, Socks5Proxy};
#[cfg(unix)]
pub(crate) use tinyproxy::Tinyproxy;

/// What a proxy saw, oldest first. Shared by the test and the proxy's thread.
pub(crate) struct Sightings<T>(std::sync::Arc<std::sync::Mutex<Vec<T>>>);

impl<T: Clone> Sightings<T> {
    /// Adds one and returns its place.
    fn add(&self, seen: T) -> usize {
        let mut all = self.lock();
        all.push(seen);
        all.len() - 1
    }

    fn change(&self, place: usize, change: impl FnOnce(&mut T)) {
        change(&mut self.lock()[place]);
    }

    fn all(&self) -> Vec<T> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.0.lock().expect("no holder panics")
    }
}

impl<T> Clone for Sightings<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Sightings<T> {
    fn default() -> Self {
        Self(std::sync::Arc::default())
    }
}
