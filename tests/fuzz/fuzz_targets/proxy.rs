//! The address of a proxy.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| checks::proxy(text));
