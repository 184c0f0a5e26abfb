//! Options of a select: written as ids, read as labels.

use std::{cell::OnceCell, collections::BTreeSet, fmt, iter, ops::Deref, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{ValueError, fold, text};

/// One option of a select. Its label is the company's text, so `Debug` prints the id only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

/// The options of a select, by id whatever order they came in. Copies share them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<ChoiceOption>", into = "Vec<ChoiceOption>")]
pub struct ChoiceOptions(Arc<[ChoiceOption]>);

impl Deref for ChoiceOptions {
    type Target = [ChoiceOption];

    fn deref(&self) -> &[ChoiceOption] {
        &self.0
    }
}

impl From<Vec<ChoiceOption>> for ChoiceOptions {
    fn from(mut options: Vec<ChoiceOption>) -> Self {
        options.sort_by(|a, b| a.id.cmp(&b.id));
        Self(options.into())
    }
}

impl<const N: usize> From<[ChoiceOption; N]> for ChoiceOptions {
    fn from(options: [ChoiceOption; N]) -> Self {
        Self::from(Vec::from(options))
    }
}

impl From<ChoiceOptions> for Vec<ChoiceOption> {
    fn from(options: ChoiceOptions) -> Self {
        options.to_vec()
    }
}

impl FromIterator<ChoiceOption> for ChoiceOptions {
    fn from_iter<I: IntoIterator<Item = ChoiceOption>>(options: I) -> Self {
        Self::from(Vec::from_iter(options))
    }
}

impl fmt::Debug for ChoiceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The option of this label: exactly so, else in another case or width, else of this id.
pub(super) fn one(options: &[ChoiceOption], label: &str) -> Result<String, ValueError> {
    Lookup::new(options).find(label).map(str::to_owned)
}

/// What is left of the text from one of its parts on, as options.
#[derive(Clone, Copy)]
enum Reading<'a> {
    Impossible,
    /// The first option, unless the part is blank, and the part that the rest starts with.
    Only(Option<&'a str>, usize),
    Ambiguous(ValueError),
}

/// The options of these labels, between `;`, commas or line ends. A label may hold a separator itself, so all ways to
/// split the text into options are looked at, and exactly one has to be possible.
pub(super) fn several(options: &[ChoiceOption], text: &str) -> Result<BTreeSet<String>, ValueError> {
    let lookup = Lookup::new(options);
    let separators = || text.match_indices(is_separator).map(|(index, _)| index);
    let starts: Vec<usize> = iter::once(0).chain(separators().map(|index| index + 1)).collect();
    let ends: Vec<usize> = separators().chain([text.len()]).collect();
    let mut readings = vec![Reading::Impossible; starts.len()];
    readings.push(Reading::Only(None, starts.len()));
    // Backwards, so that what follows an option has been read when the option is.
    for first in (0..starts.len()).rev() {
        let mut reading = Reading::Impossible;
        for last in first..ends.len().min(first + 1 + lookup.most_separators) {
            let label = text::trim(&text[starts[first]..ends[last]]);
            let option = if label.is_empty() { Ok(None) } else { lookup.find(label).map(Some) };
            let next = last + 1;
            reading = match (reading, readings[next], option) {
                (before, Reading::Impossible, _) | (before, _, Err(ValueError::UnknownOption)) => before,
                (_, _, Err(error)) => Reading::Ambiguous(error),
                (_, Reading::Ambiguous(error), _) => Reading::Ambiguous(error),
                (Reading::Impossible, _, Ok(id)) => Reading::Only(id, next),
                (_, _, Ok(_)) => Reading::Ambiguous(ValueError::AmbiguousChoices),
            };
        }
        readings[first] = reading;
    }
    let mut ids = BTreeSet::new();
    let mut part = 0;
    while part < starts.len() {
        match readings[part] {
            Reading::Impossible => return Err(ValueError::UnknownOption),
            Reading::Ambiguous(error) => return Err(error),
            Reading::Only(id, next) => {
                ids.extend(id.map(str::to_owned));
                part = next;
            }
        }
    }
    // Separators alone name no option, and are not the same as an empty field.
    if ids.is_empty() { Err(ValueError::Unreadable) } else { Ok(ids) }
}

fn is_separator(c: char) -> bool {
    matches!(c, ';' | ',' | '\n')
}

pub(super) fn label<'a>(options: &'a [ChoiceOption], id: &str) -> Result<&'a str, ValueError> {
    let option = options.iter().find(|option| option.id == id);
    option.map(|option| option.label.as_str()).ok_or(ValueError::UnknownOption)
}

pub(super) fn labels(options: &[ChoiceOption], ids: &BTreeSet<String>) -> Result<String, ValueError> {
    let labels: Result<Vec<&str>, ValueError> = ids.iter().map(|id| label(options, id)).collect();
    Ok(labels?.join("; "))
}

/// The options, with their labels folded once if any label has to be.
struct Lookup<'a> {
    options: &'a [ChoiceOption],
    folded: OnceCell<Vec<String>>,
    /// How many separators the label with the most of them holds.
    most_separators: usize,
}

impl<'a> Lookup<'a> {
    fn new(options: &'a [ChoiceOption]) -> Self {
        let most = options.iter().map(|option| option.label.matches(is_separator).count()).max();
        Self { options, folded: OnceCell::new(), most_separators: most.unwrap_or_default() }
    }

    fn find(&self, label: &str) -> Result<&'a str, ValueError> {
        let mut found = self.options.iter().filter(|option| text::trim(&option.label) == label).peekable();
        let by_label = match found.peek() {
            Some(_) => only(found)?,
            None => only(self.in_any_spelling(label))?,
        };
        // An id that is also the label of another option names neither.
        let by_id = self.options.iter().find(|option| option.id == label);
        only(by_label.into_iter().chain(by_id))?
            .map(|option| option.id.as_str())
            .ok_or(ValueError::UnknownOption)
    }

    fn in_any_spelling(&self, label: &str) -> impl Iterator<Item = &'a ChoiceOption> {
        let fold = || self.options.iter().map(|option| fold::label(&option.label)).collect();
        let label = fold::label(label);
        let pairs = self.options.iter().zip(self.folded.get_or_init(fold));
        pairs.filter(move |(_, folded)| **folded == label).map(|(option, _)| option)
    }
}

/// The one option among these, if there is any; a second one is an error.
fn only<'a>(
    options: impl IntoIterator<Item = &'a ChoiceOption>,
) -> Result<Option<&'a ChoiceOption>, ValueError> {
    let mut options = options.into_iter();
    let Some(first) = options.next() else { return Ok(None) };
    if options.all(|other| other.id == first.id) { Ok(Some(first)) } else { Err(ValueError::AmbiguousOption) }
}
