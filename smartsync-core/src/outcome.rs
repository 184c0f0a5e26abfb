//! How a mapped field ended, and how the document did.

mod reason;
mod side_states;

use serde::{Serialize, Serializer};

pub use self::{
    reason::Reason,
    side_states::{BaseState, ContractEdit, SideState, SideStates},
};
use crate::candidate::CandidateField;

/// How a mapped field ended. Every mapped field has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
///
/// As JSON it is what the command `smartsync` prints of a field: with the [`reason`](Self::reason) as a code and as a
/// sentence, both `null` where there is nothing to say, the [`member`](Self::member) where there is one, and the
/// [`sides`](Self::sides) and the [edit](SideStates::edit) of the contract where the two sides were compared.
///
/// ```
/// # use oneflow_client::contracts::ContractState;
/// # use smartsync_core::{
/// #     LedgerEntry, Mapping, Reason, SyncKeys, candidate::Definitions, contract::ContractSnapshot, plan::PlanInput,
/// # };
/// # let mapping: Mapping = toml::from_str(r#"
/// #     sync = { convention = false }
/// #     field = [{ oneflow = "city", teamtailor = "custom:city" }]
/// # "#)?;
/// # let plan = smartsync_core::plan::plan(&PlanInput {
/// #     mapping: &mapping,
/// #     definitions: &Definitions::default(),
/// #     contract: &ContractSnapshot::new(9001.into(), ContractState::Draft),
/// #     others: &[],
/// #     has_unread_other: false,
/// #     candidate: Err(Reason::NoCandidate),
/// #     entry: &LedgerEntry::default(),
/// #     card: &smartsync_core::ledger::CardEntry::default(),
/// #     resolutions: &[],
/// #     keys: &SyncKeys::new("acme", ["an/example/key/that/nobody/should/ever/use0".into()])?,
/// # });
/// assert_eq!(
///     serde_json::to_value(&plan.outcomes()[0])?,
///     serde_json::json!({
///         "oneflow": "city",
///         "teamtailor": "custom:city",
///         "outcome": "skipped",
///         "reason": "contract-is-draft",
///         "sentence": "The contract has not been sent yet.",
///     })
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldOutcome {
    /// `custom_id` of the data field.
    pub data_field: String,
    /// The candidate's field.
    pub candidate_field: CandidateField,
    /// How it ended.
    pub outcome: Outcome,
    /// For a written field, what the recruiter should know: that a conflict was decided, or a value cleared.
    pub note: Option<Reason>,
    /// For [`Reason::AnswerUnreadable`], the member of a service's answer that could not be read: `value`.
    pub member: Option<&'static str>,
    /// Whether its moment has come: the `when` of the mapping, by the state of the contract. While that is not known, as
    /// for `candidate_signed` without a candidate, it has not.
    pub is_due: bool,
    /// How base, contract and card relate, where the two sides were compared.
    pub sides: Option<SideStates>,
}

impl FieldOutcome {
    pub(crate) fn new(data_field: &str, candidate_field: &CandidateField, outcome: Outcome) -> Self {
        Self {
            data_field: data_field.to_owned(),
            candidate_field: candidate_field.clone(),
            outcome,
            note: None,
            member: None,
            is_due: false,
            sides: None,
        }
    }

    /// Whether a person may decide which side is right ([`Reason::may_be_decided`]).
    #[must_use]
    pub fn may_be_decided(&self) -> bool {
        matches!(self.outcome, Outcome::Held(reason) if reason.may_be_decided())
    }

    /// What there is to say of it: why it ended so or, for a written field, its note.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.outcome.reason().or(self.note)
    }
}

impl Serialize for FieldOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Field<'a> {
            oneflow: &'a str,
            teamtailor: &'a CandidateField,
            #[serde(flatten)]
            end: End,
            #[serde(skip_serializing_if = "Option::is_none")]
            member: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            sides: Option<SideStates>,
            #[serde(skip_serializing_if = "Option::is_none")]
            edit: Option<ContractEdit>,
        }
        Field {
            oneflow: &self.data_field,
            teamtailor: &self.candidate_field,
            end: End::new(self.outcome.as_str(), self.reason()),
            member: self.member,
            sides: self.sides,
            edit: self.sides.and_then(SideStates::edit),
        }
        .serialize(serializer)
    }
}

/// How the signed document ended.
///
/// As JSON it has the three last keys of a [`FieldOutcome`]:
///
/// ```
/// use smartsync_core::{DocumentOutcome, Reason};
///
/// let document = DocumentOutcome::NotDue(Reason::NotSignedYet);
/// assert_eq!(
///     serde_json::to_value(document)?,
///     serde_json::json!({
///         "outcome": "not_due",
///         "reason": "not-signed-yet",
///         "sentence": "The document is attached once everyone has signed.",
///     })
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// Why the document is not where it belongs: it is tried again, or somebody has to act, as for one that is not due until a person
    /// says whose contract it is ([`Reason::DocumentByAddress`]).
    #[must_use]
    pub fn left(self) -> Option<Reason> {
        match self {
            Self::Later(reason) | Self::Failed(reason) | Self::NotDue(reason @ Reason::DocumentByAddress) => {
                Some(reason)
            }
            Self::NotDue(_) | Self::AlreadyThere | Self::Attached => None,
        }
    }
}

impl Serialize for DocumentOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        End::new(self.as_str(), self.reason()).serialize(serializer)
    }
}

/// How something ended, as JSON: for programs and for people.
#[derive(Serialize)]
struct End {
    outcome: &'static str,
    reason: Option<Reason>,
    sentence: Option<&'static str>,
}

impl End {
    fn new(outcome: &'static str, reason: Option<Reason>) -> Self {
        Self { outcome, reason, sentence: reason.map(Reason::sentence) }
    }
}
