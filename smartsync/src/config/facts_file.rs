//! What was found out of the two services, in a file beside the configuration: an answer for each fact that was settled.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smartsync_core::facts::{Fact, Facts, FactsError};

use crate::{
    files::{private_file::temporary_path, text_file::read_text, without_values::without_values},
    store::Tenant,
};

/// The name of the file, beside the configuration.
pub const FACTS_FILE: &str = "smartsync-facts.json";

/// What was found out. It has shapes and counts, and nothing that a service said of anybody.
///
/// ```
/// # use smartsync::config::{FactService, FactState, FactsFile, FoundAnswer};
/// let found = FoundAnswer::new(FactService::Oneflow, "webhook-list", "array", "an array, without `data`");
/// let file = FactsFile::new("2031-03-03T09:00:00Z".parse()?, vec![found])?;
/// assert_eq!(file.state(FactService::Oneflow, "webhook-list"), FactState::Refuted);
/// assert_eq!(file.state(FactService::Oneflow, "my-party"), FactState::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FactsFile {
    /// The version of its format: [`FactsFile::VERSION`].
    pub version: u32,
    /// When it was found out.
    pub made: Timestamp,
    /// The answers, at most one for each fact.
    pub answers: Vec<FoundAnswer>,
}

/// The answer to one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FoundAnswer {
    /// Of whom it is.
    pub service: FactService,
    /// The id of the fact.
    pub fact: String,
    /// The id of the answer: one of those that the fact has.
    pub answer: String,
    /// What was seen: shapes and counts, in words.
    pub seen: String,
}

/// Whose fact it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "there are two services")]
pub enum FactService {
    /// Of Oneflow.
    Oneflow,
    /// Of Teamtailor.
    Teamtailor,
}

/// How what is assumed stands to what was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "an answer is there or not, and is the assumed one or not")]
pub enum FactState {
    /// Nothing was found out.
    Unknown,
    /// It is as assumed.
    Confirmed,
    /// It is otherwise.
    Refuted,
}

/// A file of answers that cannot be used, or not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactsFileError {
    /// The file cannot be read.
    #[error("the facts file {path} cannot be read")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else, even if only one key is wrong.
    #[error("the facts file {path} cannot be parsed: {fault}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong, and where: keys are named, and no value is repeated.
        fault: String,
    },
    /// The file was written by another version of this program.
    #[error(
        "the facts file {path} has format version {version}; this program reads version {}",
        FactsFile::VERSION
    )]
    Version {
        /// The file.
        path: String,
        /// The version of its format.
        version: u32,
    },
    /// An answer is of no use to this version.
    #[error("answer {} of the facts file {path} {fault}", position + 1)]
    Answer {
        /// The file.
        path: String,
        /// Its place among the answers; the first is 0.
        position: usize,
        /// What is wrong with it.
        fault: AnswerFault,
    },
    /// The file cannot be written.
    #[error("the facts cannot be saved in {path}")]
    Write {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
}

/// What is wrong with an answer. What stands there is not repeated: it may be anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerFault {
    /// The service has no such fact.
    #[error("is about a fact that this program does not know")]
    UnknownFact,
    /// The fact has no such answer.
    #[error("is none of those that its fact has")]
    UnknownAnswer,
    /// The fact has an answer already.
    #[error("is about a fact that was answered before")]
    Twice,
}

impl FactsFileError {
    /// What to do about it, in the words of the command line.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => {
                "allow the user who runs this command to read it, or give another file with `--facts FILE`"
            }
            Self::Content { .. } => {
                "correct the file, or delete it: nothing is known then, and what is assumed is acted upon"
            }
            Self::Version { .. } => {
                "delete the file: nothing is known then, and what is assumed is acted upon"
            }
            Self::Answer { .. } => {
                "remove this answer, or use the version of the program that wrote the file; `smartsync facts` lists every fact"
            }
            Self::Write { .. } => "check the permissions of the folder",
        }
    }
}

impl FactService {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Oneflow, Self::Teamtailor];

    /// `oneflow`, `teamtailor`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oneflow => "oneflow",
            Self::Teamtailor => "teamtailor",
        }
    }

    /// What is assumed about it.
    ///
    /// # Errors
    ///
    /// As [`Facts::read`]; the files that come with this version have none.
    pub fn facts(self) -> Result<Facts, FactsError> {
        match self {
            Self::Oneflow => Facts::oneflow(),
            Self::Teamtailor => Facts::teamtailor(),
        }
    }
}

impl FactState {
    /// `unknown`, `confirmed`, `refuted`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Confirmed => "confirmed",
            Self::Refuted => "refuted",
        }
    }

    /// How what the fact assumes stands to this answer.
    #[must_use]
    pub fn of(fact: &Fact, answer: Option<&str>) -> Self {
        match answer {
            None => Self::Unknown,
            Some(answer) if answer == fact.assumed => Self::Confirmed,
            Some(_) => Self::Refuted,
        }
    }
}

