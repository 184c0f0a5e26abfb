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
