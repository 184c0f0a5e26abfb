//! Whether and when a failed request is sent again: a pure decision.

use std::time::Duration;

use crate::error::Error;

/// What is known when a request has failed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// How often the request was tried: 1 after the first failure.
    pub number: u32,
    /// How long the request has waited so far.
    pub waited: Duration,
    /// How much of that was for the service's rate limit.
    pub waited_for_limit: Duration,
    /// Whether sending the request twice has the effect of sending it once.
    pub idempotent: bool,
    /// Why the last try failed.
    pub error: &'a Error,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(number: u32, waited: Waited, idempotent: bool, error: &'a Error) -> Self {
        Self { number, waited: waited.total(), waited_for_limit: waited.for_limit, idempotent, error }
    }
}

/// How long a request has waited so far, and what for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Waited {
    pub(crate) for_limit: Duration,
    pub(crate) for_failure: Duration,
}

impl Waited {
    fn total(self) -> Duration {
        self.for_limit.saturating_add(self.for_failure)
    }
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
/// A request that is not idempotent (it creates something) is sent again only if it had no effect: no byte of it was sent, or it was
/// refused with 429.
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
    /// Never retries. The rate limit is still waited for.
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

    /// A request waits at most `total`, between its tries and for the rate limit together. A wait that would make it longer becomes
    /// an error at once, which says how long it is ([`Error::retry_after`]). 60 seconds unless set; zero never waits for the rate
    /// limit.
    #[must_use]
    pub fn max_wait(mut self, total: Duration) -> Self {
        self.max_wait = total;
        self
    }

    /// Waits a rate limit out: a request waits for the client's own limiter, and is sent again when the service refused it for the
    /// limit (429), as often as it takes, until these waits come to `total`. They do not count for [`RetryPolicy::max_wait`] then. For
    /// long work that nobody waits for at a screen.
    #[must_use]
    pub fn wait_out_limits(mut self, total: Duration) -> Self {
        self.limit_patience = Some(total);
        self
    }

    /// Whether the client itself waits this much longer for a rate limit, and does not hand the wait to its caller.
    pub(crate) fn may_wait_for_limit(&self, waited: Waited, wait: Duration) -> bool {
        match self.limit_patience {
            Some(patience) => waited.for_limit.saturating_add(wait) <= patience,
            None => waited.total().saturating_add(wait) <= self.max_wait,
        }
    }

    /// The same for a service that fails.
    fn may_wait_for_failure(&self, waited: Waited, wait: Duration) -> bool {
        let counted = if self.limit_patience.is_some() { waited.for_failure } else { waited.total() };
        counted.saturating_add(wait) <= self.max_wait
    }

    /// Whether anything is ever sent again.
    pub(crate) fn retries(&self) -> bool {
        self.max_attempts > 1 || self.limit_patience.is_some()
    }

    /// What a 429 that does not say how long it lasts is worth as a wait.
    pub(crate) fn throttled_wait(&self) -> Duration {
        self.throttled_wait
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
        let for_limit = attempt.waited_for_limit;
        let waited = Waited { for_limit, for_failure: attempt.waited.saturating_sub(for_limit) };
        let is_bearable = if error.is_rate_limited() {
            self.may_wait_for_limit(waited, at_least)
        } else {
            self.may_wait_for_failure(waited, at_least)
        };
        if !is_bearable {
            return Decision::Stop;
        }
        Decision::Wait(Wait { at_least, at_most })
    }
}
