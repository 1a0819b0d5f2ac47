//! The stand-ins, and clients for them.

use std::collections::HashMap;

use mgdeviceimage::client::{Client, ClientBuilder};
use mgdeviceimage::credential::{Authority, Credential};
use mgdeviceimage::endpoint::Endpoint;
use mgdeviceimage::error::{Error, ErrorKind};
use mgdeviceimage::image::Image;
use mgdeviceimage::response::Response;
use mgdeviceimage::update::Update;

use crate::entra_emulator::{CLIENT_ID, EntraEmulator, SECRET, TENANT_ID};
use crate::graph_emulator::tokens::Tokens;
use crate::graph_emulator::{GraphEmulator, RecordedRequest, Tls, root_pem};

/// Graph, and the sign-in service whose tokens it accepts.
pub(crate) struct Services {
    pub(crate) graph: GraphEmulator,
    pub(crate) entra: EntraEmulator,
}

impl Services {
    pub(crate) fn start() -> Self {
        let entra = EntraEmulator::start();
        Self {
            graph: graph_with(entra.tokens()),
            entra,
        }
    }

    /// The application's tenant.
    pub(crate) fn authority(&self) -> Authority {
        Authority::at(self.entra.authority(), TENANT_ID).expect("an authority")
    }

    /// The application with its secret.
    pub(crate) fn application(&self) -> Credential {
        self.application_with(SECRET)
    }

    /// The application with this secret.
    pub(crate) fn application_with(&self, secret: &str) -> Credential {
        Credential::client_secret(self.authority(), CLIENT_ID, secret).expect("a credential")
    }

    pub(crate) fn builder(&self, credential: Credential) -> ClientBuilder {
        builder(self.graph.endpoint(), &root_pem()).credential(credential)
    }

    pub(crate) fn client(&self, credential: Credential) -> Client {
        self.builder(credential).build().expect("a client")
    }

    /// What an update ends with whose client gets its tokens so.
    pub(crate) fn update(&self, credential: Credential) -> Result<Response, Error> {
        self.client(credential).send(&update())
    }

    /// The error of an update that got no token. Nothing was sent to Graph.
    pub(crate) fn no_token(&self, credential: Credential) -> Error {
        let error = self.update(credential).expect_err("there is no token");
        assert_eq!(error.kind(), ErrorKind::TokenUnavailable, "{error}");
        assert_eq!(self.graph.requests().len(), 0);
        error
    }

    /// The requests for tokens that arrived, oldest first.
    pub(crate) fn sign_ins(&self) -> Vec<RecordedRequest> {
        self.entra.stage().requests()
    }
}

/// A Graph that accepts these tokens.
pub(crate) fn graph_with(tokens: Tokens) -> GraphEmulator {
    let builder = GraphEmulator::builder().tls(Tls::Valid).tokens(tokens);
    builder.start().expect("a free port")
}

/// A builder that trusts a root and has no credential yet.
pub(crate) fn builder(endpoint: &str, root_pem: &str) -> ClientBuilder {
    ClientBuilder::new()
        .endpoint(Endpoint::parse(endpoint).expect("an origin"))
        .add_root_certificate(root_pem.as_bytes())
        .expect("a root")
}

pub(crate) fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

/// The fields of a request for a token.
pub(crate) fn form(request: &RecordedRequest) -> HashMap<String, String> {
    let fields = form_urlencoded::parse(&request.body);
    fields.into_owned().collect()
}
