//! Cancel in every phase of an update, from another thread: the waiter wakes up at once, and the request is dropped.

mod graph_emulator;
mod tools;

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::{Image, Member};
use mgdeviceimage::operation::Operation;
use mgdeviceimage::update::Update;
use socket2::{Domain, Socket, Type};
use tools::client::client;

/// How long a phase is given to begin, and a cancelled operation to end. The latter takes microseconds; the machine may be busy.
const LONG: Duration = Duration::from_secs(10);

fn start(endpoint: &str, image: &Image) -> Operation {
    let update = Update::new("img-1", image).expect("an update");
    client(endpoint).start(&update).expect("an operation")
}

/// Cancels from another thread while this one waits, and looks at what is left.
fn assert_cancels(mut operation: Operation) {
    let waits = Duration::ZERO;
    assert!(!operation.wait(waits).expect("may wait"), "it still runs");
    thread::scope(|scope| {
        scope.spawn(|| operation.cancel());
        assert!(operation.wait(LONG).expect("may wait"));
    });
    let error = operation.take_response().expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

/// Reads until the other side has gone.
fn assert_closed(mut connection: TcpStream) {
    connection
        .set_read_timeout(Some(LONG))
        .expect("a time limit");
    let mut buffer = vec![0; 1 << 16];
    loop {
        match connection.read(&mut buffer) {
            // A reset is an end too.
            Ok(0) => return,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return,
            Ok(_) => {}
            Err(error) => panic!("the request was not dropped: {error}"),
        }
    }
}

#[test]
fn before_anything_began() {
    let emulator = GraphEmulator::start();
    let mut operation = start(emulator.endpoint(), &Image::new());
    operation.cancel();
    match operation.take_response() {
        // The worker may have been quicker.
        Ok(response) => assert_eq!(response.status(), 200),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Cancelled),
    }
}

/// A listener whose queue is full leaves new connections without an answer (on Linux).
#[cfg(target_os = "linux")]
#[test]
fn while_connecting() {
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    listener.bind(&any.into()).expect("a free port");
    listener.listen(0).expect("it listens");
    let address = listener.local_addr().expect("an address");
    let address = address.as_socket().expect("an IP address");
    let moment = Duration::from_millis(50);
    let mut queue = Vec::new();
    while let Ok(waiting) = TcpStream::connect_timeout(&address, moment) {
        queue.push(waiting);
    }

    let operation = start(&format!("http://{address}"), &Image::new());
    assert!(!operation.wait(moment).expect("may wait"));
    assert_cancels(operation);
}

#[test]
fn while_sending() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let mut image = Image::new();
    // More than the connection's buffers hold, to a server that does not read.
    let text = "x".repeat(64 << 20);
    image.set_text(Member::DisplayName, text).expect("a text");

    let operation = start(&endpoint, &image);
    let (connection, _) = listener.accept().expect("a connection");
    connection.peek(&mut [0]).expect("the request began");
    assert_cancels(operation);
    assert_closed(connection);
}

#[test]
fn while_waiting_for_the_head() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Hang]);
    let operation = start(emulator.endpoint(), &Image::new());
    emulator.wait_until(|requests| requests.len() == 1);
    assert_cancels(operation);
    emulator.wait_until(|requests| requests[0].client_gone);
}

#[test]
fn while_reading_the_body() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::DelayBody(LONG)]);
    let operation = start(emulator.endpoint(), &Image::new());
    emulator.wait_until(|requests| requests.len() == 1);
    assert_cancels(operation);
    emulator.wait_until(|requests| requests[0].client_gone);
}

#[test]
fn while_waiting_to_try_again() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Answer(
        Fault::answer(429).header("Retry-After", "100"),
    )]);
    let operation = start(emulator.endpoint(), &Image::new());
    let give_up = Instant::now() + LONG;
    while operation.retries().is_empty() {
        assert!(Instant::now() < give_up);
        thread::yield_now();
    }
    assert_cancels(operation);
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn after_the_end() {
    let emulator = GraphEmulator::start();
    let mut operation = start(emulator.endpoint(), &Image::new());
    assert!(operation.wait(LONG).expect("may wait"));
    operation.cancel();
    assert_eq!(operation.take_response().expect("a response").status(), 200);
}
