//! One update over a connection that is kept alive (start, wait, take) against the same request with libcurl's easy handle.

use std::num::NonZero;
use std::thread;

use crate::programs::Programs;
use crate::{Seen, affinity, canned_server};

const MOST: f64 = 1.5;

/// Client and server share one core: nothing happens at the same time, and no core has to be woken.
pub(crate) fn on_one_core(programs: &Programs) -> Result<Seen, String> {
    compare(programs, 0)
}

/// The client has one core, the server another.
pub(crate) fn on_two_cores(programs: &Programs) -> Result<Seen, String> {
    compare(programs, 1)
}

fn compare(programs: &Programs, server_core: usize) -> Result<Seen, String> {
    let program = programs.compile("update_vs_libcurl.c", &["-lcurl"])?;
    let endpoint = canned_server::start(Some(server_core)).map_err(|error| error.to_string())?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    if server_core >= cores {
        return Err("there is no second core".to_owned());
    }
    let times = thread::scope(|scope| {
        // On a thread of its own, so that only what it starts stays on the core.
        let client = scope.spawn(|| affinity::pin_to(0).then(|| programs.run(&program, &endpoint)));
        client.join().expect("its failures are printed")
    });
    let times = times.ok_or("threads cannot be kept on a core here")?;
    let [library, libcurl] = times[..] else {
        panic!("not two times: {times:?}");
    };
    let ratio = library / libcurl;
    Ok(Seen {
        met: ratio <= MOST,
        text: format!(
            "{ratio:.2} times ({:.1} µs to {:.1} µs)",
            library / 1000.0,
            libcurl / 1000.0
        ),
    })
}
