//! Notes looks in the journal, and drops old ones. What fails there fails no look.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use jiff::Timestamp;
use smartsync_transport::CauseChain;

use crate::store::{Journal, KeepLooks, Look, StoreError};

/// So many old looks are dropped at once: whatever else is to be written waits meanwhile, notifications included.
const MAX_DROPPED: u32 = 100;

/// Notes looks in a journal.
#[derive(Debug)]
pub(crate) struct LookRecorder {
    journal: Arc<dyn Journal>,
    keep: KeepLooks,
    has_failed: AtomicBool,
}

impl LookRecorder {
    pub(crate) fn new(journal: Arc<dyn Journal>, keep: KeepLooks) -> Self {
        Self { journal, keep, has_failed: AtomicBool::new(false) }
    }

    /// Adds a look.
    pub(crate) async fn record(&self, look: &Look) {
        let recorded = self.journal.record(look).await;
        self.tell(recorded);
    }

    /// Drops some of the looks that are older than looks are kept, for a worker that has nothing else to do.
    pub(crate) async fn drop_old(&self, now: Timestamp) {
        let Some(keep) = self.keep.duration() else { return };
        let before = now.checked_sub(keep).unwrap_or(Timestamp::MIN);
        let dropped = self.journal.drop_older(before, MAX_DROPPED).await;
        self.tell(dropped.map(drop));
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
