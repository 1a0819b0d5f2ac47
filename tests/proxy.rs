//! Updates through proxies: what the proxy sees, what the server sees, and how a proxy's failures are told.

mod graph_emulator;
mod proxies;
mod tools;

use std::thread;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine};
use graph_emulator::{Fault, GraphEmulator, Tls, root_pem};
use mgdeviceimage::client::{Client, ClientBuilder};
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::image::{Image, Member};
use mgdeviceimage::proxy::Proxy;
use mgdeviceimage::retry::RetryPolicy;
use mgdeviceimage::update::Update;
use proxies::{FaultyProxy, ForwardProxy, ProxyFault, Socks5Proxy};
use tools::client::{self, TOKEN};

/// Texts that are easy to search for, as the token is.
const USER: &str = "planted-user";
const PASSWORD: &str = "planted:pass word/ü";

fn emulator(tls: Option<Tls>) -> GraphEmulator {
    let builder = GraphEmulator::builder();
    match tls {
        Some(tls) => builder.tls(tls).start(),
        None => builder.start(),
    }
    .expect("a free port")
}

/// An emulator that speaks http, and one that speaks https.
fn both() -> [GraphEmulator; 2] {
    [emulator(None), emulator(Some(Tls::Valid))]
}

fn proxy(url: &str) -> Proxy {
    Proxy::parse(url).expect("a proxy")
}

/// Without retries, so that a failure is told at once.
fn builder(endpoint: &str) -> ClientBuilder {
    let once = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    client::builder(endpoint)
        .add_root_certificate(root_pem().as_bytes())
        .expect("the test root")
        .retry(once)
}

fn client_through(emulator: &GraphEmulator, proxy: Proxy) -> Client {
    builder(emulator.endpoint())
        .proxy(proxy)
        .build()
        .expect("a client")
}

fn update() -> Update {
    let mut image = Image::new();
    image.set_text(Member::Version, "2").expect("a text");
    Update::new("img-1", &image).expect("an update")
}

fn send(emulator: &GraphEmulator, proxy: Proxy) -> Result<u16, Error> {
    let response = client_through(emulator, proxy).send(&update())?;
    Ok(response.status())
}

fn authority(emulator: &GraphEmulator) -> &str {
    emulator.endpoint().split("//").nth(1).expect("a URL")
}

fn basic(user: &str, password: &str) -> String {
    let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {credentials}")
}

fn only<T: std::fmt::Debug>(items: Vec<T>) -> T {
    let [item] = items.try_into().expect("exactly one");
    item
}

