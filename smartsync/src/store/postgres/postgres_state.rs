//! The state of a host in one PostgreSQL database, for several servers.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use secrecy::SecretString;
use smartsync_core::{Accounts, engine::Leases};
use smartsync_transport::SharedBudget;
use teamtailor_client::CandidateId;

use super::{
    journal::PostgresJournal,
    leases::PostgresLeases,
    ledger::{CONTRACTS_OF_CANDIDATE, PostgresLedger},
    overview::PostgresOverview,
    permits::PostgresBudget,
    postgres_error::PostgresError,
    postgres_store::PostgresStore,
    status::alive,
    work::PostgresWork,
};
use crate::store::{
    accounts::Dropped,
    by_hand::ByHand,
    claim::Claim,
    item::Item,
    journal::Journal,
    kept_ledger::{Erased, KeptLedger},
    overview::Overview,
    postgres_address::PostgresAddress,
    retention::KeepBases,
    state::{Serving, State},
    store_error::StoreError,
    store_key::StoreKeyError,
    tenant::Tenant,
    work::{Ending, Intake, Work},
};

/// The [`State`] in a [`PostgresStore`]: [`PostgresWork`], [`PostgresLedger`], [`PostgresJournal`] and [`PostgresLeases`] of one database, which any number
/// of servers may serve; they keep one rate limit for each credential. Clones are one.
#[derive(Clone, Debug)]
pub struct PostgresState {
    store: PostgresStore,
    work: PostgresWork,
    /// By the names of their credentials: a client that is given the same again goes on where it was.
    budgets: Arc<Mutex<BTreeMap<String, Arc<PostgresBudget>>>>,
}

impl PostgresState {
    /// The state in `store`.
    #[must_use]
    pub fn new(store: PostgresStore) -> Self {
        Self { work: PostgresWork::new(store.clone()), store, budgets: Arc::default() }
    }

    /// That of the database at `address`; its tables are made if they are not there.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresStore::open`].
    pub async fn open(
        address: &PostgresAddress,
        password: Option<&SecretString>,
    ) -> Result<Self, StoreError> {
        PostgresStore::open(address, password).await.map(Self::new)
    }
}

#[async_trait]
impl State for PostgresState {
    fn place(&self) -> String {
        self.store.place().to_owned()
    }

    fn intake(&self) -> Arc<dyn Intake> {
        Arc::new(self.work.clone())
    }

    fn work(&self) -> Arc<dyn Work> {
        Arc::new(self.work.clone())
    }

    fn by_hand(&self) -> Arc<dyn ByHand> {
        Arc::new(self.work.clone())
    }

    fn ledger(&self, tenant: &Tenant, keep: KeepBases, key: Option<&str>) -> Arc<dyn KeptLedger> {
        Arc::new(PostgresLedger::new(self.store.clone()).for_tenant(tenant).keep_bases(keep).under_key(key))
    }

    fn journal(&self, tenant: &Tenant) -> Arc<dyn Journal> {
        Arc::new(PostgresJournal::new(self.store.clone()).for_tenant(tenant))
    }

    fn overview(&self, tenant: &Tenant) -> Arc<dyn Overview> {
        Arc::new(PostgresOverview::new(self.store.clone()).for_tenant(tenant))
    }

    fn leases(&self, tenant: &Tenant) -> Option<Arc<dyn Leases>> {
        Some(Arc::new(PostgresLeases::new(self.store.clone()).for_tenant(tenant)))
    }

    fn shared_budget(&self, name: &str) -> Option<Arc<dyn SharedBudget>> {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(PostgresBudget::new(self.store.clone(), name));
        Some(Arc::clone(budgets.entry(name.to_owned()).or_insert_with(new)) as _)
    }

    async fn serve(&self) -> Result<Serving, StoreError> {
        // From now on no copy begins. The work goes on with this session, and with another as often as the connection is lost.
        self.store.serve().await?;
        self.work.resume().await?;
        Ok(Serving::by(()))
    }

    async fn accounts(&self, tenant: &Tenant) -> Result<Option<Accounts>, StoreError> {
        Ok(self.store.pinned(tenant).await?)
    }

    async fn pin(&self, tenant: &Tenant, accounts: Accounts) -> Result<Accounts, StoreError> {
        Ok(self.store.pin(tenant, accounts).await?)
    }

    async fn adopt(&self, tenant: &Tenant, accounts: Accounts) -> Result<Dropped, StoreError> {
        self.store.adopt(tenant, &accounts).await
    }

    async fn check_keys(&self, names: &[String]) -> Result<(), StoreKeyError> {
        self.store.check_keys(names).await
    }

    async fn note_keys(&self, names: &[String]) -> Result<(), StoreKeyError> {
        self.store.note_keys(names).await
    }
}

#[async_trait]
impl ByHand for PostgresWork {
    async fn claim(&self, item: Item) -> Result<Option<Claim>, StoreError> {
        let session = self.store.session().await?;
        let mark = Some(session.by_hand.hold(item.clone()));
        // After an error nobody knows whether it is claimed: then it lapses.
        let claim = self.store.claim_by_hand(&session, &item).await?;
        if claim.is_none() {
            session.by_hand.let_go(mark);
        }
        Ok(claim.map(|claim| Claim { mark, ..claim }))
    }

    async fn renew(&self, claim: &mut Claim) -> Result<bool, StoreError> {
        let session = self.store.session().await?;
        let holds = session.by_hand.has(claim.mark) && self.store.holds(&session, claim).await?;
        if holds {
            session.by_hand.renew(claim.mark);
        }
        Ok(holds && session.by_hand.has(claim.mark))
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        let session = self.store.session().await?;
        let mark = claim.mark;
        if session.by_hand.has(mark) {
            self.store.end(session.id, claim, ending).await?;
            session.by_hand.let_go(mark);
        }
        Ok(())
    }

    async fn release(&self, claim: Claim) -> Result<(), StoreError> {
        let session = self.store.session().await?;
        if session.by_hand.has(claim.mark) {
            self.store.release(&session, &claim).await?;
            session.by_hand.let_go(claim.mark);
        }
        Ok(())
    }

    async fn looks_at(
        &self,
        tenant: &Tenant,
        candidate: &CandidateId,
    ) -> Result<BTreeSet<ContractId>, StoreError> {
        let sql = format!(
            "SELECT id FROM waiting WHERE tenant = $1 AND kind = 'contract' AND claimed_by IN (SELECT id FROM {} AS alive)
                 AND id IN ({CONTRACTS_OF_CANDIDATE})",
            alive()
        );
        let rows = self.store.rows(&sql, &[tenant, &candidate.as_str()]).await?;
        let ids = rows.iter().map(|row| row.try_get(0).map(ContractId::new));
        Ok(ids.collect::<Result<_, _>>().map_err(PostgresError::from)?)
    }
}

#[async_trait]
impl KeptLedger for PostgresLedger {
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
