//! Waiting, injected: the library itself has no clock and no randomness.

use std::{fmt, time::Duration};

use async_trait::async_trait;

use crate::retry::Wait;

/// Waits between two tries of a request.
///
/// Without one ([`ApiClientBuilder::sleep`](crate::ApiClientBuilder::sleep)), a failed request is not retried and its error carries `retry_after()`.
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Sleep: fmt::Debug + Send + Sync {
    /// Returns after a time drawn evenly from `wait`.
    async fn sleep(&self, wait: Wait);

    /// The same where the service's rate limit is what is waited for, and not a service that fails: for a host that tells of
    /// it, or does not count it. By default no different.
    async fn sleep_for_limit(&self, wait: Wait) {
        self.sleep(wait).await;
    }

    /// The time since any fixed moment. `None`, the default, for a sleep without a clock: then nothing is measured and
    /// no [`Limiter`](crate::Limiter) holds a request back.
    fn now(&self) -> Option<Duration> {
        None
    }
}

/// Waits on tokio's clock.
#[cfg(feature = "reqwest")]
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TokioSleep;

#[cfg(feature = "reqwest")]
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl Sleep for TokioSleep {
    async fn sleep(&self, wait: Wait) {
        let span = wait.at_most.saturating_sub(wait.at_least);
        tokio::time::sleep(wait.at_least.saturating_add(span.mul_f64(fastrand::f64()))).await;
    }

    fn now(&self) -> Option<Duration> {
        static START: std::sync::OnceLock<tokio::time::Instant> = std::sync::OnceLock::new();
        Some(START.get_or_init(tokio::time::Instant::now).elapsed())
    }
}
