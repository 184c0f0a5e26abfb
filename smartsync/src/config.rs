//! The configuration file: what it may say, and what is said when it says something else.

use std::{
    fmt, fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};
use smartsync_core::{Diagnostic, KeyError, Mapping};
use url::Url;

use crate::{
    SecretSource, SecretSources,
    secret_source::SecretError,
    store_key::{self, StoreKeyError},
};

/// The file that is read when no other is named.
pub const DEFAULT_FILE: &str = "smartsync.toml";

/// What `smartsync.toml` says. Every section but `[oneflow]` and `[teamtailor]` may be left out.
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
    /// `[sync]` and `[[field]]`: what is kept in step.
    pub mapping: Mapping,
}

/// `[oneflow]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OneflowSection {
    /// Base URL of the API, version included.
    #[serde(default, deserialize_with = "base_url")]
    pub base_url: Option<Url>,
    /// The API token (40 characters).
    pub token: SecretSource,
    /// E-mail of the user on whose behalf requests are made. Without one Oneflow takes an anonymous administrator.
    #[serde(default)]
    pub user_email: Option<String>,
    /// Keys that sign notifications. Several during a rotation: each is accepted.
    #[serde(default)]
    pub sign_keys: SecretSources,
}

/// Without the e-mail address.
impl fmt::Debug for OneflowSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneflowSection")
            .field("base_url", &self.base_url.as_ref().map(Url::as_str))
            .field("token", &self.token)
            .field("user_email", &self.user_email.as_ref().map(|_| format_args!("_")))
            .field("sign_keys", &self.sign_keys)
            .finish()
    }
}

/// `[teamtailor]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TeamtailorSection {
    /// Base URL of the API, with or without `/v1`. North American and Asian accounts have hosts of their own.
    #[serde(default, deserialize_with = "base_url")]
    pub base_url: Option<Url>,
    /// The API key. Its scope must be Admin, its permission Read/Write.
    pub token: SecretSource,
    /// `X-Api-Version`.
    #[serde(default)]
    pub api_version: Option<String>,
}

/// `[store]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StoreSection {
    /// The database: `sqlite://PATH`.
    pub url: StoreUrl,
    /// The key of digests and link tokens; several during a rotation, the first one signs. Left out, a key is
    /// generated in a file of mode 0600 beside the database.
    pub key: SecretSources,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self { url: StoreUrl(PathBuf::from("smartsync.db")), key: SecretSources::default() }
    }
}

/// `[server]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ServerSection {
    /// Address and port to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Path that receives notifications.
    pub path: WebhookPath,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            path: WebhookPath("/webhooks/oneflow".to_owned()),
        }
    }
}

/// `sqlite://PATH`: the path of the database, relative to the working directory unless it begins with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StoreUrl(PathBuf);

impl StoreUrl {
    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl TryFrom<String> for StoreUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once("://") {
            Some(("sqlite", "")) => Err("the URL names no file: write `sqlite://smartsync.db`"),
            Some(("sqlite", path)) => Ok(Self(PathBuf::from(path))),
            _ => Err("this version keeps its state in SQLite only: write `sqlite://smartsync.db`"),
        }
    }
}

/// A path of our own server that receives notifications.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct WebhookPath(String);

impl WebhookPath {
    /// The path, beginning with `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for WebhookPath {
    type Error = &'static str;

    fn try_from(path: String) -> Result<Self, Self::Error> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
        match path.as_str() {
            "/healthz" | "/readyz" => Err("the path is taken by the health checks: choose another"),
            other if other.starts_with('/') && other.chars().all(plain) => Ok(Self(path)),
            _ => Err("a path begins with `/` and has letters, digits and `-_.~/` only"),
        }
    }
}