impl FoundAnswer {
    /// An answer, and what was seen: in words, without anything that a service said of anybody.
    #[must_use]
    pub fn new(
        service: FactService,
        fact: impl Into<String>,
        answer: impl Into<String>,
        seen: impl Into<String>,
    ) -> Self {
        Self { service, fact: fact.into(), answer: answer.into(), seen: seen.into() }
    }
}

impl FactsFile {
    /// The version of the format that this program reads and writes.
    pub const VERSION: u32 = 1;

    /// Answers that were found out at this time.
    ///
    /// # Errors
    ///
    /// The first answer that is of no use, and why.
    pub fn new(made: Timestamp, answers: Vec<FoundAnswer>) -> Result<Self, AnswerFault> {
        let file = Self { version: Self::VERSION, made, answers };
        file.fault().map_or(Ok(file), |(_, fault)| Err(fault))
    }

    /// The answer to a fact.
    #[must_use]
    pub fn answer(&self, service: FactService, fact: &str) -> Option<&FoundAnswer> {
        self.answers.iter().find(|found| found.service == service && found.fact == fact)
    }

    /// How what a fact assumes stands to what was found out; unknown for a fact that there is not.
    #[must_use]
    pub fn state(&self, service: FactService, fact: &str) -> FactState {
        let answer = self.answer(service, fact).map(|found| found.answer.as_str());
        let facts = service.facts().ok();
        let fact = facts.as_ref().and_then(|facts| facts.get(fact));
        fact.map_or(FactState::Unknown, |fact| FactState::of(fact, answer))
    }

    /// The first answer that is of no use, by its place.
    fn fault(&self) -> Option<(usize, AnswerFault)> {
        let facts = FactService::ALL.map(|service| (service, service.facts().ok()));
        self.answers.iter().enumerate().find_map(|(position, found)| {
            let of_service = facts.iter().find(|(service, _)| *service == found.service);
            let fact = of_service.and_then(|(_, facts)| facts.as_ref()?.get(&found.fact));
            let is_first = |one: &FoundAnswer| one.service == found.service && one.fact == found.fact;
            let fault = match fact {
                None => AnswerFault::UnknownFact,
                Some(fact) if fact.answers.iter().all(|answer| answer.id != found.answer) => {
                    AnswerFault::UnknownAnswer
                }
                Some(_) if self.answers[..position].iter().any(is_first) => AnswerFault::Twice,
                Some(_) => return None,
            };
            Some((position, fault))
        })
    }
}

/// Where the facts file of the configuration at `config` is, unless another is named: that of a tenant is a file of its own, since its services
/// may be others.
#[must_use]
pub fn facts_file_of(config: &Path, tenant: Option<&Tenant>) -> PathBuf {
    match tenant {
        Some(name) => config.with_file_name(format!("smartsync-facts-{name}.json")),
        None => config.with_file_name(FACTS_FILE),
    }
}

/// Reads what was found out; `None` where nothing was yet.
///
/// # Errors
///
/// [`FactsFileError`] for a file that is there and cannot be used: a fact that is taken for known must be known by this version.
pub fn read_facts(path: &Path) -> Result<Option<FactsFile>, FactsFileError> {
    /// Read first: what else a file of another version holds is not known.
    #[derive(Deserialize)]
    struct Head {
        version: u32,
    }

    let name = || path.display().to_string();
    let content = |error| FactsFileError::Content { path: name(), fault: without_values(&error) };
    let text = match read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(FactsFileError::Read { path: name(), source }),
    };
    let Head { version } = serde_json::from_str(&text).map_err(content)?;
    if version != FactsFile::VERSION {
        return Err(FactsFileError::Version { path: name(), version });
    }
    let file: FactsFile = serde_json::from_str(&text).map_err(content)?;
    match file.fault() {
        Some((position, fault)) => Err(FactsFileError::Answer { path: name(), position, fault }),
        None => Ok(Some(file)),
    }
}

/// Saves what was found out. A reader sees the old file or the new one, never half of one.
///
/// # Errors
///
/// [`FactsFileError::Write`].
pub fn save_facts(file: &FactsFile, path: &Path) -> Result<(), FactsFileError> {
    let write = || {
        let mut text = serde_json::to_string_pretty(file)?;
        text.push('\n');
        let aside = temporary_path(path)?;
        let written = File::create_new(&aside).and_then(|mut file| file.write_all(text.as_bytes()));
        written.and_then(|()| fs::rename(&aside, path)).inspect_err(|_| {
            fs::remove_file(&aside).ok();
        })
    };
    write().map_err(|source| FactsFileError::Write { path: path.display().to_string(), source })
}
