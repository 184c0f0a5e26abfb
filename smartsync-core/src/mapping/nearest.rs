//! Which known name was probably meant.

use std::{cell::Cell, collections::BTreeMap};

use smartsync_transport::short_name;

use crate::words::lists;

/// Names that a message lists are not more than these.
pub(super) const MOST_NAMES: usize = 5;

/// What may be spent on finding out what was meant. Two names cost as much as their lengths multiplied, so a file in which
/// many names are unknown could ask for any amount; when it is spent, no name is near any more.
pub(super) struct SearchBudget {
    left: Cell<usize>,
}

impl SearchBudget {
    /// Some tenths of a second. The names of some dozen entries against a few thousand known ones are within it.
    pub(super) const MOST: usize = 20_000_000;

    /// Two texts for which more is needed are no two spellings of one name.
    const MOST_AT_ONCE: usize = 10_000;

    fn take(&self, cost: usize) -> bool {
        let left = self.left.get().checked_sub(cost);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

impl Default for SearchBudget {
    fn default() -> Self {
        Self { left: Cell::new(Self::MOST) }
    }
}

/// Known names, by length, to be compared with many that are not known.
#[derive(Default)]
pub(super) struct Names<'a> {
    /// As they are folded, by themselves.
    by_length: BTreeMap<usize, BTreeMap<&'a str, String>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_length: BTreeMap<usize, BTreeMap<&str, String>> = BTreeMap::new();
        for name in names {
            let folded = fold(name);
            by_length.entry(length(&folded)).or_default().insert(name, folded);
        }
        Self { by_length }
    }

    /// The name nearest to what was written, if one is near enough to be meant, behind its distance.
    pub(super) fn nearest(&self, written: &str, work: &SearchBudget) -> Option<(usize, &'a str)> {
        let folded = fold(written);
        let most = most(written);
        let mut nearest = None;
        for (apart, names) in self.outward(length(&folded)) {
            // Two names are at least as far apart as their lengths.
            let is_further = nearest.is_some_and(|(distance, _)| apart > distance);
            if apart > most || is_further || work.is_spent() {
                break;
            }
            let near =
                names.iter().filter_map(|(name, known)| Some((distance(&folded, known, work)?, *name)));
            let near = near.filter(|(distance, _)| *distance <= most);
            nearest = nearest.into_iter().chain(near).min();
        }
        nearest
    }

    /// The first so many names, the nearest first, each behind its distance. When nothing may be spent any more, it is that
    /// of the lengths.
    pub(super) fn by_nearness(
        &self,
        written: &str,
        most: usize,
        work: &SearchBudget,
    ) -> Vec<(usize, &'a str)> {
        let folded = fold(written);
        let mut first: Vec<(usize, &str)> = Vec::new();
        for (apart, names) in self.outward(length(&folded)) {
            if first.len() == most && first.last().is_some_and(|(distance, _)| apart > *distance) {
                break;
            }
            for (name, known) in names {
                if first.len() == most && work.is_spent() {
                    return first;
                }
                let distance = distance(&folded, known, work).unwrap_or(length(&folded).max(length(known)));
                let position = first.partition_point(|earlier| *earlier < (distance, *name));
                first.insert(position, (distance, *name));
                first.truncate(most);
            }
        }
        first
    }

    /// The names by what their lengths are apart from this one, the least first.
    fn outward(&self, length: usize) -> impl Iterator<Item = (usize, &BTreeMap<&'a str, String>)> {
        let mut shorter = self.by_length.range(..=length).rev().peekable();
        let mut longer = self.by_length.range(length + 1..).peekable();
        let next = move || {
            let apart = |next: Option<&(&usize, _)>| next.map(|(other, _)| other.abs_diff(length));
            match (apart(shorter.peek()), apart(longer.peek())) {
                (Some(down), Some(up)) if up < down => longer.next(),
                (Some(_), _) => shorter.next(),
                (None, _) => longer.next(),
            }
        };
        std::iter::from_fn(next).map(move |(other, names)| (other.abs_diff(length), names))
    }
}

/// The known name nearest to what was written, if one is near enough to be meant. For a short list: each call looks at all of it.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Names::new(known).nearest(written, &SearchBudget::default()).map(|(_, name)| name)
}

/// The known names, the nearest to what was written first. For a short list; a long one is a [`Names`].
pub(super) fn by_nearness<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let names = Names::new(known).by_nearness(written, usize::MAX, &SearchBudget::default());
    names.into_iter().map(|(_, name)| name).collect()
}

/// A third of the characters may be wrong, as rustc has it; of a name of three or fewer, one.
fn most(written: &str) -> usize {
    (length(written) / 3).max(1)
}

fn length(name: &str) -> usize {
    name.chars().count()
}

/// How far apart two folded names are; `None` for two that are too long, or if nothing may be spent any more.
fn distance(a: &str, b: &str, work: &SearchBudget) -> Option<usize> {
    let cost = length(a).max(1).saturating_mul(length(b).max(1));
    (cost <= SearchBudget::MOST_AT_ONCE && work.take(cost)).then(|| strsim::damerau_levenshtein(a, b))
}

