//! What the page asks for at the services, and not in the store.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use smartsync_core::{Engine, EngineError};

use crate::{config::Config, engine::engine_clients::EngineClients};

/// The accounts of a tenant as the configuration has them that counts now.
#[async_trait]
pub(crate) trait Live: fmt::Debug + Send + Sync {
    /// The engine over the store.
    async fn engine(&self) -> Result<Arc<Engine>, EngineError>;

    /// Its clients, inside of its fence.
    fn clients(&self) -> EngineClients;

    /// What it was made from.
    fn config(&self) -> Arc<Config>;
}
