//! A client that writes what it is told and shows what it gets.

use crate::graph_emulator::GraphEmulator;
use serde_json::Value;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub(crate) const IMAGES: &str = "/v1.0/deviceManagement/virtualEndpoint/deviceImages";

/// The text of a request with the default token.
pub(crate) fn request(method: &str, target: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "{method} {target} HTTP/1.1\r\nHost: graph\r\nAuthorization: Bearer emulator-token\r\n\
         {headers}Content-Length: {length}\r\n\r\n{body}"
    )
}

pub(crate) fn get(id: &str) -> String {
    request("GET", &format!("{IMAGES}/{id}"), "", "")
}

pub(crate) fn patch(id: &str, body: &str) -> String {
    let headers = "Content-Type: application/json\r\n";
    request("PATCH", &format!("{IMAGES}/{id}"), headers, body)
}

/// Sends one request on a connection of its own.
pub(crate) fn exchange(emulator: &GraphEmulator, request: &str) -> Answer {
    let mut client = Client::connect(emulator.endpoint());
    client.send(request);
    client.receive()
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header that is there at most once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(known, _)| known == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} is there twice");
        value
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// `error.code` of an OData error.
    pub(crate) fn error_code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }

    fn parse_head(head: &[u8]) -> Self {
        let head = std::str::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Self {
            status: status.parse().unwrap(),
            headers: lines
                .map(|line| line.split_once(": ").expect("name: value"))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: Vec::new(),
        }
    }
}

/// One connection.
pub(crate) struct Client(TcpStream);

impl Client {
    pub(crate) fn connect(endpoint: &str) -> Self {
        let stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        Self(stream)
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    /// A whole answer.
    pub(crate) fn receive(&mut self) -> Answer {
        let mut answer = self.receive_head();
        let length = answer.header("content-length").unwrap_or("0");
        answer.body = vec![0; length.parse().unwrap()];
        self.0.read_exact(&mut answer.body).unwrap();
        answer
    }

    /// Status and headers.
    pub(crate) fn receive_head(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("a whole head");
            head.push(byte[0]);
        }
        Answer::parse_head(&head)
    }

    /// Everything up to the end of the connection, and the error that ended it, if one did.
    pub(crate) fn receive_to_end(&mut self) -> (Vec<u8>, Option<io::ErrorKind>) {
        let mut bytes = Vec::new();
        let error = self.0.read_to_end(&mut bytes).err();
        (bytes, error.map(|error| error.kind()))
    }

    /// What is there within `wait`.
    pub(crate) fn receive_within(&mut self, wait: Duration) -> usize {
        self.0.set_read_timeout(Some(wait)).unwrap();
        let received = self.0.read(&mut [0; 4096]).unwrap_or(0);
        self.0
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        received
    }
}
