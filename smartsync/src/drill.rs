//! A hostile participant against the program, over many seeded runs: no account and no network.
//!
//! The engine, its ledger and the way in for notifications are the real ones; both services are the sandbox. A seed draws
//! how everything is set up and what people do. A judge that shares no rule with the program sees both services from the
//! outside, and says what must not have happened.

mod deed;
mod error;
mod fault;
mod fence;
mod field;
mod findings;
mod host;
mod judge;
mod paper;
mod plant;
mod rules;
mod run;
mod scene;
mod stage;
mod texts;
mod wire;

use crate::words::commands::drill_rules as broken;
use std::{
    io,
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

pub use self::{
    error::DrillError,
    findings::{Findings, Violation},
};

/// Every so many seeds, the ledger is the database.
const DATABASE_EVERY: u64 = 10;

/// Which seeds are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DrillSettings {
    /// How many, beginning with 1.
    pub runs: u64,
    /// Only this one.
    pub seed: Option<u64>,
    /// Whether no run begins after one in which something happened that must not.
    pub stops_early: bool,
}

impl Default for DrillSettings {
    fn default() -> Self {
        Self { runs: 300, seed: None, stops_early: false }
    }
}

/// Runs the drill, on as many threads as the machine has.
///
/// ```
/// use smartsync::drill::{DrillSettings, run};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut settings = DrillSettings::default();
/// settings.runs = 3;
/// let findings = run(settings)?;
/// assert!(findings.is_clean(), "{:?}", findings.first);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`DrillError`] where a run could not be carried out. What a run finds is in the findings.
pub fn run(settings: DrillSettings) -> Result<Findings, DrillError> {
    let (first, last) = match settings.seed {
        Some(seed) => (seed, seed),
        None => (1, settings.runs),
    };
    let threads = thread::available_parallelism().map_or(1, |number| number.get() as u64);
    let is_over = AtomicBool::new(false);
    let is_over = &is_over;
    thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                scope.spawn(move || {
                    let seeds = (first + part..=last).step_by(threads as usize);
                    let seeds = seeds.take_while(|_| !is_over.load(Ordering::Relaxed));
                    run_part(seeds, settings.seed.is_some(), |found| {
                        is_over.fetch_or(settings.stops_early && !found.is_clean(), Ordering::Relaxed);
                    })
                })
            })
            .collect();
        let mut all = Findings::default();
        for part in parts {
            // A panic within a run is caught there.
            let found = part.join().map_err(|_| io::Error::other("a thread of the drill broke off"))?;
            all.add(found?);
        }
        Ok(all)
    })
}

fn run_part(
    seeds: impl Iterator<Item = u64>,
    is_told: bool,
    after_each: impl Fn(&Findings),
) -> Result<Findings, DrillError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut found = Findings::default();
    for seed in seeds {
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(run::run(seed, seed % DATABASE_EVERY == 0, is_told))
        }));
        match ran {
            Ok(findings) => found.add(findings?),
            Err(_) => {
                found.runs += 1;
                found.accuse(seed, broken::PANIC, broken::SEE_ABOVE);
            }
        }
        after_each(&found);
    }
    Ok(found)
}
