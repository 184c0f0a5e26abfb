//! One look at a contract, as the journal keeps it: names of fields, outcomes and reasons, and no value.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId, contracts::ContractState};
use smartsync_core::{CreatedContract, EngineError, FieldOutcome, Reason, Report, outcome::SideStates};
use smartsync_transport::{CauseChain, one_line};
use teamtailor_client::CandidateId;

use super::{decided::Decided, look_failure::LookFailure};

/// Why a look began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trigger {
    /// A notification.
    Notification,
    /// An earlier look failed: so many have, in a row.
    Retry(u32),
    /// The periodic pass over the contracts of the account.
    Sweep,
    /// A person: `smartsync sync`, `smartsync parked retry`, or one of the [actions](Action).
    ByHand,
}

/// What a person did with a contract, in a row of its own or with a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Created it: `smartsync create`.
    Created,
    /// Had an earlier try of the same creation completed: `smartsync create` with the same name.
    Adopted,
    /// Linked it to the candidate of the row: `smartsync link`.
    Linked,
    /// Took it from the parked contracts, to be left alone: `smartsync parked drop`.
    Dropped,
    /// Had the document attached again whose upload was interrupted, in this look: `smartsync sync --attach-again`.
    AttachAgain,
    /// Decided which side of a field is right ([`Look::decided`]): `smartsync resolve`. One row says so before anything is written, another how it ended, and
    /// the look that it caused is a row between them.
    Decided,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Created, Self::Adopted, Self::Linked, Self::Dropped, Self::AttachAgain, Self::Decided];

    /// The name: `attach_again`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Adopted => "adopted",
            Self::Linked => "linked",
            Self::Dropped => "dropped",
            Self::AttachAgain => "attach_again",
            Self::Decided => "decided",
        }
    }

    pub(in crate::store) fn of_row(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}

impl Trigger {
    /// The name: `by_hand`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "notification",
            Self::Retry(_) => "retry",
            Self::Sweep => "sweep",
            Self::ByHand => "by_hand",
        }
    }

    /// How many looks had failed in a row, for a retry.
    #[must_use]
    pub fn failures(self) -> Option<u32> {
        if let Self::Retry(failures) = self { Some(failures) } else { None }
    }

    pub(crate) fn of_row(name: &str, failures: Option<u32>) -> Self {
        match name {
            "retry" => Self::Retry(failures.unwrap_or_default()),
            "sweep" => Self::Sweep,
            "by_hand" => Self::ByHand,
            _ => Self::Notification,
        }
    }
}

/// `retry 3`.
impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry(failures) => write!(f, "retry {failures}"),
            Self::ByHand => f.write_str("by hand"),
            Self::Notification | Self::Sweep => f.write_str(self.as_str()),
        }
    }
}

/// What comes after a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextLook {
    /// Nothing is left to do.
    None,
    /// Something is left, and this look arranged for no other: a command leaves that to the person.
    Left,
    /// Another look, at this time unless something brings it forward.
    At(Timestamp),
    /// Another look, once there is room within the limit of changes.
    WithRoom(Timestamp),
    /// None: a person has to see to it.
    Parked,
}

impl NextLook {
    /// The name: `with_room`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Left => "left",
            Self::At(_) => "at",
            Self::WithRoom(_) => "with_room",
            Self::Parked => "parked",
        }
    }

    /// When, if there is another look.
    #[must_use]
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) | Self::WithRoom(at) => Some(at),
            Self::None | Self::Left | Self::Parked => None,
        }
    }

    pub(in crate::store) fn of_row(name: &str, at: Option<Timestamp>) -> Self {
        match (name, at) {
            ("at", Some(at)) => Self::At(at),
            ("with_room", Some(at)) => Self::WithRoom(at),
            ("parked", _) => Self::Parked,
            ("left", _) => Self::Left,
            _ => Self::None,
        }
    }
}

/// How one mapped field ended, in words that are stable: those of [`Outcome::as_str`](smartsync_core::Outcome::as_str) and
/// [`Reason::code`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LookedField {
    /// `custom_id` of the data field, or `contract:state`.
    pub data_field: String,
    /// The candidate's field, as the mapping names it.
    pub candidate_field: String,
    /// How it ended: `held`.
    pub outcome: String,
    /// Why: `conflict-held`.
    pub reason: Option<String>,
    /// The member of a service's answer that could not be read.
    pub member: Option<String>,
    /// How base, contract and card related, where they were compared. `None` as well in rows of a version that did not note it.
    pub sides: Option<SideStates>,
}

