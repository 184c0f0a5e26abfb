//! How sure a fact is, and where it was met: `x-confidence` and `x-source`.

use serde_json::Value;

use crate::{
    Refusal,
    lower::extensions::{self, Extensions},
    refusal::Place,
};

const CONFIDENCE: &str = "x-confidence";
const SOURCE: &str = "x-source";

/// How sure a fact is, and where it was met in a few words.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    confidence: Confidence,
    source: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Confidence {
    Documented,
    FirstParty,
    Unconfirmed,
}

impl Mark {
    /// The mark of a type, a member or a parameter, if it has one.
    pub(super) fn read(all: &Extensions, place: &Place) -> Result<Option<Self>, Refusal> {
        Self::of(extensions::text(all, CONFIDENCE, place)?, extensions::text(all, SOURCE, place)?, place)
    }

    /// The mark from its two parts.
    pub(super) fn of(
        confidence: Option<&str>,
        source: Option<&str>,
        place: &Place,
    ) -> Result<Option<Self>, Refusal> {
        let confidence = confidence.map(|text| Confidence::read(text, place)).transpose()?;
        match (confidence, source) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Refusal::new(place, "`x-source` needs an `x-confidence` beside it")),
            (Some(confidence), source) => {
                let source = source.map(|source| words(source, place)).transpose()?;
                Ok(Some(Self { confidence, source }))
            }
        }
    }

    /// What the docs say of it, if anything: that a fact is documented goes without saying.
    pub(super) fn sentence(&self) -> Option<String> {
        let sure = match self.confidence {
            Confidence::Documented if self.source.is_none() => return None,
            Confidence::Documented => "Documented by the service",
            Confidence::FirstParty => {
                "Known from the service's own published code, not from its documentation"
            }
            Confidence::Unconfirmed => "Unconfirmed by the service's documentation",
        };
        Some(match &self.source {
            Some(source) => format!("{sure}; source: {source}."),
            None => format!("{sure}."),
        })
    }

    /// What the docs of an operation say of it: the page that it comes from, how sure it is, and where else it was met.
    pub(super) fn of_operation(all: &Extensions, place: &Place) -> Result<String, Refusal> {
        let (page, source) = match all.get(SOURCE) {
            None => return Err(Refusal::new(place, "`x-source` is missing")),
            Some(Value::String(page)) => (page, None),
            Some(Value::Array(list)) => match list.as_slice() {
                [Value::String(page), Value::String(source)] => (page, Some(words(source, place)?)),
                _ => return Err(Refusal::new(place, "`x-source` is a page, or a list of a page and a text")),
            },
            Some(_) => {
                return Err(Refusal::new(place, "`x-source` is a page, or a list of a page and a text"));
            }
        };
        if !page.starts_with("https://") {
            return Err(Refusal::new(place, "`x-source` of an operation begins with a page: `https://..`"));
        }
        let confidence = extensions::text(all, CONFIDENCE, place)?.unwrap_or_default();
        let sure = match Confidence::read(confidence, place)? {
            Confidence::Documented => "documented",
            Confidence::FirstParty => "from the service's own published code, not from its documentation",
            Confidence::Unconfirmed => "unconfirmed by the service's documentation",
        };
        Ok(match source {
            Some(source) => format!("[source]({page}), {sure}; source: {source}"),
            None => format!("[source]({page}), {sure}"),
        })
    }

    /// Refuses a mark where the generated code has no docs for it.
    pub(super) fn refuse(all: &Extensions, place: &Place) -> Result<(), Refusal> {
        match [CONFIDENCE, SOURCE].iter().find(|name| all.contains_key(**name)) {
            None => Ok(()),
            Some(name) => {
                Err(Refusal::new(place, format!("`{name}` would not be shown: nothing here has docs")))
            }
        }
    }
}

impl Confidence {
    fn read(text: &str, place: &Place) -> Result<Self, Refusal> {
        match text {
            "documented" => Ok(Self::Documented),
            "first-party" => Ok(Self::FirstParty),
            "unconfirmed" => Ok(Self::Unconfirmed),
            _ => Err(Refusal::new(place, "`x-confidence` must be documented, first-party or unconfirmed")),
        }
    }
}

/// A source as it stands at the end of a sentence.
fn words(source: &str, place: &Place) -> Result<String, Refusal> {
    let source = source.trim();
    if source.is_empty() {
        return Err(Refusal::new(place, "`x-source` is empty"));
    }
    if source.ends_with('.') {
        return Err(Refusal::new(place, "`x-source` ends a sentence: leave out its full stop"));
    }
    Ok(source.to_owned())
}
