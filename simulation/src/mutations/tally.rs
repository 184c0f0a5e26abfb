//! Counts what became of many seeds.

use std::{collections::BTreeMap, fmt};

use super::{run::Run, violation::Rule};

/// A sort of violation: which rule, in which scenario, after which change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sort {
    rule: Rule,
    change: String,
}

/// How often it was seen, and where.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    runs: u64,
    first: u64,
    scenarios: BTreeMap<&'static str, u64>,
}

/// Counts what became of many seeds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    runs: u64,
    failed: u64,
    apart: u64,
    scenarios: BTreeMap<&'static str, [u64; 3]>,
    kinds: BTreeMap<&'static str, [u64; 3]>,
    likenesses: BTreeMap<&'static str, [u64; 3]>,
    violations: BTreeMap<Sort, Seen>,
    set_apart: BTreeMap<Rule, u64>,
}

impl Tally {
    /// Runs so far.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Runs in which the engine did something that it must not.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed
    }

    /// Runs in which it was misled by an answer that nobody can tell from the truth.
    #[must_use]
    pub fn apart(&self) -> u64 {
        self.apart
    }

    /// Runs of each scenario, by its name.
    pub fn scenarios(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.scenarios.iter().map(|(name, [runs, ..])| (*name, *runs))
    }

    pub(crate) fn add(&mut self, run: &Run) {
        let is_failed = !run.violations.is_empty() && run.counts();
        let is_apart = !run.violations.is_empty() && !is_failed;
        self.runs += 1;
        self.failed += u64::from(is_failed);
        self.apart += u64::from(is_apart);
        let counts = [1, u64::from(is_failed), u64::from(is_apart)];
        let add = |all: &mut BTreeMap<&'static str, [u64; 3]>, key| {
            let sum = all.entry(key).or_default();
            sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        };
        add(&mut self.scenarios, run.scenario);
        let Some(alteration) = &run.alteration else { return };
        add(&mut self.kinds, alteration.kind.as_str());
        add(&mut self.likenesses, alteration.likeness.as_str());
        let mut rules: Vec<Rule> = run.violations.iter().map(|violation| violation.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            if is_apart {
                *self.set_apart.entry(rule).or_default() += 1;
                continue;
            }
            let sort = Sort { rule, change: alteration.to_string() };
            let seen =
                self.violations.entry(sort).or_insert_with(|| Seen { first: run.seed, ..Seen::default() });
            seen.runs += 1;
            seen.first = seen.first.min(run.seed);
            *seen.scenarios.entry(run.scenario).or_default() += 1;
        }
    }

    /// Both together.
    pub(crate) fn merge(&mut self, other: Self) {
        self.runs += other.runs;
        self.failed += other.failed;
        self.apart += other.apart;
        let sums = [
            (&mut self.scenarios, other.scenarios),
            (&mut self.kinds, other.kinds),
            (&mut self.likenesses, other.likenesses),
        ];
        for (all, others) in sums {
            for (key, counts) in others {
                let sum = all.entry(key).or_default();
                sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
        }
        for (rule, runs) in other.set_apart {
            *self.set_apart.entry(rule).or_default() += runs;
        }
        for (sort, theirs) in other.violations {
            let seen = self
                .violations
                .entry(sort)
                .or_insert_with(|| Seen { first: theirs.first, ..Seen::default() });
            seen.runs += theirs.runs;
            seen.first = seen.first.min(theirs.first);
            for (scenario, runs) in theirs.scenarios {
                *seen.scenarios.entry(scenario).or_default() += runs;
            }
        }
    }
}

/// The counts as tables, and every sort of violation with the first seed that shows it.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables =
            [("scenario", &self.scenarios), ("change", &self.kinds), ("the answer is", &self.likenesses)];
        for (title, rows) in tables {
            writeln!(f, "{title:<24}{:>8}{:>12}{:>12}", "runs", "violations", "apart")?;
            for (name, [runs, failed, apart]) in rows {
                writeln!(f, "  {name:<22}{runs:>8}{failed:>12}{apart:>12}")?;
            }
        }
        writeln!(
            f,
            "counted apart: another plausible answer, or a creation that was refused and took effect"
        )?;
        for (rule, runs) in &self.set_apart {
            writeln!(f, "  {:<22}{runs:>8}", rule.as_str())?;
        }
        writeln!(f, "violations: {} of {} runs", self.failed, self.runs)?;
        for (Sort { rule, change }, seen) in &self.violations {
            let scenarios: Vec<String> =
                seen.scenarios.iter().map(|(name, runs)| format!("{name} {runs}")).collect();
            writeln!(
                f,
                "  {:<15} {:>5} x  seed {:<7} {change}  ({})",
                rule.as_str(),
                seen.runs,
                seen.first,
                scenarios.join(", ")
            )?;
        }
        Ok(())
    }
}
