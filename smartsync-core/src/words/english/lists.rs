//! Lists of names, as people write them.

/// `a`, `b` and `c`.
pub(crate) fn and(names: &[String]) -> String {
    joined(names, "and")
}

/// `a`, `b` or `c`.
pub(crate) fn or(names: &[String]) -> String {
    joined(names, "or")
}

/// The first of them, and how many more there are.
pub(crate) fn and_more(names: &[String], more: usize) -> String {
    format!("{} and {more} more", commas(names))
}

/// The first of them, or one of so many more.
pub(crate) fn or_more(names: &[String], more: usize) -> String {
    format!("{} or {more} more", commas(names))
}

/// `a`, `b`, `c`.
pub(crate) fn commas(names: &[String]) -> String {
    names.join(", ")
}

/// The first of them, and some more.
pub(crate) fn and_others(names: &[String]) -> String {
    format!("{}, ...", commas(names))
}

fn joined(names: &[String], word: &str) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", commas(others)),
        None => String::new(),
    }
}
