//! How the emulator speaks TLS, and what goes wrong with it.

use super::certificates::Certificate;
use rustls::version::{TLS12, TLS13};
use rustls::{ProtocolVersion, ServerConfig, SupportedProtocolVersion};
use std::io::{self, ErrorKind};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

static BOTH: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
const HTTP_ANSWER: &[u8] =
    b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// How the emulator speaks TLS. All but the named is as it should be: TLS 1.2 and 1.3, a certificate of the test root for
/// 127.0.0.1, localhost and ::1. ALPN offers http/1.1 alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tls {
    #[default]
    Valid,
    Only12,
    Only13,
    WrongName,
    Expired,
    NotYetValid,
    UnknownIssuer,
    /// The certificate names a CRL and an OCSP responder that do not answer.
    RevocationUnknown,
    /// The ClientHello is read and nothing is answered.
    Stall,
    /// The ClientHello is read and the connection is closed.
    Close,
    /// The ClientHello is answered with HTTP.
    PlainHttp,
}

impl Tls {
    /// Every way, with its name as an argument of the program.
    pub(crate) const NAMES: [(&str, Self); 11] = [
        ("valid", Self::Valid),
        ("only-1.2", Self::Only12),
        ("only-1.3", Self::Only13),
        ("wrong-name", Self::WrongName),
        ("expired", Self::Expired),
        ("not-yet-valid", Self::NotYetValid),
        ("unknown-issuer", Self::UnknownIssuer),
        ("revocation-unknown", Self::RevocationUnknown),
        ("stall", Self::Stall),
        ("close", Self::Close),
        ("plain-http", Self::PlainHttp),
    ];

    fn certificate(self) -> Certificate {
        match self {
            Self::WrongName => Certificate::WrongName,
            Self::Expired => Certificate::Expired,
            Self::NotYetValid => Certificate::NotYetValid,
            Self::UnknownIssuer => Certificate::UnknownIssuer,
            Self::RevocationUnknown => Certificate::RevocationUnknown,
            _ => Certificate::Valid,
        }
    }

    fn versions(self) -> &'static [&'static SupportedProtocolVersion] {
        match self {
            Self::Only12 => &BOTH[1..],
            Self::Only13 => &BOTH[..1],
            _ => &BOTH,
        }
    }

    fn config(self) -> ServerConfig {
        let (certificate, key) = self.certificate().issue();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions())
            .expect("ring knows both versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a certificate and its key");
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config
    }
}

impl FromStr for Tls {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, tls)| *tls).ok_or_else(|| {
            let names = Self::NAMES.map(|(name, _)| name).join(", ");
            format!("'{name}' is none of {names}")
        })
    }
}

/// How a handshake ended: with a version of TLS, or why not.
pub(crate) type Handshake = Result<ProtocolVersion, String>;

/// The handshakes that have ended, oldest first.
#[derive(Clone, Default)]
pub(crate) struct Handshakes(Arc<Mutex<Vec<Handshake>>>);

impl Handshakes {
    pub(crate) fn all(&self) -> Vec<Handshake> {
        self.lock().clone()
    }

    fn add(&self, handshake: Handshake) {
        self.lock().push(handshake);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Handshake>> {
        self.0.lock().expect("no holder panics")
    }
}

/// The server's side of handshakes.
#[derive(Clone)]
pub(crate) struct Acceptor {
    tls: Tls,
    rustls: TlsAcceptor,
    handshakes: Handshakes,
}

impl Acceptor {
    pub(crate) fn new(tls: Tls, handshakes: Handshakes) -> Self {
        Self {
            tls,
            rustls: Arc::new(tls.config()).into(),
            handshakes,
        }
    }

    /// Shakes hands, or doesn't.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let accepted = match self.tls {
            Tls::Stall | Tls::Close | Tls::PlainHttp => self.misbehave(stream).await,
            _ => self.rustls.accept(stream).await,
        };
        self.handshakes.add(match &accepted {
            Ok(stream) => Ok(stream
                .get_ref()
                .1
                .protocol_version()
                .expect("the handshake is over")),
            Err(error) => Err(error.to_string()),
        });
        accepted
    }

    /// Answers the ClientHello with something else than TLS.
    async fn misbehave(&self, mut stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let mut received = vec![0; 16 * 1024];
        let length = stream.read(&mut received).await?;
        received.truncate(length);
        match self.tls {
            Tls::Stall => received.extend(read_to_end(&mut stream).await?),
            Tls::PlainHttp => stream.write_all(HTTP_ANSWER).await?,
            _ => {}
        }
        let received = String::from_utf8_lossy(&received);
        Err(io::Error::new(
            ErrorKind::Unsupported,
            format!("received: {received}"),
        ))
    }
}

/// Reads until the client leaves.
async fn read_to_end(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    Ok(rest)
}
