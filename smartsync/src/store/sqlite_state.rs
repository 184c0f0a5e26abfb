//! The state of a host in one SQLite database, for one server.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use async_trait::async_trait;
use oneflow_client::ContractId;
use smartsync_core::{Accounts, engine::Leases};
use smartsync_transport::SharedBudget;
use teamtailor_client::CandidateId;

use super::{
    accounts::{self, Dropped},
    by_hand::ByHand,
    claim::Claim,
    claims::Claims,
    database::Store,
    inbox::Inbox,
    item::Item,
    journal::{Journal, SqliteJournal},
    kept_ledger::{Erased, KeptLedger},
    key_names,
    ledger::SqliteLedger,
    overview::{Overview, SqliteOverview},
    retention::KeepBases,
    state::{Serving, State},
    store_error::StoreError,
    store_key::StoreKeyError,
    tenant::Tenant,
    work::{Ending, Intake, Work},
};

/// The [`State`] in a [`Store`]: [`Inbox`], [`SqliteLedger`] and [`SqliteJournal`] of one database. Clones are one.
#[derive(Clone, Debug)]
pub struct SqliteState {
    store: Store,
    inbox: Inbox,
}

impl SqliteState {
    /// The state in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { inbox: Inbox::new(store.clone()), store }
    }

    /// That of the database at `path`; made if it is not there.
    ///
    /// # Errors
    ///
    /// Those of [`Store::open`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Store::open(path).map(Self::new)
    }

    /// That of the database at `path`, which must be there.
    ///
    /// # Errors
    ///
    /// Those of [`Store::open_existing`].
    pub fn open_existing(path: &Path) -> Result<Self, StoreError> {
        Store::open_existing(path).map(Self::new)
    }
}

#[async_trait]
impl State for SqliteState {
    fn place(&self) -> String {
        self.store.path().display().to_string()
    }

    fn intake(&self) -> Arc<dyn Intake> {
        Arc::new(self.inbox.clone())
    }

    fn work(&self) -> Arc<dyn Work> {
        Arc::new(self.inbox.clone())
    }

    fn by_hand(&self) -> Arc<dyn ByHand> {
        Arc::new(self.inbox.clone())
    }

    fn ledger(&self, tenant: &Tenant, keep: KeepBases, key: Option<&str>) -> Arc<dyn KeptLedger> {
        Arc::new(SqliteLedger::new(self.store.clone()).for_tenant(tenant).keep_bases(keep).under_key(key))
    }

    fn journal(&self, tenant: &Tenant) -> Arc<dyn Journal> {
        Arc::new(SqliteJournal::new(self.store.clone()).for_tenant(tenant))
    }

    fn overview(&self, tenant: &Tenant) -> Arc<dyn Overview> {
        Arc::new(SqliteOverview::new(self.store.clone()).for_tenant(tenant))
    }

    fn leases(&self, _: &Tenant) -> Option<Arc<dyn Leases>> {
        None
    }

    /// One server has the file. A command beside it goes by what the services say.
    fn shared_budget(&self, _: &str) -> Option<Arc<dyn SharedBudget>> {
        None
    }

    async fn serve(&self) -> Result<Serving, StoreError> {
        let lock = self.store.lock_server()?;
        self.inbox.resume().await?;
        Ok(Serving::by(lock))
    }

    async fn accounts(&self, tenant: &Tenant) -> Result<Option<Accounts>, StoreError> {
        accounts::pinned(&self.store, tenant).await
    }

    async fn pin(&self, tenant: &Tenant, accounts: Accounts) -> Result<Accounts, StoreError> {
        accounts::pin(&self.store, tenant, accounts).await
    }

    async fn adopt(&self, tenant: &Tenant, accounts: Accounts) -> Result<Dropped, StoreError> {
        let _lock = self.store.lock_server()?;
        accounts::adopt(&self.store, tenant, accounts).await
    }

    async fn check_keys(&self, names: &[String]) -> Result<(), StoreKeyError> {
        key_names::check(&self.store, names).await
    }

    async fn note_keys(&self, names: &[String]) -> Result<(), StoreKeyError> {
        key_names::note(&self.store, names).await
    }
}

#[async_trait]
impl ByHand for Inbox {
    async fn claim(&self, item: Item) -> Result<Option<Claim>, StoreError> {
        Self::claim(self, item).await
    }

    async fn renew(&self, claim: &mut Claim) -> Result<bool, StoreError> {
        Self::renew(self, claim).await
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        Claims::end(self, claim, ending).await
    }

    async fn release(&self, claim: Claim) -> Result<(), StoreError> {
        Self::release(self, claim).await
    }

    async fn looks_at(
        &self,
        tenant: &Tenant,
        candidate: &CandidateId,
    ) -> Result<BTreeSet<ContractId>, StoreError> {
        Self::looks_at(self, tenant, candidate).await
    }
}

#[async_trait]
impl KeptLedger for SqliteLedger {
    async fn knows(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        Self::knows(self, candidate).await
    }

    async fn bury(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        Self::bury(self, candidate).await
    }

    async fn erase(&self, candidate: &CandidateId) -> Result<Erased, StoreError> {
        Self::erase(self, candidate).await
    }
}
