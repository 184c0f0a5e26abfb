//! `smartsync sync`.

use std::fmt::Display;

pub const TOO_LONG: &str = "the look took too long";
pub const TOO_LONG_NEXT: &str = "try again later";
pub const TAKEN: &str = "another process is working on it, or on another contract of its candidate";
pub const TAKEN_NEXT: &str = "try again in five minutes: by then the other look has finished, unless it is waiting for a service's rate \
     limit, and the claim of a killed command has expired";
/// By what a look was broken off, in the journal.
pub const STOPPED_LOOK: &str = "a signal stopped the command";
pub const LAPSED_LOOK: &str = "the claim on the contract has lapsed";

#[must_use]
pub fn finishing(contract: impl Display) -> String {
    format!("finishing contract {contract}; a second signal stops immediately")
}

#[must_use]
pub fn stopped(signal: &str) -> String {
    format!("{signal} stopped the run before it was complete")
}

#[must_use]
pub fn broken_off(contract: impl Display) -> String {
    format!(
        "contract {contract} was interrupted: it may be partly written; run `smartsync sync {contract}` to complete it"
    )
}

#[must_use]
pub fn over_limit(held: usize) -> String {
    format!(
        "values left unchanged because of the limit: {held}. If the contracts' values are right, repeat the command with `--max-changes {held}`"
    )
}

/// What became of many contracts.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the command makes it")]
pub struct Summary {
    pub changed: usize,
    pub unchanged: usize,
    pub incomplete: usize,
    pub without_candidate: usize,
    pub broken_off: usize,
    pub not_looked_at: usize,
}

/// The last line of a sync of many contracts.
#[must_use]
pub fn summary(summary: Summary) -> String {
    let Summary { changed, unchanged, incomplete, without_candidate, broken_off, not_looked_at } = summary;
    let mut parts = vec![
        format!("{changed} synced"),
        format!("{unchanged} with nothing to do"),
        format!("{incomplete} with held or failed fields"),
    ];
    if without_candidate > 0 {
        parts.push(format!("{without_candidate} without a candidate"));
    }
    if broken_off > 0 {
        parts.push(format!("{broken_off} interrupted"));
    }
    parts.push(format!("{not_looked_at} not looked at"));
    parts.join(", ")
}
