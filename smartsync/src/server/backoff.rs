//! How long to wait before a contract is looked at again.

use std::time::Duration;

use crate::store::LONGEST_WAIT;

/// Exponential backoff with full jitter, never shorter than the service's own hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backoff {
    /// Longest wait after the first failure. It doubles with each further one.
    pub base: Duration,
    /// No wait is longer, unless the service asks for it.
    pub cap: Duration,
    /// A contract is parked after this many failures in a row that are its own. What fails every contract alike, an outage or a
    /// refused credential, is not counted.
    pub attempts: u32,
}

impl Default for Backoff {
    /// 5 s doubling to 30 min; parked after the twentieth failure of its own, three hours after the first on average.
    fn default() -> Self {
        Self { base: Duration::from_secs(5), cap: Duration::from_secs(1800), attempts: 20 }
    }
}

impl Backoff {
    /// The wait after `failures` failures in a row: an hour at most. `jitter` is drawn from 0 to 1.
    #[must_use]
    pub fn wait(&self, failures: u32, hint: Option<Duration>, jitter: f64) -> Duration {
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1)));
        let span = doubled.min(self.cap).min(LONGEST_WAIT).mul_f64(jitter.clamp(0.0, 1.0));
        // The hint is whatever the service wrote: a sum that overflows would be a panic of its making.
        hint.unwrap_or_default().saturating_add(span).min(LONGEST_WAIT)
    }

    /// Whether a contract is parked after so many failures of its own in a row.
    #[must_use]
    pub fn is_used_up(&self, failures: u32) -> bool {
        failures >= self.attempts
    }
}
