//! Answers of the sign-in service that hold no token.

use crate::graph_emulator::{Fault, GraphEmulator};
use crate::services::Services;

/// What is told of an answer. The service was asked once.
fn told(fault: impl Into<Fault>) -> String {
    let services = Services::start();
    services.entra.stage().script([fault.into()]);
    let error = services.no_token(services.application());
    assert_eq!(services.sign_ins().len(), 1);
    let message = error.message();
    let host = format!(" got no access token from {}: ", services.entra.authority());
    let (_, told) = message.split_once(&host).expect(message);
    told.to_owned()
}

#[test]
fn a_success_without_a_token_is_told() {
    for (body, expected) in [
        ("<html>Sign in</html>", "the answer is no JSON."),
        ("", "the answer is no JSON."),
        ("[]", "the answer has no access_token."),
        (
            r#"{"token_type":"Bearer"}"#,
            "the answer has no access_token.",
        ),
        (r#"{"access_token":7}"#, "the answer has no access_token."),
        (
            r#"{"access_token":"a token\r\nHost: elsewhere"}"#,
            "the answer's access_token is no bearer token.",
        ),
    ] {
        assert_eq!(told(Fault::answer(200).body(body)), expected, "{body}");
    }
}

#[test]
fn an_error_that_is_not_entras_is_shown_at_its_start() {
    let told = told(Fault::html502());
    assert!(told.contains("BadGateway"), "{told}");
    assert!(told.contains("502 Bad Gateway"), "{told}");
}

#[test]
fn an_error_is_one_line_without_secrets() {
    let body = r#"{"error":"invalid_client","error_description":"AADSTS1: \u001b[31mclient_secret=planted","correlation_id":"a\u0007b"}"#;
    let told = told(Fault::answer(401).body(body));
    let shown = "[invalid_client] AADSTS1:  [31mclient_secret=[redacted]";
    assert!(told.starts_with(shown), "{told}");
    assert!(!told.contains(char::is_control), "{told}");
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = GraphEmulator::start();
    for status in [302, 307, 308] {
        let told = told(Fault::redirect(status, elsewhere.endpoint()));
        assert!(told.contains("Status: "), "{told}");
    }
    assert_eq!(elsewhere.requests().len(), 0, "the secret went elsewhere");
}

#[test]
fn no_answer_is_told() {
    for fault in [Fault::Reset, Fault::Close, Fault::Truncate] {
        let named = told(fault.clone());
        assert!(named.contains("127.0.0.1:"), "{fault:?}: {named}");
    }
}
