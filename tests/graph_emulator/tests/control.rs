//! The control API, as tests of another process use it.

use crate::client::{Answer, IMAGES, exchange, get, patch};
use crate::graph_emulator::GraphEmulator;
use serde_json::json;

fn control(emulator: &GraphEmulator, method: &str, path: &str, body: &str) -> Answer {
    let length = body.len();
    exchange(
        emulator,
        &format!(
            "{method} /emulator/{path} HTTP/1.1\r\nHost: e\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

#[test]
fn requests_are_listed_and_cleared() {
    let emulator = GraphEmulator::start();
    let text = patch("img-1", r#"{"displayName":"Bü"}"#);
    exchange(&emulator, &text);

    let answer = control(&emulator, "GET", "requests", "");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!([{
            "number": 1,
            "connection": 1,
            "method": "PATCH",
            "target": format!("{IMAGES}/img-1"),
            "headers": [
                ["Host", "graph"],
                ["Authorization", "Bearer emulator-token"],
                ["Content-Type", "application/json"],
                ["Content-Length", "21"],
            ],
            "body": r#"{"displayName":"Bü"}"#,
            "bodyBase64": "eyJkaXNwbGF5TmFtZSI6IkLDvCJ9",
            "rawBase64": base64(text.as_bytes()),
            "clientGone": false,
        }])
    );

    assert_eq!(control(&emulator, "DELETE", "requests", "").status, 204);
    assert_eq!(control(&emulator, "GET", "requests", "").json(), json!([]));
}

fn base64(bytes: &[u8]) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine};
    BASE64_STANDARD.encode(bytes)
}

#[test]
fn faults_of_every_kind_are_appended() {
    let emulator = GraphEmulator::start();
    let answer = control(
        &emulator,
        "POST",
        "faults",
        r#"[{"kind":"none"},
            {"kind":"answer","status":429,"headers":[["Retry-After","1"]],"code":"TooMany","message":"Wait."},
            {"kind":"answer","status":200,"body":"{}"},
            {"kind":"answer","status":200,"bodyBase64":"AP8="},
            {"kind":"redirect","status":308,"location":"http://127.0.0.1:1/"},
            {"kind":"html502"},
            {"kind":"empty200"}]"#,
    );
    assert_eq!(answer.status, 204);
    let answers: Vec<_> = (0..8).map(|_| exchange(&emulator, &get("img-1"))).collect();
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 429, 200, 200, 308, 502, 200, 200]);
    assert_eq!(answers[1].header("retry-after"), Some("1"));
    assert_eq!(answers[1].error_code(), "TooMany");
    assert_eq!(answers[2].body, b"{}");
    assert_eq!(answers[3].body, [0x00, 0xff]);

    let rest = r#"[{"kind":"delayHeaders","ms":1},{"kind":"delayBody","ms":1},{"kind":"reset"},{"kind":"resetBeforeRead"},
        {"kind":"close"},{"kind":"resetInBody"},{"kind":"truncate"},{"kind":"hang"}]"#;
    assert_eq!(control(&emulator, "POST", "faults", rest).status, 204);
    assert_eq!(control(&emulator, "DELETE", "faults", "").status, 204);
    assert_eq!(exchange(&emulator, &get("img-1")).json()["id"], "img-1");
}

#[test]
fn wrong_faults_are_refused_whole_and_say_why() {
    let emulator = GraphEmulator::start();
    for (fault, reason) in [
        ("[", "EOF while parsing"),
        (r#"{"kind":"none"}"#, "expected a sequence"),
        (r#"[{"kind":"explode"}]"#, "unknown variant `explode`"),
        (r#"[{"kind":"reset","ms":1}]"#, "unknown field `ms`"),
        (r#"[{"kind":"delayBody"}]"#, "missing field `ms`"),
        (
            r#"[{"kind":"answer","status":99}]"#,
            "status 99 is not in 200..599",
        ),
        (
            r#"[{"kind":"answer","status":200,"headers":[["a b","c"]]}]"#,
            "'a b' is not the name of a header",
        ),
        (
            r#"[{"kind":"answer","status":200,"headers":[["a","b\r\n"]]}]"#,
            "the value of a has control characters",
        ),
        (
            r#"[{"kind":"answer","status":200,"headers":[["Content-Length","1"]]}]"#,
            "Content-Length is written by the emulator",
        ),
        (
            r#"[{"kind":"answer","status":200,"bodyBase64":"?"}]"#,
            "bodyBase64",
        ),
        (
            r#"[{"kind":"answer","status":200,"body":"","bodyBase64":""}]"#,
            "body and bodyBase64 exclude each other",
        ),
        (
            r#"[{"kind":"redirect","status":200,"location":"/"}]"#,
            "status 200 is no redirect",
        ),
        (r#"[{"kind":"reset"},{"kind":"explode"}]"#, "explode"),
    ] {
        let answer = control(&emulator, "POST", "faults", fault);
        assert_eq!(answer.status, 400, "{fault}");
        let message = answer.json()["error"]["message"].to_string();
        assert!(message.contains(reason), "{fault}: {message}");
    }
    assert_eq!(exchange(&emulator, &get("img-1")).status, 200);
}

#[test]
fn images_are_read_and_replaced() {
    let emulator = GraphEmulator::start();
    let image = control(&emulator, "GET", "images/img-2", "").json();
    assert_eq!(image, emulator.image("img-2").unwrap());

    let own = r#"{"displayName":"own"}"#;
    assert_eq!(control(&emulator, "PUT", "images/a%2Fb", own).status, 204);
    assert_eq!(
        control(&emulator, "GET", "images/a%2Fb", "").json(),
        json!({ "id": "a/b", "displayName": "own" })
    );
    assert_eq!(control(&emulator, "GET", "images/nope", "").status, 404);
    assert_eq!(control(&emulator, "PUT", "images/img-1", "[]").status, 400);
}

#[test]
fn reset_goes_back_to_the_start() {
    let emulator = GraphEmulator::start();
    let before = emulator.image("img-1");
    exchange(&emulator, &patch("img-1", r#"{"version":"9"}"#));
    control(&emulator, "PUT", "images/new", "{}");
    control(&emulator, "POST", "faults", r#"[{"kind":"hang"}]"#);

    assert_eq!(control(&emulator, "POST", "reset", "").status, 204);
    assert_eq!(emulator.image("img-1"), before);
    assert_eq!(emulator.image("new"), None);
    assert!(emulator.requests().is_empty());
    assert_eq!(exchange(&emulator, &get("img-1")).status, 200);
}

#[test]
fn control_requests_take_no_fault_and_leave_no_record() {
    let emulator = GraphEmulator::start();
    control(
        &emulator,
        "POST",
        "faults",
        r#"[{"kind":"answer","status":500}]"#,
    );
    assert_eq!(control(&emulator, "GET", "requests", "").json(), json!([]));
    assert_eq!(control(&emulator, "GET", "nope", "").status, 404);
    assert_eq!(control(&emulator, "PATCH", "reset", "").status, 405);
    assert_eq!(exchange(&emulator, &get("img-1")).status, 500);
    assert_eq!(emulator.requests().len(), 1);
}
