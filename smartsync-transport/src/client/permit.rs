//! Permission to send one request within the rate limit: waiting for it, and what the answer says of the next one.

use std::{future::poll_fn, sync::Arc, task::Poll, time::Duration};

use http::StatusCode;

use super::{ApiClient, Inner};
use crate::{
    endpoint::Service,
    error::{Error, Kind},
    hints::{self, RateLimit},
    limiter::{Held, Limiter},
    retry::{Wait, Waited},
    shared_budget::{PERMIT_VALIDITY, SharedBudget},
    trace,
    transport::Response,
};

/// How often, and how many times, who has a permit looks again while somebody else asks the shared budget: for longer than that may take.
const LOOK: Duration = Duration::from_millis(10);
const LOOKS: u32 = 120;

/// Permission to send one request within the rate limit: see [`ApiClient::acquire_permit`]. Dropped without a request, it goes
/// back.
///
/// It holds a place for as long as the limit's period. After that, [`ApiClient::send_with_permit`] sends only if there is room anyway.
/// So permits cannot be saved up, and one that somebody forgets keeps nobody waiting for longer.
#[derive(Debug)]
#[must_use]
pub struct RatePermit {
    /// Since when it counts, by the client's clock.
    begun: Option<Duration>,
    /// Where it goes back to.
    limiter: Limiter,
}

impl RatePermit {
    /// Whether the client keeps the rate limit, so that after a 429 the next permit comes when the service is ready again. False
    /// without a limiter, or without a [`Sleep`](crate::Sleep) that has a clock.
    #[must_use]
    pub fn is_managed(&self) -> bool {
        self.begun.is_some() && self.limiter.has_limit()
    }

    /// A request goes out now. Returns when that is, by the client's clock.
    pub(super) fn spend(mut self) -> Option<Duration> {
        if let Some(begun) = self.begun {
            self.limiter.send(begun);
        }
        self.limiter = Limiter::none();
        self.begun
    }
}

impl Drop for RatePermit {
    fn drop(&mut self) {
        if let Some(begun) = self.begun {
            self.limiter.give_back(begun);
        }
    }
}

impl<S: Service> ApiClient<S> {
    /// Waits until the rate limit lets a request through.
    ///
    /// With it, what a request rests on can be read or checked after the wait, and not before it:
    /// [`ApiClient::send_with_permit`] then sends at once.
    ///
    /// # Errors
    ///
    /// [`Error`] when the wait would be longer than [`RetryPolicy::max_wait`](crate::RetryPolicy::max_wait) allows
    /// ([`Error::was_held_back`]): nobody waited, and [`Error::retry_after`] says how long it is.
    pub async fn acquire_permit(&self) -> Result<RatePermit, Error> {
        let permit = self.inner.acquire_permit(&mut Waited::default()).await;
        permit.map_err(|wait| Error::new(S::NAME, "acquire_permit", Kind::HeldBack { wait }))
    }

    /// Has this client, and all that share its [`Limiter`], keep one rate limit with other processes that use the same key: each request
    /// then needs a permit of `budget` as well. Several are taken at once, so most requests ask nobody.
    ///
    /// Without a limiter, or without a [`Sleep`](crate::Sleep) that has a clock, it has no effect.
    pub fn share_limit(&self, budget: Arc<dyn SharedBudget>) {
        self.inner.limiter.share(budget);
    }

    /// Gives back what this process has of a [shared budget](Self::share_limit), at its end: the others need not wait until it is
    /// over. A request that is sent later takes part again.
    pub async fn leave_shared_limit(&self) {
        if let Some(sleep) = &self.inner.sleep {
            self.inner.limiter.leave(sleep.as_ref()).await;
        }
    }
}

impl Inner {
    fn now(&self) -> Option<Duration> {
        self.sleep.as_ref()?.now()
    }

