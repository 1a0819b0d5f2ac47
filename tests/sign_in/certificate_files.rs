//! The files that hold a certificate with its key: PEM and PFX.

use std::fs;
use std::process::{Command, Stdio};

use mgdeviceimage::credential::{Certificate, Credential};
use mgdeviceimage::error::ErrorKind;
use rcgen::KeyPair;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::entra_emulator::{CLIENT_ID, ClientCertificate};
use crate::graph_emulator::root_pem;
use crate::pfx::{pfx, pfx_of};
use crate::services::Services;

const PASSWORD: &str = "planted pässword";

/// Signs in with a certificate that was read.
fn sign_in(registered: &ClientCertificate, read: Certificate) {
    let services = Services::start();
    services
        .entra
        .add_certificates(&registered.certificate_pem());
    let credential = Credential::client_certificate(services.authority(), CLIENT_ID, read);
    let response = services.update(credential.expect("a credential"));
    assert_eq!(response.expect("an update with a token").status(), 200);
}

/// A self-signed certificate with a key that is not RSA, as PEM.
fn elliptic() -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::default();
    let certificate = params.self_signed(&key).expect("a certificate");
    (key.serialize_pem(), certificate.pem())
}

/// The message of a refusal. It shows neither password nor key.
fn refusal(read: Result<Certificate, mgdeviceimage::error::Error>) -> String {
    let error = read.expect_err("it cannot be used");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains("planted") && !shown.contains("MII"),
        "{shown}"
    );
    let message = error.message();
    let why = message.strip_prefix("The client certificate cannot be used. ");
    why.expect(message).to_owned()
}

#[test]
fn pem_may_hold_key_and_certificate_in_any_order() {
    let own = ClientCertificate::new();
    let (key, certificate) = (own.key_pem(), own.certificate_pem());
    for pem in [
        format!("{key}{certificate}"),
        format!("{certificate}{key}"),
        format!("Bag Attributes\n    friendlyName: app\n{key}\nsubject=CN = app\n{certificate}"),
        format!("{key}{certificate}").replace('\n', "\r\n"),
    ] {
        sign_in(&own, Certificate::from_pem(pem.as_bytes()).expect(&pem));
    }
}

#[test]
fn pfx_may_have_a_password() {
    let own = ClientCertificate::new();
    for password in [PASSWORD, ""] {
        let pfx = pfx(&own, password);
        sign_in(&own, Certificate::from_pfx(&pfx, password).expect("a PFX"));
    }
}

#[test]
fn pfx_may_hold_the_chain() {
    let own = ClientCertificate::new();
    let pfx = pfx_of(&own, &[&own.certificate_pem(), &root_pem()], PASSWORD);
    sign_in(&own, Certificate::from_pfx(&pfx, PASSWORD).expect("a PFX"));
}

#[test]
fn pem_may_hold_the_chain_in_any_order() {
    let own = ClientCertificate::new();
    let (key, certificate) = (own.key_pem(), own.certificate_pem());
    let pem = format!("{}{certificate}{key}", root_pem());
    sign_in(&own, Certificate::from_pem(pem.as_bytes()).expect("PEM"));
}

