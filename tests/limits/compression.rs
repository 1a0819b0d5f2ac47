//! Compressed answers: large, larger than they look, broken.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use mgdeviceimage::error::ErrorKind;

use crate::bounds::Bounds;
use crate::graph_emulator::{Answer, Fault};
use crate::{LIMIT, expect_error, expect_too_large, image_of};

fn gzip(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    write(&mut encoder).expect("memory can be written to");
    encoder.finish().expect("memory can be written to")
}

fn brotli(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let (buffer, quality, window) = (4096, 1, 22);
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), buffer, quality, window);
    write(&mut encoder).expect("memory can be written to");
    encoder.into_inner()
}

/// Four times what is read, nearly nothing on the wire.
fn bomb(encoder: &mut dyn Write) -> io::Result<()> {
    let block = vec![b' '; LIMIT / 64];
    (0..4 * 64).try_for_each(|_| encoder.write_all(&block))
}

fn answer(encoding: &str, body: Vec<u8>) -> Answer {
    let answer = Fault::answer(200).header("Content-Encoding", encoding);
    answer.body(body)
}

#[test]
fn a_compressed_answer_at_the_limit_is_read() {
    let bounds = Bounds::usual();
    let image = image_of(LIMIT);
    for (encoding, body) in [
        ("gzip", gzip(|encoder| encoder.write_all(image.as_bytes()))),
        ("br", brotli(|encoder| encoder.write_all(image.as_bytes()))),
    ] {
        let response = bounds.send(answer(encoding, body)).expect("a response");
        assert_eq!(response.image_json(), Some(image.as_str()), "{encoding}");
    }
}

#[test]
fn a_bomb_ends_at_the_limit() {
    let bounds = Bounds::usual();
    for (encoding, body) in [("gzip", gzip(bomb)), ("br", brotli(bomb))] {
        assert!(body.len() < LIMIT / 50, "{encoding}: {}", body.len());
        expect_too_large(bounds.send(answer(encoding, body)));
    }
}

#[test]
fn a_broken_compression_is_refused() {
    let bounds = Bounds::usual();
    let whole = gzip(|encoder| encoder.write_all(image_of(1000).as_bytes()));
    let half = whole[..whole.len() / 2].to_vec();
    let mut wrong_checksum = whole.clone();
    wrong_checksum[whole.len() - 8] ^= 1;
    for (encoding, body) in [
        ("gzip", b"{}".to_vec()),
        ("gzip", half),
        ("gzip", wrong_checksum),
        ("br", whole.clone()),
        ("gzip, gzip", whole),
    ] {
        let outcome = bounds.send(answer(encoding, body));
        let said = "The update was accepted";
        expect_error(outcome, ErrorKind::InvalidResponse, said);
    }
}
