//! `/metrics`: what was counted since the start, and how the whole stands, in the text format of Prometheus.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

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
    metrics::{
        family::Family,
        gauge::{ConstGauge, Gauge},
    },
    registry::{Registry, Unit},
};
use smartsync_core::Clock;
use smartsync_transport::CauseChain;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::{
    engine::tenant_label::TenantLabel,
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
    meters: Meters,
    /// The journal of each tenant.
    journals: Arc<[(TenantLabel, Arc<dyn Journal>)]>,
    clock: Arc<dyn Clock>,
    last: Arc<Mutex<Option<Found>>>,
}

#[derive(Debug)]
struct Found {
    at: Instant,
    /// `None`: that of one of them could not be read.
    all: Option<Vec<(TenantLabel, Status)>>,
}

impl MetricsPage {
    pub(crate) fn new(
        meters: Meters,
        journals: impl IntoIterator<Item = (TenantLabel, Arc<dyn Journal>)>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { meters, journals: journals.into_iter().collect(), clock, last: Arc::default() }
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
            None => Found { at, all: self.all().await },
        };
        let found = last.insert(found);
        self.meters.requests().forget_what_is_over(at);
        let mut text = String::new();
        prometheus_text::encode(&mut text, self.meters.registry())?;
        prometheus_text::encode(&mut text, &gauges(found.all.as_deref(), self.clock.now()))?;
        Ok(text)
    }

    async fn all(&self) -> Option<Vec<(TenantLabel, Status)>> {
        let all = async {
            let mut all = Vec::new();
            for (tenant, journal) in &*self.journals {
                all.push((tenant.clone(), journal.status(self.clock.now()).await?));
            }
            Ok(all)
        };
        match timeout(READ_TIMEOUT, all).await.unwrap_or(Err(StoreError::Busy)) {
            Ok(all) => Some(all),
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

/// The name of a metric, what is said of it, and the number of a tenant.
type Count = (&'static str, &'static str, fn(&Status) -> u32);

/// The same of seconds, at this time.
type Seconds = (&'static str, &'static str, fn(&Status, Timestamp) -> Option<f64>);

/// How long ago it was.
fn age(now: Timestamp, since: Timestamp) -> f64 {
    now.duration_since(since).as_secs_f64().max(0.0)
}

fn since_1970(time: Timestamp) -> f64 {
    time.as_duration().as_secs_f64()
}

/// How the whole stands at this time. What is not known is left out.
fn gauges(all: Option<&[(TenantLabel, Status)]>, now: Timestamp) -> Registry {
    let mut registry = Registry::with_prefix(PREFIX);
    let readable = ConstGauge::new(i64::from(all.is_some()));
    registry.register(
        "database_readable",
        "1 if the database could just be read, else 0: the metrics of contracts and times are left out then",
        readable,
    );
    let Some(all) = all else { return registry };
    let counts: [Count; 4] = [
        (
            "contracts_waiting",
            "Contracts that wait to be looked at, those that are not due yet included",
            |status| status.waiting,
        ),
        ("contracts_running", "Contracts that are being looked at", |status| status.running),
        ("contracts_parked", "Contracts that were given up, until a person sees to them", |status| {
            status.parked
        }),
        (
            "contracts_drifting",
            "Contracts whose agreed values or signed document are not on the candidate's card",
            |status| status.drift.contracts,
        ),
    ];
    for (name, help, count) in counts {
        let gauge = Family::<TenantLabel, Gauge>::default();
        for (tenant, status) in all {
            gauge.get_or_create(tenant).set(count(status).into());
        }
        registry.register(name, help, gauge);
    }
    let seconds: [Seconds; 4] = [
        (
            "oldest_waiting",
            "For how long the contract that waits longest has been due; 0 if none is due. What only a pass over all contracts asks for does not count",
            |status, now| Some(status.oldest_asked.as_ref().map_or(0.0, |due| age(now, due.at))),
        ),
        (
            "oldest_drift",
            "For how long the contract that drifts longest has drifted; 0 if none drifts",
            |status, now| Some(status.drift.oldest.as_ref().map_or(0.0, |drifting| age(now, drifting.since))),
        ),
        (
            "last_sweep_timestamp",
            "When the last pass over all contracts ended, in seconds since 1970",
            |status, _| status.last_sweep.map(since_1970),
        ),
        (
            "last_notification_timestamp",
            "When the last notification came, in seconds since 1970",
            |status, _| status.last_notification.map(since_1970),
        ),
    ];
    for (name, help, seconds) in seconds {
        let gauge = Family::<TenantLabel, Gauge<f64, AtomicU64>>::default();
        let mut is_known = false;
        for (tenant, status) in all {
            if let Some(seconds) = seconds(status, now) {
                is_known = true;
                gauge.get_or_create(tenant).set(seconds);
            }
        }
        if is_known {
            registry.register_with_unit(name, help, Unit::Seconds, gauge);
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
        let of_all: Arc<dyn Journal> = Arc::clone(&journal) as _;
        (journal, MetricsPage::new(Meters::default(), [(TenantLabel::default(), of_all)], clock))
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
