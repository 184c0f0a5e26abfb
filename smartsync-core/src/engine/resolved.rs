//! What became of the decisions of a person.

use super::report::Report;
use crate::plan::Plan;

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
    },
    /// Contract or card are not as the plan showed them upon which the decisions were made. Nothing was written. This is the plan now,
    /// without any decision.
    Stale(Box<Plan>),
    /// One of the decisions, or more, cannot be followed: [`Plan::unresolved`] says which, and why. Nothing was written, of the others
    /// neither.
    Refused(Box<Plan>),
}
