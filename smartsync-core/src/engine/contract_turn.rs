//! One look at a contract at a time. Callers that arrive during a look share the next one.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_lock::{Mutex, MutexGuard};

use super::{engine_error::EngineError, report::Report};

/// What the callers of one contract share.
#[derive(Default)]
pub(crate) struct ContractTurn {
    /// How many callers have asked for a look so far.
    asked: AtomicU64,
    latest: Mutex<LatestLook>,
}

/// The most recent look that was shared.
#[derive(Default)]
pub(crate) struct LatestLook {
    /// How many callers had asked when it began. It is recent enough for all of them.
    covers: u64,
    result: Option<Result<Report, Arc<EngineError>>>,
}

impl ContractTurn {
    /// The result of a look that begins after this call: either `look`, or a look that another caller begins in the meantime.
    ///
    /// If the future is dropped, while it waits or during its look, the next caller takes its turn.
    pub(crate) async fn share(
        &self,
        look: impl Future<Output = Result<Report, EngineError>>,
    ) -> Result<Report, EngineError> {
        let before = self.asked.fetch_add(1, Ordering::SeqCst);
        let mut latest = self.latest.lock().await;
        if latest.covers > before
            && let Some(result) = &latest.result
        {
            return result.clone().map_err(EngineError::Shared);
        }
        let covers = self.asked.load(Ordering::SeqCst);
        if covers == before + 1 {
            // No other caller is waiting, so the result need not be kept.
            return look.await;
        }
        let result = look.await.map_err(Arc::new);
        *latest = LatestLook { covers, result: Some(result.clone()) };
        result.map_err(EngineError::Shared)
    }

    /// Waits until no look is running, and lets none begin while the guard is held.
    pub(crate) async fn alone(&self) -> MutexGuard<'_, LatestLook> {
        self.latest.lock().await
    }
}
