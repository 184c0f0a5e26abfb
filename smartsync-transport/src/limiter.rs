//! Keeps a client inside the service's documented rate limit.

mod queue;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::Waker,
    time::Duration,
};

use self::queue::Queue;
pub(crate) use self::queue::Ticket;
use crate::hints::RateLimit;

/// Keeps to at most so many requests in any period, and yields to what the service's headers say.
///
/// Nothing is booked ahead: a request that finds no room waits and looks again, first come, first served. One that is given up
/// meanwhile leaves the queue and costs nothing. A 429 holds back all that wait. It waits through the client's
/// [`Sleep`](crate::Sleep), for at most [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait).
///
/// The limit belongs to the API key. The clients of both services share one limiter per key by themselves; a limiter made here is
/// shared with its clones and with nobody else.
///
/// ```
/// use std::time::Duration;
/// use smartsync_transport::Limiter;
///
/// let (limiter, seconds) = (Limiter::new(2, Duration::from_secs(10)), Duration::from_secs);
/// assert_eq!(limiter.try_acquire(seconds(0)), Ok(()));
/// assert_eq!(limiter.try_acquire(seconds(3)), Ok(()));
/// assert_eq!(limiter.try_acquire(seconds(4)), Err(seconds(6)));
/// assert_eq!(limiter.try_acquire(seconds(10)), Ok(()));
/// ```
#[derive(Clone, Debug)]
pub struct Limiter(Option<Arc<Budget>>);

/// A limiter that does not keep its budget alive.
#[derive(Debug)]
pub(crate) struct WeakLimiter(Weak<Budget>);

#[derive(Debug)]
struct Budget {
    requests: usize,
    period: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the requests of the last period were sent, oldest first; never more than a period may hold.
    sent: VecDeque<Duration>,
    /// Nothing is sent before: the service said so.
    closed_until: Duration,
    queue: Queue,
}

impl Limiter {
    /// At most `requests` in any `period`. Zero requests count as one.
    #[must_use]
    pub fn new(requests: usize, period: Duration) -> Self {
        Self(Some(Arc::new(Budget { requests: requests.max(1), period, state: Mutex::default() })))
    }

    /// No limit at all: for tests, and for services that have none.
    #[must_use]
    pub fn none() -> Self {
        Self(None)
    }

    /// Takes the place of one request, or says how long it takes until there is one: those who wait already come first.
    ///
    /// `now` is the time since any fixed moment, the same for all calls.
    ///
    /// # Errors
    ///
    /// How long to wait before asking again. Nothing is booked: somebody else may come first.
    pub fn try_acquire(&self, now: Duration) -> Result<(), Duration> {
        let Some(budget) = &self.0 else { return Ok(()) };
        let mut state = budget.lock();
        let position = state.queue.ahead(now);
        budget.take(&mut state, position, now)
    }

    /// Corrects the budget by what an answer's headers say of it.
    pub fn observe(&self, now: Duration, headers: &RateLimit) {
        let (Some(budget), Some(limit), Some(remaining)) = (&self.0, headers.limit, headers.remaining) else {
            return;
        };
        {
            let mut state = budget.lock();
            // Others may use the same key: what they have used is gone.
            let used =
                usize::try_from(limit.saturating_sub(remaining)).unwrap_or(usize::MAX).min(budget.requests);
            budget.forget_old(&mut state, now);
            for _ in state.sent.len()..used {
                state.sent.push_back(now);
            }
        }
        if let (0, Some(reset)) = (remaining, headers.reset) {
            // No period has more left of it than its whole length. A longer time is not what it claims to be.
            self.close(now, reset.min(budget.period));
        }
    }

    /// Sends nothing for `wait`: the service refused a request and said when to come back.
    pub fn close(&self, now: Duration, wait: Duration) {
        let Some(budget) = &self.0 else { return };
        let mut state = budget.lock();
        let until = now.saturating_add(wait);
        if until > state.closed_until {
            state.closed_until = until;
            let wakers = state.queue.call_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    /// How long the service wants nothing sent, if that is so.
    pub(crate) fn closed_for(&self, now: Duration) -> Option<Duration> {
        let left = self.0.as_ref()?.lock().closed_until.saturating_sub(now);
        (!left.is_zero()).then_some(left)
    }

    /// Whether there is a limit.
    pub(crate) fn has_limit(&self) -> bool {
        self.0.is_some()
    }

    /// Joins the queue. `None`: there is no limit, so nobody waits.
    pub(crate) fn queue_up(&self) -> Option<Ticket> {
        self.0.clone().map(Ticket::new)
    }

    /// Gives back the place of a request that was not sent.
    pub(crate) fn give_back(&self, taken: Duration) {
        let Some(budget) = &self.0 else { return };
        let mut state = budget.lock();
        if let Some(place) = state.sent.iter().rposition(|sent| *sent == taken) {
            state.sent.remove(place);
        }
        let first = state.queue.call_first();
        drop(state);
        first.into_iter().for_each(Waker::wake);
    }

    pub(crate) fn downgrade(&self) -> WeakLimiter {
        WeakLimiter(self.0.as_ref().map(Arc::downgrade).unwrap_or_default())
    }
}

impl WeakLimiter {
    /// The limiter, while anybody has it.
    pub(crate) fn upgrade(&self) -> Option<Limiter> {
        self.0.upgrade().map(|budget| Limiter(Some(budget)))
    }
}

impl Budget {
    /// Takes a place for whoever is at this position of the queue, if there is one for those before as well.
    fn take(&self, state: &mut State, position: usize, now: Duration) -> Result<(), Duration> {
        self.forget_old(state, now);
        match self.free_at(state, position, now).saturating_sub(now) {
            Duration::ZERO => {
                state.sent.push_back(now);
                Ok(())
            }
            wait => Err(wait),
        }
    }

    fn forget_old(&self, state: &mut State, now: Duration) {
        while state.sent.front().is_some_and(|sent| sent.saturating_add(self.period) <= now) {
            state.sent.pop_front();
        }
    }

    /// When there is a place for whoever is at this position of the queue, if all before go as soon as they may.
    fn free_at(&self, state: &State, position: usize, now: Duration) -> Duration {
        let periods = u32::try_from(position / self.requests).unwrap_or(u32::MAX);
        let place = state.sent.len() + position % self.requests;
        let free = match place.checked_sub(self.requests) {
            None => now,
            // It is that of a request that has been sent: `position % requests` is less than `requests`.
            Some(of) => state.sent[of].saturating_add(self.period),
        };
        let open = free.max(state.closed_until).max(now);
        open.saturating_add(self.period.saturating_mul(periods))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
