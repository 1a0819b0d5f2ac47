//! Tokens for the application's secret, and what Graph makes of them.

use crate::client::{SCOPE, form, post, send, sign_in};
use crate::entra_emulator::{CLIENT_ID, EntraEmulator, SECRET, TENANT_DOMAIN, TENANT_ID};
use crate::graph_emulator::{Fault, GraphEmulator, Tls};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};
use std::thread;
use std::time::Duration;

#[test]
fn the_secret_gives_a_token() {
    let entra = EntraEmulator::start();
    let answer = sign_in(&entra, &[("client_secret", SECRET)]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text("token_type"), "Bearer");
    assert_eq!(answer.json["expires_in"], 3599);
    assert_eq!(answer.headers["cache-control"], "no-store, no-cache");

    let claims = answer.text("access_token").split('.').nth(1).unwrap();
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["aud"], "https://graph.example");
    assert_eq!(claims["appid"], CLIENT_ID);
    let lifetime = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lifetime, 3599);

    let again = sign_in(&entra, &[("client_secret", SECRET)]);
    assert_ne!(again.text("access_token"), answer.text("access_token"));
}

#[test]
fn requests_are_recorded() {
    let entra = EntraEmulator::start();
    let pairs = [("client_secret", SECRET), ("claims", "{}")];
    sign_in(&entra, &pairs);
    let [request] = entra.stage().requests().try_into().unwrap();
    assert_eq!(request.target, format!("/{TENANT_ID}/oauth2/v2.0/token"));
    assert_eq!(request.body_text(), form(&pairs));
}

#[test]
fn an_error_has_the_shape_of_entras() {
    let entra = EntraEmulator::start();
    let id = "5e2d9c1b-7a84-4f60-b3e1-8d0c6a9f4271";
    let answer = send(|client| {
        client
            .post(format!(
                "{}/{TENANT_ID}/oauth2/v2.0/token",
                entra.authority()
            ))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("client-request-id", id)
            .body(form(&[("client_secret", "wrong")]))
    });
    assert_eq!(answer.status, 401);
    assert_eq!(answer.text("error"), "invalid_client");
    assert_eq!(answer.json["error_codes"], json!([7000215]));
    assert_eq!(answer.text("correlation_id"), id);
    let trace_id = answer.text("trace_id");
    assert_eq!(answer.headers["x-ms-request-id"], trace_id);
    let description = answer.text("error_description");
    assert!(description.starts_with("AADSTS7000215: Invalid client secret provided."));
    let end = format!(
        " Trace ID: {trace_id} Correlation ID: {id} Timestamp: {}",
        answer.text("timestamp")
    );
    assert!(description.ends_with(&end), "{description}");
    assert!(!answer.json.to_string().contains("wrong"));
}

#[test]
fn what_is_wrong_has_its_code() {
    let entra = EntraEmulator::start();
    let secret = ("client_secret", SECRET);
    for (pairs, status, error, code) in [
        (&[][..], 401, "invalid_client", 7000216),
        (
            &[secret, ("client_assertion", "x")],
            401,
            "invalid_client",
            7000216,
        ),
        (&[("client_assertion", "x")], 400, "invalid_request", 900144),
        (
            &[secret, ("client_id", "x")],
            400,
            "unauthorized_client",
            700016,
        ),
        (&[secret, ("client_id", "")], 400, "invalid_request", 900144),
        (
            &[secret, ("grant_type", "")],
            400,
            "invalid_request",
            900144,
        ),
        (
            &[secret, ("grant_type", "password")],
            400,
            "unsupported_grant_type",
            70003,
        ),
        (&[secret, ("scope", "")], 400, "invalid_request", 900144),
        (
            &[secret, ("scope", "https://graph.example/User.Read")],
            400,
            "invalid_scope",
            1002012,
        ),
    ] {
        let answer = sign_in(&entra, pairs);
        assert_eq!(answer.status, status, "{pairs:?} {}", answer.json);
        assert_eq!(answer.text("error"), error, "{pairs:?}");
        assert_eq!(answer.json["error_codes"], json!([code]), "{pairs:?}");
    }
}

#[test]
fn a_tenant_has_an_id_and_a_domain() {
    let entra = EntraEmulator::start();
    for (tenant, status) in [
        (TENANT_ID, 200),
        (TENANT_DOMAIN, 200),
        ("fabrikam.example", 400),
        // An application belongs to one tenant.
        ("common", 400),
    ] {
        let path = format!("{tenant}/oauth2/v2.0/token");
        let answer = post(&entra, &path, &[("client_secret", SECRET)]);
        assert_eq!(answer.status, status, "{tenant}");
        if status == 400 {
            assert_eq!(answer.json["error_codes"], json!([90002]));
        }
    }
}

