//! What a configuration says for each of its tenants.

use std::path::Path;

use super::{Config, ConfigError, ConfigFile};
use crate::store::Tenant;

/// What a configuration says for all of its tenants: a [`Config`] for each, in the order of the file, and one without a name where
/// the file has no `[[tenant]]`. `[store]`, `[server]` but its path, `[alerts]`, `[page]` and `[docs]` are the same in each.
///
/// ```
/// let tenants = smartsync::config::Tenants::from_toml(
///     r#"
///     [[tenant]]
///     name = "acme-se"
///     [tenant.oneflow]
///     token = { env = "ONEFLOW_SE" }
///     [tenant.teamtailor]
///     token = { env = "TEAMTAILOR_SE" }
///
///     [[tenant]]
///     name = "acme-no"
///     [tenant.oneflow]
///     token = { env = "ONEFLOW_NO" }
///     [tenant.teamtailor]
///     token = { env = "TEAMTAILOR_NO" }
///     "#,
/// )?;
/// let paths: Vec<&str> = tenants.iter().map(|config| config.server.path.as_str()).collect();
/// assert_eq!(paths, ["/webhooks/oneflow/acme-se", "/webhooks/oneflow/acme-no"]);
/// # Ok::<(), smartsync::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tenants {
    first: Config,
    others: Vec<Config>,
}

impl Tenants {
    pub(super) fn new(configs: Vec<Config>) -> Option<Self> {
        let mut configs = configs.into_iter();
        Some(Self { first: configs.next()?, others: configs.collect() })
    }

    /// Reads the file at `path`: JSON if its name ends in `.json`, TOML otherwise.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`], [`ConfigError::Invalid`] and [`ConfigError::Mapping`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        ConfigFile::read(path)?.tenants()
    }

    /// Reads them from a TOML text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] and [`ConfigError::Mapping`] show all that is wrong, whichever tenant it is about.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        ConfigFile::from_toml(text)?.tenants()
    }

    /// Reads them from a JSON text.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml).
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        ConfigFile::from_json(text)?.tenants()
    }

    /// What counts for each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Config> {
        [&self.first].into_iter().chain(&self.others)
    }

    /// Their names, in the order of the file; none where it has no `[[tenant]]`.
    pub fn names(&self) -> impl Iterator<Item = &Tenant> {
        self.iter().filter_map(Config::name)
    }

    /// What is the same for all of them: `[store]`, `[server]` but its path, `[alerts]`, `[page]` and `[docs]`.
    #[must_use]
    pub fn shared(&self) -> &Config {
        &self.first
    }
}

/// The one that it is for.
impl From<Config> for Tenants {
    fn from(config: Config) -> Self {
        Self { first: config, others: Vec::new() }
    }
}

impl From<&Config> for Tenants {
    fn from(config: &Config) -> Self {
        Self::from(config.clone())
    }
}

impl From<&Self> for Tenants {
    fn from(tenants: &Self) -> Self {
        tenants.clone()
    }
}
