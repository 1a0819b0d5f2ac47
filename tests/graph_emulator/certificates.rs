//! A certification authority for tests, made when the process first needs it, and server certificates for this machine.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CrlDistributionPoint, CustomExtension,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::LazyLock;
use time::{Duration, OffsetDateTime};

/// The names of this machine.
const HOSTS: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// Where a certificate says that its revocation can be asked for. Nobody listens there.
const CRL: &str = "http://127.0.0.1:9/revoked.crl";

/// Authority Information Access with one entry: OCSP (1.3.6.1.5.5.7.48.1) at `http://127.0.0.1:9/`. DER.
const OCSP: &[u8] =
    b"\x30\x21\x30\x1f\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x01\x86\x13http://127.0.0.1:9/";
const AUTHORITY_INFORMATION_ACCESS: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 1, 1];

type Root = CertifiedIssuer<'static, KeyPair>;

static ROOT: LazyLock<Root> = LazyLock::new(|| root("Emulator test root"));

/// The test root's certificate. A client that trusts it trusts the emulators of this process.
pub(crate) fn root_pem() -> String {
    ROOT.pem()
}

/// What a server certificate is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certificate {
    Valid,
    WrongName,
    Expired,
    NotYetValid,
    /// From a root that nobody trusts.
    UnknownIssuer,
    /// Valid, and it names places where its revocation can be asked for, which do not answer.
    RevocationUnknown,
}

impl Certificate {
    /// Makes one, with its key.
    pub(crate) fn issue(self) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().expect("a key pair");
        let certificate = match self {
            Self::UnknownIssuer => self
                .params()
                .signed_by(&key, &root("Some other root"))
                .expect("a certificate"),
            _ => self
                .params()
                .signed_by(&key, &*ROOT)
                .expect("a certificate"),
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("PKCS #8");
        (certificate.der().clone(), key)
    }

    fn params(self) -> CertificateParams {
        let names = match self {
            Self::WrongName => vec!["graph.example".to_owned()],
            _ => HOSTS.map(str::to_owned).to_vec(),
        };
        let mut params = CertificateParams::new(names).expect("ASCII names");
        params
            .distinguished_name
            .push(DnType::CommonName, "Emulator");
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        (params.not_before, params.not_after) = match self {
            Self::Expired => days(-90, -1),
            Self::NotYetValid => days(1, 90),
            _ => days(-1, 90),
        };
        if self == Self::RevocationUnknown {
            params.crl_distribution_points = vec![CrlDistributionPoint {
                uris: vec![CRL.to_owned()],
            }];
            params.custom_extensions = vec![CustomExtension::from_oid_content(
                &AUTHORITY_INFORMATION_ACCESS,
                OCSP.to_vec(),
            )];
        }
        params
    }
}

fn root(name: &str) -> Root {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = days(-100, 300);
    Root::self_signed(params, KeyPair::generate().expect("a key pair")).expect("a certificate")
}

/// A time span, in days from now.
fn days(from: i64, to: i64) -> (OffsetDateTime, OffsetDateTime) {
    let now = OffsetDateTime::now_utc();
    (now + Duration::days(from), now + Duration::days(to))
}
