//! One update over a connection that is kept alive, from PowerShell against the same request from C, in processes that take turns.
//!
//! What the engine takes for a command of these parameters that does nothing is not the command's own.

use crate::programs::{Programs, median, module};
use crate::{Seen, canned_server};

const ROUNDS: usize = 5;
const MOST_US: f64 = 200.0;

pub(crate) fn over_c(programs: &Programs) -> Result<Seen, String> {
    let program = programs.compile("update_time.c", &[])?;
    let endpoint = canned_server::start(None).map_err(|error| error.to_string())?;
    let (mut powershell, mut engine, mut c) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        c.extend(programs.run(&program, &endpoint));
        let times = programs.run_script("update_time.ps1", &module(), &endpoint)?;
        let [update, nothing] = times[..] else {
            panic!("not two times: {times:?}");
        };
        powershell.push(update);
        engine.push(nothing);
    }
    let microseconds = |mut times: Vec<f64>| median(&mut times) / 1000.0;
    let [powershell, engine, c] = [powershell, engine, c].map(microseconds);
    let own = powershell - c - engine;
    Ok(Seen {
        met: own <= MOST_US,
        text: format!(
            "{own:+.0} µs ({powershell:.0} to {c:.0} µs, {engine:.0} of them the engine's)"
        ),
    })
}
