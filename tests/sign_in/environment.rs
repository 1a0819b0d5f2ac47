//! The credential that the environment describes.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::entra_emulator::{CLIENT_ID, ClientCertificate, SECRET, TENANT_ID};
use crate::pfx::pfx;
use crate::process::Process;
use crate::services::{Services, form};

/// The environment's credential, at the sign-in service that the environment names.
const ENVIRONMENT: &str = "environment";

/// A process whose environment names the tenant and its sign-in service.
fn process(services: &Services) -> Process {
    Process::new(&services.graph, ENVIRONMENT)
        .env("AZURE_AUTHORITY_HOST", services.entra.authority())
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
}

/// The names of the fields of the one sign-in that arrived.
fn fields(services: &Services) -> Vec<String> {
    let [sign_in] = services.sign_ins().try_into().expect("one request");
    let mut names: Vec<_> = form(&sign_in).into_keys().collect();
    names.sort();
    names
}

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }
}

#[test]
fn it_may_name_a_secret() {
    let services = Services::start();
    let outcome = process(&services)
        .env("AZURE_CLIENT_SECRET", SECRET)
        .outcome();
    assert_eq!(outcome, "200");
    let expected = ["client_id", "client_secret", "grant_type", "scope"];
    assert_eq!(fields(&services), expected);
}

#[test]
fn it_may_name_a_certificate() {
    let services = Services::start();
    let certificate = ClientCertificate::new();
    services
        .entra
        .add_certificates(&certificate.certificate_pem());
    let files = Files::new();
    let pem = files.write("app.pem", certificate.pem());
    let with_text_before = files.write("bag.pem", format!("Bag Attributes\n{}", certificate.pem()));
    for path in [pem, with_text_before] {
        let outcome = process(&services)
            .env("AZURE_CLIENT_CERTIFICATE_PATH", path)
            .outcome();
        assert_eq!(outcome, "200");
    }
}

#[test]
fn it_may_name_a_pfx_with_a_password() {
    let services = Services::start();
    let certificate = ClientCertificate::new();
    services
        .entra
        .add_certificates(&certificate.certificate_pem());
    let files = Files::new();
    let path = files.write("app.pfx", pfx(&certificate, "word"));
    let process = |password: &str| {
        process(&services)
            .env("AZURE_CLIENT_CERTIFICATE_PATH", &path)
            .env("AZURE_CLIENT_CERTIFICATE_PASSWORD", password)
    };
    assert_eq!(process("word").outcome(), "200");
    let told = "The client certificate cannot be used. The password is wrong.";
    assert_eq!(
        process("planted").outcome(),
        format!("InvalidArgument: AZURE_CLIENT_CERTIFICATE_PATH: {told}")
    );
}

#[test]
fn it_may_name_a_token_file() {
    let services = Services::start();
    services.entra.add_federated_token("platform.token.1");
    let files = Files::new();
    let path = files.write("token", "platform.token.1");
    let outcome = process(&services)
        .env("AZURE_FEDERATED_TOKEN_FILE", path)
        .outcome();
    assert_eq!(outcome, "200");
    let expected = [
        "client_assertion",
        "client_assertion_type",
        "client_id",
        "grant_type",
        "scope",
    ];
    assert_eq!(fields(&services), expected);
}

#[test]
fn a_secret_goes_before_a_certificate_and_that_before_a_token_file() {
    let services = Services::start();
    let nowhere = "/nowhere/at/all";
    let outcome = process(&services)
        .env("AZURE_CLIENT_SECRET", SECRET)
        .env("AZURE_CLIENT_CERTIFICATE_PATH", nowhere)
        .env("AZURE_FEDERATED_TOKEN_FILE", nowhere)
        .outcome();
    assert_eq!(outcome, "200");

    let outcome = process(&services)
        .env("AZURE_CLIENT_CERTIFICATE_PATH", nowhere)
        .env("AZURE_FEDERATED_TOKEN_FILE", nowhere)
        .outcome();
    let begin =
        "InvalidArgument: AZURE_CLIENT_CERTIFICATE_PATH: The file /nowhere/at/all cannot be read: ";
    assert!(outcome.starts_with(begin), "{outcome}");
}

#[test]
fn the_sign_in_service_is_the_callers_where_the_caller_names_one() {
    let services = Services::start();
    let callers = format!("environment {}", services.entra.authority());
    let outcome = Process::new(&services.graph, &callers)
        .env("AZURE_AUTHORITY_HOST", "https://127.0.0.1:1")
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", SECRET)
        .outcome();
    assert_eq!(outcome, "200");

    // The way that Kubernetes writes it.
    let with_slash = format!("{}/", services.entra.authority());
    let outcome = process(&services)
        .env("AZURE_AUTHORITY_HOST", with_slash)
        .env("AZURE_CLIENT_SECRET", SECRET)
        .outcome();
    assert_eq!(outcome, "200");
}

