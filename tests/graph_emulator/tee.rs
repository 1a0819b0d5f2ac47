//! The accepted connections: what arrives on them is copied, and they end as a fault asks.

use super::background::Background;
use super::record::Entry;
use super::tls::Acceptor;
use axum::Router;
use axum::extract::connect_info::{Connected, IntoMakeServiceWithConnectInfo};
use axum::serve::IncomingStream;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::server::TlsStream;

/// Serves `router` in the background, on connections that are copied and perhaps under TLS.
pub(crate) fn serve(
    name: &str,
    listener: std::net::TcpListener,
    recording: bool,
    tls: Option<Acceptor>,
    router: IntoMakeServiceWithConnectInfo<Router, Connection>,
) -> io::Result<Background> {
    Background::start(name, || {
        let listener = Listener::new(listener, recording, tls)?;
        Ok(async move {
            let served = axum::serve(listener, router).await;
            served.expect("accepting never ends");
        })
    })
}

/// How the emulator ends a connection.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum End {
    /// In order (FIN).
    Close,
    /// With a TCP reset (RST).
    Reset,
}

/// What the routes know of the connection a request came on.
#[derive(Clone)]
pub(crate) struct Connection {
    number: u64,
    recording: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// What arrived since the last request was taken.
    received: Vec<u8>,
    /// The request whose answer is not yet complete.
    answering: Option<Arc<Entry>>,
    last_byte_given: bool,
    end: Option<End>,
}

impl Connection {
    /// Counts from 1 in the order of acceptance.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn recording(&self) -> bool {
        self.recording
    }

    /// The bytes of the request that was just read to its end. Clients do not pipeline, so nothing else is in there.
    pub(crate) fn take_received(&self) -> Vec<u8> {
        std::mem::take(&mut self.lock().received)
    }

    /// From here until the answer is on the wire, the end of the connection counts as the client's leaving.
    pub(crate) fn begin_answer(&self, entry: Arc<Entry>) {
        let mut state = self.lock();
        state.answering = Some(entry);
        state.last_byte_given = false;
    }

    /// The answer's last byte has been given to hyper; the next flush completes the answer.
    pub(crate) fn last_byte_given(&self) {
        self.lock().last_byte_given = true;
    }

    /// Ends the connection at hyper's next read or write.
    pub(crate) fn end(&self, end: End) {
        let mut state = self.lock();
        state.end = Some(end);
        state.answering = None;
    }

    fn check_open(&self) -> io::Result<()> {
        match self.lock().end {
            None => Ok(()),
            Some(_) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    fn on_received(&self, bytes: &[u8]) {
        if self.recording {
            self.lock().received.extend_from_slice(bytes);
        }
    }

    fn on_flushed(&self) {
        let mut state = self.lock();
        if state.last_byte_given {
            state.answering = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }
}

impl Connected<IncomingStream<'_, Listener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, Listener>) -> Self {
        stream.io().connection.clone()
    }
}

/// Accepts connections, after their handshakes where the emulator speaks TLS.
struct Listener {
    listener: TcpListener,
    accepted: u64,
    recording: bool,
    tls: Option<Acceptor>,
    /// The handshakes that go on. `None` is one that failed.
    handshakes: JoinSet<Option<(Tee, SocketAddr)>>,
}

impl Listener {
    /// To be called inside a runtime.
    fn new(
        listener: std::net::TcpListener,
        recording: bool,
        tls: Option<Acceptor>,
    ) -> io::Result<Self> {
        Ok(Self {
            listener: TcpListener::from_std(listener)?,
            accepted: 0,
            recording,
            tls,
            handshakes: JoinSet::new(),
        })
    }

    fn next_connection(&mut self) -> Connection {
        self.accepted += 1;
        Connection {
            number: self.accepted,
            recording: self.recording,
            state: Arc::default(),
        }
    }
}

impl axum::serve::Listener for Listener {
    type Io = Tee;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Tee, SocketAddr) {
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                Some(ended) = self.handshakes.join_next() => {
                    match ended.expect("a handshake does not panic") {
                        Some(tee) => return tee,
                        None => continue,
                    }
                }
            };
            let Ok((stream, address)) = accepted else {
                // Out of file descriptors, or the client left early.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            // A client that has left already shows when the stream is read.
            let _ = stream.set_nodelay(true);
            let connection = self.next_connection();
            let Some(tls) = self.tls.clone() else {
                return (Tee::new(stream, connection), address);
            };
            self.handshakes.spawn(async move {
                let stream = tls.accept(stream).await.ok()?;
                Some((Tee::new(stream, connection), address))
            });
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection, plain or under TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Stream for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A stream that copies what is read from it into its [`Connection`].
struct Tee {
    stream: Box<dyn Stream>,
    connection: Connection,
}

impl Tee {
    fn new(stream: impl Stream + 'static, connection: Connection) -> Self {
        Self {
            stream: Box::new(stream),
            connection,
        }
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        let state = self.connection.lock();
        if let Some(entry) = &state.answering {
            entry.set_client_gone();
        }
        if state.end == Some(End::Reset) {
            // Fails only on a socket that is gone already.
            let _ = self.stream.tcp().set_zero_linger();
        }
    }
}

impl AsyncRead for Tee {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.connection.check_open()?;
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.connection.on_received(&buf.filled()[before..]);
        polled
    }
}

impl AsyncWrite for Tee {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.connection.check_open()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.connection.check_open()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper flushes when its own buffers are empty.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(cx);
        if matches!(polled, Poll::Ready(Ok(()))) {
            self.connection.on_flushed();
        }
        polled
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // After an end of ours the stream is dropped as it is: a reset has no FIN before it.
        self.connection.check_open()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
