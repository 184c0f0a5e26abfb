//! `/metrics`: what was counted since the start, and how the whole stands, in the text format of Prometheus.

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::get,
};
use jiff::Timestamp;
use prometheus_client::{
    encoding::prometheus_text,
    metrics::gauge::ConstGauge,
    registry::{Registry, Unit},
};
use smartsync_core::Clock;
use smartsync_transport::CauseChain;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    server::meters::{Meters, PREFIX},
    store::{Journal, Status, StoreError},
};

/// How long what was read counts: whoever asks more often causes no more reads.
const LIFETIME: Duration = Duration::from_secs(1);

/// A database that takes longer is told of as one that cannot be read.
const READ_TIMEOUT: Duration = Duration::from_secs(3);

/// Clones share what was read last.
#[derive(Clone, Debug)]
pub(crate) struct MetricsPage {
    meters: Arc<Meters>,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    last: Arc<Mutex<Option<Found>>>,
}

#[derive(Debug)]
struct Found {
    at: Instant,
    /// `None`: it could not be read.
    status: Option<Status>,
}

impl MetricsPage {
    pub(crate) fn new(meters: Arc<Meters>, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>) -> Self {
        Self { meters, journal, clock, last: Arc::default() }
    }

    /// `/metrics`, and nothing else.
    pub(crate) fn router(self) -> Router {
        Router::new().route("/metrics", get(answer)).with_state(self)
    }

    async fn text(&self, at: Instant) -> Result<String, fmt::Error> {
        let mut last = self.last.lock().await;
        let is_old = |found: &Found| at.saturating_duration_since(found.at) >= LIFETIME;
        let found = match last.take().filter(|found| !is_old(found)) {
            Some(found) => found,
            None => Found { at, status: self.status().await },
        };
        let found = last.insert(found);
        self.meters.requests().forget_what_is_over(at);
        let mut text = String::new();
        prometheus_text::encode(&mut text, self.meters.registry())?;
        prometheus_text::encode(&mut text, &gauges(found.status.as_ref(), self.clock.now()))?;
        Ok(text)
    }

    async fn status(&self) -> Option<Status> {
        let status = timeout(READ_TIMEOUT, self.journal.status(self.clock.now()));
        match status.await.unwrap_or(Err(StoreError::Busy)) {
            Ok(status) => Some(status),
            Err(error) => {
                tracing::debug!(error = %CauseChain(&error), "how the whole stands could not be read");
                None
            }
        }
    }
}

async fn answer(State(page): State<MetricsPage>) -> Response {
    match page.text(Instant::now()).await {
        Ok(text) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(fmt::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// How the whole stands at this time. What is not known is left out.
fn gauges(status: Option<&Status>, now: Timestamp) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let readable = ConstGauge::new(i64::from(status.is_some()));
    registry.register(
        "database_readable",
        "1 if the database could just be read, else 0: the metrics of contracts and times are left out then",
        readable,
    );
    let Some(status) = status else { return registry };
    for (name, help, count) in [
        (
            "contracts_waiting",
            "Contracts that wait to be looked at, those that are not due yet included",
            status.waiting,
        ),
        ("contracts_running", "Contracts that are being looked at", status.running),
        ("contracts_parked", "Contracts that were given up, until a person sees to them", status.parked),
        (
            "contracts_drifting",
            "Contracts whose agreed values or signed document are not on the candidate's card",
            status.drift.contracts,
        ),
    ] {
        registry.register(name, help, ConstGauge::new(i64::from(count)));
    }
    let age = |since: Timestamp| Some(now.duration_since(since).as_secs_f64().max(0.0));
    let time = |time: Timestamp| Some(time.as_duration().as_secs_f64());
    for (name, help, seconds) in [
        (
            "oldest_waiting",
            "For how long the contract that waits longest has been due; 0 if none is due. What only a pass over all contracts asks for does not count",
            status.oldest_asked.map_or(Some(0.0), |due| age(due.at)),
        ),
        (
            "oldest_drift",
            "For how long the contract that drifts longest has drifted; 0 if none drifts",
            status.drift.oldest.map_or(Some(0.0), |drifting| age(drifting.since)),
        ),
        (
            "last_sweep_timestamp",
            "When the last pass over all contracts ended, in seconds since 1970",
            status.last_sweep.and_then(time),
        ),
        (
            "last_notification_timestamp",
            "When the last notification came, in seconds since 1970",
            status.last_notification.and_then(time),
        ),
    ] {
        if let Some(seconds) = seconds {
            registry.register_with_unit(name, help, Unit::Seconds, ConstGauge::new(seconds));
        }
    }
    registry
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::store::{LAST_SWEEP, Look, NextLook, Occasion, SqliteJournal, Store, Trigger};

    #[derive(Debug)]
    struct At(Timestamp);

    impl Clock for At {
        fn now(&self) -> Timestamp {
            self.0
        }
    }

    fn page(path: &Path) -> (Arc<SqliteJournal>, MetricsPage) {
        let journal = Arc::new(SqliteJournal::new(Store::open(path).unwrap()));
        let clock = Arc::new(At("2031-03-01T09:00:00Z".parse().unwrap()));
        (Arc::clone(&journal), MetricsPage::new(Arc::default(), journal, clock))
    }

    #[tokio::test]
    async fn whoever_asks_more_often_than_once_a_second_is_told_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, page) = page(&folder.path().join("state.db"));
        let begin = Instant::now();
        assert!(!page.text(begin).await.unwrap().contains("last_sweep_timestamp_seconds"), "none yet");
        journal.set_watermark(LAST_SWEEP, Some("2031-03-01T08:00:00Z")).await.unwrap();
        let soon = page.text(begin + Duration::from_millis(999)).await.unwrap();
        assert!(!soon.contains("last_sweep_timestamp_seconds"), "{soon}");
        let later = page.text(begin + Duration::from_secs(1)).await.unwrap();
        assert!(later.contains("\nsmartsync_last_sweep_timestamp_seconds 1930118400.0\n"), "{later}");
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_read_is_told_and_no_number_is_made_up() {
        let folder = tempfile::tempdir().unwrap();
        let (journal, page) = page(&folder.path().join("state.db"));
        let occasion = Occasion::new(9001.into(), Trigger::Notification, page.clock.now());
        journal.record(&Look::without_end(occasion, NextLook::Parked)).await.unwrap();
        let text = page.text(Instant::now()).await.unwrap();
        assert!(
            text.contains("\nsmartsync_database_readable 1\n") && text.contains("_contracts_parked 0\n"),
            "{text}"
        );
        rusqlite::Connection::open(folder.path().join("state.db"))
            .unwrap()
            .execute_batch("DROP TABLE waiting")
            .unwrap();
        let text = page.text(Instant::now() + LIFETIME).await.unwrap();
        assert!(text.contains("\nsmartsync_database_readable 0\n"), "{text}");
        assert!(!text.contains("contracts_") && text.contains("\nsmartsync_put_back_total 0\n"), "{text}");
    }
}
