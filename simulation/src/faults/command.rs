//! `faults` on the command line.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    process::ExitCode,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Instant,
};

use super::{counts::Counts, judge::Rule, run::run};

/// What can be typed.
#[derive(Clone, Debug, clap::Args)]
#[non_exhaustive]
pub struct Args {
    /// How many seeds are run.
    #[arg(long, default_value_t = 50_000)]
    pub seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    pub from: u64,
    /// One seed only, with every step of it.
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    pub seed: Option<u64>,
    /// Threads; by default one per core.
    #[arg(long)]
    pub threads: Option<usize>,
    /// Seeds that are named for each broken rule.
    #[arg(long, default_value_t = 5)]
    pub named: usize,
    /// Stops once so many seeds have broken a rule; 0 for never.
    #[arg(long, default_value_t = 0)]
    pub enough: usize,
}

/// What came of many seeds.
#[derive(Default)]
struct Totals {
    seeds: u64,
    counts: Counts,
    /// The seeds that broke a rule, each with what happened.
    broken: BTreeMap<Rule, BTreeMap<u64, String>>,
    by_rule: BTreeMap<Rule, u64>,
}

impl Totals {
    fn take(&mut self, seed: u64) {
        let verdict = run(seed, false);
        self.seeds += 1;
        self.counts.add_all(&verdict.counts);
        for violation in verdict.violations {
            *self.by_rule.entry(violation.rule).or_default() += 1;
            self.broken.entry(violation.rule).or_default().entry(seed).or_insert(violation.what);
        }
    }

    fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.counts.add_all(&other.counts);
        for (rule, count) in other.by_rule {
            *self.by_rule.entry(rule).or_default() += count;
        }
        for (rule, seeds) in other.broken {
            self.broken.entry(rule).or_default().extend(seeds);
        }
    }
}

/// Runs the seeds and prints what came of them. Ends with 1 where a rule was broken.
#[must_use]
pub fn main(args: &Args) -> ExitCode {
    if let Some(seed) = args.seed {
        let verdict = run(seed, true);
        return if verdict.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let began = Instant::now();
    let totals = run_all(args);
    let seconds = began.elapsed().as_secs_f64();
    match print(args, &totals, seconds) {
        Ok(()) if totals.by_rule.is_empty() => ExitCode::SUCCESS,
        Ok(()) | Err(_) => ExitCode::FAILURE,
    }
}

fn run_all(args: &Args) -> Totals {
    let threads =
        args.threads.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from)).max(1);
    let next = AtomicU64::new(args.from);
    let end = args.from.saturating_add(args.seeds);
    let has_enough = AtomicBool::new(false);
    let work = || {
        let mut totals = Totals::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end || has_enough.load(Ordering::Relaxed) {
                return totals;
            }
            totals.take(seed);
            let broken: usize = totals.broken.values().map(BTreeMap::len).sum();
            if args.enough > 0 && broken >= args.enough {
                has_enough.store(true, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Totals::default();
        for totals in workers.into_iter().flat_map(thread::ScopedJoinHandle::join) {
            all.add(totals);
        }
        all
    })
}

fn print(args: &Args, totals: &Totals, seconds: f64) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", totals.counts)?;
    #[expect(clippy::cast_precision_loss, reason = "a speed for people")]
    let speed = totals.seeds as f64 / seconds;
    writeln!(out, "{} seeds from {} in {seconds:.1} s: {speed:.0} a second", totals.seeds, args.from)?;
    if totals.by_rule.is_empty() {
        return writeln!(out, "no rule was broken");
    }
    for (rule, count) in &totals.by_rule {
        let seeds = &totals.broken[rule];
        writeln!(out, "{rule:?}: {count} times, in {} seeds", seeds.len())?;
        for (seed, what) in seeds.iter().take(args.named) {
            writeln!(out, "  --seed {seed}: {what}")?;
        }
    }
    Ok(())
}
