//! `smartsync drill`.

use std::fmt::Display;

pub const BUG: &str =
    "this is a bug in smartsync or a problem with this machine's temporary folder: please report it";

#[must_use]
pub fn runs(runs: u64, with_database: u64, looks: u64) -> String {
    format!("{runs} runs, {with_database} of them with the database: {looks} looks at contracts.")
}

/// The columns of what the participant did.
pub const COLUMNS: [&str; 3] = ["deed", "times", "results"];

pub const NONE_BROKEN: &str = "No rule was broken.";

#[must_use]
pub fn violation(times: u64, rule: &str) -> String {
    format!("VIOLATION, {times} times: {rule}")
}

#[must_use]
pub fn first(first: impl Display, seed: u64) -> String {
    format!("The first: {first}. Repeat it: smartsync drill --seed {seed}")
}
