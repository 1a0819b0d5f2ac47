//! Proxies that do not do their work.

use super::Sightings;
use super::wire::{Stream, read_head, start};
use crate::graph_emulator::background::Background;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What a proxy does instead of its work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ProxyFault {
    /// Reads and never answers.
    Hang,
    /// Closes the connection as soon as it is there.
    CloseAtOnce,
    /// Closes the connection when it has read the request's head.
    CloseAfterRequest,
    /// Answers the head of a request with these bytes and closes.
    Answer(&'static str),
}

impl ProxyFault {
    /// No HTTP.
    pub(crate) const GARBAGE: Self = Self::Answer("\u{1}\u{2}SMTP ready\r\n\r\n");
    /// Half of a status line.
    pub(crate) const CUT: Self = Self::Answer("HTTP/1.1 20");
    pub(crate) const BAD_GATEWAY: Self =
        Self::Answer("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    /// Wants a scheme that the library does not speak.
    pub(crate) const WANTS_NEGOTIATE: Self = Self::Answer(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n",
    );
}

/// A running proxy. Stops when dropped.
pub(crate) struct FaultyProxy {
    authority: String,
    received: Sightings<Vec<u8>>,
    _server: Background,
}

impl FaultyProxy {
    pub(crate) fn start(fault: ProxyFault) -> Self {
        let received = Sightings::default();
        let sightings = received.clone();
        let (address, server) = start("faulty-proxy", None, move |client| {
            serve(client, fault, sightings.clone())
        });
        Self {
            authority: address.to_string(),
            received,
            _server: server,
        }
    }

    /// Like `http://127.0.0.1:50124`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// Like `127.0.0.1:50124`.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// What arrived, an element for each connection.
    pub(crate) fn received(&self) -> Vec<Vec<u8>> {
        self.received.all()
    }
}

async fn serve(
    mut client: Box<dyn Stream>,
    fault: ProxyFault,
    received: Sightings<Vec<u8>>,
) -> io::Result<()> {
    let place = received.add(Vec::new());
    if let ProxyFault::CloseAtOnce = fault {
        return Ok(());
    }
    let head = read_head(&mut client).await?;
    received.change(place, |all| all.extend(head.bytes()));
    match fault {
        ProxyFault::Hang => loop {
            let mut bytes = vec![0; 4096];
            let length = client.read(&mut bytes).await?;
            if length == 0 {
                return Ok(());
            }
            received.change(place, |all| all.extend(&bytes[..length]));
        },
        ProxyFault::Answer(answer) => {
            client.write_all(answer.as_bytes()).await?;
            client.shutdown().await
        }
        ProxyFault::CloseAtOnce | ProxyFault::CloseAfterRequest => Ok(()),
    }
}
