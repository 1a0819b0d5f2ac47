//! What the README shows: its compile line works as it stands there, and its functions exist.

#![cfg(unix)]

use std::env;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

#[test]
fn every_function_is_in_the_header() {
    let header = include_str!("../include/mgdeviceimage.h");
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let names: Vec<&str> = README
        .split(|character| !is_name(character))
        .filter(|name| name.starts_with("mgdi_"))
        .collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(header.contains(name), "{name}");
    }
}

#[test]
fn the_compile_line_makes_a_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let line = README
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("cc "))
        .expect("the README has a compile line");

    // This build's library and a place of the test's own, instead of the reader's.
    let test = env::current_exe().expect("a test knows its own file");
    let library = test.parent().expect("target/<profile>/deps");
    let directory = tempfile::tempdir().expect("a directory");
    let program = directory.path().join("update_device_image");
    let line = line
        .replace("\"$PWD/target/release\"", &library.display().to_string())
        .replace("target/release", &library.display().to_string())
        .replace(
            "-o update_device_image",
            &format!("-o {}", program.display()),
        );

    let status = Command::new("sh")
        .args(["-c", &line])
        .current_dir(root)
        .status()
        .expect("sh can be run");
    assert!(status.success(), "{line}: {status}");

    // Cargo's own search path would find another build first.
    let usage = Command::new(program)
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&usage.stderr);
    assert!(said.starts_with("usage: MGDI_TOKEN="), "{said}");
}
