//! Secrets are shown by nothing.

use std::fmt::Debug;

use mgdeviceimage::client::ClientBuilder;
use mgdeviceimage::credential::{AccessToken, Certificate, Credential};
use mgdeviceimage::environment::Environment;

use crate::entra_emulator::{CLIENT_ID, ClientCertificate};
use crate::graph_emulator::Fault;
use crate::services::Services;

/// What the secrets of these tests have in common: the text, and how a form spells it.
const PLANTED: [&str; 2] = ["planted/secret", "planted%2Fsecret"];

fn check(shown: &str) {
    for planted in PLANTED {
        assert!(!shown.contains(planted), "{shown}");
    }
}

fn check_debug(value: &impl Debug) {
    check(&format!("{value:?} {value:#?}"));
}

#[test]
fn debug_output_has_none() {
    let services = Services::start();
    let token = AccessToken::new(PLANTED[0], None).expect("a token");
    check_debug(&token);

    let credential = services.application_with(PLANTED[0]);
    check_debug(&credential);
    let builder = ClientBuilder::new().credential(credential);
    check_debug(&builder);
    check_debug(&builder.build().expect("a client"));

    let environment = Environment::given([("AZURE_CLIENT_SECRET", PLANTED[0])]);
    let environment = environment.expect("an environment");
    let shown = format!("{environment:?}");
    assert_eq!(shown, r#"Environment{"AZURE_CLIENT_SECRET"}"#);
    check_debug(&ClientBuilder::new().environment(environment));

    let own = ClientCertificate::new();
    let certificate = Certificate::from_pem(own.pem().as_bytes()).expect("a certificate");
    assert_eq!(format!("{certificate:?}"), "Certificate");
    let credential = Credential::client_certificate(services.authority(), CLIENT_ID, certificate);
    let credential = credential.expect("a credential");
    assert_eq!(format!("{credential:?}"), "Credential(application)");
}

/// Gateways show in their pages what they did not understand.
#[test]
fn an_answer_that_repeats_the_request_is_not_told_whole() {
    let form = format!("client_id={CLIENT_ID}&client_secret={}&scope=x", PLANTED[1]);
    let json = |description: &str| {
        serde_json::json!({"error": "invalid_request", "error_description": description})
            .to_string()
    };
    for body in [
        format!("<html>Bad request: {form}</html>"),
        json(&format!("AADSTS900144: Not understood: {form}")),
        json(&format!(
            "AADSTS900144: Not understood: client_secret={}",
            PLANTED[0]
        )),
        format!(r#"{{"error":"x","client_secret":"{}"}}"#, PLANTED[0]),
        format!(r#"{{"access_token":"{} not a token"}}"#, PLANTED[0]),
    ] {
        for status in [200, 400] {
            let services = Services::start();
            let answer = Fault::answer(status).body(body.clone());
            services.entra.stage().script([answer.into()]);
            let error = services.no_token(services.application_with(PLANTED[0]));
            check(&format!("{error} {error:?} {error:#?}"));
        }
    }
}

#[test]
fn a_secret_that_entra_refuses_is_not_told() {
    let services = Services::start();
    let error = services.no_token(services.application_with(PLANTED[0]));
    check(&format!("{error} {error:?}"));
}

/// The token itself goes to Graph alone.
#[test]
fn an_error_of_graphs_has_no_token() {
    let services = Services::start();
    services.graph.script([Fault::answer(403).into()]);
    let error = services.update(services.application()).expect_err("403");
    let [request] = services.graph.requests().try_into().expect("one request");
    let authorization = request.header("Authorization").expect("a token");
    let token = authorization.trim_start_matches("Bearer ");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(token), "{shown}");
}
