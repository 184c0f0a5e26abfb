//! From `[store]` to the state that is kept there.

use std::{io, sync::Arc};

use super::open::OpenError;
use crate::{
    config::{StoreSection, StoreUrl},
    store::{SqliteState, State, StoreError},
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
            StoreUrl::Postgres(_) => return Err(StoreError::WithoutPostgres.into()),
        })
    }

    /// Opens the state, which must be there: what is done to it would be for nothing in a new one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`], and those of [`open`](Self::open).
    pub async fn open_existing(&self) -> Result<Arc<dyn State>, OpenError> {
        Ok(match &self.url {
            StoreUrl::Sqlite(path) => Arc::new(SqliteState::open_existing(path)?),
            StoreUrl::Postgres(_) => return Err(StoreError::WithoutPostgres.into()),
        })
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
