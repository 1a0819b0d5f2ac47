//! Client assertions: JSON Web Tokens that an application signs with its certificate (RFC 7523).
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>

use super::errors::Refusal;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;
use webpki::EndEntityCert;
use webpki::ring::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY};

/// What an assertion has to fit.
pub(crate) struct Expected<'a> {
    pub(crate) client_id: &'a str,
    /// One of them.
    pub(crate) audiences: [String; 2],
    /// Signed with the key of one of them.
    pub(crate) certificates: &'a [CertificateDer<'static>],
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    x5t: Option<String>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    sub: String,
    exp: i64,
    nbf: i64,
    /// Read only to see that it is there.
    #[serde(rename = "jti")]
    _jti: String,
}

pub(crate) fn check(assertion: &str, expected: &Expected) -> Result<(), Refusal> {
    let [header, claims, signature] = assertion
        .split('.')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| malformed("it has not three parts"))?;
    let signed = &assertion[..header.len() + 1 + claims.len()];
    let header: Header = parse("header", header)?;
    let claims: Claims = parse("claims", claims)?;
    check_claims(&claims, expected)?;
    let certificate = find_certificate(&header, expected.certificates)?;
    check_signature(&header.alg, certificate, signed, signature)
}

fn check_claims(claims: &Claims, expected: &Expected) -> Result<(), Refusal> {
    if claims.iss != expected.client_id {
        return Err(Refusal::client(
            70021,
            &format!(
                "No matching federated identity record found for presented assertion. Assertion Issuer: '{}'. Assertion Subject: '{}'. Assertion Audience: '{}'.",
                claims.iss, claims.sub, claims.aud
            ),
        ));
    }
    if claims.sub != expected.client_id {
        return Err(Refusal::client(
            700021,
            "Client assertion application identifier doesn't match 'client_id' parameter.",
        ));
    }
    if !expected.audiences.contains(&claims.aud) {
        return Err(Refusal::client(
            700023,
            "Client assertion audience claim does not match Realm issuer.",
        ));
    }
    let now = OffsetDateTime::now_utc().unix_timestamp();
    if !(claims.nbf..claims.exp).contains(&now) {
        return Err(Refusal::client(
            700024,
            &format!(
                "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {}, expiry time of assertion {}.",
                claims.nbf, claims.exp
            ),
        ));
    }
    Ok(())
}

/// The certificate with the thumbprints of the header. At least one is needed, and each that is there counts.
fn find_certificate<'a>(
    header: &Header,
    certificates: &'a [CertificateDer<'static>],
) -> Result<&'a CertificateDer<'static>, Refusal> {
    let named = [
        (&header.x5t, &SHA1_FOR_LEGACY_USE_ONLY),
        (&header.x5t_s256, &SHA256),
    ];
    if named.iter().all(|(given, _)| given.is_none()) {
        return Err(malformed("its header has neither x5t nor x5t#S256"));
    }
    let fits = |certificate: &&CertificateDer<'static>| {
        named.iter().all(|(given, algorithm)| match given {
            Some(given) => *given == thumbprint(algorithm, certificate),
            None => true,
        })
    };
    certificates.iter().find(fits).ok_or_else(|| {
        Refusal::client(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]",
        )
    })
}

/// The thumbprint of a certificate as a header names it.
pub(crate) fn thumbprint(algorithm: &'static Algorithm, certificate: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(algorithm, certificate))
}

fn check_signature(
    name: &str,
    certificate: &CertificateDer<'_>,
    signed: &str,
    signature: &str,
) -> Result<(), Refusal> {
    let algorithm: &dyn SignatureVerificationAlgorithm = match name {
        "RS256" => RSA_PKCS1_2048_8192_SHA256,
        "PS256" => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
        _ => return Err(malformed("its algorithm is neither PS256 nor RS256")),
    };
    let signature = decode("signature", signature)?;
    EndEntityCert::try_from(certificate)
        .and_then(|certificate| {
            certificate.verify_signature(algorithm, signed.as_bytes(), &signature)
        })
        .map_err(|_| {
            Refusal::client(
                700027,
                "Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.]",
            )
        })
}

fn parse<T: DeserializeOwned>(part: &str, encoded: &str) -> Result<T, Refusal> {
    serde_json::from_slice(&decode(part, encoded)?)
        .map_err(|error| malformed(&format!("its {part}: {error}")))
}

fn decode(part: &str, encoded: &str) -> Result<Vec<u8>, Refusal> {
    BASE64_URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|error| malformed(&format!("its {part}: {error}")))
}

/// The reason is the emulator's own; Entra ID says less.
fn malformed(why: &str) -> Refusal {
    let description = format!("JWT token is invalid or malformed: {why}.");
    Refusal::client(50027, &description)
}
