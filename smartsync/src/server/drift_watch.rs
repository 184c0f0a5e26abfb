//! Raises an alert where more contracts drift than an hour ago.

use std::{sync::Arc, time::Duration};

use smartsync_core::Clock;
use smartsync_transport::{CauseChain, Sleep, Wait};

use crate::{
    server::alerts::{Alert, Alerts},
    store::Journal,
};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Looks once an hour.
#[derive(Clone, Debug)]
pub(crate) struct DriftWatch {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) alerts: Alerts,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sleep: Arc<dyn Sleep>,
}

impl DriftWatch {
    /// Until it is dropped.
    pub(crate) async fn run(self) {
        let mut before = None;
        loop {
            match self.journal.status(self.clock.now()).await {
                Ok(status) => {
                    let now = status.drift.contracts;
                    if before.replace(now).is_some_and(|before| now > before) {
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
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tokio::sync::mpsc;

    use super::*;
    use crate::store::{Look, NextLook, Occasion, SqliteJournal, Store, Trigger};

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

    #[tokio::test]
    async fn only_a_number_that_grew_in_an_hour_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Arc::new(SqliteJournal::new(Store::open(&folder.path().join("state.db")).unwrap()));
        let now: Timestamp = "2031-03-01T09:00:00Z".parse().unwrap();
        let drifts = async |contract: i64, drifts: bool| {
            let occasion = Occasion::new(contract.into(), Trigger::Sweep, now);
            let look = Look { drifts: Some(drifts), ..Look::without_end(occasion, NextLook::None) };
            journal.record(&look).await.unwrap();
        };
        drifts(1, true).await;
        let (alerts, mut raised) = Alerts::for_test();
        let (begins, mut sleeps) = mpsc::unbounded_channel();
        let go = Arc::new(tokio::sync::Semaphore::new(0));
        let watch = DriftWatch {
            journal: Arc::clone(&journal) as Arc<dyn Journal>,
            alerts,
            clock: Arc::new(At(now)),
            sleep: Arc::new(Steps(begins, Arc::clone(&go))),
        };
        let watch = tokio::spawn(watch.run());
        let mut told = Vec::new();
        for (contract, is_drifting) in [(1, true), (2, true), (2, true), (2, false), (3, true)] {
            assert_eq!(sleeps.recv().await.unwrap().at_least, HOUR);
            told.push(raised.try_recv().ok());
            drifts(contract, is_drifting).await;
            go.add_permits(1);
        }
        sleeps.recv().await.unwrap();
        told.push(raised.try_recv().ok());
        assert_eq!(told, [None, None, Some(Alert::drift(2)), None, None, Some(Alert::drift(2))]);
        watch.abort();
    }
}
