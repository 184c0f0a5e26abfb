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

const USAGE: &str = "usage: faults [--seeds N] [--from N] [--seed N] [--threads N] [--named N] [--enough N]";

/// What to run.
struct Options {
    seeds: u64,
    from: u64,
    /// One seed, with every step of it.
    one: Option<u64>,
    threads: usize,
    /// Seeds that are named for each broken rule.
    named: usize,
    /// Whether to stop once so many seeds have broken a rule; 0 for never.
    enough: usize,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let mut options = Self { seeds: 50_000, from: 1, one: None, threads, named: 5, enough: 0 };
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            let number = || rest.clone().next().and_then(|text| text.replace('_', "").parse::<u64>().ok());
            let number = number().ok_or_else(|| format!("{name} needs a number\n{USAGE}"))?;
            rest.next();
            match name.as_str() {
                "--seeds" => options.seeds = number,
                "--from" => options.from = number,
                "--seed" => options.one = Some(number),
                "--threads" => options.threads = usize::try_from(number).unwrap_or(1).max(1),
                "--named" => options.named = usize::try_from(number).unwrap_or(usize::MAX),
                "--enough" => options.enough = usize::try_from(number).unwrap_or(usize::MAX),
                _ => return Err(format!("{name} is not known\n{USAGE}")),
            }
        }
        Ok(options)
    }
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

/// Runs what the arguments say and prints what came of it. Fails where a rule was broken.
///
/// # Errors
///
/// What is wrong with the arguments.
pub fn command(arguments: &[String]) -> Result<ExitCode, String> {
    let options = Options::read(arguments)?;
    if let Some(seed) = options.one {
        let verdict = run(seed, true);
        return Ok(if verdict.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let began = Instant::now();
    let totals = run_all(&options);
    let seconds = began.elapsed().as_secs_f64();
    print(&options, &totals, seconds).map_err(|error| error.to_string())?;
    Ok(if totals.by_rule.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_all(options: &Options) -> Totals {
    let next = AtomicU64::new(options.from);
    let end = options.from.saturating_add(options.seeds);
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
            if options.enough > 0 && broken >= options.enough {
                has_enough.store(true, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..options.threads).map(|_| scope.spawn(work)).collect();
        let mut all = Totals::default();
        for totals in workers.into_iter().flat_map(thread::ScopedJoinHandle::join) {
            all.add(totals);
        }
        all
    })
}

fn print(options: &Options, totals: &Totals, seconds: f64) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", totals.counts)?;
    #[expect(clippy::cast_precision_loss, reason = "a speed for people")]
    let speed = totals.seeds as f64 / seconds;
    writeln!(out, "{} seeds from {} in {seconds:.1} s: {speed:.0} a second", totals.seeds, options.from)?;
    if totals.by_rule.is_empty() {
        return writeln!(out, "no rule was broken");
    }
    for (rule, count) in &totals.by_rule {
        let seeds = &totals.broken[rule];
        writeln!(out, "{rule:?}: {count} times, in {} seeds", seeds.len())?;
        for (seed, what) in seeds.iter().take(options.named) {
            writeln!(out, "  --seed {seed}: {what}")?;
        }
    }
    Ok(())
}
