//! The configuration file that a command is to use.

use std::{path::PathBuf, sync::Arc};

use smartsync::{
    Config, ConfigError, ConfigFile,
    store::{Journal, Tenant},
};

use crate::failure::{Failure, print_diagnostics};

/// The configuration file that was named, and how it is to be taken.
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) insecure_http: bool,
}

impl Named {
    /// The file, parsed and not judged.
    pub(crate) fn file(&self) -> Result<ConfigFile, ConfigError> {
        Ok(ConfigFile::read(&self.path)?.allow_plain_http(self.insecure_http))
    }

    /// The journal of its database, which must be there. Needs of the configuration `[store]` only.
    pub(crate) async fn journal(&self) -> Result<Arc<dyn Journal>, Failure> {
        let state = self.file()?.store()?.open_existing().await?;
        Ok(state.journal(&Tenant::default()))
    }

    /// What it says. Warnings are printed.
    pub(crate) fn config(&self) -> Result<Config, ConfigError> {
        let config = self.file()?.config()?;
        print_diagnostics(config.warnings());
        Ok(config)
    }
}
