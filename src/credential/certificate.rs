//! A certificate with its private key, by which an application proves itself.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use p12_keystore::{Pkcs12Archive, error as pfx};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PSS_SHA256, RsaKeyPair};
use ring::{digest, rsa};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// How long an assertion is good for.
const LIFETIME: Duration = Duration::from_secs(600);

/// A certificate and its RSA private key. `Debug` shows neither.
pub struct Certificate {
    key: RsaKeyPair,
    /// SHA-256 of the certificate, as the header `x5t#S256` has it.
    thumbprint: String,
    not_after: SystemTime,
}

impl Certificate {
    /// Reads a certificate and its private key from PEM: the first `CERTIFICATE` and the first `PRIVATE KEY` or `RSA PRIVATE KEY`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if one of them is missing, the key is no RSA key or another certificate's, or the certificate has
    /// expired.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        if contains(pem, b"ENCRYPTED PRIVATE KEY") || contains(pem, b"Proc-Type: 4,ENCRYPTED") {
            return Err(invalid(
                "Its private key is encrypted. Give it as PFX, with the password.",
            ));
        }
        let certificate = CertificateDer::from_pem_slice(pem)
            .map_err(|_| invalid("There is no CERTIFICATE in the PEM."))?;
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| invalid("There is no PRIVATE KEY in the PEM."))?;
        Self::new(&certificate, read_key(&key)?)
    }

    /// Reads a certificate and its private key from PFX (PKCS #12): its first private key, and the certificate that belongs to it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] as for [`Certificate::from_pem`], or if the password is wrong.
    pub fn from_pfx(pfx: &[u8], password: &str) -> Result<Self, Error> {
        let Pkcs12Archive { keys, certs, .. } = Pkcs12Archive::from_pkcs12(pfx, password)
            .map_err(|error| invalid(why(&error, password)))?;
        let key = keys
            .first()
            .ok_or_else(|| invalid("There is no private key in the PFX."))?;
        let key = PrivateKeyDer::try_from(key.key.as_der())
            .map_err(|_| invalid("Its private key cannot be read."))?;
        let key = read_key(&key)?;
        let certificate = certs
            .iter()
            .map(|bag| CertificateDer::from(bag.cert.as_der()))
            .find(|certificate| {
                read_certificate(certificate).is_ok_and(|parsed| is_of(&key, &parsed))
            })
            .ok_or_else(|| invalid("There is no certificate for its private key in the PFX."))?;
        Self::new(&certificate, key)
    }

    fn new(certificate: &CertificateDer<'_>, key: RsaKeyPair) -> Result<Self, Error> {
        let parsed = read_certificate(certificate)?;
        if !is_of(&key, &parsed) {
            return Err(invalid("The private key is not this certificate's."));
        }
        let thumbprint = digest::digest(&digest::SHA256, certificate);
        let not_after = u64::try_from(parsed.validity().not_after.timestamp()).unwrap_or(0);
        let certificate = Self {
            key,
            thumbprint: BASE64_URL_SAFE_NO_PAD.encode(thumbprint),
            not_after: UNIX_EPOCH + Duration::from_secs(not_after),
        };
        certificate.check_validity(SystemTime::now())?;
        Ok(certificate)
    }

    fn check_validity(&self, now: SystemTime) -> Result<(), Error> {
        match now < self.not_after {
            true => Ok(()),
            false => Err(invalid(&format!(
                "It expired on {}.",
                httpdate::fmt_http_date(self.not_after)
            ))),
        }
    }

    /// A signed statement that whoever sends it holds the private key.
    pub(super) fn assertion(&self, client_id: &str, audience: &str) -> Result<Secret, Error> {
        let now = SystemTime::now();
        self.check_validity(now)?;
        let seconds = |time: SystemTime| {
            time.duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_secs()
        };
        let header = json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint });
        let claims = json!({
            "aud": audience,
            "iss": client_id,
            "sub": client_id,
            "jti": uuid::Uuid::new_v4().to_string(),
            "iat": seconds(now),
            "nbf": seconds(now),
            "exp": seconds(now + LIFETIME),
        });
        let encode = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(&claims));
        let signature = self.sign(signed.as_bytes())?;
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        Ok(Secret::new(&format!("{signed}.{signature}")))
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, Error> {
        let key: &rsa::KeyPair = &self.key;
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), text, &mut signature)
            .map_err(|_| Error::new(ErrorKind::Internal, "The certificate could not sign."))?;
        Ok(signature)
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Certificate")
    }
}

fn read_key(key: &PrivateKeyDer<'_>) -> Result<RsaKeyPair, Error> {
    match key {
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        _ => return Err(invalid("Its private key is no RSA key.")),
    }
    .map_err(|error| invalid(&format!("Its private key is no usable RSA key: {error}.")))
}

fn read_certificate<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, Error> {
    let (_, parsed) =
        X509Certificate::from_der(der).map_err(|_| invalid("The certificate cannot be read."))?;
    Ok(parsed)
}

fn is_of(key: &RsaKeyPair, certificate: &X509Certificate<'_>) -> bool {
    certificate.public_key().subject_public_key.data.as_ref() == key.public_key().as_ref()
}

/// Why a PFX could not be read with a password.
fn why(error: &pfx::Error, password: &str) -> &'static str {
    match error {
        pfx::Error::MacError(_) if password.is_empty() => {
            "It has a password, or was made without even an empty one, which is not supported."
        }
        pfx::Error::MacError(_) => "The password is wrong.",
        pfx::Error::Pkcs5Error(_) | pfx::Error::UnpadError | pfx::Error::InvalidPrivateKey => {
            "The password is wrong, or the PFX is damaged."
        }
        pfx::Error::UnsupportedEncryptionScheme | pfx::Error::UnsupportedMacAlgorithm => {
            "The PFX is encrypted in a way that is not supported. Export it with AES."
        }
        _ => "It is no PFX.",
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn invalid(why: &str) -> Error {
    let message = format!("The client certificate cannot be used. {why}");
    Error::new(ErrorKind::InvalidArgument, message)
}
