//! All that a plan is made from.

use crate::{
    candidate::{CandidateSnapshot, Definitions},
    contract::ContractSnapshot,
    keys::SyncKeys,
    ledger::{CardEntry, LedgerEntry},
    mapping::Mapping,
    outcome::Reason,
};

/// All that a plan is made from.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a caller of `plan` gives all of it")]
pub struct PlanInput<'a> {
    /// What is kept in step.
    pub mapping: &'a Mapping,
    /// Teamtailor's custom fields.
    pub definitions: &'a Definitions,
    /// The contract now.
    pub contract: &'a ContractSnapshot,
    /// The candidate's other contracts, in any order. Where one of higher rank has a source for a field of the card, this
    /// contract proposes nothing for it.
    pub others: &'a [ContractSnapshot],
    /// Whether there is another contract of the candidate that could not be read. What it claims is not known, so this contract
    /// proposes nothing at all.
    pub has_unread_other: bool,
    /// The candidate now, or why there is none.
    pub candidate: Result<&'a CandidateSnapshot, Reason>,
    /// What is remembered of the contract.
    pub entry: &'a LedgerEntry,
    /// What is remembered of the candidate's card; the default entry where nothing is, or where there is no candidate.
    pub card: &'a CardEntry,
    /// The host's keys.
    pub keys: &'a SyncKeys,
}
