//! `smartsync parked list`, `show`, `retry` and `drop`.

use std::fmt::Display;

pub const NO_MATCH: &str = "no parked contract matches";
pub const NONE: &str = "no contract is parked";

/// The columns of the list.
pub const COLUMNS: [&str; 6] =
    ["contract", "failed looks", "first attempt", "last attempt", "why", "what to do"];
/// Where the journal does not have the first attempt any more.
pub const UNKNOWN: &str = "unknown";

#[must_use]
pub fn shown(contract: impl Display, at: &str, attempts: u32, reason: &str) -> String {
    format!("contract {contract} was parked at {at} after {attempts} failed looks: {reason}")
}

#[must_use]
pub fn to_do(contract: impl Display) -> String {
    format!("Fix the cause, then run `smartsync parked retry {contract}`.")
}

#[must_use]
pub fn question(count: usize, question: &str) -> String {
    format!("Number of parked contracts that match: {count}. {question}")
}

pub const RETRY: &str = "Sync them again now?";
pub const RETRY_WITHOUT_YES: &str = "retrying several contracts requires `--yes`";
pub const DROP: &str = "Drop them without syncing them?";
pub const DROP_WITHOUT_YES: &str = "dropping several contracts requires `--yes`";

#[must_use]
pub fn retried(contract: impl Display) -> String {
    format!("contract {contract} waits to be synced again")
}

pub const WHEN: &str = "A running server begins within a minute; otherwise the next start does.";

#[must_use]
pub fn dropped(contract: impl Display) -> String {
    format!("contract {contract} is no longer parked")
}

pub const DROPPED_ONE: &str = "It is synced at its next notification, or by `smartsync sync`.";
pub const DROPPED_SEVERAL: &str = "They are synced at their next notification, or by `smartsync sync`.";

pub const NOT_PARKED: &str = "it is not parked";
pub const SEE_LIST: &str = "`smartsync parked list` shows those that are";
