//! What the page and the commands say alike.

use jiff::Timestamp;
use smartsync_core::outcome::ContractEdit;

use super::WORDS;
use crate::store::{Counts, FieldEnd, Tallied, Trigger};

/// How long ago a time is, or in how long it comes: `45 minutes ago`.
#[must_use]
pub fn distance(now: Timestamp, at: Timestamp) -> String {
    let seconds = now.duration_since(at).unsigned_abs().as_secs();
    let say = if at <= now { WORDS.time.ago } else { WORDS.time.ahead };
    say(seconds)
}

/// `1 written, 2 held`: those that there are.
#[must_use]
pub fn counts(counts: Counts) -> String {
    let Counts { written, unchanged, held, skipped, failed } = counts;
    let all = [
        (written, FieldEnd::Written),
        (held, FieldEnd::Held),
        (failed, FieldEnd::Failed),
        (unchanged, FieldEnd::Unchanged),
        (skipped, FieldEnd::Skipped),
    ];
    let all: Vec<String> = all
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, end)| (WORDS.contracts.count)(count, end))
        .collect();
    all.join(", ")
}

/// What somebody did to the contract's field, by the name of that; nothing where that is not known.
#[must_use]
pub fn what_happened(relation: &str) -> &'static str {
    let edits = [ContractEdit::FilledIn, ContractEdit::Changed, ContractEdit::Emptied];
    edits.into_iter().find(|edit| edit.as_str() == relation).map(WORDS.decide.edit).unwrap_or_default()
}

/// How a document ended, by its code.
#[must_use]
pub fn outcome(code: &str) -> &str {
    (WORDS.code.outcome)(code).unwrap_or(code)
}

/// The state of a contract, by its code.
#[must_use]
pub fn state(code: &str) -> &str {
    (WORDS.code.state)(code).unwrap_or(code)
}

/// Why something ended as it did, by its code.
#[must_use]
pub fn why(code: &str) -> String {
    WORDS.why(code)
}

/// Why a look began.
#[must_use]
pub fn because_of(trigger: Trigger) -> String {
    WORDS.because_of(trigger)
}

/// What is counted.
#[must_use]
pub fn tallied(what: Tallied) -> &'static str {
    (WORDS.chart.counted)(what)
}
