//! What must not happen.

use std::fmt;

/// What must not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// The engine panicked.
    Panic,
    /// A write that an undisturbed course does not make.
    ForeignWrite,
    /// Reported as written, and it is not on the card.
    NotWritten,
    /// Reported as attached, and it is not on the card.
    NotAttached,
    /// Reported as published, and it is not.
    NotPublished,
    /// A mapped field of which the report says nothing.
    NoRow,
    /// Left undone by a look that asks for no other, or by a creation that does not say so.
    Silent,
    /// The looks after it end elsewhere than those of an undisturbed course.
    OtherEnd,
    /// A second document of one contract.
    SecondDocument,
    /// A second contract of one request.
    SecondContract,
}

impl Rule {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::ForeignWrite => "foreign-write",
            Self::NotWritten => "not-written",
            Self::NotAttached => "not-attached",
            Self::NotPublished => "not-published",
            Self::NoRow => "no-row",
            Self::Silent => "silent",
            Self::OtherEnd => "other-end",
            Self::SecondDocument => "second-document",
            Self::SecondContract => "second-contract",
        }
    }
}

/// One case of it.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) rule: Rule,
    /// Where: a field, a request, a part of the state.
    pub(crate) detail: String,
}

impl Violation {
    pub(crate) fn new(rule: Rule, detail: impl Into<String>) -> Self {
        Self { rule, detail: detail.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule.as_str(), self.detail)
    }
}
