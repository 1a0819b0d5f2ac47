//! The value of a `Retry-After` header.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| checks::retry_after(text));
