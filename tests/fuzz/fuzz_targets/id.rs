//! The id of an image.

#![no_main]

libfuzzer_sys::fuzz_target!(|id: &str| {
    checks::id(id);
});
