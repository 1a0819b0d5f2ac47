//! The C ABI: a thin skin over the crate, one file per noun. `include/mgdeviceimage.h` is generated from here.
//!
//! A function checks its pointers, copies what it is given, calls the core and catches panics (`boundary.rs`). Handles
//! are opaque: `handle.rs` ties each C name to its Rust value and to who owns it. Nothing else in the crate is unsafe, but
//! for `src/signal_mask.rs`.
//!
//! The conventions that C callers rely on stand in the header's preamble, `include/cbindgen.toml`. They are the safety
//! contract of every function here.

// C names are spelled the same in Rust.
#![allow(non_camel_case_types)]
#![allow(unsafe_code)]
// The safety contract of all functions is one: the header's preamble.
#![allow(clippy::missing_safety_doc)]

mod boundary;
mod handle;
#[cfg(test)]
mod panics;
mod text;

pub mod client;
pub mod credential;
pub mod environment;
pub mod error;
pub mod identity;
pub mod image;
pub mod operation;
pub mod response;
pub mod result;
pub mod sign_in;
pub mod token;
pub mod update;
pub mod version;

pub use text::{MGDI_NUL_TERMINATED, mgdi_str};
