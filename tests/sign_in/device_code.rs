//! A person who signs in elsewhere with a code.

use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};

use mgdeviceimage::client::Client;
use mgdeviceimage::credential::{Authority, Credential};
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::identity::Identity;
use mgdeviceimage::operation::Operation;

use crate::entra_emulator::{ACCOUNT, CLIENT_ID, Decision, PERMISSION, TENANT_ID};
use crate::graph_emulator::Fault;
use crate::services::{Services, form, update};

const LONG: Duration = Duration::from_secs(30);
const SLICE: Duration = Duration::from_millis(10);

/// The shortest time between two questions that the service can say.
const INTERVAL: Duration = Duration::from_secs(1);

/// The services, where the person decides so.
fn services(decision: Decision) -> Services {
    let services = Services::start();
    services.entra.decide_device_codes(decision);
    services.entra.set_device_code_times(LONG, INTERVAL);
    services
}

fn credential(services: &Services) -> Credential {
    Credential::device_code(services.authority(), CLIENT_ID).expect("a credential")
}

fn client(services: &Services) -> Client {
    services.client(credential(services))
}

fn wait(mut operation: Operation) -> Result<Identity, Error> {
    assert!(operation.wait(LONG).expect("a wait"));
    operation.take_identity()
}

fn sign_in(client: &Client) -> Result<Identity, Error> {
    wait(client.sign_in().expect("an operation"))
}

fn prompt(operation: &Operation) -> &str {
    loop {
        if let Some(prompt) = operation.prompt() {
            return prompt;
        }
        assert!(!operation.wait(SLICE).expect("a wait"), "it has ended");
    }
}

/// The forms that were posted, oldest first.
fn forms(services: &Services) -> Vec<HashMap<String, String>> {
    services.sign_ins().iter().map(form).collect()
}

fn send(client: &Client) -> u16 {
    client.send(&update()).expect("a response").status()
}

#[test]
fn a_person_signs_in() {
    let services = services(Decision::Approved);
    let client = client(&services);
    let operation = client.sign_in().expect("an operation");
    let shown = prompt(&operation).to_owned();
    assert!(
        shown.contains("https://microsoft.com/devicelogin"),
        "{shown}"
    );
    assert!(shown.contains("enter the code "), "{shown}");

    let identity = wait(operation).expect("an identity");
    assert_eq!(identity.tenant_id(), Some(TENANT_ID));
    assert_eq!(identity.client_id(), Some(CLIENT_ID));
    assert_eq!(identity.account(), Some(ACCOUNT));
    assert_eq!(identity.scopes(), Some(PERMISSION));
    assert_eq!(send(&client), 200);

    let [begun, redeemed] = services.sign_ins().try_into().expect("two requests");
    let endpoint = format!("/{TENANT_ID}/oauth2/v2.0");
    assert_eq!(begun.target, format!("{endpoint}/devicecode"));
    assert_eq!(redeemed.target, format!("{endpoint}/token"));
    let scope = format!("{}/.default offline_access", services.graph.endpoint());
    let common = [("client_id", CLIENT_ID), ("scope", &scope)];
    let common = common.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form(&begun), common.into());
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    assert_eq!(form(&redeemed)["grant_type"], grant);
}

#[test]
fn people_of_any_organization_may_sign_in() {
    let services = services(Decision::Approved);
    let host = services.entra.authority();
    let authority = Authority::for_people(host, "organizations").expect("an authority");
    let credential = Credential::device_code(authority, CLIENT_ID).expect("a credential");
    let identity = sign_in(&services.client(credential)).expect("an identity");
    assert_eq!(identity.tenant_id(), Some(TENANT_ID), "the token says it");
}

#[test]
fn it_is_asked_at_intervals_until_the_person_has_decided() {
    let services = services(Decision::Pending);
    let client = client(&services);
    let operation = client.sign_in().expect("an operation");
    let started = Instant::now();
    let stage = services.entra.stage();
    stage.wait_until(|requests| requests.len() == 3);
    assert!(started.elapsed() >= INTERVAL);
    services.entra.decide_device_codes(Decision::Approved);
    wait(operation).expect("an identity");
    assert_eq!(services.sign_ins().len(), 4);
}

