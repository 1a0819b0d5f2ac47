//! The body of an update, in and out.

use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::{Image, Member, Value};
use proptest::prelude::*;
use proptest::sample::select;

use crate::json::{Json, any_members, some_of};
use crate::text::{any_text, pieces, recased};
use crate::{checks, config};

/// The members that hold any text. Dates have properties of their own.
const TEXTS: &[Member] = &[
    Member::Id,
    Member::DisplayName,
    Member::ErrorCode,
    Member::OperatingSystem,
    Member::OsBuildNumber,
    Member::OsStatus,
    Member::SourceImageResourceId,
    Member::Status,
    Member::Version,
];

fn text_or_null() -> impl Strategy<Value = Json> {
    prop_oneof![Just(Json::bare("null")), any_text().prop_map(Json::text)]
}

/// A member that no image may have, and what the error says of it.
fn wrong_member() -> impl Strategy<Value = (String, Json, String)> {
    let member = select(&Member::ALL[..]).prop_map(Member::name);
    let no_text = select(&["0", "true", "[]", "{}", "[null]", "-1.5e3"][..]);
    let wrong_kind = (member.clone(), no_text)
        .prop_map(|(name, json)| (name, json, format!("{name} must be a text or null")));
    let no_date = select(&["expirationDate", "lastModifiedDateTime"][..])
        .prop_map(|name| (name, "\"soon\"", format!("{name} must be a date")));
    let no_unicode = member.prop_map(|name| (name, r#""\ud800""#, format!("{name} holds a text")));
    let inside = select(
        &[
            (
                r#"{"a":["\udc00"]}"#,
                "bad.a[0] holds a text that is not Unicode",
            ),
            (
                r#"[{"\ud800":1}]"#,
                "bad[0] holds a name that is not Unicode",
            ),
            (r#"{"a":{"b":1,"b":2}}"#, "bad.a holds the name b twice"),
        ][..],
    )
    .prop_map(|(json, said)| ("bad", json, said.to_owned()));
    prop_oneof![wrong_kind, no_date, no_unicode, inside]
        .prop_map(|(name, json, said)| (name.to_owned(), Json::bare(json), said))
}

/// JSON that goes wrong here and there.
fn nearly_json() -> impl Strategy<Value = String> {
    pieces(&[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\":",
        "\"id\":",
        "\"expirationDate\":",
        "\"2030-12-31\"",
        "\"x\"",
        "null",
        "true",
        "1",
        "-0",
        "1e5",
        ".5",
        "\\ud800",
        "\\n",
        " ",
    ])
    .prop_map(|inside| format!("{{{inside}}}"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_object_keeps_its_values_in_one_order_and_one_form(
        additional in any_members(),
        documented in some_of(TEXTS, text_or_null()),
        cases: u64,
        places: u64,
        form: u64,
    ) {
        let mut given = additional.clone();
        for (index, (name, value)) in documented.iter().enumerate() {
            let place = (places >> (8 * index)) as usize % (given.len() + 1);
            given.insert(place, (recased(name, cases), value.clone()));
        }
        let image = Image::from_json(&Json::Object(given).in_any_form(form)).expect("an object");
        let written = Json::Object([additional, documented].concat()).canonical();
        assert_eq!(image.to_json(), written);
        assert_eq!(Image::from_json(&written).expect("what was written can be read"), image);
    }

    #[test]
    fn a_text_of_a_member_arrives_as_it_is(member in select(TEXTS), text in any_text()) {
        let mut image = Image::new();
        image.set_text(member, text.as_str()).expect("any text");
        let again = Image::from_json(&image.to_json()).expect("what was written can be read");
        assert_eq!(again.get(member), &Value::Text(text));
    }

    #[test]
    fn an_additional_member_keeps_its_value(members in any_members(), form: u64) {
        let mut image = Image::new();
        for (name, value) in &members {
            image.set_additional_json(name, &value.in_any_form(form)).expect("JSON");
        }
        assert_eq!(image.to_json(), Json::Object(members).canonical());
    }

    #[test]
    fn a_wrong_member_is_named(
        mut members in any_members(),
        (name, value, said) in wrong_member(),
        place: prop::sample::Index,
        form: u64,
    ) {
        members.insert(place.index(members.len() + 1), (name, value));
        let error = Image::from_json(&Json::Object(members).in_any_form(form)).expect_err(&said);
        assert_eq!(error.kind(), ErrorKind::InvalidBody);
        assert!(error.message().contains(&said), "{error}: {said}");
    }

    #[test]
    fn a_member_given_twice_is_named(
        mut members in any_members(),
        twice in select(&Member::ALL[..]),
        cases: u64,
        place: prop::sample::Index,
    ) {
        members.push((recased(twice.name(), cases), Json::bare("null")));
        let again = (recased(twice.name(), !cases), Json::bare("null"));
        members.insert(place.index(members.len() + 1), again);
        let error = Image::from_json(&Json::Object(members).canonical()).expect_err("twice");
        assert_eq!(error.message(), format!("{} is given twice.", twice.name()));
    }

    #[test]
    fn any_text_is_an_image_or_refused(text in prop_oneof![any_text(), nearly_json()]) {
        checks::image_json(&text);
    }
}
