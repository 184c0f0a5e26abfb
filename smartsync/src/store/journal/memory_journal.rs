//! [`Journal`] in memory, for tests: a commit can fail, or be lost at the next crash.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, MutexGuard},
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Ledger;
use teamtailor_client::CandidateId;

use super::{
    Drift, Drifting, Journal, LAST_SWEEP, LastLook, Look, NotedLook, Occasion, Parked, ParkedFilter, Seen,
    Standing, Status, look::Action,
};
use crate::store::{
    item::{Item, Subject},
    kept::{Kept, Now},
    memory_work::MemoryWork,
    store_error::StoreError,
    tenant::Tenant,
};

/// What was done, in memory, of one tenant. Clones are one journal.
///
/// ```
/// use std::sync::Arc;
/// use smartsync::store::{Journal as _, Look, MemoryJournal, MemoryWork, NextLook, Occasion, TestTime, Trigger};
/// use smartsync_core::{Clock as _, MemoryLedger};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let time = TestTime::new();
/// let work = MemoryWork::new(time.clone(), time.clone());
/// let journal = MemoryJournal::new(work, Arc::new(MemoryLedger::new()));
/// let occasion = Occasion::new(9001.into(), Trigger::Sweep, time.now());
/// journal.record(&Look::without_end(occasion, NextLook::Parked)).await?;
/// assert_eq!(journal.looks(9001.into(), 10).await?.len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MemoryJournal {
    kept: Arc<Kept<Content>>,
    tenant: Tenant,
    work: MemoryWork,
    ledger: Arc<dyn Ledger>,
}

type Content = BTreeMap<Tenant, OfTenant>;

#[derive(Clone, Default)]
struct OfTenant {
    /// In the order in which they were noted.
    looks: Vec<NotedLook>,
    /// The number of the one that was noted last, even if it is gone.
    last_number: u64,
    standing: BTreeMap<ContractId, Standing>,
    watermarks: BTreeMap<String, String>,
}

impl MemoryJournal {
    /// An empty journal of the nameless tenant: `work` knows what waits, runs and is parked, `ledger` who was forgotten, and whose contracts there are.
    #[must_use]
    pub fn new(work: MemoryWork, ledger: Arc<dyn Ledger>) -> Self {
        Self { kept: Arc::default(), tenant: Tenant::default(), work, ledger }
    }

    /// The same of another tenant, beside its ledger.
    #[must_use]
    pub fn for_tenant(&self, tenant: &Tenant, ledger: Arc<dyn Ledger>) -> Self {
        Self { tenant: tenant.clone(), ledger, ..self.clone() }
    }

    /// The next commits fail and change nothing.
    pub fn fail_commits(&self, count: u32) {
        self.kept.fail_commits(count);
    }

    /// The next commits are acknowledged all the same, and gone at the next [`crash`](Self::crash), unless one after them is kept.
    pub fn lose_commits(&self, count: u32) {
        self.kept.lose_commits(count);
    }

    /// The journal as the next process finds it, beside the work that it finds ([`MemoryWork::crash`]).
    #[must_use]
    pub fn crash(&self, work: MemoryWork) -> Self {
        Self { kept: Arc::new(self.kept.crash()), work, ..self.clone() }
    }

    /// All rows of the tenant, in the order in which they were noted.
    #[must_use]
    pub fn all(&self) -> Vec<Look> {
        self.read(|content| content.looks.iter().map(|noted| noted.look.clone()).collect())
    }

    /// Keeps a row and nothing more, for a journal that has a fault.
    #[cfg(test)]
    pub(crate) fn keep(&self, look: &Look) {
        self.spoil(|content| content.note(look));
    }

    /// Has a contract stand so, for a journal that has a fault.
    #[cfg(test)]
    pub(crate) fn stands(&self, standing: Option<Standing>) {
        self.spoil(|content| content.standing.extend(standing.map(|standing| (standing.contract, standing))));
    }

    /// Drops rows and nothing more, for a journal that has a fault.
    #[cfg(test)]
    pub(crate) fn retain(&self, is_kept: impl Fn(&Look) -> bool) -> usize {
        self.spoil(|OfTenant { looks, .. }| {
            let before = looks.len();
            looks.retain(|noted| is_kept(&noted.look));
            before - looks.len()
        })
    }

