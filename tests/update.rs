//! One update against the Graph emulator: what goes out, and what comes back.

mod graph_emulator;
mod tools;

use graph_emulator::{Fault, GraphEmulator};
use mgdeviceimage::image::{Image, Member, Value};
use mgdeviceimage::update::Update;
use tools::client::client;

fn gold() -> Image {
    let mut image = Image::new();
    image
        .set_text(Member::DisplayName, "Gold image")
        .expect("a text");
    image
}

#[test]
fn an_update_changes_the_image_and_answers_it() {
    let emulator = GraphEmulator::start();
    let update = Update::new("img-1", &gold()).expect("an update");
    let response = client(emulator.endpoint())
        .send(&update)
        .expect("a response");

    assert_eq!(response.status(), 200);
    assert_eq!(response.attempts(), 1);
    let image = response.image().expect("the image");
    assert_eq!(
        *image.get(Member::DisplayName),
        Value::Text("Gold image".to_owned())
    );
    let json = response.image_json().expect("the image's JSON");
    assert!(json.contains("@odata.context"), "{json}");
    assert!(!image.to_json().contains("@odata.context"));
    assert_eq!(
        emulator.image("img-1").expect("stored")["displayName"],
        "Gold image"
    );
}

#[test]
fn the_request_is_the_documented_one() {
    let emulator = GraphEmulator::start();
    let mut update = Update::new("a b/c?d#e%f+g", &gold()).expect("an update");
    update.set_header("If-Match", "\"e\"").expect("a header");
    update.set_header("x-ms-test", "one").expect("a header");
    update.add_header("x-ms-test", "two").expect("a header");
    client(emulator.endpoint())
        .send(&update)
        .expect_err("the emulator has no such image");

    let requests = emulator.requests();
    let request = &requests[0];
    assert_eq!(request.method, "PATCH");
    assert_eq!(
        request.target,
        "/v1.0/deviceManagement/virtualEndpoint/deviceImages/a%20b%2Fc%3Fd%23e%25f%2Bg"
    );
    assert_eq!(request.body_text(), r#"{"displayName":"Gold image"}"#);
    for (name, value) in [
        ("Authorization", format!("Bearer {}", emulator.token())),
        ("Content-Type", "application/json".to_owned()),
        ("Accept", "application/json".to_owned()),
        ("If-Match", "\"e\"".to_owned()),
    ] {
        assert_eq!(request.header(name), Some(value.as_str()), "{name}");
    }
    let values: Vec<_> = request
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("x-ms-test"))
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(values, ["one", "two"]);
    let agent = request.header("User-Agent").expect("a user agent");
    assert!(agent.starts_with("mgdeviceimage/"), "{agent}");
    let encodings = request.header("Accept-Encoding").expect("encodings");
    assert!(
        encodings.contains("gzip") && encodings.contains("br"),
        "{encodings}"
    );
    let id = request.header("client-request-id").expect("an id");
    uuid::Uuid::parse_str(id).expect("a GUID");
    assert_eq!(request.header("Retry-Attempt"), None);
}

#[test]
fn a_callers_request_id_is_kept_and_its_authorization_is_not() {
    let emulator = GraphEmulator::start();
    let mut update = Update::new("img-1", &gold()).expect("an update");
    update
        .set_header("client-request-id", "mine")
        .expect("a header");
    update
        .set_header("authorization", "Bearer mine")
        .expect("a header");
    client(emulator.endpoint())
        .send(&update)
        .expect("a response");

    let request = &emulator.requests()[0];
    assert_eq!(request.header("client-request-id"), Some("mine"));
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {}", emulator.token()).as_str())
    );
}

#[test]
fn requests_share_a_connection() {
    let emulator = GraphEmulator::start();
    let client = client(emulator.endpoint());
    let update = Update::new("img-1", &gold()).expect("an update");
    for _ in 0..5 {
        client.send(&update).expect("a response");
    }
    let connections: Vec<_> = emulator
        .requests()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, [connections[0]; 5]);
}

#[test]
fn a_minimal_answer_has_no_image() {
    let emulator = GraphEmulator::start();
    let mut update = Update::new("img-1", &gold()).expect("an update");
    update
        .set_header("Prefer", "return=minimal")
        .expect("a header");
    let response = client(emulator.endpoint())
        .send(&update)
        .expect("a response");
    assert_eq!(response.status(), 204);
    assert!(response.image().is_none());
    assert!(response.image_json().is_none());
    assert_eq!(
        response.header("Preference-Applied"),
        Some(&b"return=minimal"[..])
    );
}

#[test]
fn an_empty_success_has_no_image() {
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Empty200]);
    let update = Update::new("img-1", &gold()).expect("an update");
    let response = client(emulator.endpoint())
        .send(&update)
        .expect("a response");
    assert_eq!((response.status(), response.image_json()), (200, None));
}

#[test]
fn what_graph_may_send_is_not_lost() {
    let emulator = GraphEmulator::start();
    let body =
        "\u{feff}{\"DisplayName\":\"x\",\"version\":3,\"extra\":{\"a\":[1.50]},\"status\":null}";
    emulator.script([Fault::Answer(
        Fault::answer(200)
            .body(body)
            .header("x-two", "a")
            .header("X-Two", "b"),
    )]);
    let update = Update::new("img-1", &gold()).expect("an update");
    let response = client(emulator.endpoint())
        .send(&update)
        .expect("a response");
    let image = response.image().expect("the image");
    assert_eq!(
        image.to_json(),
        r#"{"version":3,"extra":{"a":[1.50]},"displayName":"x","status":null}"#
    );
    let values: Vec<_> = response
        .headers()
        .filter(|(name, _)| *name == "x-two")
        .map(|(_, value)| value)
        .collect();
    assert_eq!(values, [b"a", b"b"]);
}

#[test]
fn a_described_update_is_the_one_that_goes_out() {
    let emulator = GraphEmulator::start();
    let client = client(emulator.endpoint());
    let mut update = Update::new("img-1", &gold()).expect("an update");
    update.set_header("If-Match", "*").expect("a header");
    let description = client.describe(&mut update);
    client.send(&update).expect("a response");

    let request = &emulator.requests()[0];
    let mut lines = description.lines();
    assert_eq!(
        lines.next(),
        Some(format!("PATCH {}{}", emulator.endpoint(), request.target).as_str())
    );
    let described: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    assert!(described.iter().any(|(name, _)| *name == "if-match"));
    for (name, value) in described {
        assert_eq!(request.header(name), Some(value), "{name}");
    }
    assert!(!description.contains(emulator.token()), "{description}");
}

#[test]
fn a_compressed_answer_is_decoded() {
    // The JSON object {"id":"img-1"} as gzip writes it.
    const GZIP: &[u8] = include_bytes!("data/image.json.gz");
    let emulator = GraphEmulator::start();
    emulator.script([Fault::Answer(
        Fault::answer(200)
            .body(GZIP)
            .header("Content-Encoding", "gzip"),
    )]);
    let update = Update::new("img-1", &gold()).expect("an update");
    let response = client(emulator.endpoint())
        .send(&update)
        .expect("a response");
    assert_eq!(response.image_json(), Some(r#"{"id":"img-1"}"#));
}
