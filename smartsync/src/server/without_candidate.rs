//! Contracts without a candidate are none of the sync's: they are counted, and the count is logged.

use std::time::Duration;

use tokio::time::Instant;

/// No more than one line in this time.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// How many there were since the last line.
#[derive(Debug, Default)]
pub(crate) struct WithoutCandidate {
    count: u64,
    /// When the first of them was counted.
    since: Option<Instant>,
    logged: Option<Instant>,
}

impl WithoutCandidate {
    pub(crate) fn count(&mut self, now: Instant) {
        self.count = self.count.saturating_add(1);
        self.since.get_or_insert(now);
    }

    /// Logs the count at the end of a burst, or of a minute of one.
    pub(crate) fn log(&mut self, now: Instant, is_idle: bool) {
        let is_past = |at: Instant| now.saturating_duration_since(at) >= LOG_INTERVAL;
        if self.logged.is_none_or(is_past) && (is_idle || self.since.is_some_and(is_past)) {
            self.log_now(now);
        }
    }

    /// How long until there is something to log.
    pub(crate) fn wait(&self, now: Instant) -> Option<Duration> {
        let logged = self.logged.filter(|_| self.count > 0)?;
        Some((logged + LOG_INTERVAL).saturating_duration_since(now))
    }

    /// Logs the count, if there is one.
    pub(crate) fn log_now(&mut self, now: Instant) {
        if self.count > 0 {
            tracing::info!(
                contracts = self.count,
                outcome = "no candidate",
                "look finished, nobody has to do anything"
            );
            *self = Self { logged: Some(now), ..Self::default() };
        }
    }
}
