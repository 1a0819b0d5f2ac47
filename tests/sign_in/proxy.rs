//! The way to the sign-in service: the client's proxy, or the update's own.

use mgdeviceimage::proxy::Proxy;

use crate::entra_emulator::{CLIENT_ID, SECRET, TENANT_ID};
use crate::process::Process;
use crate::proxies::ForwardProxy;
use crate::services::{Services, update};

fn proxy(url: &str) -> Proxy {
    Proxy::parse(url).expect("a proxy")
}

/// The CONNECT requests that a proxy gets for one update with a sign-in.
fn both_connects(services: &Services) -> [String; 2] {
    [services.entra.authority(), services.graph.endpoint()].map(|origin| {
        let authority = origin.trim_start_matches("https://");
        format!("CONNECT {authority} HTTP/1.1")
    })
}

fn seen_by(proxy: &ForwardProxy) -> Vec<String> {
    let seen = proxy.seen();
    seen.iter().map(|it| it.request_line().to_owned()).collect()
}

#[test]
fn tokens_come_through_the_clients_proxy() {
    let services = Services::start();
    let forward = ForwardProxy::builder().login("user", "word").start();
    let with_login = proxy(forward.url()).with_credentials("user", "word");
    let builder = services.builder(services.application()).proxy(with_login);
    let client = builder.build().expect("a client");
    assert_eq!(client.send(&update()).expect("a response").status(), 200);
    assert_eq!(seen_by(&forward), both_connects(&services));
}

#[test]
fn tokens_come_through_the_updates_own_proxy() {
    let services = Services::start();
    let forward = ForwardProxy::start();
    let client = services.client(services.application());
    let mut update = update();
    update.set_proxy(proxy(forward.url()));
    assert_eq!(client.send(&update).expect("a response").status(), 200);
    assert_eq!(seen_by(&forward), both_connects(&services));
}

#[test]
fn the_secret_is_not_shown_to_a_proxy() {
    let services = Services::start();
    let secret = "planted-secret";
    services.entra.set_secret(secret);
    let forward = ForwardProxy::start();
    let builder = services
        .builder(services.application_with(secret))
        .proxy(proxy(forward.url()));
    let client = builder.build().expect("a client");
    client.send(&update()).expect("a response");
    let seen = forward.seen();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|it| !it.shows("planted")));
}

#[test]
fn a_proxy_that_refuses_is_named() {
    let services = Services::start();
    let forward = ForwardProxy::builder().login("user", "right").start();
    let wrong = proxy(forward.url()).with_credentials("user", "planted");
    let builder = services.builder(services.application()).proxy(wrong);
    let client = builder.build().expect("a client");
    let error = client.send(&update()).expect_err("no token");
    let message = error.message();
    assert!(message.contains(services.entra.authority()), "{message}");
    let named = format!("The proxy {} wants credentials", forward.url());
    assert!(message.contains(&named), "{message}");
    assert!(!message.contains("planted"), "{message}");
    assert_eq!(services.sign_ins().len(), 0);
}

#[test]
fn tokens_come_through_the_environments_proxy() {
    let services = Services::start();
    let forward = ForwardProxy::start();
    let credential = format!("environment {}", services.entra.authority());
    let outcome = Process::new(&services.graph, &credential)
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", SECRET)
        .env("HTTPS_PROXY", forward.url())
        .outcome();
    assert_eq!(outcome, "200");
    assert_eq!(seen_by(&forward), both_connects(&services));
}
