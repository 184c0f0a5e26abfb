//! `smartsync check`.

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
