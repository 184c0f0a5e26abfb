//! Time, which both services and the host share. It moves only when somebody waits.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync_core::Clock;
use smartsync_transport::{Sleep, Wait};

use super::stage::Stage;

/// The host's clock.
#[derive(Debug)]
pub(super) struct Time(pub(super) Arc<Stage>);

impl Clock for Time {
    fn now(&self) -> Timestamp {
        self.0.lock().sandbox.now()
    }
}

#[async_trait]
impl Sleep for Time {
    async fn sleep(&self, wait: Wait) {
        self.0.pause().await;
        self.0.lock().sleep(wait);
        self.0.pause().await;
    }

    fn now(&self) -> Option<Duration> {
        u64::try_from(self.0.lock().milliseconds()).ok().map(Duration::from_millis)
    }
}

impl super::stage::Inner {
    /// The current task waits; people go on meanwhile.
    fn sleep(&mut self, wait: Wait) {
        let events = self.task().at_sleep();
        let least = u64::try_from(wait.at_least.as_millis()).unwrap_or_default();
        let most = u64::try_from(wait.at_most.as_millis()).unwrap_or(least).max(least);
        let whole = self.rng.u64(least..=most);
        let first = self.rng.u64(..=whole);
        self.trace(|| format!("   waits {whole} ms"));
        self.advance(first);
        let (_, after) = self.happen(&events);
        self.meanwhile(after);
        self.advance(whole - first);
        self.pass_step();
    }
}
