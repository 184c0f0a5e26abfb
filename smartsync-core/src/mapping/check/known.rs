//! What there is, as a help lists it: not more than a reader takes in.

use super::super::nearest::{by_nearness, or_list};

/// Names shown in a help are not more than these.
const MOST_NAMES: usize = 5;

/// What to write instead of an id that there is not. Each known one has its id and its name.
pub(super) fn one_of(what: &str, known: Vec<(String, &str)>) -> String {
    if known.is_empty() {
        return format!("give our user the right to see {what}");
    }
    format!("write the id of {what} that it has: {}", some_of(&known))
}

/// The first of these, each with its id and its name.
pub(super) fn some_of(known: &[(String, &str)]) -> String {
    let rest = if known.len() > MOST_NAMES { ", ..." } else { "" };
    let names: Vec<String> =
        known.iter().take(MOST_NAMES).map(|(id, name)| format!("{id} (`{name}`)")).collect();
    format!("{}{rest}", names.join(", "))
}

/// What to do about a name that there is not and that is near to none: `make` it, or write a known one. All names are
/// as a mapping has them.
pub(super) fn make_or_write<'a>(
    make: &str,
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut names = by_nearness(written, known);
    names.truncate(MOST_NAMES);
    if names.is_empty() {
        return make.to_owned();
    }
    format!("{make}, or write one that it has, such as {}", or_list(names))
}