#[test]
fn it_is_asked_less_often_when_the_service_says_so() {
    let services = services(Decision::Approved);
    let slow_down = Fault::answer(400).body(r#"{"error":"slow_down"}"#);
    services
        .entra
        .stage()
        .script([Fault::None, slow_down.into()]);
    let started = Instant::now();
    sign_in(&client(&services)).expect("an identity");
    assert!(started.elapsed() >= Duration::from_secs(1 + 6));
    assert_eq!(services.sign_ins().len(), 3);
}

#[test]
fn a_person_who_declines_is_told_of() {
    let services = services(Decision::Declined);
    let error = sign_in(&client(&services)).expect_err("it was declined");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    let told = "[authorization_declined] AADSTS70018: The end user denied the authorization";
    assert!(error.message().contains(told), "{error}");
    assert_eq!(services.sign_ins().len(), 2);
}

/// Whether the service says so or the client's own clock.
#[test]
fn a_code_that_expires_ends_it() {
    for interval in [1, 60] {
        let services = services(Decision::Pending);
        let interval = Duration::from_secs(interval);
        let lifetime = Duration::from_secs(2);
        services.entra.set_device_code_times(lifetime, interval);
        let started = Instant::now();
        let error = sign_in(&client(&services)).expect_err("it expired");
        assert!(started.elapsed() < Duration::from_secs(10));
        assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
        assert!(error.message().contains("expired"), "{error}");
    }
}

#[test]
fn a_code_that_the_service_says_has_expired_ends_it() {
    let services = services(Decision::Pending);
    let expired = Fault::answer(400).body(r#"{"error":"expired_token"}"#);
    services.entra.stage().script([Fault::None, expired.into()]);
    let error = sign_in(&client(&services)).expect_err("it expired");
    assert!(error.message().contains("[expired_token]"), "{error}");
    assert_eq!(services.sign_ins().len(), 2);
}

#[test]
fn the_person_may_take_longer_than_the_clients_time_limit() {
    let services = services(Decision::Pending);
    let builder = services.builder(credential(&services));
    let builder = builder.timeout(Duration::from_millis(500));
    let client = builder.expect("a limit").build().expect("a client");
    let operation = client.sign_in().expect("an operation");
    thread::sleep(INTERVAL);
    services.entra.decide_device_codes(Decision::Approved);
    wait(operation).expect("an identity");
}

#[test]
fn the_service_may_not() {
    let services = services(Decision::Approved);
    services.entra.stage().script([Fault::Hang]);
    let builder = services.builder(credential(&services));
    let builder = builder.timeout(Duration::from_millis(500));
    let client = builder.expect("a limit").build().expect("a client");
    let error = sign_in(&client).expect_err("a time-out");
    assert_eq!(error.kind(), ErrorKind::OperationTimeout);
}

/// The person may have signed in meanwhile.
#[test]
fn a_question_without_an_answer_is_asked_again() {
    let services = services(Decision::Approved);
    services
        .entra
        .stage()
        .script([Fault::None, Fault::Reset, Fault::Hang]);
    let builder = services.builder(credential(&services));
    let builder = builder.timeout(Duration::from_millis(500));
    let client = builder.expect("a limit").build().expect("a client");
    let started = Instant::now();
    sign_in(&client).expect("an identity");
    let slower = Duration::from_secs(1 + 6 + 11);
    assert!(started.elapsed() >= slower, "it is asked less often");
    assert_eq!(services.sign_ins().len(), 4);
}

#[test]
fn cancelling_ends_it_at_once() {
    let services = services(Decision::Pending);
    let mut operation = client(&services).sign_in().expect("an operation");
    prompt(&operation);
    let started = Instant::now();
    operation.cancel();
    assert!(operation.wait(LONG).expect("a wait"));
    assert!(started.elapsed() < INTERVAL);
    let error = operation.take_identity().expect_err("it is cancelled");
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn an_update_asks_nobody() {
    let services = services(Decision::Approved);
    let error = services.no_token(credential(&services));
    let told = "nobody has signed in. Sign in first.";
    assert!(error.message().ends_with(told), "{error}");
    assert_eq!(services.sign_ins().len(), 0);
}

#[test]
fn an_update_may_wait_for_a_sign_in() {
    let services = services(Decision::Pending);
    let client = client(&services);
    let operation = client.sign_in().expect("an operation");
    prompt(&operation);
    let mut update = client.start(&update()).expect("an operation");
    services.entra.decide_device_codes(Decision::Approved);
    wait(operation).expect("an identity");
    assert!(update.wait(LONG).expect("a wait"));
    assert_eq!(update.take_response().expect("a response").status(), 200);
}

#[test]
fn a_token_is_renewed_without_the_person() {
    let services = services(Decision::Approved);
    let client = client(&services);
    services.entra.set_token_lifetime(Duration::from_secs(2));
    sign_in(&client).expect("an identity");
    services.entra.decide_device_codes(Decision::Declined);
    for _ in 0..2 {
        thread::sleep(Duration::from_millis(1100));
        assert_eq!(send(&client), 200);
    }
    let [_, _, first, second] = forms(&services).try_into().expect("four requests");
    assert_eq!(first["grant_type"], "refresh_token");
    let scope = format!("{}/.default offline_access", services.graph.endpoint());
    assert_eq!(first["scope"], scope);
    assert_ne!(
        first["refresh_token"], second["refresh_token"],
        "each is used once"
    );
}

#[test]
fn a_refused_token_is_followed_by_one_with_the_claims_of_the_challenge() {
    let services = services(Decision::Approved);
    let client = client(&services);
    sign_in(&client).expect("an identity");
    services.entra.revoke_access_tokens();
    assert_eq!(send(&client), 200);
    let forms = forms(&services);
    let renewal = forms.last().expect("a renewal");
    assert_eq!(renewal["grant_type"], "refresh_token");
    assert!(
        renewal["claims"].contains("\"access_token\""),
        "{renewal:?}"
    );
}

#[test]
fn a_person_signs_in_again_when_the_renewal_is_refused() {
    let services = services(Decision::Approved);
    let client = client(&services);
    sign_in(&client).expect("an identity");
    services.entra.revoke_access_tokens();
    services.entra.revoke_refresh_tokens();
    let error = client.send(&update()).expect_err("the renewal is refused");
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert!(error.message().contains("[invalid_grant]"), "{error}");
    assert!(error.message().ends_with("Sign in again."), "{error}");

    sign_in(&client).expect("an identity");
    let redeemed = forms(&services).pop().expect("a request");
    assert!(redeemed["claims"].contains("\"access_token\""), "of Graph");
    assert_eq!(send(&client), 200);
}

/// Though the token is good still, a sign-in wants a new one.
#[test]
fn a_person_who_signs_in_again_has_the_time_of_the_code() {
    let services = services(Decision::Approved);
    let client = client(&services);
    services.entra.set_token_lifetime(Duration::from_secs(8));
    sign_in(&client).expect("an identity");
    services.entra.revoke_refresh_tokens();
    services.entra.decide_device_codes(Decision::Pending);
    thread::sleep(Duration::from_millis(4100));
    let operation = client.sign_in().expect("an operation");
    let is_over = operation.wait(Duration::from_secs(3)).expect("a wait");
    assert!(!is_over, "the person is waited for");
    services.entra.decide_device_codes(Decision::Approved);
    wait(operation).expect("an identity");
    let redeemed = forms(&services).pop().expect("a request");
    assert!(redeemed.contains_key("device_code"), "{redeemed:?}");
}

#[test]
fn a_refused_renewal_is_told_when_the_token_has_ended() {
    let services = services(Decision::Approved);
    let client = client(&services);
    services.entra.set_token_lifetime(Duration::from_secs(3));
    sign_in(&client).expect("an identity");
    services.entra.revoke_refresh_tokens();
    thread::sleep(Duration::from_secs(2));
    assert_eq!(send(&client), 200, "the token is good still");
    thread::sleep(Duration::from_secs(2));
    for _ in 0..2 {
        let error = client.send(&update()).expect_err("nobody has signed in");
        assert!(
            error.message().contains("[invalid_grant] AADSTS"),
            "{error}"
        );
        assert!(error.message().ends_with("Sign in again."), "{error}");
    }
    assert_eq!(services.sign_ins().len(), 3, "it was refused once");
}

#[test]
fn a_renewal_that_fails_on_the_way_asks_nobody() {
    let services = services(Decision::Approved);
    let client = client(&services);
    sign_in(&client).expect("an identity");
    services.entra.revoke_access_tokens();
    services.entra.stage().script([Fault::answer(500).into()]);
    client.send(&update()).expect_err("the renewal failed");
    assert_eq!(send(&client), 200, "the refresh token is good still");
}

#[test]
fn an_answer_without_a_code_is_told() {
    for body in ["<html></html>", "{}", r#"{"device_code":"x"}"#] {
        let services = services(Decision::Approved);
        let answer = Fault::answer(200).body(body);
        services.entra.stage().script([answer.into()]);
        let error = sign_in(&client(&services)).expect_err("there is no code");
        assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
        let told = "the answer has no device code.";
        assert!(error.message().ends_with(told), "{error}");
    }
}

#[test]
fn a_code_without_a_message_is_told_in_our_words() {
    let services = services(Decision::Approved);
    let answer = r#"{"device_code":"x","user_code":"ABC","verification_uri":"https://page.example","expires_in":900}"#;
    let answer = Fault::answer(200).body(answer);
    services.entra.stage().script([answer.into()]);
    let operation = client(&services).sign_in().expect("an operation");
    let told = "To sign in, open the page https://page.example and enter the code ABC.";
    assert_eq!(prompt(&operation), told);
}

#[test]
fn neither_code_nor_refresh_token_is_shown() {
    let services = services(Decision::Approved);
    let answer = r#"{"device_code":"planted","message":"m","expires_in":9,"interval":1}"#;
    let page = "<html>Bad request: device_code=planted&refresh_token=planted</html>";
    let answer = Fault::answer(200).body(answer);
    let page = Fault::answer(400).body(page);
    services.entra.stage().script([answer.into(), page.into()]);
    let client = client(&services);
    let operation = client.sign_in().expect("an operation");
    let shown = format!("{operation:?} {client:?}");
    let error = wait(operation).expect_err("the page");
    let shown = format!("{shown} {error} {error:?}");
    assert!(!shown.contains("planted"), "{shown}");
}
