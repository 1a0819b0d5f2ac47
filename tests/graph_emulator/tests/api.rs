//! Graph's answers, without faults.

use crate::client::{Client, IMAGES, exchange, get, patch, request};
use crate::graph_emulator::{GraphEmulator, SEED_IDS};
use serde_json::{Value, json};
use uuid::Uuid;

const MEMBERS: [&str; 11] = [
    "id",
    "displayName",
    "errorCode",
    "expirationDate",
    "lastModifiedDateTime",
    "operatingSystem",
    "osBuildNumber",
    "osStatus",
    "sourceImageResourceId",
    "status",
    "version",
];

#[test]
fn list_has_every_image_with_every_member() {
    let emulator = GraphEmulator::start();
    let answer = exchange(&emulator, &request("GET", IMAGES, "", ""));
    assert_eq!(answer.status, 200);
    let list = answer.json();
    let context = format!(
        "{}/v1.0/$metadata#deviceManagement/virtualEndpoint/deviceImages",
        emulator.endpoint()
    );
    assert_eq!(list["@odata.context"], context);
    let images = list["value"].as_array().unwrap();
    assert_eq!(images.len(), SEED_IDS.len());
    for image in images {
        assert!(SEED_IDS.contains(&image["id"].as_str().unwrap()));
        for member in MEMBERS {
            assert!(image.get(member).is_some(), "{image} has no {member}");
        }
    }
}

#[test]
fn get_answers_one_image() {
    let emulator = GraphEmulator::start();
    let answer = exchange(&emulator, &get("img-1"));
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("application/json;")
    );
    let image = answer.json();
    assert_eq!(image["id"], "img-1");
    let context = format!(
        "{}/v1.0/$metadata#deviceManagement/virtualEndpoint/deviceImages/$entity",
        emulator.endpoint()
    );
    assert_eq!(image["@odata.context"], context);
}

