//! Which server makes the passes of a tenant, where several have its state.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use smartsync_core::{
    LedgerError,
    engine::{Lease, Leases},
};
use smartsync_transport::CauseChain;

/// The name of the lease.
const NAME: &str = "sweep";

/// It is renewed every minute. If its server hangs, and nothing else ends the lease of one that does, another has it after this time.
const LEASE_TIME: Duration = Duration::from_secs(3 * 60);

/// The lease of the passes. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct SweepLease {
    /// `None`: only one server has the state.
    leases: Option<Arc<dyn Leases>>,
    held: Arc<Mutex<Option<Lease>>>,
}

impl SweepLease {
    /// Of the leases of a tenant, if its state has any.
    pub(crate) fn of(leases: Option<Arc<dyn Leases>>) -> Self {
        Self { leases, held: Arc::default() }
    }

    /// Takes it if nobody else has it. Returns whether it is ours.
    pub(super) async fn take(&self) -> Result<bool, LedgerError> {
        if self.is_ours().await? {
            return Ok(true);
        }
        let Some(leases) = &self.leases else { return Ok(true) };
        let lease = leases.acquire(NAME, LEASE_TIME).await?;
        let is_ours = lease.is_some();
        self.hold(lease);
        Ok(is_ours)
    }

    /// Renews it, and returns whether it still is ours. Asked before each write of a pass.
    pub(super) async fn is_ours(&self) -> Result<bool, LedgerError> {
        let Some(leases) = &self.leases else { return Ok(true) };
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(held) = held else { return Ok(false) };
        let is_ours = leases.renew(&held, LEASE_TIME).await?;
        if !is_ours {
            self.hold(None);
        }
        Ok(is_ours)
    }

    /// Renews it between the passes, if it is ours. Where that fails, the next pass finds out.
    pub(super) async fn keep(&self) {
        if let Err(error) = self.is_ours().await {
            tracing::debug!(error = %CauseChain(&error), "the lease of the passes over all contracts could not be renewed");
        }
    }

    fn hold(&self, lease: Option<Lease>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = lease;
    }
}
