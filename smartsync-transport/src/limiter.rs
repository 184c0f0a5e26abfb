//! Keeps a client inside the service's documented rate limit.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::RateLimit;

/// Spreads requests so that a service's documented limit is not met, and yields to what its headers say.
///
/// The limit belongs to the API key: clones share one budget, so give every client of one key a clone of the same
/// limiter. It waits through the client's [`Sleep`](crate::Sleep), and not at all if that one has no clock.
///
/// A budget refills evenly (GCRA): the whole of it may be used at once, and then one request per interval.
///
/// ```
/// use std::time::Duration;
/// use smartsync_transport::Limiter;
///
/// let limiter = Limiter::new(2, Duration::from_secs(10));
/// let now = Duration::ZERO;
/// assert_eq!(limiter.reserve(now), Duration::ZERO);
/// assert_eq!(limiter.reserve(now), Duration::ZERO);
/// assert_eq!(limiter.reserve(now), Duration::from_secs(5));
/// ```
#[derive(Clone, Debug)]
pub struct Limiter {
    requests: u32,
    interval: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// When the budget would be full again.
    full_at: Duration,
    /// Nothing is sent before: the service said so.
    closed_until: Duration,
}

impl Limiter {
    /// At most `requests` in any `period`. Zero requests count as one.
    #[must_use]
    pub fn new(requests: u32, period: Duration) -> Self {
        let requests = requests.max(1);
        Self { requests, interval: period / requests, state: Arc::default() }
    }

    /// Takes the place of one request and returns how long to wait before it is sent.
    ///
    /// `now` is the time since any fixed moment, the same for all calls.
    #[must_use]
    pub fn reserve(&self, now: Duration) -> Duration {
        let mut state = self.lock();
        let full_at = state.full_at.max(now);
        // The last place of a full budget may be taken at once.
        let slack = self.interval.saturating_mul(self.requests - 1);
        let at = full_at.saturating_sub(slack).max(state.closed_until).max(now);
        state.full_at = full_at.saturating_add(self.interval);
        at - now
    }

    /// Corrects the budget by what an answer's headers say of it.
    pub fn observe(&self, now: Duration, headers: &RateLimit) {
        let (Some(limit), Some(remaining)) = (headers.limit, headers.remaining) else {
            return;
        };
        let mut state = self.lock();
        // Others may use the same key: what they have used is gone.
        let used = u32::try_from(limit.saturating_sub(remaining)).unwrap_or(u32::MAX).min(self.requests);
        state.full_at = state.full_at.max(now.saturating_add(self.interval.saturating_mul(used)));
        if let (0, Some(reset)) = (remaining, headers.reset) {
            state.closed_until = state.closed_until.max(now.saturating_add(reset));
        }
    }

    /// Sends nothing for `wait`: the service refused a request and said when to come back.
    pub fn close(&self, now: Duration, wait: Duration) {
        let mut state = self.lock();
        state.closed_until = state.closed_until.max(now.saturating_add(wait));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
