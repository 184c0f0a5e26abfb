//! What one server does for a tenant, where several have its state.

use std::{sync::Arc, time::Duration};

use smartsync_core::{
    LedgerError,
    engine::{Lease, Leases},
};
use smartsync_transport::CauseChain;
use tokio::sync::Mutex;

/// A duty of one server, by a lease. It is the first one's that takes it, for as long as that is there. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Duty {
    /// The name of the lease.
    name: &'static str,
    /// If its server hangs, and nothing else ends the lease of one that does, another has it after this time.
    time: Duration,
    /// `None`: only one server has the state.
    leases: Option<Arc<dyn Leases>>,
    /// Locked for as long as the store is asked: what is found out about a lease must not be put down to the one that was taken meanwhile.
    held: Arc<Mutex<Option<Lease>>>,
}

impl Duty {
    /// The passes over all contracts, by the leases of a tenant, if its state has any. Renewed every minute.
    pub(crate) fn sweep(leases: Option<Arc<dyn Leases>>) -> Self {
        Self { name: "sweep", time: Duration::from_secs(3 * 60), leases, held: Arc::default() }
    }

    /// The watch over drift, likewise. Renewed every hour.
    pub(crate) fn drift_watch(leases: Option<Arc<dyn Leases>>) -> Self {
        Self { name: "drift-watch", time: Duration::from_secs(2 * 60 * 60), leases, held: Arc::default() }
    }

    /// Takes it if nobody else has it. Returns whether it is ours.
    pub(in crate::server) async fn take(&self) -> Result<bool, LedgerError> {
        let Some(leases) = &self.leases else { return Ok(true) };
        let mut held = self.held.lock().await;
        if self.renewed(&**leases, &mut held).await? {
            return Ok(true);
        }
        *held = leases.acquire(self.name, self.time).await?;
        Ok(held.is_some())
    }

    /// Renews it, and returns whether it still is ours. Asked before each write of a pass.
    pub(in crate::server) async fn is_ours(&self) -> Result<bool, LedgerError> {
        let Some(leases) = &self.leases else { return Ok(true) };
        self.renewed(&**leases, &mut *self.held.lock().await).await
    }

    /// Leaves it to another server. Where that fails, it ends by itself: it is renewed no more.
    pub(in crate::server) async fn give_up(&self) {
        let Some(leases) = &self.leases else { return };
        let Some(held) = self.held.lock().await.take() else { return };
        if let Err(error) = leases.release(&held).await {
            tracing::debug!(duty = self.name, error = %CauseChain(&error), "what one server does for all could not be left to another");
        }
    }

    /// Renews it between the passes, if it is ours. Where that fails, the next pass finds out.
    pub(in crate::server) async fn keep(&self) {
        if let Err(error) = self.is_ours().await {
            tracing::debug!(duty = self.name, error = %CauseChain(&error), "what one server does for all could not be kept");
        }
    }

    async fn renewed(&self, leases: &dyn Leases, held: &mut Option<Lease>) -> Result<bool, LedgerError> {
        let Some(lease) = held.as_ref() else { return Ok(false) };
        let is_ours = leases.renew(lease, self.time).await?;
        if !is_ours {
            *held = None;
        }
        Ok(is_ours)
    }
}
