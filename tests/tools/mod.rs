//! What tests and the demo find on a machine, and the library that they stage.

#![allow(dead_code, reason = "each test or example uses a part")]

pub(crate) mod client;
pub(crate) mod pwsh;
pub(crate) mod staging;
