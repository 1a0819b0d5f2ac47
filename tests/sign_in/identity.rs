//! Signing in before the first update, and who one is then.

use std::time::{Duration, SystemTime};

use mgdeviceimage::client::Client;
use mgdeviceimage::credential::{AccessToken, Authority, Credential};
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::identity::Identity;

use crate::entra_emulator::{CLIENT_ID, PERMISSION, SECRET, TENANT_DOMAIN, TENANT_ID};
use crate::graph_emulator::Fault;
use crate::graph_emulator::root_pem;
use crate::services::{Services, builder, update};

const LONG: Duration = Duration::from_secs(30);

fn sign_in(client: &Client) -> Result<Identity, Error> {
    let mut operation = client.sign_in().expect("an operation");
    assert!(operation.wait(LONG).expect("a wait"));
    operation.take_identity()
}

/// The identity of a client that gets these tokens. Nothing is sent.
fn identity_of(credential: Credential) -> Identity {
    let builder = builder("https://127.0.0.1:1", &root_pem()).credential(credential);
    sign_in(&builder.build().expect("a client")).expect("an identity")
}

fn in_an_hour(time: SystemTime) -> bool {
    let left = time.duration_since(SystemTime::now()).expect("it is later");
    (3500..3601).contains(&left.as_secs())
}

#[test]
fn an_application_learns_who_it_is() {
    let services = Services::start();
    let client = services.client(services.application());
    let identity = sign_in(&client).expect("an identity");
    assert_eq!(identity.tenant_id(), Some(TENANT_ID));
    assert_eq!(identity.client_id(), Some(CLIENT_ID));
    assert_eq!(identity.account(), None);
    assert_eq!(identity.scopes(), Some(PERMISSION));
    assert!(in_an_hour(identity.expires_on().expect("an end")));
}

#[test]
fn the_token_is_the_updates_too() {
    let services = Services::start();
    let client = services.client(services.application());
    sign_in(&client).expect("an identity");
    client.send(&update()).expect("a response");
    sign_in(&client).expect("an identity");
    assert_eq!(services.sign_ins().len(), 1);
}

#[test]
fn a_wrong_secret_is_told() {
    let services = Services::start();
    let client = services.client(services.application_with("wrong"));
    let error = sign_in(&client).expect_err("the secret is wrong");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert!(error.message().contains("AADSTS7000215"), "{error}");
}

#[test]
fn the_clients_time_limit_ends_it() {
    let services = Services::start();
    services.entra.stage().script([Fault::Hang]);
    let builder = services.builder(services.application());
    let builder = builder.timeout(Duration::from_millis(300));
    let client = builder.expect("a limit").build().expect("a client");
    let error = sign_in(&client).expect_err("a time-out");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
    let told = format!(
        "The sign-in did not end within its time limit of 0.3 s. It was waiting for an answer of {}.",
        services.entra.authority()
    );
    assert_eq!(error.message(), told);
}

#[test]
fn it_may_be_cancelled() {
    let services = Services::start();
    services.entra.stage().script([Fault::Hang]);
    let client = services.client(services.application());
    let mut operation = client.sign_in().expect("an operation");
    let stage = services.entra.stage();
    stage.wait_until(|requests| requests.len() == 1);
    operation.cancel();
    let error = operation.take_identity().expect_err("it is cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    stage.wait_until(|requests| requests[0].client_gone);
}

#[test]
fn a_token_that_is_there_already_succeeds_at_once() {
    let credential = Credential::token("opaque-token").expect("a token");
    assert_eq!(identity_of(credential), Identity::default());
}

/// It can be known before the first update.
#[test]
fn a_token_that_has_expired_is_told() {
    // {"exp":1000000000}
    let credential = Credential::token("e30.eyJleHAiOjEwMDAwMDAwMDB9.c2ln").expect("a token");
    let builder = builder("https://127.0.0.1:1", &root_pem()).credential(credential);
    let error = sign_in(&builder.build().expect("a client")).expect_err("it has expired");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert!(error.message().contains("09 Sep 2001"), "{error}");
}

#[test]
fn of_an_opaque_token_there_is_what_the_credential_knows() {
    let credential = Credential::callback(|_| {
        AccessToken::new("opaque-token", Some(Duration::from_secs(3600)))
            .map_err(|error| error.to_string())
    });
    let identity = identity_of(credential);
    assert_eq!(identity.tenant_id(), None);
    assert!(in_an_hour(identity.expires_on().expect("an end")));
}

#[test]
fn an_application_with_an_opaque_token_is_known_by_its_ids() {
    let answer = r#"{"access_token":"opaque-token","expires_in":3600}"#;
    for (tenant, known) in [(TENANT_ID, Some(TENANT_ID)), (TENANT_DOMAIN, None)] {
        let services = Services::start();
        let answer = Fault::answer(200).body(answer);
        services.entra.stage().script([answer.into()]);
        let authority = Authority::at(services.entra.authority(), tenant).expect("an authority");
        let credential = Credential::client_secret(authority, CLIENT_ID, SECRET);
        let client = services.client(credential.expect("a credential"));
        let identity = sign_in(&client).expect("an identity");
        assert_eq!(identity.tenant_id(), known);
        assert_eq!(identity.client_id(), Some(CLIENT_ID));
        assert_eq!(identity.scopes(), None);
    }
}

#[test]
fn a_host_gives_the_token_within_the_sign_in() {
    let builder = builder("https://127.0.0.1:1", &root_pem()).credential(Credential::host());
    let client = builder.build().expect("a client");
    let mut operation = client.sign_in().expect("an operation");
    assert!(!operation.wait(LONG).expect("a wait"));
    let token = AccessToken::new("opaque-token", None).expect("a token");
    operation.set_token(token).expect("it is wanted");
    assert!(operation.wait(LONG).expect("a wait"));
    operation.take_identity().expect("an identity");
}

#[test]
fn the_outcome_of_another_kind_stays() {
    let services = Services::start();
    let client = services.client(services.application());
    let mut sign_in = client.sign_in().expect("an operation");
    let mut update = client.start(&update()).expect("an operation");
    assert!(sign_in.wait(LONG).expect("a wait") && update.wait(LONG).expect("a wait"));
    let no_response = sign_in.take_response().expect_err("it has none");
    let no_identity = update.take_identity().expect_err("it has none");
    for error in [no_response, no_identity] {
        assert_eq!(error.kind(), ErrorKind::WrongOperation);
    }
    sign_in.take_identity().expect("an identity");
    assert_eq!(update.take_response().expect("a response").status(), 200);
    let again = sign_in.take_identity().expect_err("the second time");
    assert_eq!(again.kind(), ErrorKind::AlreadyTaken);
}
