//! The import of the module against that of an empty module, each in fresh processes that take turns. A module of the public commands
//! alone, without types and views, shows what the engine takes to read them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Seen;
use crate::programs::{Programs, median, module};

const PROCESSES: usize = 10;
const MOST_MS: f64 = 60.0;

pub(crate) fn over_an_empty_module(programs: &Programs) -> Result<Seen, String> {
    let folder = programs.directory();
    let public = commands().map_err(|error| error.to_string())?;
    let empty = write_module(folder, "Empty", &[]).map_err(|error| error.to_string())?;
    let commands = write_module(folder, "Commands", &public).map_err(|error| error.to_string())?;

    let modules = [module(), commands, empty];
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..PROCESSES {
        for (module, times) in modules.iter().zip(&mut times) {
            times.extend(programs.run_script("module_import.ps1", module, "")?);
        }
    }
    let [ours, commands, empty] = times.map(|mut times| median(&mut times));
    Ok(Seen {
        met: ours - empty <= MOST_MS,
        text: format!(
            "{:+.1} ms ({ours:.1} to {empty:.1} ms; the commands alone {:+.1} ms)",
            ours - empty,
            commands - empty
        ),
    })
}

/// The files of the public commands.
fn commands() -> io::Result<Vec<PathBuf>> {
    fs::read_dir(module().join("Public"))?
        .map(|entry| Ok(entry?.path()))
        .collect()
}

/// Writes a module of nothing but these commands.
fn write_module(folder: &Path, name: &str, commands: &[PathBuf]) -> io::Result<PathBuf> {
    let module = folder.join(name);
    fs::create_dir_all(&module)?;
    let (mut script, mut exports) = (String::new(), Vec::new());
    for command in commands {
        let stem = command.file_stem().unwrap_or_default();
        script.push_str(&format!(". '{}'\n", command.display()));
        exports.push(format!("'{}'", stem.display()));
    }
    fs::write(module.join(format!("{name}.psm1")), script)?;
    let exports = exports.join(", ");
    let manifest = format!(
        "@{{ RootModule = '{name}.psm1'; ModuleVersion = '0.1.0'; FunctionsToExport = @({exports}) }}"
    );
    fs::write(module.join(format!("{name}.psd1")), manifest)?;
    Ok(module)
}
