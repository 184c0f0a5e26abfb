//! Raises an alert where more contracts drift than an hour ago.

use std::{sync::Arc, time::Duration};

use smartsync_core::Clock;
use smartsync_transport::{CauseChain, Sleep, Wait};

use crate::{
    server::{
        alerts::{Alert, Alerts},
        duty::Duty,
    },
    store::Journal,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Looks once an hour.
#[derive(Clone, Debug)]
pub(crate) struct DriftWatch {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) alerts: Alerts,
    pub(crate) duty: Duty,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sleep: Arc<dyn Sleep>,
}

impl DriftWatch {
    /// Until it is dropped. Where several servers have the state, each counts, so that whichever has the duty knows what was before.
    pub(crate) async fn run(self) {
        let mut before = None;
        loop {
            match self.journal.status(self.clock.now()).await {
                Ok(status) => {
                    let now = status.drift.contracts;
                    let has_grown = before.replace(now).is_some_and(|before| now > before);
                    if self.is_on_duty().await && has_grown {
                        self.alerts.raise(Alert::drift(now));
                    }
                }
                Err(error) => {
                    tracing::debug!(error = %CauseChain(&error), "the number of drifting contracts could not be read");
                }
            }
            self.sleep.sleep(Wait { at_least: HOUR, at_most: HOUR }).await;
        }
    }

    /// Whether it is this server that tells. Where nobody can be asked it is: told twice is better than not at all.
    async fn is_on_duty(&self) -> bool {
        self.duty.take().await.unwrap_or_else(|error| {
            tracing::debug!(error = %CauseChain(&error), "which server tells of drift could not be asked");
            true
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use smartsync_core::engine::Leases;
    use tokio::sync::mpsc;

    use super::*;
    use crate::store::{Look, MemoryLeases, NextLook, Occasion, SqliteJournal, Store, TestTime, Trigger};

    #[derive(Debug)]
    struct At(Timestamp);

    impl Clock for At {
        fn now(&self) -> Timestamp {
            self.0
        }
    }

    /// Sleeps until it is told to go on; tells when it begins to.
    #[derive(Debug)]
    struct Steps(mpsc::UnboundedSender<Wait>, Arc<tokio::sync::Semaphore>);

    #[async_trait::async_trait]
    impl Sleep for Steps {
        async fn sleep(&self, wait: Wait) {
            self.0.send(wait).unwrap();
            self.1.acquire().await.unwrap().forget();
        }
    }

    /// A journal in which contracts drift or do not.
    struct Drifting {
        journal: Arc<SqliteJournal>,
        now: Timestamp,
        _folder: tempfile::TempDir,
    }

    impl Drifting {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let store = Store::open(&folder.path().join("state.db")).unwrap();
            let now = "2031-03-01T09:00:00Z".parse().unwrap();
            Self { journal: Arc::new(SqliteJournal::new(store)), now, _folder: folder }
        }

        async fn drifts(&self, contract: i64, drifts: bool) {
            let occasion = Occasion::new(contract.into(), Trigger::Sweep, self.now);
            let look = Look { drifts: Some(drifts), ..Look::without_end(occasion, NextLook::None) };
            self.journal.record(&look).await.unwrap();
        }

        fn watched(&self, duty: Duty) -> Watched {
            let (alerts, raised) = Alerts::for_test();
            let (begins, sleeps) = mpsc::unbounded_channel();
            let go = Arc::new(tokio::sync::Semaphore::new(0));
            let watch = DriftWatch {
                journal: Arc::clone(&self.journal) as Arc<dyn Journal>,
                alerts,
                duty,
                clock: Arc::new(At(self.now)),
                sleep: Arc::new(Steps(begins, Arc::clone(&go))),
            };
            Watched { task: tokio::spawn(watch.run()), raised, sleeps, go }
        }
    }

    /// A watch that runs.
    struct Watched {
        task: tokio::task::JoinHandle<()>,
        raised: mpsc::Receiver<Alert>,
        sleeps: mpsc::UnboundedReceiver<Wait>,
        go: Arc<tokio::sync::Semaphore>,
    }

    impl Watched {
        /// What it has told when it sleeps.
        async fn told(&mut self) -> Option<Alert> {
            assert_eq!(self.sleeps.recv().await.unwrap().at_least, HOUR);
            self.raised.try_recv().ok()
        }

        fn an_hour_passes(&self) {
            self.go.add_permits(1);
        }
    }

    #[tokio::test]
    async fn only_a_number_that_grew_in_an_hour_is_told() {
        let drifting = Drifting::new();
        drifting.drifts(1, true).await;
        let mut watched = drifting.watched(Duty::default());
        let mut told = Vec::new();
        for (contract, is_drifting) in [(1, true), (2, true), (2, true), (2, false), (3, true)] {
            told.push(watched.told().await);
            drifting.drifts(contract, is_drifting).await;
            watched.an_hour_passes();
        }
        told.push(watched.told().await);
        assert_eq!(told, [None, None, Some(Alert::drift(2)), None, None, Some(Alert::drift(2))]);
        watched.task.abort();
    }

    #[tokio::test]
    async fn of_two_servers_one_tells_and_the_other_once_that_one_is_gone() {
        let (drifting, time) = (Drifting::new(), TestTime::new());
        let leases: Arc<dyn Leases> = Arc::new(MemoryLeases::new(time.clone()));
        drifting.drifts(1, true).await;
        let mut one = drifting.watched(Duty::drift_watch(Some(Arc::clone(&leases))));
        assert_eq!(one.told().await, None);
        let mut other = drifting.watched(Duty::drift_watch(Some(leases)));
        assert_eq!(other.told().await, None);
        for contract in 2..=4 {
            drifting.drifts(contract, true).await;
            time.pass(HOUR);
            one.an_hour_passes();
            assert_eq!(one.told().await, Some(Alert::drift(u32::try_from(contract).unwrap())));
            other.an_hour_passes();
            assert_eq!(other.told().await, None);
        }
        one.task.abort();
        drifting.drifts(5, true).await;
        time.pass(HOUR * 2);
        other.an_hour_passes();
        assert_eq!(other.told().await, Some(Alert::drift(5)));
        other.task.abort();
    }
}
