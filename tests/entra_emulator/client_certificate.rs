//! A certificate for the application.

use super::assertion::thumbprint;
use rcgen::{CertificateParams, DnType, KeyPair, SerialNumber};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A key that is public, for tests alone: what makes keys here makes none for RSA, which Entra ID wants.
const KEY: &str = include_str!("client_key.pem");

/// A self-signed certificate and its RSA key. Two have the same key and different thumbprints.
pub(crate) struct ClientCertificate {
    certificate: rcgen::Certificate,
}

impl ClientCertificate {
    /// One that is valid today.
    pub(crate) fn new() -> Self {
        Self::valid(-1, 90)
    }

    /// One that was valid until yesterday.
    pub(crate) fn expired() -> Self {
        Self::valid(-90, -1)
    }

    fn valid(from_days: i64, to_days: i64) -> Self {
        let now = OffsetDateTime::now_utc();
        let mut params = CertificateParams::default();
        params
            .distinguished_name
            .push(DnType::CommonName, "Emulator application");
        // What makes certificates here takes it from the key otherwise.
        params.serial_number = Some(SerialNumber::from_slice(Uuid::new_v4().as_bytes()));
        params.not_before = now + Duration::days(from_days);
        params.not_after = now + Duration::days(to_days);
        let key = KeyPair::from_pem(KEY).expect("a PKCS #8 key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { certificate }
    }

    /// The key in PKCS #8.
    pub(crate) fn key_pem(&self) -> &'static str {
        KEY
    }

    /// What Entra ID gets.
    pub(crate) fn certificate_pem(&self) -> String {
        self.certificate.pem()
    }

    /// Key and certificate, as in the file that an administrator has.
    pub(crate) fn pem(&self) -> String {
        format!("{KEY}{}", self.certificate.pem())
    }

    /// `x5t`
    pub(crate) fn sha1_thumbprint(&self) -> String {
        thumbprint(&SHA1_FOR_LEGACY_USE_ONLY, self.certificate.der())
    }

    /// `x5t#S256`
    pub(crate) fn sha256_thumbprint(&self) -> String {
        thumbprint(&SHA256, self.certificate.der())
    }

    /// Signs as RS256 does.
    pub(crate) fn sign_rs256(&self, text: &str) -> Vec<u8> {
        sign(text, &RSA_PKCS1_SHA256)
    }

    /// Signs as PS256 does.
    pub(crate) fn sign_ps256(&self, text: &str) -> Vec<u8> {
        sign(text, &RSA_PSS_SHA256)
    }
}

fn sign(text: &str, encoding: &'static dyn RsaEncoding) -> Vec<u8> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(KEY.as_bytes()).expect("a PKCS #8 key");
    let key = rsa::KeyPair::from_pkcs8(key.secret_pkcs8_der()).expect("an RSA key");
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        encoding,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .expect("a signature");
    signature
}
