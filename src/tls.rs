//! TLS: one configuration for the process, and variants for clients with roots of their own.

use std::sync::Arc;

use once_cell::sync::OnceCell;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::{BuilderVerifierExt, Verifier};

use crate::error::{Error, ErrorKind};

/// TLS 1.2 and 1.3 with ring; certificates are judged as the platform judges them. Made at first use, then cloned.
pub(crate) fn platform_config() -> Result<ClientConfig, Error> {
    static CONFIG: OnceCell<ClientConfig> = OnceCell::new();
    CONFIG
        .get_or_try_init(|| {
            let config = builder()?
                .with_platform_verifier()
                .map_err(|error| internal(&error))?
                .with_no_client_auth();
            Ok(with_alpn(config))
        })
        .cloned()
}

/// The same, but certificates that `roots` vouch for are trusted too.
pub(crate) fn config_with_roots(roots: &[CertificateDer<'static>]) -> Result<ClientConfig, Error> {
    let verifier = Verifier::new_with_extra_roots(roots.iter().cloned(), provider())
        .map_err(|error| internal(&error))?;
    let config = builder()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(with_alpn(config))
}

/// Reads certificates in PEM. At least one.
pub(crate) fn parse_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let invalid = |message: String| Error::new(ErrorKind::InvalidArgument, message);
    let certificates = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| invalid(format!("The root certificate is not valid PEM: {error}.")))?;
    if certificates.is_empty() {
        return Err(invalid(
            "The root certificate's PEM holds no CERTIFICATE.".to_owned(),
        ));
    }
    let mut roots = RootCertStore::empty();
    for certificate in &certificates {
        roots
            .add(certificate.clone())
            .map_err(|error| invalid(format!("The root certificate cannot be used: {error}.")))?;
    }
    Ok(certificates)
}

/// A configuration that trusts nobody, for plain http: it asks nothing of the platform, which may have no certificates.
pub(crate) fn no_trust_config() -> Result<ClientConfig, Error> {
    let config = builder()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(with_alpn(config))
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Error> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| internal(&error))
}

fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceCell<Arc<CryptoProvider>> = OnceCell::new();
    PROVIDER
        .get_or_init(|| Arc::new(rustls::crypto::ring::default_provider()))
        .clone()
}

fn with_alpn(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn internal(error: &rustls::Error) -> Error {
    let message = format!("TLS could not be set up on this machine: {error}.");
    Error::new(ErrorKind::Internal, message)
}
