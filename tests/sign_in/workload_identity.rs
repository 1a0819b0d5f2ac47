//! An application that proves itself by a token in a file, which its platform keeps fresh.

use std::fs;
use std::path::PathBuf;

use mgdeviceimage::credential::Credential;
use mgdeviceimage::error::{Error, ErrorKind};
use tempfile::TempDir;

use crate::entra_emulator::CLIENT_ID;
use crate::services::{Services, form, update};

/// A token file, as Kubernetes mounts one.
struct TokenFile(TempDir);

impl TokenFile {
    fn with(token: &str) -> Self {
        let file = Self(tempfile::tempdir().expect("a directory"));
        file.write(token);
        file
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("azure-identity-token")
    }

    fn write(&self, token: &str) {
        fs::write(self.path(), token).expect("a file");
    }
}

fn credential(services: &Services, file: &TokenFile) -> Result<Credential, Error> {
    Credential::workload_identity(services.authority(), CLIENT_ID, file.path())
}

#[test]
fn an_application_signs_in() {
    let services = Services::start();
    services.entra.add_federated_token("platform.token.1");
    let file = TokenFile::with("platform.token.1\n");
    let response = services.update(credential(&services, &file).expect("a credential"));
    assert_eq!(response.expect("an update with a token").status(), 200);

    let [sign_in] = services.sign_ins().try_into().expect("one request");
    let form = form(&sign_in);
    assert_eq!(form["client_id"], CLIENT_ID);
    assert_eq!(form["client_assertion"], "platform.token.1");
    assert_eq!(
        form["client_assertion_type"],
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    );
}

#[test]
fn the_file_is_read_for_each_sign_in() {
    let services = Services::start();
    services.entra.add_federated_token("platform.token.1");
    services.entra.add_federated_token("platform.token.2");
    let file = TokenFile::with("platform.token.1");
    let client = services.client(credential(&services, &file).expect("a credential"));
    client.send(&update()).expect("a response");

    file.write("platform.token.2");
    services.entra.revoke_access_tokens();
    client.send(&update()).expect("a response");
    let [first, second] = services.sign_ins().try_into().expect("two requests");
    assert_eq!(form(&first)["client_assertion"], "platform.token.1");
    assert_eq!(form(&second)["client_assertion"], "platform.token.2");
}

#[test]
fn a_file_that_is_missing_or_empty_is_told_at_once() {
    let services = Services::start();
    let file = TokenFile::with("");
    for text in ["", " \n", "\u{feff}\n"] {
        file.write(text);
        let error = credential(&services, &file).expect_err("it is empty");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        let told = format!("The token file {} is empty.", file.path().display());
        assert_eq!(error.message(), told);
    }
    fs::remove_file(file.path()).expect("it is there");
    let error = credential(&services, &file).expect_err("it is missing");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let told = format!("The token file {} cannot be read: ", file.path().display());
    assert!(error.message().starts_with(&told), "{error}");
}

#[test]
fn a_file_that_vanishes_later_is_told_by_the_update() {
    let services = Services::start();
    let file = TokenFile::with("platform.token.1");
    let credential = credential(&services, &file).expect("a credential");
    fs::remove_file(file.path()).expect("it is there");
    let error = services.no_token(credential);
    let path = file.path().display().to_string();
    assert!(error.message().contains(&path), "{error}");
    assert_eq!(services.sign_ins().len(), 0);
}

#[test]
fn a_token_that_entra_does_not_trust_is_told_and_not_shown() {
    let services = Services::start();
    let file = TokenFile::with("planted.token.1");
    let error = services.no_token(credential(&services, &file).expect("a credential"));
    assert!(
        error.message().contains("[invalid_client] AADSTS"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
}
