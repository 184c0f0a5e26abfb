//! A ledger that fails at one step, before or after it took effect.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use oneflow_client::ContractId;
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, MemoryLedger, RequestId,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use teamtailor_client::CandidateId;
use tokio::task::yield_now;

/// Whether a step of the ledger that fails has taken effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    Before,
    After,
}

/// A ledger whose step number `fails_at` fails. It waits before and after each step, so that a crash may come there.
#[derive(Debug)]
pub(crate) struct Shaky {
    inner: Arc<MemoryLedger>,
    steps: AtomicUsize,
    fails_at: Option<(usize, Failure)>,
    meanwhile: Option<Meanwhile>,
}

/// What others do before or after a step, while whoever waits for it stands still.
pub(crate) struct Meanwhile {
    pub(crate) at: (usize, Failure),
    pub(crate) others: Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

impl fmt::Debug for Meanwhile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meanwhile").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Shaky {
    pub(crate) fn new(inner: Arc<MemoryLedger>, fails_at: Option<(usize, Failure)>) -> Self {
        Self { inner, steps: AtomicUsize::new(0), fails_at, meanwhile: None }
    }

    pub(crate) fn meanwhile(self, meanwhile: Meanwhile) -> Self {
        Self { meanwhile: Some(meanwhile), ..self }
    }

    /// How many it was asked for so far.
    pub(crate) fn steps(&self) -> usize {
        self.steps.load(Ordering::SeqCst)
    }

    async fn others(&self, at: (usize, Failure)) {
        if let Some(meanwhile) = self.meanwhile.as_ref().filter(|meanwhile| meanwhile.at == at) {
            (meanwhile.others)().await;
        }
    }

    async fn step<T>(&self, work: impl Future<Output = Result<T, LedgerError>>) -> Result<T, LedgerError> {
        let step = self.steps.fetch_add(1, Ordering::SeqCst);
        let failure = self.fails_at.filter(|(at, _)| *at == step).map(|(_, failure)| failure);
        yield_now().await;
        self.others((step, Failure::Before)).await;
        if failure == Some(Failure::Before) {
            return Err(LedgerError::new("no room left"));
        }
        let result = work.await;
        self.others((step, Failure::After)).await;
        yield_now().await;
        if failure == Some(Failure::After) { Err(LedgerError::new("the disk is gone")) } else { result }
    }
}

#[async_trait]
impl Ledger for Shaky {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.step(self.inner.load(contract)).await
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.step(self.inner.load_card(candidate)).await
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.step(self.inner.load_overwrites()).await
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        self.step(self.inner.update(change)).await
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.step(self.inner.load_creation(request)).await
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        self.step(self.inner.save_creation(request, creation)).await
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.step(self.inner.contracts_of(candidate)).await
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.step(self.inner.forget(candidate)).await
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.step(self.inner.is_forgotten(candidate)).await
    }
}
