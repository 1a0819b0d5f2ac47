//! The import of the module against that of an empty module, each in fresh processes that take turns.

use std::fs;

use crate::Seen;
use crate::programs::{Programs, median, module};

const PROCESSES: usize = 10;
const MOST_MS: f64 = 60.0;

pub(crate) fn over_an_empty_module(programs: &Programs) -> Result<Seen, String> {
    let empty = programs.directory().join("Empty");
    fs::create_dir_all(&empty).map_err(|error| error.to_string())?;
    fs::write(empty.join("Empty.psm1"), "").map_err(|error| error.to_string())?;
    fs::write(
        empty.join("Empty.psd1"),
        "@{ RootModule = 'Empty.psm1'; ModuleVersion = '0.1.0'; FunctionsToExport = @() }",
    )
    .map_err(|error| error.to_string())?;

    let (mut ours, mut others) = (Vec::new(), Vec::new());
    for _ in 0..PROCESSES {
        for (module, times) in [(&module(), &mut ours), (&empty, &mut others)] {
            times.extend(programs.run_script("module_import.ps1", module, "")?);
        }
    }
    let (ours, empty) = (median(&mut ours), median(&mut others));
    Ok(Seen {
        met: ours - empty <= MOST_MS,
        text: format!("{:+.1} ms ({ours:.1} to {empty:.1} ms)", ours - empty),
    })
}