fn assert_shows_no_secret(error: &Error) {
    let shown = format!("{error} {error:?}");
    for secret in [
        TOKEN,
        USER,
        "pass word",
        "pass%20word",
        &basic(USER, PASSWORD)[6..],
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn http_targets_are_named_whole() {
    let emulator = emulator(None);
    let forward = ForwardProxy::start();
    assert_eq!(
        send(&emulator, proxy(forward.url())).expect("a status"),
        200
    );

    let seen = only(forward.seen());
    let line = format!(
        "PATCH {}/v1.0/deviceManagement/virtualEndpoint/deviceImages/img-1 HTTP/1.1",
        emulator.endpoint()
    );
    assert_eq!(seen.request_line(), line);
    assert_eq!(seen.header("Host"), Some(authority(&emulator)));
    let request = only(emulator.requests());
    assert_eq!(request.header("Via"), Some("1.1 test"));
    assert_eq!(request.body_text(), r#"{"version":"2"}"#);
}

#[test]
fn https_targets_are_reached_through_a_tunnel() {
    let emulator = emulator(Some(Tls::Valid));
    let forward = ForwardProxy::start();
    assert_eq!(
        send(&emulator, proxy(forward.url())).expect("a status"),
        200
    );

    let seen = only(forward.seen());
    let line = format!("CONNECT {} HTTP/1.1", authority(&emulator));
    assert_eq!(seen.request_line(), line);
    assert_eq!(seen.header("Host"), Some(authority(&emulator)));
    assert_eq!(only(emulator.requests()).header("Via"), None);
}

#[test]
fn a_tunnel_shows_the_proxy_nothing() {
    let emulator = emulator(Some(Tls::Valid));
    let forward = ForwardProxy::builder().login(USER, PASSWORD).start();
    let with_login = proxy(forward.url()).with_credentials(USER, PASSWORD);
    assert_eq!(send(&emulator, with_login).expect("a status"), 200);

    let seen = only(forward.seen());
    assert_eq!(seen.header("Authorization"), None);
    assert!(!seen.rest.is_empty());
    for text in [TOKEN, "PATCH", "img-1", "client-request-id"] {
        assert!(!seen.shows(text), "{text}");
    }
    let request = only(emulator.requests());
    assert_eq!(request.header("Proxy-Authorization"), None);
    assert_eq!(
        request.header("Authorization"),
        Some("Bearer emulator-token")
    );
}

#[test]
fn a_login_opens_the_proxy() {
    for emulator in both() {
        let forward = ForwardProxy::builder().login(USER, PASSWORD).start();
        let given = proxy(forward.url()).with_credentials(USER, PASSWORD);
        let in_address = forward
            .url()
            .replace("//", "//planted-user:planted%3Apass%20word%2F%C3%BC@");
        let other_in_address = forward.url().replace("//", "//somebody:else@");
        for proxy in [
            given,
            proxy(&in_address),
            proxy(&other_in_address).with_credentials(USER, PASSWORD),
        ] {
            assert_eq!(send(&emulator, proxy).expect("a status"), 200);
        }
        let expected = basic(USER, PASSWORD);
        assert_eq!(forward.seen().len(), 3);
        for seen in forward.seen() {
            assert_eq!(seen.header("Proxy-Authorization"), Some(expected.as_str()));
        }
        for request in emulator.requests() {
            assert_eq!(request.header("Proxy-Authorization"), None);
        }
    }
}

#[test]
fn a_login_may_lack_the_password() {
    for emulator in both() {
        let forward = ForwardProxy::builder().login("token", "").start();
        let in_address = proxy(&forward.url().replace("//", "//token@"));
        let given = proxy(forward.url()).with_credentials("token", "");
        for proxy in [in_address, given] {
            assert_eq!(send(&emulator, proxy).expect("a status"), 200);
        }
    }
}

#[test]
fn without_the_right_login_the_proxy_is_named() {
    for emulator in both() {
        let forward = ForwardProxy::builder().login(USER, PASSWORD).start();
        for proxy in [
            proxy(forward.url()),
            proxy(forward.url()).with_credentials(USER, "planted:pass word, but wrong"),
        ] {
            let error = send(&emulator, proxy).expect_err("407");
            assert_eq!(
                error.kind(),
                ErrorKind::ProxyAuthenticationRequired,
                "{error}"
            );
            assert!(error.message().contains(forward.url()), "{error}");
            assert!(error.message().contains("407"), "{error}");
            assert_shows_no_secret(&error);
        }
        assert!(emulator.requests().is_empty());
    }
}

/// Retries are for what may pass; a login does not get right by itself.
#[test]
fn a_refused_login_is_not_tried_again() {
    for emulator in both() {
        let forward = ForwardProxy::builder().login(USER, PASSWORD).start();
        let error = builder(emulator.endpoint())
            .retry(RetryPolicy::default())
            .proxy(proxy(forward.url()))
            .build()
            .expect("a client")
            .send(&update())
            .expect_err("407");
        assert_eq!(error.attempts(), 1, "{error}");
        assert_eq!(forward.seen().len(), 1);
    }
}

#[test]
fn another_scheme_than_basic_is_refused() {
    for emulator in both() {
        let faulty = FaultyProxy::start(ProxyFault::WANTS_NEGOTIATE);
        let with_login = proxy(&faulty.url()).with_credentials(USER, PASSWORD);
        let error = send(&emulator, with_login).expect_err("407");
        assert_eq!(error.kind(), ErrorKind::ProxyAuthenticationRequired);
        assert!(error.message().contains(&faulty.url()), "{error}");
    }
}

#[test]
fn a_proxy_may_speak_tls() {
    for emulator in both() {
        let forward = ForwardProxy::builder()
            .login(USER, PASSWORD)
            .tls(Tls::Valid)
            .start();
        assert!(forward.url().starts_with("https://"));
        let with_login = proxy(forward.url()).with_credentials(USER, PASSWORD);
        assert_eq!(send(&emulator, with_login).expect("a status"), 200);
        assert_eq!(forward.seen().len(), 1);
    }
}

#[test]
fn a_proxy_whose_certificate_is_not_trusted_gets_nothing() {
    let emulator = emulator(Some(Tls::Valid));
    for tls in [Tls::WrongName, Tls::UnknownIssuer, Tls::Expired] {
        let forward = ForwardProxy::builder()
            .login(USER, PASSWORD)
            .tls(tls)
            .start();
        let with_login = proxy(forward.url()).with_credentials(USER, PASSWORD);
        let error = send(&emulator, with_login).expect_err("no trust");
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
        for part in [forward.url(), "certificate"] {
            assert!(error.message().contains(part), "{tls:?}: {error}");
        }
        assert!(forward.seen().is_empty());
    }
}

/// The name has no address here but the one that the proxy knows.
#[test]
fn names_are_resolved_by_the_proxy() {
    // The certificate that is wrong for 127.0.0.1 is right for this name.
    let emulator = emulator(Some(Tls::WrongName));
    let forward = ForwardProxy::builder()
        .host("graph.example", authority(&emulator))
        .start();
    let response = builder("https://graph.example")
        .proxy(proxy(forward.url()))
        .build()
        .expect("a client")
        .send(&update())
        .expect("a response");
    assert_eq!(response.status(), 200);
    let seen = only(forward.seen());
    assert_eq!(seen.request_line(), "CONNECT graph.example:443 HTTP/1.1");
    assert_eq!(
        only(emulator.requests()).header("Host"),
        Some("graph.example")
    );
}

#[test]
fn the_server_s_certificate_counts_behind_a_proxy_too() {
    let emulator = emulator(Some(Tls::UnknownIssuer));
    let forward = ForwardProxy::start();
    let error = send(&emulator, proxy(forward.url())).expect_err("an unknown issuer");
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
    for part in [authority(&emulator), forward.url(), "UnknownIssuer"] {
        assert!(error.message().contains(part), "{part}: {error}");
    }
    assert!(emulator.requests().is_empty());
    assert!(!only(forward.seen()).shows(TOKEN));
}

#[test]
fn an_update_s_own_proxy_goes_before_the_client_s() {
    for emulator in both() {
        let (usual, own) = (ForwardProxy::start(), ForwardProxy::start());
        let client = client_through(&emulator, proxy(usual.url()));
        let mut with_own = update();
        with_own.set_proxy(proxy(own.url()));

        client.send(&with_own).expect("a response");
        assert_eq!((usual.seen().len(), own.seen().len()), (0, 1));
        client.send(&update()).expect("a response");
        assert_eq!((usual.seen().len(), own.seen().len()), (1, 1));
        assert_eq!(emulator.requests().len(), 2);
    }
}

#[test]
fn an_update_s_proxy_keeps_its_login_to_itself() {
    for emulator in both() {
        let forward = ForwardProxy::builder().login(USER, PASSWORD).start();
        let client = client_through(&emulator, proxy(forward.url()));
        let mut with_login = update();
        with_login.set_proxy(proxy(forward.url()).with_credentials(USER, PASSWORD));
        client.send(&with_login).expect("a response");
        let error = client.send(&update()).expect_err("407");
        assert_eq!(error.kind(), ErrorKind::ProxyAuthenticationRequired);
    }
}

#[test]
fn updates_share_a_tunnel() {
    let emulator = emulator(Some(Tls::Valid));
    let forward = ForwardProxy::start();
    let client = client_through(&emulator, proxy(forward.url()));
    for _ in 0..3 {
        client.send(&update()).expect("a response");
    }
    assert_eq!(forward.seen().len(), 1);
    assert_eq!(emulator.requests().len(), 3);
}

#[test]
fn a_busy_service_is_asked_again_through_the_proxy() {
    for emulator in both() {
        let forward = ForwardProxy::start();
        emulator.script([Fault::answer(429).header("Retry-After", "0").into()]);
        let response = builder(emulator.endpoint())
            .retry(RetryPolicy::default())
            .proxy(proxy(forward.url()))
            .build()
            .expect("a client")
            .send(&update())
            .expect("a response");
        assert_eq!(response.status(), 200);
        assert_eq!(emulator.requests().len(), 2);
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    for emulator in both() {
        let gone = FaultyProxy::start(ProxyFault::Hang).url();
        let error = send(&emulator, proxy(&gone)).expect_err("nobody listens");
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{error}");
        assert!(error.message().contains(&gone), "{error}");
        assert!(error.message().contains("refused"), "{error}");
        assert!(emulator.requests().is_empty());
    }
}

/// A connection that was not made, or broke, or an answer that is none: always named with the proxy.
#[test]
fn a_proxy_that_fails_is_named() {
    for fault in [
        ProxyFault::CloseAtOnce,
        ProxyFault::CloseAfterRequest,
        ProxyFault::GARBAGE,
        ProxyFault::CUT,
    ] {
        for emulator in both() {
            let faulty = FaultyProxy::start(fault);
            let with_login = proxy(&faulty.url()).with_credentials(USER, PASSWORD);
            let error = send(&emulator, with_login).expect_err("a fault");
            assert!(
                matches!(
                    error.kind(),
                    ErrorKind::ConnectionFailed | ErrorKind::InvalidResponse
                ),
                "{fault:?}: {error}"
            );
            assert!(
                error.message().contains(faulty.authority()),
                "{fault:?}: {error}"
            );
            assert_shows_no_secret(&error);
            assert!(emulator.requests().is_empty());
        }
    }
}

#[test]
fn a_proxy_that_refuses_a_tunnel_is_named() {
    let emulator = emulator(Some(Tls::Valid));
    for fault in [ProxyFault::BAD_GATEWAY, ProxyFault::GARBAGE] {
        let faulty = FaultyProxy::start(fault);
        let error = send(&emulator, proxy(&faulty.url())).expect_err("no tunnel");
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
        for part in [authority(&emulator), faulty.authority()] {
            assert!(error.message().contains(part), "{error}");
        }
        assert!(!String::from_utf8_lossy(&only(faulty.received())).contains(TOKEN));
    }
}

/// What a proxy answers to an http request looks like the service's answer.
#[test]
fn an_answer_of_the_proxy_to_http_is_an_answer() {
    let emulator = emulator(None);
    let faulty = FaultyProxy::start(ProxyFault::BAD_GATEWAY);
    let error = send(&emulator, proxy(&faulty.url())).expect_err("502");
    assert_eq!(error.kind(), ErrorKind::ServiceError);
    assert_eq!(error.response().expect("an answer").status(), 502);
}

#[test]
fn a_proxy_that_hangs_ends_at_the_time_limit() {
    for emulator in both() {
        let faulty = FaultyProxy::start(ProxyFault::Hang);
        let client = client_through(&emulator, proxy(&faulty.url()));
        let mut update = update();
        update
            .set_timeout(Duration::from_millis(200))
            .expect("a limit");
        let started = Instant::now();
        let error = client.send(&update).expect_err("a time-out");
        assert_eq!(error.kind(), ErrorKind::OperationTimeout);
        assert!(error.message().contains("0.2 s"), "{error}");
        assert!(error.message().contains(faulty.authority()), "{error}");
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_tunnel_that_hangs_ends_at_the_connect_limit() {
    let emulator = emulator(Some(Tls::Valid));
    let faulty = FaultyProxy::start(ProxyFault::Hang);
    let error = builder(emulator.endpoint())
        .proxy(proxy(&faulty.url()))
        .connect_timeout(Duration::from_millis(200))
        .expect("a limit")
        .build()
        .expect("a client")
        .send(&update())
        .expect_err("a time-out");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    assert!(error.message().contains("0.2 s"), "{error}");
    assert!(error.message().contains(faulty.authority()), "{error}");
}

#[test]
fn an_update_through_a_proxy_that_hangs_can_be_cancelled() {
    for emulator in both() {
        let faulty = FaultyProxy::start(ProxyFault::Hang);
        let client = client_through(&emulator, proxy(&faulty.url()));
        let mut operation = client.start(&update()).expect("a started update");
        wait_until(|| faulty.received().iter().any(|bytes| !bytes.is_empty()));
        operation.cancel();
        assert!(operation.wait(Duration::from_millis(200)).expect("a wait"));
        let error = operation.take_response().expect_err("cancelled");
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}

fn wait_until(condition: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(10);
    while !condition() {
        assert!(Instant::now() < give_up, "not in ten seconds");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn socks5_carries_both_targets() {
    for emulator in both() {
        let socks = Socks5Proxy::start(Some((USER, "planted")));
        let with_login =
            proxy(&format!("socks5://{}", socks.authority())).with_credentials(USER, "planted");
        assert_eq!(send(&emulator, with_login).expect("a status"), 200);
        let seen = only(socks.seen());
        assert_eq!(seen.host, "127.0.0.1");
        assert_eq!(seen.login, Some((USER.to_owned(), "planted".to_owned())));
        let request = only(emulator.requests());
        assert_eq!(request.header("Proxy-Authorization"), None);
    }
}

#[test]
fn a_login_that_socks_cannot_carry_is_refused() {
    for (user, password) in [("u".repeat(256), "p".into()), ("u".into(), "p".repeat(256))] {
        let proxy = proxy("socks5://127.0.0.1:1").with_credentials(&user, &password);
        let error = builder("https://127.0.0.1:1").proxy(proxy).build();
        let error = error.expect_err("too long");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("255 bytes"), "{error}");
        assert!(!error.message().contains("pppp"), "{error}");
    }
}

#[test]
fn socks5h_leaves_names_to_the_proxy() {
    for (scheme, expected) in [("socks5h", "localhost"), ("socks5", "127.0.0.1")] {
        let emulator = emulator(Some(Tls::Valid));
        let socks = Socks5Proxy::start(None);
        let endpoint = emulator.endpoint().replace("127.0.0.1", "localhost");
        let response = builder(&endpoint)
            .proxy(proxy(&format!("{scheme}://{}", socks.authority())))
            .build()
            .expect("a client")
            .send(&update())
            .expect("a response");
        assert_eq!(response.status(), 200);
        let hosts: Vec<_> = socks.seen().into_iter().map(|seen| seen.host).collect();
        // Where localhost has two addresses, the first that answers counts.
        assert!(hosts.iter().any(|host| host == expected), "{hosts:?}");
    }
}

#[test]
fn a_socks5_proxy_that_refuses_is_named() {
    for emulator in both() {
        let socks = Socks5Proxy::start(Some((USER, "planted")));
        let address = format!("socks5://{}", socks.authority());
        for proxy in [
            proxy(&address),
            proxy(&address).with_credentials(USER, "planted, but wrong"),
        ] {
            let error = send(&emulator, proxy).expect_err("no login");
            assert!(error.message().contains(&address), "{error}");
            assert!(!error.message().contains("planted"), "{error}");
        }
        assert!(emulator.requests().is_empty());
    }
}

/// A token in plain text stays on this machine.
#[test]
fn http_is_never_sent_through_another_machine() {
    let emulator = emulator(None);
    let elsewhere = proxy("http://proxy.example:8080").with_credentials(USER, PASSWORD);
    let error = builder(emulator.endpoint())
        .proxy(elsewhere.clone())
        .build()
        .expect_err("another machine");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.message().contains("proxy.example:8080"), "{error}");
    assert_shows_no_secret(&error);

    let client = builder(emulator.endpoint()).build().expect("a client");
    let mut update = update();
    update.set_proxy(elsewhere);
    let error = client.start(&update).expect_err("another machine");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_shows_no_secret(&error);
    assert!(emulator.requests().is_empty());
}

#[test]
fn what_is_no_proxy_is_refused_and_not_shown() {
    for address in [
        "",
        "proxy.example:8080",
        "//proxy.example",
        "ftp://planted-user:planted@proxy.example",
        "http://",
        "http://planted-user:planted@proxy.example:99999",
        "http://planted-user:planted@proxy.example/path",
        "http://planted-user:planted@proxy.example?query",
        "http://planted-user:planted@proxy.example#fragment",
        "http://planted-user:planted@proxy example",
    ] {
        let error = Proxy::parse(address).expect_err(address);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{address}");
        assert!(!error.message().contains("planted"), "{error}");
    }
}

#[test]
fn debug_output_shows_no_login() {
    let proxy = proxy("http://planted-user:planted-word@127.0.0.1:1");
    let mut update = update();
    update.set_proxy(proxy.clone());
    let builder = builder("http://127.0.0.1:2").proxy(proxy.clone());
    let client = builder.build().expect("a client");
    for shown in [
        format!("{proxy:?} {proxy}"),
        format!("{update:?}"),
        format!("{builder:?}"),
        format!("{client:?}"),
    ] {
        assert!(!shown.contains("planted-user"), "{shown}");
        assert!(!shown.contains("planted-word"), "{shown}");
    }
}

#[cfg(unix)]
mod with_tinyproxy {
    use super::*;
    use proxies::Tinyproxy;

    /// Starts the real one, or says that the test is skipped.
    fn start(login: Option<(&str, &str)>) -> Option<Tinyproxy> {
        let started = Tinyproxy::start(login);
        if started.is_none() {
            println!("skipped: tinyproxy is not installed");
        }
        started
    }

    #[test]
    fn it_lets_updates_through() {
        let Some(tinyproxy) = start(None) else {
            return;
        };
        let [http, https] = both();
        assert_eq!(send(&http, proxy(&tinyproxy.url())).expect("a status"), 200);
        let via = only(http.requests()).header("Via").map(str::to_owned);
        assert!(via.expect("a Via header").contains("tinyproxy"));

        assert_eq!(
            send(&https, proxy(&tinyproxy.url())).expect("a status"),
            200
        );
        let connect = format!("CONNECT {}", authority(&https));
        assert!(tinyproxy.log().contains(&connect), "{}", tinyproxy.log());
    }

    #[test]
    fn it_wants_the_right_login() {
        let Some(tinyproxy) = start(Some((USER, "planted"))) else {
            return;
        };
        for emulator in both() {
            let with_login = |password| proxy(&tinyproxy.url()).with_credentials(USER, password);
            assert_eq!(
                send(&emulator, with_login("planted")).expect("a status"),
                200
            );
            assert_eq!(
                only(emulator.requests()).header("Proxy-Authorization"),
                None
            );
            emulator.clear_requests();

            let error = send(&emulator, proxy(&tinyproxy.url())).expect_err("407");
            assert_eq!(
                error.kind(),
                ErrorKind::ProxyAuthenticationRequired,
                "{error}"
            );
            assert!(error.message().contains(&tinyproxy.url()), "{error}");

            // tinyproxy 1.11 answers 401 to a login that is wrong; other proxies answer 407.
            let error = send(&emulator, with_login("wrong")).expect_err("401 or 407");
            assert_shows_no_secret(&error);
            assert!(emulator.requests().is_empty());
        }
    }

    #[test]
    fn it_says_that_nobody_listens() {
        let Some(tinyproxy) = start(None) else {
            return;
        };
        let gone = FaultyProxy::start(ProxyFault::Hang)
            .url()
            .replace("http:", "https:");
        let error = builder(&gone)
            .proxy(proxy(&tinyproxy.url()))
            .build()
            .expect("a client")
            .send(&update())
            .expect_err("nobody listens");
        assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
        assert!(error.message().contains(&tinyproxy.url()), "{error}");
    }
}
