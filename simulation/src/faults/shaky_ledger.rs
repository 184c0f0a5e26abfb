//! A ledger whose steps fail, and in which a process may die.

use std::{future::pending, sync::Arc};

use async_trait::async_trait;
use oneflow_client::ContractId;
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, MemoryLedger, RequestId,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use teamtailor_client::CandidateId;

use super::{stage::Stage, trouble::Fault};

/// A ledger whose steps fail.
#[derive(Debug)]
pub(super) struct ShakyLedger {
    pub(super) stage: Arc<Stage>,
    pub(super) inner: Arc<MemoryLedger>,
}

impl ShakyLedger {
    /// One step. What is written is shown to the judge.
    async fn step<T>(
        &self,
        written: Option<ContractId>,
        is_write: bool,
        work: impl Future<Output = Result<T, LedgerError>>,
    ) -> Result<T, LedgerError> {
        self.stage.pause().await;
        let fault = self.stage.lock().at_ledger(is_write);
        let fails = match fault {
            None => false,
            Some(Fault::CrashBefore) => {
                self.stage.lock().crash();
                return pending().await;
            }
            Some(Fault::CrashAfter | Fault::LostAfter) => true,
            Some(_) => return Err(LedgerError::new("no room left")),
        };
        let result = work.await;
        if let Some(contract) = written {
            self.show(contract);
        }
        if fault == Some(Fault::CrashAfter) {
            self.stage.lock().crash();
            return pending().await;
        }
        self.stage.pause().await;
        if fails { Err(LedgerError::new("the disk is gone")) } else { result }
    }

    fn show(&self, contract: ContractId) {
        if let Some(entry) = self.inner.entry(contract) {
            let bases = entry.bases.iter().map(|(key, digest)| (key.as_str(), digest.as_str()));
            let mut stage = self.stage.lock();
            let task = stage.current;
            stage.judge.remembered(task, contract.get(), bases);
        }
    }
}

impl super::stage::Inner {
    /// A step of the ledger: what goes wrong with it.
    fn at_ledger(&mut self, is_write: bool) -> Option<Fault> {
        if is_write {
            let task = self.current;
            self.judge.may_begin(task);
        }
        let events = self.task().at_ledger(is_write);
        let (fault, after) = self.happen(&events);
        self.meanwhile(after);
        if let Some(fault) = fault {
            self.counts.add("fault at the ledger", fault.name());
            self.trace(|| format!("   the ledger: {}", fault.name()));
            let task = self.current;
            self.judge.ledger_failed(task);
        }
        fault
    }
}

#[async_trait]
impl Ledger for ShakyLedger {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.step(None, false, self.inner.load(contract)).await
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.step(None, false, self.inner.load_card(candidate)).await
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.step(None, false, self.inner.load_overwrites()).await
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        self.step(Some(change.contract()), true, self.inner.update(change)).await
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.step(None, false, self.inner.load_creation(request)).await
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        self.step(None, true, self.inner.save_creation(request, creation)).await
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.step(None, false, self.inner.contracts_of(candidate)).await
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.step(None, true, self.inner.forget(candidate)).await
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.step(None, false, self.inner.is_forgotten(candidate)).await
    }
}
