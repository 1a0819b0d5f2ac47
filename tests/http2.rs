//! HTTP/2: a request that the server declines is repeated by the library's own policy, and told.

mod graph_emulator;

use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use axum::http::{Request, Response};
use bytes::Bytes;
use graph_emulator::certificates::Certificate;
use graph_emulator::root_pem;
use h2::server::{self, SendResponse};
use h2::{Reason, RecvStream};
use mgdeviceimage::client::{Client, ClientBuilder};
use mgdeviceimage::endpoint::Endpoint;
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;
use rustls::ServerConfig;
use tokio_rustls::TlsAcceptor;

const IMAGE: &str = r#"{"id":"img-1","status":"ready"}"#;

/// What the server does with a request that it has read whole.
#[derive(Clone, Copy)]
enum Reply {
    Image,
    Reset(Reason),
}

/// The `Retry-Attempt` of each request that arrived.
type Arrived = Arc<Mutex<Vec<Option<String>>>>;

/// A server that speaks HTTP/2 alone.
struct Server {
    endpoint: String,
    arrived: Arrived,
}

impl Server {
    /// Replies so to the requests, one after the other; with an image to those after them.
    fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        let arrived = Arc::default();
        let server = Self {
            endpoint: format!("https://localhost:{port}"),
            arrived: Arc::clone(&arrived),
        };
        let replies = replies.to_vec();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .expect("a runtime")
                .block_on(serve(listener, replies, arrived));
        });
        server
    }

    fn client(&self, policy: RetryPolicy) -> Client {
        let builder = ClientBuilder::new()
            .endpoint(Endpoint::parse(&self.endpoint).expect("an origin"))
            .token("token")
            .and_then(|builder| builder.add_root_certificate(root_pem().as_bytes()));
        let builder = builder.expect("a builder").retry(policy);
        let builder = builder.timeout(Duration::from_secs(20)).expect("a limit");
        builder.build().expect("a client")
    }

    fn arrived(&self) -> Vec<Option<String>> {
        self.arrived.lock().expect("no holder panics").clone()
    }
}

async fn serve(listener: TcpListener, replies: Vec<Reply>, arrived: Arrived) {
    let (certificate, key) = Certificate::Valid.issue();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a certificate and its key");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
    let mut replies = replies.into_iter();
    loop {
        let (connection, _) = listener.accept().await.expect("a connection");
        let connection = acceptor.accept(connection).await.expect("a handshake");
        let mut connection = server::handshake(connection).await.expect("HTTP/2");
        while let Some(Ok((request, answer))) = connection.accept().await {
            let reply = replies.next().unwrap_or(Reply::Image);
            // On a task of its own, for the connection is read by this loop.
            tokio::spawn(handle(request, answer, reply, arrived.clone()));
        }
    }
}

async fn handle(
    mut request: Request<RecvStream>,
    mut answer: SendResponse<Bytes>,
    reply: Reply,
    arrived: Arrived,
) {
    while let Some(part) = request.body_mut().data().await {
        let length = part.expect("the request is whole").len();
        let flow = request.body_mut().flow_control();
        flow.release_capacity(length).expect("it was received");
    }
    let attempt = retry_attempt(&request);
    arrived.lock().expect("no holder panics").push(attempt);
    match reply {
        Reply::Reset(reason) => answer.send_reset(reason),
        Reply::Image => {
            let mut body = answer
                .send_response(Response::new(()), false)
                .expect("the client is there");
            body.send_data(Bytes::from_static(IMAGE.as_bytes()), true)
                .expect("the client is there");
        }
    }
}

fn retry_attempt<T>(request: &Request<T>) -> Option<String> {
    let value = request.headers().get("retry-attempt")?;
    Some(value.to_str().expect("a number").to_owned())
}

fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

fn quick(max_retries: u32) -> RetryPolicy {
    RetryPolicy {
        max_retries,
        delay: Duration::from_millis(10),
        ..RetryPolicy::default()
    }
}

#[test]
fn an_update_is_answered() {
    let server = Server::start(&[]);
    let response = server.client(quick(0)).send(&update()).expect("an image");
    assert_eq!(response.image_json(), Some(IMAGE));
    assert_eq!(server.arrived(), [None]);
}

#[test]
fn a_request_that_the_server_declines_is_repeated_and_counted() {
    let declined = Reply::Reset(Reason::REFUSED_STREAM);
    let server = Server::start(&[declined, declined]);
    let response = server.client(quick(3)).send(&update()).expect("an image");
    assert_eq!(response.attempts(), 3);
    let attempts = [None, Some("1".to_owned()), Some("2".to_owned())];
    assert_eq!(server.arrived(), attempts);
}

#[test]
fn it_is_not_repeated_where_the_policy_says_never() {
    let server = Server::start(&[Reply::Reset(Reason::REFUSED_STREAM)]);
    let error = server
        .client(quick(0))
        .send(&update())
        .expect_err("declined");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(
        error.message().contains("did not take the request"),
        "{error}"
    );
    assert_eq!(server.arrived().len(), 1);
}

#[test]
fn a_request_that_ends_otherwise_is_not_repeated() {
    let server = Server::start(&[Reply::Reset(Reason::INTERNAL_ERROR)]);
    let error = server.client(quick(3)).send(&update()).expect_err("reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(error.message().contains("is unknown"), "{error}");
    assert_eq!(server.arrived().len(), 1);
}