    /// Has a permit count from now on, when its request is sent. `Err` has how long nothing may be sent with it.
    pub(super) async fn renew_permit(&self, mut permit: RatePermit) -> Result<RatePermit, Duration> {
        let (Some(sleep), Some(mut now)) = (&self.sleep, self.now()) else { return Ok(permit) };
        if !permit.limiter.is_same(&self.limiter) {
            // Another client's, which says nothing about the limit of this one.
            permit = RatePermit { begun: None, limiter: self.limiter.clone() };
        }
        // A shared budget is asked, perhaps after somebody else has asked it.
        for _ in 0..LOOKS {
            let held = match permit.begun {
                Some(begun) => self.limiter.renew(begun, now),
                None => self.limiter.try_take(now),
            };
            match held {
                Ok(()) => {
                    permit.begun = Some(now);
                    return Ok(permit);
                }
                Err(Held::For(wait)) => return Err(wait),
                Err(Held::Ask) => self.limiter.ask(sleep.as_ref(), 1).await,
                // It stands in no queue where it could be called: it goes ahead of all that do.
                Err(Held::Asked) => sleep.sleep(Wait { at_least: LOOK, at_most: LOOK }).await,
            }
            now = self.now().unwrap_or(now).max(now);
        }
        Err(PERMIT_VALIDITY)
    }

    /// Waits until the rate limit lets a request through, and adds the time that it takes to `waited`. `Err` has the wait that is
    /// too long.
    pub(super) async fn acquire_permit(&self, waited: &mut Waited) -> Result<RatePermit, Duration> {
        let permit = |begun| RatePermit { begun, limiter: self.limiter.clone() };
        let (Some(sleep), Some(mut now)) = (&self.sleep, self.now()) else { return Ok(permit(None)) };
        if self.limiter.try_take(now).is_ok() {
            return Ok(permit(Some(now)));
        }
        let Some(ticket) = self.limiter.queue_up() else { return Ok(permit(Some(now))) };
        let mut asleep = None;
        loop {
            let (wait, is_asked) = match ticket.try_acquire(now) {
                Ok(()) => return Ok(permit(Some(now))),
                Err(Held::For(wait)) => (wait, false),
                Err(Held::Asked) => (PERMIT_VALIDITY, true),
                Err(Held::Ask) => {
                    self.limiter.ask(sleep.as_ref(), 1).await;
                    let then = self.now().unwrap_or(now).max(now);
                    waited.for_limit = waited.for_limit.saturating_add(then.saturating_sub(now));
                    now = then;
                    continue;
                }
            };
            if !is_asked && !self.retry.may_wait_for_limit(*waited, wait) {
                return Err(wait);
            }
            let mut until = now.saturating_add(wait);
            match &asleep {
                // It wakes in time. Where that is too early, it looks again.
                Some((_, end)) if *end <= until => until = *end,
                _ => {
                    let exactly = Wait { at_least: wait, at_most: wait };
                    let sleeping =
                        if is_asked { sleep.sleep(exactly) } else { sleep.sleep_for_rate_limit(exactly) };
                    asleep = Some((sleeping, until));
                }
            }
            let is_rested = poll_fn(|context| match &mut asleep {
                Some((sleeping, _)) if ticket.poll_called(context).is_pending() => {
                    sleeping.as_mut().poll(context).map(|()| true)
                }
                _ => Poll::Ready(false),
            });
            let is_rested = is_rested.await;
            let mut then = self.now().unwrap_or(until).max(now);
            if is_rested {
                asleep = None;
                // A clock that stands still must not let anybody wait for ever.
                then = then.max(until);
            }
            waited.for_limit = waited.for_limit.saturating_add(then.saturating_sub(now));
            now = then;
        }
    }

    /// Lets the limiter and the trace see an answer. What the service asks of all processes is told to all.
    pub(super) async fn note_answer(
        &self,
        attempt: u32,
        begun: Option<Duration>,
        response: Option<&Response>,
        rate_limit: RateLimit,
    ) {
        let now = self.now();
        let took = now.zip(begun).map(|(now, begun)| now.saturating_sub(begun));
        trace::attempt(attempt, response.map(http::Response::status), took);
        if let (Some(now), Some(response)) = (now, response) {
            self.limiter.observe(now, &rate_limit);
            if response.status() == StatusCode::TOO_MANY_REQUESTS {
                self.limiter.close(now, hints::retry_after(response).unwrap_or(self.retry.throttled_wait()));
            }
            if let Some(sleep) = &self.sleep
                && self.limiter.has_to_tell(now)
            {
                self.limiter.ask(sleep.as_ref(), 0).await;
            }
        }
    }
}
