//! Updates Cloud PC device images of Windows 365 through Microsoft Graph.
//!
//! One operation, `PATCH /deviceManagement/virtualEndpoint/deviceImages/{id}`, for Rust programs and, through
//! [`ffi`], for C programs and the PowerShell module.
//!
//! Graph's documentation lists no Update for this resource. Whether a tenant accepts the request is not known.
//!
//! # Map of the crate
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`client`] | who is asked: endpoint, token, time limits; starts updates |
//! | [`credential`] | how a client gets its tokens |
//! | [`environment`] | the environment that a client sees: the process's, or one that the host gives |
//! | [`image`] | the body: members that are absent, null or a text, and additional members |
//! | [`update`] | one request: id, image, headers |
//! | [`operation`] | a running update or sign-in: wait, cancel, take the outcome |
//! | [`identity`] | who one is signed in as |
//! | [`proxy`] | the proxy that requests go through |
//! | [`retry`] | when a request is tried again |
//! | [`response`] | the answer: status, headers, image, body |
//! | [`error`] | what went wrong, and what Graph said |
//! | [`cloud`], [`endpoint`] | the national clouds and where they are |
//! | [`ffi`] | the C ABI: a thin skin over the modules above |
//!
//! # Example
//!
//! ```no_run
//! use mgdeviceimage::{client::ClientBuilder, image::{Image, Member}, update::Update};
//!
//! # fn main() -> Result<(), mgdeviceimage::error::Error> {
//! let client = ClientBuilder::new().token("eyJ0eXAi...")?.build()?;
//! let mut image = Image::new();
//! image.set_text(Member::DisplayName, "Gold image")?;
//! let response = client.send(&Update::new("b1b2f7a5-1234-4c6b-9d60-4d2a8d2c9a11", &image)?)?;
//! println!("{} {}", response.status(), response.image_json().unwrap_or("(no image)"));
//! # Ok(())
//! # }
//! ```

pub mod client;
pub mod cloud;
pub mod credential;
pub mod endpoint;
pub mod environment;
pub mod error;
pub mod ffi;
pub mod identity;
pub mod image;
pub mod operation;
pub mod proxy;
pub mod response;
pub mod retry;
pub mod update;

mod call;
mod date;
mod graph_error;
mod json;
mod progress;
mod redact;
mod redirect;
mod route;
mod runtime;
mod secret;
mod sign_in;
#[cfg(unix)]
mod signal;
#[cfg(unix)]
mod signal_mask;
mod tls;
mod transport;

/// The version of this library, as in `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