#[test]
fn what_is_wrong_with_a_pem_is_told() {
    let own = ClientCertificate::new();
    let (key, certificate) = (own.key_pem(), own.certificate_pem());
    let (elliptic_key, elliptic_certificate) = elliptic();
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let old_encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\nMII=\n-----END RSA PRIVATE KEY-----\n";
    for (pem, told) in [
        (String::new(), "There is no CERTIFICATE in the PEM."),
        ("no PEM".to_owned(), "There is no CERTIFICATE in the PEM."),
        (key.to_owned(), "There is no CERTIFICATE in the PEM."),
        (certificate.clone(), "There is no PRIVATE KEY in the PEM."),
        (
            format!("{encrypted}{certificate}"),
            "Its private key is encrypted. Give it as PFX, with the password.",
        ),
        (
            format!("{old_encrypted}{certificate}"),
            "Its private key is encrypted. Give it as PFX, with the password.",
        ),
        (
            format!("{key}{elliptic_certificate}"),
            "There is no certificate for its private key in the PEM.",
        ),
        (
            format!("{elliptic_key}{elliptic_certificate}"),
            "Its private key is no usable RSA key: WrongAlgorithm.",
        ),
        (
            format!("{key}-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n"),
            "A certificate in the PEM cannot be read.",
        ),
        (
            format!("{key}-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
            "A certificate in the PEM cannot be read.",
        ),
    ] {
        assert_eq!(
            refusal(Certificate::from_pem(pem.as_bytes())),
            told,
            "{pem}"
        );
    }
}

#[test]
fn a_certificate_that_has_expired_is_told_with_its_end() {
    let pem = ClientCertificate::expired().pem();
    let told = refusal(Certificate::from_pem(pem.as_bytes()));
    let end = told.strip_prefix("It expired on ").expect(&told);
    let end = httpdate::parse_http_date(end.trim_end_matches('.')).expect(end);
    assert!(end < std::time::SystemTime::now());
}

#[test]
fn what_is_wrong_with_a_pfx_is_told() {
    let own = ClientCertificate::new();
    let good = pfx(&own, PASSWORD);
    for (password, expected) in [
        ("planted wrong", "The password is wrong."),
        (
            "",
            "It has a password, or was exported without any, even an empty one, which is not supported. Export it with a password, or give PEM.",
        ),
    ] {
        let told = refusal(Certificate::from_pfx(&good, password));
        assert_eq!(told, expected);
    }
    for bytes in [&b""[..], b"no PFX", &good[..good.len() / 2]] {
        let told = refusal(Certificate::from_pfx(bytes, PASSWORD));
        assert_eq!(told, "It is no PFX.");
    }
    let certificate = CertificateDer::from_pem_slice(own.certificate_pem().as_bytes());
    assert_eq!(
        refusal(Certificate::from_pfx(&certificate.expect("PEM"), "")),
        "It is a certificate without its private key. Give PFX, or PEM with both."
    );
    let (_, elliptic) = elliptic();
    for chain in [&[][..], &[elliptic.as_str()]] {
        let told = refusal(Certificate::from_pfx(
            &pfx_of(&own, chain, PASSWORD),
            PASSWORD,
        ));
        assert_eq!(
            told,
            "There is no certificate for its private key in the PFX."
        );
    }
    let expired = pfx(&ClientCertificate::expired(), PASSWORD);
    let told = refusal(Certificate::from_pfx(&expired, PASSWORD));
    assert!(told.starts_with("It expired on "), "{told}");
}

/// Files of the real OpenSSL, where it is installed: what administrators have.
struct OpenSsl(tempfile::TempDir);

impl OpenSsl {
    fn with(certificate: &ClientCertificate) -> Option<Self> {
        let directory = tempfile::tempdir().expect("a directory");
        fs::write(directory.path().join("app.pem"), certificate.pem()).expect("a file");
        let openssl = Self(directory);
        match openssl.command(&["version"]).output() {
            Ok(_) => Some(openssl),
            Err(_) => {
                eprintln!("skipped: openssl is not installed");
                None
            }
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("openssl");
        command
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::null());
        command
    }

    /// What it writes to its standard output.
    fn write(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.command(arguments).output().expect("it ran before");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        output.stdout
    }
}

#[test]
fn pem_of_openssl_is_read() {
    let own = ClientCertificate::new();
    let Some(openssl) = OpenSsl::with(&own) else {
        return;
    };
    let key = openssl.write(&["rsa", "-in", "app.pem", "-traditional"]);
    assert!(key.starts_with(b"-----BEGIN RSA PRIVATE KEY-----"));
    let pem = [key, own.certificate_pem().into_bytes()].concat();
    sign_in(&own, Certificate::from_pem(&pem).expect("PEM"));
}

/// Today's encryption; that of Windows, .NET and older OpenSSL (3DES); and the oldest (RC2 for the certificate).
#[test]
fn pfx_of_openssl_is_read_in_each_encryption() {
    const TRIPLE_DES: &str = "PBE-SHA1-3DES";
    let own = ClientCertificate::new();
    let Some(openssl) = OpenSsl::with(&own) else {
        return;
    };
    let password = "pass:planted";
    let export = ["pkcs12", "-export", "-in", "app.pem", "-passout", password];
    for options in [
        &[][..],
        &[
            "-keypbe", TRIPLE_DES, "-certpbe", TRIPLE_DES, "-macalg", "SHA1",
        ],
        &["-legacy"],
        &["-keypbe", "NONE", "-certpbe", "NONE"],
    ] {
        let pfx = openssl.write(&[&export[..], options].concat());
        let read = Certificate::from_pfx(&pfx, "planted");
        sign_in(
            &own,
            read.unwrap_or_else(|error| panic!("{options:?}: {error}")),
        );
        assert_eq!(
            refusal(Certificate::from_pfx(&pfx, "planted wrong")),
            "The password is wrong.",
            "{options:?}"
        );
    }
}

#[test]
fn pfx_of_openssl_is_read_without_a_mac() {
    let own = ClientCertificate::new();
    let Some(openssl) = OpenSsl::with(&own) else {
        return;
    };
    let export = ["pkcs12", "-export", "-in", "app.pem", "-passout", "pass:"];
    for options in [
        &["-nomac"][..],
        &["-nomac", "-keypbe", "NONE", "-certpbe", "NONE"],
    ] {
        let pfx = openssl.write(&[&export[..], options].concat());
        let read = Certificate::from_pfx(&pfx, "");
        sign_in(
            &own,
            read.unwrap_or_else(|error| panic!("{options:?}: {error}")),
        );
    }
}
