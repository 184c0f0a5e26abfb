//! What there is, as a help lists it: not more than a reader takes in.

use super::{super::nearest::MOST_NAMES, super::nearest::or_list, super::nearest::quoted};
use crate::words::{lists, mapping as words};

/// What to write instead of an id that there is not. Each known one has its id and its name; `none` is for where there is none.
pub(super) fn one_of<'a>(
    known: impl ExactSizeIterator<Item = (String, &'a str)>,
    none: &str,
    say: fn(&str) -> String,
) -> String {
    if known.len() == 0 { none.to_owned() } else { say(&some_of(known)) }
}

/// The first of these, each with its id and its name.
pub(super) fn some_of<'a>(known: impl ExactSizeIterator<Item = (String, &'a str)>) -> String {
    let list = if known.len() > MOST_NAMES { lists::and_others } else { lists::commas };
    let names: Vec<String> =
        known.take(MOST_NAMES).map(|(id, name)| format!("{id} ({})", quoted(name))).collect();
    list(&names)
}

/// What to do about a name that there is not and that is near to none: `make` it, or write one of those that are the
/// nearest. All names are as a mapping has them.
pub(super) fn make_or_write<'a>(make: &str, nearest: impl IntoIterator<Item = &'a str>) -> String {
    let names = or_list(nearest);
    if names.is_empty() { make.to_owned() } else { words::make_or_use(make, &names) }
}
