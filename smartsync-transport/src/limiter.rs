//! Keeps a client inside the service's documented rate limit.

mod asking;
mod lent;
mod queue;
mod window;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::Waker,
    time::Duration,
};

pub(crate) use self::{lent::Held, queue::Ticket};
use self::{
    lent::{Lent, Terms},
    queue::Queue,
    window::Window,
};
use crate::{hints::RateLimit, shared_budget::SharedBudget};

/// Keeps to at most so many requests in any period, and yields to what the service's headers say.
///
/// Nothing is booked ahead: a request that finds no room waits and looks again, first come, first served. One that is given up
/// meanwhile leaves the queue and costs nothing. A 429 holds back all that wait. It waits through the client's
/// [`Sleep`](crate::Sleep), for at most [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait).
///
/// The limit belongs to the API key. The clients of both services share one limiter per key by themselves; a limiter made here is
/// shared with its clones and with nobody else.
///
/// Where several processes use the key, they keep one limit by a [`SharedBudget`]
/// ([`ApiClient::share_limit`](crate::ApiClient::share_limit)): a request then needs a permit of it as well. As long as it cannot be
/// reached, each process sends no more than its share: the limit divided by the number of processes that there were, two at least.
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
    /// The places that are taken: requests that were sent in the last period, and permits that were given in it. Never more than
    /// a period may hold.
    taken: Window,
    /// Nothing is sent before: the service said so.
    closed_until: Duration,
    queue: Queue,
    shared: Option<Shared>,
}

/// The budget that this process has in common with others, and what it has of it.
#[derive(Debug)]
struct Shared {
    budget: Arc<dyn SharedBudget>,
    lent: Lent,
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
    /// How long to wait before asking again. Nothing is booked: somebody else may come first. Zero where a shared budget has to be
    /// asked first, as only a client does.
    pub fn try_acquire(&self, now: Duration) -> Result<(), Duration> {
        self.try_take(now).map_err(|held| match held {
            Held::For(wait) => wait,
            Held::Ask | Held::Asked => Duration::ZERO,
        })?;
        self.send(now);
        Ok(())
    }

    /// The same for a request that says when it is sent ([`send`](Self::send)), or that it is not ([`give_back`](Self::give_back)).
    pub(crate) fn try_take(&self, now: Duration) -> Result<(), Held> {
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
            // Where there is a shared budget, it knows better who has used what.
            if let Some(shared) = &mut state.shared {
                shared.lent.see(now, headers);
            } else {
                // Others may use the same key: what they have used is gone.
                let used = usize::try_from(limit.saturating_sub(remaining))
                    .unwrap_or(usize::MAX)
                    .min(budget.requests);
                state.taken.forget_old(budget.period, now);
                if let Some(more @ 1..) = used.checked_sub(state.taken.len()) {
                    state.taken.add(now, more);
                }
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
        let until = now.saturating_add(wait);
        if let Some(shared) = &mut budget.lock().shared {
            shared.lent.must_tell(until);
        }
        budget.close_until(until);
    }

    /// Has this process keep within a budget that it has in common with others.
    pub(crate) fn share(&self, budget: Arc<dyn SharedBudget>) {
        let Some(own) = &self.0 else { return };
        let mut state = own.lock();
        let is_new = state.shared.as_ref().is_none_or(|shared| !Arc::ptr_eq(&shared.budget, &budget));
        if is_new {
            state.shared = Some(Shared { budget, lent: Lent::default() });
        }
    }

    /// Whether the others do not know yet of something that the service has asked for.
    pub(crate) fn has_to_tell(&self, now: Duration) -> bool {
        let Some(budget) = &self.0 else { return false };
        budget.lock().shared.as_ref().is_some_and(|shared| shared.lent.has_to_tell(now))
    }

    /// Whether there is a limit.
    pub(crate) fn has_limit(&self) -> bool {
        self.0.is_some()
    }

    /// Joins the queue. `None`: there is no limit, so nobody waits.
    pub(crate) fn queue_up(&self) -> Option<Ticket> {
        self.0.clone().map(Ticket::new)
    }

    /// The request whose place was taken is sent.
    pub(crate) fn send(&self, now: Duration) {
        let Some(budget) = &self.0 else { return };
        if let Some(shared) = &mut budget.lock().shared {
            shared.lent.send(now, budget.period);
        }
    }

    /// Gives back the place of a request that was not sent.
    pub(crate) fn give_back(&self, taken: Duration) {
        let Some(budget) = &self.0 else { return };
        let mut state = budget.lock();
        state.taken.remove(taken);
        if let Some(shared) = &mut state.shared {
            shared.lent.let_go(taken);
        }
        let first = state.queue.call_first();
        drop(state);
        first.into_iter().for_each(Waker::wake);
    }

    /// Moves a place that was taken earlier to now, when its request is sent: the limit counts from here. A place that is older than
    /// the period is no longer held for anybody, and is taken again if there is one.
    ///
    /// `Err`: nothing may be sent yet, and all is as it was.
    pub(crate) fn renew(&self, taken: Duration, now: Duration) -> Result<(), Held> {
        let Some(budget) = &self.0 else { return Ok(()) };
        let mut state = budget.lock();
        state.taken.forget_old(budget.period, now);
        let is_held = state.taken.remove(taken);
        // Ahead of those who wait, as it was let through before them. Behind them, a crowd that reads before it writes would never get
        // to write: its reads wait in the same queue, for longer than a permit lasts.
        let renewed = budget.take_again(&mut state, taken, now);
        if is_held && renewed.is_err() {
            state.taken.add(taken, 1);
        }
        renewed
    }

    /// Whether this is the same limiter, or a clone of it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(budget), Some(other)) => Arc::ptr_eq(budget, other),
            (None, None) => true,
            _ => false,
        }
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
    fn take(&self, state: &mut State, position: usize, now: Duration) -> Result<(), Held> {
        self.check_room(state, position, now)?;
        if let Some(Shared { lent, .. }) = &mut state.shared {
            lent.check(position, &state.taken, self.terms(), now)?;
            lent.hold(now);
        }
        state.taken.add(now, 1);
        Ok(())
    }

