//! The body of an error answer.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| checks::error_body(body));