impl LookedField {
    /// A field with its outcome and reason, in their stable words.
    #[must_use]
    pub fn new(data_field: &str, candidate_field: &str, outcome: &str, reason: Option<&str>) -> Self {
        Self {
            data_field: data_field.to_owned(),
            candidate_field: candidate_field.to_owned(),
            outcome: outcome.to_owned(),
            reason: reason.map(str::to_owned),
            member: None,
            sides: None,
        }
    }

    fn of(field: &FieldOutcome) -> Self {
        Self {
            data_field: one_line(&field.data_field).into_owned(),
            candidate_field: field.candidate_field.to_string(),
            outcome: field.outcome.as_str().to_owned(),
            reason: field.reason().map(|reason| reason.code().to_owned()),
            member: field.member.map(str::to_owned),
            sides: field.sides,
        }
    }
}

/// Of which contract, why, when and at what cost a look was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occasion {
    /// The contract.
    pub contract: ContractId,
    /// Why it began.
    pub trigger: Trigger,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, waits for rate limits included.
    pub duration: Duration,
    /// How many requests were sent to both services, repeated ones included.
    pub requests: u32,
    /// The number of the row that the journal had noted last when it began, if that was asked for. No row keeps it.
    pub begun_after: Option<u64>,
}

impl Occasion {
    /// A look that begins now, of which no more is known.
    #[must_use]
    pub fn new(contract: ContractId, trigger: Trigger, at: Timestamp) -> Self {
        Self { contract, trigger, at, duration: Duration::ZERO, requests: 0, begun_after: None }
    }

    /// The same, begun when the journal had noted its row of this number last ([`Journal::last_number`](super::Journal::last_number)).
    #[must_use]
    pub fn begun_after(self, number: Option<u64>) -> Self {
        Self { begun_after: number, ..self }
    }

    /// The same with its cost.
    #[must_use]
    pub fn cost(self, duration: Duration, requests: u32) -> Self {
        Self { duration, requests, ..self }
    }
}

/// A look at a contract, or what a person did with it beside a look, as the journal keeps it. Nothing of it is a value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Look {
    /// Of which contract, why, when and at what cost.
    pub occasion: Occasion,
    /// The candidate, if one was found.
    pub candidate: Option<CandidateId>,
    /// The state of the contract, if it was read: `pending`; `unknown` for one that this version does not know.
    pub state: Option<String>,
    /// When the contract had changed last when it was read, by Oneflow's clock.
    pub last_change: Option<Timestamp>,
    /// The template type of the contract, if it was read and has one.
    pub template_type: Option<TemplateTypeId>,
    /// The fingerprint of the plan.
    pub plan: Option<String>,
    /// Every mapped field; none if the look failed as a whole.
    pub fields: Vec<LookedField>,
    /// How the document ended (`later`), and why.
    pub document: Option<(String, Option<String>)>,
    /// Whether an agreed value is not on the card (see [`Journal`](super::Journal)); `None` if the look failed as a whole, which
    /// leaves it open.
    pub drifts: Option<bool>,
    /// Why the look failed as a whole: a code, and the text that the log has.
    pub error: Option<(String, String)>,
    /// What comes after it.
    pub next: NextLook,
    /// What a person did, if that is more than to ask for a look.
    pub action: Option<Action>,
    /// What a person decided, for [`Action::Decided`].
    pub decided: Option<Decided>,
}

/// A look with the number under which the journal keeps it. Numbers tell only what came before what; there are gaps between them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotedLook {
    /// The number: higher than that of every look of the tenant that was noted before.
    pub number: u64,
    /// The look.
    pub look: Look,
}

impl NotedLook {
    /// A look that was noted under this number.
    #[must_use]
    pub fn new(number: u64, look: Look) -> Self {
        Self { number, look }
    }

    /// Whether it began after `late`, found something, and was noted while `late` was under way.
    #[cfg(feature = "test-util")]
    pub(super) fn has_overtaken(&self, late: &Look) -> bool {
        let Occasion { contract, at, begun_after, .. } = late.occasion;
        let is_meant = self.look.occasion.contract == contract && self.look.drifts.is_some();
        is_meant && begun_after.is_some_and(|number| self.number > number) && self.look.occasion.at > at
    }
}

