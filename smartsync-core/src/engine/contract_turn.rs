//! One look at a contract at a time; callers that wait meanwhile share the next one.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_lock::{Mutex, MutexGuard};

use super::{engine_error::EngineError, report::Report};

/// What the callers of one contract share.
#[derive(Default)]
pub(crate) struct ContractTurn {
    /// How many have asked for a look so far.
    asked: AtomicU64,
    latest: Mutex<LatestLook>,
}

/// The look that ended last.
#[derive(Default)]
pub(crate) struct LatestLook {
    /// It began after so many had asked, so it saw all that these wanted to be seen.
    covers: u64,
    result: Option<Result<Report, Arc<EngineError>>>,
}

impl ContractTurn {
    /// The result of a look that begins after this call: of `look` itself, or of one that another caller begins meanwhile.
    ///
    /// Who is dropped while it waits or looks leaves its turn to the next.
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
            // Nobody waits for this look.
            return look.await;
        }
        let result = look.await.map_err(Arc::new);
        *latest = LatestLook { covers, result: Some(result.clone()) };
        result.map_err(EngineError::Shared)
    }

    /// Waits until nobody looks at the contract, and keeps it so.
    pub(crate) async fn alone(&self) -> MutexGuard<'_, LatestLook> {
        self.latest.lock().await
    }
}
