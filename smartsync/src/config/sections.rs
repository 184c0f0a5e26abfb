//! The sections beside the mapping: where the services, the database and this program's own server are.

use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
};

use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

use super::{interval::SweepInterval, listen, store_url::StoreUrl};
use crate::{
    config::secret_source::{SecretSource, SecretSources},
    store::{KeepBases, KeepLooks, Tenant},
};

/// `[oneflow]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OneflowSection {
    /// Base URL of the API, with or without `/v1`.
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
            .field("base_url", &self.base_url.as_ref().map(|url| url.origin().ascii_serialization()))
            .field("token", &self.token)
            .field("user_email", &self.user_email.as_ref().map(|_| format_args!("_")))
            .field("sign_keys", &self.sign_keys)
            .finish()
    }
}

/// `[teamtailor]`.
#[derive(Clone, Deserialize)]
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

/// Of the base URL, the origin only.
impl fmt::Debug for TeamtailorSection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TeamtailorSection")
            .field("base_url", &self.base_url.as_ref().map(|url| url.origin().ascii_serialization()))
            .field("token", &self.token)
            .field("api_version", &self.api_version)
            .finish()
    }
}

/// `[store]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StoreSection {
    /// The database: `sqlite://PATH` or `postgres://USER@HOST/DATABASE`.
    pub url: StoreUrl,
    /// The password of the user in a `postgres://` URL, unless the server asks for none.
    pub password: Option<SecretSource>,
    /// The key of digests and link tokens; several during a rotation, the first one signs. Left out, with SQLite, a key is
    /// generated in a file of mode 0600 beside the database.
    pub key: SecretSources,
    /// How long the digests of a contract are kept in which nothing changes any more.
    pub keep_bases: KeepBases,
}

impl StoreSection {
    /// The database beside which a key is generated; `None` where the key is to be set.
    pub(crate) fn generates_key_beside(&self) -> Option<&Path> {
        self.url.path().filter(|_| self.key.is_empty())
    }

    /// Takes the files of its secrets from `folder` on.
    pub(super) fn relative_to(&mut self, folder: &Path) {
        self.key.relative_to(folder);
        if let Some(password) = &mut self.password {
            password.relative_to(folder);
        }
    }
}

/// `[server]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ServerSection {
    /// Address and port to listen on. Port 0 takes a free one.
    #[serde(deserialize_with = "listen::address")]
    pub listen: SocketAddr,
    /// Path that receives notifications.
    pub path: WebhookPath,
    /// So many contracts are looked at at once.
    pub concurrency: Concurrency,
    /// How often a pass over the contracts of the account is made.
    pub sweep: SweepInterval,
    /// How long the journal keeps looks.
    pub journal: KeepLooks,
    /// Address and port that answer `/metrics`; `None`: nobody does. Whoever can connect can read it.
    #[serde(deserialize_with = "listen::metrics_address")]
    pub metrics: Option<SocketAddr>,
}

/// `[server] concurrency`: from 1 to 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub struct Concurrency(u8);

impl Concurrency {
    /// So many looks at once.
    #[must_use]
    pub fn get(self) -> usize {
        self.0.into()
    }
}

impl TryFrom<u8> for Concurrency {
    type Error = &'static str;

    fn try_from(looks: u8) -> Result<Self, Self::Error> {
        // The limits of the services are used up by fewer.
        if (1..=64).contains(&looks) { Ok(Self(looks)) } else { Err("write a number of looks from 1 to 64") }
    }
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            path: WebhookPath("/webhooks/oneflow".to_owned()),
            concurrency: Concurrency(4),
            sweep: SweepInterval::default(),
            journal: KeepLooks::default(),
            metrics: None,
        }
    }
}

/// `[limits]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct LimitsSection {
    /// So many values of cards may be overwritten or cleared in an hour; `sync` overwrites no more in one run either.
    pub changes: u32,
}

impl Default for LimitsSection {
    fn default() -> Self {
        Self { changes: 50 }
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

    /// That of a tenant which names none.
    pub(super) fn of_tenant(name: &Tenant) -> Self {
        Self(format!("/webhooks/oneflow/{name}"))
    }
}

impl TryFrom<String> for WebhookPath {
    type Error = &'static str;

    fn try_from(path: String) -> Result<Self, Self::Error> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
        match path.as_str() {
            "/healthz" | "/readyz" => Err("the path is reserved for the health checks: choose another"),
            other if other.starts_with('/') && other.chars().all(plain) => Ok(Self(path)),
            _ => Err("a path must begin with `/` and contain only letters, digits and `-_.~/`"),
        }
    }
}

/// Unlike the parser of `Url` itself, this repeats no value: it may be a token that stands in the wrong place.
fn base_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let url = Url::parse(&String::deserialize(deserializer)?)
        .map_err(|error| D::Error::custom(format_args!("not a valid service URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(D::Error::custom("contains a user name or a password: set the credentials with `token`"));
    }
    Ok(Some(url))
}
