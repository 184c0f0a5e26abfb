//! The engine, once it is known for which accounts it is: a server starts, and accepts notifications, before a service answers.

use std::sync::Arc;

use secrecy::SecretString;
use smartsync_core::{
    Accounts, ChangeLimit, Engine, EngineBuilder, EngineError, LedgerError, Mapping, SyncKeys,
    engine::SystemClock,
};
use tokio::sync::OnceCell;

use super::engine_clients::EngineClients;
use crate::{
    config::{ConfigError, Diagnostics},
    store::{KeepBases, State, Tenant, key_names},
};

/// Builds the engine at its first use.
#[derive(Debug)]
pub(crate) struct EngineSource {
    parts: Parts,
    state: Arc<dyn State>,
    /// The names of the keys, the one that signs first.
    key_names: Vec<String>,
    /// Whether accounts that are met first are noted as those of the database.
    pins: bool,
    engine: OnceCell<Arc<Engine>>,
}

/// What an engine is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) clients: EngineClients,
    pub(crate) tenant: Tenant,
    pub(crate) mapping: Mapping,
    pub(crate) secrets: Vec<SecretString>,
    pub(crate) limit: ChangeLimit,
    pub(crate) keep_bases: KeepBases,
}

impl EngineSource {
    /// Says at once what of it could never be built. Asks no service. The clients keep their limits together with all processes that have the state
    /// from here on.
    pub(crate) fn new(parts: Parts, state: Arc<dyn State>) -> Result<Self, ConfigError> {
        let keys = SyncKeys::new("", parts.secrets.clone())?;
        let key_names = key_names::names(parts.secrets.clone())?;
        builder(&parts, &*state, &key_names, keys.clone()).build().map_err(|invalid| {
            ConfigError::Mapping { diagnostics: Diagnostics::without_text(invalid.0), fault: None }
        })?;
        parts.clients.share_limits(&*state, &keys);
        Ok(Self { parts, state, key_names, pins: true, engine: OnceCell::new() })
    }

    /// Notes in the database that it goes on under this key, once nothing else can fail.
    ///
    /// # Errors
    ///
    /// [`ConfigError::StoreKey`] where there are rows and none was made under one of the keys.
    pub(crate) async fn note_key(&self) -> Result<(), ConfigError> {
        Ok(self.state.note_keys(&self.key_names).await?)
    }

    /// Its clients.
    pub(crate) fn clients(&self) -> EngineClients {
        self.parts.clients.clone()
    }

    /// Gives back what its clients have of limits that several processes keep.
    pub(crate) async fn leave_shared_limits(&self) {
        self.parts.clients.leave_shared_limits().await;
    }

    #[cfg(test)]
    pub(crate) fn key_names(&self) -> &[String] {
        &self.key_names
    }

    /// Leaves it open for which accounts a new database is.
    pub(crate) fn without_pinning(self) -> Self {
        Self { pins: false, ..self }
    }

    /// The engine for the accounts of the database; for those of the credentials, which become the database's, where it has none yet.
    /// Whether the credentials are those of the database's accounts, the engine asks by itself before it writes anything.
    ///
    /// # Errors
    ///
    /// [`EngineError`] when the database fails or a service does not say which account it is: nothing was noted then, and the next call asks again.
    pub(crate) async fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        self.engine.get_or_try_init(|| self.build()).await.cloned()
    }

    async fn build(&self) -> Result<Arc<Engine>, EngineError> {
        let Parts { clients, tenant, secrets, .. } = &self.parts;
        let accounts = match self.state.accounts(tenant).await.map_err(LedgerError::new)? {
            Some(pinned) => pinned,
            None => {
                let found = Accounts::read(&clients.oneflow, &clients.teamtailor).await?;
                if self.pins { self.state.pin(tenant, found).await.map_err(LedgerError::new)? } else { found }
            }
        };
        // Both were found good when this was made.
        let keys =
            SyncKeys::for_tenant(tenant.as_str(), accounts, secrets.clone()).map_err(LedgerError::new)?;
        let engine =
            builder(&self.parts, &*self.state, &self.key_names, keys).build().map_err(LedgerError::new)?;
        Ok(Arc::new(engine))
    }
}

fn builder(parts: &Parts, state: &dyn State, key_names: &[String], keys: SyncKeys) -> EngineBuilder {
    let Parts {
        clients: EngineClients { oneflow, teamtailor, .. }, tenant, mapping, limit, keep_bases, ..
    } = parts;
    let ledger = state.ledger(tenant, *keep_bases, key_names.first().map(String::as_str));
    let builder = Engine::builder(oneflow.clone(), teamtailor.clone(), mapping.clone(), ledger, keys)
        .clock(SystemClock)
        .change_limit(*limit);
    match state.leases(tenant) {
        Some(leases) => builder.leases(leases),
        None => builder,
    }
}
