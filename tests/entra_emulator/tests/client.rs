//! A client that trusts the test root, and its requests.

use crate::entra_emulator::{CLIENT_ID, EntraEmulator, TENANT_ID};
use crate::graph_emulator::root_pem;
use reqwest::{Client, RequestBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use std::sync::Arc;

pub(crate) const SCOPE: &str = "https://graph.example/.default";

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn text(&self, member: &str) -> &str {
        self.json[member]
            .as_str()
            .unwrap_or_else(|| panic!("no {member} in {}", self.json))
    }
}

/// Sends a request and reads its answer, which is JSON or nothing.
pub(crate) fn send(build: impl FnOnce(&Client) -> RequestBuilder) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let answer = build(&client()).send().await.unwrap();
        Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            json: serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(),
        }
    })
}

fn client() -> Client {
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(root_pem().as_bytes()).unwrap();
    roots.add(root).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls)
        .build()
        .unwrap()
}

/// The form of a sign-in, as pairs; later ones replace earlier ones, and empty ones are left out.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    let mut all = vec![
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT_ID),
        ("scope", SCOPE),
    ];
    for pair in pairs {
        all.retain(|(name, _)| *name != pair.0);
        all.push(*pair);
    }
    all.retain(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(all)
        .finish()
}

/// Asks for a token in the tenant.
pub(crate) fn sign_in(entra: &EntraEmulator, pairs: &[(&str, &str)]) -> Answer {
    post(entra, &format!("{TENANT_ID}/oauth2/v2.0/token"), pairs)
}

pub(crate) fn post(entra: &EntraEmulator, path: &str, pairs: &[(&str, &str)]) -> Answer {
    send(|client| {
        client
            .post(format!("{}/{path}", entra.authority()))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form(pairs))
    })
}
