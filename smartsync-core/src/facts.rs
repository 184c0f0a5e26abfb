//! What no page of the two services confirms, and what is acted upon meanwhile: `facts.toml` of each client's crate, read and checked.

mod fact;
mod facts_error;

use std::collections::BTreeSet;

use serde::Deserialize;

pub use self::{
    fact::{Fact, FactAnswer, Probe, UnusedQuestion},
    facts_error::FactsError,
};

/// The facts of one service, in the order of its file.
///
/// ```
/// use smartsync_core::facts::{Facts, Probe};
///
/// let facts = Facts::oneflow()?;
/// let fact = facts.get("webhook-list").ok_or("no such fact")?;
/// assert_eq!(fact.assumed, "page");
/// assert!(fact.answers.iter().any(|answer| answer.id == "array"));
/// assert!(matches!(fact.probe, Probe::Read { .. }));
/// assert_eq!(fact.switch.as_deref(), Some("OneflowUnknowns::webhook_list"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    facts: Vec<Fact>,
    unused: Vec<UnusedQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    #[serde(rename = "fact", default)]
    facts: Vec<Fact>,
    #[serde(default)]
    unused: Vec<UnusedQuestion>,
}

impl Facts {
    /// Those of Oneflow.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); the file that comes with this version has none.
    pub fn oneflow() -> Result<Self, FactsError> {
        Self::read(oneflow_client::FACTS)
    }

    /// Those of Teamtailor.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read); the file that comes with this version has none.
    pub fn teamtailor() -> Result<Self, FactsError> {
        Self::read(teamtailor_client::FACTS)
    }

    /// Reads a file of facts, in TOML.
    ///
    /// # Errors
    ///
    /// [`FactsError`] for the first thing that is wrong: another form, an id or a mark that is there twice, an answer that is assumed and not possible,
    /// an empty text, a question that is both used and unused.
    pub fn read(text: &str) -> Result<Self, FactsError> {
        let file: FactsFile =
            toml::from_str(text).map_err(|error| FactsError::Form(error.message().to_owned()))?;
        let facts = Self { facts: file.facts, unused: file.unused };
        facts.check()?;
        Ok(facts)
    }

    fn check(&self) -> Result<(), FactsError> {
        let (mut ids, mut marks) = (BTreeSet::new(), BTreeSet::new());
        let mut questions: BTreeSet<u32> = BTreeSet::new();
        for fact in &self.facts {
            fact.check()?;
            if !ids.insert(fact.id.as_str()) {
                return Err(FactsError::Twice { id: fact.id.clone() });
            }
            for mark in &fact.marks {
                if !marks.insert(mark.as_str()) {
                    return Err(FactsError::MarkTwice { mark: mark.clone() });
                }
            }
            questions.extend(fact.questions.iter().copied());
        }
        for UnusedQuestion { question, because } in &self.unused {
            if because.trim().is_empty() {
                return Err(FactsError::NoReason { question: *question });
            }
            // Named by a fact, or unused twice.
            if !questions.insert(*question) {
                return Err(FactsError::Question { question: *question });
            }
        }
        Ok(())
    }

    /// The fact with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        self.facts.iter()
    }

    /// The open questions on which nothing leans.
    pub fn unused(&self) -> impl Iterator<Item = &UnusedQuestion> {
        self.unused.iter()
    }
}
