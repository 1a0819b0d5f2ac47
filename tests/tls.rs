//! TLS against the Graph emulator: whom the library trusts, and what it says of those it does not.

mod graph_emulator;
mod tools;

use std::net::Ipv6Addr;
use std::thread;
use std::time::{Duration, Instant};

use graph_emulator::{Fault, GraphEmulator, Tls, root_pem};
use mgdeviceimage::client::ClientBuilder;
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::image::{Image, Member};
use mgdeviceimage::response::Response;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;
use rustls::ProtocolVersion;
use tools::client::{TOKEN, builder};

fn emulator(tls: Tls) -> GraphEmulator {
    GraphEmulator::builder()
        .tls(tls)
        .start()
        .expect("a free port")
}

fn trusting(endpoint: &str) -> ClientBuilder {
    builder(endpoint)
        .add_root_certificate(root_pem().as_bytes())
        .expect("the test root")
}

fn update() -> Update {
    let mut image = Image::new();
    image.set_text(Member::Version, "2").expect("a text");
    Update::new("img-1", &image).expect("an update")
}

fn send(builder: &ClientBuilder) -> Result<Response, Error> {
    builder.build().expect("a client").send(&update())
}

/// Nothing of the update arrived, and what did arrive does not hold the token.
fn assert_nothing_was_sent(emulator: &GraphEmulator) {
    assert!(emulator.requests().is_empty());
    let handshakes = emulator.handshakes();
    for handshake in &handshakes {
        let why = handshake.as_ref().expect_err("no handshake succeeds");
        assert!(!why.contains(TOKEN), "{why}");
    }
    assert_eq!(
        emulator.image("img-1").expect("a seed image")["version"],
        "1.0.2"
    );
}

/// One update that must fail, at once and for good: a certificate does not get better.
fn refused(tls: Tls) -> Error {
    let emulator = emulator(tls);
    let error = send(&trusting(emulator.endpoint())).expect_err("no trust");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{tls:?}");
    assert_names_host(&error, &emulator);
    assert_eq!(error.attempts(), 1, "{tls:?}: {error}");
    wait_for_handshakes(&emulator, 1);
    assert_nothing_was_sent(&emulator);
    error
}

fn assert_names_host(error: &Error, emulator: &GraphEmulator) {
    let authority = emulator.endpoint().strip_prefix("https://").expect("https");
    assert!(error.message().contains(authority), "{error}");
}

