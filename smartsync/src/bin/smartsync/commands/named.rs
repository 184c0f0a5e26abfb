//! The configuration file that a command is to use, and for which of its tenants.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use smartsync::{
    Config, ConfigError, ConfigFile,
    config::{StoreSection, Tenants},
    store::{Journal, Tenant},
};

use crate::{
    command_line::EACH,
    docs_pages,
    failure::{Failure, print_diagnostics},
};

/// The configuration file that was named, and how it is to be taken.
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) insecure_http: bool,
    /// The tenant that was named.
    pub(crate) tenant: Option<Tenant>,
    /// Whether the file was read and has several tenants.
    has_several: AtomicBool,
}

impl Named {
    pub(crate) fn new(path: PathBuf, insecure_http: bool, tenant: Option<Tenant>) -> Self {
        Self { path, insecure_http, tenant, has_several: AtomicBool::default() }
    }

    /// For whom a command line is that somebody is told to type: the tenant that was named, or each in turn if the file has several. `None`: it has one, or
    /// was not read.
    pub(crate) fn meant(&self) -> Option<&str> {
        let of_each = || self.has_several.load(Ordering::Relaxed).then_some(EACH);
        self.tenant.as_ref().map(Tenant::as_str).or_else(of_each)
    }

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
        let file = ConfigFile::read(&self.path)?;
        docs_pages::lead_to(file.docs());
        let has_several = file.by_tenant().is_ok_and(|files| files.len() > 1);
        self.has_several.store(has_several, Ordering::Relaxed);
        Ok(file.allow_plain_http(self.insecure_http))
    }

    /// Learns where the documentation is, if the file says so and can be read, for a command that needs nothing else of it.
    pub(crate) fn learn_docs(&self) {
        let _ = self.whole();
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
