//! Which contracts somebody wants to see.

use std::fmt;

use jiff::Timestamp;
use oneflow_client::TemplateTypeId;

/// How a field ended in a look, without the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FieldEnd {
    /// The contract's value was written.
    Written,
    /// Both sides held the same.
    Unchanged,
    /// Somebody has to decide, or something has to be put right.
    Held,
    /// There was nothing to write.
    Skipped,
    /// It could not be written.
    Failed,
}

impl FieldEnd {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Written, Self::Unchanged, Self::Held, Self::Skipped, Self::Failed];

    /// The name, as in the journal: `held`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
        }
    }

    /// The one of this name.
    ///
    /// ```
    /// use smartsync::store::FieldEnd;
    ///
    /// assert_eq!(FieldEnd::named("held"), Some(FieldEnd::Held));
    /// assert_eq!(FieldEnd::named("lost"), None);
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == name)
    }
}

impl fmt::Display for FieldEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which contracts: those that fit every part that is given. The empty one lets all through.
///
/// ```
/// use smartsync::store::{ContractFilter, FieldEnd};
///
/// let held = ContractFilter::new().outcome(FieldEnd::Held).reason("conflict-held");
/// assert_eq!(held.state, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContractFilter {
    /// At least one field ended so, in the last look that did not fail as a whole.
    pub outcome: Option<FieldEnd>,
    /// The code is among those of what is left ([`Standing::reasons`](crate::store::Standing)).
    pub reason: Option<String>,
    /// The contract is of this template type. Of contracts that were last looked at by an earlier version that is not known.
    pub template_type: Option<TemplateTypeId>,
    /// The contract was in this state when it was last read: `pending`.
    pub state: Option<String>,
    /// The last look began then or later.
    pub looked_from: Option<Timestamp>,
    /// The last look began before then.
    pub looked_before: Option<Timestamp>,
}

impl ContractFilter {
    /// The states that a contract can be in when it is read.
    pub const STATES: [&str; 6] = ["draft", "pending", "signed", "declined", "overdue", "unknown"];

    /// One that lets all through.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, and at least one field ended so.
    #[must_use]
    pub fn outcome(self, end: FieldEnd) -> Self {
        Self { outcome: Some(end), ..self }
    }

    /// The same, and this code is among those of what is left.
    #[must_use]
    pub fn reason(self, code: impl Into<String>) -> Self {
        Self { reason: Some(code.into()), ..self }
    }

    /// The same, and of this template type.
    #[must_use]
    pub fn template_type(self, template_type: impl Into<TemplateTypeId>) -> Self {
        Self { template_type: Some(template_type.into()), ..self }
    }

    /// The same, and in this state.
    #[must_use]
    pub fn state(self, state: impl Into<String>) -> Self {
        Self { state: Some(state.into()), ..self }
    }

    /// The same, and looked at then or later.
    #[must_use]
    pub fn looked_from(self, at: Timestamp) -> Self {
        Self { looked_from: Some(at), ..self }
    }

    /// The same, and last looked at before then.
    #[must_use]
    pub fn looked_before(self, at: Timestamp) -> Self {
        Self { looked_before: Some(at), ..self }
    }
}
