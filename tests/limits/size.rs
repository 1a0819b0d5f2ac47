//! Bodies that are large, in both directions.

use std::io::Write;

use mgdeviceimage::error::ErrorKind;
use mgdeviceimage::image::{Image, Member};
use mgdeviceimage::update::Update;

use crate::bounds::{Bounds, client};
use crate::graph_emulator::{Fault, GraphEmulator};
use crate::server::{IMAGE_BEGINS, write_endlessly};
use crate::{LIMIT, expect_error, expect_too_large, image_of};

#[test]
fn an_answer_at_the_limit_is_read() {
    let outcome = Bounds::usual().send(Fault::answer(200).body(image_of(LIMIT)));
    let response = outcome.expect("a response");
    assert_eq!(response.image_json().expect("an image").len(), LIMIT);
}

#[test]
fn an_answer_over_the_limit_is_refused() {
    expect_too_large(Bounds::usual().send(Fault::answer(200).body(image_of(LIMIT + 1))));
}

#[test]
fn an_endless_answer_ends_at_the_limit() {
    expect_too_large(Bounds::usual().send_to(|connection| {
        connection.write_all(IMAGE_BEGINS)?;
        write_endlessly(connection, b"a")
    }));
}

#[test]
fn an_endless_error_body_ends_at_the_limit() {
    let outcome = Bounds::usual().send_to(|connection| {
        connection.write_all(b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n")?;
        write_endlessly(connection, b"a")
    });
    let said = "Status: InternalServerError: aaa";
    let error = expect_error(outcome, ErrorKind::ServiceError, said);
    assert!(error.response().expect("the answer").body().len() <= LIMIT);
    assert!(error.message().len() < 1000, "{error}");
}

#[test]
fn a_text_of_a_megabyte_is_sent_byte_for_byte() {
    let bounds = Bounds::usual();
    let emulator = GraphEmulator::start();
    let text = "Größe \"€\" \\ 😀\n".repeat(50_000);
    let mut image = Image::new();
    image
        .set_text(Member::DisplayName, text.as_str())
        .expect("a text");
    let update = Update::new("img-1", &image).expect("an update");
    let client = client(emulator.endpoint());
    let response = bounds.check(|| client.send(&update)).expect("a response");
    assert_eq!(emulator.requests()[0].body, image.to_json().as_bytes());
    let changed = response.image().expect("an image");
    let kept = changed.get(Member::DisplayName);
    assert_eq!(kept, image.get(Member::DisplayName));
}
