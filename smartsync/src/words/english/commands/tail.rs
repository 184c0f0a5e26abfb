//! `smartsync tail`.

pub const FAILED_WHOLE: &str = "failed as a whole";
pub const NO_FIELDS: &str = "no fields";

#[must_use]
pub fn count(count: u32, outcome: &str) -> String {
    format!("{count} {outcome}")
}

#[must_use]
pub fn document(outcome: &str) -> String {
    format!("document {outcome}")
}

#[must_use]
pub fn took(seconds: f64) -> String {
    format!("{seconds:.1} s")
}
