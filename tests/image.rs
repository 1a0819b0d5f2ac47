//! An image in Rust: three states for each member, additional members, and the exact bytes of the body.

use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::{Image, Member, Value};

fn image(json: &str) -> Image {
    Image::from_json(json).expect(json)
}

#[test]
fn a_member_is_absent_null_or_a_text() {
    let mut image = Image::new();
    assert_eq!(image.to_json(), "{}");
    assert_eq!(*image.get(Member::DisplayName), Value::Absent);

    image.set_text(Member::DisplayName, "").expect("a text");
    assert_eq!(image.to_json(), r#"{"displayName":""}"#);

    image.set_null(Member::DisplayName);
    assert_eq!(image.to_json(), r#"{"displayName":null}"#);

    image.unset(Member::DisplayName);
    assert_eq!(image.to_json(), "{}");
}

#[test]
fn members_have_one_order_and_additional_ones_come_first() {
    let image = image(
        r##"{"version":"1","zeta":[ 1 , 2 ],"STATUS":"ready","Id":"e","@odata.type":"#microsoft.graph.cloudPcDeviceImage"}"##,
    );
    assert_eq!(
        image.to_json(),
        r##"{"zeta":[1,2],"@odata.type":"#microsoft.graph.cloudPcDeviceImage","id":"e","status":"ready","version":"1"}"##
    );
}

#[test]
fn text_is_written_byte_for_byte() {
    for (text, written) in [
        ("a/b'<&>", r#""a/b'<&>""#),
        ("\"\\", r#""\"\\""#),
        ("\r\n\t\u{8}\u{c}\u{0}\u{1f}", r#""\r\n\t\b\f\u0000\u001f""#),
        ("Größe €😀\u{2028}\u{7f}", "\"Größe €😀\u{2028}\u{7f}\""),
        ("null", r#""null""#),
        ("defaultnull", r#""defaultnull""#),
    ] {
        let mut image = Image::new();
        image.set_text(Member::DisplayName, text).expect("a text");
        assert_eq!(image.to_json(), format!(r#"{{"displayName":{written}}}"#));
    }
}

#[test]
fn dates_have_one_form_each() {
    let image = image(
        r#"{"expirationDate":"2024-03-01T23:59:59Z","lastModifiedDateTime":"2024-07-01T12:00:00+02:00"}"#,
    );
    assert_eq!(
        image.to_json(),
        r#"{"expirationDate":"2024-03-01","lastModifiedDateTime":"2024-07-01T10:00:00.0000000Z"}"#
    );
}

#[test]
fn what_cannot_be_a_body_is_named() {
    for (json, named) in [
        ("", "empty"),
        ("[1]", "not an object"),
        ("{\"a\":}", "line 1 column 6"),
        (r#"{"displayName":5}"#, "displayName"),
        (
            r#"{"DisplayName":"a","displayname":"b"}"#,
            "displayName is given twice",
        ),
        (
            r#"{"displayName":null,"displayName":null}"#,
            "displayName is given twice",
        ),
        (r#"{"x":1,"x":2}"#, "x is given twice"),
        (r#"{"displayName":"\ud800"}"#, "displayName"),
        (r#"{"expirationDate":"soon"}"#, "expirationDate"),
        (r#"{"lastModifiedDateTime":""}"#, "lastModifiedDateTime"),
        (r#"{"x":{"a":["\udfff"]}}"#, "x.a[0]"),
    ] {
        let error = Image::from_json(json).expect_err(json);
        assert_eq!(error.kind(), ErrorKind::InvalidBody, "{json}");
        assert!(error.message().contains(named), "{json}: {error}");
    }
}

#[test]
fn an_additional_member_is_any_json() {
    let mut image = Image::new();
    image
        .set_additional_json("x", " [1.50, {\"b\" : null}] ")
        .expect("JSON");
    image.set_additional_json("y", "true").expect("JSON");
    image.set_additional_json("x", "2").expect("JSON");
    assert_eq!(image.to_json(), r#"{"x":2,"y":true}"#);

    for (name, json) in [
        ("", "1"),
        ("DISPLAYNAME", "1"),
        ("x", ""),
        ("x", "1 2"),
        ("x", "{"),
    ] {
        let error = image.set_additional_json(name, json).expect_err(json);
        assert_eq!(error.kind(), ErrorKind::InvalidBody, "{name} {json}");
    }
    assert_eq!(image.to_json(), r#"{"x":2,"y":true}"#, "as it was");
}
