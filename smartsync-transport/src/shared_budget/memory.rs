//! A shared budget in memory, for tests.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;

use super::{Grant, Report, SharedBudget, SharedBudgetError, SharedWindow};

/// A [`SharedBudget`] in memory, for clients in one process that are to behave as if each was in one of its own. Clones are one.
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use smartsync_transport::{
///     Report, SharedBudget as _, Sleep as _, TokioSleep, test_util::MemoryBudget,
/// };
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let budget = MemoryBudget::new(|| TokioSleep.now().unwrap_or_default());
/// let mut report = Report::new(1, 50, Duration::from_secs(10));
/// report.wants = 3;
/// assert_eq!(budget.exchange(&report).await?.granted, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MemoryBudget {
    clock: Arc<dyn Fn() -> Duration + Send + Sync>,
    window: Arc<Mutex<SharedWindow>>,
}

impl MemoryBudget {
    /// One whose time is what `clock` returns, since any fixed moment.
    pub fn new(clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { clock: Arc::new(clock), window: Arc::default() }
    }
}

impl fmt::Debug for MemoryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryBudget").field("window", &self.window).finish_non_exhaustive()
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl SharedBudget for MemoryBudget {
    async fn exchange(&self, report: &Report) -> Result<Grant, SharedBudgetError> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(window.exchange((self.clock)(), report))
    }
}
