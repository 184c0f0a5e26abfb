//! From the configuration to the clients of the two services, inside of their fence.

use std::time::Duration;

use async_trait::async_trait;
use oneflow_client::OneflowClient;
use secrecy::SecretString;
use smartsync_core::{
    Schemas,
    permissions::{Fence, Permissions},
};
use smartsync_transport::{
    PageError, Request, ReqwestTransport, Response, Transport, TransportError, is_loopback,
};
use teamtailor_client::TeamtailorClient;
use url::Url;

use super::{
    engine_clients::EngineClients, limit_wait::LimitSleep, request_count::Counted,
    upstream_requests::UpstreamRequests,
};
use crate::config::{Config, ConfigError, ConfigFile};

/// How long a try of a request to a service may take.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Why the fields of both services cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemasError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A service could not be read, or a list not to its end.
    #[error(transparent)]
    Service(#[from] PageError),
}

/// Carries nothing: for clients that are asked for their URLs only.
#[derive(Debug)]
struct Nowhere;

#[async_trait]
impl Transport for Nowhere {
    async fn execute(&self, _: Request) -> Result<Response, TransportError> {
        Err(TransportError::refused("this client sends nothing"))
    }
}

/// Where the two services are, the fence of the clients that are built for them, and where their requests are counted.
struct Fenced {
    oneflow: Url,
    teamtailor: Url,
    fence: Fence,
    requests: UpstreamRequests,
}

impl Fenced {
    fn oneflow(&self, config: &Config, token: SecretString) -> Result<OneflowClient, ConfigError> {
        config.oneflow_with(token, self.carried(&self.oneflow, "oneflow")?)
    }

    fn teamtailor(&self, config: &Config, key: SecretString) -> Result<TeamtailorClient, ConfigError> {
        config.teamtailor_with(key, self.carried(&self.teamtailor, "teamtailor")?)
    }

    /// The way to a service, inside of the fence.
    fn carried(&self, base_url: &Url, section: &'static str) -> Result<impl Transport + use<>, ConfigError> {
        let inner = ReqwestTransport::builder().timeout(REQUEST_TIMEOUT).build(base_url);
        let inner = inner.map_err(|source| ConfigError::Client { section, source })?;
        Ok(self.fence.around(Counted { inner, requests: self.requests.clone() }))
    }

    fn counted_by(self, requests: &UpstreamRequests) -> Self {
        Self { requests: requests.clone(), ..self }
    }
}

impl ConfigFile {
    /// Reads the fields of both services, with the configured credentials. The mapping may have errors.
    ///
    /// # Errors
    ///
    /// [`SchemasError`].
    pub async fn schemas(&self) -> Result<Schemas, SchemasError> {
        let config = self.sections()?;
        Ok(Schemas::read(&config.oneflow_client()?, &config.teamtailor_client()?).await?)
    }
}

impl Config {
    /// The same, with clients that wait a rate limit out: a request that a service refuses for it is sent again until its waits come
    /// to `total`. For long work.
    #[must_use]
    pub fn wait_out_limits(mut self, total: Duration) -> Self {
        self.retry = self.retry.wait_out_limits(total);
        self
    }

    /// A client of Oneflow with the configured credentials that reads what a check and a run over all contracts need, and nothing
    /// else: anything else is refused before it is sent.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Secret`], [`ConfigError::PlainHttp`] and [`ConfigError::Client`].
    pub fn oneflow_client(&self) -> Result<OneflowClient, ConfigError> {
        self.fenced(Permissions::to_read)?.oneflow(self, self.oneflow_token()?)
    }

    /// The same for Teamtailor.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Secret`], [`ConfigError::PlainHttp`] and [`ConfigError::Client`].
    pub fn teamtailor_client(&self) -> Result<TeamtailorClient, ConfigError> {
        self.fenced(Permissions::to_read)?.teamtailor(self, self.teamtailor_key()?)
    }

    /// As [`oneflow_client`](Self::oneflow_client), with a token that no configuration names yet.
    pub(crate) fn oneflow_client_by(&self, token: SecretString) -> Result<OneflowClient, ConfigError> {
        self.fenced(Permissions::to_read)?.oneflow(self, token)
    }

    /// The same for Teamtailor.
    pub(crate) fn teamtailor_client_by(&self, key: SecretString) -> Result<TeamtailorClient, ConfigError> {
        self.fenced(Permissions::to_read)?.teamtailor(self, key)
    }

    /// Clients that build requests, credentials included, and send none: for whom a narrower fence is drawn.
    pub(crate) fn unsent_clients(&self) -> Result<(OneflowClient, TeamtailorClient), ConfigError> {
        let oneflow = self.oneflow_with(self.oneflow_token()?, Nowhere)?;
        Ok((oneflow, self.teamtailor_with(self.teamtailor_key()?, Nowhere)?))
    }

