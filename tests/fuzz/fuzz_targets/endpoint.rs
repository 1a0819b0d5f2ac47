//! The text of an endpoint.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| checks::endpoint(text));
