//! What became of the decisions of a person.

use teamtailor_client::CandidateId;

use super::report::Report;
use crate::plan::{DecidedField, Plan};

/// Decisions of a person that are about to be carried out: for whoever [notes](crate::Engine::resolve_told) them before anything is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Decision {
    /// Whose card it is, if anybody's.
    pub candidate: Option<CandidateId>,
    /// The hash of the plan upon which they were made.
    pub seen: String,
    /// The decisions, in the order in which they were given.
    pub fields: Vec<DecidedField>,
}

/// What became of the decisions of a person ([`Engine::resolve`](crate::Engine::resolve)).
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "whoever decides has to handle all of them")]
pub enum Resolved {
    /// They were followed, and the contract was looked at. The report says how each field ended: one may be held after all, where
    /// something has changed in between.
    Applied {
        /// What was done.
        report: Box<Report>,
        /// The hash of the plan upon which they were made.
        seen: String,
        /// The decisions, in the order in which they were given. [`DecidedField::is_followed_in`] tells of each whether it was carried out.
        decided: Vec<DecidedField>,
    },
    /// Contract or card are not as the plan showed them upon which the decisions were made. Nothing was written. This is the plan now,
    /// without any decision.
    Stale(Box<Plan>),
    /// One of the decisions, or more, cannot be followed: [`Plan::unresolved`] says which, and why. Nothing was written, of the others
    /// neither.
    Refused(Box<Plan>),
}