#[test]
fn only_forms_that_are_posted_are_read() {
    let entra = EntraEmulator::start();
    let url = format!("{}/{TENANT_ID}/oauth2/v2.0/token", entra.authority());
    let body = form(&[("client_secret", SECRET)]);
    for answer in [
        send(|client| client.get(format!("{url}?{body}"))),
        send(|client| {
            client
                .post(&url)
                .header("Content-Type", "application/json")
                .body(body)
        }),
    ] {
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json["error_codes"], json!([900561]));
    }
    assert_eq!(post(&entra, "favicon.ico", &[]).status, 404);
}

#[test]
fn a_secret_can_be_replaced() {
    let entra = EntraEmulator::start();
    entra.set_secret("new");
    assert_eq!(sign_in(&entra, &[("client_secret", SECRET)]).status, 401);
    assert_eq!(sign_in(&entra, &[("client_secret", "new")]).status, 200);
}

#[test]
fn faults_come_in_the_shape_of_entras_errors() {
    let entra = EntraEmulator::start();
    entra.stage().script([
        Fault::answer(429).header("Retry-After", "7").into(),
        Fault::answer(503).into(),
        Fault::answer(400)
            .error("slow_down", "AADSTS70016: Wait.")
            .into(),
        Fault::html502(),
    ]);
    let secret = [("client_secret", SECRET)];
    let busy = sign_in(&entra, &secret);
    assert_eq!(busy.status, 429);
    assert_eq!(busy.headers["retry-after"], "7");
    assert_eq!(busy.text("error"), "temporarily_unavailable");
    let unwell = sign_in(&entra, &secret);
    assert_eq!(
        (unwell.status, unwell.text("error")),
        (503, "temporarily_unavailable")
    );
    let slow = sign_in(&entra, &secret);
    assert_eq!((slow.status, slow.text("error")), (400, "slow_down"));
    assert_eq!(slow.json["error_codes"], json!([70016]));
    let html = sign_in(&entra, &secret);
    assert_eq!((html.status, html.json), (502, Value::Null));
    assert_eq!(sign_in(&entra, &secret).status, 200);
}

/// An Entra ID, a Graph that accepts its tokens, and the scope of that Graph.
fn pair() -> (EntraEmulator, GraphEmulator, String) {
    let entra = EntraEmulator::start();
    let graph = GraphEmulator::builder()
        .tls(Tls::Valid)
        .tokens(entra.tokens())
        .start()
        .unwrap();
    let scope = format!("{}/.default", graph.endpoint());
    (entra, graph, scope)
}

fn token(entra: &EntraEmulator, scope: &str) -> String {
    let answer = sign_in(entra, &[("client_secret", SECRET), ("scope", scope)]);
    answer.text("access_token").to_owned()
}

/// Graph's status, message and challenge for a token.
fn ask_graph(graph: &GraphEmulator, token: &str) -> (u16, String, String) {
    let images = "v1.0/deviceManagement/virtualEndpoint/deviceImages";
    let answer = send(|client| {
        client
            .get(format!("{}/{images}", graph.endpoint()))
            .bearer_auth(token)
    });
    let challenge = answer.headers.get("www-authenticate");
    (
        answer.status,
        answer.json["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        challenge.map_or_else(String::new, |value| value.to_str().unwrap().to_owned()),
    )
}

#[test]
fn graph_accepts_a_token_that_is_for_it() {
    let (entra, graph, scope) = pair();
    assert_eq!(ask_graph(&graph, &token(&entra, &scope)).0, 200);
    assert_eq!(ask_graph(&graph, graph.token()).0, 200);
    let (status, message, _) = ask_graph(&graph, &token(&entra, SCOPE));
    assert_eq!(status, 401);
    assert!(message.contains("audience"), "{message}");
    assert_eq!(ask_graph(&graph, "made-up").0, 401);
}

#[test]
fn graph_refuses_a_token_that_has_expired() {
    let (entra, graph, scope) = pair();
    entra.set_token_lifetime(Duration::from_secs(1));
    let token = token(&entra, &scope);
    assert_eq!(ask_graph(&graph, &token).0, 200);
    thread::sleep(Duration::from_millis(1100));
    let (status, message, challenge) = ask_graph(&graph, &token);
    assert_eq!(status, 401);
    assert!(message.contains("expired"), "{message}");
    assert!(!challenge.contains("claims"), "{challenge}");
}

#[test]
fn graph_challenges_a_token_that_was_revoked() {
    let (entra, graph, scope) = pair();
    let before = token(&entra, &scope);
    entra.revoke_access_tokens();
    let (status, _, challenge) = ask_graph(&graph, &before);
    assert_eq!(status, 401);
    assert!(
        challenge.contains("error=\"insufficient_claims\""),
        "{challenge}"
    );
    let claims = challenge
        .split("claims=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let claims: Value = serde_json::from_slice(&BASE64_STANDARD.decode(claims).unwrap()).unwrap();
    assert_eq!(claims["access_token"]["nbf"]["essential"], true);

    assert_eq!(ask_graph(&graph, &token(&entra, &scope)).0, 200);
    assert_eq!(ask_graph(&graph, graph.token()).0, 200);
}
