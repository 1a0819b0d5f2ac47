//! The status and the body of an answer.

#![no_main]

libfuzzer_sys::fuzz_target!(|answer: (u16, &[u8])| {
    let (status, body) = answer;
    // Most statuses are a success, whose body is read as an image.
    checks::answer(if status >= 1100 { 200 } else { status }, body);
});
