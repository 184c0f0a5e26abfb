//! `smartsync adopt`.

use std::fmt::Display;

#[must_use]
pub fn accounts(oneflow: impl Display, teamtailor: impl Display) -> String {
    format!("Oneflow account {oneflow} and Teamtailor company {teamtailor}")
}

#[must_use]
pub fn question(before: &str, now: &str) -> String {
    format!(
        "The database belongs to {before}. Move it to {now} instead, and drop everything it stores about contracts and cards, and everything that is waiting?"
    )
}

pub const WITHOUT_YES: &str = "moving a database to other accounts requires `--yes`";

#[must_use]
pub fn belongs(is_new: bool, accounts: &str) -> String {
    let how = if is_new { "now belongs to" } else { "already belonged to" };
    format!("the database {how} {accounts}")
}

/// The columns of what was dropped.
pub const COLUMNS: [&str; 2] = ["dropped", "rows"];

/// Contracts, cards, creations, notifications, what waits, what is parked, looks.
pub const DROPPED: [&str; 7] =
    ["contracts", "cards", "creations", "notifications", "waiting", "parked", "looks"];

pub const STAY_FORGOTTEN: &str = "Forgotten candidates stay forgotten, by id.";
pub const SYNC_ALL: &str = "Run `smartsync sync --all` to sync the contracts of these accounts.";
