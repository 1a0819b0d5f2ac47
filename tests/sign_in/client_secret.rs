//! An application that proves itself by a secret.

use mgdeviceimage::credential::{Authority, Credential};

use crate::entra_emulator::{CLIENT_ID, SECRET, TENANT_DOMAIN, TENANT_ID};
use crate::services::{Services, form};

#[test]
fn an_application_signs_in() {
    let services = Services::start();
    let response = services
        .update(services.application())
        .expect("an update with a token");
    assert_eq!(response.status(), 200);

    let [sign_in] = services.sign_ins().try_into().expect("one request");
    assert_eq!(sign_in.method, "POST");
    assert_eq!(sign_in.target, format!("/{TENANT_ID}/oauth2/v2.0/token"));
    assert_eq!(
        sign_in.header("Content-Type"),
        Some("application/x-www-form-urlencoded")
    );
    let scope = format!("{}/.default", services.graph.endpoint());
    let expected = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("client_secret", SECRET),
        ("scope", &scope),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form(&sign_in), expected.into());

    let [update] = services.graph.requests().try_into().expect("one update");
    let authorization = update.header("Authorization").expect("a token");
    assert!(authorization.starts_with("Bearer ey"), "{authorization}");
}

#[test]
fn a_domain_names_the_tenant_too() {
    let services = Services::start();
    let authority = Authority::at(services.entra.authority(), TENANT_DOMAIN).expect("a domain");
    let credential = Credential::client_secret(authority, CLIENT_ID, SECRET).expect("a credential");
    services.update(credential).expect("an update with a token");
    let [sign_in] = services.sign_ins().try_into().expect("one request");
    let target = format!("/{TENANT_DOMAIN}/oauth2/v2.0/token");
    assert_eq!(sign_in.target, target);
}

#[test]
fn any_character_may_stand_in_a_secret() {
    let services = Services::start();
    let secret = "ä+&=%41 ~\"'\\/?#\t€";
    services.entra.set_secret(secret);
    services
        .update(services.application_with(secret))
        .expect("an update with a token");
}

#[test]
fn a_refusal_is_told_with_entras_code_and_correlation_id() {
    const OTHER: &str = "00000000-0000-4000-8000-000000000000";
    for (tenant, client_id, secret, told) in [
        (
            TENANT_ID,
            CLIENT_ID,
            "wrong",
            "[invalid_client] AADSTS7000215: Invalid client secret",
        ),
        (
            TENANT_ID,
            OTHER,
            SECRET,
            "[unauthorized_client] AADSTS700016: Application",
        ),
        (
            OTHER,
            CLIENT_ID,
            SECRET,
            "[invalid_request] AADSTS90002: Tenant",
        ),
    ] {
        let services = Services::start();
        let authority = Authority::at(services.entra.authority(), tenant).expect("an authority");
        let credential = Credential::client_secret(authority, client_id, secret);
        let error = services.no_token(credential.expect("a credential"));

        let begin = format!(
            "The application {client_id} got no access token from {}: {told}",
            services.entra.authority()
        );
        let message = error.message();
        assert!(message.starts_with(&begin), "{message}");
        let (_, id) = message.split_once("(correlation id ").expect(message);
        let id = id.strip_suffix(')').expect(message);
        uuid::Uuid::parse_str(id).expect(message);
        assert!(!message.contains("Trace ID"), "{message}");
        assert_eq!(services.sign_ins().len(), 1, "a refusal is not repeated");
    }
}
