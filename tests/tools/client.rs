//! Clients for the servers that tests start.

use mgdeviceimage::client::{Client, ClientBuilder};
use mgdeviceimage::endpoint::Endpoint;

/// What an emulator accepts unless it is told otherwise.
pub(crate) const TOKEN: &str = "emulator-token";

pub(crate) fn builder(endpoint: &str) -> ClientBuilder {
    ClientBuilder::new()
        .endpoint(Endpoint::parse(endpoint).expect("an origin"))
        .token(TOKEN)
        .expect("a token")
}

pub(crate) fn client(endpoint: &str) -> Client {
    builder(endpoint).build().expect("a client")
}
