//! Answers of the server, as they are sorted and read.

use mgdeviceimage::image::{Image, Member};
use mgdeviceimage::response::Response;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::json::{Json, any_members, any_value, some_of};
use crate::text::{any_text, pieces, recased, text_of};
use crate::{checks, config};

const ANNOTATION: &str = "@odata.context";

fn nearly_an_image() -> impl Strategy<Value = String> {
    pieces(&[
        "\u{feff}", "{", "}", "\"id\"", ":", "\"x\"", ",", "null", "1", "[", "]", "\\ud800",
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_image_of_any_object_is_read(
        additional in any_members(),
        documented in some_of(&Member::ALL, any_value()),
        cases: u64,
        form: u64,
        with_mark: bool,
    ) {
        let mut given = vec![(ANNOTATION.to_owned(), Json::text("left out"))];
        let (mut kept_as_they_are, mut texts) = (additional.clone(), Vec::new());
        given.extend(additional);
        for (name, value) in documented {
            let recased = recased(&name, cases);
            given.push((recased.clone(), value.clone()));
            match &value {
                Json::Text(_) => texts.push((name, value)),
                Json::Bare(bare) if bare == "null" => texts.push((name, value)),
                _ => kept_as_they_are.push((recased, value)),
            }
        }
        let json = Json::Object(given).in_any_form(form);
        let mark = if with_mark { "\u{feff}" } else { "" };
        let response = Response::from_parts(200, [], format!("{mark}{json}").as_bytes());
        let response = response.expect("an image");
        assert_eq!(response.image_json(), Some(json.as_str()));

        kept_as_they_are.extend(texts);
        let image = response.image().expect("an image");
        assert_eq!(image.to_json(), Json::Object(kept_as_they_are).canonical());
    }

    #[test]
    fn an_image_of_an_answer_can_be_changed_and_sent(
        members in any_members(),
        member in select(&[Member::DisplayName, Member::Status][..]),
        value in any_value(),
        cases: u64,
    ) {
        let mut given = [members.clone(), members].concat();
        given.push((recased(member.name(), cases), value));
        let json = Json::Object(given).canonical();
        let response = Response::from_parts(200, [], json.as_bytes()).expect("an image");
        let mut image = response.image().expect("an image").clone();
        image.set_text(member, "new").expect("a text");
        // An object with a name twice is refused as a value.
        Image::new().set_additional_json("image", &image.to_json()).expect("no name twice");
    }

    #[test]
    fn any_answer_is_sorted_by_its_status(
        status in 0..1100_u16,
        body in prop_oneof![
            vec(any::<u8>(), 0..20),
            any_text().prop_map(String::into_bytes),
            nearly_an_image().prop_map(String::into_bytes),
        ],
    ) {
        checks::answer(status, &body);
    }

    #[test]
    fn any_headers_are_kept_or_refused(
        headers in vec((prop_oneof![any_text(), text_of(select(&['a', 'Z', '-'][..]), 1..4)], any_text()), 0..4),
    ) {
        let given = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        match Response::from_parts(200, given, b"") {
            Ok(response) => {
                assert_eq!(response.headers().len(), headers.len());
                for (name, value) in &headers {
                    let header = (name.to_lowercase(), value.as_bytes());
                    let mut kept = response.headers().map(|(name, value)| (name.to_owned(), value));
                    assert!(kept.any(|kept| kept == header), "{header:?}");
                }
            }
            Err(error) => assert!(error.message().contains("header"), "{error}"),
        }
    }
}
