//! A SOCKS5 proxy (RFC 1928) with user name and password (RFC 1929).

use super::Sightings;
use super::wire::{Stream, relay, start};
use crate::graph_emulator::background::Background;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const VERSION: u8 = 5;
const NO_AUTHENTICATION: u8 = 0;
const LOGIN: u8 = 2;
const NO_ACCEPTABLE_METHOD: u8 = 0xff;
const LOGIN_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const SUCCEEDED: u8 = 0;
const REFUSED: u8 = 1;
/// Address type and value of "0.0.0.0:0", for answers that need an address.
const NO_ADDRESS: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// One connection that was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct SeenSocks {
    /// As the client named it: an address, or a name where the proxy is to resolve it.
    pub(crate) host: String,
    pub(crate) login: Option<(String, String)>,
    /// What the client sent to the target.
    pub(crate) rest: Vec<u8>,
}

type Login = Option<(&'static str, &'static str)>;

/// A running proxy. Stops when dropped.
pub(crate) struct Socks5Proxy {
    authority: String,
    seen: Sightings<SeenSocks>,
    _server: Background,
}

impl Socks5Proxy {
    /// Starts one that lets in everybody, or who has a login.
    pub(crate) fn start(login: Login) -> Self {
        let seen = Sightings::default();
        let sightings = seen.clone();
        let (address, server) = start("socks5-proxy", None, move |client| {
            serve(client, login, sightings.clone())
        });
        Self {
            authority: address.to_string(),
            seen,
            _server: server,
        }
    }

    /// Like `127.0.0.1:50124`.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    pub(crate) fn seen(&self) -> Vec<SeenSocks> {
        self.seen.all()
    }
}

async fn serve(
    mut client: Box<dyn Stream>,
    login: Login,
    seen: Sightings<SeenSocks>,
) -> io::Result<()> {
    let given = authenticate(&mut client, login).await?;
    let (host, port) = read_request(&mut client).await?;
    let place = seen.add(SeenSocks {
        host: host.clone(),
        login: given,
        rest: Vec::new(),
    });
    let server = TcpStream::connect((host.as_str(), port)).await?;
    client.write_all(&answer(SUCCEEDED)).await?;
    relay(client, server, |bytes| {
        seen.change(place, |seen| seen.rest.extend(bytes));
    })
    .await
}

/// Agrees on a method and reads the login, if one is wanted. An error ends the connection.
async fn authenticate(
    client: &mut (impl Stream + ?Sized),
    wanted: Login,
) -> io::Result<Option<(String, String)>> {
    expect(client.read_u8().await?, VERSION)?;
    let methods = read_counted(client).await?;
    let method = if wanted.is_some() {
        LOGIN
    } else {
        NO_AUTHENTICATION
    };
    if !methods.contains(&method) {
        client.write_all(&[VERSION, NO_ACCEPTABLE_METHOD]).await?;
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    client.write_all(&[VERSION, method]).await?;
    let Some((user, password)) = wanted else {
        return Ok(None);
    };
    expect(client.read_u8().await?, LOGIN_VERSION)?;
    let given = (
        text(read_counted(client).await?),
        text(read_counted(client).await?),
    );
    if given != (user.to_owned(), password.to_owned()) {
        client.write_all(&[LOGIN_VERSION, REFUSED]).await?;
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    client.write_all(&[LOGIN_VERSION, SUCCEEDED]).await?;
    Ok(Some(given))
}

/// Host and port of a CONNECT.
async fn read_request(client: &mut (impl Stream + ?Sized)) -> io::Result<(String, u16)> {
    expect(client.read_u8().await?, VERSION)?;
    expect(client.read_u8().await?, CONNECT)?;
    expect(client.read_u8().await?, 0)?;
    let host = match client.read_u8().await? {
        1 => Ipv4Addr::from(client.read_u32().await?).to_string(),
        3 => text(read_counted(client).await?),
        4 => Ipv6Addr::from(client.read_u128().await?).to_string(),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    };
    Ok((host, client.read_u16().await?))
}

/// A length in one byte, then that many bytes.
async fn read_counted(client: &mut (impl Stream + ?Sized)) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; client.read_u8().await?.into()];
    client.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn answer(reply: u8) -> Vec<u8> {
    [&[VERSION, reply, 0], &NO_ADDRESS[..]].concat()
}

fn expect(read: u8, expected: u8) -> io::Result<()> {
    match read == expected {
        true => Ok(()),
        false => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
