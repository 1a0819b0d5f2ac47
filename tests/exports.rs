//! The shared library exports the functions of the header, and nothing else.

#[path = "c/declarations.rs"]
mod declarations;

use std::collections::BTreeSet;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::path::Path;

use object::{Export, File, Object};

/// The names in tests/data/exports.txt.
fn listed() -> Vec<String> {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/exports.txt");
    let text = fs::read_to_string(list).expect("the list is committed");
    text.lines().map(str::to_owned).collect()
}

/// The names that the library's file exports. Cargo built it beside this test.
fn exported() -> BTreeSet<String> {
    let test = std::env::current_exe().expect("a test knows itself");
    let library = test.with_file_name(format!("{DLL_PREFIX}mgdeviceimage{DLL_SUFFIX}"));
    let bytes = fs::read(&library).expect("Cargo builds the library before its tests");
    let file = File::parse(&*bytes).expect("a shared library");
    let exports = file.exports().expect("a table of exports");
    exports
        .map(|export| c_name(&export.expect("an export that can be read")))
        .collect()
}

/// The name in C. Mach-O puts an underscore before it.
fn c_name(export: &Export<'_>) -> String {
    let name = export.name();
    let name = String::from_utf8_lossy(name.name().expect("exports have names")).into_owned();
    match name.strip_prefix("_mgdi_") {
        Some(rest) => format!("mgdi_{rest}"),
        None => name,
    }
}

#[test]
fn the_library_exports_what_is_listed_and_nothing_else() {
    compare(
        "exported",
        exported(),
        "Add a new function to it, in its order.",
    );
}

#[test]
fn the_header_declares_what_is_listed_and_nothing_else() {
    let functions = declarations::functions().into_iter();
    let declared = functions.map(|function| function.name).collect();
    compare(
        "declared in the header",
        declared,
        "Is the header up to date?",
    );
}

fn compare(what: &str, there: BTreeSet<String>, advice: &str) {
    let listed: BTreeSet<String> = listed().into_iter().collect();
    let not_listed: Vec<_> = there.difference(&listed).collect();
    let missing: Vec<_> = listed.difference(&there).collect();
    assert!(
        there == listed,
        "{what}, but not in tests/data/exports.txt: {not_listed:?}. {advice}\n\
         in tests/data/exports.txt, but not {what}: {missing:?}. The list is only ever added to: a symbol that was released \
         stays, or programs that use it no longer start."
    );
}

#[test]
fn the_list_is_sorted_and_names_each_once() {
    let listed = listed();
    assert!(listed.is_sorted_by(|before, after| before < after));
}
