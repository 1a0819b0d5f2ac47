//! Headers of the caller.

use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;
use mgdeviceimage::update::Update;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::text::{any_text, recased, text_of};
use crate::{checks, config};

/// The characters of a name (RFC 9110 section 5.6.2).
const TOKEN: &[char] = &[
    '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~', '0', '9', 'a', 'z',
    'A', 'Z',
];

/// Names that are the library's own, or the connection's.
const NOT_THE_CALLERS: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "content-encoding",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A name that no header of anyone else has.
fn name() -> impl Strategy<Value = String> {
    text_of(select(TOKEN), 0..12).prop_map(|name| format!("x-{name}"))
}

/// A value of any characters but control characters.
fn value() -> impl Strategy<Value = String> {
    any_text().prop_map(|text| text.replace(|c: char| c.is_ascii_control(), ""))
}

fn update() -> Update {
    Update::new("img-1", &Image::new()).expect("an update")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn values_of_a_header_arrive_byte_for_byte(name in name(), values in vec(value(), 1..4)) {
        let mut update = update();
        update.set_header(&name, "forgotten").expect("a header");
        update.set_header(&name, &values[0]).expect("a header");
        for value in &values[1..] {
            update.add_header(&name, value).expect("a header");
        }
        let start = format!("{}: ", name.to_lowercase());
        let description = checks::client().describe(&mut update);
        let lines = description.split('\n').filter_map(|line| line.strip_prefix(&start));
        assert_eq!(lines.collect::<Vec<_>>(), values);
    }

    #[test]
    fn a_control_character_never_passes(
        name in name(),
        value in value(),
        bad in prop_oneof![prop::char::range('\0', '\u{1f}'), Just('\u{7f}')],
        place: prop::sample::Index,
        in_name: bool,
    ) {
        let insert = |text: &str| {
            let mut characters: Vec<char> = text.chars().collect();
            characters.insert(place.index(characters.len() + 1), bad);
            String::from_iter(characters)
        };
        let (name, value) = match in_name {
            true => (insert(&name), value),
            false => (name, insert(&value)),
        };
        let error = update().add_header(&name, &value).expect_err("a control character");
        assert_eq!(error.kind(), ErrorKind::InvalidHeader);
        assert!(error.message().contains(&name.escape_debug().to_string()), "{error}");
    }

    #[test]
    fn a_header_that_is_not_the_callers_is_refused(
        name in select(NOT_THE_CALLERS),
        cases: u64,
        value in value(),
    ) {
        let name = recased(name, cases);
        let error = update().set_header(&name, &value).expect_err("not the caller's");
        assert_eq!(error.kind(), ErrorKind::InvalidHeader);
        assert!(error.message().contains(&name), "{error}");
    }

    #[test]
    fn any_name_and_value_go_out_or_are_refused(
        name in prop_oneof![any_text(), name(), text_of(select(TOKEN), 1..4)],
        value in any_text(),
    ) {
        checks::header(&name, &value);
    }
}
