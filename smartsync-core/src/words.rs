//! What is said to people of a reason, a diagnostic, a permission and a decision: one catalogue, which knows the codes and which no code knows. A language is a file like
//! [`english`](mod@english): one that lacks a text does not compile.

use crate::{diagnostic::DiagnosticCode, outcome::Reason};

/// What is said of a reason.
pub(crate) struct OfReason {
    sentence: &'static str,
    advice: Option<&'static str>,
}

/// What is said of a diagnostic.
pub(crate) struct OfDiagnostic {
    title: &'static str,
    explanation: &'static str,
    advice: &'static str,
}

/// Declares what is said of each reason: the sentence and, where somebody can do something, what.
macro_rules! in_words_reasons {
    ( $( $reason:ident: $sentence:literal $( => $advice:literal )?, )+ ) => {
        pub(crate) fn of_reason(reason: crate::outcome::Reason) -> crate::words::OfReason {
            match reason {
                $( crate::outcome::Reason::$reason => crate::words::OfReason {
                    sentence: $sentence,
                    advice: [$( $advice )?].first().copied(),
                }, )+
            }
        }
    };
}

/// Declares what is said of each diagnostic: what it is, why that is wrong, and what to write.
macro_rules! in_words_diagnostics {
    ( $( $code:ident: $title:literal because $explanation:literal => $advice:literal, )+ ) => {
        pub(crate) fn of_diagnostic(code: crate::diagnostic::DiagnosticCode) -> crate::words::OfDiagnostic {
            match code {
                $( crate::diagnostic::DiagnosticCode::$code => crate::words::OfDiagnostic {
                    title: $title,
                    explanation: $explanation,
                    advice: $advice,
                }, )+
            }
        }
    };
}

mod english;

pub(crate) use self::english::{decisions, lists, mapping, permissions};

impl Reason {
    /// The sentence for a recruiter.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        english::of_reason(self).sentence
    }

    /// What somebody can do about it, in full sentences; `None` where there is nothing to do but to wait, or nothing at all.
    ///
    /// ```
    /// use smartsync_core::Reason;
    ///
    /// assert_eq!(Reason::ContractIsDraft.advice(), Some("Send the contract from Oneflow."));
    /// assert_eq!(Reason::WaitsForAllSignatures.advice(), None);
    /// ```
    #[must_use]
    pub fn advice(self) -> Option<&'static str> {
        english::of_reason(self).advice
    }
}

impl DiagnosticCode {
    /// What it is about, in one sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        english::of_diagnostic(self).title
    }

    /// Why that is wrong, or worth knowing.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        english::of_diagnostic(self).explanation
    }

    /// What to write instead.
    #[must_use]
    pub fn advice(self) -> &'static str {
        english::of_diagnostic(self).advice
    }
}
