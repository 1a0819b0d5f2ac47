//! The one TLS configuration of the process.

use std::sync::Arc;

use once_cell::sync::OnceCell;
use rustls::crypto::CryptoProvider;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;

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

/// A configuration that trusts nobody, for plain http: it asks nothing of the platform, which may have no certificates.
pub(crate) fn no_trust_config() -> Result<ClientConfig, Error> {
    let config = builder()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Ok(with_alpn(config))
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, Error> {
    static PROVIDER: OnceCell<Arc<CryptoProvider>> = OnceCell::new();
    let provider = PROVIDER.get_or_init(|| Arc::new(rustls::crypto::ring::default_provider()));
    ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| internal(&error))
}

fn with_alpn(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}

fn internal(error: &rustls::Error) -> Error {
    let message = format!("TLS could not be set up on this machine: {error}.");
    Error::new(ErrorKind::Internal, message)
}