    /// A client of Oneflow that lists, registers and removes webhooks, and nothing else.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Secret`], [`ConfigError::PlainHttp`] and [`ConfigError::Client`].
    pub fn webhook_client(&self) -> Result<OneflowClient, ConfigError> {
        self.fenced(|oneflow, _| Permissions::of_webhooks(oneflow))?.oneflow(self, self.oneflow_token()?)
    }

    /// Everything that the engine of this configuration may ask for: whatever else is refused before it is sent. Custom fields are
    /// named as in the mapping; with both services' fields, [`ConfigFile::permissions`] has their api-names and the same hash.
    ///
    /// # Errors
    ///
    /// [`ConfigError::PlainHttp`] and [`ConfigError::Client`]. No secret is read.
    pub fn permissions(&self) -> Result<Permissions, ConfigError> {
        let (oneflow, teamtailor) = self.base_urls()?;
        Ok(self.mapping.permissions(&oneflow, &teamtailor))
    }

    /// The two clients of an engine, inside of one fence.
    pub(crate) fn engine_clients(&self, requests: &UpstreamRequests) -> Result<EngineClients, ConfigError> {
        let fenced = self.fenced(|oneflow, teamtailor| self.mapping.permissions(oneflow, teamtailor))?;
        let fenced = fenced.counted_by(requests);
        let (oneflow_token, teamtailor_key) = (self.oneflow_token()?, self.teamtailor_key()?);
        Ok(EngineClients {
            oneflow: fenced.oneflow(self, oneflow_token.clone())?,
            teamtailor: fenced.teamtailor(self, teamtailor_key.clone())?,
            oneflow_token,
            teamtailor_key,
        })
    }

    /// As [`oneflow_client`](Self::oneflow_client), with requests that are counted.
    pub(crate) fn counted_oneflow_client(
        &self,
        requests: &UpstreamRequests,
    ) -> Result<OneflowClient, ConfigError> {
        self.fenced(Permissions::to_read)?.counted_by(requests).oneflow(self, self.oneflow_token()?)
    }

    /// What clients with these permissions are built from.
    fn fenced(&self, permissions: impl FnOnce(&Url, &Url) -> Permissions) -> Result<Fenced, ConfigError> {
        let (oneflow, teamtailor) = self.base_urls()?;
        let fence = Fence::new(permissions(&oneflow, &teamtailor));
        Ok(Fenced { oneflow, teamtailor, fence, requests: UpstreamRequests::default() })
    }

    fn oneflow_token(&self) -> Result<SecretString, ConfigError> {
        self.oneflow.token.read().map_err(|source| ConfigError::Secret { key: "oneflow.token", source })
    }

    fn teamtailor_key(&self) -> Result<SecretString, ConfigError> {
        self.teamtailor.token.read().map_err(|source| ConfigError::Secret { key: "teamtailor.token", source })
    }

    fn oneflow_with(
        &self,
        token: SecretString,
        transport: impl Transport + 'static,
    ) -> Result<OneflowClient, ConfigError> {
        let section = &self.oneflow;
        let mut builder = OneflowClient::builder().api_token(token).sleep(LimitSleep::new("Oneflow"));
        builder = builder.retry(self.retry.clone()).transport(transport);
        if let Some(email) = &section.user_email {
            builder = builder.user_email(email.as_str());
        }
        if let Some(url) = &section.base_url {
            self.refuse_plain_http("oneflow.base_url", url)?;
            builder = builder.base_url(url.clone());
        }
        builder.build().map_err(|source| ConfigError::Client { section: "oneflow", source })
    }

    fn teamtailor_with(
        &self,
        key: SecretString,
        transport: impl Transport + 'static,
    ) -> Result<TeamtailorClient, ConfigError> {
        let section = &self.teamtailor;
        let mut builder = TeamtailorClient::builder().api_key(key).sleep(LimitSleep::new("Teamtailor"));
        builder = builder.retry(self.retry.clone()).transport(transport);
        if let Some(url) = &section.base_url {
            self.refuse_plain_http("teamtailor.base_url", url)?;
            builder = builder.base_url(url.clone());
        }
        if let Some(version) = &section.api_version {
            builder = builder.api_version(version);
        }
        builder.build().map_err(|source| ConfigError::Client { section: "teamtailor", source })
    }

    fn refuse_plain_http(&self, key: &'static str, url: &Url) -> Result<(), ConfigError> {
        let is_safe = url.scheme() != "http" || is_loopback(url) || self.allows_plain_http();
        if is_safe { Ok(()) } else { Err(ConfigError::PlainHttp { key }) }
    }

    /// The base URLs of both services as the clients have them, defaults and versions included. No secret is read.
    pub(crate) fn base_urls(&self) -> Result<(Url, Url), ConfigError> {
        let none = || SecretString::from("none");
        let oneflow = self.oneflow_with(none(), Nowhere)?;
        let teamtailor = self.teamtailor_with(none(), Nowhere)?;
        Ok((oneflow.base_url().clone(), teamtailor.base_url().clone()))
    }
}
