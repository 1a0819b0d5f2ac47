//! Bodies of errors: Graph's, and those of others.

use mgdeviceimage::error::Error;
use mgdeviceimage::response::Response;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::json::{Json, any_members};
use crate::text::{any_text, pieces, recased, text_of};
use crate::{checks, config};

const SECRETS: &[&str] = &[
    "access_token",
    "refresh_token",
    "client_secret",
    "client_assertion",
    "device_code",
    "password",
    "accessToken",
    "clientSecret",
];

const PLANTED: &str = "hunter2";

fn error(body: &str) -> Error {
    Response::from_parts(404, [], body.as_bytes()).expect_err("404 is an error")
}

fn nearly_graph() -> impl Strategy<Value = String> {
    pieces(&[
        "{",
        "}",
        "\"error\":",
        "\"code\":",
        "\"message\":",
        "\"innerError\":",
        "\"date\":",
        "\"request-id\":",
        "\"x\"",
        "null",
        "1e999",
        "[",
        "]",
        ",",
        "\\ud800",
        "\u{feff}",
    ])
}

/// A value with a secret in it: a text, or texts inside an array or an object.
fn secret_value() -> impl Strategy<Value = Json> {
    let before_and_after = (any_text(), any_text());
    let text = before_and_after.prop_map(|(a, b)| Json::text(format!("{a}{PLANTED}{b}")));
    text.prop_flat_map(|text| {
        prop_oneof![
            2 => Just(text.clone()),
            1 => Just(Json::Array(vec![Json::bare("1"), text.clone()])),
            1 => Just(Json::Object(vec![("value".to_owned(), text)])),
        ]
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_error_of_graph_is_read_whole(
        code in any_text(),
        message in option::of(any_text()),
        inner_name in select(&["innerError", "innererror"][..]),
        ids in vec(option::of(any_text()), 3),
        more in any_members(),
    ) {
        let mut inner = more.clone();
        for (name, id) in ["date", "request-id", "client-request-id"].into_iter().zip(&ids) {
            inner.extend(id.clone().map(|id| (name.to_owned(), Json::text(id))));
        }
        let inner = Json::Object(inner);
        let mut body = vec![("code".to_owned(), Json::text(&code))];
        body.extend(message.clone().map(|text| ("message".to_owned(), Json::text(text))));
        body.push((inner_name.to_owned(), inner.clone()));
        body.extend(more);
        let body = Json::Object(vec![("error".to_owned(), Json::Object(body))]);

        let error = error(&body.canonical());
        assert_eq!(error.graph_code(), Some(code.as_str()));
        assert_eq!(error.graph_message(), Some(message.as_deref().unwrap_or_default()));
        assert_eq!(error.inner_error_json(), Some(inner.canonical().as_str()));
        assert_eq!(error.date(), ids[0].as_deref());
        assert_eq!(error.request_id(), ids[1].as_deref());
        assert_eq!(error.client_request_id(), ids[2].as_deref());
    }

    #[test]
    fn a_foreign_body_shows_no_secret(
        name in select(SECRETS),
        cases: u64,
        value in secret_value(),
        mut members in any_members(),
        place: prop::sample::Index,
        depth in 0..3,
    ) {
        members.insert(place.index(members.len() + 1), (recased(name, cases), value));
        // Graph's own services wrap the answers of others, as texts.
        let mut body = Json::Object(members).canonical();
        for _ in 0..depth {
            body = Json::Object(vec![("inner".to_owned(), Json::text(body))]).canonical();
        }
        let error = error(&body);
        assert!(!error.message().contains(PLANTED), "{error}");
    }

    #[test]
    fn a_form_shows_no_secret(
        name in select(SECRETS),
        cases: u64,
        before in select(&["", "a", "abc"][..]),
        value in text_of(select(&['a', '%', '+', '-', '.', '_', '~'][..]), 0..4),
    ) {
        let name = recased(name, cases);
        let error = error(&format!("x={before}&{name}={value}{PLANTED}{value}&y=1"));
        assert!(!error.message().contains(PLANTED), "{error}");
        assert!(error.message().contains("&y=1"), "{error}");
    }

    #[test]
    fn any_body_is_graphs_or_foreign(
        body in prop_oneof![
            vec(any::<u8>(), 0..20),
            any_text().prop_map(String::into_bytes),
            nearly_graph().prop_map(String::into_bytes),
        ],
    ) {
        checks::error_body(&body);
    }
}
