//! Builds the transport over reqwest.

use std::{fmt, sync::Arc, time::Duration};

use url::Url;

use super::ReqwestTransport;
use crate::{config_error::ConfigError, loopback::is_loopback, public_names::PublicNames, tls};

/// Time for a whole exchange, body included.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Time for a connection: name, TCP, TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Time that a file may go without a byte.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer that is read: far above any JSON page of either service.
const MAX_BODY: usize = 32 * 1024 * 1024;
/// The `User-Agent` of whoever names none.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Builds a [`ReqwestTransport`].
#[derive(Clone, Default)]
pub struct ReqwestTransportBuilder {
    http_client: Option<reqwest::Client>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    max_body: Option<usize>,
    user_agent: Option<String>,
    proxy: Option<Url>,
    root_certificates: Vec<Vec<u8>>,
}

impl ReqwestTransport {
    /// A builder.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use smartsync_transport::{ReqwestTransport, Url};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let base_url: Url = "https://api.example.com/v1".parse()?;
    /// let transport = ReqwestTransport::builder()
    ///     .timeout(Duration::from_secs(10))
    ///     .proxy("http://proxy.internal.example:3128".parse()?)
    ///     .root_certificate(std::fs::read("company-ca.pem")?)
    ///     .build(&base_url)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn builder() -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::default()
    }
}

impl ReqwestTransportBuilder {
    /// Gives up on an exchange after `timeout`, body included: 30 seconds unless set. Files have
    /// [`idle_timeout`](Self::idle_timeout) instead.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Gives up on a connection (name, TCP, TLS) after `timeout`: 10 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Gives up on a file after so long without a byte: 30 seconds unless set. As long as bytes come, it may take any time.
    #[must_use]
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = Some(timeout);
        self
    }

    /// Refuses answers of more than `bytes`, of anything but a file: 32 MiB unless set.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = Some(bytes);
        self
    }

    /// The header `User-Agent` of requests that bring none: this crate and its version unless set.
    #[must_use]
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Goes through this proxy, and not through one that the environment names. User name and password may be in the URL. Files
    /// go through no proxy all the same: it would look their names up, and nobody could say whether they are public.
    #[must_use]
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Trusts this certificate as well, or several in one file: in PEM form. Call it again for another file.
    #[must_use]
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Carries requests with this client. Its own settings count: proxy, certificates, connect timeout, and its total timeout
    /// unless [`timeout`](Self::timeout) is set as well.
    ///
    /// **Build it with [`redirect::Policy::none()`](reqwest::redirect::Policy::none).** reqwest follows redirects by itself, and takes
    /// the token along to the other host. Whether a client does cannot be asked; where one has, the answer is an error that says
    /// so, but the token has gone.
    ///
    /// Files do not go over it. Their addresses are somebody else's, so they are fetched by a client that knows public addresses only,
    /// no proxy and no redirect; with `root_certificate` there is no way to add to what that one trusts.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Which of the settings is of no use to a transport of the host's own.
    pub(crate) fn first_set(&self) -> Option<&'static str> {
        let settings = [
            ("http_client", self.http_client.is_some()),
            ("timeout", self.timeout.is_some()),
            ("idle_timeout", self.idle_timeout.is_some()),
            ("max_body", self.max_body.is_some()),
            ("user_agent", self.user_agent.is_some()),
        ];
        let set = settings.into_iter().find_map(|(name, is_set)| is_set.then_some(name));
        set.or_else(|| self.first_of_connection())
    }

    /// Which of the settings is of no use to an HTTP client that is there already.
    fn first_of_connection(&self) -> Option<&'static str> {
        let settings = [
            ("connect_timeout", self.connect_timeout.is_some()),
            ("proxy", self.proxy.is_some()),
            ("root_certificate", !self.root_certificates.is_empty()),
        ];
        settings.into_iter().find_map(|(name, is_set)| is_set.then_some(name))
    }

    /// A transport for `base_url`: only https, unless `base_url` itself is plain http (a stand-in, a proxy nearby). It goes
    /// through the proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, except for what `NO_PROXY`
    /// lists), though not to [this machine itself](crate::is_loopback), or through [`proxy`](Self::proxy) if that is set. It trusts the
    /// certificates that the system trusts.
    ///
    /// [`Transport::execute_into`](crate::Transport::execute_into), which fetches files from addresses that somebody else names, goes
    /// through no proxy, and unless `base_url` is plain http it connects to [public](crate::is_public) addresses only, whatever a
    /// name leads to.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the setting that cannot be used, or that has no effect beside another one.
    pub fn build(self, base_url: &Url) -> Result<ReqwestTransport, ConfigError> {
        if self.http_client.is_some()
            && let Some(setting) = self.first_of_connection()
        {
            return Err(ConfigError::Conflict { setting, beside: "http_client" });
        }
        let only_public = base_url.scheme() != "http";
        if only_public && !tls::IS_ON && self.http_client.is_none() {
            return Err(ConfigError::NoTls);
        }
        let files = self.client(only_public)?.no_proxy();
        let files = if only_public { files.dns_resolver(Arc::new(PublicNames)) } else { files };
        let files = build(files)?;
        let is_foreign = self.http_client.is_some();
        let client = match &self.http_client {
            Some(client) => client.clone(),
            None => build(self.proxied(self.client(only_public)?, base_url)?)?,
        };
        Ok(ReqwestTransport {
            client,
            is_foreign,
            files,
            only_public,
            timeout: self.timeout.or((!is_foreign).then_some(TIMEOUT)),
            idle_timeout: self.idle_timeout.unwrap_or(IDLE_TIMEOUT),
            max_body: self.max_body.unwrap_or(MAX_BODY),
        })
    }

    /// What the client of requests and the one of files have in common.
    fn client(&self, https_only: bool) -> Result<reqwest::ClientBuilder, ConfigError> {
        let name = self.user_agent.as_deref().unwrap_or(USER_AGENT);
        let name = http::HeaderValue::from_str(name).map_err(|_| ConfigError::USER_AGENT)?;
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .https_only(https_only)
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .user_agent(name);
        tls::with_tls(builder, &self.root_certificates)
    }

    fn proxied(
        &self,
        builder: reqwest::ClientBuilder,
        base_url: &Url,
    ) -> Result<reqwest::ClientBuilder, ConfigError> {
        let unusable = ConfigError::Unusable { setting: "proxy", why: "is no http or https URL" };
        match &self.proxy {
            Some(proxy) if !matches!(proxy.scheme(), "http" | "https") => Err(unusable),
            Some(proxy) => Ok(builder.proxy(reqwest::Proxy::all(proxy.as_str()).map_err(|_| unusable)?)),
            None if is_loopback(base_url) => Ok(builder.no_proxy()),
            None => Ok(builder),
        }
    }
}

fn build(client: reqwest::ClientBuilder) -> Result<reqwest::Client, ConfigError> {
    client.build().map_err(|error| ConfigError::Stack(error.into()))
}

/// A proxy can have a password, so it is not printed.
impl fmt::Debug for ReqwestTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransportBuilder")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_body", &self.max_body)
            .finish_non_exhaustive()
    }
}
