//! Only one engine at a time works on a contract, also when several processes share a ledger.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use super::engine_error::EngineError;
use crate::ledger::LedgerError;

/// Which process works on which contract, among all that share a ledger. The host implements it on their common store, with the
/// store's clock:
///
/// ```sql
/// -- acquire: no row means that somebody else holds it
/// INSERT INTO leases (name, mark, ends) VALUES ($1, gen_random_uuid(), now() + $2)
///     ON CONFLICT (name) DO UPDATE SET mark = excluded.mark, ends = excluded.ends WHERE leases.ends <= now()
///     RETURNING mark;
/// -- renew: no row updated means that it has ended
/// UPDATE leases SET ends = now() + $3 WHERE name = $1 AND mark = $2 AND ends > now();
/// -- release
/// DELETE FROM leases WHERE name = $1 AND mark = $2;
/// ```
///
/// `leases_conformance`, behind the feature `test-util`, checks an implementation against every rule. A single engine needs no
/// leases: see [`Engine::sync`](super::Engine::sync). An implementation needs the same attribute as [`Ledger`](crate::Ledger).
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
pub trait Leases: fmt::Debug + Send + Sync {
    /// Takes the lease with this name (`contract:9001`, or `creation:` and a request id) for `time`. `None` if somebody else holds it.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError>;

    /// Extends the lease to `time` from now. `false` if it has ended; somebody else may hold it by now.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError>;

    /// Gives the lease back, if it has not ended. A lease that is not given back ends when its time is up.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] when the store fails.
    async fn release(&self, lease: &Lease) -> Result<(), LedgerError>;
}

/// As those of a host whose store is chosen at run time.
#[cfg_attr(not(target_arch = "wasm32"), async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait(?Send))]
impl<L: Leases + ?Sized> Leases for Arc<L> {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        (**self).acquire(name, time).await
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        (**self).renew(lease, time).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        (**self).release(lease).await
    }
}

/// A lease that was granted. `Debug` prints neither field: a request id can be any text.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The name that it was taken under.
    pub name: String,
    /// Identifies this grant; the store sets it. It is unique, so a former holder can neither renew nor release the lease of the next.
    pub mark: String,
}

impl Lease {
    /// The lease with this name and this mark.
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

/// The host's leases, if it has any, and how long each lasts.
#[derive(Clone, Debug)]
pub(crate) struct OptionalLeases {
    pub(crate) leases: Option<Arc<dyn Leases>>,
    pub(crate) time: Duration,
}

/// It is renewed before each write, so it can be shorter than a look. If a process dies, its leases stay taken for this long.
pub(crate) const LEASE_TIME: Duration = Duration::from_secs(60);

impl OptionalLeases {
    /// Takes the lease, if the host has leases. `None` if another process holds it.
    pub(crate) async fn try_acquire(&self, name: &str) -> Result<Option<HeldLease<'_>>, LedgerError> {
        let Some(leases) = self.leases.as_deref() else {
            return Ok(Some(HeldLease(None)));
        };
        let lease = leases.acquire(name, self.time).await?;
        Ok(lease.map(|lease| HeldLease(Some((leases, lease, self.time)))))
    }

    /// The same, with an error if another process holds it.
    pub(crate) async fn acquire(&self, name: &str) -> Result<HeldLease<'_>, EngineError> {
        self.try_acquire(name).await?.ok_or(EngineError::LeasedElsewhere)
    }
}

/// A lease that we hold; `None` if the host has no leases.
pub(crate) struct HeldLease<'a>(Option<(&'a dyn Leases, Lease, Duration)>);

impl HeldLease<'_> {
    /// Renews it, and returns whether it is still ours. Called before each write.
    pub(crate) async fn is_ours(&self) -> Result<bool, LedgerError> {
        match &self.0 {
            Some((leases, lease, time)) => leases.renew(lease, *time).await,
            None => Ok(true),
        }
    }

    /// Runs `job`, then gives the lease back. If that fails, the lease ends when its time is up.
    pub(crate) async fn during<T>(&self, job: impl Future<Output = T>) -> T {
        // Boxed: otherwise the caller's future would contain the job's future twice.
        let done = Box::pin(job).await;
        if let Some((leases, lease, _)) = &self.0 {
            let _ = leases.release(lease).await;
        }
        done
    }
}
