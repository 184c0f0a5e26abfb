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
pub(crate) struct IntakeTallies(Arc<Mutex<BTreeMap<Tallied, u64>>>);

impl IntakeTallies {
    pub(crate) fn count(&self, what: Tallied) {
        *self.lock().entry(what).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Tallied, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Now, and once more at the end. What cannot be added now is added with what comes.
    pub(crate) async fn add_all(&self) {
        if let Err(error) = self.add().await {
            tracing::debug!(error = %CauseChain(&error), "what became of notifications could not be added to what is counted");
        }
    }

    async fn add(&self) -> Result<(), StoreError> {
        let counted = mem::take(&mut *self.tallies.lock());
        if counted.is_empty() {
            return Ok(());
        }
        let counts: Vec<_> = counted.iter().map(|(what, count)| (*what, *count)).collect();
        let added = self.overview.tally(self.clock.now(), &counts).await;
        if added.is_err() {
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
}
