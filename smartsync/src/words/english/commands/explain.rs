//! `smartsync explain`. What is said of a code stands with the codes.

/// The columns of the list.
pub const COLUMNS: [&str; 2] = ["code", "what it says"];

pub const OF_A_LOOK: &str = "why a look failed as a whole";
pub const OF_A_REASON: &str = "a reason";

#[must_use]
pub fn heading(code: &str, what: &str) -> String {
    format!("{code} ({what})")
}

#[must_use]
pub fn to_do(advice: &str) -> String {
    format!("What to do: {advice}")
}

pub const NOTHING_TO_DO: &str = "There is nothing to do.";
pub const NO_SUCH_CODE: &str = "there is no such code";

#[must_use]
pub fn nearest(codes: &str) -> String {
    format!("the nearest are {codes}; `smartsync explain` lists all")
}
