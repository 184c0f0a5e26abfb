//! Options of a select: written as ids, read as labels.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{ValueError, text};

/// One option of a select. Its label is the company's text, so `Debug` prints the id only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChoiceOption {
    /// Id of the option, as it is written.
    pub id: String,
    /// Label of the option, as it is read and shown.
    pub label: String,
}

impl ChoiceOption {
    /// An option.
    #[must_use]
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into() }
    }
}

impl fmt::Debug for ChoiceOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChoiceOption").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The option of this label: exactly so, else in another case, else of this id.
pub(super) fn one(options: &[ChoiceOption], label: &str) -> Result<String, ValueError> {
    let folded = label.to_lowercase();
    let exact = |option: &&ChoiceOption| text::trim(&option.label) == label;
    let in_any_case = |option: &&ChoiceOption| text::trim(&option.label).to_lowercase() == folded;
    let by_id = |option: &&ChoiceOption| option.id == label;
    let tests: [&dyn Fn(&&ChoiceOption) -> bool; 3] = [&exact, &in_any_case, &by_id];
    for fits in tests {
        let found: BTreeSet<&str> = options.iter().filter(fits).map(|option| option.id.as_str()).collect();
        match found.len() {
            0 => {}
            1 => return found.first().map(|id| (*id).to_owned()).ok_or(ValueError::UnknownOption),
            _ => return Err(ValueError::AmbiguousOption),
        }
    }
    Err(ValueError::UnknownOption)
}

/// The options of these labels, one a line or between `;` or, without those, between commas.
pub(super) fn several(options: &[ChoiceOption], labels: &str) -> Result<BTreeSet<String>, ValueError> {
    // A label may hold a separator itself.
    if let Ok(id) = one(options, labels) {
        return Ok(BTreeSet::from([id]));
    }
    let separators: &[char] = if labels.contains([';', '\n']) { &[';', '\n'] } else { &[','] };
    let labels = labels.split(separators).map(text::trim).filter(|label| !label.is_empty());
    let ids = labels.map(|label| one(options, label)).collect::<Result<BTreeSet<_>, _>>()?;
    // Separators alone name no option, and are not the same as an empty field.
    if ids.is_empty() { Err(ValueError::Unreadable) } else { Ok(ids) }
}

pub(super) fn label<'a>(options: &'a [ChoiceOption], id: &str) -> Result<&'a str, ValueError> {
    let option = options.iter().find(|option| option.id == id);
    option.map(|option| option.label.as_str()).ok_or(ValueError::UnknownOption)
}

pub(super) fn labels(options: &[ChoiceOption], ids: &BTreeSet<String>) -> Result<String, ValueError> {
    let labels: Result<Vec<&str>, ValueError> = ids.iter().map(|id| label(options, id)).collect();
    Ok(labels?.join("; "))
}
