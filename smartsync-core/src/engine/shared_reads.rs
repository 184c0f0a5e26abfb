//! Contracts as they were read a moment ago, for looks that follow each other.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use oneflow_client::ContractId;

use super::trust::{TRUST_SECONDS, age_in_seconds};
use crate::contract::ContractSnapshot;

/// What was read is used by a later look for half of the time for which it is trusted: the other half is for the writes of that
/// look, which read everything again once it is over.
const REUSE_SECONDS: i64 = TRUST_SECONDS / 2;

/// Contracts that looks at many contracts share, see [`Engine::plan_with_shared_reads`](crate::Engine::plan_with_shared_reads). It holds values of
/// fields, in memory and for some seconds; `Debug` shows none.
#[derive(Default)]
pub struct SharedReads(Mutex<BTreeMap<ContractId, ContractRead>>);

/// A contract, or that there was none, and since when this is known.
#[derive(Clone)]
pub(crate) struct ContractRead {
    pub(crate) read_at: Option<Timestamp>,
    pub(crate) contract: Option<ContractSnapshot>,
}

impl SharedReads {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was read of the contract, if that is not too long ago. Without a clock, everything is.
    pub(crate) fn get(&self, contract: ContractId, now: Option<Timestamp>) -> Option<ContractRead> {
        let read = self.lock().get(&contract).cloned()?;
        is_fresh(&read, now).then_some(read)
    }

    /// Keeps what was read, and drops what is too old.
    pub(crate) fn put(&self, contract: ContractId, read: ContractRead) {
        let mut reads = self.lock();
        if read.read_at.is_some() {
            reads.retain(|_, kept| is_fresh(kept, read.read_at));
            reads.insert(contract, read);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ContractId, ContractRead>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(read: &ContractRead, now: Option<Timestamp>) -> bool {
    age_in_seconds(read.read_at, now).is_some_and(|seconds| seconds <= REUSE_SECONDS)
}

impl fmt::Debug for SharedReads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedReads").field("contracts", &self.lock().len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_old_is_not_kept() {
        let at = |seconds: i64| Timestamp::from_second(1_930_294_800 + seconds).ok();
        let read = |read_at| ContractRead { read_at, contract: None };
        let reads = SharedReads::new();
        reads.put(9001.into(), read(at(0)));
        reads.put(9002.into(), read(at(15)));
        assert_eq!(reads.lock().len(), 2);
        assert!(reads.get(9001.into(), at(15)).is_some() && reads.get(9001.into(), at(16)).is_none());
        reads.put(9003.into(), read(at(16)));
        assert_eq!(reads.lock().keys().map(|id| id.get()).collect::<Vec<_>>(), [9002, 9003]);
        // Without a clock nobody knows how old it is.
        reads.put(9004.into(), read(None));
        assert!(reads.get(9004.into(), at(16)).is_none() && reads.get(9003.into(), None).is_none());
    }
}
