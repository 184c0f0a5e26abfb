//! How a mapped field ended, and how the document did.

use serde::Serialize;

use crate::{CandidateField, Reason};

/// How a mapped field ended. Every mapped field has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "reason", rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a report has these five columns and no other")]
pub enum Outcome {
    /// The contract's value was written; in a plan: will be written.
    Written,
    /// Both sides hold the same.
    Unchanged,
    /// Nothing was written: someone has to decide, or something has to be put right.
    Held(Reason),
    /// There is nothing to write, by the mapping or by the state of the contract.
    Skipped(Reason),
    /// It was to be written, and could not be.
    Failed(Reason),
}

impl Outcome {
    /// The name: `written`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "unchanged",
            Self::Held(_) => "held",
            Self::Skipped(_) => "skipped",
            Self::Failed(_) => "failed",
        }
    }

    /// Why it ended so.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Written | Self::Unchanged => None,
            Self::Held(reason) | Self::Skipped(reason) | Self::Failed(reason) => Some(reason),
        }
    }

    /// Whether nobody has to do anything about it.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Written | Self::Unchanged | Self::Skipped(_))
    }
}

/// One mapped field with its outcome. It holds no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldOutcome {
    /// `custom_id` of the data field.
    pub data_field: String,
    /// The candidate's field.
    pub target: CandidateField,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// For a written field, what the recruiter should know: that a conflict was decided, or a value cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Reason>,
}

impl FieldOutcome {
    pub(crate) fn new(data_field: &str, target: &CandidateField, outcome: Outcome) -> Self {
        Self { data_field: data_field.to_owned(), target: target.clone(), outcome, note: None }
    }
}

/// How the signed document ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "reason", rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentOutcome {
    /// It is not time for it, or it is not wanted.
    NotDue(Reason),
    /// The candidate's card has it already.
    AlreadyThere,
    /// It was attached; in a plan: will be attached.
    Attached,
    /// It could not be attached yet and is tried again.
    Later(Reason),
    /// It could not be attached.
    Failed(Reason),
}

impl DocumentOutcome {
    /// The name: `attached`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotDue(_) => "not_due",
            Self::AlreadyThere => "already_there",
            Self::Attached => "attached",
            Self::Later(_) => "later",
            Self::Failed(_) => "failed",
        }
    }

    /// Why it ended so.
    #[must_use]
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::AlreadyThere | Self::Attached => None,
            Self::NotDue(reason) | Self::Later(reason) | Self::Failed(reason) => Some(reason),
        }
    }
}
