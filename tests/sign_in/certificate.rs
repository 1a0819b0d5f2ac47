//! An application that proves itself by a certificate.

use std::collections::BTreeSet;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use mgdeviceimage::credential::{Certificate, Credential};
use serde_json::Value;

use crate::entra_emulator::{CLIENT_ID, ClientCertificate, TENANT_ID};
use crate::services::{Services, form, update};

fn credential(services: &Services, certificate: &ClientCertificate) -> Credential {
    let certificate = Certificate::from_pem(certificate.pem().as_bytes()).expect("a certificate");
    Credential::client_certificate(services.authority(), CLIENT_ID, certificate)
        .expect("a credential")
}

/// Header and claims of an assertion.
fn parts(assertion: &str) -> [Value; 2] {
    let mut parts = assertion.split('.').map(|part| {
        let json = BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&json).expect("JSON")
    });
    [(); 2].map(|()| parts.next().expect("a part"))
}

#[test]
fn an_application_signs_in() {
    let services = Services::start();
    let certificate = ClientCertificate::new();
    services
        .entra
        .add_certificates(&certificate.certificate_pem());
    let response = services.update(credential(&services, &certificate));
    assert_eq!(response.expect("an update with a token").status(), 200);

    let [sign_in] = services.sign_ins().try_into().expect("one request");
    let form = form(&sign_in);
    assert_eq!(form["grant_type"], "client_credentials");
    assert_eq!(form["client_id"], CLIENT_ID);
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
    assert_eq!(form.get("client_secret"), None);
    let [header, claims] = parts(&form["client_assertion"]);
    assert_eq!(header["alg"], "PS256");
    assert_eq!(header["x5t#S256"], certificate.sha256_thumbprint());
    let token_url = format!(
        "{}/{TENANT_ID}/oauth2/v2.0/token",
        services.entra.authority()
    );
    assert_eq!(claims["aud"], token_url);
    assert_eq!(claims["iss"], CLIENT_ID);
    assert_eq!(claims["sub"], CLIENT_ID);
    let life = claims["exp"].as_u64().expect("seconds") - claims["nbf"].as_u64().expect("seconds");
    assert_eq!(life, 600);
}

#[test]
fn each_sign_in_has_an_assertion_of_its_own() {
    let services = Services::start();
    let certificate = ClientCertificate::new();
    services
        .entra
        .add_certificates(&certificate.certificate_pem());
    let client = services.client(credential(&services, &certificate));
    for _ in 0..3 {
        client.send(&update()).expect("a response");
        services.entra.revoke_access_tokens();
    }
    let sign_ins = services.sign_ins();
    let ids: BTreeSet<String> = sign_ins
        .iter()
        .map(|sign_in| parts(&form(sign_in)["client_assertion"])[1]["jti"].to_string())
        .collect();
    assert_eq!((sign_ins.len(), ids.len()), (3, 3));
}

#[test]
fn a_certificate_that_entra_does_not_know_is_told() {
    let services = Services::start();
    let error = services.no_token(credential(&services, &ClientCertificate::new()));
    let message = error.message();
    assert!(
        message.contains("[invalid_client] AADSTS700027: "),
        "{message}"
    );
    assert!(message.contains("(correlation id "), "{message}");
    assert!(message.contains(services.entra.authority()), "{message}");
}
