//! `cargo bench`: the figures that this project promises, each with its target and what was seen. `cargo bench -- <word>` takes
//! those whose name holds the word.
//!
//! | file | what it measures |
//! | --- | --- |
//! | `update_vs_libcurl` | one update from C against libcurl's easy handle |
//! | `memory_growth` | the resident size after 1,000 and after 10,000 updates, from C and from PowerShell |
//! | `module_import` | the import of the module against that of an empty one |
//! | `powershell_overhead` | one update from PowerShell against one from C, and a command that does nothing |
//!
//! All compare within one run, against a server that costs next to nothing (`canned_server.rs`).

mod affinity;
mod canned_server;
#[path = "../c/compiler.rs"]
mod compiler;
mod memory_growth;
mod module_import;
mod powershell_overhead;
mod programs;
#[path = "../tools/mod.rs"]
mod tools;
mod update_vs_libcurl;

use std::env;

use programs::Programs;

/// What was seen of a figure.
struct Seen {
    met: bool,
    text: String,
}

/// A figure, its target, and how it is measured. A reason where it cannot be measured here.
struct Figure {
    name: &'static str,
    target: &'static str,
    measure: fn(&Programs) -> Result<Seen, String>,
}

const FIGURES: [Figure; 6] = [
    Figure {
        name: "update from C, client and server on one core",
        target: "at most 1.5 times libcurl",
        measure: update_vs_libcurl::on_one_core,
    },
    Figure {
        name: "update from C, client and server on two cores",
        target: "at most 1.5 times libcurl",
        measure: update_vs_libcurl::on_two_cores,
    },
    Figure {
        name: "memory from C, 1,000 to 10,000 updates",
        target: "within 2 MiB",
        measure: memory_growth::from_c,
    },
    Figure {
        name: "memory from PowerShell, 1,000 to 10,000 updates",
        target: "within 2 MiB",
        measure: memory_growth::from_powershell,
    },
    Figure {
        name: "import of the module over an empty one",
        target: "at most 60 ms",
        measure: module_import::over_an_empty_module,
    },
    Figure {
        name: "update from PowerShell over one from C, the command's own",
        target: "at most 200 µs",
        measure: powershell_overhead::over_c,
    },
];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    // `cargo test --all-targets` starts benchmarks too, without this.
    if !arguments.iter().any(|argument| argument == "--bench") {
        println!("The benchmarks run with: cargo bench");
        return;
    }
    let mut words = arguments.iter().filter(|it| !it.starts_with("--"));
    let word = words.next().map_or("", String::as_str);

    let programs = Programs::prepare();
    println!("| figure | target | seen | |");
    println!("| --- | --- | --- | --- |");
    for figure in FIGURES.iter().filter(|it| it.name.contains(word)) {
        let (seen, verdict) = match (figure.measure)(&programs) {
            Ok(seen) if seen.met => (seen.text, "met"),
            Ok(seen) => (seen.text, "missed"),
            Err(reason) => (reason, "skipped"),
        };
        println!(
            "| {} | {} | {seen} | {verdict} |",
            figure.name, figure.target
        );
    }
}
