//! The name and the value of a header, with a line feed between them.

#![no_main]

libfuzzer_sys::fuzz_target!(|header: &str| {
    let (name, value) = header.split_once('\n').unwrap_or((header, ""));
    checks::header(name, value);
});
