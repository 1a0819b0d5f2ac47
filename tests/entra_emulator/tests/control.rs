//! The control API, as tests of another process use it.

use crate::client::{Answer, SCOPE, post, send, sign_in};
use crate::entra_emulator::{ClientCertificate, EntraEmulator, SECRET, TENANT_ID};
use reqwest::Method;

fn control(entra: &EntraEmulator, method: Method, path: &str, body: &str) -> Answer {
    send(|client| {
        client
            .request(method, format!("{}/emulator/{path}", entra.authority()))
            .header("Content-Type", "application/json")
            .body(body.to_owned())
    })
}

#[test]
fn the_secret_and_the_lifetime_are_put() {
    let entra = EntraEmulator::start();
    assert_eq!(control(&entra, Method::PUT, "secret", "new").status, 204);
    assert_eq!(
        control(&entra, Method::PUT, "token-lifetime", "60").status,
        204
    );
    let answer = sign_in(&entra, &[("client_secret", "new")]);
    assert_eq!(answer.json["expires_in"], 60);
    assert_eq!(
        control(&entra, Method::PUT, "token-lifetime", "long").status,
        400
    );

    assert_eq!(control(&entra, Method::POST, "reset", "").status, 204);
    let answer = sign_in(&entra, &[("client_secret", SECRET)]);
    assert_eq!(answer.json["expires_in"], 3599);
}

#[test]
fn credentials_are_registered() {
    let entra = EntraEmulator::start();
    let pem = ClientCertificate::new().certificate_pem();
    assert_eq!(
        control(&entra, Method::POST, "certificates", &pem).status,
        204
    );
    assert_eq!(
        control(&entra, Method::POST, "certificates", "no PEM").status,
        400
    );
    assert_eq!(
        control(&entra, Method::POST, "federated-tokens", "a.b.c").status,
        204
    );
    let answer = sign_in(
        &entra,
        &[
            ("client_assertion", "a.b.c"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
        ],
    );
    assert_eq!(answer.status, 200);
}

#[test]
fn device_codes_are_decided() {
    let entra = EntraEmulator::start();
    let settings = r#"{"decision": "declined", "interval": 1}"#;
    assert_eq!(
        control(&entra, Method::PUT, "device-codes", settings).status,
        204
    );
    let path = format!("{TENANT_ID}/oauth2/v2.0/devicecode");
    let begun = post(&entra, &path, &[("grant_type", ""), ("scope", SCOPE)]);
    assert_eq!(begun.json["interval"], 1);
    assert_eq!(begun.json["expires_in"], 900);
    let answer = sign_in(
        &entra,
        &[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", begun.text("device_code")),
        ],
    );
    assert_eq!(answer.text("error"), "authorization_declined");
    let wrong = control(
        &entra,
        Method::PUT,
        "device-codes",
        r#"{"decision": "maybe"}"#,
    );
    assert_eq!(wrong.status, 422);
}

#[test]
fn requests_and_faults_are_as_for_graph() {
    let entra = EntraEmulator::start();
    let faults = r#"[{"kind": "answer", "status": 503}]"#;
    assert_eq!(control(&entra, Method::POST, "faults", faults).status, 204);
    assert_eq!(sign_in(&entra, &[]).status, 503);
    let requests = control(&entra, Method::GET, "requests", "").json;
    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert_eq!(requests[0]["method"], "POST");
}
