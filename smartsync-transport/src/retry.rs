//! Whether and when a failed request is sent again: a pure decision.

use std::time::Duration;

use crate::error::Error;

/// What is known when a request has failed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// How often the request was tried: 1 after the first failure.
    pub number: u32,
    /// How long the client has waited between the tries so far.
    pub waited: Duration,
    /// Whether sending the request twice has the effect of sending it once.
    pub idempotent: bool,
    /// Why the last try failed.
    pub error: &'a Error,
}

/// What to do with a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must handle both")]
pub enum Decision {
    /// Hand the error to the caller.
    Stop,
    /// Wait, then send the request again.
    Wait(Wait),
}

/// A span out of which the wait is drawn evenly ("full jitter"), so that many clients do not come back at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a span has two ends")]
pub struct Wait {
    /// Never shorter than this: the service's own hint.
    pub at_least: Duration,
    /// Never longer than this.
    pub at_most: Duration,
}

/// Retries what is safe to retry, with exponential backoff and full jitter, never sooner than the service asks.
///
/// A request that is not idempotent (it creates something) is sent again only if no byte of it was sent before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base: Duration,
    throttled_base: Duration,
    throttled_wait: Duration,
    cap: Duration,
    max_wait: Duration,
    limit_patience: Option<Duration>,
}

impl Default for RetryPolicy {
    /// Three tries; 50 ms doubling (1 s when throttled, after the hint, or after 10 s where the service gives none), at
    /// most 20 s each; a hint over 60 s is left to the caller.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base: Duration::from_millis(50),
            throttled_base: Duration::from_secs(1),
            throttled_wait: Duration::from_secs(10),
            cap: Duration::from_secs(20),
            max_wait: Duration::from_secs(60),
            limit_patience: None,
        }
    }
}

impl RetryPolicy {
    /// Never retries.
    #[must_use]
    pub fn none() -> Self {
        Self { max_attempts: 1, ..Self::default() }
    }

    /// Tries a request at most `attempts` times.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Waits at most `total` between all tries of a request; a longer hint becomes an error that carries it.
    #[must_use]
    pub fn max_wait(mut self, total: Duration) -> Self {
        self.max_wait = total;
        self
    }

    /// Waits a rate limit out: a request that was refused for it (429) is sent again as often as it takes, until its waits come
    /// to `total`. For long work that nobody waits for at a screen.
    #[must_use]
    pub fn wait_out_limits(mut self, total: Duration) -> Self {
        self.limit_patience = Some(total);
        self
    }

    /// Whether the client itself waits this long for a rate limit, and does not hand the wait to its caller.
    pub(crate) fn may_wait_for_limit(&self, wait: Duration) -> bool {
        wait <= self.limit_patience.unwrap_or(self.max_wait)
    }

    /// Whether tries that failed like this are not counted.
    pub(crate) fn waits_out(&self, error: &Error) -> bool {
        self.limit_patience.is_some() && error.is_rate_limited()
    }

    /// Decides on a failed request. No clock, no randomness: the same attempt gets the same answer.
    #[must_use]
    pub fn decide(&self, attempt: &Attempt<'_>) -> Decision {
        let error = attempt.error;
        // A 429 was refused before it took effect, so even a create may be sent again.
        let may_repeat = attempt.idempotent || error.was_never_sent() || error.is_rate_limited();
        let is_last = attempt.number >= self.max_attempts && !self.waits_out(error);
        if is_last || error.is_terminal() || !may_repeat {
            return Decision::Stop;
        }
        let base = if error.is_rate_limited() { self.throttled_base } else { self.base };
        let backoff =
            base.saturating_mul(2_u32.saturating_pow(attempt.number.saturating_sub(1))).min(self.cap);
        let unsaid = if error.is_rate_limited() { self.throttled_wait } else { Duration::ZERO };
        let at_least = error.retry_after().unwrap_or(unsaid);
        // The hint is whatever the service wrote: a sum that overflows would be a panic of its making.
        let at_most = at_least.saturating_add(backoff);
        let waited = attempt.waited.saturating_add(at_least);
        let is_bearable =
            if error.is_rate_limited() { self.may_wait_for_limit(waited) } else { waited <= self.max_wait };
        if !is_bearable {
            return Decision::Stop;
        }
        Decision::Wait(Wait { at_least, at_most })
    }
}
