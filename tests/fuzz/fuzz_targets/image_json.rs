//! The body of an update, as JSON text.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| checks::image_json(text));
