//! A contract as people see it, and what it has agreed on with the card.

use std::collections::BTreeSet;

use smartsync_sandbox::ContractCard;

use crate::faults::scenario::{GUARDIAN, Scenario, When};

/// The state of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::faults) enum State {
    Draft,
    Pending,
    CandidateSigned,
    Signed,
    Closed,
}

impl State {
    pub(in crate::faults) fn of(card: &ContractCard) -> Self {
        let is_candidate = |one: &&smartsync_sandbox::ParticipantCard| !one.my_party && one.name != GUARDIAN;
        match card.state {
            "draft" => Self::Draft,
            "pending"
                if card.participants.iter().filter(is_candidate).any(|one| one.sign_state == "signed") =>
            {
                Self::CandidateSigned
            }
            "pending" => Self::Pending,
            "signed" => Self::Signed,
            _ => Self::Closed,
        }
    }

    /// Whether a field of this moment may be written back.
    pub(super) fn is_open_for(self, when: When) -> bool {
        match when {
            When::Edited => matches!(self, Self::Pending | Self::CandidateSigned | Self::Signed),
            When::CandidateSigned => matches!(self, Self::CandidateSigned | Self::Signed),
            When::AllSigned => self == Self::Signed,
        }
    }
}

/// The last time that contract and card held the same by the engine's doing.
#[derive(Clone, Debug)]
pub(super) struct Agreed {
    pub(super) value: String,
    pub(super) step: u64,
    /// What the card held before.
    pub(super) before: String,
    /// Whether the engine can know: it got the answer, or has seen the value there, and could remember it.
    pub(super) is_known: bool,
    /// Whether the card was read after it and did not show it: a person was quicker than the check.
    pub(super) is_missed: bool,
    /// When the ledger was told, for what a contract was made with: a look that began before does not know it.
    pub(super) remembered: Option<u64>,
    /// Whether it came about later than the look that it belongs to.
    pub(super) is_late: bool,
}

/// A mapped field of a contract beside the same field of the card.
#[derive(Clone, Debug, Default)]
pub(super) struct Pair {
    pub(super) agreed: Option<Agreed>,
    /// What was agreed on before, where it is not certain what is since.
    pub(super) before: Vec<String>,
    /// Every value that both sides have shared.
    pub(super) shared: BTreeSet<String>,
    /// Every base that the ledger has had.
    pub(super) bases: BTreeSet<String>,
}

/// A contract.
#[derive(Clone, Debug)]
pub(in crate::faults) struct Paper {
    pub(in crate::faults) candidate: usize,
    pub(in crate::faults) state: State,
    pub(in crate::faults) is_gone: bool,
    /// The values of the mapped fields, whatever their spelling.
    pub(in crate::faults) values: Vec<String>,
    /// Whether a participant has changed the field after it was sent.
    pub(super) is_edited: Vec<bool>,
    /// The step at which each value was changed last.
    pub(super) changed: Vec<u64>,
    /// The second at which each value was changed last.
    pub(super) changed_at: Vec<i64>,
    /// When it was made, in seconds.
    created: i64,
    /// When it was sent, and when the last one signed, in seconds.
    pub(super) published: i64,
    pub(super) signed: i64,
    pub(super) documents: usize,
    pub(super) pairs: Vec<Pair>,
}

impl Paper {
    pub(in crate::faults) fn new(
        scenario: &Scenario,
        candidate: usize,
        card: &ContractCard,
        second: i64,
    ) -> Self {
        let count = scenario.fields.len();
        let mut paper = Self {
            candidate,
            state: State::Draft,
            is_gone: false,
            values: vec![String::new(); count],
            is_edited: vec![false; count],
            changed: vec![0; count],
            changed_at: vec![second; count],
            created: second,
            published: 0,
            signed: 0,
            documents: 0,
            pairs: vec![Pair::default(); count],
        };
        paper.read(scenario, Some(card), second, 0);
        paper.is_edited.fill(false);
        paper
    }

    /// The contract as it is by now; `None` if it was deleted.
    pub(in crate::faults) fn read(
        &mut self,
        scenario: &Scenario,
        card: Option<&ContractCard>,
        second: i64,
        step: u64,
    ) {
        let Some(card) = card else {
            self.is_gone = true;
            return;
        };
        let (before, now) = (self.state, State::of(card));
        if before == State::Draft && now != State::Draft {
            self.published = second;
        }
        if before != State::Signed && now == State::Signed {
            self.signed = second;
        }
        for (position, field) in scenario.fields.iter().enumerate() {
            let text = card.data_fields.get(&field.key).map(String::as_str).unwrap_or_default();
            let value = field.kind.normal(text);
            if value != self.values[position] {
                self.is_edited[position] |= before != State::Draft;
                self.values[position] = value;
                self.changed[position] = step;
                self.changed_at[position] = second;
            }
        }
        self.state = now;
    }

    /// Whether a value is what the contract was made with, as far as times of whole seconds can tell: it was changed within a
    /// minute of that, and before the contract was sent.
    pub(super) fn is_as_made(&self, field: usize) -> bool {
        let changed_at = self.changed_at[field];
        changed_at - self.created <= 60 && changed_at < self.published
    }

    /// Whether times of whole seconds show that a value was changed once the contract had been sent, and is not what it was
    /// made with.
    pub(super) fn is_proven(&self, field: usize) -> bool {
        let changed_at = self.changed_at[field];
        self.state != State::Draft && changed_at >= self.published && changed_at != self.created
    }

    /// Its place among the contracts of one candidate, the greatest first; `None` for one that has nothing to say.
    pub(super) fn rank(&self) -> Option<(bool, i64)> {
        match self.state {
            _ if self.is_gone => None,
            State::Pending | State::CandidateSigned => Some((false, self.published)),
            State::Signed => Some((true, self.signed)),
            State::Draft | State::Closed => None,
        }
    }
}
