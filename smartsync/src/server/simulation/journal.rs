//! A journal of which the simulation needs what a sweep asks for.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard},
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync_core::Reason;
use teamtailor_client::CandidateId;

use crate::store::{Journal, Look, Parked, ParkedFilter, Seen, Standing, Status, StoreError};

/// The looks, and how far the sweep has come. It outlives the process, as a database does.
#[derive(Default)]
pub(super) struct Looks(Mutex<Kept>);

impl fmt::Debug for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Looks")
    }
}

#[derive(Default)]
struct Kept {
    looks: Vec<Look>,
    standing: BTreeMap<ContractId, Standing>,
    watermarks: BTreeMap<String, String>,
}

impl Looks {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap()
    }
}

impl Looks {
    /// So many looks were noted.
    pub(super) fn count(&self) -> usize {
        self.kept().looks.len()
    }

    /// Whether a person has to find out what became of an upload.
    pub(super) fn is_open(&self, contract: ContractId) -> bool {
        let unknown = Reason::UploadUnknown.code();
        let kept = self.kept();
        kept.standing
            .get(&contract)
            .is_some_and(|standing| standing.reasons.iter().any(|reason| reason == unknown))
    }
}

fn not_asked<T>() -> Result<T, StoreError> {
    Err(StoreError::other("no part of the host asks for this while it serves"))
}

#[async_trait]
impl Journal for Looks {
    async fn record(&self, look: &Look) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let before = kept.standing.remove(&look.occasion.contract);
        kept.standing.insert(look.occasion.contract, Standing::after(before, look));
        kept.looks.push(look.clone());
        Ok(())
    }

    async fn looks(&self, contract: ContractId, limit: u32) -> Result<Vec<Look>, StoreError> {
        let kept = self.kept();
        let of_contract = kept.looks.iter().rev().filter(|look| look.occasion.contract == contract);
        Ok(of_contract.take(usize::try_from(limit).unwrap_or(usize::MAX)).cloned().collect())
    }

    async fn seen(&self, contracts: &[ContractId]) -> Result<BTreeMap<ContractId, Seen>, StoreError> {
        let kept = self.kept();
        let seen = contracts.iter().filter_map(|contract| {
            let standing = kept.standing.get(contract)?;
            Some((*contract, Seen { at: standing.looked_at, last_change: standing.last_change }))
        });
        Ok(seen.collect())
    }

    async fn standing(&self, contract: ContractId) -> Result<Option<Standing>, StoreError> {
        Ok(self.kept().standing.get(&contract).cloned())
    }

    async fn status(&self, _: Timestamp) -> Result<Status, StoreError> {
        not_asked()
    }

    async fn parked(&self, _: &ParkedFilter) -> Result<Vec<Parked>, StoreError> {
        not_asked()
    }

    async fn retry_parked(&self, _: &[ContractId], _: Timestamp) -> Result<Vec<ContractId>, StoreError> {
        not_asked()
    }

    async fn drop_parked(&self, _: &[ContractId]) -> Result<Vec<ContractId>, StoreError> {
        not_asked()
    }

    async fn watermark(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.kept().watermarks.get(name).cloned())
    }

    async fn set_watermark(&self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        match value {
            Some(value) => kept.watermarks.insert(name.to_owned(), value.to_owned()),
            None => kept.watermarks.remove(name),
        };
        Ok(())
    }

    async fn erase(&self, _: &CandidateId) -> Result<usize, StoreError> {
        not_asked()
    }

    async fn drop_older(&self, before: Timestamp, _: u32) -> Result<usize, StoreError> {
        let mut kept = self.kept();
        let all = kept.looks.len();
        kept.looks.retain(|look| look.occasion.at >= before);
        Ok(all - kept.looks.len())
    }
}
