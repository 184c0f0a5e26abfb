//! Keeps a client inside the service's documented rate limit.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::hints::RateLimit;

/// Keeps to at most so many requests in any period, and yields to what the service's headers say.
///
/// The limit belongs to the API key: clones share one budget, so give every client of one key a clone of the same
/// limiter. It waits through the client's [`Sleep`](crate::Sleep), and not at all if that one has no clock.
///
/// ```
/// use std::time::Duration;
/// use smartsync_transport::Limiter;
///
/// let limiter = Limiter::new(2, Duration::from_secs(10));
/// assert_eq!(limiter.reserve(Duration::from_secs(0)), Duration::ZERO);
/// assert_eq!(limiter.reserve(Duration::from_secs(3)), Duration::ZERO);
/// assert_eq!(limiter.reserve(Duration::from_secs(4)), Duration::from_secs(6));
/// ```
#[derive(Clone, Debug)]
pub struct Limiter {
    requests: usize,
    period: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// When the latest requests are sent, oldest first; as many as a period may hold.
    sent: VecDeque<Duration>,
    /// Nothing is sent before: the service said so.
    closed_until: Duration,
}

impl Limiter {
    /// At most `requests` in any `period`. Zero requests count as one.
    #[must_use]
    pub fn new(requests: usize, period: Duration) -> Self {
        Self { requests: requests.max(1), period, state: Arc::default() }
    }

    /// Takes the place of one request and returns how long to wait before it is sent.
    ///
    /// `now` is the time since any fixed moment, the same for all calls.
    #[must_use]
    pub fn reserve(&self, now: Duration) -> Duration {
        let mut state = self.lock();
        let mut at = now.max(state.closed_until);
        if state.sent.len() == self.requests
            && let Some(oldest) = state.sent.pop_front()
        {
            at = at.max(oldest.saturating_add(self.period));
        }
        state.sent.push_back(at);
        at - now
    }

    /// Corrects the budget by what an answer's headers say of it.
    pub fn observe(&self, now: Duration, headers: &RateLimit) {
        let (Some(limit), Some(remaining)) = (headers.limit, headers.remaining) else {
            return;
        };
        let mut state = self.lock();
        // Others may use the same key: what they have used is gone.
        let used = usize::try_from(limit.saturating_sub(remaining)).unwrap_or(usize::MAX).min(self.requests);
        let ours = state.sent.iter().filter(|sent| sent.saturating_add(self.period) > now).count();
        for _ in ours..used {
            if state.sent.len() == self.requests {
                state.sent.pop_front();
            }
            state.sent.push_back(now);
        }
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
