//! `smartsync facts`.

use std::fmt::Display;

/// The columns of what is assumed about a service.
pub const COLUMNS: [&str; 4] = ["fact", "state", "answer", "what it is about"];

/// The columns of what is otherwise than assumed.
pub const REFUTED_COLUMNS: [&str; 3] = ["refuted", "what is so", "why little is lost"];

#[must_use]
pub fn nothing_known(file: impl Display) -> String {
    format!("{file} is not there: nothing is known beyond the documentation")
}

#[must_use]
pub fn known(file: impl Display, made: impl Display) -> String {
    format!("{file}, found out at {made}")
}

#[must_use]
pub fn counted(confirmed: usize, refuted: usize, unknown: usize) -> String {
    format!("{confirmed} confirmed, {refuted} refuted, {unknown} unknown")
}

/// What is acted upon where nothing is known.
#[must_use]
pub fn assumed(answer: &str) -> String {
    format!("assumed: {answer}")
}
