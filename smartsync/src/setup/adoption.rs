//! A database goes over to other accounts, by a person's word.

use smartsync_core::Accounts;

use crate::{
    config::Config,
    engine::OpenError,
    store::{Dropped, Store, StoreError, Tenant, accounts},
};

/// A database, the accounts that it is for, and those of the configured credentials.
#[derive(Debug)]
pub struct Adoption {
    store: Store,
    before: Option<Accounts>,
    accounts: Accounts,
}

impl Adoption {
    /// Asks both services for the accounts of the credentials. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`OpenError`] where the configuration lacks something, there is no database, or a service does not say which account it is.
    pub async fn of(config: &Config) -> Result<Self, OpenError> {
        let (oneflow, teamtailor) = (config.oneflow_client()?, config.teamtailor_client()?);
        let store = Store::open_existing(config.store.url.path())?;
        let before = accounts::pinned(&store, &Tenant::default()).await?;
        let accounts = Accounts::read(&oneflow, &teamtailor).await?;
        Ok(Self { store, before, accounts })
    }

    /// The accounts that the database is for, if it was ever used.
    #[must_use]
    pub fn before(&self) -> Option<&Accounts> {
        self.before.as_ref()
    }

    /// Those of the credentials.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Whether the two differ.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.before.as_ref() != Some(&self.accounts)
    }

    /// Has the database be for the accounts of the credentials. What it remembers of contracts, cards and creations is of others, whose
    /// candidates may have the same ids: it goes, and with it what came in or waits. Who was forgotten stays forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] while a server works on the database: it goes on for the accounts of before; else [`StoreError`].
    pub async fn adopt(self) -> Result<Dropped, StoreError> {
        let _lock = self.store.lock_server()?;
        accounts::adopt(&self.store, &Tenant::default(), self.accounts).await
    }
}
