//! From the configuration to the database and the engine over it.

use std::sync::Arc;

use smartsync_core::{ChangeLimit, Engine, EngineError};

use super::{
    engine_clients::EngineClients,
    engine_source::{EngineSource, Parts},
    upstream_requests::UpstreamRequests,
};
use crate::{
    config::{Config, ConfigError},
    store::{State, StoreError, key_names},
};

/// Why the engine and its database cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A service did not say for which account the credentials are.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Config {
    /// Has engines overwrite no more than this, whatever `[limits]` says.
    #[must_use]
    pub fn change_limit(mut self, limit: ChangeLimit) -> Self {
        self.change_limit = Some(limit);
        self
    }

    /// The engine with the configured clients, mapping and keys, and its memory in `state`. Asks both services for which accounts it
    /// is, if `state` is new.
    ///
    /// # Errors
    ///
    /// [`OpenError`] says what is missing or cannot be used.
    pub async fn engine(&self, state: &Arc<dyn State>) -> Result<Arc<Engine>, OpenError> {
        let clients = self.engine_clients(&UpstreamRequests::default())?;
        let source = self.source_of(clients, state).await?;
        source.note_key().await?;
        Ok(source.engine().await?)
    }

    /// Opens the database and builds the engine over it. What is missing is said before a database is made.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn open(&self) -> Result<(Arc<dyn State>, Arc<Engine>), OpenError> {
        let clients = self.engine_clients(&UpstreamRequests::default())?;
        let (state, source) = self.open_with(clients).await?;
        source.note_key().await?;
        let engine = source.engine().await?;
        Ok((state, engine))
    }

    /// The same for a look that changes nothing: it is left open for which accounts a new database is.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn open_to_plan(&self) -> Result<(Arc<dyn State>, Arc<Engine>), OpenError> {
        let clients = self.engine_clients(&UpstreamRequests::default())?;
        let (state, source) = self.open_with(clients).await?;
        source.note_key().await?;
        let engine = source.without_pinning().engine().await?;
        Ok((state, engine))
    }

    /// The database, and the engine over these clients once it is known for which accounts it is. Nothing is written yet:
    /// [`note_key`](EngineSource::note_key) is called before the engine is used.
    pub(crate) async fn open_with(
        &self,
        clients: EngineClients,
    ) -> Result<(Arc<dyn State>, EngineSource), OpenError> {
        let state = self.open_state().await?;
        let source = self.source_of(clients, &state).await?;
        Ok((state, source))
    }

    /// The database. What is missing of its keys is said before one is made.
    pub(crate) async fn open_state(&self) -> Result<Arc<dyn State>, OpenError> {
        if self.store.generates_key_beside().is_none() {
            self.store_keys()?;
        }
        self.store.open().await
    }

    /// The engine over a database that is open.
    pub(crate) async fn source_of(
        &self,
        clients: EngineClients,
        state: &Arc<dyn State>,
    ) -> Result<EngineSource, ConfigError> {
        let secrets = self.store_keys()?;
        state.check_keys(&key_names::names(secrets.clone())?).await?;
        let limit = self.change_limit.unwrap_or(ChangeLimit::none().per_hour(self.limits.changes));
        let (tenant, mapping) = (self.tenant().clone(), self.mapping.clone());
        let keep_bases = self.store.keep_bases;
        let parts = Parts { clients, tenant, mapping, secrets, limit, keep_bases };
        EngineSource::new(parts, Arc::clone(state))
    }
}
