//! Client assertions: signed with a certificate, or of another issuer.

use crate::client::{Answer, sign_in};
use crate::entra_emulator::{CLIENT_ID, ClientCertificate, EntraEmulator, TENANT_ID};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};
use time::OffsetDateTime;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

fn present(entra: &EntraEmulator, assertion: &str) -> Answer {
    sign_in(
        entra,
        &[
            ("client_assertion", assertion),
            ("client_assertion_type", JWT_BEARER),
        ],
    )
}

/// Refused with this code.
fn assert_refused(answer: &Answer, code: u32) {
    assert_eq!(answer.status, 401, "{}", answer.json);
    assert_eq!(answer.text("error"), "invalid_client");
    assert_eq!(answer.json["error_codes"], json!([code]), "{}", answer.json);
}

fn header(certificate: &ClientCertificate) -> Value {
    json!({"alg": "PS256", "typ": "JWT", "x5t#S256": certificate.sha256_thumbprint()})
}

fn claims(entra: &EntraEmulator) -> Value {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    json!({
        "aud": format!("{}/{TENANT_ID}/oauth2/v2.0/token", entra.authority()),
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "jti": "22b3bb26-e046-42df-9c96-65dbd72c1c81",
        "nbf": now - 60,
        "exp": now + 600,
    })
}

fn sign(certificate: &ClientCertificate, header: &Value, claims: &Value) -> String {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let signed = format!(
        "{}.{}",
        encode(header.to_string().as_bytes()),
        encode(claims.to_string().as_bytes())
    );
    let signature = match header["alg"].as_str() {
        Some("PS256") => certificate.sign_ps256(&signed),
        _ => certificate.sign_rs256(&signed),
    };
    format!("{signed}.{}", encode(&signature))
}

/// An Entra ID that knows a certificate.
fn registered() -> (EntraEmulator, ClientCertificate) {
    let entra = EntraEmulator::start();
    let certificate = ClientCertificate::new();
    entra.add_certificates(&certificate.certificate_pem());
    (entra, certificate)
}

#[test]
fn a_signed_assertion_gives_a_token() {
    let (entra, certificate) = registered();
    for header in [
        header(&certificate),
        json!({"alg": "RS256", "x5t": certificate.sha1_thumbprint()}),
        json!({"alg": "RS256", "x5t#S256": certificate.sha256_thumbprint(), "x5t": certificate.sha1_thumbprint()}),
    ] {
        let answer = present(&entra, &sign(&certificate, &header, &claims(&entra)));
        assert_eq!(answer.status, 200, "{header} {}", answer.json);
    }
    let mut other_audience = claims(&entra);
    other_audience["aud"] = json!(format!("{}/{TENANT_ID}/v2.0", entra.authority()));
    let assertion = sign(&certificate, &header(&certificate), &other_audience);
    assert_eq!(present(&entra, &assertion).status, 200);
}

#[test]
fn another_certificate_is_unknown_with_the_same_key_too() {
    let (entra, certificate) = registered();
    let other = ClientCertificate::new();
    let assertion = sign(&other, &header(&other), &claims(&entra));
    assert_refused(&present(&entra, &assertion), 700027);

    let mixed = json!({"alg": "RS256", "x5t": certificate.sha1_thumbprint(), "x5t#S256": other.sha256_thumbprint()});
    assert_refused(
        &present(&entra, &sign(&other, &mixed, &claims(&entra))),
        700027,
    );
}

#[test]
fn a_signature_counts() {
    let (entra, certificate) = registered();
    let good = sign(&certificate, &header(&certificate), &claims(&entra));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let mut later = claims(&entra);
    later["exp"] = json!(later["exp"].as_i64().unwrap() + 1);
    let other = sign(&certificate, &header(&certificate), &later);
    let (other_signed, _) = other.rsplit_once('.').unwrap();
    let wrong_scheme = BASE64_URL_SAFE_NO_PAD.encode(certificate.sign_rs256(signed));
    for assertion in [
        format!("{other_signed}.{signature}"),
        format!("{signed}.{wrong_scheme}"),
        format!("{signed}."),
    ] {
        assert_refused(&present(&entra, &assertion), 700027);
    }
}

#[test]
fn each_claim_counts() {
    let (entra, certificate) = registered();
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let common = format!("{}/common/oauth2/v2.0/token", entra.authority());
    for (name, value, code) in [
        ("aud", json!("https://login.example/"), 700023),
        ("aud", json!(common), 700023),
        ("iss", json!("https://token.example"), 70021),
        ("sub", json!("someone"), 700021),
        ("exp", json!(now - 1), 700024),
        ("nbf", json!(now + 600), 700024),
        ("exp", Value::Null, 50027),
        ("nbf", Value::Null, 50027),
        ("jti", Value::Null, 50027),
    ] {
        let mut claims = claims(&entra);
        match value.is_null() {
            true => drop(claims.as_object_mut().unwrap().remove(name)),
            false => claims[name] = value.clone(),
        }
        let answer = present(&entra, &sign(&certificate, &header(&certificate), &claims));
        assert_eq!(answer.json["error_codes"], json!([code]), "{name} {value}");
        assert_eq!(answer.status, 401, "{name} {value}");
    }
}

#[test]
fn what_is_no_assertion_is_malformed() {
    let (entra, certificate) = registered();
    let without_thumbprint = json!({"alg": "PS256"});
    let unsigned = json!({"alg": "none", "x5t": certificate.sha1_thumbprint()});
    for assertion in [
        "hello",
        "a.b",
        "a.b.c",
        "e30.e30.e30",
        &sign(&certificate, &without_thumbprint, &claims(&entra)),
        &sign(&certificate, &unsigned, &claims(&entra)),
    ] {
        assert_refused(&present(&entra, assertion), 50027);
    }
}

#[test]
fn a_federated_token_is_compared() {
    let entra = EntraEmulator::start();
    let token = "header.claims.signature";
    assert_refused(&present(&entra, token), 50027);
    entra.add_federated_token(token);
    assert_eq!(present(&entra, token).status, 200);
    assert_refused(&present(&entra, "header.claims.other"), 50027);
}

#[test]
fn a_token_of_an_issuer_that_is_not_trusted_is_named() {
    let (entra, certificate) = registered();
    let mut foreign = claims(&entra);
    foreign["iss"] = json!("https://cluster.example");
    let answer = present(&entra, &sign(&certificate, &header(&certificate), &foreign));
    assert_refused(&answer, 70021);
    assert!(
        answer
            .text("error_description")
            .contains("https://cluster.example")
    );
}
