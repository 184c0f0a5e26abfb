//! Store, journal, ledger and leases in memory, as a process finds them whose operations take their time and fail: see [`Fate`].

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, MemoryLedger,
    engine::{Lease, Leases},
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, RequestId, Updated},
};
use smartsync_transport::Sleep;
use teamtailor_client::CandidateId;
use tokio::sync::watch;

use super::{
    fate::Fate,
    time::{ProcessTime, SimulatedTime},
    watch::Watch,
};
use crate::store::{
    Accepted, Claim, Due, Ending, Handler, Intake, Item, Journal, Look, MemoryJournal, MemoryLeases,
    MemoryWork, NotedLook, Parked, ParkedFilter, Seen, Standing, Status, StoreError, Tenant, Trigger, Work,
    WorkLimits,
    claims::{self, Claims},
    tenant_turns::TenantTurns,
};

/// What keeps something, with the fate of the process that uses it.
#[derive(Clone, Debug)]
pub(super) struct Shaky<T> {
    pub(super) inner: T,
    pub(super) fate: Fate,
    pub(super) watch: Watch,
    pub(super) time: SimulatedTime,
}

#[async_trait]
impl Intake for Shaky<MemoryWork> {
    async fn accept(&self, callback_id: &str, item: Item) -> Result<Accepted, StoreError> {
        let noted = async {
            let accepted = self.inner.accept(callback_id, item.clone()).await?;
            if accepted != Accepted::Duplicate {
                self.watch.noted(callback_id, &item);
            }
            Ok(accepted)
        };
        self.fate.during(noted, StoreError::other).await
    }

    async fn is_ready(&self) -> Result<(), StoreError> {
        self.inner.is_ready().await
    }
}

#[async_trait]
impl Work for Shaky<MemoryWork> {
    async fn run(&self, handler: Arc<dyn Handler>, limits: WorkLimits, stop: watch::Receiver<bool>) {
        let sleep: Arc<dyn Sleep> =
            Arc::new(ProcessTime { time: self.time.clone(), fate: self.fate.clone() });
        claims::run(Arc::new(self.clone()), handler, limits, sleep, stop).await;
    }

    async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
        self.fate.during(self.inner.enqueue(items, trigger), StoreError::other).await
    }
}

impl Shaky<MemoryWork> {
    async fn claimed(&self, claim: Claim) -> Result<Claim, StoreError> {
        let (item, process) = (claim.item.clone(), self.fate.process());
        self.watch.claimed(&item, process);
        let claimed = self.fate.during(async { Ok(claim) }, StoreError::other).await;
        if claimed.is_err() {
            self.watch.puts_back(&item, process);
        }
        claimed
    }
}

#[async_trait]
impl Claims for Shaky<MemoryWork> {
    async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError> {
        self.fate.awake().await;
        // That nothing is due is asked every minute.
        match self.inner.claim_due(turns).await? {
            Due::Now(claim) => Ok(Due::Now(self.claimed(claim).await?)),
            later @ Due::Later(_) => Ok(later),
        }
    }

    async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError> {
        self.fate.awake().await;
        match self.inner.claim_last(turns).await? {
            Some(claim) => Ok(Some(self.claimed(claim).await?)),
            None => Ok(None),
        }
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        // If it is lost that a service asked to wait, the next look comes too soon.
        if let Ending::Again(setback) | Ending::AgainWithAll(setback) = &ending
            && !setback.asked.is_zero()
        {
            self.fate.tempt();
        }
        let end = async {
            let is_held = self.inner.holds(&claim);
            self.inner.end(claim.clone(), ending.clone()).await?;
            if is_held {
                self.watch.kept(&claim.item, &ending, self.fate.process());
            }
            Ok(())
        };
        self.fate.during(end, StoreError::other).await
    }

    async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
        self.watch.puts_back(&claim.item, self.fate.process());
        self.fate.during(self.inner.put_back(claim, wait), StoreError::other).await
    }

    async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
        self.fate.during(self.inner.is_over(tenant, outage), StoreError::other).await
    }

    async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
        self.fate.during(self.inner.give_back(running, wait), StoreError::other).await
    }

    async fn forget_old(&self) -> Result<(), StoreError> {
        self.inner.forget_old().await
    }

    async fn changed(&self) {
        self.inner.changed().await;
    }

    fn now(&self) -> Timestamp {
        Claims::now(&self.inner)
    }
}

#[async_trait]
impl Journal for Shaky<MemoryJournal> {
    async fn record(&self, look: &Look) -> Result<(), StoreError> {
        let recorded = self.fate.during(self.inner.record(look), StoreError::other).await;
        if recorded.is_err() {
            self.watch.may_lack(&look.occasion);
        }
        recorded
    }

    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError> {
        self.inner.looks(contract, limit).await
    }

    async fn looks_after(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, StoreError> {
        self.inner.looks_after(after, limit).await
    }

    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError> {
        self.fate.during(self.inner.seen(contracts), StoreError::other).await
    }

    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError> {
        self.inner.standing(contract).await
    }

    async fn status(&self, now: Timestamp) -> Result<Status, StoreError> {
        self.inner.status(now).await
    }

    async fn parked(&self, which: &ParkedFilter) -> Result<Vec<Parked>, StoreError> {
        self.fate.during(self.inner.parked(which), StoreError::other).await
    }

    async fn retry_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        self.inner.retry_parked(contracts, now).await
    }

    async fn drop_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        self.inner.drop_parked(contracts, now).await
    }

    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.fate.during(self.inner.watermark(name), StoreError::other).await
    }

    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        self.fate.during(self.inner.set_watermark(name, value), StoreError::other).await
    }

    async fn erase(&self, candidate: &CandidateId) -> Result<usize, StoreError> {
        self.inner.erase(candidate).await
    }

    async fn drop_older(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        self.inner.drop_older(before, limit).await
    }
}

#[async_trait]
impl Ledger for Shaky<Arc<MemoryLedger>> {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.fate.during(self.inner.load(contract), LedgerError::new).await
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.fate.during(self.inner.load_card(candidate), LedgerError::new).await
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.fate.during(self.inner.load_overwrites(), LedgerError::new).await
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        self.fate.during(self.inner.update(change), LedgerError::new).await
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.inner.load_creation(request).await
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        self.inner.save_creation(request, creation).await
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.fate.during(self.inner.contracts_of(candidate), LedgerError::new).await
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.inner.forget(candidate).await
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.fate.during(self.inner.is_forgotten(candidate), LedgerError::new).await
    }
}

#[async_trait]
impl Leases for Shaky<MemoryLeases> {
    async fn acquire(&self, name: &str, time: Duration) -> Result<Option<Lease>, LedgerError> {
        let acquired = async {
            let lease = self.inner.acquire(name, time).await?;
            if lease.is_some() {
                self.watch.takes_lease(name);
            }
            Ok(lease)
        };
        self.fate.during(acquired, LedgerError::new).await
    }

    async fn renew(&self, lease: &Lease, time: Duration) -> Result<bool, LedgerError> {
        self.fate.during(self.inner.renew(lease, time), LedgerError::new).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LedgerError> {
        self.fate.during(self.inner.release(lease), LedgerError::new).await
    }
}
