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
        let declarations = [format!("fn {test}()"), format!("static void {test}(")];
        let declared = sources(&tests.join(file))
            .iter()
            .any(|source| declarations.iter().any(|it| source.contains(it)));
        assert!(declared, "{file}::{test}");
    }
}

/// The source of a test program: `name.rs`, or all of the folder `name`.
fn sources(program: &Path) -> Vec<String> {
    let files = match fs::read_dir(program) {
        Ok(folder) => folder
            .map(|entry| entry.expect("a file in the folder").path())
            .collect(),
        Err(_) => vec![program.with_extension("rs")],
    };
    files
        .iter()
        .map(|file| {
            fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        })
        .collect()
}
