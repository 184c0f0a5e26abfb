//! Everything that a host keeps, in whichever database: server and commands know this, and nothing of what is behind it.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use smartsync_core::{Accounts, engine::Leases};
use smartsync_transport::SharedBudget;

use super::{
    accounts::Dropped,
    by_hand::ByHand,
    journal::Journal,
    kept_ledger::KeptLedger,
    overview::Overview,
    retention::KeepBases,
    store_error::StoreError,
    store_key::StoreKeyError,
    tenant::Tenant,
    work::{Intake, Work},
};

/// What a host keeps, and the way to each part of it. `[store] url` says which implementation it is;
/// [`SqliteState`](super::SqliteState) is one.
///
/// The parts that are handed out are views of one state: what comes in by [`intake`](Self::intake) wakes [`work`](Self::work). A part with a `tenant`
/// sees and changes what is that tenant's; where there is one, it has no name.
///
/// ```
/// use smartsync::store::{Journal as _, SqliteState, State, Tenant};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("state.db");
/// let state = SqliteState::open(&path)?;
/// state.intake().accept("a callback id", smartsync::ContractId::new(9001).into()).await?;
///
/// let status = state.journal(&Tenant::default()).status("2031-03-01T09:00:00Z".parse()?).await?;
/// assert_eq!(status.waiting, 1);
/// assert_eq!(state.accounts(&Tenant::default()).await?, None, "nothing was synced yet");
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait State: fmt::Debug + Send + Sync {
    /// Where it is, for people: a path, or the address of a server. Never a credential.
    fn place(&self) -> String;

    /// Takes notifications in, of all tenants.
    fn intake(&self) -> Arc<dyn Intake>;

    /// Hands out what is due, of all tenants, to a server that [serves](Self::serve).
    fn work(&self) -> Arc<dyn Work>;

    /// Claims what somebody wants to look at now, beside a server.
    fn by_hand(&self) -> Arc<dyn ByHand>;

    /// What the engine remembers. Digests are kept for as long as `keep` says. `key`: the name of the key under which rows are made; it is noted again with
    /// each of them, since a configuration that counts by then may have taken it for one under which there is nothing. `None`: none is made.
    fn ledger(&self, tenant: &Tenant, keep: KeepBases, key: Option<&str>) -> Arc<dyn KeptLedger>;

    /// What was done.
    fn journal(&self, tenant: &Tenant) -> Arc<dyn Journal>;

    /// What a person looks at.
    fn overview(&self, tenant: &Tenant) -> Arc<dyn Overview>;

    /// Which process works on what, for the engine to ask before each write. `None`: claims alone say so, since only one server has the state.
    fn leases(&self, tenant: &Tenant) -> Option<Arc<dyn Leases>>;

    /// The rate limit of a credential that has this name (of [`SyncKeys::credential_name`](smartsync_core::SyncKeys::credential_name)), for all
    /// processes with this state. The same for each call. `None`: this process has the limit for itself.
    fn shared_budget(&self, name: &str) -> Option<Arc<dyn SharedBudget>>;

    /// Makes this process a server, and everything that waits due, except where a service asked to wait: whoever starts a server has put something
    /// right. What a server that died had claimed can be claimed again. Where one server has the state, it is this one; else it joins the others.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where only one server may have it and another does; else [`StoreError`].
    async fn serve(&self) -> Result<Serving, StoreError>;

    /// The accounts that the state of a tenant is for; `None` before its first use.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn accounts(&self, tenant: &Tenant) -> Result<Option<Accounts>, StoreError>;

    /// Notes the accounts, unless there are some. Returns those that are noted.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    async fn pin(&self, tenant: &Tenant, accounts: Accounts) -> Result<Accounts, StoreError>;

    /// Has the state of a tenant be for these accounts from now on. What is remembered of contracts, cards and creations is of others, whose
    /// candidates may have the same ids: it goes, and so does what came in or waits. Who was forgotten stays forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] while a server works on it: that one goes on for the accounts of before; else [`StoreError`].
    async fn adopt(&self, tenant: &Tenant, accounts: Accounts) -> Result<Dropped, StoreError>;

    /// Whether the state can be used under the keys of these names, the one that signs first; they are those of all tenants. Notes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreKeyError::Another`] where there are rows and none was made under one of the keys.
    async fn check_keys(&self, names: &[String]) -> Result<(), StoreKeyError>;

    /// Notes the key that signs. The last thing that is done with a configuration before it counts: who is refused leaves no name behind, and the
    /// one that counts goes on being known.
    ///
    /// # Errors
    ///
    /// [`StoreKeyError::Another`] where there are rows and none was made under one of the keys: nothing is noted then.
    async fn note_keys(&self, names: &[String]) -> Result<(), StoreKeyError>;
}

/// That this process is a server of a [`State`], until it is dropped or dies.
#[derive(Debug)]
pub struct Serving(
    #[expect(dead_code, reason = "it holds by being there")] Box<dyn fmt::Debug + Send + Sync>,
);

impl Serving {
    /// Of what holds it: a lock, a session.
    #[must_use]
    pub fn by(hold: impl fmt::Debug + Send + Sync + 'static) -> Self {
        Self(Box::new(hold))
    }
}