    /// Takes the place of a request that was let through at `taken`, ahead of all that wait.
    fn take_again(&self, state: &mut State, taken: Duration, now: Duration) -> Result<(), Held> {
        self.check_room(state, 0, now)?;
        if let Some(Shared { lent, .. }) = &mut state.shared {
            let is_held = lent.let_go(taken);
            let renewed = if is_held {
                lent.check_held(&state.taken, self.terms(), now)
            } else {
                lent.check(0, &state.taken, self.terms(), now)
            };
            match renewed {
                Ok(()) => lent.hold(now),
                Err(_) if is_held => lent.hold(taken),
                Err(_) => {}
            }
            renewed?;
        }
        state.taken.add(now, 1);
        Ok(())
    }

    /// Whether the limit of this process leaves room for whoever is at this position.
    fn check_room(&self, state: &mut State, position: usize, now: Duration) -> Result<(), Held> {
        state.taken.forget_old(self.period, now);
        if let Some(shared) = &mut state.shared {
            shared.lent.forget_old(self.period, now);
            if shared.lent.has_to_tell(now) {
                return Err(Held::Ask);
            }
        }
        match self.free_at(state, position, now).saturating_sub(now) {
            Duration::ZERO => Ok(()),
            wait => Err(Held::For(wait)),
        }
    }

    fn terms(&self) -> Terms {
        Terms { requests: self.requests, period: self.period }
    }

    /// Sends nothing before `until`, and has those who wait look again.
    fn close_until(&self, until: Duration) {
        let mut state = self.lock();
        if until > state.closed_until {
            state.closed_until = until;
            let wakers = state.queue.call_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    /// When there is a place for whoever is at this position of the queue, if all before go as soon as they may.
    fn free_at(&self, state: &State, position: usize, now: Duration) -> Duration {
        let periods = u32::try_from(position / self.requests).unwrap_or(u32::MAX);
        let left = self.requests.saturating_sub(state.taken.len());
        // The places that are left go to those before; then the oldest become free, one after the other.
        let oldest = (position % self.requests).checked_sub(left).and_then(|of| state.taken.moment_of(of));
        let free = oldest.map_or(now, |oldest| oldest.saturating_add(self.period));
        let open = free.max(state.closed_until).max(now);
        open.saturating_add(self.period.saturating_mul(periods))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
