//! A secret is shown by nothing.

use mgdeviceimage::client::ClientBuilder;
use mgdeviceimage::response::Response;
use serde_json::Value;

#[test]
fn debug_output_has_no_token() {
    let builder = ClientBuilder::new()
        .token("eyJ0eXAi-planted-secret")
        .expect("a token");
    let client = builder.build().expect("a client");
    for shown in [format!("{builder:#?}"), format!("{client:#?}")] {
        assert!(!shown.contains("planted"), "{shown}");
    }
}

#[test]
fn a_refused_token_is_not_shown() {
    let error = ClientBuilder::new()
        .token("planted secret")
        .expect_err("a space is no token character");
    assert!(!format!("{error} {error:?}").contains("planted"));
}

/// What an error says of a body that is not Graph's.
fn shown(body: &str) -> String {
    let error = Response::from_parts(502, [], body.as_bytes()).expect_err("502 is an error");
    error.to_string()
}

#[test]
fn a_foreign_body_is_shown_without_secrets() {
    let table: Value =
        serde_json::from_str(include_str!("data/redaction.json")).expect("the table is JSON");
    let texts = |name: &str| -> Vec<String> {
        serde_json::from_value(table[name].clone()).expect("the table has texts")
    };
    let secret = table["secret"].as_str().expect("the secret is a text");
    for text in texts("hidden") {
        let shown = shown(&text);
        assert!(shown.contains("[redacted]"), "{text}: {shown}");
        assert!(!shown.contains(secret), "{text}: {shown}");
    }
    for text in texts("kept") {
        let shown = shown(&text);
        assert!(shown.contains(&text), "{text}: {shown}");
    }
}
