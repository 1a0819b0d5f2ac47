//! A token is shown by nothing.

use mgdeviceimage::client::ClientBuilder;

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
