//! What became of notifications, by the hour, for people: counted in memory and added to the rest every few seconds. A row that each notification counts up
//! would have all of them wait for each other.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use smartsync_core::Clock;
use smartsync_transport::CauseChain;

use crate::store::{Overview, StoreError, Tallied};

/// So often it is added. A crash loses the count of so long, and no notification.
const INTERVAL: Duration = Duration::from_secs(10);

/// What was counted and is not added yet, of one tenant. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct IntakeTallies {
    counts: Arc<Mutex<BTreeMap<Tallied, u64>>>,
    /// Held while some are being added.
    adding: Arc<tokio::sync::Mutex<()>>,
}

impl IntakeTallies {
    pub(crate) fn count(&self, what: Tallied) {
        *self.lock().entry(what).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Tallied, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds what was counted to what is kept.
#[derive(Clone, Debug)]
pub(crate) struct TallyKeeper {
    pub(crate) tallies: IntakeTallies,
    pub(crate) overview: Arc<dyn Overview>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl TallyKeeper {
    /// Until it is dropped.
    pub(crate) async fn run(self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.add_all().await;
        }
    }

    /// Now, and once more at the end. What cannot be added now is added with what comes. An add that is under way goes on, even if whoever
    /// waits for it is gone, and this one waits for it.
    pub(crate) async fn add_all(&self) {
        let keeper = self.clone();
        // Broken off in its middle, nobody would know what to do with what it had taken out.
        let added = tokio::spawn(async move { keeper.add().await });
        if let Ok(Err(error)) = added.await {
            tracing::debug!(error = %CauseChain(&error), "what became of notifications could not be added to what is counted");
        }
    }

    async fn add(&self) -> Result<(), StoreError> {
        let _turn = self.tallies.adding.lock().await;
        let counted = mem::take(&mut *self.tallies.lock());
        if counted.is_empty() {
            return Ok(());
        }
        let counts: Vec<_> = counted.iter().map(|(what, count)| (*what, *count)).collect();
        let added = self.overview.tally(self.clock.now(), &counts).await;
        // What may have been added is not added again: rather too few for a moment than too many for 35 days.
        if added.as_ref().is_err_and(|error| !error.may_have_been_kept()) {
            let mut tallies = self.tallies.lock();
            for (what, count) in counted {
                *tallies.entry(what).or_default() += count;
            }
        }
        added
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use smartsync_core::engine::SystemClock;

    use super::*;
    use crate::store::{SqliteState, State as _, Tenant};

    #[tokio::test]
    async fn what_was_counted_is_added_once_and_kept_while_that_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let overview = SqliteState::open(&path).unwrap().overview(&Tenant::default());
        let tallies = IntakeTallies::default();
        let keeper = TallyKeeper {
            tallies: tallies.clone(),
            overview: Arc::clone(&overview),
            clock: Arc::new(SystemClock),
        };
        for _ in 0..3 {
            tallies.count(Tallied::NotificationAccepted);
        }
        tallies.count(Tallied::RefusedSignature);
        keeper.add_all().await;
        keeper.add_all().await;
        // Two hours, since one may end in this moment.
        let kept = overview.tallies(SystemClock.now(), 2, 1).await.unwrap().remove(0);
        assert_eq!((kept.of(Tallied::NotificationAccepted), kept.of(Tallied::RefusedSignature)), (3, 1));

        fs::remove_file(&path).unwrap();
        tallies.count(Tallied::NotificationRepeated);
        keeper.add().await.unwrap_err();
        tallies.count(Tallied::NotificationRepeated);
        assert_eq!(*tallies.lock(), BTreeMap::from([(Tallied::NotificationRepeated, 2)]));
    }

    #[tokio::test]
    async fn an_add_that_nobody_waits_for_any_more_loses_nothing_and_adds_nothing_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let overview = SqliteState::open(&path).unwrap().overview(&Tenant::default());
        let tallies = IntakeTallies::default();
        let keeper = TallyKeeper {
            tallies: tallies.clone(),
            overview: Arc::clone(&overview),
            clock: Arc::new(SystemClock),
        };
        let other = rusqlite::Connection::open(&path).unwrap();
        let refuses = "CREATE TRIGGER refuses BEFORE INSERT ON tallies BEGIN SELECT RAISE(ABORT, 'no'); END;";
        for (meanwhile, expected) in [("", 2), (refuses, 4)] {
            // While another writes, a commit takes its time.
            other.execute_batch("BEGIN IMMEDIATE").unwrap();
            tallies.count(Tallied::NotificationAccepted);
            let waits = tokio::spawn({
                let keeper = keeper.clone();
                async move { keeper.add_all().await }
            });
            while !tallies.lock().is_empty() {
                tokio::task::yield_now().await;
            }
            waits.abort();
            assert!(waits.await.unwrap_err().is_cancelled());
            tallies.count(Tallied::NotificationAccepted);
            other.execute_batch(&format!("{meanwhile}COMMIT; ")).unwrap();
            keeper.add_all().await;
            other.execute_batch("DROP TRIGGER IF EXISTS refuses").unwrap();
            keeper.add_all().await;
            // Two hours, since one may end in this moment.
            let kept = overview.tallies(SystemClock.now(), 2, 1).await.unwrap().remove(0);
            assert_eq!(kept.of(Tallied::NotificationAccepted), expected);
        }
    }
}
