//! What applying a plan did.

use std::time::Duration;

use oneflow_client::{ContractId, TemplateTypeId, contracts::ContractState};
use teamtailor_client::CandidateId;

use crate::{
    mapping::LinkMethod,
    outcome::{DocumentOutcome, FieldOutcome, Outcome, Reason},
};

/// What applying a plan did: one outcome per mapped field. It holds no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The contract.
    pub contract: ContractId,
    /// The candidate, if one was found.
    pub candidate: Option<CandidateId>,
    /// The state of the contract, if Oneflow showed it.
    pub state: Option<ContractState>,
    /// When the contract had changed last when it was read, by Oneflow's clock, as far as Oneflow says.
    pub last_change: Option<jiff::Timestamp>,
    pub(crate) template_type: Option<TemplateTypeId>,
    /// The fingerprint of the plan that was applied: its [`hash`](crate::Plan::hash).
    pub plan: String,
    /// By which method the candidate was found. [`LinkMethod::Email`] is an address that a participant has, not a proof.
    pub linked_by: Option<LinkMethod>,
    /// Every mapped field with its outcome.
    pub outcomes: Vec<FieldOutcome>,
    /// The signed document.
    pub document: DocumentOutcome,
    /// Whether the ledger has stored everything. If not, the contract has to be looked at again
    /// ([`Reason::LedgerFailed`]), even if every field and the document ended well.
    pub is_saved: bool,
    /// Whether and when the contract has to be looked at again.
    pub next: Next,
}

/// What a worker does with the contract next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a worker handles all of them")]
pub enum Next {
    /// Nothing, until something changes.
    Done,
    /// Look at the contract again. The worker decides whether a contract that keeps failing is put aside for a
    /// person; what fails every contract alike, such as refused credentials, is no reason to.
    Retry(Retry),
}

/// Another look at the contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retry {
    /// How long the service asks to wait, or how long until the [limit](Self::waits_for_limit) allows more; without
    /// it, the worker's own backoff applies.
    pub after: Option<Duration>,
    /// Whether the request would fail the same way for every contract: wrong credentials (401), a rate limit, no
    /// connection. Any other failure may be this contract's own or not.
    pub is_common: bool,
    /// Whether nothing has failed: fields were held because of the [limit of changes](crate::ChangeLimit), which will
    /// allow them later. That wait is no reason to put the contract aside for a person.
    pub waits_for_limit: bool,
}

impl Report {
    /// The template type of the contract, if Oneflow showed it.
    #[must_use]
    pub fn template_type(&self) -> Option<TemplateTypeId> {
        self.template_type
    }

    /// Whether nothing is left to do: every field is written, unchanged or rightly skipped, and the document is where
    /// it belongs.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let has_document = self.document.left().is_none();
        self.next == Next::Done && has_document && self.unsettled().next().is_none()
    }

    /// Whether all that is left is that the contract has no candidate ([`Reason::NoCandidate`]): the sync does not
    /// concern it, so nobody has to do anything, and another look would end the same way.
    #[must_use]
    pub fn is_without_candidate(&self) -> bool {
        let fields = self.unsettled().filter_map(|field| field.outcome.reason());
        let mut left = fields.chain(self.document.left()).peekable();
        self.next == Next::Done && left.peek().is_some() && left.all(|reason| reason == Reason::NoCandidate)
    }

    /// When to look again, if that may help.
    #[must_use]
    pub fn retry_after(&self) -> Option<Retry> {
        match self.next {
            Next::Retry(retry) => Some(retry),
            Next::Done => None,
        }
    }

    /// The number of fields that ended so: `report.count(|outcome| outcome == Outcome::Written)`.
    #[must_use]
    pub fn count(&self, ended: impl Fn(Outcome) -> bool) -> usize {
        self.outcomes.iter().filter(|field| ended(field.outcome)).count()
    }
}

impl Next {
    /// Both: a retry outranks nothing to do.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Retry(a), Self::Retry(b)) => Self::Retry(Retry {
                after: a.after.max(b.after),
                is_common: a.is_common || b.is_common,
                // A wait for the limit of changes is told of at the end, if there is nothing else to wait for.
                ..Retry::default()
            }),
            (Self::Retry(retry), Self::Done) | (Self::Done, Self::Retry(retry)) => Self::Retry(retry),
            (Self::Done, Self::Done) => Self::Done,
        }
    }
}

impl Report {
    /// The fields that are not settled: another look or a person has to see to them. [`DocumentOutcome::left`] says
    /// the same of the document.
    pub fn unsettled(&self) -> impl Iterator<Item = &FieldOutcome> {
        self.outcomes.iter().filter(|field| !field.outcome.is_settled())
    }
}
