//! The configuration file: what it may say, and what is said when it says something else.

mod alerts;
pub(crate) mod diagnostics;
mod docs;
mod document;
mod error;
mod facts_file;
mod file;
mod interval;
mod listen;
mod page;
mod schema_file;
mod secret_source;
mod sections;
mod source_text;
mod store_url;
mod tenant_head;
mod tenants;
mod web_address;

use std::path::Path;

use secrecy::SecretString;
use smartsync_core::{ChangeLimit, Mapping, Schemas};
use smartsync_transport::RetryPolicy;

pub(crate) use self::alerts::AlertKey;
pub use self::{
    alerts::AlertsSection,
    diagnostics::Diagnostics,
    docs::DocsSection,
    error::{ConfigError, Fault},
    facts_file::{
        AnswerFault, FACTS_FILE, FactService, FactState, FactsFile, FactsFileError, FoundAnswer,
        facts_file_of, read_facts, save_facts,
    },
    file::ConfigFile,
    interval::SweepInterval,
    page::PageSection,
    schema_file::{SCHEMA_FILE, SchemaFileError, read_schemas, save_schemas, schema_file_of},
    secret_source::{SecretError, SecretSource, SecretSources},
    sections::{
        Concurrency, LimitsSection, OneflowSection, ServerSection, StoreSection, TeamtailorSection,
        WebhookPath,
    },
    store_url::StoreUrl,
    tenants::Tenants,
};
use crate::store::{Tenant, key_names, store_key};

/// The file that is read when no other is named.
pub const DEFAULT_FILE: &str = "smartsync.toml";

/// The JSON Schema of the file, for editors: completion, descriptions and checks while it is written.
pub const CONFIG_SCHEMA: &str = include_str!("../smartsync.schema.json");

/// What `smartsync.toml` or `smartsync.json` says for one pair of accounts. Every section but `[oneflow]` and `[teamtailor]` may be
/// left out. A file with several pairs, each in a `[[tenant]]`, is read as [`Tenants`], which has one of these for each.
///
/// ```
/// let config = smartsync::Config::from_toml(
///     r#"
///     [oneflow]
///     token = { env = "ONEFLOW_API_TOKEN" }
///
///     [teamtailor]
///     token = { file = "/run/secrets/teamtailor" }
///     "#,
/// )?;
/// assert_eq!(config.server.listen.port(), 8080);
/// # Ok::<(), smartsync::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// `[oneflow]`: where contracts are.
    pub oneflow: OneflowSection,
    /// `[teamtailor]`: where candidates are.
    pub teamtailor: TeamtailorSection,
    /// `[store]`: where this program keeps its own state.
    pub store: StoreSection,
    /// `[server]`: where notifications arrive.
    pub server: ServerSection,
    /// `[limits]`: how much may be changed.
    pub limits: LimitsSection,
    /// `[alerts]`: who is told when a person has to see to something; `None`: nobody.
    pub alerts: Option<AlertsSection>,
    /// `[page]`: where people look; `None`: a server has no page.
    pub page: Option<PageSection>,
    /// `[docs]`: where a code is explained; `None`: no output links to it.
    pub docs: Option<DocsSection>,
    /// `[sync]` and `[[field]]`: what is kept in step.
    pub mapping: Mapping,
    pub(crate) retry: RetryPolicy,
    pub(crate) change_limit: Option<ChangeLimit>,
    warnings: Diagnostics,
    file: ConfigFile,
}

impl Config {
    /// Reads the file at `path`: JSON if its name ends in `.json`, TOML otherwise.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`], [`ConfigError::Invalid`], [`ConfigError::Mapping`], and [`ConfigError::SeveralTenants`]: then [`Tenants`] reads it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        ConfigFile::read(path)?.config()
    }

    /// Reads a configuration from a TOML text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] names the line, the key and what is wrong, and repeats no value;
    /// [`ConfigError::Mapping`] shows everything that is wrong with the mapping; [`ConfigError::SeveralTenants`] for a text that [`Tenants`] reads.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        ConfigFile::from_toml(text)?.config()
    }

    /// Reads a configuration from a JSON text.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml).
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        ConfigFile::from_json(text)?.config()
    }

    /// The tenant that it is for; `None` in a file without `[[tenant]]`.
    #[must_use]
    pub fn name(&self) -> Option<&Tenant> {
        self.file.name()
    }

    /// Whose the rows in the database are: those of the tenant, unless it is `unnamed` there.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        self.file.tenant()
    }

    /// What should be known of the mapping, although it can be used.
    #[must_use]
    pub fn warnings(&self) -> &Diagnostics {
        &self.warnings
    }

    /// Everything that is to be said of the mapping against what both services have. Where it is no longer that of the file,
    /// no line is known.
    #[must_use]
    pub fn diagnose(&self, schemas: &Schemas) -> Diagnostics {
        if self.file.mapping() == Some(&self.mapping) {
            return self.file.diagnose(Some(schemas));
        }
        let checked = self.mapping.check_against(schemas);
        Diagnostics::without_text(checked.map_or_else(|found| found, |checked| checked.warnings().to_vec()))
    }

    /// Whether plain http to another machine was allowed.
    pub(crate) fn allows_plain_http(&self) -> bool {
        self.file.allows_plain_http()
    }

    /// The keys that sign notifications.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Secret`] when one cannot be had.
    pub fn sign_keys(&self) -> Result<Vec<SecretString>, ConfigError> {
        self.oneflow
            .sign_keys
            .read()
            .map_err(|source| ConfigError::Secret { key: "oneflow.sign_keys", source })
    }

    /// The keys of digests and link tokens. The first one signs. Without any in the configuration, the generated key
    /// beside a SQLite database; it is made at the first call.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Secret`], [`ConfigError::Key`] for one that is no 32 random bytes, [`ConfigError::NoStoreKey`] and [`ConfigError::StoreKey`].
    pub fn store_keys(&self) -> Result<Vec<SecretString>, ConfigError> {
        if let Some(database) = self.store.generates_key_beside() {
            return Ok(vec![store_key::read_or_generate(database)?]);
        }
        if self.store.key.is_empty() {
            return Err(ConfigError::NoStoreKey);
        }
        let keys =
            self.store.key.read().map_err(|source| ConfigError::Secret { key: "store.key", source })?;
        key_names::names(keys.clone())?;
        Ok(keys)
    }
}
