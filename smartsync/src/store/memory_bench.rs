//! [`MemoryWork`] on a bench.

use std::sync::Arc;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use super::{
    memory_work::MemoryWork,
    test_time::TestTime,
    work_conformance::{OpenedWork, WorkBench},
};

/// The bench of [`MemoryWork`], as an example of one.
#[derive(Debug)]
pub struct MemoryBench {
    time: TestTime,
    store: Mutex<MemoryWork>,
}

impl MemoryBench {
    /// One with an empty store.
    #[must_use]
    pub fn new() -> Self {
        let time = TestTime::new();
        Self { store: Mutex::new(MemoryWork::new(time.clone(), time.clone())), time }
    }

    fn replace(&self, next: impl FnOnce(&MemoryWork) -> MemoryWork) -> OpenedWork {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        *store = next(&store);
        OpenedWork { intake: Arc::new(store.clone()), work: Arc::new(store.clone()) }
    }

    fn store(&self) -> MemoryWork {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for MemoryBench {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl WorkBench for MemoryBench {
    async fn open(&self) -> OpenedWork {
        self.replace(|_| MemoryWork::new(self.time.clone(), self.time.clone()))
    }

    async fn reopen(&self) -> OpenedWork {
        self.replace(MemoryWork::crash)
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }

    async fn is_of(&self, contract: ContractId, candidate: CandidateId) {
        self.store().is_of(contract, candidate);
    }

    fn fail_next_commit(&self) -> bool {
        self.store().fail_commits(1);
        true
    }
}
