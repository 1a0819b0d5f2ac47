//! Text as it comes from outside.

use proptest::collection::{SizeRange, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// Characters that mean something in JSON, HTTP, URLs or Unicode.
const SPECIAL: &[char] = &[
    '"',
    '\\',
    '/',
    '\'',
    '<',
    '&',
    '%',
    '#',
    '?',
    '@',
    ':',
    ';',
    '.',
    '+',
    '\0',
    '\t',
    '\n',
    '\r',
    '\u{1f}',
    '\u{7f}',
    '\u{80}',
    '\u{85}',
    '\u{a0}',
    '\u{2028}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{feff}',
    '\u{fffd}',
    '\u{10ffff}',
];

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => prop::char::range(' ', '~'),
        2 => select(SPECIAL),
        1 => any::<char>(),
    ]
}

/// Any text at all.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    text_of(character(), 0..12)
}

pub(crate) fn text_of(
    characters: impl Strategy<Value = char>,
    length: impl Into<SizeRange>,
) -> impl Strategy<Value = String> {
    vec(characters, length).prop_map(String::from_iter)
}

pub(crate) fn digits(length: impl Into<SizeRange>) -> impl Strategy<Value = String> {
    text_of(prop::char::range('0', '9'), length)
}

/// The name of a machine, such as `ab.c`.
pub(crate) fn host() -> impl Strategy<Value = String> {
    let label = || text_of(prop::char::range('a', 'z'), 1..4);
    (label(), select(&["", ".example", ".x-1.test"][..])).prop_map(|(name, zone)| name + zone)
}

/// Text made of pieces: closer to what a parser knows than any text is.
pub(crate) fn pieces(known: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => select(known).prop_map(str::to_owned),
        1 => character().prop_map(String::from),
    ];
    vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

/// The text with some letters in the other case, as `choice` says.
pub(crate) fn recased(text: &str, choice: u64) -> String {
    let recase = |(index, letter): (usize, char)| match choice >> (index % 64) & 1 {
        0 => letter,
        _ if letter.is_ascii_lowercase() => letter.to_ascii_uppercase(),
        _ => letter.to_ascii_lowercase(),
    };
    text.chars().enumerate().map(recase).collect()
}