/// Case, and which dash it is, are typing errors of no distance.
fn fold(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

/// `a`, `b` or `c`, each in backticks.
pub(super) fn or_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    lists::or(&all_quoted(names))
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn and_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    lists::and(&all_quoted(names))
}

/// The first of these, and how many more there are.
pub(super) fn or_some<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    some(names, lists::or, lists::or_more)
}

/// The first of these, and how many more there are.
pub(super) fn and_some<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    some(names, lists::and, lists::and_more)
}

fn some<'a>(
    names: impl ExactSizeIterator<Item = &'a str>,
    all: fn(&[String]) -> String,
    first: fn(&[String], usize) -> String,
) -> String {
    match names.len().checked_sub(MOST_NAMES) {
        None | Some(0) => all(&all_quoted(names)),
        Some(more) => first(&all_quoted(names.take(MOST_NAMES)), more),
    }
}

/// A name in backticks. Whoever gave it in a service may have given it any length.
pub(super) fn quoted(name: &str) -> String {
    format!("`{}`", short_name(name))
}

fn all_quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(quoted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_meant_if_few_of_its_characters_differ() {
        for (written, known, expected) in [
            ("wen", ["when", "type"], Some("when")),
            ("ad", ["id", "kind"], Some("id")),
            ("ab", ["cd", "ef"], None),
            ("on_conflct", ["on_empty", "on_conflict"], Some("on_conflict")),
            ("tpye", ["type", "when"], Some("type")),
            ("START_DATE", ["end-date", "start-date"], Some("start-date")),
            ("salary", ["start-date", "city"], None),
            ("a-b-c-d-e", ["a_b_c_d_e", "a"], Some("a_b_c_d_e")),
            ("notex", ["notey", "notea"], Some("notea")),
        ] {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }

    #[test]
    fn the_nearest_word_comes_first_and_each_once() {
        assert_eq!(by_nearness("singed", ["edited", "signed", "signed"]), ["signed", "edited"]);
    }

    #[test]
    fn lists_are_written_as_people_do() {
        assert_eq!(or_list(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(and_list(["a", "b"]), "`a` and `b`");
        assert_eq!((or_list(["a"]).as_str(), or_list([]).as_str()), ("`a`", ""));
    }

    #[test]
    fn a_long_list_is_cut_and_says_how_many_more_there_are() {
        assert_eq!(and_some(["a", "b", "c", "d", "e"].into_iter()), "`a`, `b`, `c`, `d` and `e`");
        assert_eq!(
            or_some(["a", "b", "c", "d", "e", "f", "g"].into_iter()),
            "`a`, `b`, `c`, `d`, `e` or 2 more"
        );
    }

    fn spent(work: &SearchBudget) -> usize {
        SearchBudget::MOST - work.left.get()
    }

    #[test]
    fn a_name_of_another_length_costs_nothing() {
        let known: Vec<String> = (0..1_000).map(|number| format!("a-much-longer-name-{number:04}")).collect();
        let names = Names::new(known.iter().map(String::as_str));
        let work = SearchBudget::default();
        assert_eq!(names.nearest("start-date", &work), None);
        assert_eq!(spent(&work), 0);
    }

    #[test]
    fn no_more_names_are_compared_than_are_needed() {
        let known: Vec<String> = (1..=40).map(|length| "x".repeat(length)).collect();
        let names = Names::new(known.iter().map(String::as_str));
        let work = SearchBudget::default();
        let first: Vec<usize> =
            names.by_nearness(&"x".repeat(20), 3, &work).iter().map(|(_, name)| name.len()).collect();
        assert_eq!(first, [20, 19, 21]);
        assert_eq!(spent(&work), 20 * (20 + 19 + 21));
        let long = "y".repeat(2_000_000);
        assert_eq!(names.nearest(&long, &work), None);
        assert_eq!(names.by_nearness(&long, 3, &work).len(), 3);
        assert_eq!(spent(&work), 20 * (20 + 19 + 21), "a text of any length is no name");
    }

    #[test]
    fn many_unknown_names_cost_no_more_than_the_bound() {
        let known: Vec<String> = (0..2_000).map(|number| format!("data-field-{number:05}")).collect();
        let names = Names::new(known.iter().map(String::as_str));
        let work = SearchBudget::default();
        let unknown = |number: usize| format!("what-{number:05}-field");
        let mut compared = 0;
        for number in 0..200 {
            let before = work.left.get();
            assert_eq!(names.nearest(&unknown(number), &work), None);
            assert_eq!(names.by_nearness(&unknown(number), MOST_NAMES, &work).len(), MOST_NAMES);
            compared += usize::from(work.left.get() < before);
        }
        assert_eq!(spent(&work), SearchBudget::MOST);
        assert!(compared <= 20, "{compared} names cost something");
        assert_eq!(names.nearest("data-field-00001", &work), None, "no name is near any more");
    }
}
