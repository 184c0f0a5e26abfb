//! One engine at a time for each contract, where several processes share a ledger.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::engine_error::EngineError;
use crate::ledger::LedgerError;

/// Who works on what, over all processes that share a ledger. The host implements it over the store that they share, with the
/// store's own clock:
///
/// ```sql
/// -- acquire: a row comes back, or somebody else has it
/// INSERT INTO leases (name, mark, ends) VALUES ($1, gen_random_uuid(), now() + $2)
///     ON CONFLICT (name) DO UPDATE SET mark = excluded.mark, ends = excluded.ends WHERE leases.ends <= now()
///     RETURNING mark;
/// -- renew: one row, or it was taken
/// UPDATE leases SET ends = now() + $3 WHERE name = $1 AND mark = $2 AND ends > now();
/// -- release
/// DELETE FROM leases WHERE name = $1 AND mark = $2;
/// ```
///
/// `leases_conformance`, behind the feature `test-util`, checks an implementation against every rule. Within one process the engine needs none: see [`Engine::sync`](super::Engine::sync).
/// An implementation has the attribute that [`Ledger`](crate::Ledger) asks for.
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Leases: fmt::Debug + Send + Sync {
    /// Takes the lease of this name (`contract:9001`, `creation:` and a request id) for so long. `None`: somebody has it.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError>;

    /// Has the lease last for so long from now on. `false`: it has ended, and somebody may have it.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError>;

    /// Gives the lease back, if it has not ended. One that is not given back ends by itself.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn release(&self, lease: &Lease) -> Result<(), LedgerError>;
}

/// A lease that was granted. `Debug` prints neither: a request id may be anything.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// What it is of.
    pub name: String,
    /// The store's mark of this grant. No other grant has it, so who has lost the lease cannot renew or release that of the next.
    pub mark: String,
}

impl Lease {
    /// A lease of this name, granted under this mark.
    #[must_use]
    pub fn new(name: impl Into<String>, mark: impl Into<String>) -> Self {
        Self { name: name.into(), mark: mark.into() }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").finish_non_exhaustive()
    }
}

/// The host's leases, if there are any, and how long each lasts.
#[derive(Clone, Debug)]
pub(crate) struct OptionalLeases {
    pub(crate) leases: Option<Arc<dyn Leases>>,
    pub(crate) time: Duration,
}

/// Renewed before each write, so it need not last for a whole look; a process that dies leaves it for so long.
pub(crate) const LEASE_TIME: Duration = Duration::from_secs(60);

impl OptionalLeases {
    /// Takes the lease, where the host has leases. `None`: another process has it.
    pub(crate) async fn try_acquire(&self, name: &str) -> Result<Option<HeldLease<'_>>, LedgerError> {
        let Some(leases) = self.leases.as_deref() else {
            return Ok(Some(HeldLease(None)));
        };
        let lease = leases.acquire(name, self.time).await?;
        Ok(lease.map(|lease| HeldLease(Some((leases, lease, self.time)))))
    }

    /// The same; that another process has it is an error.
    pub(crate) async fn acquire(&self, name: &str) -> Result<HeldLease<'_>, EngineError> {
        self.try_acquire(name).await?.ok_or(EngineError::LeasedElsewhere)
    }
}

/// A lease in hand; nothing where the host has none.
pub(crate) struct HeldLease<'a>(Option<(&'a dyn Leases, Lease, Duration)>);

impl HeldLease<'_> {
    /// Has it last, and says whether it is still ours. Asked before each write.
    pub(crate) async fn is_ours(&self) -> Result<bool, LedgerError> {
        match &self.0 {
            Some((leases, lease, time)) => leases.renew(lease, *time).await,
            None => Ok(true),
        }
    }

    /// Does a job, then gives the lease back. Where that fails, it ends by itself.
    pub(crate) async fn during<T>(&self, job: impl Future<Output = T>) -> T {
        // Boxed, or the caller's future would hold the job twice.
        let done = Box::pin(job).await;
        if let Some((leases, lease, _)) = &self.0 {
            let _ = leases.release(lease).await;
        }
        done
    }
}
