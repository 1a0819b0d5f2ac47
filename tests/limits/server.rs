//! A server that writes whatever a test wants.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// Headers and the beginning of an image; the body ends with the connection.
pub(crate) const IMAGE_BEGINS: &[u8] =
    b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"displayName\":\"";

/// Answers one request. Dropped, it waits until its answer is written or the client has left.
pub(crate) struct Server {
    origin: String,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(
        write: impl FnOnce(&mut TcpStream) -> io::Result<()> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let thread = thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("a connection");
            read_request(&connection).expect("a request");
            // Fails where the client has had enough, which is what the tests are about.
            let _ = write(&mut connection);
        });
        Self {
            origin: format!("http://{address}"),
            thread: Some(thread),
        }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let thread = self.thread.take().expect("it is taken here alone");
        // A panic in there was printed by its own thread.
        let _ = thread.join();
    }
}

/// Reads a request with the body `{}` to its end: a connection that is closed with unread bytes is reset.
fn read_request(connection: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line)?;
    }
    reader.read_exact(&mut [0; 2])
}

/// Writes `bytes` again and again, until the client leaves.
pub(crate) fn write_endlessly(connection: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    let block = bytes.repeat((64 * 1024 / bytes.len()).max(1));
    loop {
        connection.write_all(&block)?;
    }
}
