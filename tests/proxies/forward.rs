//! A proxy that does its work and writes down what it saw.

use super::Sightings;
use super::wire::{Stream, read_head, relay, start};
use crate::graph_emulator::Tls;
use crate::graph_emulator::background::Background;
use crate::graph_emulator::tls::{Acceptor, Handshakes};
use base64::prelude::{BASE64_STANDARD, Engine};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";
const UNAUTHORIZED: &str = "HTTP/1.1 407 Proxy Authentication Required\r\n\
    Proxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// One request to a proxy.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Request line and headers.
    pub(crate) head: String,
    /// What the client sent behind it: a body, or what a tunnel carried.
    pub(crate) rest: Vec<u8>,
}

impl Seen {
    /// Like `CONNECT 127.0.0.1:443 HTTP/1.1`.
    pub(crate) fn request_line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The first value of a header; its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// Whether this text was to be read anywhere.
    pub(crate) fn shows(&self, text: &str) -> bool {
        self.head.contains(text) || self.rest.windows(text.len()).any(|w| w == text.as_bytes())
    }
}

/// A running proxy. Stops when dropped.
pub(crate) struct ForwardProxy {
    url: String,
    seen: Sightings<Seen>,
    _server: Background,
}

impl ForwardProxy {
    /// Starts one that lets everybody in.
    pub(crate) fn start() -> Self {
        Self::builder().start()
    }

    pub(crate) fn builder() -> Builder {
        Builder::default()
    }

    /// Like `http://127.0.0.1:50124`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Like `127.0.0.1:50124`.
    pub(crate) fn authority(&self) -> &str {
        self.url.split("//").nth(1).expect("a URL")
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.all()
    }
}

/// How a proxy is to start.
#[derive(Default)]
pub(crate) struct Builder {
    rules: Rules,
    tls: Option<Tls>,
}

#[derive(Default)]
struct Rules {
    login: Option<(String, String)>,
    hosts: HashMap<String, SocketAddr>,
}

impl Builder {
    /// Lets in who has this user name and password.
    pub(crate) fn login(mut self, user: &str, password: &str) -> Self {
        self.rules.login = Some((user.to_owned(), password.to_owned()));
        self
    }

    /// Connects to this address where a client names `host` and any port.
    pub(crate) fn host(mut self, host: &str, address: &str) -> Self {
        let address = address.parse().expect("an address");
        self.rules.hosts.insert(host.to_owned(), address);
        self
    }

    /// Speaks TLS with its clients.
    pub(crate) fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    pub(crate) fn start(self) -> ForwardProxy {
        let seen = Sightings::default();
        let (rules, sightings) = (Arc::new(self.rules), seen.clone());
        let tls = self
            .tls
            .map(|tls| Acceptor::new(tls, Handshakes::default()));
        let (address, server) = start("forward-proxy", tls, move |client| {
            serve(client, rules.clone(), sightings.clone())
        });
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        ForwardProxy {
            url: format!("{scheme}://{address}"),
            seen,
            _server: server,
        }
    }
}

/// Serves one request; the connection ends with it.
async fn serve(
    mut client: Box<dyn Stream>,
    rules: Arc<Rules>,
    seen: Sightings<Seen>,
) -> io::Result<()> {
    let head = read_head(&mut client).await?;
    let place = seen.add(Seen {
        head: head.clone(),
        rest: Vec::new(),
    });
    let remember = |bytes: &[u8]| seen.change(place, |seen| seen.rest.extend(bytes));
    if !rules.let_in(&head) {
        client.write_all(UNAUTHORIZED.as_bytes()).await?;
        return client.shutdown().await;
    }
    match head.split(' ').next() {
        Some("CONNECT") => {
            let server = rules.connect(head.split(' ').nth(1)).await?;
            client.write_all(ESTABLISHED.as_bytes()).await?;
            relay(client, server, remember).await
        }
        _ => {
            let mut body = vec![0; content_length(&head)];
            client.read_exact(&mut body).await?;
            remember(&body);
            let (authority, head) = to_origin_form(&head)?;
            let mut server = rules.connect(Some(authority)).await?;
            server.write_all(&[head.as_bytes(), &body].concat()).await?;
            tokio::io::copy(&mut server, &mut client).await?;
            client.shutdown().await
        }
    }
}

impl Rules {
    fn let_in(&self, head: &str) -> bool {
        let Some((user, password)) = &self.login else {
            return true;
        };
        let expected = BASE64_STANDARD.encode(format!("{user}:{password}"));
        header(head, "Proxy-Authorization") == Some(&format!("Basic {expected}"))
    }

    async fn connect(&self, authority: Option<&str>) -> io::Result<TcpStream> {
        let authority = authority.ok_or(io::ErrorKind::InvalidData)?;
        let (host, _) = authority
            .rsplit_once(':')
            .ok_or(io::ErrorKind::InvalidData)?;
        match self.hosts.get(host) {
            Some(address) => TcpStream::connect(address).await,
            None => TcpStream::connect(authority).await,
        }
    }
}

/// The target's authority, and the head as its origin is to get it: path alone, nothing that was for the proxy.
fn to_origin_form(head: &str) -> io::Result<(&str, String)> {
    let (request_line, headers) = head.split_once("\r\n").ok_or(io::ErrorKind::InvalidData)?;
    let [method, target, version] = request_line
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| io::ErrorKind::InvalidData)?;
    let (authority, path) = target
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .ok_or(io::ErrorKind::InvalidData)?;
    let mut forwarded =
        format!("{method} /{path} {version}\r\nVia: 1.1 test\r\nConnection: close\r\n");
    for header in headers.lines().filter(|header| !header.is_empty()) {
        let name = header.split(':').next().unwrap_or_default().to_lowercase();
        if name != "connection" && !name.starts_with("proxy-") {
            forwarded.push_str(header);
            forwarded.push_str("\r\n");
        }
    }
    forwarded.push_str("\r\n");
    Ok((authority, forwarded))
}

fn content_length(head: &str) -> usize {
    header(head, "Content-Length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}
