//! What one look or creation has read, written and said.

use std::collections::BTreeMap;

use super::{Judge, State, doubt::Doubt};
use crate::faults::task::Purpose;

/// What was read of a contract or a card.
#[derive(Clone, Debug)]
pub(in crate::faults) struct Seen {
    pub(super) step: u64,
    pub(super) at: i64,
    pub(super) values: Vec<String>,
    /// The state, of a contract.
    pub(super) state: Option<State>,
}

/// A value that has reached the card.
#[derive(Clone, Debug)]
pub(super) struct Effect {
    pub(super) field: usize,
    pub(super) value: String,
    pub(super) step: u64,
    pub(super) is_answered: bool,
}

/// What one look or creation has read, written and said.
#[derive(Debug)]
pub(in crate::faults) struct Witness {
    pub(in crate::faults) purpose: Purpose,
    pub(super) began: u64,
    pub(super) contract: Vec<Seen>,
    pub(super) card: Vec<Seen>,
    /// What was read of the candidate alone, without the custom field values.
    pub(super) candidate: Vec<Seen>,
    pub(super) effects: Vec<Effect>,
    /// What the plan says of each field that it writes: the code of a note, if there is one.
    pub(super) notes: BTreeMap<usize, Option<&'static str>>,
    /// The writes that a note has to name.
    pub(super) unnamed: Vec<(usize, String)>,
    /// The writes of the plan, as long as none of them may have been begun.
    pub(super) planned: Vec<Doubt>,
    pub(super) has_begun: bool,
    /// Whether the end of something that it has begun cannot be known.
    pub(super) is_unknown: bool,
    /// When the ledger failed last.
    pub(super) ledger_failed: Option<u64>,
    /// Whether nothing went wrong and nobody did anything meanwhile.
    pub(in crate::faults) is_calm: bool,
    /// The contract that a creation has made.
    pub(super) made: Option<i64>,
}

impl Witness {
    /// The last reading of the card that shows a field.
    pub(super) fn last_reading(&self, is_of_candidate: bool) -> Option<&Seen> {
        let of_candidate = self.candidate.last().filter(|_| is_of_candidate);
        self.card.last().into_iter().chain(of_candidate).max_by_key(|seen| seen.step)
    }

    /// The contract that is looked at, or was made.
    pub(in crate::faults) fn paper(&self) -> Option<i64> {
        match self.purpose {
            Purpose::Look { contract } => Some(contract),
            Purpose::Creation { .. } => self.made,
        }
    }
}

impl Judge {
    /// A task begins. Returns its number.
    pub(in crate::faults) fn call(&mut self, purpose: Purpose, is_calm: bool) -> usize {
        let began = self.next_step();
        self.witnesses.push(Witness {
            purpose,
            began,
            contract: Vec::new(),
            card: Vec::new(),
            candidate: Vec::new(),
            effects: Vec::new(),
            notes: BTreeMap::new(),
            unnamed: Vec::new(),
            planned: Vec::new(),
            has_begun: false,
            is_unknown: false,
            ledger_failed: None,
            is_calm,
            made: None,
        });
        self.witnesses.len() - 1
    }

    /// What a service shows of a contract at this moment.
    pub(in crate::faults) fn contract_now(&self, contract: i64, at: i64) -> Option<Seen> {
        let paper = self.contracts.get(&contract).filter(|paper| !paper.is_gone)?;
        Some(Seen { step: self.step, at, values: paper.values.clone(), state: Some(paper.state) })
    }

    /// What a service shows of a card at this moment.
    pub(in crate::faults) fn card_now(&self, candidate: usize, at: i64) -> Seen {
        let values = self.cards[candidate].fields.iter().map(|held| held.value.clone()).collect();
        Seen { step: self.step, at, values, state: None }
    }

    /// A task has read a contract.
    pub(in crate::faults) fn has_read_contract(&mut self, task: usize, contract: i64, seen: Seen) {
        if self.witnesses[task].paper() == Some(contract) {
            self.witnesses[task].contract.push(seen);
            self.note_sighting(task);
        }
    }

    /// A task has read a card, or of it only what stands in the candidate itself.
    pub(in crate::faults) fn has_read_card(
        &mut self,
        task: usize,
        candidate: usize,
        seen: Seen,
        is_whole: bool,
    ) {
        let witness = &mut self.witnesses[task];
        let of_paper =
            witness.paper().and_then(|paper| self.contracts.get(&paper)).map(|paper| paper.candidate);
        let is_its = match &witness.purpose {
            Purpose::Look { .. } => of_paper == Some(candidate),
            Purpose::Creation { candidate: of_request, .. } => *of_request == candidate,
        };
        if is_its && is_whole {
            witness.card.push(seen);
            self.note_sighting(task);
        } else if is_its {
            witness.candidate.push(seen);
        }
    }

    /// What both sides show alike may count as agreed on from here on.
    fn note_sighting(&mut self, task: usize) {
        let witness = &self.witnesses[task];
        let (Some(contract), Some(card)) = (witness.contract.last(), witness.card.last()) else { return };
        let Some(paper) = witness.paper().and_then(|paper| self.contracts.get_mut(&paper)) else { return };
        // What a write of unknown end was to put on the card counts as arrived once it is there.
        for doubt in self.doubts.iter().filter(|doubt| Some(doubt.contract) == witness.paper()) {
            if card.values[doubt.field] == doubt.value {
                paper.pairs[doubt.field].shared.insert(doubt.value.clone());
            }
        }
        let fields = &mut self.cards[paper.candidate].fields;
        for (position, held) in fields.iter_mut().enumerate() {
            let value = &card.values[position];
            if contract.values[position] == *value {
                held.may_own(value);
                // The contract may be gone by now, and held it all the same.
                paper.pairs[position].shared.insert(value.clone());
                // Whether this became the base depends on how the look goes on: what was agreed is not certain any more.
                let pair = &mut paper.pairs[position];
                let before = pair.agreed.take_if(|agreed| agreed.value != *value);
                pair.before.extend(before.map(|agreed| agreed.value));
            }
        }
    }
}
