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
    /// Reads a certificate and its private key from PEM: the first `PRIVATE KEY` or `RSA PRIVATE KEY`, and the `CERTIFICATE` that belongs
    /// to it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] if one of them is missing, the key is no RSA key, or the certificate has expired.
    pub fn from_pem(pem: &[u8]) -> Result<Self, Error> {
        if contains(pem, b"ENCRYPTED PRIVATE KEY") || contains(pem, b"Proc-Type: 4,ENCRYPTED") {
            return Err(invalid(
                "Its private key is encrypted. Give it as PFX, with the password.",
            ));
        }
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| invalid("A certificate in the PEM cannot be read."))?;
        if certificates.is_empty() {
            return Err(invalid("There is no CERTIFICATE in the PEM."));
        }
        let key = PrivateKeyDer::from_pem_slice(pem)
            .map_err(|_| invalid("There is no PRIVATE KEY in the PEM."))?;
        Self::of_key(read_key(&key)?, &certificates, "PEM")
    }

    /// Reads a certificate and its private key from PFX (PKCS #12): its first private key, and the certificate that belongs to it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] as for [`Certificate::from_pem`], or if the password is wrong. Also if it was exported without any
    /// password, as .NET does it unless it is given one: the empty one is another.
    pub fn from_pfx(pfx: &[u8], password: &str) -> Result<Self, Error> {
        let Pkcs12Archive { keys, certs, .. } = Pkcs12Archive::from_pkcs12(pfx, password)
            .map_err(|error| invalid(why(&error, pfx, password)))?;
        let key = keys
            .first()
            .ok_or_else(|| invalid("There is no private key in the PFX."))?;
        let key = PrivateKeyDer::try_from(key.key.as_der())
            .map_err(|_| invalid("Its private key cannot be read."))?;
        let bags = certs.iter().map(|bag| bag.cert.as_der());
        let certificates: Vec<_> = bags.map(CertificateDer::from).collect();
        Self::of_key(read_key(&key)?, &certificates, "PFX")
    }

    /// Finds the certificate that belongs to a key: a file may hold those of the authorities too.
    fn of_key(
        key: RsaKeyPair,
        certificates: &[CertificateDer<'_>],
        file: &str,
    ) -> Result<Self, Error> {
        let mut unreadable = false;
        for certificate in certificates {
            match X509Certificate::from_der(certificate) {
                Ok((_, parsed)) if is_of(&key, &parsed) => {
                    return Self::new(key, certificate, &parsed);
                }
                Ok(_) => {}
                Err(_) => unreadable = true,
            }
        }
        Err(invalid(&match unreadable {
            true => format!("A certificate in the {file} cannot be read."),
            false => format!("There is no certificate for its private key in the {file}."),
        }))
    }

    fn new(key: RsaKeyPair, der: &[u8], parsed: &X509Certificate<'_>) -> Result<Self, Error> {
        let thumbprint = digest::digest(&digest::SHA256, der);
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

fn is_of(key: &RsaKeyPair, certificate: &X509Certificate<'_>) -> bool {
    certificate.public_key().subject_public_key.data.as_ref() == key.public_key().as_ref()
}

/// Why a PFX could not be read with a password.
fn why(error: &pfx::Error, pfx: &[u8], password: &str) -> &'static str {
    match error {
        pfx::Error::MacError(_) if password.is_empty() => {
            "It has a password, or was exported without any, even an empty one, which is not supported. Export it with a password, or give PEM."
        }
        pfx::Error::MacError(_) => "The password is wrong.",
        pfx::Error::Pkcs5Error(_) | pfx::Error::UnpadError | pfx::Error::InvalidPrivateKey => {
            "The password is wrong, or the PFX is damaged."
        }
        pfx::Error::UnsupportedEncryptionScheme | pfx::Error::UnsupportedMacAlgorithm => {
            "The PFX is encrypted in a way that is not supported. Export it with AES."
        }
        _ if X509Certificate::from_der(pfx).is_ok() => {
            "It is a certificate without its private key. Give PFX, or PEM with both."
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
