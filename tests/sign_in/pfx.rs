//! PFX files of the application's certificate.

use p12_keystore::{Certificate, KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::entra_emulator::ClientCertificate;

/// The certificate with its key.
pub(crate) fn pfx(certificate: &ClientCertificate, password: &str) -> Vec<u8> {
    pfx_of(certificate, &[&certificate.certificate_pem()], password)
}

/// The certificate's key, and other certificates.
pub(crate) fn pfx_of(key: &ClientCertificate, chain: &[&str], password: &str) -> Vec<u8> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(key.key_pem().as_bytes()).expect("a key");
    let key = PrivateKey::from_der(key.secret_pkcs8_der()).expect("a key");
    let chain = chain.iter().map(|pem| {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        Certificate::from_der(&certificate).expect("a certificate")
    });
    let chain = PrivateKeyChain::new("1", key, chain);
    let mut store = KeyStore::new();
    store.add_entry("application", KeyStoreEntry::PrivateKeyChain(chain));
    store.writer(password).write().expect("a PFX")
}
