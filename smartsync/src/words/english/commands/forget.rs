//! `smartsync forget`.

use std::fmt::Display;

#[must_use]
pub fn question(candidate: impl Display) -> String {
    format!("Nothing is stored about candidate {candidate}: check the id. Forget it anyway?")
}

pub const WITHOUT_YES: &str = "forgetting an unknown candidate requires `--yes`";

#[must_use]
pub fn waiting(contract: impl Display) -> String {
    format!(
        "waiting up to five minutes for a look at contract {contract} to finish; it writes nothing more. A signal ends the wait"
    )
}

#[must_use]
pub fn forgotten(candidate: impl Display, tenant: Option<&str>, is_new: bool) -> String {
    let how = if is_new { "is" } else { "was already" };
    let of = tenant.map(|tenant| format!(" of tenant {tenant}")).unwrap_or_default();
    format!("candidate {candidate}{of} {how} forgotten: nothing more is written for this candidate")
}

pub const UNKNOWN: &str = "Nothing was stored under this id: check it.";

/// The columns of what was erased.
pub const COLUMNS: [&str; 2] = ["erased", "rows"];

/// Contracts, creations, notifications, what waits, what is parked, looks.
pub const ERASED: [&str; 6] = ["contracts", "creations", "notifications", "waiting", "parked", "looks"];

#[must_use]
pub fn unfinished(contract: impl Display) -> String {
    format!(
        "A look at contract {contract} had not finished: what it had already sent may still arrive on the card. Check the card."
    )
}

#[must_use]
pub fn database(place: &str) -> String {
    format!("The database is {place}.")
}

pub const OTHERS_HOLD: &str = "Teamtailor, Oneflow and backups of the database still hold their data.";
pub const MERGED: &str =
    "If the candidate was merged with another in Teamtailor, forget the other id as well.";
