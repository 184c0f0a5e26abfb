//! What one family of requests settles.

use crate::config::{FactService, FoundAnswer};

/// An answer to a fact. It is made of words of this program and a count, so nothing that a service sent can be in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) service: FactService,
    pub(super) fact: &'static str,
    pub(super) answer: &'static str,
    pub(super) count: usize,
    /// Of what there were so many.
    pub(super) seen: &'static str,
}

impl Verdict {
    pub(super) fn into_answer(self) -> FoundAnswer {
        FoundAnswer::new(self.service, self.fact, self.answer, format!("{}: {}", self.seen, self.count))
    }
}

/// An answer, how many were seen, and what was counted.
pub(super) type Settled = Option<(&'static str, usize, &'static str)>;

/// What was settled, of this service.
pub(super) fn settled<const N: usize>(
    service: FactService,
    facts: [(&'static str, Settled); N],
) -> Vec<Verdict> {
    let found = facts.into_iter().filter_map(|(fact, settled)| {
        settled.map(|(answer, count, seen)| Verdict { service, fact, answer, count, seen })
    });
    found.collect()
}

/// The answer to a fact, which the fact must have.
#[cfg(test)]
pub(super) fn answer_to(verdicts: &[Verdict], fact: &str) -> Option<&'static str> {
    for verdict in verdicts {
        let facts = verdict.service.facts().unwrap();
        let fact = facts.get(verdict.fact).unwrap();
        assert!(fact.answers.iter().any(|answer| answer.id == verdict.answer), "{verdict:?}");
    }
    verdicts.iter().find(|verdict| verdict.fact == fact).map(|verdict| verdict.answer)
}
