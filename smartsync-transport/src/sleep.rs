//! Waiting, injected: the library itself has no clock and no randomness.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use crate::retry::Wait;

/// Waits between two tries of a request, and for the rate limit.
///
/// With the feature `reqwest` a client has [`TokioSleep`](crate::TokioSleep) unless it was given another one. A client without any
/// ([`ApiClientBuilder::sleep`](crate::ApiClientBuilder::sleep)) does not try again and does not keep the rate limit; its errors
/// carry `retry_after()`. An implementation has the attribute that [`Transport`](crate::Transport) asks for.
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Sleep: fmt::Debug + Send + Sync {
    /// Returns after a time drawn evenly from `wait`.
    async fn sleep(&self, wait: Wait);

    /// The same where the service's rate limit is what is waited for, and not a service that fails: for a host that tells of
    /// it, or does not count it. By default no different.
    async fn sleep_for_rate_limit(&self, wait: Wait) {
        self.sleep(wait).await;
    }

    /// The time since any fixed moment. `None`, the default, for a sleep without a clock: then nothing is measured and
    /// no [`Limiter`](crate::Limiter) holds a request back.
    fn now(&self) -> Option<Duration> {
        None
    }

    /// The name of the clock, if all sleeps in this process that give this name have the same time [`now`](Sleep::now). Clients
    /// share a rate limit by themselves only if they share such a clock. `None`, the default: a clock of its own. A sleep around
    /// another one returns what that one does.
    fn shared_clock(&self) -> Option<&'static str> {
        None
    }
}

/// Waits on tokio's clock. Outside of a tokio runtime it blocks the thread: there, give the client a [`Sleep`] of your runtime's own.
#[cfg(feature = "reqwest")]
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a value that is written by its name")]
pub struct TokioSleep;

/// `now` is counted from a day before its first call, since a paused clock of another runtime can stand before that.
#[cfg(feature = "reqwest")]
const HEAD_START: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(feature = "reqwest")]
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Sleep for TokioSleep {
    async fn sleep(&self, wait: Wait) {
        let span = wait.at_most.saturating_sub(wait.at_least);
        let wait = wait.at_least.saturating_add(span.mul_f64(fastrand::f64()));
        if tokio::runtime::Handle::try_current().is_ok() {
            tokio::time::sleep(wait).await;
        } else {
            std::thread::sleep(wait);
        }
    }

    fn now(&self) -> Option<Duration> {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let start = *START.get_or_init(std::time::Instant::now);
        let now = tokio::time::Instant::now().into_std();
        Some(
            (HEAD_START + now.saturating_duration_since(start))
                .saturating_sub(start.saturating_duration_since(now)),
        )
    }

    fn shared_clock(&self) -> Option<&'static str> {
        Some("tokio")
    }
}