    fn lock(&self) -> MutexGuard<'_, Now<Content>> {
        self.kept.lock()
    }

    /// What there is of the tenant.
    fn read<T>(&self, read: impl FnOnce(&OfTenant) -> T) -> T {
        let kept = self.lock();
        match kept.now.get(&self.tenant) {
            Some(of_tenant) => read(of_tenant),
            None => read(&OfTenant::default()),
        }
    }

    /// Changes what there is of the tenant beside all commits, for a journal that has a fault.
    #[cfg(test)]
    fn spoil<T>(&self, spoil: impl FnOnce(&mut OfTenant) -> T) -> T {
        spoil(self.lock().now.entry(self.tenant.clone()).or_default())
    }

    /// Commits a change.
    fn commit<T>(&self, change: impl FnOnce(&mut OfTenant) -> T) -> Result<T, StoreError> {
        self.kept.commit(|content| change(content.entry(self.tenant.clone()).or_default()))
    }

    fn parked_at(&self) -> BTreeMap<ContractId, Timestamp> {
        self.work.parked_of(&self.tenant).into_iter().map(|parked| (parked.contract, parked.at)).collect()
    }

    /// Lets the work know which of these a look has read.
    fn tell_work(&self, contracts: impl IntoIterator<Item = ContractId>) {
        for contract in contracts {
            let is_read = self.read(|content| {
                content.standing.get(&contract).is_some_and(|standing| standing.state.is_some())
            });
            let item = Item::of(self.tenant.clone(), Subject::Contract(contract));
            self.work.is_read(&item, is_read);
        }
    }

    async fn is_forgotten(&self, look: &Look) -> Result<bool, StoreError> {
        match &look.candidate {
            Some(candidate) => self.ledger.is_forgotten(candidate).await.map_err(StoreError::other),
            None => Ok(look.is_of_forgotten()),
        }
    }
}

impl OfTenant {
    fn record(&mut self, look: &Look) {
        let contract = look.occasion.contract;
        if !self.looks.iter().any(|noted| noted.has_overtaken(look)) {
            let after = Standing::after(self.standing.remove(&contract), look);
            self.standing.extend(after.map(|after| (contract, after)));
        }
        self.note(look);
    }

    fn note(&mut self, look: &Look) {
        self.last_number += 1;
        let mut look = look.clone();
        look.occasion.begun_after = None;
        self.looks.push(NotedLook::new(self.last_number, look));
    }

    fn drift(&self) -> Drift {
        let drifting = self
            .standing
            .values()
            .filter_map(|standing| Some(Drifting::new(standing.contract, standing.drifts_since?)));
        Drift {
            contracts: u32::try_from(drifting.clone().count()).unwrap_or(u32::MAX),
            oldest: drifting.min_by_key(|drifting| drifting.since),
        }
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn record(&self, look: &Look) -> Result<(), StoreError> {
        if self.is_forgotten(look).await? {
            return Ok(());
        }
        self.commit(|content| content.record(look))?;
        self.tell_work([look.occasion.contract]);
        Ok(())
    }

    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut looks = self.all();
        looks.retain(|look| look.occasion.contract == contract);
        looks.reverse();
        // Of two at the same time, the one that was noted last stays first.
        looks.sort_by_key(|look| std::cmp::Reverse(look.occasion.at));
        looks.truncate(limit);
        Ok(looks)
    }

