//! The way to whoever receives alerts: address, key and transport.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use smartsync_transport::{Body, ReqwestTransport, Timeout, Transport, TransportError, http};
use url::Url;

use crate::config::{AlertKey, Config, ConfigError};

/// How long a receiver may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Where alerts go, and what signs them.
pub(crate) struct AlertReceiver {
    url: Url,
    key: AlertKey,
    transport: Arc<dyn Transport>,
}

/// Of the URL, the origin only: its path may be a secret.
impl fmt::Debug for AlertReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AlertReceiver").field(&self.origin()).finish()
    }
}

impl Config {
    /// Who receives alerts, if `[alerts]` says where to.
    pub(crate) fn alert_receiver(&self) -> Result<Option<AlertReceiver>, ConfigError> {
        let Some((url, key)) = self.alerts()? else { return Ok(None) };
        let transport = ReqwestTransport::for_base_url(&url);
        let transport = transport.map_err(|source| ConfigError::Client { section: "alerts", source })?;
        Ok(Some(AlertReceiver::new(url, key, Arc::new(transport))))
    }
}

impl AlertReceiver {
    pub(crate) fn new(url: Url, key: AlertKey, transport: Arc<dyn Transport>) -> Self {
        Self { url, key, transport }
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The id of a new message, the same for all its tries: by it the receiver knows one that it has taken already.
    pub(crate) fn new_id() -> Result<String, getrandom::Error> {
        let mut id = [0; 16];
        getrandom::fill(&mut id)?;
        Ok(format!("msg_{}", hex::encode(id)))
    }

    /// Sends a message, signed for this moment. What was answered.
    pub(crate) async fn send(
        &self,
        id: &str,
        now: Timestamp,
        body: &str,
    ) -> Result<http::StatusCode, TransportError> {
        let seconds = now.as_second();
        let request = http::Request::post(self.url.as_str())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", self.key.signature(id, seconds, body))
            .extension(Timeout(TIMEOUT))
            .body(Body::from(body.to_owned()))
            .map_err(|_| TransportError::refused("the address of the alerts cannot be used"))?;
        Ok(self.transport.execute(request).await?.status())
    }
}
