//! Writes that were begun and whose end the engine cannot know: a request without an answer, a process that died, a ledger
//! that failed.

use super::Judge;

/// A write that may have been begun.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    task: usize,
    pub(super) contract: i64,
    candidate: usize,
    pub(super) field: usize,
    /// What was read on the card before. `None` once the contract and the card have agreed on something since: from then on
    /// only the write itself may still arrive.
    seen: Option<String>,
    pub(super) value: String,
}

/// What a value on a card may be, for all that can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubtful {
    /// What this very contract was about to write. It may have arrived.
    OurOwn,
    /// What this contract was about to write over, or what another write was to put there.
    Other,
    /// What another contract was about to write over.
    SeenByAnother,
    Nothing,
}

impl Judge {
    /// A task with a plan saves or sends something: from here on, any write of its plan may have been begun.
    pub(in crate::faults) fn may_begin(&mut self, task: usize) {
        let witness = &mut self.witnesses[task];
        if !std::mem::replace(&mut witness.has_begun, true) {
            self.doubts.append(&mut witness.planned);
        }
    }

    /// The task cannot know the end of what it has begun.
    pub(in crate::faults) fn stays_unknown(&mut self, task: usize) {
        self.witnesses[task].is_unknown = true;
    }

    /// What the writes of a plan are, as it was made.
    pub(super) fn plan_writes(&mut self, task: usize) {
        let witness = &self.witnesses[task];
        let (Some(contract), Some(card)) = (witness.contract.last(), witness.card.last()) else { return };
        let Some(id) = witness.paper() else { return };
        let Some(candidate) = self.contracts.get(&id).map(|paper| paper.candidate) else { return };
        let planned = witness.notes.keys().map(|field| Doubt {
            task,
            contract: id,
            candidate,
            field: *field,
            seen: Some(card.values[*field].clone()),
            value: contract.values[*field].clone(),
        });
        self.witnesses[task].planned = planned.collect();
    }

    /// A task is over. What it has begun is known unless something went wrong with it.
    pub(super) fn end_doubts(&mut self, task: usize) {
        if !self.witnesses[task].is_unknown {
            self.doubts.retain(|doubt| doubt.task != task);
        }
    }

    /// The engine knows that contract and card agree on the value: of what the contract had begun before, only other values may
    /// still arrive.
    pub(super) fn settle_doubts(&mut self, contract: i64, field: usize, value: &str) {
        self.doubts
            .retain(|doubt| doubt.contract != contract || doubt.field != field || doubt.value != value);
        if let Some(paper) = self.contracts.get_mut(&contract) {
            paper.pairs[field].before.clear();
        }
        for doubt in &mut self.doubts {
            if doubt.contract == contract && doubt.field == field {
                doubt.seen = None;
            }
        }
    }

    /// Whether a write of the contract's was begun before, of whose end nothing is known: what the card held then, the engine
    /// remembers.
    pub(super) fn has_begun(&self, task: usize, contract: i64, field: usize) -> bool {
        self.doubts
            .iter()
            .any(|doubt| doubt.task != task && doubt.contract == contract && doubt.field == field)
    }

    /// What the value that a person has put on the card may be as well, for all that the task can know: what it has begun
    /// itself is no excuse for it.
    pub(super) fn doubtful(&self, task: usize, contract: i64, candidate: usize, field: usize) -> Doubtful {
        let value = &self.cards[candidate].fields[field].value;
        let of_field = || {
            self.doubts.iter().filter(move |doubt| {
                doubt.task != task && doubt.candidate == candidate && doubt.field == field
            })
        };
        let is_own = |doubt: &&Doubt| doubt.contract == contract;
        if of_field().any(|doubt| is_own(&doubt) && doubt.seen.is_some() && doubt.value == *value) {
            Doubtful::OurOwn
        } else if of_field()
            .any(|doubt| doubt.value == *value || is_own(&doubt) && doubt.seen.as_ref() == Some(value))
        {
            Doubtful::Other
        } else if of_field().any(|doubt| doubt.seen.as_ref() == Some(value)) {
            Doubtful::SeenByAnother
        } else {
            Doubtful::Nothing
        }
    }
}
