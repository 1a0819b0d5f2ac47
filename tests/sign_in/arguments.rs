//! What is refused before anything is sent.

use mgdeviceimage::cloud::Cloud;
use mgdeviceimage::credential::{AccessToken, Authority, Credential};
use mgdeviceimage::environment::Environment;
use mgdeviceimage::error::ErrorKind;

use crate::entra_emulator::{CLIENT_ID, TENANT_ID};

#[test]
fn a_tenant_is_a_guid_or_a_domain() {
    for tenant in [
        TENANT_ID,
        &TENANT_ID.to_uppercase(),
        "contoso.example",
        "a-1.onmicrosoft.com",
    ] {
        Authority::new(Cloud::Global, tenant).expect(tenant);
    }
    let braced = format!("{{{TENANT_ID}}}");
    let urn = format!("urn:uuid:{TENANT_ID}");
    let bare = TENANT_ID.replace('-', "");
    let trailing = format!("{TENANT_ID} ");
    for tenant in [
        "",
        "contoso",
        "common",
        ".",
        "..",
        "a..b",
        "a.b/c",
        "-a.b",
        "a.b-",
        "-.-",
        "a.b?c",
        "a.b#c",
        "ü.example",
        "a.b\r\nX: y",
        &braced,
        &urn,
        &bare,
        &trailing,
    ] {
        let error = Authority::new(Cloud::Global, tenant).expect_err(tenant);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        let told = format!(
            "The tenant id \"{}\" is neither a GUID nor a domain.",
            tenant.escape_debug()
        );
        assert_eq!(error.message(), told);
    }
}

#[test]
fn people_may_sign_in_to_any_tenant() {
    let host = Cloud::Global.authority();
    for tenant in [TENANT_ID, "contoso.example", "organizations", "common"] {
        Authority::for_people(host, tenant).expect(tenant);
    }
    for tenant in ["", "consumers", "organizations/"] {
        let error = Authority::for_people(host, tenant).expect_err(tenant);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
}

#[test]
fn a_client_id_is_a_guid() {
    let authority = Authority::new(Cloud::Global, TENANT_ID).expect("an authority");
    let braced = format!("{{{CLIENT_ID}}}");
    for client_id in [
        "",
        "my application",
        "contoso.example",
        &CLIENT_ID[1..],
        &braced,
    ] {
        let credential = Credential::client_secret(authority.clone(), client_id, "secret");
        let error = credential.expect_err(client_id);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(
            error.message(),
            format!("The client id \"{client_id}\" is no GUID.")
        );
    }
}

#[test]
fn an_authority_is_an_https_origin() {
    for (host, told) in [
        ("login.microsoftonline.com", "not a URL"),
        ("http://login.microsoftonline.com", "plain http"),
        ("http://127.0.0.1:8080", "must be https"),
        ("https://login.microsoftonline.com/tenant", "without path"),
        (
            "https://someone:planted@login.microsoftonline.com",
            "user name",
        ),
        ("ftp://login.microsoftonline.com", "https://"),
    ] {
        let error = Authority::at(host, TENANT_ID).expect_err(host);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        let message = error.message();
        assert!(message.starts_with("The authority "), "{message}");
        assert!(message.contains(told), "{message}");
        assert!(!message.contains("planted"), "{message}");
    }
}

#[test]
fn a_credential_of_the_environment_has_an_https_authority() {
    let error =
        Credential::environment(Some("http://127.0.0.1:8080")).expect_err("it is plain http");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let told = "The authority http://127.0.0.1:8080 must be https.";
    assert_eq!(error.message(), told);
}

#[test]
fn a_variable_has_a_name_and_no_nul() {
    let no_name = "The name of a variable is empty, or holds \"=\" or NUL.";
    for (variable, told) in [
        (("", "planted"), no_name),
        (("A=planted", ""), no_name),
        (("A\0planted", ""), no_name),
        (("AZURE", "planted\0"), "The value of AZURE holds NUL."),
    ] {
        let error = Environment::given([variable]).expect_err(told);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert_eq!(error.message(), told);
    }
}

#[test]
fn every_cloud_has_a_sign_in_service() {
    for cloud in Cloud::ALL {
        Authority::new(cloud, TENANT_ID).expect("an https origin");
    }
}

#[test]
fn a_secret_is_not_empty() {
    let authority = Authority::new(Cloud::Global, TENANT_ID).expect("an authority");
    let error = Credential::client_secret(authority, CLIENT_ID, "").expect_err("it is empty");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert_eq!(error.message(), "The client secret is empty.");
}

#[test]
fn a_token_stands_alone() {
    for text in ["", "Bearer planted", "planted\n", "plänted"] {
        let error = AccessToken::new(text, None).expect_err(text);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("without \"Bearer\""), "{error}");
        assert!(!error.message().contains("planted"), "{error}");
    }
}
