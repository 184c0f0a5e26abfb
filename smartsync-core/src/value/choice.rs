//! Options of a select: written as ids, read as labels.

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Deref,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{fold, separated::Separated, separated::is_separator, text, value_error::ValueError};

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

pub(super) fn label<'a>(options: &'a ChoiceOptions, id: &str) -> Result<&'a str, ValueError> {
    let option = options.iter().find(|option| is_option(option) && option.id == id);
    let option = option.ok_or(ValueError::UnknownOption)?;
    if shares_its_id(options, option) { Err(ValueError::AmbiguousOption) } else { Ok(&option.label) }
}

pub(super) fn labels(options: &ChoiceOptions, ids: &BTreeSet<String>) -> Result<String, ValueError> {
    let labels: Result<Vec<&str>, ValueError> = ids.iter().map(|id| label(options, id)).collect();
    Ok(labels?.join("; "))
}

/// Whether it can be named and written.
fn is_option(option: &ChoiceOption) -> bool {
    !text::trim(&option.label).is_empty() && !text::trim(&option.id).is_empty()
}

/// Whether another option has the same id and another label: then nobody knows which of them the id writes.
fn shares_its_id(options: &ChoiceOptions, option: &ChoiceOption) -> bool {
    // They are in the order of their ids.
    let first = options.partition_point(|other| other.id < option.id);
    let mut same_id = options[first..].iter().take_while(|other| other.id == option.id);
    same_id.any(|other| {
        let is_alike = || spelling(&other.label) == spelling(&option.label);
        is_option(other) && other.label != option.label && !is_alike()
    })
}

/// A label in the form in which all spellings of it are the same.
fn spelling(label: &str) -> String {
    fold::label(text::trim(label))
}

/// The options by what names them.
pub(super) struct Lookup<'a> {
    options: &'a ChoiceOptions,
    /// The options by the spelling of their labels, and of their ids, in order; folded once, if any has to be.
    spelled: OnceCell<Vec<(String, Spelled<'a>)>>,
}

/// The options that a spelling may name.
#[derive(Default)]
struct Spelled<'a> {
    by_label: Vec<&'a ChoiceOption>,
    by_id: Vec<&'a ChoiceOption>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(options: &'a ChoiceOptions) -> Self {
        Self { options, spelled: OnceCell::new() }
    }

    /// The id of the option of this label: exactly so, else in another case or width, else of this id.
    pub(super) fn one(&self, label: &str) -> Result<String, ValueError> {
        self.find(label).map(str::to_owned)
    }

    /// The ids of the options of these labels, between `;`, commas or line ends. A label may hold a separator itself, so all
    /// ways to split the text into options are looked at, and exactly one has to be possible.
    pub(super) fn several(&self, text: &str) -> Result<BTreeSet<String>, ValueError> {
        if !text.contains(is_separator) {
            return self.one(text).map(|id| BTreeSet::from([id]));
        }
        let text = Separated::new(text);
        let parts = text.len();
        let mut readings = vec![Reading::Impossible; parts];
        readings.push(Reading::Only(None, parts));
        // Backwards, so that what follows an option has been read when the option is.
        for first in (0..parts).rev() {
            let mut reading = Reading::Impossible;
            if text.is_blank(first) {
                reading = reading.or(readings[first + 1], Ok(None), first + 1);
            }
            for (last, option) in self.options_at(&text, first) {
                reading = reading.or(readings[last + 1], option.map(Some), last + 1);
            }
            readings[first] = reading;
        }
        let mut ids = BTreeSet::new();
        let mut part = 0;
        while part < parts {
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

    /// The options whose names the text has from this part on, each with the part where the name ends.
    fn options_at(&self, text: &Separated<'_>, first: usize) -> Vec<(usize, Result<&'a str, ValueError>)> {
        let mut found = Vec::new();
        // The names that begin as the text does, fewer with each letter. They are sorted, so they stand together.
        let (mut names, mut length) = (self.spelled(), 0);
        for (letter, last) in text.letters_from(first) {
            let next = |(name, _): &(String, Spelled<'a>)| name[length..].chars().next();
            if let [only] = names {
                if next(only) != Some(letter) {
                    break;
                }
            } else {
                names = &names[names.partition_point(|name| next(name) < Some(letter))..];
                names = &names[..names.partition_point(|name| next(name) == Some(letter))];
            }
            length += letter.len_utf8();
            match (names.first(), last) {
                (None, _) => break,
                (Some((name, options)), Some(last)) if name.len() == length => {
                    match self.named(options, text.between(first, last)) {
                        Err(ValueError::UnknownOption) => {}
                        option => found.push((last, option)),
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn find(&self, name: &str) -> Result<&'a str, ValueError> {
        let exactly = self.options.iter().filter(|option| is_option(option));
        let exactly = exactly.filter(|option| text::trim(&option.label) == name || option.id == name);
        let mut options = Spelled::default();
        for option in exactly {
            if text::trim(&option.label) == name {
                options.by_label.push(option);
            }
            if option.id == name {
                options.by_id.push(option);
            }
        }
        if options.by_label.is_empty() {
            let (spelled, name) = (self.spelled(), fold::label(name));
            if let Ok(found) = spelled.binary_search_by(|(spelling, _)| spelling.cmp(&name)) {
                options.by_label.clone_from(&spelled[found].1.by_label);
            }
        }
        self.named(&options, name)
    }

    /// The one among the options of a spelling that the name means, if there is exactly one.
    fn named(&self, options: &Spelled<'a>, name: &str) -> Result<&'a str, ValueError> {
        let is_exact = |option: &&&'a ChoiceOption| text::trim(&option.label) == name;
        let has_exact = options.by_label.iter().any(|option| is_exact(&option));
        let by_label = options.by_label.iter().filter(|option| !has_exact || is_exact(option));
        // An id that is also the label of another option names neither.
        let by_id = options.by_id.iter().filter(|option| option.id == name);
        let mut named = by_label.chain(by_id);
        let first = named.next().ok_or(ValueError::UnknownOption)?;
        if named.any(|other| other.id != first.id) || shares_its_id(self.options, first) {
            return Err(ValueError::AmbiguousOption);
        }
        Ok(&first.id)
    }

    fn spelled(&self) -> &[(String, Spelled<'a>)] {
        self.spelled.get_or_init(|| {
            let mut spelled = BTreeMap::<String, Spelled<'a>>::new();
            for option in self.options.iter().filter(|option| is_option(option)) {
                spelled.entry(spelling(&option.label)).or_default().by_label.push(option);
                spelled.entry(fold::label(&option.id)).or_default().by_id.push(option);
            }
            spelled.into_iter().collect()
        })
    }
}

/// What is left of the text from one of its parts on, as options.
#[derive(Clone, Copy)]
enum Reading<'a> {
    Impossible,
    /// The first option, unless the part is blank, and the part that the rest starts with.
    Only(Option<&'a str>, usize),
    Ambiguous(ValueError),
}

impl<'a> Reading<'a> {
    /// This reading or one that begins with this option, before a rest that is read so.
    fn or(self, rest: Self, option: Result<Option<&'a str>, ValueError>, next: usize) -> Self {
        match (self, rest, option) {
            (before, Self::Impossible, _) => before,
            (_, _, Err(error)) => Self::Ambiguous(error),
            (_, Self::Ambiguous(error), _) => Self::Ambiguous(error),
            (Self::Impossible, _, Ok(id)) => Self::Only(id, next),
            (_, _, Ok(_)) => Self::Ambiguous(ValueError::AmbiguousChoices),
        }
    }
}
