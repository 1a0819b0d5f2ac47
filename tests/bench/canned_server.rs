//! A server that reads each request and answers with the same bytes, so that what is measured is the client. The Graph emulator
//! takes longer for a request than the clients do.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

use crate::affinity;

const IMAGE: &str = concat!(
    r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#deviceManagement/virtualEndpoint/deviceImages/$entity","#,
    r#""id":"img-1","displayName":"Windows 11 Enterprise, finance","errorCode":null,"expirationDate":"2027-10-12","#,
    r#""lastModifiedDateTime":"2026-03-02T08:15:30.1234567Z","operatingSystem":"Windows 11 Enterprise","osBuildNumber":"24H2","#,
    r#""osStatus":"supported","sourceImageResourceId":"/subscriptions/6c1a2f7e-0b3d-4d55-8a52-2f0e6f1b9a10/resourceGroups/images/"#,
    r#"providers/Microsoft.Compute/images/finance","status":"ready","version":"1.0.3"}"#
);

/// Listens, and serves for as long as this process runs; on one core if it is told which. Answers the endpoint.
pub(crate) fn start(core: Option<usize>) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        if let Some(core) = core {
            affinity::pin_to(core);
        }
        for connection in listener.incoming().flatten() {
            thread::spawn(|| serve(connection));
        }
    });
    Ok(endpoint)
}

/// Answers until the client goes away.
fn serve(mut connection: TcpStream) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Mon, 02 Mar 2026 08:15:30 GMT\r\n\
         request-id: 5d5a3e54-3f0b-4cb0-8d3d-0ad7e1c6b0a1\r\nclient-request-id: 7c6b2a8e-51d1-4a0e-9b57-1c8a3d8f4e21\r\n\
         Content-Length: {}\r\n\r\n{IMAGE}",
        IMAGE.len()
    );
    let mut received = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        match connection.read(&mut buffer)? {
            0 => return Ok(()),
            count => received.extend_from_slice(&buffer[..count]),
        }
        if is_whole(&received) {
            received.clear();
            connection.write_all(answer.as_bytes())?;
        }
    }
}

/// Whether a request has arrived with its body.
fn is_whole(received: &[u8]) -> bool {
    let Some(end) = received.windows(4).position(|it| it == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |value| value.trim().parse().expect("a length"));
    received.len() >= end + 4 + length
}
