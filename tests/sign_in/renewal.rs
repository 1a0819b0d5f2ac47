//! When a token is asked for, and for whom.

use std::thread;
use std::time::{Duration, Instant};

use mgdeviceimage::client::Client;
use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::operation::Operation;

use crate::graph_emulator::Fault;
use crate::services::{Services, form, update};

fn send(client: &Client) -> u16 {
    let response = client.send(&update()).expect("a response");
    response.status()
}

#[test]
fn a_token_is_kept_while_it_is_good() {
    let services = Services::start();
    let client = services.client(services.application());
    for _ in 0..3 {
        assert_eq!(send(&client), 200);
    }
    assert_eq!(services.sign_ins().len(), 1);
}

#[test]
fn each_client_has_tokens_of_its_own() {
    let services = Services::start();
    let builder = services.builder(services.application());
    for _ in 0..2 {
        assert_eq!(send(&builder.build().expect("a client")), 200);
    }
    assert_eq!(services.sign_ins().len(), 2);
}

/// A token is used for half of a short life, and for all but five minutes of a long one.
#[test]
fn a_token_is_renewed_before_it_expires() {
    let services = Services::start();
    services.entra.set_token_lifetime(Duration::from_secs(6));
    let client = services.client(services.application());
    assert_eq!(send(&client), 200);
    thread::sleep(Duration::from_millis(3100));
    assert_eq!(send(&client), 200);
    assert_eq!(services.sign_ins().len(), 2);
    assert_eq!(services.graph.requests().len(), 2, "none was refused");
}

/// The service does not answer. The first update waits for it for a while, the next one not at all.
#[test]
fn a_token_that_is_good_still_is_used_when_its_renewal_hangs() {
    let services = Services::start();
    services.entra.set_token_lifetime(Duration::from_secs(8));
    let client = services.client(services.application());
    assert_eq!(send(&client), 200);
    thread::sleep(Duration::from_millis(4100));
    services.entra.stage().script([Fault::Hang]);
    for _ in 0..2 {
        assert_eq!(send(&client), 200);
    }
    assert_eq!(services.sign_ins().len(), 2);
    assert_eq!(services.graph.requests().len(), 3, "none was refused");
}

#[test]
fn a_token_that_is_good_still_is_used_when_its_renewal_fails() {
    let services = Services::start();
    services.entra.set_token_lifetime(Duration::from_secs(6));
    let client = services.client(services.application());
    assert_eq!(send(&client), 200);
    thread::sleep(Duration::from_millis(3100));
    services.entra.stage().script([Fault::answer(500).into()]);
    assert_eq!(send(&client), 200);
    assert_eq!(services.sign_ins().len(), 2);
    let sent = services.graph.requests();
    let [first, second] = [0, 1].map(|index| sent[index].header("Authorization"));
    assert_eq!(first, second);
}

#[test]
fn a_refused_token_is_followed_by_one_with_the_claims_of_the_challenge() {
    let services = Services::start();
    let client = services.client(services.application());
    assert_eq!(send(&client), 200);
    services.entra.revoke_access_tokens();
    let response = client.send(&update()).expect("a response");
    assert_eq!(response.attempts(), 2);

    let [first, second] = services.sign_ins().try_into().expect("two requests");
    assert_eq!(form(&first).get("claims"), None);
    let claims = form(&second).remove("claims").expect("claims");
    let claims: serde_json::Value = serde_json::from_str(&claims).expect("JSON");
    assert!(claims["access_token"].is_object(), "{claims}");
}

#[test]
fn a_refused_token_is_not_used_again_when_its_renewal_fails() {
    let services = Services::start();
    let client = services.client(services.application());
    assert_eq!(send(&client), 200);
    services.entra.revoke_access_tokens();
    services.entra.stage().script([Fault::answer(500).into()]);
    let error = client.send(&update()).expect_err("no token");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert_eq!(services.graph.requests().len(), 2);

    assert_eq!(send(&client), 200, "the next update asks again");
}

/// What many updates at once, which wait for the same token, end with.
fn sixteen_at_once(client: &Client) -> Vec<Result<u16, ErrorKind>> {
    let start = |_| client.start(&update()).expect("an operation");
    let operations: Vec<_> = (0..16).map(start).collect();
    let outcome = |mut operation: Operation| {
        assert!(operation.wait(LONG).expect("a wait"));
        match operation.take_response() {
            Ok(response) => Ok(response.status()),
            Err(error) => Err(error.kind()),
        }
    };
    operations.into_iter().map(outcome).collect()
}

const LONG: Duration = Duration::from_secs(30);

const WHILE_ALL_START: Fault = Fault::DelayHeaders(Duration::from_millis(700));

#[test]
fn many_updates_cause_one_sign_in() {
    let services = Services::start();
    services.entra.stage().script([WHILE_ALL_START]);
    let client = services.client(services.application());
    assert_eq!(sixteen_at_once(&client), [Ok(200); 16]);
    assert_eq!(services.sign_ins().len(), 1);
}

#[test]
fn many_updates_whose_tokens_are_refused_cause_one_sign_in() {
    let services = Services::start();
    let client = services.client(services.application());
    assert_eq!(send(&client), 200);
    services.entra.revoke_access_tokens();
    services.entra.stage().script([WHILE_ALL_START]);
    assert_eq!(sixteen_at_once(&client), [Ok(200); 16]);
    assert_eq!(services.sign_ins().len(), 2);
}

#[test]
fn a_sign_in_that_fails_fails_for_all_who_waited_for_it() {
    let services = Services::start();
    services.entra.stage().script([WHILE_ALL_START]);
    let client = services.client(services.application_with("wrong"));
    let outcomes = sixteen_at_once(&client);
    assert_eq!(outcomes, [Err(ErrorKind::TokenUnavailable); 16]);
    assert_eq!(services.sign_ins().len(), 1);

    client
        .send(&update())
        .expect_err("the secret is wrong still");
    assert_eq!(services.sign_ins().len(), 2, "who comes later asks again");
}

#[test]
fn an_update_that_is_cancelled_leaves_the_others_waiting_for_their_own() {
    let services = Services::start();
    services.entra.stage().script([Fault::Hang]);
    let client = services.client(services.application());
    let first = client.start(&update()).expect("an operation");
    services
        .entra
        .stage()
        .wait_until(|requests| requests.len() == 1);
    let mut second = client.start(&update()).expect("an operation");
    assert!(!second.wait(Duration::from_millis(200)).expect("a wait"));

    first.cancel();
    let started = Instant::now();
    assert!(second.wait(Duration::from_secs(10)).expect("a wait"));
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(second.take_response().expect("a response").status(), 200);
    assert_eq!(services.sign_ins().len(), 2);
}
