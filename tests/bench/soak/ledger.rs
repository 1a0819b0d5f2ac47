//! What became of every update, held against what was promised.

use std::collections::{BTreeMap, HashSet};
use std::ffi::CStr;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use mgdeviceimage::ffi::result::{mgdi_result, mgdi_result_name};

use crate::fault::Fault;
use crate::server::Arrivals;

/// How an update ended, as the caller was told.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) result: mgdi_result,
    /// 1 and the retries that were seen.
    pub(crate) tries: u32,
    /// The tries of those that made no connection, so that nothing was sent.
    pub(crate) unconnected: u32,
    /// What the caller saw that must not be.
    pub(crate) wrong: Option<String>,
}

/// One page for each update.
pub(crate) struct Ledger {
    arrivals: Arc<[Arrivals]>,
    pages: Vec<Page>,
}

#[derive(Default)]
struct Page {
    outcome: OnceLock<(Fault, Outcome)>,
    completions: AtomicU32,
}

impl Ledger {
    pub(crate) fn new(updates: usize) -> Self {
        Self {
            arrivals: (0..updates).map(|_| Arrivals::default()).collect(),
            pages: (0..updates).map(|_| Page::default()).collect(),
        }
    }

    /// Where the server counts the requests of each update.
    pub(crate) fn arrivals(&self) -> Arc<[Arrivals]> {
        self.arrivals.clone()
    }

    /// Where the completions of an update are counted.
    pub(crate) fn completions(&self, number: usize) -> &AtomicU32 {
        &self.pages[number].completions
    }

    pub(crate) fn enter(&self, number: usize, fault: Fault, outcome: Outcome) {
        let entered = self.pages[number].outcome.set((fault, outcome));
        entered.expect("an update is made once");
    }

    /// Waits until every completion was called, for a completion may come after its operation was freed.
    pub(crate) fn wait_for_completions(&self, patience: Duration) {
        let give_up = Instant::now() + patience;
        let is_missing = |page: &Page| page.completions.load(Ordering::Relaxed) == 0;
        while self.pages.iter().any(is_missing) && Instant::now() < give_up {
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The promises that were broken, each with the update that shows it.
    pub(crate) fn broken(&self) -> Vec<String> {
        let mut ids = HashSet::new();
        let mut broken = Vec::new();
        for (number, (page, arrivals)) in self.pages.iter().zip(&*self.arrivals).enumerate() {
            let mut wrong = page.wrong(arrivals);
            let has_fresh_id = arrivals
                .client_request_id()
                .is_some_and(|id| id == 0 || ids.insert(id));
            if !has_fresh_id {
                wrong.push("its client-request-id is not its own".to_owned());
            }
            broken.extend(
                wrong
                    .into_iter()
                    .map(|wrong| format!("update {number}: {wrong}")),
            );
        }
        broken
    }

    fn outcomes(&self) -> impl Iterator<Item = &(Fault, Outcome)> {
        self.pages.iter().filter_map(|page| page.outcome.get())
    }
}

impl Page {
    fn wrong(&self, arrivals: &Arrivals) -> Vec<String> {
        let Some((fault, outcome)) = self.outcome.get() else {
            return vec!["was not made in time".to_owned()];
        };
        let mut wrong: Vec<String> = outcome.wrong.iter().cloned().collect();
        if !fault.results().contains(&outcome.result) {
            wrong.push(format!("{fault:?} ended in {:?}", outcome.result));
        }
        let completions = self.completions.load(Ordering::Relaxed);
        if completions != 1 {
            wrong.push(format!("{completions} completions"));
        }
        let requests = arrivals.count();
        let promised = (outcome.tries - outcome.unconnected) * fault.requests_of_a_try();
        let is_kept = requests == promised || (requests < promised && fault.may_end_early());
        if !is_kept {
            wrong.push(format!(
                "{fault:?} made {requests} requests, and {promised} were told"
            ));
        }
        wrong
    }
}

/// The faults, and how many updates that met each ended in which result.
impl fmt::Display for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows: BTreeMap<(Fault, i32), usize> = BTreeMap::new();
        for (fault, outcome) in self.outcomes() {
            *rows.entry((*fault, outcome.result as i32)).or_default() += 1;
        }
        writeln!(
            formatter,
            "{:<16} {:<20} {:>8}",
            "fault", "result", "updates"
        )?;
        for ((fault, result), updates) in rows {
            let fault = format!("{fault:?}");
            writeln!(formatter, "{fault:<16} {:<20} {updates:>8}", name(result))?;
        }
        let tries: u32 = self.outcomes().map(|(_, outcome)| outcome.tries).sum();
        let requests: u32 = self.arrivals.iter().map(Arrivals::count).sum();
        writeln!(formatter, "{tries} tries, {requests} requests arrived")
    }
}

#[allow(unsafe_code)]
fn name(result: i32) -> &'static str {
    // SAFETY: every result has a name, which is static.
    let name = unsafe { CStr::from_ptr(mgdi_result_name(result)) };
    name.to_str().expect("a name is ASCII")
}