impl Look {
    /// A look that ended; `next` is what the caller does with the contract.
    #[must_use]
    pub fn of(occasion: Occasion, result: &Result<Report, EngineError>, next: NextLook) -> Self {
        match result {
            Ok(report) => Self::of_looked(occasion, report, next),
            Err(error) => Self::of_error(occasion, error, next),
        }
    }

    /// One that failed as a whole.
    pub(crate) fn of_error(occasion: Occasion, error: &EngineError, next: NextLook) -> Self {
        Self::failed(occasion, code(error), CauseChain(error).to_string(), next)
    }

    /// One that was given up since it took too long.
    #[must_use]
    pub fn without_end(occasion: Occasion, next: NextLook) -> Self {
        Self::failed(occasion, LookFailure::TookTooLong.code(), "the look took too long".to_owned(), next)
    }

    /// One that was broken off: by what, in words of this program.
    #[must_use]
    pub fn interrupted(occasion: Occasion, by: &'static str, next: NextLook) -> Self {
        Self::failed(occasion, LookFailure::Interrupted.code(), by.to_owned(), next)
    }

    /// What a person did with a contract at this time. `candidate`: about whose card it is, if that is known.
    ///
    /// ```
    /// use smartsync::store::{Action, Look, Trigger};
    ///
    /// let linked = Look::by_hand(Action::Linked, 9001.into(), "2031-03-01T09:00:00Z".parse()?, Some("4711".into()));
    /// assert_eq!(linked.occasion.trigger, Trigger::ByHand);
    /// assert!(!linked.is_look());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn by_hand(
        action: Action,
        contract: ContractId,
        at: Timestamp,
        candidate: Option<CandidateId>,
    ) -> Self {
        let next = match action {
            Action::Created | Action::Adopted | Action::Dropped => NextLook::None,
            Action::Linked | Action::AttachAgain | Action::Decided => NextLook::Left,
        };
        let occasion = Occasion::new(contract, Trigger::ByHand, at);
        Self { candidate, action: Some(action), ..Self::empty(occasion, next) }
    }

    /// What a person decided on a field of a contract at this time.
    #[must_use]
    pub fn of_decision(
        decided: Decided,
        contract: ContractId,
        at: Timestamp,
        candidate: Option<CandidateId>,
    ) -> Self {
        Self { decided: Some(decided), ..Self::by_hand(Action::Decided, contract, at, candidate) }
    }

    /// A contract that a person had created for the candidate at this time: what became of each field, and not what it holds.
    #[must_use]
    pub fn of_creation(made: &CreatedContract, at: Timestamp, candidate: CandidateId) -> Self {
        let (action, state) = match (made.is_adopted, made.is_published) {
            // An earlier try may have sent it, and what has become of it since is not asked.
            (true, _) => (Action::Adopted, None),
            (false, true) => (Action::Created, Some(ContractState::Pending)),
            (false, false) => (Action::Created, Some(ContractState::Draft)),
        };
        Self {
            state: state.as_ref().map(self::state),
            fields: made.outcomes.iter().map(LookedField::of).collect(),
            ..Self::by_hand(action, made.contract, at, Some(candidate))
        }
    }

    /// Whether it is a look. Of what a person did beside one, nothing follows for how the contract stands.
    #[must_use]
    pub fn is_look(&self) -> bool {
        match self.action {
            None | Some(Action::AttachAgain) => true,
            Some(Action::Created | Action::Adopted | Action::Linked | Action::Dropped | Action::Decided) => {
                false
            }
        }
    }

    fn empty(occasion: Occasion, next: NextLook) -> Self {
        Self {
            occasion,
            candidate: None,
            state: None,
            last_change: None,
            template_type: None,
            plan: None,
            fields: Vec::new(),
            document: None,
            drifts: None,
            error: None,
            next,
            action: None,
            decided: None,
        }
    }

    fn failed(occasion: Occasion, code: &str, text: String, next: NextLook) -> Self {
        let error = Some((code.to_owned(), one_line(&text).into_owned()));
        Self { error, ..Self::empty(occasion, next) }
    }

    /// One that found how each field stands.
    pub(crate) fn of_looked(occasion: Occasion, report: &Report, next: NextLook) -> Self {
        let (document, reason) = (report.document.as_str(), report.document.reason());
        Self {
            occasion,
            candidate: report.candidate.clone(),
            state: report.state.as_ref().map(state),
            last_change: report.last_change,
            template_type: report.template_type(),
            plan: Some(report.plan.clone()),
            fields: report.outcomes.iter().map(LookedField::of).collect(),
            document: Some((document.to_owned(), reason.map(|reason| reason.code().to_owned()))),
            drifts: Some(drifts(report)),
            ..Self::empty(occasion, next)
        }
    }

    /// Whether it was at a contract of a candidate who was forgotten: the journal keeps none of these.
    pub(in crate::store) fn is_of_forgotten(&self) -> bool {
        let forgotten = Some(Reason::CandidateForgotten.code());
        let reasons = self.fields.iter().map(|field| field.reason.as_deref());
        let document = self.document.as_ref().and_then(|(_, reason)| reason.as_deref());
        reasons.chain([document]).any(|reason| reason == forgotten)
    }

    /// The codes of what is not settled, each once.
    pub(crate) fn reasons(&self) -> Vec<&str> {
        let is_left = |field: &&LookedField| ["held", "failed"].contains(&field.outcome.as_str());
        let fields = self.fields.iter().filter(is_left).filter_map(|field| field.reason.as_deref());
        // As `DocumentOutcome::left` has it.
        let document = self.document.as_ref().and_then(|(outcome, reason)| {
            let is_left = ["later", "failed"].contains(&outcome.as_str());
            reason.as_deref().filter(|reason| is_left || *reason == Reason::DocumentByAddress.code())
        });
        let error = self.error.as_ref().map(|(code, _)| code.as_str());
        let mut reasons: Vec<&str> = fields.chain(document).chain(error).collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }
}

