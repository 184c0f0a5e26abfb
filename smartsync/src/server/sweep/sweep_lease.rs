//! Which server makes the passes of a tenant, where several have its state.

use std::{sync::Arc, time::Duration};

use smartsync_core::{
    LedgerError,
    engine::{Lease, Leases},
};
use smartsync_transport::CauseChain;
use tokio::sync::Mutex;

/// The name of the lease.
const NAME: &str = "sweep";

/// It is renewed every minute. If its server hangs, and nothing else ends the lease of one that does, another has it after this time.
const LEASE_TIME: Duration = Duration::from_secs(3 * 60);

/// The lease of the passes. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct SweepLease {
    /// `None`: only one server has the state.
    leases: Option<Arc<dyn Leases>>,
    /// Locked for as long as the store is asked: what is found out about a lease must not be put down to the one that was taken meanwhile.
    held: Arc<Mutex<Option<Lease>>>,
}

impl SweepLease {
    /// Of the leases of a tenant, if its state has any.
    pub(crate) fn of(leases: Option<Arc<dyn Leases>>) -> Self {
        Self { leases, held: Arc::default() }
    }

    /// Takes it if nobody else has it. Returns whether it is ours.
    pub(in crate::server) async fn take(&self) -> Result<bool, LedgerError> {
        let Some(leases) = &self.leases else { return Ok(true) };
        let mut held = self.held.lock().await;
        if renewed(&**leases, &mut held).await? {
            return Ok(true);
        }
        *held = leases.acquire(NAME, LEASE_TIME).await?;
        Ok(held.is_some())
    }

    /// Renews it, and returns whether it still is ours. Asked before each write of a pass.
    pub(in crate::server) async fn is_ours(&self) -> Result<bool, LedgerError> {
        let Some(leases) = &self.leases else { return Ok(true) };
        renewed(&**leases, &mut *self.held.lock().await).await
    }

    /// Leaves it to another server. Where that fails, it ends by itself: it is renewed no more.
    pub(super) async fn give_up(&self) {
        let Some(leases) = &self.leases else { return };
        let Some(held) = self.held.lock().await.take() else { return };
        if let Err(error) = leases.release(&held).await {
            tracing::debug!(error = %CauseChain(&error), "the lease of the passes over all contracts could not be given up");
        }
    }

    /// Renews it between the passes, if it is ours. Where that fails, the next pass finds out.
    pub(in crate::server) async fn keep(&self) {
        if let Err(error) = self.is_ours().await {
            tracing::debug!(error = %CauseChain(&error), "the lease of the passes over all contracts could not be renewed");
        }
    }
}

async fn renewed(leases: &dyn Leases, held: &mut Option<Lease>) -> Result<bool, LedgerError> {
    let Some(lease) = held.as_ref() else { return Ok(false) };
    let is_ours = leases.renew(lease, LEASE_TIME).await?;
    if !is_ours {
        *held = None;
    }
    Ok(is_ours)
}
