//! A sign-in service on loopback that behaves as Microsoft Entra ID does for one application, and the services that give tokens to
//! programs that run in Azure.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `mod.rs` | start and stop, and the methods for Rust tests |
//! | `routes.rs` | the HTTP of Entra ID |
//! | `grants.rs` | what the token endpoint and the device code endpoint answer |
//! | `directory.rs` | the tenant, its application, and how that may sign in |
//! | `assertion.rs` | client assertions, checked |
//! | `device_codes.rs` | sign-in of a person with a device code |
//! | `issue.rs` | the tokens that are given out |
//! | `errors.rs` | errors as Entra ID writes them |
//! | `control.rs` | the methods over HTTP, under `/emulator/` |
//! | `managed_identity.rs` | the managed identity endpoints of virtual machines (IMDS) and App Service |
//! | `client_certificate.rs`, `client_key.pem` | a certificate for the application, made at run time, and its key |
//!
//! The test program needs `mod graph_emulator;` too: connections, faults, records and certificates are that emulator's.
//!
//! ```ignore
//! let entra = EntraEmulator::start();
//! let graph = GraphEmulator::builder().tls(Tls::Valid).tokens(entra.tokens()).start()?;
//! // ... a client signs in at entra.authority() with TENANT_ID, CLIENT_ID and SECRET, and trusts root_pem() ...
//! assert_eq!(entra.stage().requests().len(), 1);
//! ```

// Each test program uses a part of the methods.
#![allow(dead_code, unused_imports)]

mod assertion;
mod client_certificate;
mod control;
mod device_codes;
mod directory;
mod errors;
mod grants;
mod issue;
mod managed_identity;
mod routes;

pub(crate) use client_certificate::ClientCertificate;
pub(crate) use device_codes::Decision;
pub(crate) use directory::{ACCOUNT, CLIENT_ID, PERMISSION, SECRET, TENANT_DOMAIN, TENANT_ID};
pub(crate) use managed_identity::{
    IDENTITY_HEADER, ManagedIdentityEmulator, USER_ASSIGNED, UserAssigned,
};

use crate::graph_emulator::Tls;
use crate::graph_emulator::background::{self, Background};
use crate::graph_emulator::exchange::Stage;
use crate::graph_emulator::tee;
use crate::graph_emulator::tls::{Acceptor, Handshakes};
use crate::graph_emulator::tokens::Tokens;
use device_codes::DeviceCodes;
use directory::Directory;
use issue::Issuer;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

/// What the routes share.
struct Entra {
    authority: String,
    directory: Directory,
    issuer: Issuer,
    device_codes: DeviceCodes,
    stage: Arc<Stage>,
}

impl Entra {
    fn reset(&self) {
        self.directory.reset();
        self.issuer.reset();
        self.device_codes.reset();
        self.stage.reset();
    }
}

/// A running Entra ID, on a thread of its own. Stops when dropped.
pub(crate) struct EntraEmulator {
    entra: Arc<Entra>,
    _server: Background,
}

impl EntraEmulator {
    /// Starts on a free port, with a certificate of the test root.
    pub(crate) fn start() -> Self {
        Self::start_with(0, Tls::Valid).expect("a free port on loopback")
    }

    /// Starts on a port, 0 for a free one.
    pub(crate) fn start_with(port: u16, tls: Tls) -> io::Result<Self> {
        let listener = background::bind((Ipv4Addr::LOCALHOST, port).into())?;
        let entra = Arc::new(Entra {
            authority: format!("https://{}", listener.local_addr()?),
            directory: Directory::default(),
            issuer: Issuer::new(Tokens::default()),
            device_codes: DeviceCodes::default(),
            stage: Arc::default(),
        });
        let acceptor = Acceptor::new(tls, Handshakes::default());
        let router = routes::router(entra.clone());
        let server = tee::serve("entra-emulator", listener, true, Some(acceptor), router)?;
        Ok(Self {
            entra,
            _server: server,
        })
    }

    /// The authority host, such as `https://127.0.0.1:50123`.
    pub(crate) fn authority(&self) -> &str {
        &self.entra.authority
    }

    /// The tokens that it gives out, for a Graph emulator to accept.
    pub(crate) fn tokens(&self) -> Tokens {
        self.entra.issuer.tokens().clone()
    }

    /// Its faults to come and the requests that came. Every request meets a fault.
    pub(crate) fn stage(&self) -> &Stage {
        &self.entra.stage
    }

    /// Replaces the application's secret, [`SECRET`] at the start.
    pub(crate) fn set_secret(&self, secret: &str) {
        self.entra.directory.set_secret(secret);
    }

    /// Registers the certificates in a PEM text with the application.
    pub(crate) fn add_certificates(&self, pem: &str) {
        let added = self.entra.directory.add_certificates(pem.as_bytes());
        added.unwrap_or_else(|why| panic!("{why}"));
    }

    /// Trusts a token of another issuer, as for workload identities. It is compared, not read.
    pub(crate) fn add_federated_token(&self, token: &str) {
        self.entra.directory.add_federated_token(token);
    }

    /// How long access tokens live that are given out from now on.
    pub(crate) fn set_token_lifetime(&self, lifetime: Duration) {
        self.entra.issuer.set_lifetime(lifetime);
    }

    /// What the person does with device codes, from now on.
    pub(crate) fn decide_device_codes(&self, decision: Decision) {
        self.entra.device_codes.decide(decision);
    }

    /// How long device codes live that are given out from now on, and how long clients are to wait between two questions. Both are
    /// told in whole seconds; a client that asks sooner is told to slow down.
    pub(crate) fn set_device_code_times(&self, lifetime: Duration, interval: Duration) {
        let device_codes = &self.entra.device_codes;
        device_codes.set_times(Some(lifetime), Some(interval));
    }

    /// Graph refuses the access tokens given out so far, and asks for others by a claims challenge.
    pub(crate) fn revoke_access_tokens(&self) {
        self.entra.issuer.tokens().revoke_issued();
    }

    /// No refresh token is good any more.
    pub(crate) fn revoke_refresh_tokens(&self) {
        self.entra.issuer.revoke_refresh_tokens();
    }
}
