//! Tests of the Graph emulator itself. They speak HTTP over plain sockets, so that every byte is theirs.

#![allow(clippy::unwrap_used)]

#[path = "../mod.rs"]
mod graph_emulator;

mod api;
mod client;
mod control;
mod faults;
mod program;
mod recording;
