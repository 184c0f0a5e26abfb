//! What a person is asked, as data: a terminal asks it, flags answer it beforehand.

use std::fmt;

use async_trait::async_trait;
use secrecy::SecretString;

use super::pairs::Proposal;
use crate::{config::SecretSource, setup::finding::Finding, words::commands::init as words};

/// The most questions that are asked, however the answers turn out. One that is asked again, since its answer was refused, is no other one.
pub const MAX_QUESTIONS: u8 = 6;

/// A question.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Question<'a> {
    /// The API token of Oneflow.
    OneflowToken,
    /// The user on whose behalf requests are made.
    UserEmail,
    /// The API key of Teamtailor.
    TeamtailorKey,
    /// Where the two secrets are kept.
    Secrets,
    /// Whether the proposed pairs are taken into a new file.
    Pairs(&'a Proposal),
    /// Whether a file that is there is changed.
    Changes {
        /// The pairs that are among the changes.
        proposal: &'a Proposal,
        /// The changes: lines with `+` and `-` in front.
        changes: &'a str,
    },
    /// The public address at which notifications arrive.
    Webhook {
        /// The path at which the server receives them.
        path: &'a str,
    },
}

/// Without what stands in the file, which has an address in it.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Question").field(&self.option()).finish()
    }
}

impl Question<'_> {
    /// The question, on one line.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::OneflowToken => words::ONEFLOW_TOKEN.to_owned(),
            Self::UserEmail => words::USER_EMAIL.to_owned(),
            Self::TeamtailorKey => words::TEAMTAILOR_KEY.to_owned(),
            Self::Secrets => words::SECRETS.to_owned(),
            Self::Pairs(_) => words::PAIRS.to_owned(),
            Self::Changes { .. } => words::CHANGES.to_owned(),
            Self::Webhook { path } => words::webhook(path),
        }
    }

    /// Whether the answer is not to be seen.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::OneflowToken | Self::TeamtailorKey)
    }

    /// What an empty answer means.
    #[must_use]
    pub fn default(&self) -> Option<&'static str> {
        match self {
            Self::OneflowToken | Self::UserEmail | Self::TeamtailorKey => None,
            Self::Secrets => Some("files"),
            Self::Pairs(_) | Self::Changes { .. } => Some("y"),
            Self::Webhook { .. } => Some(""),
        }
    }

    /// The option of the command line that answers it.
    #[must_use]
    pub fn option(&self) -> &'static str {
        match self {
            Self::OneflowToken => "--oneflow-token env:NAME|file:PATH",
            Self::UserEmail => "--user-email EMAIL",
            Self::TeamtailorKey => "--teamtailor-token env:NAME|file:PATH",
            Self::Secrets => "--secrets files|env",
            Self::Pairs(_) | Self::Changes { .. } => "--yes",
            Self::Webhook { .. } => "--webhook URL",
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// What was typed.
    Text(SecretString),
    /// Where a secret stands already.
    From(SecretSource),
}

impl Answer {
    /// What was typed.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(SecretString::from(text.into()))
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unanswered {
    /// There is nobody to ask.
    #[error("there is no terminal to ask on")]
    NoTerminal,
    /// There is nobody to ask again.
    #[error("the answer that was given is refused")]
    Refused,
    /// The input has ended.
    #[error("no answer was given")]
    Ended,
    /// A signal came.
    #[error("a signal ended it")]
    Stopped,
}

/// Whoever answers.
#[async_trait]
pub trait Front: Send {
    /// The answer that was given before anything was asked, if one was.
    fn given(&self, question: &Question<'_>) -> Option<Answer>;

    /// Answers a question. `number`: how many were asked so far, this one included; the same for one that is asked again, and then `refused`
    /// says why.
    ///
    /// # Errors
    ///
    /// [`Unanswered`]: the set-up ends, and nothing was written.
    async fn answer(
        &mut self,
        number: u8,
        question: &Question<'_>,
        refused: Option<&Finding>,
    ) -> Result<Answer, Unanswered>;

    /// Hears what was found out meanwhile.
    fn tell(&mut self, finding: &Finding);
}