    async fn looks_after(&self, after: Option<u64>, limit: u32) -> Result<Vec<NotedLook>, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(self.read(|OfTenant { looks, .. }| match after {
            Some(after) => looks.iter().filter(|noted| noted.number > after).take(limit).cloned().collect(),
            None => looks[looks.len().saturating_sub(limit)..].to_vec(),
        }))
    }

    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError> {
        let parked = self.parked_at();
        Ok(self.read(|content| {
            let seen = contracts.iter().filter_map(|contract| {
                let parked_at = parked.get(contract).copied();
                Some((*contract, Seen::of(content.standing.get(contract), parked_at)?))
            });
            seen.collect()
        }))
    }

    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError> {
        Ok(self.read(|content| content.standing.get(&contract).cloned()))
    }

    async fn status(&self, _: Timestamp) -> Result<Status, StoreError> {
        let status = self.work.status(&self.tenant);
        Ok(self.read(|content| {
            let last = content.standing.values().max_by_key(|standing| standing.looked_at);
            Status {
                last_sweep: content.watermarks.get(LAST_SWEEP).and_then(|text| text.parse().ok()),
                last_look: last.map(|standing| {
                    LastLook::new(&Occasion::new(standing.contract, standing.trigger, standing.looked_at))
                }),
                drift: content.drift(),
                ..status
            }
        }))
    }

    async fn parked(&self, which: &ParkedFilter) -> Result<Vec<Parked>, StoreError> {
        let parked = self.work.parked_of(&self.tenant);
        Ok(self.read(|content| {
            let with_codes = parked.into_iter().map(|parked| {
                let standing = content.standing.get(&parked.contract);
                let codes = standing.map(|standing| standing.reasons.clone()).unwrap_or_default();
                parked.codes(codes)
            });
            with_codes.filter(|parked| which.holds(parked)).collect()
        }))
    }

    async fn retry_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        self.work.take_parked(&self.tenant, contracts, Some(now))
    }

    async fn drop_parked(
        &self,
        contracts: &[ContractId],
        now: Timestamp,
    ) -> Result<Vec<ContractId>, StoreError> {
        let dropped = self.work.take_parked(&self.tenant, contracts, None)?;
        for contract in &dropped {
            let candidate = self.standing(*contract).await?.and_then(|standing| standing.candidate);
            self.record(&Look::by_hand(Action::Dropped, *contract, now, candidate)).await?;
        }
        Ok(dropped)
    }

    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.read(|content| content.watermarks.get(name).cloned()))
    }

    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        self.commit(|content| match value {
            Some(value) => drop(content.watermarks.insert(name.to_owned(), value.to_owned())),
            None => drop(content.watermarks.remove(name)),
        })
    }

    async fn erase(&self, candidate: &CandidateId) -> Result<usize, StoreError> {
        let mut contracts: BTreeSet<ContractId> =
            self.ledger.contracts_of(candidate).await.map_err(StoreError::other)?.into_iter().collect();
        let last_seen: Vec<ContractId> = self.read(|content| {
            let of_candidate =
                content.standing.values().filter(|standing| standing.candidate.as_ref() == Some(candidate));
            of_candidate.map(|standing| standing.contract).collect()
        });
        for contract in last_seen.iter().copied() {
            let entry = self.ledger.load(contract).await.map_err(StoreError::other)?;
            if entry.candidate.is_none_or(|known| known == *candidate) {
                contracts.insert(contract);
            }
        }
        let erased = self.commit(|content| {
            let before = content.looks.len();
            let is_of = |whose: &Option<CandidateId>, contract: &ContractId| {
                whose.as_ref() == Some(candidate) || contracts.contains(contract)
            };
            content.looks.retain(|NotedLook { look, .. }| !is_of(&look.candidate, &look.occasion.contract));
            content.standing.retain(|contract, standing| !is_of(&standing.candidate, contract));
            before - content.looks.len()
        })?;
        self.tell_work(contracts.into_iter().chain(last_seen));
        Ok(erased)
    }

    async fn drop_older(&self, before: Timestamp, limit: u32) -> Result<usize, StoreError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let parked = self.parked_at();
        let (dropped, forgotten) = self.commit(|content| {
            let mut old: Vec<(Timestamp, usize)> = Vec::new();
            for (place, NotedLook { look, .. }) in content.looks.iter().enumerate() {
                if look.occasion.at < before {
                    old.push((look.occasion.at, place));
                }
            }
            old.sort_unstable();
            let dropped: BTreeSet<usize> = old.into_iter().take(limit).map(|(_, place)| place).collect();
            let mut place = 0..;
            content.looks.retain(|_| place.next().is_none_or(|place| !dropped.contains(&place)));
            let is_settled = |standing: &&Standing| {
                let is_left_open = standing.drifts_since.or(standing.left_alone_since).is_some();
                standing.looked_at < before && !is_left_open && !parked.contains_key(&standing.contract)
            };
            let mut old: Vec<(Timestamp, ContractId)> = content
                .standing
                .values()
                .filter(is_settled)
                .map(|standing| (standing.looked_at, standing.contract))
                .collect();
            old.sort_unstable();
            old.truncate(limit);
            for (_, contract) in &old {
                content.standing.remove(contract);
            }
            (dropped.len(), old)
        })?;
        self.tell_work(forgotten.into_iter().map(|(_, contract)| contract));
        Ok(dropped)
    }
}

impl fmt::Debug for MemoryJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryJournal").finish_non_exhaustive()
    }
}
