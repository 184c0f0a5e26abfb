//! Notes looks in the journal, and drops old ones. What fails there fails no look.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
};

use jiff::Timestamp;
use smartsync_transport::CauseChain;

use crate::store::{Journal, KeepLooks, Look, StoreError};

/// So many old looks are dropped at once: whatever else is to be written waits meanwhile, notifications included.
const MAX_DROPPED: u32 = 100;

/// So often at a time, when there is nothing else to do.
const ROUNDS_WHEN_IDLE: u32 = 10;

/// With each of so many looks, some are dropped though there is more to do: twice as many as have come.
const LOOKS_BETWEEN_DROPS: u32 = 50;

/// Notes looks in a journal.
#[derive(Debug)]
pub(crate) struct LookRecorder {
    journal: Arc<dyn Journal>,
    keep: KeepLooks,
    has_failed: AtomicBool,
    recorded: AtomicU32,
}

impl LookRecorder {
    pub(crate) fn new(journal: Arc<dyn Journal>, keep: KeepLooks) -> Self {
        Self { journal, keep, has_failed: AtomicBool::new(false), recorded: AtomicU32::new(0) }
    }

    /// Adds a look.
    pub(crate) async fn record(&self, look: &Look) {
        let recorded = self.journal.record(look).await;
        self.tell(recorded);
        if self.recorded.fetch_add(1, Relaxed) % LOOKS_BETWEEN_DROPS == LOOKS_BETWEEN_DROPS - 1 {
            self.drop_old(look.occasion.at, 1).await;
        }
    }

    /// The number of the row that was noted last, for a look that begins; `None` if that could not be read.
    pub(crate) async fn last_number(&self) -> Option<u64> {
        self.journal.last_number().await.ok()
    }

    /// Drops some of the looks that are older than looks are kept, for a worker that has nothing else to do.
    pub(crate) async fn drop_when_idle(&self, now: Timestamp) {
        self.drop_old(now, ROUNDS_WHEN_IDLE).await;
    }

    async fn drop_old(&self, now: Timestamp, rounds: u32) {
        let Some(keep) = self.keep.duration() else { return };
        let before = now.checked_sub(keep).unwrap_or(Timestamp::MIN);
        for _ in 0..rounds {
            let dropped = self.journal.drop_older(before, MAX_DROPPED).await;
            let is_more = dropped.as_ref().is_ok_and(|dropped| u32::try_from(*dropped) == Ok(MAX_DROPPED));
            self.tell(dropped.map(drop));
            if !is_more {
                return;
            }
        }
    }

    /// Said once, however long it lasts.
    fn tell(&self, ended: Result<(), StoreError>) {
        match ended {
            Ok(()) => {
                if self.has_failed.swap(false, Relaxed) {
                    tracing::warn!("the journal is being written again");
                }
            }
            Err(error) if !self.has_failed.swap(true, Relaxed) => {
                tracing::error!(
                    error = %CauseChain(&error),
                    "the journal could not be written: contracts are synced, and `smartsync history` lacks these looks"
                );
            }
            Err(_) => {}
        }
    }
}

#[cfg(all(test, feature = "test-util"))]
mod tests {
    use smartsync_core::MemoryLedger;

    use super::*;
    use crate::store::{MemoryJournal, MemoryWork, NextLook, Occasion, TestTime, Trigger};

    #[tokio::test]
    async fn old_looks_are_dropped_ten_hundred_at_a_time_and_while_there_is_no_end_of_new_ones() {
        let time = TestTime::new();
        let journal = MemoryJournal::new(MemoryWork::new(time.clone(), time), Arc::new(MemoryLedger::new()));
        let recorder = LookRecorder::new(Arc::new(journal.clone()), KeepLooks::default());
        let (old, now): (Timestamp, Timestamp) =
            ("2031-01-01T09:00:00Z".parse().unwrap(), "2031-12-01T09:00:00Z".parse().unwrap());
        let look = |at, contract: i64| {
            Look::without_end(Occasion::new(contract.into(), Trigger::Notification, at), NextLook::None)
        };
        for contract in 0..1_250 {
            journal.record(&look(old, contract)).await.unwrap();
        }
        let left = || journal.all().iter().filter(|look| look.occasion.at == old).count();
        recorder.drop_when_idle(now).await;
        assert_eq!(left(), 250);
        for (looks, expected) in [(49, 250), (1, 150), (50, 50), (50, 0)] {
            for contract in 0..looks {
                recorder.record(&look(now, contract)).await;
            }
            assert_eq!(left(), expected);
        }
    }
}
