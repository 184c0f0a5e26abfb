//! What stands before a finding, and what is to be done about it: in `check`, `webhook test` and `init`.

// Each as wide as the others.

pub const GOOD: &str = "ok     ";
pub const WARNING: &str = "WARNING";
pub const BAD: &str = "FAILED ";

/// Whom a finding is about that is about no service.
pub const THIS_MACHINE: &str = "this machine";

#[must_use]
pub fn next(next: &str) -> String {
    format!("        next: {next}")
}
