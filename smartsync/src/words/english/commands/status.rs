//! `smartsync status`.

pub const SERVER: &str = "server";
pub const WAITING: &str = "waiting";
pub const RUNNING: &str = "running";
pub const PARKED: &str = "parked";
pub const HELD: &str = "held";
pub const DRIFT: &str = "drift";
pub const LAST_NOTIFICATION: &str = "last notification";
pub const LAST_LOOK: &str = "last look";
pub const LAST_SWEEP: &str = "last sweep";
pub const CREDENTIALS: &str = "credentials";

/// Of the state of the credentials, and of what is left of their limits.
pub const NOT_KNOWN: &str = "not known here: `smartsync check` tries them, and `/metrics` and the page of `serve` show what is left of their limits";

pub const SERVED: &str = "running";
pub const NOT_SERVED: &str = "not running";
pub const NONE: &str = "none";

/// Of the contract that is looked at first; `when` as [`moment`] has it.
#[must_use]
pub fn first_waiting(contract: i64, is_due: bool, when: &str) -> String {
    let due = if is_due { "due since" } else { "due at" };
    format!("; the first: contract {contract}, {due} {when}")
}

#[must_use]
pub fn oldest_drift(contract: i64, when: &str) -> String {
    format!("; the oldest: contract {contract}, since {when}")
}

#[must_use]
pub fn last_look(when: &str, contract: i64, trigger: &str) -> String {
    format!("{when}, contract {contract} ({trigger})")
}

/// A time, and how long ago that is.
#[must_use]
pub fn moment(at: &str, distance: &str) -> String {
    format!("{at} ({distance})")
}

#[must_use]
pub fn fields(count: &str) -> String {
    if count == "1" { "1 field".to_owned() } else { format!("{count} fields") }
}

pub const DRIFT_MEANS: &str = "Drift counts the contracts of which an agreed value, or the signed document, is not on the candidate's card.";
pub const SEE_PARKED: &str = "`smartsync parked list` shows the parked contracts.";
pub const SEE_HELD: &str = "`smartsync held` shows the held fields.";