/// The server's side of a handshake may end after the client's.
fn wait_for_handshakes(emulator: &GraphEmulator, number: usize) {
    let give_up = Instant::now() + Duration::from_secs(10);
    while emulator.handshakes().len() < number {
        assert!(Instant::now() < give_up, "{:?}", emulator.handshakes());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_root_of_the_callers_is_trusted() {
    for (tls, version) in [
        (Tls::Valid, ProtocolVersion::TLSv1_3),
        (Tls::Only13, ProtocolVersion::TLSv1_3),
        (Tls::Only12, ProtocolVersion::TLSv1_2),
    ] {
        let emulator = emulator(tls);
        let response = send(&trusting(emulator.endpoint())).expect("a response");
        assert_eq!(response.status(), 200);
        assert_eq!(emulator.handshakes(), [Ok(version)]);

        let [request] = emulator.requests().try_into().expect("one request");
        assert_eq!(
            request.header("Authorization"),
            Some("Bearer emulator-token")
        );
        assert_eq!(request.body_text(), r#"{"version":"2"}"#);
    }
}

#[test]
fn every_name_of_the_certificate_is_good() {
    let emulator = emulator(Tls::Valid);
    let by_name = emulator.endpoint().replace("127.0.0.1", "localhost");
    assert_eq!(send(&trusting(&by_name)).expect("a response").status(), 200);

    let on_ipv6 = GraphEmulator::builder()
        .address(Ipv6Addr::LOCALHOST.into())
        .tls(Tls::Valid)
        .start();
    match on_ipv6 {
        Ok(emulator) => {
            let response = send(&trusting(emulator.endpoint())).expect("a response");
            assert_eq!(response.status(), 200);
        }
        Err(error) => println!("IPv6 not tested, this machine has none: {error}"),
    }
}

#[test]
fn updates_share_a_connection() {
    let emulator = emulator(Tls::Valid);
    let client = trusting(emulator.endpoint()).build().expect("a client");
    for _ in 0..3 {
        client.send(&update()).expect("a response");
    }
    assert_eq!(emulator.handshakes().len(), 1);
    assert_eq!(emulator.requests().len(), 3);
}

#[test]
fn several_roots_may_be_added_at_once() {
    let emulator = emulator(Tls::Valid);
    let bundle = format!("# Two of them\n{0}\n{0}", root_pem());
    let builder = builder(emulator.endpoint())
        .add_root_certificate(bundle.as_bytes())
        .expect("two roots");
    assert_eq!(send(&builder).expect("a response").status(), 200);
}

#[test]
fn what_is_no_root_is_refused() {
    let endpoint = "https://127.0.0.1:1";
    let key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";
    let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let damaged = root_pem().replacen('M', "?", 1);
    let cut = &root_pem()[..200];
    for pem in ["", "hello", key, nonsense, &damaged, cut] {
        let error = builder(endpoint)
            .add_root_certificate(pem.as_bytes())
            .expect_err("no root");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{pem}");
        assert!(
            error.message().to_lowercase().contains("root certificate"),
            "{error}"
        );
    }
}

#[test]
fn without_the_root_the_issuer_is_unknown() {
    let emulator = emulator(Tls::Valid);
    let error = send(&builder(emulator.endpoint())).expect_err("an unknown issuer");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert_names_host(&error, &emulator);
    assert!(error.message().contains("UnknownIssuer"), "{error}");
    wait_for_handshakes(&emulator, 1);
    assert_nothing_was_sent(&emulator);
}

#[test]
fn certificates_that_are_not_trusted_are_named() {
    for (tls, reasons) in [
        (Tls::UnknownIssuer, &["UnknownIssuer"][..]),
        (
            Tls::WrongName,
            &["not valid for name \"127.0.0.1\"", "graph.example"],
        ),
        (Tls::Expired, &["expired"]),
        (Tls::NotYetValid, &["not valid yet"]),
    ] {
        let error = refused(tls);
        for reason in reasons {
            assert!(error.message().contains(reason), "{tls:?}: {error}");
        }
    }
}

/// Which revocation services are asked is the platform's choice; on Linux none are.
#[cfg(target_os = "linux")]
#[test]
fn a_revocation_service_that_is_gone_stops_nothing() {
    let emulator = emulator(Tls::RevocationUnknown);
    let response = send(&trusting(emulator.endpoint())).expect("a response");
    assert_eq!(response.status(), 200);
}

/// Nothing was sent, so the library may try again; here it is told not to.
fn not_a_handshake(tls: Tls, connect_timeout: Duration) -> Error {
    let emulator = emulator(tls);
    let once = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    let builder = trusting(emulator.endpoint())
        .retry(once)
        .connect_timeout(connect_timeout)
        .expect("a limit");
    let error = send(&builder).expect_err("no handshake");
    assert_names_host(&error, &emulator);
    wait_for_handshakes(&emulator, 1);
    assert_nothing_was_sent(&emulator);
    error
}

#[test]
fn http_on_the_port_of_tls_is_named() {
    let error = not_a_handshake(Tls::PlainHttp, Duration::from_secs(10));
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(error.message().contains("InvalidContentType"), "{error}");
}

#[test]
fn an_end_within_the_handshake_is_named() {
    let error = not_a_handshake(Tls::Close, Duration::from_secs(10));
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(error.message().contains("handshake eof"), "{error}");
}

#[test]
fn a_handshake_that_stops_ends_at_the_connect_limit() {
    let started = Instant::now();
    let error = not_a_handshake(Tls::Stall, Duration::from_millis(300));
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    assert!(error.message().contains("0.3 s"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_handshake_that_stops_can_be_cancelled() {
    let emulator = emulator(Tls::Stall);
    let client = trusting(emulator.endpoint()).build().expect("a client");
    let mut operation = client.start(&update()).expect("a started update");
    assert!(!operation.wait(Duration::from_millis(200)).expect("a wait"));
    operation.cancel();
    assert!(operation.wait(Duration::from_millis(200)).expect("a wait"));
    let error = operation.take_response().expect_err("cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    // The connection is dropped, not left behind.
    wait_for_handshakes(&emulator, 1);
    assert_nothing_was_sent(&emulator);
}

/// The emulator has no TLS and nobody answers the ClientHello but an HTTP parser.
#[test]
fn https_to_a_plain_server_sends_no_token() {
    let emulator = GraphEmulator::builder().start().expect("a free port");
    let endpoint = emulator.endpoint().replace("http:", "https:");
    let error = send(&trusting(&endpoint)).expect_err("no TLS");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    assert!(emulator.requests().is_empty());
}

#[test]
fn faults_under_tls_are_told_as_without() {
    for (fault, kind) in [
        (Fault::Reset, ErrorKind::ConnectionFailed),
        (Fault::Close, ErrorKind::ConnectionFailed),
        (Fault::Truncate, ErrorKind::InvalidResponse),
        (Fault::ResetInBody, ErrorKind::InvalidResponse),
    ] {
        let emulator = emulator(Tls::Valid);
        emulator.script([fault.clone()]);
        let error = send(&trusting(emulator.endpoint())).expect_err("a fault");
        assert_eq!(error.kind(), kind, "{fault:?}: {error}");
        assert_eq!(emulator.requests().len(), 1, "{fault:?}");
    }
}
