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

/// Whether the data fields of a contract say when they were made and when they were changed last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DataFieldTimes {
    /// `created_time` and `updated_time` are there, null only where nothing was changed.
    #[default]
    Both,
    /// Neither is there, or both are always null.
    None,
    /// Something else.
    Else,
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

/// Whether a custom id that a participant is given with a new contract is kept, and shown to the owner side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ParticipantCustomId {
    /// It is shown in `_private_ownerside` of the participant as it was sent.
    #[default]
    Kept,
    /// It is taken and not shown, or shown as null.
    Dropped,
    /// The contract is refused with it.
    Refused,
    /// It is cut short or stands elsewhere.
    Else,
}

/// What a data field without a value holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ValueWhenEmpty {
    /// An empty text.
    #[default]
    EmptyText,
    /// Null.
    Null,
    /// The member `value` is missing.
    Absent,
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

/// Whether a data field that changes moves `updated_time` of its contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangesMoveUpdatedTime {
    /// It is later after the change.
    #[default]
    Moves,
    /// Only other changes move it.
    Stays,
}

/// What `GET /contracts/{id}` answers for a contract that was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeletedContract {
    /// 404.
    #[default]
    NotFound,
    /// The contract, marked as deleted.
    Shown,
    /// Something else.
    Else,
}
