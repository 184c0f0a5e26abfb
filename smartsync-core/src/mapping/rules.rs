//! The words of a rule: which way values go, when, and what happens where the two sides differ.

use serde::{Deserialize, Serialize};

/// Which way values go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// To Oneflow when a contract is made, to Teamtailor ever after.
    #[default]
    Both,
    /// Only from the contract to the candidate.
    ToTeamtailor,
    /// Only into a new contract.
    ToOneflow,
}

/// When the contract's value is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Moment {
    /// As soon as it is edited, in a contract that was sent.
    #[default]
    Edited,
    /// Once the candidate has signed.
    CandidateSigned,
    /// Once everyone has signed.
    AllSigned,
}

/// What happens when both sides have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has a column for each")]
pub enum OnConflict {
    /// The contract's value is written.
    #[default]
    ContractWins,
    /// The candidate's value stays.
    CandidateWins,
    /// Nothing is written; a person decides.
    Hold,
}

/// What happens when the sides differ, the card is not empty, and nobody knows what they last agreed on: the contract was made by
/// somebody else, or the ledger was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has a column for each")]
pub enum OnFirstSight {
    /// Where the data field's own times show that it was edited after the contract was sent, [`OnConflict`] decides; elsewhere
    /// nothing is written, and a person decides. The state of a contract, which nobody fills in, needs no times.
    #[default]
    Proven,
    /// Nothing is written; a person decides.
    Hold,
    /// The contract's value is written.
    ContractWins,
    /// The candidate's value stays.
    CandidateWins,
}

/// What happens when the contract's field was emptied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the table in the tests has a column for each")]
pub enum OnEmpty {
    /// The candidate's value stays.
    #[default]
    Keep,
    /// The candidate's value is cleared.
    Clear,
}

/// What the mapping says about a field on which the sides disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the table in the tests has a column for each combination")]
pub struct Rules {
    /// When both sides have moved.
    pub on_conflict: OnConflict,
    /// When nobody knows which side has moved.
    pub on_first_sight: OnFirstSight,
    /// When the contract's field was emptied.
    pub on_empty: OnEmpty,
}
