//! `smartsync link`.

use std::fmt::Display;

#[must_use]
pub fn linked(contract: impl Display, candidate: impl Display) -> String {
    format!("contract {contract} is linked to candidate {candidate}")
}

#[must_use]
pub fn before(candidate: &str) -> String {
    format!("It was linked to candidate {candidate} before: what was written to that card stays there.")
}

#[must_use]
pub fn not_written(contract: impl Display) -> String {
    format!(
        "Nothing has been written yet: run `smartsync sync {contract}`, or wait for the next notification."
    )
}

#[must_use]
pub fn question(contract: impl Display, other: &str, candidate: impl Display) -> String {
    format!("Contract {contract} belongs to candidate {other}. Link it to {candidate} instead?")
}

pub const WITHOUT_YES: &str = "reassigning a contract that belongs to another candidate requires `--yes`";
