//! Watches both services and what people do, and says what must not have happened. It shares no rule with the engine: it
//! knows who put each value on a card, when, and what each contract held then.

mod card;
mod doubt;
mod ending;
mod memory;
mod paper;
mod report;
mod violation;
mod witness;
mod write;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

pub use self::violation::{Rule, Violation};
pub(super) use self::{
    card::{By, Card},
    ending::Ending,
    paper::{Paper, State},
    witness::{Seen, Witness},
    write::Sent,
};
use super::{counts::Counts, scenario::Scenario};

/// A plan is trusted this long by the documentation; the engine compares whole seconds.
const WINDOW_MILLISECONDS: i64 = 31_000;

/// The judge of one run.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) scenario: Arc<Scenario>,
    /// Counts everything that happens: who came first is a matter of steps, since time may stand still.
    pub(super) step: u64,
    pub(super) cards: Vec<Card>,
    pub(super) contracts: BTreeMap<i64, Paper>,
    pub(super) witnesses: Vec<Witness>,
    /// What was begun and has no known end.
    doubts: Vec<doubt::Doubt>,
    /// The contracts made under each request id.
    made: BTreeMap<String, usize>,
    pub(super) violations: Vec<Violation>,
    /// What is known and allowed, counted apart, and how things ended.
    pub(super) counts: Counts,
}

impl Judge {
    pub(super) fn new(scenario: Arc<Scenario>) -> Self {
        Self {
            scenario,
            step: 0,
            cards: Vec::new(),
            contracts: BTreeMap::new(),
            witnesses: Vec::new(),
            doubts: Vec::new(),
            made: BTreeMap::new(),
            violations: Vec::new(),
            counts: Counts::default(),
        }
    }

    pub(super) fn accuse(&mut self, rule: Rule, what: String) {
        self.violations.push(Violation { rule, what });
    }

    pub(super) fn next_step(&mut self) -> u64 {
        self.step += 1;
        self.step
    }

    /// A recruiter has changed or emptied a field of the card.
    pub(super) fn recruiter_put(&mut self, candidate: usize, field: usize, value: String) {
        let step = self.next_step();
        self.cards[candidate].fields[field].put(value, By::Recruiter, step);
        self.note_shared();
    }

    /// The candidate was forgotten on request.
    pub(super) fn forgotten(&mut self, candidate: usize, now: Timestamp) {
        self.next_step();
        self.cards[candidate].forgotten.get_or_insert(now.as_millisecond());
    }

    /// Remembers what contracts and cards share by now: only that can be a base.
    pub(super) fn note_shared(&mut self) {
        for paper in self.contracts.values_mut().filter(|paper| !paper.is_gone) {
            let card = &self.cards[paper.candidate];
            for (position, pair) in paper.pairs.iter_mut().enumerate() {
                let value = &card.fields[position].value;
                if paper.values[position] == *value && !pair.shared.contains(value) {
                    pair.shared.insert(value.clone());
                }
            }
        }
    }

    /// The words for a field in an accusation.
    pub(super) fn name(&self, field: usize) -> String {
        let field = &self.scenario.fields[field];
        format!("{} ({}, {:?}, {:?})", field.key, field.card, field.when, field.on_conflict)
    }
}

#[cfg(test)]
mod tests;
