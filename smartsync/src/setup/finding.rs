//! One thing that a check found out.

use std::fmt;

use serde::Serialize;

use crate::words::commands::findings::THIS_MACHINE;

/// What a [`Finding`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Subject {
    /// The configuration file and the secrets it names.
    Configuration,
    /// The Oneflow account.
    Oneflow,
    /// The Teamtailor company.
    Teamtailor,
    /// This machine: files, their modes, the port, the way to the services.
    Machine,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Configuration => "configuration",
            Self::Oneflow => "Oneflow",
            Self::Teamtailor => "Teamtailor",
            Self::Machine => THIS_MACHINE,
        })
    }
}

/// How a [`Finding`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "a reader of a report handles each")]
pub enum Verdict {
    /// It was proven to work.
    Good,
    /// It works, and something about it should be known.
    Warning,
    /// It does not work.
    Bad,
}

/// One thing that was found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub subject: Subject,
    /// How it counts.
    pub verdict: Verdict,
    /// What was found, as a sentence. Holds no secret and no value of a field.
    pub text: String,
    /// What to do about it.
    pub next: Option<String>,
    /// Whether it is about what all tenants of a configuration share.
    #[serde(skip)]
    pub(crate) is_shared: bool,
    #[serde(skip)]
    pub(crate) is_refusal: bool,
}

impl Finding {
    /// Whether a credential or an answer is refused. What else is bad, such as a service that does not answer, says nothing of what it is worth.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.is_refusal
    }

    pub(crate) fn good(subject: Subject, text: impl Into<String>) -> Self {
        Self {
            subject,
            verdict: Verdict::Good,
            text: text.into(),
            next: None,
            is_shared: false,
            is_refusal: false,
        }
    }

    pub(crate) fn warning(subject: Subject, text: impl Into<String>, next: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, next: Some(next.into()), ..Self::good(subject, text) }
    }

    pub(crate) fn bad(subject: Subject, text: impl Into<String>, next: impl Into<String>) -> Self {
        Self { verdict: Verdict::Bad, next: Some(next.into()), ..Self::good(subject, text) }
    }

    /// The same, of a credential or an answer that is refused.
    pub(crate) fn refusal(self) -> Self {
        Self { is_refusal: true, ..self }
    }

    /// The same, about what all tenants share.
    pub(crate) fn shared(self) -> Self {
        Self { is_shared: true, ..self }
    }
}
