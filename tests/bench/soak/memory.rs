//! The resident size of this process, server and all, on the way.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

/// When it is looked at, in percent of the updates.
const MARKS: [usize; 3] = [10, 50, 100];

/// By how much it may grow from the first mark to the last.
const MOST: usize = 8 * MIB;

const MIB: usize = 1024 * 1024;

pub(crate) struct Memory {
    updates: usize,
    ended: AtomicUsize,
    /// Bytes at each mark; 0 where it cannot be told.
    seen: [AtomicUsize; MARKS.len()],
}

impl Memory {
    pub(crate) fn new(updates: usize) -> Self {
        Self {
            updates,
            ended: AtomicUsize::new(0),
            seen: Default::default(),
        }
    }

    /// To be called when an update has ended.
    pub(crate) fn one_more(&self) {
        let ended = self.ended.fetch_add(1, Ordering::Relaxed) + 1;
        for (mark, seen) in MARKS.into_iter().zip(&self.seen) {
            if ended == (self.updates * mark).div_ceil(100) {
                seen.store(resident().unwrap_or(0), Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn broken(&self) -> Vec<String> {
        let [first, .., last] = self
            .seen
            .each_ref()
            .map(|seen| seen.load(Ordering::Relaxed));
        let growth = last.saturating_sub(first);
        match growth > MOST {
            true => vec![format!("memory grew by {:.1} MiB", mib(growth))],
            false => Vec::new(),
        }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "resident:")?;
        for (mark, seen) in MARKS.into_iter().zip(&self.seen) {
            let seen = mib(seen.load(Ordering::Relaxed));
            write!(formatter, " {seen:.1} MiB at {mark} %;")?;
        }
        writeln!(formatter)
    }
}

fn mib(bytes: usize) -> f64 {
    bytes as f64 / MIB as f64
}

fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kibibytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes * 1024)
}
