//! Waiting for a service's rate limit: it is said, and takes nothing of the time that a look may have.

use std::{
    fmt,
    future::Future,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{Sleep, TokioSleep, Wait};
use tokio::time::{self, Instant};

/// A shorter wait is nothing to speak of.
const MIN_LOGGED_WAIT: Duration = Duration::from_secs(5);
/// Where one wait follows the other, one a minute is said of each service.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

tokio::task_local! {
    static WAITS: LimitWaits;
}

/// How some work waits for the rate limits of the services: how long so far, and for which one now. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct LimitWaits(Arc<Mutex<Waited>>);

#[derive(Debug, Default)]
struct Waited {
    past: Duration,
    now: Option<Running>,
}

#[derive(Debug)]
struct Running {
    service: &'static str,
    since: Instant,
    until: Instant,
}

/// A wait for a service's rate limit. `Display` is a sentence: `waiting for Oneflow's limit, 212 s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitWait {
    /// Whose limit it is.
    pub service: &'static str,
    /// How long it still takes, at least.
    pub left: Duration,
}

impl LimitWaits {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does `work`, and sees its waits.
    pub async fn watch<F: Future>(&self, work: F) -> F::Output {
        WAITS.scope(self.clone(), work).await
    }

    /// Does `work`, and sees its waits, for at most `limit`, in which they are not counted. `None`: it took longer.
    pub async fn timeout<F: Future>(&self, limit: Duration, work: F) -> Option<F::Output> {
        let (begun, before) = (Instant::now(), self.total());
        let most = || limit.saturating_add(self.total().saturating_sub(before));
        let mut work = pin!(self.watch(work));
        loop {
            tokio::select! {
                biased;
                output = &mut work => return Some(output),
                // Meanwhile there may have been waits.
                () = time::sleep_until(begun + most()) => if begun.elapsed() >= most() { return None },
            }
        }
    }

    /// What is waited for at this moment.
    #[must_use]
    pub fn now(&self) -> Option<LimitWait> {
        let now = Instant::now();
        let waited = self.lock();
        waited.now.as_ref().map(|running| LimitWait {
            service: running.service,
            left: running.until.saturating_duration_since(now),
        })
    }

    /// All waits so far, together.
    #[must_use]
    pub fn total(&self) -> Duration {
        let waited = self.lock();
        waited.past + waited.now.as_ref().map(|running| running.since.elapsed()).unwrap_or_default()
    }

    fn begin(self, service: &'static str, left: Duration) -> Waiting {
        let since = Instant::now();
        self.lock().now = Some(Running { service, since, until: since + left });
        Waiting(self)
    }

    fn lock(&self) -> MutexGuard<'_, Waited> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait that goes on until this is dropped: whoever waits may be dropped as well.
struct Waiting(LimitWaits);

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut waited = self.0.lock();
        if let Some(running) = waited.now.take() {
            waited.past += running.since.elapsed();
        }
    }
}

impl fmt::Display for LimitWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waiting {1} s for {0}'s rate limit", self.service, self.left.as_secs_f64().ceil())
    }
}

/// The [`Sleep`] of a service's client: it says the waits for a limit in the log, and notes them for whoever does the work.
#[derive(Debug)]
pub(crate) struct LimitSleep {
    service: &'static str,
    said: Mutex<Option<Instant>>,
}

impl LimitSleep {
    pub(crate) fn new(service: &'static str) -> Self {
        Self { service, said: Mutex::default() }
    }

    fn log(&self, left: Duration) {
        let wait = LimitWait { service: self.service, left };
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if left < MIN_LOGGED_WAIT || said.is_some_and(|said| said.elapsed() < LOG_INTERVAL) {
            tracing::debug!("{wait}");
        } else {
            tracing::info!("{wait}");
            *said = Some(Instant::now());
        }
    }
}

#[async_trait]
impl Sleep for LimitSleep {
    async fn sleep(&self, wait: Wait) {
        TokioSleep.sleep(wait).await;
    }

    async fn sleep_for_rate_limit(&self, wait: Wait) {
        self.log(wait.at_least);
        let _waiting =
            WAITS.try_with(Clone::clone).ok().map(|waits| waits.begin(self.service, wait.at_least));
        self.sleep(wait).await;
    }

    fn now(&self) -> Option<Duration> {
        TokioSleep.now()
    }

    fn shared_clock(&self) -> Option<&'static str> {
        TokioSleep.shared_clock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: f64) -> Wait {
        let seconds = Duration::from_secs_f64(seconds);
        Wait { at_least: seconds, at_most: seconds }
    }

    #[tokio::test]
    async fn a_wait_for_a_limit_takes_nothing_of_the_time_and_any_other_wait_does() {
        let (sleep, limit) = (LimitSleep::new("Oneflow"), Duration::from_secs(1));
        let waits = LimitWaits::new();
        let in_time = waits.timeout(limit, async {
            sleep.sleep_for_rate_limit(seconds(0.8)).await;
            sleep.sleep_for_rate_limit(seconds(0.8)).await;
            sleep.sleep(seconds(0.1)).await;
        });
        assert_eq!(in_time.await, Some(()));
        assert!(waits.total() >= Duration::from_secs_f64(1.6) && waits.now().is_none());
        // What was waited before is no credit for what comes after.
        assert_eq!(waits.timeout(limit, sleep.sleep(seconds(30.0))).await, None);
    }

    #[tokio::test]
    async fn a_wait_can_be_seen_while_it_lasts_also_by_an_end_that_comes_first() {
        let (sleep, waits) = (LimitSleep::new("Teamtailor"), LimitWaits::new());
        let wait = waits.watch(sleep.sleep_for_rate_limit(seconds(212.0)));
        assert!(time::timeout(Duration::from_millis(50), wait).await.is_err());
        assert_eq!(waits.now(), None);
        let seen = tokio::join!(
            time::timeout(Duration::from_millis(50), waits.watch(sleep.sleep_for_rate_limit(seconds(211.9)))),
            async {
                time::sleep(Duration::from_millis(10)).await;
                waits.now().map(|wait| wait.to_string())
            }
        );
        assert_eq!(seen.1.as_deref(), Some("waiting 212 s for Teamtailor's rate limit"));
    }
}
