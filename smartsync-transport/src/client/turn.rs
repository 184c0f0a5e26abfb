//! A place within the rate limit: waiting for it, and what the answer says of the next one.

use std::time::Duration;

use http::StatusCode;

use super::{ApiClient, Inner};
use crate::{
    endpoint::Service,
    hints::{self, RateLimit},
    retry::Wait,
    trace,
    transport::Response,
};

/// A place within the rate limit, for one request: see [`ApiClient::take_turn`].
#[derive(Debug)]
#[must_use]
pub struct Turn {
    pub(super) begun: Option<Duration>,
    waits: bool,
}

impl Turn {
    /// Whether the client waits for its turns, so that after a 429 the next turn comes when the service is ready again. False
    /// without a limiter, or without a [`Sleep`](crate::Sleep).
    #[must_use]
    pub fn is_waited_for(&self) -> bool {
        self.waits && self.begun.is_some()
    }
}

impl<S: Service> ApiClient<S> {
    /// Waits until the rate limit lets a request through. The turn is taken, whether or not a request follows.
    ///
    /// With it, what a request rests on can be read or checked after the wait, and not before it:
    /// [`ApiClient::send_in_turn`] then sends at once.
    pub async fn take_turn(&self) -> Turn {
        Turn { begun: self.inner.take_turn().await, waits: self.inner.limiter.is_some() }
    }
}

impl Inner {
    fn now(&self) -> Option<Duration> {
        self.sleep.as_ref()?.now()
    }

    /// Waits until the rate limit lets a request through, and returns the time then.
    async fn take_turn(&self) -> Option<Duration> {
        let (sleep, now) = (self.sleep.as_ref()?, self.now()?);
        let wait = self.limiter.as_ref().map_or(Duration::ZERO, |limiter| limiter.reserve(now));
        if wait.is_zero() {
            return Some(now);
        }
        sleep.sleep_for_limit(Wait { at_least: wait, at_most: wait }).await;
        self.now()
    }

    /// Lets the limiter and the trace see an answer.
    pub(super) fn note_answer(
        &self,
        attempt: u32,
        begun: Option<Duration>,
        response: Option<&Response>,
        mut rate_limit: RateLimit,
    ) {
        let now = self.now();
        let took = now.zip(begun).map(|(now, begun)| now.saturating_sub(begun));
        trace::attempt(attempt, response.map(http::Response::status), took);
        if let (Some(limiter), Some(now), Some(response)) = (&self.limiter, now, response) {
            // A longer wait is the caller's: it gets the error with the hint, and nobody is held up here.
            let bearable = |wait: &Duration| self.retry.may_wait_for_limit(*wait);
            rate_limit.reset = rate_limit.reset.filter(bearable);
            limiter.observe(now, &rate_limit);
            if response.status() == StatusCode::TOO_MANY_REQUESTS
                && let Some(wait) = hints::retry_after(response).filter(bearable)
            {
                limiter.close(now, wait);
            }
        }
    }
}
