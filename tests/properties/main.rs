//! Properties of everything that reads input, each tried with 100,000 generated inputs; `PROPTEST_CASES` sets another number.
//!
//! A failure prints the smallest input that shows it. Give that input a test of its own, beside the others of its concern.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `checks.rs` | what holds for any input at all; the fuzz targets (`tests/fuzz`) check the same |
//! | `json.rs`, `text.rs` | generated JSON and text |
//! | the others | one kind of input each |

mod answer;
// Public for the fuzz targets, whose library it is.
#[allow(unreachable_pub)]
mod checks;
mod date;
mod endpoint;
mod error_body;
mod header;
mod id;
mod image_json;
mod json;
mod proxy;
mod retry_after;
mod text;

use proptest::test_runner::Config;

const CASES: u32 = 100_000;

fn config() -> Config {
    let default = Config::default();
    let cases = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => default.cases,
        None => CASES,
    };
    Config {
        cases,
        failure_persistence: None,
        ..default
    }
}
