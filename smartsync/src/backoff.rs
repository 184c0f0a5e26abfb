//! How long to wait before a contract is looked at again.

use std::time::Duration;

/// Exponential backoff with full jitter, never shorter than the service's own hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backoff {
    /// Longest wait after the first failure. It doubles with each further one.
    pub base: Duration,
    /// No wait is longer, unless the service asks for it.
    pub cap: Duration,
    /// A contract is parked after this many failures in a row.
    pub attempts: u32,
}

impl Default for Backoff {
    /// 5 s doubling to 30 min; parked after the twentieth failure, three hours later on average: longer than most
    /// outages.
    fn default() -> Self {
        Self { base: Duration::from_secs(5), cap: Duration::from_secs(1800), attempts: 20 }
    }
}

impl Backoff {
    /// The wait after `failures` failures in a row, or `None` if that was the last attempt. `jitter` is drawn from
    /// 0 to 1.
    #[must_use]
    pub fn wait(&self, failures: u32, hint: Option<Duration>, jitter: f64) -> Option<Duration> {
        if failures >= self.attempts {
            return None;
        }
        let span = self.base.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(self.cap);
        Some(hint.unwrap_or_default() + span.mul_f64(jitter.clamp(0.0, 1.0)))
    }
}
