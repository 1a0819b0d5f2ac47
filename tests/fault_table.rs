//! The tests that the table in tests/README.md names exist.

use std::fs;
use std::path::Path;

#[test]
fn every_cell_names_a_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let table = include_str!("README.md");
    let named: Vec<(&str, &str)> = table
        .split('`')
        .filter_map(|quoted| quoted.split_once("::"))
        .filter(|(file, test)| *file != "file" && !test.contains(' '))
        .collect();
    assert!(named.len() > 20, "the table was not found");
    for (file, test) in named {
        let source = fs::read_to_string(tests.join(file).with_extension("rs"))
            .unwrap_or_else(|error| panic!("{file}.rs: {error}"));
        assert!(source.contains(&format!("fn {test}()")), "{file}::{test}");
    }
}
