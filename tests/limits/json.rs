//! JSON that is deep, wide or no text at all.

use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::Image;

use crate::bounds::Bounds;
use crate::graph_emulator::Fault;
use crate::{LIMIT, expect_error};

/// `piece` as often as an answer can hold it.
fn fill(piece: &str) -> String {
    fill_to(LIMIT, piece)
}

fn fill_to(size: usize, piece: &str) -> String {
    piece.repeat((size - 1000) / piece.len())
}

#[test]
fn json_nested_without_end_is_refused() {
    let bounds = Bounds::usual();
    let nested = |open: &str, close: &str| {
        let (open, close) = (open.repeat(100_000), close.repeat(100_000));
        format!("{open}1{close}")
    };
    for (value, named) in [
        (nested("[", "]"), "more than 64 levels deep"),
        (nested("{\"a\":", "}"), "more than 64 levels deep"),
        (nested("[", ""), "line 1 column"),
    ] {
        let json = format!("{{\"x\":{value}}}");
        let refused = bounds.check(|| Image::from_json(&json)).expect_err(named);
        assert!(refused.message().contains(named), "{refused}");
        let outcome = bounds.send(Fault::answer(200).body(json));
        expect_error(outcome, ErrorKind::InvalidResponse, named);
    }
}

#[test]
fn an_error_body_nested_without_end_is_foreign() {
    let open = "{\"error\":".repeat(100_000);
    let outcome = Bounds::usual().send(Fault::answer(400).body(open));
    let said = "Status: BadRequest: {\"error\":{\"error\":";
    expect_error(outcome, ErrorKind::ServiceError, said);
}

#[test]
fn invalid_utf8_is_refused_and_kept() {
    let bounds = Bounds::usual();
    let body = b"{\"displayName\":\"\xff\"}";
    for (status, kind, said) in [
        (200, ErrorKind::InvalidResponse, "not UTF-8"),
        (400, ErrorKind::ServiceError, "Status: BadRequest"),
    ] {
        let outcome = bounds.send(Fault::answer(status).body(&body[..]));
        let error = expect_error(outcome, kind, said);
        assert_eq!(error.response().expect("the answer").body(), body);
    }
}

#[test]
fn the_costliest_images_take_bounded_memory_and_time() {
    // Each of the smallest members becomes two texts.
    let bounds = Bounds::memory(32 * LIMIT);
    let (open, close) = ("[".repeat(64), "]".repeat(64));
    for json in [
        format!("{{{}\"\":0}}", fill("\"\":0,")),
        format!("{{\"x\":[{}0]}}", fill("0,")),
        format!("{{\"x\":{open}{}0{close}}}", fill("0,")),
    ] {
        let start = json[..80].to_owned();
        let outcome = bounds.send(Fault::answer(200).body(json));
        assert!(outcome.expect(&start).image().is_some(), "{start}");
    }
}

#[test]
fn the_costliest_errors_of_graph_take_bounded_memory_and_time() {
    let bounds = Bounds::usual();
    for piece in ["0,", "{\"\":0},"] {
        let inner = fill(piece);
        let body = format!("{{\"error\":{{\"code\":\"Busy\",\"innerError\":[{inner}0]}}}}");
        let outcome = bounds.send(Fault::answer(400).body(body));
        expect_error(outcome, ErrorKind::ServiceError, "[Busy]");
    }
}

#[test]
fn the_costliest_foreign_error_bodies_take_bounded_memory_and_time() {
    let bounds = Bounds::usual();
    for (body, said) in [
        (fill("a "), "Status: BadRequest: a a a"),
        (
            fill_to(LIMIT / 16, "password "),
            "Status: BadRequest: password",
        ),
        (
            fill_to(LIMIT / 16, "password=;"),
            "Status: BadRequest: password=",
        ),
    ] {
        let outcome = bounds.send(Fault::answer(400).body(body));
        expect_error(outcome, ErrorKind::ServiceError, said);
    }
}

#[test]
fn an_image_of_many_members_is_read() {
    let bounds = Bounds::usual();
    let members = (0..100_000).map(|number| format!("\"name-{number:06}\":0"));
    let json = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    let image = bounds.check(|| Image::from_json(&json));
    assert_eq!(image.expect("an image").to_json(), json);
}
