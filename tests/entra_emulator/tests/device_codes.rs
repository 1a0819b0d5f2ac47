//! Device codes and refresh tokens.

use crate::client::{Answer, SCOPE, post, sign_in};
use crate::entra_emulator::{Decision, EntraEmulator, TENANT_ID};
use serde_json::json;
use std::thread;
use std::time::Duration;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const NO_TIME: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_secs(900);

/// Begins and answers the device code.
fn begin(entra: &EntraEmulator) -> String {
    let scope = format!("{SCOPE} offline_access");
    let path = format!("{TENANT_ID}/oauth2/v2.0/devicecode");
    let answer = post(entra, &path, &[("grant_type", ""), ("scope", &scope)]);
    assert_eq!(answer.status, 200, "{}", answer.json);
    answer.text("device_code").to_owned()
}

fn poll(entra: &EntraEmulator, device_code: &str) -> Answer {
    let pairs = [
        ("grant_type", GRANT),
        ("device_code", device_code),
        ("scope", ""),
    ];
    sign_in(entra, &pairs)
}

fn assert_refused(answer: &Answer, error: &str) {
    assert_eq!(answer.status, 400, "{}", answer.json);
    assert_eq!(answer.text("error"), error);
}

#[test]
fn a_person_is_told_where_to_go() {
    let entra = EntraEmulator::start();
    let path = "organizations/oauth2/v2.0/devicecode";
    let answer = post(&entra, path, &[("grant_type", "")]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["expires_in"], 900);
    assert_eq!(answer.json["interval"], 5);
    for member in ["verification_uri", "user_code"] {
        assert!(
            answer.text("message").contains(answer.text(member)),
            "{member}"
        );
    }
}

#[test]
fn a_client_waits_until_the_person_has_signed_in() {
    let entra = EntraEmulator::start();
    entra.set_device_code_times(LONG, NO_TIME);
    let code = begin(&entra);
    for _ in 0..2 {
        assert_refused(&poll(&entra, &code), "authorization_pending");
    }
    entra.decide_device_codes(Decision::Approved);
    let answer = poll(&entra, &code);
    assert_eq!(answer.status, 200, "{}", answer.json);
    assert!(!answer.text("access_token").is_empty());
    assert!(!answer.text("refresh_token").is_empty());
    // Good once.
    assert_refused(&poll(&entra, &code), "bad_verification_code");
}

#[test]
fn a_client_that_asks_too_often_is_told_so() {
    let entra = EntraEmulator::start();
    let code = begin(&entra);
    assert_refused(&poll(&entra, &code), "authorization_pending");
    assert_refused(&poll(&entra, &code), "slow_down");
}

#[test]
fn a_person_may_decline() {
    let entra = EntraEmulator::start();
    let code = begin(&entra);
    entra.decide_device_codes(Decision::Declined);
    assert_refused(&poll(&entra, &code), "authorization_declined");
}

#[test]
fn a_code_expires() {
    let entra = EntraEmulator::start();
    entra.set_device_code_times(Duration::from_millis(50), NO_TIME);
    let code = begin(&entra);
    thread::sleep(Duration::from_millis(60));
    entra.decide_device_codes(Decision::Approved);
    assert_refused(&poll(&entra, &code), "expired_token");
}

#[test]
fn a_code_that_was_not_given_out_is_bad() {
    let entra = EntraEmulator::start();
    assert_refused(&poll(&entra, "D0"), "bad_verification_code");
    assert_refused(&poll(&entra, ""), "invalid_request");
}

fn refresh(entra: &EntraEmulator, token: &str) -> Answer {
    sign_in(
        entra,
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("scope", ""),
        ],
    )
}

#[test]
fn a_refresh_token_gives_others() {
    let entra = EntraEmulator::start();
    let code = begin(&entra);
    entra.decide_device_codes(Decision::Approved);
    let first = poll(&entra, &code);
    let second = refresh(&entra, first.text("refresh_token"));
    assert_eq!(second.status, 200, "{}", second.json);
    for member in ["access_token", "refresh_token"] {
        assert_ne!(first.text(member), second.text(member));
    }
    assert_eq!(second.text("scope"), first.text("scope"));

    entra.revoke_refresh_tokens();
    let third = refresh(&entra, second.text("refresh_token"));
    assert_refused(&third, "invalid_grant");
    assert_eq!(third.json["error_codes"], json!([50173]));
}
