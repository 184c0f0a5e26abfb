//! Claims of what somebody wants to look at now, for a process beside the server.

use std::{collections::BTreeSet, fmt};

use async_trait::async_trait;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use super::{claim::Claim, item::Item, store_error::StoreError, tenant::Tenant, work::Ending};

/// Claims one item by its name, whether or not it waits: for a command, or a program that looks at a contract beside a server.
#[async_trait]
pub trait ByHand: fmt::Debug + Send + Sync {
    /// Claims one item, whether or not a notification waits. `None`: someone else looks at it, or at another of its candidate, at this moment.
    /// What was claimed by a process that has died is free before long.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn claim(&self, item: Item) -> Result<Option<Claim>, StoreError>;

    /// Holds a claim for as long again as it held at first. False: it has lapsed, and is another's or nobody's.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn renew(&self, claim: &mut Claim) -> Result<bool, StoreError>;

    /// Ends a claim. One that has lapsed has nothing to say any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError>;

    /// Gives a claim back without a look.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn release(&self, claim: Claim) -> Result<(), StoreError>;

    /// The candidate's contracts that are being looked at: by a server that runs, or by a command.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn looks_at(
        &self,
        tenant: &Tenant,
        candidate: &CandidateId,
    ) -> Result<BTreeSet<ContractId>, StoreError>;
}
