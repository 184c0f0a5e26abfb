//! Whatever a service answers: one answer of a run is changed at random, and the engine has to notice or do no harm.
//!
//! Each seed draws a world, a look or a creation in it, one of the answers to it, and one change. Two looks follow that
//! meet no change. The same without any change is the reference. What must not happen is in `violation.rs`, what counts
//! as a change that nobody can tell from the truth in `likeness.rs`.

mod alter;
mod alter_json;
mod alter_list;
mod alteration;
mod course;
mod judge;
mod likeness;
mod office;
mod other_value;
mod place;
mod ready;
mod run;
mod scenario;
mod state;
mod tally;
mod trace;
mod variant;
mod violation;
mod wire;
mod written;

use std::{
    error::Error,
    io::{self, Write},
    num::NonZero,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

pub use self::tally::Tally;
use self::{
    run::{Prepared, Run, Worlds},
    scenario::SCENARIOS,
    trace::Trace,
    variant::Variant,
};

/// What can be typed.
#[derive(Clone, Debug, clap::Args)]
#[non_exhaustive]
pub struct Args {
    /// How many seeds are run.
    #[arg(long, default_value_t = 20_000)]
    pub runs: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    pub from: u64,
    /// One seed only, step by step.
    #[arg(long, conflicts_with_all = ["runs", "from"])]
    pub seed: Option<u64>,
}

/// Runs the seeds and prints what became of them. Ends with 1 where the engine did something that it must not, and with
/// 2 where a world could not be prepared.
#[must_use]
pub fn main(args: &Args) -> ExitCode {
    match print(args) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Prints, and returns the number of runs that went wrong.
fn print(args: &Args) -> Result<u64, Box<dyn Error + Send + Sync>> {
    let mut out = io::stdout().lock();
    if let Some(seed) = args.seed {
        let run = Run::new(seed, &Worlds::default(), Variant::COUNT)?;
        write!(out, "{}", Trace(&run))?;
        return Ok(u64::from(!run.violations.is_empty() && run.counts()));
    }
    let start = Instant::now();
    let tally = simulate(args.from, args.runs)?;
    let seconds = start.elapsed().as_secs_f64();
    write!(out, "{tally}")?;
    writeln!(out, "{} runs in {seconds:.1} s, {:.0} runs/s", args.runs, args.runs as f64 / seconds)?;
    Ok(tally.failed())
}

/// One seed, step by step.
///
/// # Errors
///
/// When its world could not be prepared.
pub fn trace(seed: u64) -> Result<String, Box<dyn Error + Send + Sync>> {
    Ok(Trace(&Run::new(seed, &Worlds::default(), Variant::COUNT)?).to_string())
}

/// The names of all scenarios.
pub fn scenarios() -> impl Iterator<Item = &'static str> {
    SCENARIOS.iter().map(|scenario| scenario.name)
}

/// The writes that a scenario makes undisturbed, each with the number of its step: `1: POST /v1/uploads`. None for a name
/// that no scenario has.
///
/// # Errors
///
/// When its world could not be prepared.
pub fn undisturbed(name: &str) -> Result<Vec<String>, Box<dyn Error + Send + Sync>> {
    let Some(scenario) = SCENARIOS.iter().find(|scenario| scenario.name == name) else {
        return Ok(Vec::new());
    };
    Ok(trace::writes(&Prepared::new(scenario, Variant::new(0))?.reference))
}

/// Runs `runs` seeds from `from` on, on all cores.
///
/// # Errors
///
/// When a world could not be prepared.
pub fn simulate(from: u64, runs: u64) -> Result<Tally, Box<dyn Error + Send + Sync>> {
    simulate_variants(from, runs, Variant::COUNT)
}

/// The same with the first `variants` of the ways only in which the services may behave, so that fewer worlds are
/// prepared.
///
/// # Errors
///
/// When a world could not be prepared.
pub fn simulate_variants(from: u64, runs: u64, variants: u8) -> Result<Tally, Box<dyn Error + Send + Sync>> {
    let (worlds, next) = (Worlds::default(), AtomicU64::new(0));
    let work = || {
        let mut tally = Tally::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= runs {
                return Ok(tally);
            }
            tally.add(&Run::new(from + number, &worlds, variants)?);
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut all = Tally::default();
        for thread in threads {
            let tally: Result<Tally, Box<dyn Error + Send + Sync>> =
                thread.join().unwrap_or_else(|_| Err("a thread has panicked".into()));
            all.merge(tally?);
        }
        Ok(all)
    })
}
