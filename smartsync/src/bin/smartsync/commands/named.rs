//! The configuration file that a command is to use, and for which of its tenants.

use std::{path::PathBuf, sync::Arc};

use smartsync::{
    Config, ConfigError, ConfigFile,
    config::{StoreSection, Tenants},
    store::{Journal, Tenant},
};

use crate::failure::{Failure, print_diagnostics};

/// The configuration file that was named, and how it is to be taken.
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) insecure_http: bool,
    /// The tenant that was named.
    pub(crate) tenant: Option<Tenant>,
}

impl Named {
    /// The file, parsed and not judged, as it is read for the tenant that was named, or for its only one.
    pub(crate) fn file(&self) -> Result<ConfigFile, ConfigError> {
        self.whole()?.of_tenant(self.tenant.as_ref())
    }

    /// The same for each of its tenants, or for the one that was named.
    pub(crate) fn files(&self) -> Result<Vec<ConfigFile>, ConfigError> {
        match &self.tenant {
            Some(_) => Ok(vec![self.file()?]),
            None => self.whole()?.by_tenant(),
        }
    }

    /// The same, whatever tenants it has.
    fn whole(&self) -> Result<ConfigFile, ConfigError> {
        Ok(ConfigFile::read(&self.path)?.allow_plain_http(self.insecure_http))
    }

    /// `[store]`, which all of its tenants share.
    pub(crate) fn store(&self) -> Result<StoreSection, ConfigError> {
        self.whole()?.store()
    }

    /// The journal of its database, which must be there. Needs of the configuration `[store]` only.
    pub(crate) async fn journal(&self) -> Result<Arc<dyn Journal>, Failure> {
        journal(&self.file()?).await
    }

    /// What it says. Warnings are printed.
    pub(crate) fn config(&self) -> Result<Config, ConfigError> {
        let config = self.file()?.config()?;
        print_diagnostics(config.warnings());
        Ok(config)
    }

    /// What it says for all of its tenants. Warnings are printed.
    pub(crate) fn tenants(&self) -> Result<Tenants, ConfigError> {
        let tenants = self.whole()?.tenants()?;
        tenants.iter().for_each(|config| print_diagnostics(config.warnings()));
        Ok(tenants)
    }
}

/// The journal of the tenant that a file is read for.
pub(crate) async fn journal(file: &ConfigFile) -> Result<Arc<dyn Journal>, Failure> {
    Ok(file.store()?.open_existing().await?.journal(file.tenant()))
}
