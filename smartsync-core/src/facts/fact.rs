//! One fact: the answers that are possible, the one that is acted upon, and what settles it.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};

use super::facts_error::FactsError;

/// What stands in a file where the sandbox cannot be made such a world yet.
const NONE_YET: &str = "none yet";

/// Something that is not confirmed, and what is acted upon meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fact {
    /// Words with dashes between them. It never changes.
    pub id: String,
    /// What it is about, in a sentence.
    pub says: String,
    /// The possible answers: two at least. The last may be something else.
    pub answers: Vec<FactAnswer>,
    /// The id of the answer that is acted upon.
    pub assumed: String,
    /// Why little is lost if another one is true.
    pub harmless: String,
    /// What settles it.
    pub probe: Probe,
    /// What knowing it allows.
    pub buys: String,
    /// The questions of `SPEC.md` that it answers, by their numbers.
    pub questions: Vec<u32>,
    /// The unconfirmed places of `openapi.yaml` that it covers.
    pub marks: Vec<String>,
    /// What makes the sandbox a world with another answer: `SandboxSettings::null_clears`. `None` where nothing does yet.
    #[serde(deserialize_with = "switch")]
    pub switch: Option<String>,
    /// The files of the repository that lean on it; `where` in the file. Empty where it is read and not used.
    #[serde(rename = "where")]
    pub leans_on_it: Vec<String>,
}

/// A possible answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FactAnswer {
    /// Words with dashes between them, of its own within the fact.
    pub id: String,
    /// What is so then.
    pub means: String,
}

/// What settles a fact, and how much of the services that takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "tier", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Probe {
    /// Reading alone.
    Read {
        /// How, in a sentence.
        settles: String,
    },
    /// Writing, to what was made for it.
    Write {
        /// How, in a sentence.
        settles: String,
    },
    /// A notification, of something that was made for it.
    Webhook {
        /// How, in a sentence.
        settles: String,
    },
    /// Nothing that may be done.
    None {
        /// Why not.
        because: String,
    },
}

/// An open question of `SPEC.md` on which nothing leans.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct UnusedQuestion {
    /// Its number.
    pub question: u32,
    /// Why nothing leans on it.
    pub because: String,
}

impl Fact {
    /// The answer that is acted upon.
    #[must_use]
    pub fn assumed_answer(&self) -> Option<&FactAnswer> {
        self.answers.iter().find(|answer| answer.id == self.assumed)
    }

    pub(super) fn check(&self) -> Result<(), FactsError> {
        let ids = [&self.id].into_iter().chain(self.answers.iter().map(|answer| &answer.id));
        for id in ids {
            if !is_id(id) {
                return Err(FactsError::Id { id: id.clone() });
            }
        }
        if let Some(key) = self.empty_text() {
            return Err(FactsError::Empty { fact: self.id.clone(), key });
        }
        let mut answers = BTreeSet::new();
        for answer in &self.answers {
            if !answers.insert(answer.id.as_str()) {
                return Err(FactsError::Twice { id: format!("{}, {}", self.id, answer.id) });
            }
        }
        if answers.len() < 2 {
            return Err(FactsError::OneAnswer { fact: self.id.clone() });
        }
        if self.assumed_answer().is_none() {
            return Err(FactsError::UnknownAnswer { fact: self.id.clone(), answer: self.assumed.clone() });
        }
        Ok(())
    }

    /// The key of a text that says nothing.
    fn empty_text(&self) -> Option<&'static str> {
        let texts = [
            ("says", self.says.as_str()),
            ("harmless", self.harmless.as_str()),
            ("probe", self.probe.sentence()),
            ("buys", self.buys.as_str()),
            ("switch", self.switch.as_deref().unwrap_or(NONE_YET)),
        ];
        let means = self.answers.iter().map(|answer| ("answers", answer.means.as_str()));
        let marks = self.marks.iter().map(|mark| ("marks", mark.as_str()));
        let files = self.leans_on_it.iter().map(|file| ("where", file.as_str()));
        let mut texts = texts.into_iter().chain(means).chain(marks).chain(files);
        texts.find(|(_, text)| text.trim().is_empty()).map(|(key, _)| key)
    }
}

impl Probe {
    /// How it is settled, or why it cannot be.
    #[must_use]
    pub fn sentence(&self) -> &str {
        match self {
            Self::Read { settles } | Self::Write { settles } | Self::Webhook { settles } => settles,
            Self::None { because } => because,
        }
    }
}

/// Whether it is words of small letters, with one dash between two of them.
fn is_id(text: &str) -> bool {
    text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(Some(text).filter(|text| text != NONE_YET))
}
