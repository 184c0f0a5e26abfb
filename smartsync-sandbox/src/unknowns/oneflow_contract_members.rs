//! What a contract shows of its fields, parties and times.

use serde::{Deserialize, Serialize};

/// Where the custom id of a data field stands in a contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CustomIdPlace {
    /// In `_private_ownerside`.
    #[default]
    OwnerSide,
    /// In the field itself.
    Top,
    /// In both places.
    Both,
}

/// Whether participants say when they were added and when they were changed last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ParticipantTimes {
    /// `created_time` and `updated_time` are there.
    #[default]
    Both,
    /// Neither is there, or both are always null.
    None,
    /// Something else.
    Else,
}

/// Whether each party says if it is the caller's own (`my_party`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MyParty {
    /// It is `true` or `false` for each party.
    #[default]
    Always,
    /// It is missing for some callers or some parties.
    Sometimes,
}

/// How times are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TimesForm {
    /// `2031-02-03T04:05:06+0000`, as documented.
    #[default]
    WithoutColon,
    /// `2031-02-03T04:05:06+00:00`, as recorded answers have it.
    WithColon,
    /// Something else.
    Else,
}
