//! What happens to one field: a pure decision over base, candidate and contract.

use super::card_origin::CardOrigin;
use crate::{
    mapping::{OnConflict, OnEmpty, OnFirstSight, Rules},
    outcome::{Outcome, Reason},
};

/// One side of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has these three and no other")]
pub enum State<T> {
    /// The contract lacks the field; the candidate has no value for it.
    Absent,
    /// The field is there and holds nothing.
    Empty,
    /// The field holds this.
    Value(T),
}

impl<T> State<T> {
    fn value(&self) -> Option<&T> {
        match self {
            Self::Absent | Self::Empty => None,
            Self::Value(value) => Some(value),
        }
    }
}

/// What both sides of a field last agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the tables in the tests have these four and no other")]
pub enum Base<T> {
    /// They never agreed, or nobody remembers on what.
    Unknown {
        /// Whether it is proven that the contract's field was edited after the contract was sent, or is the contract's state.
        is_edit_proven: bool,
    },
    /// On nothing.
    Empty,
    /// On this.
    Value(T),
}

/// The three sides of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a three-way decision has three sides")]
pub struct Sides<T> {
    /// What both sides last agreed on.
    pub base: Base<T>,
    /// The candidate now. On Teamtailor, absent and empty are the same.
    pub candidate: State<T>,
    /// The contract now.
    pub contract: State<T>,
}

/// What happens to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "every reader of a decision handles all of them")]
pub enum Decision {
    /// Skipped: the contract has no such field.
    NotInContract,
    /// Both sides hold the same.
    Unchanged,
    /// Skipped: only the candidate has moved. The recruiter's edit is newer.
    CandidateIsNewer,
    /// Skipped: the contract's field is empty and never was anything else.
    NothingToSay,
    /// Only the contract has moved: its value is written.
    Write,
    /// Only the contract has moved, to empty: the candidate's value is cleared.
    Clear,
    /// Skipped: the contract's field was emptied, and the mapping keeps the candidate's value.
    EmptyKept,
    /// Both have moved: the contract's value is written over the candidate's.
    ConflictWrite,
    /// Both have moved, the contract to empty: the candidate's value is cleared.
    ConflictClear,
    /// Skipped: both have moved, and the candidate's value stays.
    ConflictCandidateWins,
    /// Held: both have moved, and a person has to decide.
    ConflictHeld,
    /// No base, and the candidate has another value: the contract's is written over it.
    FirstSightWrite,
    /// Skipped: no base, and the candidate's value stays.
    FirstSightCandidateWins,
    /// Held: no base, and a person has to decide.
    FirstSightHeld,
    /// Held: no base, and no proof that the contract's value was edited.
    EditNotProven,
}

/// Decides on one field.
///
/// ```
/// use smartsync_core::{mapping::Rules, plan::{Base, Decision, Sides, State::Value, three_way}};
///
/// let sides = Sides { base: Base::Value("1 June"), candidate: Value("1 June"), contract: Value("1 July") };
/// assert_eq!(three_way(&sides, Rules::default()), Decision::Write);
///
/// let first_sight = Sides { base: Base::Unknown { is_edit_proven: false }, ..sides };
/// assert_eq!(three_way(&first_sight, Rules::default()), Decision::EditNotProven);
/// ```
pub fn three_way<T: PartialEq>(sides: &Sides<T>, rules: Rules) -> Decision {
    let (contract, candidate) = (sides.contract.value(), sides.candidate.value());
    if matches!(sides.contract, State::Absent) {
        return Decision::NotInContract;
    }
    if contract == candidate {
        return Decision::Unchanged;
    }
    let base = match &sides.base {
        Base::Unknown { is_edit_proven } => return first_sight(contract, candidate, *is_edit_proven, rules),
        Base::Empty => None,
        Base::Value(base) => Some(base),
    };
    match (contract == base, candidate == base) {
        (true, _) => Decision::CandidateIsNewer,
        (false, true) if contract.is_some() => Decision::Write,
        (false, true) => on_empty(rules, Decision::Clear),
        (false, false) => match rules.on_conflict {
            OnConflict::ContractWins if contract.is_some() => Decision::ConflictWrite,
            OnConflict::ContractWins => on_empty(rules, Decision::ConflictClear),
            OnConflict::CandidateWins => Decision::ConflictCandidateWins,
            OnConflict::Hold => Decision::ConflictHeld,
        },
    }
}

fn first_sight<T>(contract: Option<T>, candidate: Option<T>, is_edit_proven: bool, rules: Rules) -> Decision {
    if contract.is_none() {
        return Decision::NothingToSay;
    }
    if candidate.is_none() {
        return Decision::Write;
    }
    match (rules.on_first_sight, rules.on_conflict) {
        (OnFirstSight::Proven, _) if !is_edit_proven => Decision::EditNotProven,
        (OnFirstSight::Proven, OnConflict::ContractWins) | (OnFirstSight::ContractWins, _) => {
            Decision::FirstSightWrite
        }
        (OnFirstSight::Proven, OnConflict::CandidateWins) | (OnFirstSight::CandidateWins, _) => {
            Decision::FirstSightCandidateWins
        }
        (OnFirstSight::Proven, OnConflict::Hold) | (OnFirstSight::Hold, _) => Decision::FirstSightHeld,
    }
}

fn on_empty(rules: Rules, clear: Decision) -> Decision {
    match rules.on_empty {
        OnEmpty::Clear => clear,
        OnEmpty::Keep => Decision::EmptyKept,
    }
}

impl Decision {
    /// How a field ends by the decision, and what there is to note of it.
    pub(crate) fn outcome(self, origin: CardOrigin) -> (Outcome, Option<Reason>) {
        match self {
            Self::NotInContract => (Outcome::Skipped(Reason::NotInContract), None),
            Self::Unchanged => (Outcome::Unchanged, None),
            Self::CandidateIsNewer => (Outcome::Skipped(Reason::CandidateIsNewer), None),
            Self::NothingToSay => (Outcome::Skipped(Reason::NothingToSay), None),
            Self::EmptyKept => (Outcome::Skipped(Reason::EmptyKept), None),
            // Whether there is a conflict at all, nobody knows, so no rule lets the contract's value fall under the table.
            Self::ConflictCandidateWins | Self::ConflictHeld if origin == CardOrigin::CutOff => {
                (Outcome::Held(Reason::CutOffHeld), None)
            }
            Self::ConflictWrite | Self::ConflictClear if origin == CardOrigin::CutOff => {
                (Outcome::Written, Some(Reason::CutOffContractWon))
            }
            Self::ConflictCandidateWins => (Outcome::Skipped(Reason::ConflictCandidateWon), None),
            Self::FirstSightCandidateWins => (Outcome::Skipped(Reason::FirstSightCandidateWon), None),
            Self::ConflictHeld => (Outcome::Held(Reason::ConflictHeld), None),
            Self::FirstSightHeld => (Outcome::Held(Reason::FirstSightHeld), None),
            Self::EditNotProven => (Outcome::Held(Reason::EditNotProven), None),
            Self::Write => (Outcome::Written, None),
            Self::Clear => (Outcome::Written, Some(Reason::Cleared)),
            Self::ConflictWrite | Self::ConflictClear => {
                (Outcome::Written, Some(Reason::ConflictContractWon))
            }
            Self::FirstSightWrite => (Outcome::Written, Some(Reason::FirstSightContractWon)),
        }
    }
}
