//! Time that passes when a test says so.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync_core::Clock;
use smartsync_transport::{Sleep, Wait};
use tokio::sync::watch;

/// When it begins, in seconds since 1970.
const BEGINNING: i64 = 1_900_000_000;

/// A clock, and a sleep on it. Clones are one.
///
/// ```
/// use std::time::Duration;
/// use smartsync::store::TestTime;
/// use smartsync_core::Clock as _;
///
/// let time = TestTime::new();
/// let before = time.now();
/// time.pass(Duration::from_secs(60));
/// assert_eq!(time.now().duration_since(before).as_secs(), 60);
/// ```
#[derive(Clone, Debug)]
pub struct TestTime(Arc<watch::Sender<Duration>>);

impl TestTime {
    /// One that stands.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Duration::ZERO)))
    }

    /// Lets time pass: who sleeps no longer than that wakes up.
    pub fn pass(&self, time: Duration) {
        self.0.send_modify(|now| *now += time);
    }
}

impl Default for TestTime {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TestTime {
    fn now(&self) -> Timestamp {
        let passed = jiff::SignedDuration::try_from(*self.0.borrow()).unwrap_or(jiff::SignedDuration::MAX);
        let beginning = Timestamp::from_second(BEGINNING).unwrap_or(Timestamp::UNIX_EPOCH);
        beginning.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }
}

#[async_trait]
impl Sleep for TestTime {
    async fn sleep(&self, wait: Wait) {
        let mut time = self.0.subscribe();
        let end = time.borrow_and_update().saturating_add(wait.at_least);
        // An error means that the clock is gone, and with it whoever could let time pass.
        time.wait_for(|now| *now >= end).await.ok();
    }

    fn now(&self) -> Option<Duration> {
        Some(*self.0.borrow())
    }
}
