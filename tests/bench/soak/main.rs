//! A soak: many updates from many threads through the C functions, some of which meet faults. Ends with 1 if a promise is broken.
//!
//!     cargo run --release --example soak -- [--updates 100000] [--threads 8] [--seed N]
//!
//! | file | what it holds |
//! | --- | --- |
//! | `fault.rs` | what may go wrong with an update, and how it may then end |
//! | `server.rs` | the server that does it, and counts requests |
//! | `caller.rs` | an update, through the C functions |
//! | `ledger.rs` | what became of every update |
//! | `memory.rs` | the resident size on the way |
//!
//! Promised and checked: each update ends exactly once, in success or in the result that its fault has; a success holds the answer to
//! its own request; the server got as many requests as tries are told, neither lost nor doubled, all with one client-request-id; memory
//! does not grow.

mod caller;
mod fault;
mod ledger;
mod memory;
mod server;

#[path = "../../graph_emulator/mod.rs"]
mod graph_emulator;

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use caller::Client;
use fault::Fault;
use ledger::Ledger;
use memory::Memory;
use server::Server;

/// How many broken promises are told.
const TOLD: usize = 20;

struct Options {
    updates: usize,
    threads: usize,
    seed: u64,
}

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(what) => {
            eprintln!("{what}\nsoak [--updates 100000] [--threads 8] [--seed N]");
            return ExitCode::from(2);
        }
    };
    let Options {
        updates,
        threads,
        seed,
    } = options;
    println!("{updates} updates from {threads} threads, seed {seed}");
    let started = Instant::now();
    let broken = soak(&options);
    println!("\nin {:.1} s", started.elapsed().as_secs_f64());
    for promise in broken.iter().take(TOLD) {
        println!("BROKEN: {promise}");
    }
    if broken.len() > TOLD {
        println!("and {} more", broken.len() - TOLD);
    }
    ExitCode::from(u8::from(!broken.is_empty()))
}

/// Runs the soak and answers the promises that were broken.
fn soak(options: &Options) -> Vec<String> {
    // Never freed: if a promise is broken, a completion may still come.
    let ledger: &'static Ledger = Box::leak(Box::new(Ledger::new(options.updates)));
    let memory = Memory::new(options.updates);
    let server = Server::start(ledger.arrivals()).expect("a free port on loopback");
    let client = Client::connect(server.endpoint());
    let give_up = Instant::now()
        + Duration::from_secs(60)
        + Duration::from_millis(20) * options.updates as u32;
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                while Instant::now() < give_up {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= options.updates {
                        break;
                    }
                    let fault = Fault::of(options.seed, number);
                    ledger.enter(number, fault, client.update(number, fault, ledger));
                    memory.one_more();
                }
            });
        }
    });
    drop(client);
    ledger.wait_for_completions(Duration::from_secs(10));
    print!("\n{ledger}\n{memory}");
    [ledger.broken(), memory.broken()].concat()
}

impl Options {
    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            updates: 100_000,
            threads: 8,
            seed: fastrand::u64(..),
        };
        while let Some(name) = arguments.next() {
            let value = arguments.next().unwrap_or_default();
            let number = value.parse().ok().filter(|number| *number > 0);
            let number: u64 =
                number.ok_or_else(|| format!("{name} wants a number, not '{value}'."))?;
            match name.as_str() {
                "--updates" => options.updates = number.min(100_000_000) as usize,
                "--threads" => options.threads = number.min(1000) as usize,
                "--seed" => options.seed = number,
                _ => return Err(format!("There is no option {name}.")),
            }
        }
        Ok(options)
    }
}