#[test]
fn variables_that_are_missing_are_named() {
    let services = Services::start();
    let empty = || Process::new(&services.graph, ENVIRONMENT);
    let one_of = "One of AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH and AZURE_FEDERATED_TOKEN_FILE must be set.";
    for (process, told) in [
        (empty(), "AZURE_TENANT_ID and AZURE_CLIENT_ID must be set."),
        (
            empty().env("AZURE_TENANT_ID", TENANT_ID),
            "AZURE_CLIENT_ID must be set.",
        ),
        (
            empty().env("AZURE_CLIENT_ID", CLIENT_ID),
            "AZURE_TENANT_ID must be set.",
        ),
        (
            process(&services).env("AZURE_TENANT_ID", ""),
            "AZURE_TENANT_ID must be set.",
        ),
        (process(&services), one_of),
        (process(&services).env("AZURE_CLIENT_SECRET", ""), one_of),
    ] {
        let begin = "InvalidArgument: The environment describes no credential. ";
        assert_eq!(process.outcome(), format!("{begin}{told}"));
    }
}

#[test]
fn values_that_cannot_be_used_are_named() {
    let services = Services::start();
    let files = Files::new();
    let with_secret = || process(&services).env("AZURE_CLIENT_SECRET", SECRET);
    let certificate = files.write("app.pem", ClientCertificate::new().certificate_pem());
    let empty = files.write("token", "");
    for (process, told) in [
        (
            with_secret().env("AZURE_TENANT_ID", "contoso"),
            "AZURE_TENANT_ID: The tenant id \"contoso\" is neither a GUID nor a domain.",
        ),
        (
            with_secret().env("AZURE_CLIENT_ID", "app"),
            "AZURE_CLIENT_ID: The client id \"app\" is no GUID.",
        ),
        (
            with_secret().env("AZURE_AUTHORITY_HOST", "http://127.0.0.1:1"),
            "AZURE_AUTHORITY_HOST: The authority http://127.0.0.1:1 must be https.",
        ),
        (
            process(&services).env("AZURE_CLIENT_CERTIFICATE_PATH", certificate),
            "AZURE_CLIENT_CERTIFICATE_PATH: The client certificate cannot be used. There is no PRIVATE KEY in the PEM.",
        ),
        (
            process(&services).env("AZURE_FEDERATED_TOKEN_FILE", &empty),
            &format!(
                "AZURE_FEDERATED_TOKEN_FILE: The token file {} is empty.",
                empty.display()
            ),
        ),
    ] {
        assert_eq!(process.outcome(), format!("InvalidArgument: {told}"));
    }
}

#[test]
fn a_given_environment_counts_and_the_processs_does_not() {
    let services = Services::start();
    let given = [
        ("AZURE_AUTHORITY_HOST", services.entra.authority()),
        ("AZURE_TENANT_ID", TENANT_ID),
        ("AZURE_CLIENT_ID", CLIENT_ID),
        ("AZURE_CLIENT_SECRET", SECRET),
    ];
    let outcome = Process::new(&services.graph, ENVIRONMENT)
        .env("AZURE_AUTHORITY_HOST", "https://process.invalid")
        .env("AZURE_CLIENT_SECRET", "the process's")
        .given(&given)
        .outcome();
    assert_eq!(outcome, "200");

    let outcome = process(&services)
        .env("AZURE_CLIENT_SECRET", SECRET)
        .given(&[])
        .outcome();
    let begin = "InvalidArgument: The environment describes no credential. ";
    assert_eq!(
        outcome,
        format!("{begin}AZURE_TENANT_ID and AZURE_CLIENT_ID must be set.")
    );
}

#[test]
fn a_given_environment_may_name_files() {
    let services = Services::start();
    let certificate = ClientCertificate::new();
    services
        .entra
        .add_certificates(&certificate.certificate_pem());
    services.entra.add_federated_token("platform.token.1");
    let files = Files::new();
    let path = |path: PathBuf| path.to_str().expect("UTF-8").to_owned();
    let pfx = path(files.write("app.pfx", pfx(&certificate, "word")));
    let token = path(files.write("token", "platform.token.1"));
    for named in [
        [
            ("AZURE_CLIENT_CERTIFICATE_PATH", pfx.as_str()),
            ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "word"),
        ],
        [
            ("AZURE_FEDERATED_TOKEN_FILE", token.as_str()),
            ("AZURE_CLIENT_SECRET", ""),
        ],
    ] {
        let application = [
            ("AZURE_AUTHORITY_HOST", services.entra.authority()),
            ("AZURE_TENANT_ID", TENANT_ID),
            ("AZURE_CLIENT_ID", CLIENT_ID),
        ];
        let outcome = Process::new(&services.graph, ENVIRONMENT)
            .env("AZURE_CLIENT_CERTIFICATE_PASSWORD", "the process's")
            .given(&[&application[..], &named].concat())
            .outcome();
        assert_eq!(outcome, "200", "{named:?}");
    }
}
