//! Reading heads, passing bytes on.

use crate::graph_emulator::background::{self, Background};
use crate::graph_emulator::tls::Acceptor;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A connection of a client, plain or under TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Listens on a free port and serves every connection with `serve`. Returns where.
pub(super) fn start<F>(
    name: &str,
    tls: Option<Acceptor>,
    serve: impl Fn(Box<dyn Stream>) -> F + Clone + Send + Sync + 'static,
) -> (SocketAddr, Background)
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = background::bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = Background::start(name, || {
        let listener = TcpListener::from_std(listener)?;
        Ok(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serve, tls) = (serve.clone(), tls.clone());
                // A connection that fails is the client's to notice.
                tokio::spawn(async move {
                    let stream: Box<dyn Stream> = match tls {
                        Some(tls) => Box::new(tls.accept(stream).await?),
                        None => Box::new(stream),
                    };
                    serve(stream).await
                });
            }
        })
    });
    (address, server.expect("a thread"))
}

/// The head of a request, with its empty line; what came behind it stays unread.
pub(super) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Passes bytes on in both directions until both sides are done. `saw` is told what the client sends.
pub(super) async fn relay(
    client: impl Stream,
    server: TcpStream,
    mut saw: impl FnMut(&[u8]),
) -> io::Result<()> {
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_server, mut to_server) = server.into_split();
    let upwards = async {
        let mut bytes = vec![0; 16 * 1024];
        loop {
            let length = from_client.read(&mut bytes).await?;
            if length == 0 {
                return to_server.shutdown().await;
            }
            saw(&bytes[..length]);
            to_server.write_all(&bytes[..length]).await?;
        }
    };
    let downwards = async {
        tokio::io::copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await
    };
    tokio::try_join!(upwards, downwards).map(|_| ())
}