/// Whether an agreed value is not on the card: a field that is due was held or failed, or the document is not where it belongs. A
/// contract without a candidate is none of the sync's.
fn drifts(report: &Report) -> bool {
    let is_ours = |reason: Option<Reason>| reason != Some(Reason::NoCandidate);
    let field = report.unsettled().any(|field| field.is_due && is_ours(field.outcome.reason()));
    field || report.document.left().is_some_and(|reason| is_ours(Some(reason)))
}

/// What a service calls a state, if this version knows it: any other text is the service's own.
fn state(state: &ContractState) -> String {
    let is_known = !matches!(state, ContractState::Unknown(_));
    (if is_known { state.as_str() } else { "unknown" }).to_owned()
}

/// The code of what a look failed of as a whole: that of the reason for which a field would have failed.
fn code(error: &EngineError) -> &'static str {
    let reason = match error {
        EngineError::Service(error) if error.is_unauthorized() => Reason::NotAuthorized,
        EngineError::Service(error) if error.is_decode() || error.is_too_large() => Reason::AnswerUnreadable,
        EngineError::Service(error) if error.is_terminal() => Reason::Refused,
        EngineError::AnswerUnreadable { .. } | EngineError::AccountUnknown { .. } => Reason::AnswerUnreadable,
        EngineError::OtherAccount { .. } => Reason::OtherAccount,
        EngineError::PlanOfAnotherEngine => Reason::PlanOfAnotherEngine,
        EngineError::Ledger(_) => Reason::LedgerFailed,
        EngineError::Shared(error) => return code(error),
        EngineError::Service(_)
        | EngineError::LeasedElsewhere
        // No look meets these: they are of creations.
        | EngineError::Preflight(_)
        | EngineError::RequestReused
        | EngineError::CreationUnknown
        | EngineError::CreatedAndGone { .. }
        | EngineError::NotPublished { .. }
        | _ => Reason::Unavailable,
    };
    reason.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_an_action_and_what_comes_next_are_read_as_they_were_written() {
        let at = Timestamp::from_second(1_900_000_000).unwrap();
        for trigger in [Trigger::Notification, Trigger::Retry(3), Trigger::Sweep, Trigger::ByHand] {
            assert_eq!(Trigger::of_row(trigger.as_str(), trigger.failures()), trigger);
        }
        for next in
            [NextLook::None, NextLook::Left, NextLook::At(at), NextLook::WithRoom(at), NextLook::Parked]
        {
            assert_eq!(NextLook::of_row(next.as_str(), next.at()), next);
        }
        for action in Action::ALL {
            assert_eq!(Action::of_row(action.as_str()), Some(action));
        }
        assert_eq!(Trigger::Retry(3).to_string(), "retry 3");
    }
}
