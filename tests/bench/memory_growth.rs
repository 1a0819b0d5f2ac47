//! The resident size after 1,000 and after 10,000 updates.

use crate::programs::{Programs, module};
use crate::{Seen, canned_server};

const MIB: f64 = 1024.0 * 1024.0;
const MOST: f64 = 2.0 * MIB;

pub(crate) fn from_c(programs: &Programs) -> Result<Seen, String> {
    if !cfg!(target_os = "linux") {
        return Err("the resident size is read from /proc".to_owned());
    }
    let program = programs.compile("memory_growth.c", &[])?;
    let endpoint = canned_server::start(None).map_err(|error| error.to_string())?;
    Ok(growth(&programs.run(&program, &endpoint)))
}

pub(crate) fn from_powershell(programs: &Programs) -> Result<Seen, String> {
    let endpoint = canned_server::start(None).map_err(|error| error.to_string())?;
    let sizes = programs.run_script("memory_growth.ps1", &module(), &endpoint)?;
    Ok(growth(&sizes))
}

fn growth(sizes: &[f64]) -> Seen {
    let [early, late] = sizes else {
        panic!("not two sizes: {sizes:?}");
    };
    let growth = late - early;
    Seen {
        met: growth <= MOST,
        text: format!(
            "{:+.2} MiB ({:.1} to {:.1} MiB)",
            growth / MIB,
            early / MIB,
            late / MIB
        ),
    }
}
