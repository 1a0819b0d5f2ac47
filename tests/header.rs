//! The committed header is what cbindgen makes of src/ffi, with a tag for its struct. `MGDI_BLESS=1 cargo test --test header` writes it
//! again.

use std::fs;
use std::path::Path;

#[test]
fn the_committed_header_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = root.join("include/mgdeviceimage.h");
    let config = cbindgen::Config::from_file(root.join("include/cbindgen.toml"))
        .expect("include/cbindgen.toml is valid");
    let mut generated = Vec::new();
    cbindgen::generate_with_config(root, config)
        .expect("src/ffi can be read by cbindgen")
        .write(&mut generated);
    let generated = with_tag(&String::from_utf8(generated).expect("a header is UTF-8"));

    if std::env::var_os("MGDI_BLESS").is_some() {
        fs::write(&committed, &generated).expect("the header can be written");
    }
    let committed = fs::read_to_string(&committed).expect("the header is committed");
    assert!(
        committed.replace("\r\n", "\n") == generated,
        "include/mgdeviceimage.h is not what src/ffi says. Write it with: MGDI_BLESS=1 cargo test --test header"
    );
}

/// Names the one struct, so that other headers can declare it before (`struct mgdi_str;`). cbindgen would give it a tag only with a
/// `struct` before every use of every type.
fn with_tag(header: &str) -> String {
    let untagged = "typedef struct {";
    assert_eq!(header.matches(untagged).count(), 1, "mgdi_str alone");
    header.replace(untagged, "typedef struct mgdi_str {")
}
