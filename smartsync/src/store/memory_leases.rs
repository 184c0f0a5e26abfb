//! [`Leases`] in memory, for tests with several processes: they end by the clock that the store goes by.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use smartsync_core::{
    Clock, LedgerError,
    engine::{Lease, Leases},
};

/// Who works on which contract. Clones are one store.
#[derive(Clone)]
pub struct MemoryLeases {
    granted: Arc<Mutex<Granted>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Granted {
    /// So many were.
    count: u64,
    /// The mark of each that was not given back, and when it ends.
    leases: BTreeMap<String, (String, Timestamp)>,
}

impl MemoryLeases {
    /// None is granted yet.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self { granted: Arc::default(), clock: Arc::new(clock) }
    }

    fn lock(&self) -> MutexGuard<'_, Granted> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// By when a lease of this time ends.
    fn end(&self, time: Duration) -> Timestamp {
        self.clock.now().checked_add(time).unwrap_or(Timestamp::MAX)
    }
}

#[async_trait]
impl Leases for MemoryLeases {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        let (now, end, mut granted) = (self.clock.now(), self.end(time), self.lock());
        if granted.leases.get(name).is_some_and(|(_, end)| *end > now) {
            return Ok(None);
        }
        granted.count += 1;
        let mark = granted.count.to_string();
        granted.leases.insert(name.to_owned(), (mark.clone(), end));
        Ok(Some(Lease::new(name, mark)))
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        let (now, renewed, mut granted) = (self.clock.now(), self.end(time), self.lock());
        let Some((mark, end)) = granted.leases.get_mut(&lease.name) else { return Ok(false) };
        let is_ours = *mark == lease.mark && *end > now;
        if is_ours {
            *end = renewed;
        }
        Ok(is_ours)
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        let mut granted = self.lock();
        if granted.leases.get(&lease.name).is_some_and(|(mark, _)| *mark == lease.mark) {
            granted.leases.remove(&lease.name);
        }
        Ok(())
    }
}

impl fmt::Debug for MemoryLeases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLeases").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use smartsync_core::engine::leases_conformance;

    use super::*;
    use crate::store::TestTime;

    #[tokio::test]
    async fn leases_in_memory_keep_every_rule() {
        leases_conformance(&MemoryLeases::new(TestTime::new())).await.unwrap();
    }

    #[tokio::test]
    async fn a_lease_ends_by_the_clock_of_the_store_unless_it_is_renewed() {
        let (time, minute) = (TestTime::new(), Duration::from_secs(60));
        let leases = MemoryLeases::new(time.clone());
        let first = leases.acquire("contract:1", minute).await.unwrap().unwrap();
        time.pass(Duration::from_secs(59));
        assert!(leases.renew(&first, minute).await.unwrap());
        time.pass(Duration::from_secs(59));
        assert!(leases.acquire("contract:1", minute).await.unwrap().is_none());
        time.pass(Duration::from_secs(1));
        assert!(!leases.renew(&first, minute).await.unwrap());
        assert!(leases.acquire("contract:1", minute).await.unwrap().is_some());
    }
}
