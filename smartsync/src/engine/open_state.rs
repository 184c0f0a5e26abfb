//! From `[store]` to the state that is kept there.

use std::{io, sync::Arc};

use super::open::OpenError;
#[cfg(not(feature = "postgres"))]
use crate::store::StoreError;
#[cfg(feature = "postgres")]
use crate::{
    config::{ConfigError, SecretSource},
    store::PostgresState,
};
use crate::{
    config::{StoreSection, StoreUrl},
    store::{PostgresAddress, SqliteState, State},
};

impl StoreSection {
    /// Opens the state; makes it where there is none yet.
    ///
    /// # Errors
    ///
    /// [`OpenError::Config`] for a password that cannot be had, and [`OpenError::Store`].
    pub async fn open(&self) -> Result<Arc<dyn State>, OpenError> {
        Ok(match &self.url {
            StoreUrl::Sqlite(path) => Arc::new(SqliteState::open(path)?),
            StoreUrl::Postgres(address) => self.open_postgres(address).await?,
        })
    }

    /// Opens the state, which must be there: what is done to it would be for nothing in a new one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`](crate::store::StoreError::Missing), and those of [`open`](Self::open).
    pub async fn open_existing(&self) -> Result<Arc<dyn State>, OpenError> {
        Ok(match &self.url {
            StoreUrl::Sqlite(path) => Arc::new(SqliteState::open_existing(path)?),
            StoreUrl::Postgres(address) => self.open_postgres(address).await?,
        })
    }

    /// Its tables are made in any case: another server may be about to do so.
    #[cfg(feature = "postgres")]
    async fn open_postgres(&self, address: &PostgresAddress) -> Result<Arc<dyn State>, OpenError> {
        let password = self.password.as_ref().map(SecretSource::read).transpose();
        let password = password.map_err(|source| ConfigError::Secret { key: "store.password", source })?;
        Ok(Arc::new(PostgresState::open(address, password.as_ref()).await?))
    }

    #[cfg(not(feature = "postgres"))]
    #[expect(clippy::unused_async, reason = "with PostgreSQL, it waits")]
    async fn open_postgres(&self, _: &PostgresAddress) -> Result<Arc<dyn State>, OpenError> {
        Err(StoreError::WithoutPostgres.into())
    }

    /// The same from any working directory.
    ///
    /// # Errors
    ///
    /// That of the system, where there is no working directory.
    pub fn absolute(self) -> io::Result<Self> {
        Ok(Self { url: self.url.absolute()?, ..self })
    }
}