#[test]
fn patch_merges_and_answers_the_whole_image() {
    let emulator = GraphEmulator::start();
    let before = emulator.image("img-1").unwrap();
    let update = r#"{"displayName":"Neu","errorCode":null,"version":null,"extra":{"n":1.50}}"#;
    let answer = exchange(&emulator, &patch("img-1", update));
    assert_eq!(answer.status, 200);

    let mut expected = before.clone();
    expected["displayName"] = json!("Neu");
    expected["version"] = Value::Null;
    expected["extra"] = json!({"n": 1.5});
    let stored = emulator.image("img-1").unwrap();
    assert_ne!(
        stored["lastModifiedDateTime"],
        before["lastModifiedDateTime"]
    );
    expected["lastModifiedDateTime"] = stored["lastModifiedDateTime"].clone();
    assert_eq!(stored, expected);

    let mut answered = answer.json();
    answered.as_object_mut().unwrap().remove("@odata.context");
    assert_eq!(answered, expected);
    // Numbers keep their text.
    assert!(
        String::from_utf8(answer.body)
            .unwrap()
            .contains(r#"{"n":1.50}"#)
    );
}

#[test]
fn patch_keeps_the_key_and_stores_no_annotations() {
    let emulator = GraphEmulator::start();
    let update =
        r##"{"@odata.type":"#microsoft.graph.cloudPcDeviceImage","id":"other","status":"ready"}"##;
    let answer = exchange(&emulator, &patch("img-2", update));
    assert_eq!(answer.status, 200);
    let stored = emulator.image("img-2").unwrap();
    assert_eq!(stored["id"], "img-2");
    assert_eq!(stored["status"], "ready");
    assert_eq!(stored.get("@odata.type"), None);
}

#[test]
fn last_modified_is_the_time_of_the_patch() {
    let emulator = GraphEmulator::start();
    let answer = exchange(
        &emulator,
        &patch(
            "img-1",
            r#"{"lastModifiedDateTime":"1999-01-01T00:00:00Z"}"#,
        ),
    );
    let stored = answer.json()["lastModifiedDateTime"]
        .as_str()
        .unwrap()
        .to_owned();
    // yyyy-MM-ddTHH:mm:ss.fffffffZ
    assert_eq!(stored.len(), 28);
    assert!(stored.ends_with('Z'));
    let today = time::OffsetDateTime::now_utc().year();
    assert!(stored.starts_with(&today.to_string()));
}

#[test]
fn ids_are_decoded_as_one_segment() {
    let emulator = GraphEmulator::start();
    for (id, segment) in [
        ("a/b", "a%2Fb"),
        ("a b", "a%20b"),
        ("Büro", "B%C3%BCro"),
        ("50%", "50%25"),
        ("a?b#c", "a%3Fb%23c"),
    ] {
        emulator.put_image(id, &json!({ "displayName": "x" }));
        let answer = exchange(&emulator, &patch(segment, r#"{"displayName":"y"}"#));
        assert_eq!(answer.status, 200, "{segment}");
        assert_eq!(answer.json()["id"], id);
        assert_eq!(emulator.image(id).unwrap()["displayName"], "y");
    }
}

#[test]
fn unknown_id_is_404() {
    let emulator = GraphEmulator::start();
    for text in [get("nope"), patch("nope", "{}")] {
        let answer = exchange(&emulator, &text);
        assert_eq!(answer.status, 404);
        assert_eq!(answer.error_code(), "ResourceNotFound");
    }
    assert_eq!(emulator.image("nope"), None);
}

#[test]
fn unknown_route_names_the_segment() {
    let emulator = GraphEmulator::start();
    for (target, segment) in [
        ("/v1.0/users", "users"),
        ("/beta/deviceManagement", "beta"),
        ("/v1.0/deviceManagement", "deviceManagement"),
        (
            &format!("{IMAGES}/img-1/getSourceImages"),
            "getSourceImages",
        ),
        (&format!("{IMAGES}/%FF"), "%FF"),
    ] {
        let answer = exchange(&emulator, &request("GET", target, "", ""));
        assert_eq!(answer.status, 400, "{target}");
        assert_eq!(answer.error_code(), "BadRequest");
        assert_eq!(
            answer.json()["error"]["message"],
            format!("Resource not found for the segment '{segment}'.")
        );
    }
}

#[test]
fn other_methods_are_405() {
    let emulator = GraphEmulator::start();
    let image = format!("{IMAGES}/img-1");
    for (method, target, allowed) in [
        ("POST", IMAGES, "GET"),
        ("PATCH", IMAGES, "GET"),
        ("PUT", &image, "GET, PATCH"),
        ("DELETE", &image, "GET, PATCH"),
    ] {
        let answer = exchange(&emulator, &request(method, target, "", ""));
        assert_eq!(answer.status, 405, "{method} {target}");
        assert_eq!(answer.error_code(), "Request_BadRequest");
        assert_eq!(answer.header("allow"), Some(allowed));
    }
    assert!(emulator.image("img-1").is_some());
}

#[test]
fn missing_or_wrong_token_is_401() {
    let emulator = GraphEmulator::start();
    for authorization in [
        "",
        "Authorization: Bearer other\r\n",
        "Authorization: Basic emulator-token\r\n",
    ] {
        let text = patch("img-1", r#"{"version":"9"}"#)
            .replace("Authorization: Bearer emulator-token\r\n", authorization);
        let answer = exchange(&emulator, &text);
        assert_eq!(answer.status, 401, "{authorization}");
        assert_eq!(answer.error_code(), "InvalidAuthenticationToken");
        assert!(
            answer
                .header("www-authenticate")
                .unwrap()
                .starts_with("Bearer ")
        );
    }
    assert_eq!(emulator.image("img-1").unwrap()["version"], "1.0.2");
}

#[test]
fn another_token_can_be_set() {
    let emulator = GraphEmulator::builder().token("t0ken").start().unwrap();
    let text = get("img-1").replace("emulator-token", emulator.token());
    assert_eq!(exchange(&emulator, &text).status, 200);
    assert_eq!(exchange(&emulator, &get("img-1")).status, 401);
}

#[test]
fn body_that_is_no_json_object_is_400() {
    let emulator = GraphEmulator::start();
    for body in ["", "[]", "null", "\"x\"", "{", "{\"a\":1}x"] {
        let answer = exchange(&emulator, &patch("img-1", body));
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.error_code(), "BadRequest");
    }
}

#[test]
fn content_type_has_to_be_json() {
    let emulator = GraphEmulator::start();
    let with = |content_type: &str| {
        patch("img-1", "{}").replace("Content-Type: application/json\r\n", content_type)
    };
    for content_type in ["", "Content-Type: text/plain\r\n"] {
        let answer = exchange(&emulator, &with(content_type));
        assert_eq!(answer.status, 400, "{content_type}");
        assert_eq!(answer.error_code(), "BadRequest");
    }
    let charset = "Content-Type: application/json; charset=utf-8\r\n";
    assert_eq!(exchange(&emulator, &with(charset)).status, 200);
}

#[test]
fn prefer_return_minimal_is_204_without_a_body() {
    let emulator = GraphEmulator::start();
    let headers = "Content-Type: application/json\r\nPrefer: return=minimal\r\n";
    let target = format!("{IMAGES}/img-1");
    let answer = exchange(
        &emulator,
        &request("PATCH", &target, headers, r#"{"version":"9"}"#),
    );
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("preference-applied"), Some("return=minimal"));
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(emulator.image("img-1").unwrap()["version"], "9");
}

#[test]
fn errors_have_the_shape_of_graph() {
    let emulator = GraphEmulator::start();
    let client_request_id = "5d5a3e54-3f0b-4cb0-8d3d-0ad7e1c6b0a1";
    let headers = format!("client-request-id: {client_request_id}\r\n");
    let answer = exchange(
        &emulator,
        &request("GET", &format!("{IMAGES}/nope"), &headers, ""),
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));

    let error = answer.json()["error"].take();
    assert_eq!(error["message"], "Resource 'nope' could not be found.");
    let inner = &error["innerError"];
    assert_eq!(inner["client-request-id"], client_request_id);
    assert_eq!(inner["request-id"], answer.header("request-id").unwrap());
    let format = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    time::PrimitiveDateTime::parse(inner["date"].as_str().unwrap(), format).unwrap();
}

#[test]
fn every_answer_has_ids_and_a_date() {
    let emulator = GraphEmulator::start();
    let mut seen = Vec::new();
    for text in [
        get("img-1"),
        get("nope"),
        patch("img-1", "{}"),
        request("DELETE", IMAGES, "", ""),
    ] {
        let answer = exchange(&emulator, &text);
        for name in ["request-id", "client-request-id"] {
            let id = answer.header(name).unwrap().to_owned();
            Uuid::parse_str(&id).unwrap();
            assert!(!seen.contains(&id), "{name} is not fresh");
            seen.push(id);
        }
        assert!(answer.header("date").unwrap().ends_with(" GMT"));
    }
    let own = request("GET", IMAGES, "Client-Request-Id: my own\r\n", "");
    let answer = exchange(&emulator, &own);
    assert_eq!(answer.header("client-request-id"), Some("my own"));
}

#[test]
fn connections_are_kept_alive() {
    let emulator = GraphEmulator::start();
    let mut client = Client::connect(emulator.endpoint());
    for version in ["1", "2", "3"] {
        client.send(patch("img-1", &format!(r#"{{"version":"{version}"}}"#)));
        assert_eq!(client.receive().json()["version"], version);
    }
}
