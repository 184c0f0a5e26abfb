//! How far work on many contracts is.

use std::time::Duration;

/// Where it is told how many of them are done, what `left` is, and a bar.
pub const BAR: &str = "{bar:16} {pos} of {len} contracts, {left}";

/// The same where it is not known how many there are.
pub const SO_FAR: &str = "contracts so far: {pos}";

/// How much longer it takes, about: `5m`.
#[must_use]
pub fn left(time: &str) -> String {
    format!("{time} left")
}

/// What is waited for.
#[must_use]
pub fn limit(service: &str, left: Duration) -> String {
    format!("waiting {} s for {service}'s rate limit", left.as_secs_f64().ceil())
}
