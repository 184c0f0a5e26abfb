//! `smartsync check`.

/// What stands before a finding, each as wide as the others.
pub const GOOD: &str = "ok     ";
pub const WARNING: &str = "WARNING";
pub const BAD: &str = "FAILED ";

#[must_use]
pub fn next(next: &str) -> String {
    format!("        next: {next}")
}

/// `2 errors, 1 warning`.
#[must_use]
pub fn summary(errors: usize, warnings: usize) -> String {
    let count = |number: usize, name: &str| match number {
        0 => format!("no {name}s"),
        1 => format!("1 {name}"),
        many => format!("{many} {name}s"),
    };
    format!("{}, {}", count(errors, "error"), count(warnings, "warning"))
}
