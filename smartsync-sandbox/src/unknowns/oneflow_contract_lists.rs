//! Contracts in a list, and their events.

use serde::{Deserialize, Serialize};

/// What the contracts of a list have of what `GET /contracts/{id}` shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ContractListParties {
    /// Parties with participants, and no data fields.
    #[default]
    Parties,
    /// Neither parties nor data fields.
    Bare,
    /// All of it.
    Whole,
}

/// In which order contracts are listed where none is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ContractListOrder {
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    #[default]
    OldestFirst,
    /// In another order, or in none.
    Else,
}

/// Whether a contract is in the list as soon as it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ContractListLag {
    /// It is.
    #[default]
    AtOnce,
    /// It comes some seconds later.
    Later,
}

/// Whether the events of a contract can be listed at `/contracts/{id}/events`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ContractEvents {
    /// The list is there.
    #[default]
    Listed,
    /// It is a 404 or may not be read.
    Missing,
}

/// Whether a contract's events include those of its participants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ParticipantEvents {
    /// Types that begin with `participant:` are in the list.
    #[default]
    Included,
    /// Only notifications have them.
    LeftOut,
}

/// Which lists below a contract take `limit=all`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LimitAll {
    /// That of events does.
    Events,
    /// None that is used here does.
    #[default]
    None,
}
