//! A database goes over to other accounts, by a person's word.

use std::sync::Arc;

use smartsync_core::Accounts;

use crate::{
    config::Config,
    engine::OpenError,
    store::{Dropped, State, StoreError, Tenant},
};

/// A database, the accounts that it is for, and those of the configured credentials.
#[derive(Debug)]
pub struct Adoption {
    state: Arc<dyn State>,
    tenant: Tenant,
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
        let (state, tenant) = (config.store.open_existing().await?, config.tenant().clone());
        let before = state.accounts(&tenant).await?;
        let accounts = Accounts::read(&oneflow, &teamtailor).await?;
        Ok(Self { state, tenant, before, accounts })
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
        self.state.adopt(&self.tenant, self.accounts).await
    }
}
