//! The endpoints of virtual machines and App Service.

use crate::client::{Answer, send};
use crate::entra_emulator::{IDENTITY_HEADER, ManagedIdentityEmulator, USER_ASSIGNED};
use crate::graph_emulator::tokens::Tokens;
use crate::graph_emulator::{Fault, GraphEmulator};

const RESOURCE: &str = "https://graph.example";

fn start() -> ManagedIdentityEmulator {
    ManagedIdentityEmulator::start(Tokens::default())
}

fn ask(url: &str, pairs: &[(&str, &str)], header: (&str, &str)) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    send(|client| {
        client
            .get(format!("{url}?{query}"))
            .header(header.0, header.1)
    })
}

fn imds(emulator: &ManagedIdentityEmulator, pairs: &[(&str, &str)]) -> Answer {
    let url = format!("{}/metadata/identity/oauth2/token", emulator.imds());
    ask(&url, pairs, ("Metadata", "true"))
}

fn app_service(emulator: &ManagedIdentityEmulator, pairs: &[(&str, &str)]) -> Answer {
    let header = ("X-IDENTITY-HEADER", IDENTITY_HEADER);
    ask(&emulator.identity_endpoint(), pairs, header)
}

const IMDS: [(&str, &str); 2] = [("api-version", "2018-02-01"), ("resource", RESOURCE)];
const APP_SERVICE: [(&str, &str); 2] = [("api-version", "2019-08-01"), ("resource", RESOURCE)];

#[test]
fn both_give_tokens() {
    let emulator = start();
    for answer in [imds(&emulator, &IMDS), app_service(&emulator, &APP_SERVICE)] {
        assert_eq!(answer.status, 200, "{}", answer.json);
        assert_eq!(answer.text("token_type"), "Bearer");
        assert_eq!(answer.text("resource"), RESOURCE);
        let seconds = |member| answer.text(member).parse::<i64>().unwrap();
        assert_eq!(
            seconds("expires_on") - seconds("not_before"),
            seconds("expires_in")
        );
    }
    let [first, second] = emulator.stage().requests().try_into().unwrap();
    assert_eq!(first.header("Metadata"), Some("true"));
    assert_eq!(second.header("X-IDENTITY-HEADER"), Some(IDENTITY_HEADER));
}

#[test]
fn graph_accepts_their_tokens() {
    let tokens = Tokens::default();
    let emulator = ManagedIdentityEmulator::start(tokens.clone());
    let graph = GraphEmulator::builder().tokens(tokens).start().unwrap();
    let answer = imds(&emulator, &[IMDS[0], ("resource", graph.endpoint())]);
    let images = "v1.0/deviceManagement/virtualEndpoint/deviceImages";
    let list = send(|client| {
        client
            .get(format!("{}/{images}", graph.endpoint()))
            .bearer_auth(answer.text("access_token"))
    });
    assert_eq!(list.status, 200);
}

#[test]
fn a_user_assigned_identity_has_three_names() {
    let emulator = start();
    let system = imds(&emulator, &IMDS);
    assert_ne!(system.text("client_id"), USER_ASSIGNED.client_id);
    for (name, value) in [
        ("client_id", USER_ASSIGNED.client_id),
        ("object_id", USER_ASSIGNED.object_id),
        ("msi_res_id", USER_ASSIGNED.resource_id),
    ] {
        let answer = imds(&emulator, &[IMDS[0], IMDS[1], (name, value)]);
        assert_eq!(answer.text("client_id"), USER_ASSIGNED.client_id, "{name}");
        let answer = imds(&emulator, &[IMDS[0], IMDS[1], (name, "unknown")]);
        assert_eq!(
            (answer.status, answer.text("error_description")),
            (400, "Identity not found")
        );
    }
    for (name, value) in [
        ("client_id", USER_ASSIGNED.client_id),
        ("principal_id", USER_ASSIGNED.object_id),
        ("mi_res_id", USER_ASSIGNED.resource_id),
    ] {
        let answer = app_service(&emulator, &[APP_SERVICE[0], APP_SERVICE[1], (name, value)]);
        assert_eq!(answer.text("client_id"), USER_ASSIGNED.client_id, "{name}");
    }
}

#[test]
fn what_is_wrong_is_refused_in_their_own_words() {
    let emulator = start();
    let url = format!("{}/metadata/identity/oauth2/token", emulator.imds());
    let answer = ask(&url, &IMDS, ("Accept", "*/*"));
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.text("error_description"),
        "Required metadata header not specified"
    );
    for pairs in [&IMDS[..1], &IMDS[1..], &APP_SERVICE[..]] {
        let answer = imds(&emulator, pairs);
        assert_eq!(answer.status, 400, "{pairs:?}");
        assert!(answer.text("error").starts_with("invalid_"), "{pairs:?}");
    }

    let answer = ask(
        &emulator.identity_endpoint(),
        &APP_SERVICE,
        ("X-IDENTITY-HEADER", "wrong"),
    );
    assert_eq!(
        (answer.status, &answer.json["statusCode"]),
        (401, &401.into())
    );
    let answer = app_service(&emulator, &IMDS);
    assert_eq!(
        (answer.status, &answer.json["statusCode"]),
        (400, &400.into())
    );
}

#[test]
fn they_meet_faults() {
    let emulator = start();
    emulator.stage().script([
        Fault::answer(429).header("Retry-After", "1").into(),
        Fault::answer(410).into(),
    ]);
    let busy = imds(&emulator, &IMDS);
    assert_eq!(
        (busy.status, busy.headers["retry-after"].as_bytes()),
        (429, &b"1"[..])
    );
    assert_eq!(imds(&emulator, &IMDS).status, 410);
    assert_eq!(imds(&emulator, &IMDS).status, 200);
}
