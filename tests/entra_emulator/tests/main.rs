//! Tests of the sign-in emulators themselves.

#![allow(clippy::unwrap_used)]

#[path = "../mod.rs"]
mod entra_emulator;
#[path = "../../graph_emulator/mod.rs"]
mod graph_emulator;

mod assertions;
mod client;
mod control;
mod device_codes;
mod managed_identity;
mod tokens;
