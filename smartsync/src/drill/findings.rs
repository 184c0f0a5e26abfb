//! What a drill found.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

/// What came of a drill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Findings {
    /// Seeds that were run.
    pub runs: u64,
    /// Those of them in which the ledger was the database.
    pub with_database: u64,
    /// Looks at contracts.
    pub looks: u64,
    /// How often each deed was done, and what came of it: a reason, or another end.
    pub deeds: BTreeMap<&'static str, BTreeMap<String, u64>>,
    /// Things that must not have happened, by rule.
    pub broken: BTreeMap<&'static str, u64>,
    /// The first of them, in the order of the seeds.
    pub first: Option<Violation>,
    /// For a single seed: what happened, step by step. The texts in it are the drill's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
}

/// Something that must not have happened. It holds no value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// The run: `smartsync drill --seed` repeats it.
    pub seed: u64,
    /// What is broken.
    pub rule: &'static str,
    /// Where.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}

impl Findings {
    /// Whether nothing happened that must not.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.broken.is_empty()
    }

    pub(super) fn count(&mut self, deed: &'static str, end: impl Into<String>) {
        *self.deeds.entry(deed).or_default().entry(end.into()).or_default() += 1;
    }

    pub(super) fn accuse(&mut self, seed: u64, rule: &'static str, what: impl Into<String>) {
        *self.broken.entry(rule).or_default() += 1;
        self.first.get_or_insert_with(|| Violation { seed, rule, what: what.into() });
    }

    /// Adds what other seeds have shown.
    pub(super) fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.with_database += other.with_database;
        self.looks += other.looks;
        for (deed, ends) in other.deeds {
            let into = self.deeds.entry(deed).or_default();
            for (end, count) in ends {
                *into.entry(end).or_default() += count;
            }
        }
        for (rule, count) in other.broken {
            *self.broken.entry(rule).or_default() += count;
        }
        self.steps.extend(other.steps);
        let earlier = |one: &Violation| self.first.as_ref().is_none_or(|first| one.seed < first.seed);
        if let Some(one) = other.first.filter(earlier) {
            self.first = Some(one);
        }
    }
}
