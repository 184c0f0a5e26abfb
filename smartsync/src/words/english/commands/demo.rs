//! `smartsync demo`.

use std::fmt::Display;

pub const BROKEN_ON_PURPOSE: &str = "this stage was broken on purpose: run it without `--break`";
pub const BUG: &str =
    "this is a bug in smartsync or a problem with this machine's loopback network: please report it";

pub const SANDBOX: &str = "A sandbox stands in for both services. All requests stay on this machine.";
pub const CHANGED: &str = "2. The candidate changes the salary and fills in the notice period. All sign.";
pub const NOTIFIED: &str = "3. Oneflow sends a notification; the server writes the changes back.";
pub const CARD: &str = "4. The candidate's card:";
pub const REQUESTS: &str = "All requests:";
pub const END: &str = "The card shows both values and the signed document. Next: write your own\nsmartsync.toml (README.md shows one), then run `smartsync check`.";

#[must_use]
pub fn created(contract: impl Display) -> String {
    format!("1. Contract {contract} is created from the candidate's card and sent.")
}

#[must_use]
pub fn look(number: usize, summary: &str) -> String {
    format!("   Look {number}: {summary}")
}

/// `2 written, 1 held; document attached`.
#[must_use]
pub fn summary(fields: &str, document: &str) -> String {
    format!("{fields}; document {document}")
}

/// The columns of the card.
pub const CARD_COLUMNS: [&str; 3] = ["field", "before", "after"];

/// The row of how many files there are.
pub const FILES: &str = "(files)";

/// The columns of the requests.
pub const REQUEST_COLUMNS: [&str; 4] = ["service", "request", "status", "purpose"];