/// Unlike the parser of `Url` itself, this repeats no value: it may be a token that stands in the wrong place.
fn base_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let url = Url::parse(&String::deserialize(deserializer)?);
    url.map(Some).map_err(|error| D::Error::custom(format_args!("no address of a service: {error}")))
}

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    oneflow: OneflowSection,
    teamtailor: TeamtailorSection,
    #[serde(default)]
    store: StoreSection,
    #[serde(default)]
    server: ServerSection,
    #[serde(default)]
    sync: Option<Value>,
    #[serde(default)]
    field: Option<Value>,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The text is not what a configuration may say.
    #[error("{0}")]
    Invalid(Fault),
    /// The pairs of fields cannot work, whatever the two services hold.
    #[error("{}: {}", file.as_deref().unwrap_or("configuration"), all(problems))]
    Mapping {
        /// The file, if the text came from one.
        file: Option<String>,
        /// Everything that is wrong.
        problems: Vec<Diagnostic>,
    },
    /// A secret that is needed cannot be had.
    #[error("`{key}`")]
    Secret {
        /// The key of the file that names the secret.
        key: &'static str,
        /// Why.
        source: SecretError,
    },
    /// There is no key for digests and none can be made.
    #[error("no key for digests")]
    StoreKey(#[from] StoreKeyError),
    /// A key for digests cannot be used.
    #[error("`store.key`")]
    Key(#[from] KeyError),
    /// A client of one of the services cannot be built.
    #[error("`[{section}]`")]
    Client {
        /// The section of the file.
        section: &'static str,
        /// Why.
        source: smartsync_transport::ConfigError,
    },
}

/// What is wrong in a configuration, and where. It never repeats a value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fault {
    /// The file, if the text came from one.
    pub file: Option<String>,
    /// Line in the text, from 1.
    pub line: Option<usize>,
    /// The key: `oneflow.token`. Empty for a text that is no TOML.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file.as_deref().unwrap_or("configuration"))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

impl Config {
    /// Reads the file at `path`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`] and [`ConfigError::Invalid`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(source) => return Err(ConfigError::Read { path: file, source }),
        };
        Self::parse(&text, Some(file))
    }

    /// Reads a configuration from a text.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Invalid`] names the line, the key and what is wrong, and repeats no value.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::parse(text, None)
    }

    fn parse(text: &str, file: Option<String>) -> Result<Self, ConfigError> {
        let fault = |key: String, error: &toml::de::Error| {
            let line = error.span().map(|span| line_of(text, span.start));
            ConfigError::Invalid(Fault {
                file: file.clone(),
                line,
                key,
                message: without_values(error.message()),
            })
        };
        let deserializer = toml::Deserializer::parse(text).map_err(|error| fault(String::new(), &error))?;
        let document: Document = serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let key = error.path().to_string();
            fault(if key == "." { String::new() } else { key }, error.inner())
        })?;
        let Document { oneflow, teamtailor, store, server, sync, field } = document;
        let sections = [("sync", sync), ("field", field)].into_iter();
        let sections: Map<String, Value> =
            sections.filter_map(|(key, section)| Some((key.to_owned(), section?))).collect();
        let refused = |problems| ConfigError::Mapping { file: file.clone(), problems };
        let mapping = Mapping::read(&Value::Object(sections)).map_err(refused)?;
        mapping.check().map_err(refused)?;
        Ok(Self { oneflow, teamtailor, store, server, mapping })
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
    /// beside the database; it is made at the first call.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Secret`] and [`ConfigError::StoreKey`].
    pub fn store_keys(&self) -> Result<Vec<SecretString>, ConfigError> {
        if self.store.key.is_empty() {
            return Ok(vec![store_key::read_or_generate(self.store.url.path())?]);
        }
        self.store.key.read().map_err(|source| ConfigError::Secret { key: "store.key", source })
    }
}

fn all(problems: &[Diagnostic]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

/// serde quotes a refused value in double quotes (keys stand in backticks). It may be a secret or a name.
fn without_values(message: &str) -> String {
    match (message.find('"'), message.rfind('"')) {
        (Some(first), Some(last)) if message.starts_with("invalid ") && first < last => {
            format!("{}(not shown){}", &message[..first], &message[last + 1..])
        }
        _ => message.to_owned(),
    }
}
