//! Why a run of the drill could not be carried out.

use std::{error::Error, io, sync::Arc};

use smartsync_sandbox::ActionError;

use crate::store::StoreError;

/// Why a run could not be carried out.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DrillError {
    /// A folder or a thread could not be had.
    #[error("the drill could not be set up")]
    Machine(#[from] Arc<io::Error>),
    /// The program could not be set up.
    #[error("the drill could not be set up")]
    SetUp(#[source] Arc<dyn Error + Send + Sync>),
    /// The database failed.
    #[error("the database")]
    Store(#[from] StoreError),
    /// A person could not do what the drill wants.
    #[error("a person could not act in the sandbox")]
    Person(#[from] ActionError),
}

impl DrillError {
    pub(super) fn set_up(error: impl Error + Send + Sync + 'static) -> Self {
        Self::SetUp(Arc::new(error))
    }
}

impl From<io::Error> for DrillError {
    fn from(error: io::Error) -> Self {
        Self::Machine(Arc::new(error))
    }
}
