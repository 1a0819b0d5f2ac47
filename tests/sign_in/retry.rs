//! A sign-in service that is busy is asked again, as Graph is.

use std::time::{Duration, Instant};

use mgdeviceimage::credential::{Authority, Credential};
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::retry::RetryPolicy;

use crate::entra_emulator::{CLIENT_ID, EntraEmulator, SECRET, TENANT_ID};
use crate::graph_emulator::{Fault, Tls};
use crate::services::{Services, update};

fn busy(status: u16, retry_after: &str) -> Fault {
    let answer = Fault::answer(status).header("Retry-After", retry_after);
    answer.into()
}

#[test]
fn it_is_asked_again_when_it_says() {
    for status in [429, 503, 504] {
        let services = Services::start();
        services
            .entra
            .stage()
            .script([busy(status, "0"), busy(status, "0")]);
        let response = services
            .update(services.application())
            .expect("a token in the end");
        assert_eq!(services.sign_ins().len(), 3, "{status}");
        assert_eq!(response.attempts(), 1, "Graph was asked once");
    }
}

#[test]
fn it_is_not_asked_sooner_than_it_says() {
    let services = Services::start();
    services.entra.stage().script([busy(429, "1")]);
    let started = Instant::now();
    services
        .update(services.application())
        .expect("a token in the end");
    assert!(started.elapsed().as_secs_f64() >= 1.0);
}

#[test]
fn in_the_end_its_own_error_is_told() {
    let services = Services::start();
    services
        .entra
        .stage()
        .script([429; 9].map(|status| busy(status, "0")));
    let error = services.no_token(services.application());
    assert!(error.message().contains("AADSTS90055"), "{error}");
    assert_eq!(services.sign_ins().len(), 4);
}

#[test]
fn the_clients_own_policy_counts() {
    let services = Services::start();
    services.entra.stage().script([busy(429, "0")]);
    let never = RetryPolicy {
        max_retries: 0,
        ..RetryPolicy::default()
    };
    let builder = services.builder(services.application()).retry(never);
    let client = builder.build().expect("a client");
    let error = client.send(&update()).expect_err("the service is busy");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert_eq!(services.sign_ins().len(), 1);
}

#[test]
fn a_delay_that_is_too_long_is_not_waited_for() {
    let services = Services::start();
    services.entra.stage().script([busy(429, "181")]);
    let error = services.no_token(services.application());
    assert!(error.message().contains("AADSTS90055"), "{error}");
    assert_eq!(services.sign_ins().len(), 1);
}

/// Nor one that does not end within the time limit: of an update, or of a sign-in.
#[test]
fn a_delay_beyond_the_time_limit_is_not_waited_for() {
    let services = Services::start();
    services
        .entra
        .stage()
        .script([busy(429, "100"), busy(429, "100")]);
    let builder = services.builder(services.application());
    let builder = builder.timeout(Duration::from_secs(60));
    let client = builder.expect("a limit").build().expect("a client");
    let started = Instant::now();
    let mut sign_in = client.sign_in().expect("an operation");
    assert!(sign_in.wait(Duration::from_secs(30)).expect("a wait"));
    for error in [
        sign_in.take_identity().expect_err("the service is busy"),
        client.send(&update()).expect_err("the service is busy"),
    ] {
        assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
        assert!(error.message().contains("AADSTS90055"), "{error}");
    }
    assert!(started.elapsed() < Duration::from_secs(30));
    assert_eq!(services.sign_ins().len(), 2);
}

#[test]
fn other_errors_are_not_repeated() {
    for status in [400, 401, 403, 404, 500, 502] {
        let services = Services::start();
        services
            .entra
            .stage()
            .script([Fault::answer(status).into()]);
        services.no_token(services.application());
        assert_eq!(services.sign_ins().len(), 1, "{status}");
    }
}

#[test]
fn a_sign_in_service_that_cannot_be_reached_is_named() {
    let services = Services::start();
    // Nobody listens on the port of a service that has stopped.
    let gone = Services::start().entra.authority().to_owned();
    let authority = Authority::at(&gone, TENANT_ID).expect("an authority");
    let credential = Credential::client_secret(authority, CLIENT_ID, SECRET);
    let error = services.no_token(credential.expect("a credential"));
    let host = gone.trim_start_matches("https://");
    let named = format!("Could not connect to {host}");
    assert!(error.message().contains(&named), "{error}");
}

#[test]
fn a_sign_in_service_that_is_not_trusted_is_told_at_once() {
    let mut services = Services::start();
    services.entra = EntraEmulator::start_with(0, Tls::UnknownIssuer).expect("a free port");
    let started = Instant::now();
    let error = services.no_token(services.application());
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "it was not repeated"
    );
    assert!(error.message().contains("UnknownIssuer"), "{error}");
    assert!(
        error.message().contains(services.entra.authority()),
        "{error}"
    );
}
