//! A budget of retries that all clones of a client share, so that an outage is not multiplied by its callers.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Tokens of a full budget: enough for a hundred retries in a row.
const FULL: u32 = 500;
/// What a retry costs.
const COST: u32 = 5;
/// What a request that succeeds at once gives back.
const REFILL: u32 = 1;

/// A budget that retries take from and successes refill.
#[derive(Debug)]
pub(crate) struct RetryQuota(AtomicU32);

impl RetryQuota {
    pub(crate) fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Pays for one retry; `false` when the budget is used up.
    pub(crate) fn take(&self) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |tokens| tokens.checked_sub(COST)).is_ok()
    }

    /// A request succeeded after `retries`: what they cost comes back, and a little more.
    pub(crate) fn refill(&self, retries: u32) {
        let tokens = (retries.saturating_mul(COST)).max(REFILL);
        let _full = self.0.fetch_update(Relaxed, Relaxed, |left| Some(left.saturating_add(tokens).min(FULL)));
    }
}
