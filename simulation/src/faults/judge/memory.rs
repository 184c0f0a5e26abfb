//! What the ledger remembers: is it so?

use super::{Judge, Rule, paper::Agreed};
use crate::faults::task::Purpose;

impl Judge {
    /// The ledger failed, or so it seems to the task.
    pub(in crate::faults) fn ledger_failed(&mut self, task: usize) {
        self.witnesses[task].ledger_failed = Some(self.step);
        self.stays_unknown(task);
    }

    /// The ledger has taken an entry: `bases` are its digests by data field.
    pub(in crate::faults) fn remembered<'a>(
        &mut self,
        task: usize,
        contract: i64,
        bases: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        let Some(paper) = self.contracts.get_mut(&contract) else { return };
        let mut false_bases = Vec::new();
        for (key, digest) in bases {
            let Some(field) = self.scenario.fields.iter().position(|field| field.key == key) else {
                continue;
            };
            let pair = &mut paper.pairs[field];
            pair.bases.insert(digest.to_owned());
            // A digest tells nothing but equality: there must be a shared value for each.
            if pair.bases.len() > pair.shared.len() {
                false_bases.push(format!("{key} of contract {contract}: shared were {:?}", pair.shared));
            }
        }
        self.note_creation(task, contract);
        for what in false_bases {
            self.accuse(Rule::FalseBase, what);
        }
    }

    /// A creation has remembered what the contract was made with, or is found to hold: both sides agree on that.
    fn note_creation(&mut self, task: usize, contract: i64) {
        let step = self.step;
        let witness = &self.witnesses[task];
        if !matches!(witness.purpose, Purpose::Creation { .. }) {
            return;
        }
        let is_adopted = witness.made != Some(contract);
        let (Some(read), Some(paper)) = (witness.card.last(), self.contracts.get_mut(&contract)) else {
            return;
        };
        for (field, pair) in paper.pairs.iter_mut().enumerate() {
            let value = &read.values[field];
            if is_adopted {
                // An older base stays, so nothing is certain.
                if paper.values[field] == *value {
                    self.cards[paper.candidate].fields[field].may_own(value);
                }
                // It was read with what it was made with, whatever it holds by now.
                if pair.shared.contains(value) {
                    pair.before.push(value.clone());
                }
            } else if pair.agreed.is_none() && pair.shared.contains(value) {
                let agreed = Agreed {
                    value: value.clone(),
                    step: read.step,
                    before: value.clone(),
                    is_known: true,
                    is_missed: false,
                    remembered: Some(step),
                    is_late: false,
                };
                pair.agreed = Some(agreed);
                self.cards[paper.candidate].fields[field].may_own(value);
            }
        }
    }
}
