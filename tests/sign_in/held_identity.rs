//! Who one is with the token got last. To tell it, nobody is asked.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mgdeviceimage::client::Client;
use mgdeviceimage::credential::{AccessToken, Credential};
use mgdeviceimage::identity::{Actor, Identity};

use crate::entra_emulator::{CLIENT_ID, PERMISSION, TENANT_ID};
use crate::graph_emulator::{Fault, root_pem};
use crate::services::{Services, builder, update};

fn identity(client: &Client) -> Identity {
    client.identity().expect("this process is no fork")
}

/// How long the token got last lives yet.
fn left(client: &Client) -> Duration {
    let end = identity(client).expires_on().expect("an end");
    end.duration_since(SystemTime::now()).unwrap_or_default()
}

#[test]
fn before_the_first_token_it_is_what_the_credential_knows() {
    let services = Services::start();
    let client = services.client(services.application());
    let identity = identity(&client);
    assert_eq!(identity.tenant_id(), Some(TENANT_ID));
    assert_eq!(identity.client_id(), Some(CLIENT_ID));
    assert_eq!(identity.actor(), Some(Actor::Application));
    assert_eq!(identity.scopes(), None);
    assert_eq!(identity.expires_on(), None);
    assert_eq!(services.sign_ins().len(), 0);
}

#[test]
fn a_token_that_cannot_be_renewed_tells_it_at_once() {
    let services = Services::start();
    services
        .client(services.application())
        .send(&update())
        .expect("a response");
    let sent = services.graph.requests();
    let token = sent[0].header("Authorization").expect("a token");
    let credential = Credential::token(token.trim_start_matches("Bearer ")).expect("a token");
    let identity = identity(&services.client(credential));
    assert_eq!(identity.scopes(), Some(PERMISSION));
}

#[test]
fn a_renewal_changes_it() {
    let services = Services::start();
    let client = services.client(services.application());
    client.send(&update()).expect("a response");
    let hour = Duration::from_secs(3600);
    assert!(left(&client) <= hour);

    services.entra.set_token_lifetime(2 * hour);
    services.entra.revoke_access_tokens();
    client.send(&update()).expect("a response");
    assert!(left(&client) > hour);
    assert_eq!(services.sign_ins().len(), 2);
}

#[test]
fn near_the_end_of_a_token_nothing_is_sent() {
    let services = Services::start();
    services.entra.set_token_lifetime(Duration::from_secs(2));
    let client = services.client(services.application());
    client.send(&update()).expect("a response");
    thread::sleep(Duration::from_millis(1100));
    assert!(left(&client) < Duration::from_secs(1));
    assert_eq!(services.sign_ins().len(), 1);
}

#[test]
fn it_is_told_while_a_token_is_awaited() {
    let services = Services::start();
    services.entra.stage().script([Fault::Hang]);
    let client = services.client(services.application());
    let _waits = client.start(&update()).expect("an operation");
    let stage = services.entra.stage();
    stage.wait_until(|requests| requests.len() == 1);
    let started = Instant::now();
    assert_eq!(identity(&client).client_id(), Some(CLIENT_ID));
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[test]
fn after_a_renewal_that_failed_it_is_the_tokens_before() {
    let services = Services::start();
    let client = services.client(services.application());
    client.send(&update()).expect("a response");
    let before = identity(&client);
    services.entra.revoke_access_tokens();
    services.entra.stage().script([Fault::answer(500).into()]);
    client.send(&update()).expect_err("there is no token");
    assert_eq!(identity(&client), before);
}

#[test]
fn a_callback_is_not_called_for_it() {
    let callback = |_: &_| -> Result<AccessToken, String> { panic!("it was asked") };
    let builder = builder("https://127.0.0.1:1", &root_pem());
    let client = builder.credential(Credential::callback(callback)).build();
    assert_eq!(identity(&client.expect("a client")), Identity::default());
}
