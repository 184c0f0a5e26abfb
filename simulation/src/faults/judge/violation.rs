//! What must not have happened.

use std::fmt;

/// The rule that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// A recruiter's edit that the engine has not read was written over, later than the documented time.
    UnreadEdit,
    /// A recruiter's edit was written over that is newer than the contract's value.
    NewerEdit,
    /// A recruiter's edit was written over where the mapping says otherwise.
    AgainstTheRule,
    /// A recruiter's edit was written over by the rule, and nothing names it.
    InSilence,
    /// Another candidate, an unmapped field, or a field of another source was written.
    OutsideTheFence,
    /// A value was written that the contract did not hold.
    Invented,
    /// A contract wrote that had nothing to say yet, or any more.
    NotItsMoment,
    /// A contract had changed since it was read, longer ago than the documented time.
    OutdatedContract,
    /// A candidate was written to after being forgotten.
    AfterForgetting,
    /// Two contracts under one request id.
    TwoContracts,
    /// Two documents of one contract.
    TwoDocuments,
    /// A signed contract's document is missing, and nobody looks again.
    NoDocument,
    /// What could not be read, or was refused, was left undone, and nobody looks again.
    GivenUp,
    /// A card that nobody but the engine has written does not hold what the contract that comes first says: our own write
    /// is taken for a recruiter's edit.
    NotConverged,
    /// A participant's edit never reaches a field that nobody has touched.
    NotArrived,
    /// A clean second look writes.
    NotQuiet,
    /// The report says what is not so.
    UntrueReport,
    /// A mapped field without an outcome, or with two.
    Unaccounted,
    /// A base of a value that both sides never shared.
    FalseBase,
    /// A look that does not end.
    Endless,
    /// A panic.
    Panic,
}

/// What must not have happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The rule that was broken.
    pub rule: Rule,
    /// What happened. The values are made up, so they may be printed.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.rule, self.what)
    }
}
