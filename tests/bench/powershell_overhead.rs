//! One update over a connection that is kept alive, from PowerShell against the same request from C, in processes that take turns.

use crate::programs::{Programs, median, module};
use crate::{Seen, canned_server};

const ROUNDS: usize = 3;
const MOST_US: f64 = 200.0;

pub(crate) fn over_c(programs: &Programs) -> Result<Seen, String> {
    let program = programs.compile("update_time.c", &[])?;
    let endpoint = canned_server::start(None).map_err(|error| error.to_string())?;
    let (mut powershell, mut c) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        c.extend(programs.run(&program, &endpoint));
        powershell.extend(programs.run_script("update_time.ps1", &module(), &endpoint)?);
    }
    let (powershell, c) = (median(&mut powershell) / 1000.0, median(&mut c) / 1000.0);
    Ok(Seen {
        met: powershell - c <= MOST_US,
        text: format!("{:+.0} µs ({powershell:.0} to {c:.0} µs)", powershell - c),
    })
}
