//! Whether a notification finds its way from outside to this program: one is sent to the public address, and each stage of the way is told.

mod answer;
mod no_answer;

use std::{fmt, net::IpAddr, time::Duration};

use jiff::Timestamp;
use oneflow_client::{
    ContractId,
    webhook::{sign, test_notification},
};
use serde::Serialize;
use smartsync_transport::{
    Body, CauseChain, ReqwestTransport, Timeout, Transport as _, Url, http, is_loopback, is_public,
};
use tokio::{net::lookup_host, time::timeout};
use url::Host;

use self::{
    answer::{Answer, Sent},
    no_answer::NoAnswer,
};
use crate::{
    config::{Config, ConfigError},
    engine::test_notification::{RECEIVED_HEADER, TEST_CONTRACT, TEST_HEADER, callback_id, received},
    setup::{finding::Verdict, machine},
    words::commands::way_in as words,
};

/// Largest answer that is read. Ours is empty.
const MAX_ANSWER: usize = 64 * 1024;

/// A stage of the way that a notification takes, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Stage {
    /// The host name leads to an address.
    Name,
    /// Somebody listens there.
    Connection,
    /// The certificate is one that a stranger trusts, and of this name.
    Certificate,
    /// What stands in front passes the request on to SmartSync.
    Proxy,
    /// SmartSync receives notifications at the path that it passes on.
    Path,
    /// The body arrives as it was sent.
    Body,
    /// A sign key of the server fits.
    Signature,
    /// The server could record it.
    Database,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name",
            Self::Connection => "connection",
            Self::Certificate => "certificate",
            Self::Proxy => "proxy",
            Self::Path => "path",
            Self::Body => "body",
            Self::Signature => "signature",
            Self::Database => "database",
        })
    }
}

/// What was found out about one stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StageFinding {
    /// Which one.
    pub stage: Stage,
    /// Whether the notification got through it.
    pub verdict: Verdict,
    /// What was found, as a sentence. Holds no secret.
    pub text: String,
    /// What to do about it.
    pub next: Option<String>,
}

impl StageFinding {
    fn good(stage: Stage, text: impl Into<String>) -> Self {
        Self { stage, verdict: Verdict::Good, text: text.into(), next: None }
    }

    fn warning(stage: Stage, (text, next): words::Told) -> Self {
        Self { stage, verdict: Verdict::Warning, text, next: Some(next) }
    }

    fn failed(stage: Stage, (text, next): words::Told) -> Self {
        Self { stage, verdict: Verdict::Bad, text, next: Some(next) }
    }
}

/// How far a notification has come: the stages in their order, up to the first that it did not get through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WayIn {
    /// Whether it has come all the way.
    pub reached: bool,
    /// What was found at each stage.
    pub stages: Vec<StageFinding>,
}

impl WayIn {
    fn of(stages: Vec<StageFinding>) -> Self {
        Self { reached: stages.iter().all(|found| found.verdict != Verdict::Bad), stages }
    }
}

/// Why no test notification was sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WayInError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Nothing could be signed.
    #[error("`oneflow.sign_keys` is empty")]
    NoSignKeys,
    /// Notifications would travel in the clear.
    #[error("the address does not use https")]
    NotHttps,
    /// The system gives no random bytes.
    #[error("the system provides no random bytes")]
    Random(#[source] getrandom::Error),
}

/// A test of the way in.
#[derive(Clone)]
#[non_exhaustive]
pub struct WayInTest {
    /// Public address of this program, path included.
    pub url: Url,
    /// The contract that the notification names. `None`: one that cannot exist, so that nothing is recorded or looked at.
    pub contract: Option<ContractId>,
    /// How long the answer may take.
    pub timeout: Duration,
}

/// Without the address: its path may be unguessable on purpose.
impl fmt::Debug for WayInTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WayInTest")
            .field("contract", &self.contract)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl WayInTest {
    /// A notification to `url` that names no contract that exists. Oneflow is not documented to wait longer than the 15 seconds that
    /// are waited here.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self { url, contract: None, timeout: Duration::from_secs(15) }
    }

    /// Sends a notification, signed with the first of the configured sign keys as Oneflow would sign it, and says how far it came. No redirect is
    /// followed. Where the environment names a proxy for this machine's own requests, it goes through that one.
    ///
    /// # Errors
    ///
    /// [`WayInError`]: nothing was sent. Whatever happens on the way is no error but a [`StageFinding`].
    pub async fn run(&self, config: &Config) -> Result<WayIn, WayInError> {
        let key = config.sign_keys()?.into_iter().next().ok_or(WayInError::NoSignKeys)?;
        if self.url.scheme() != "https" && !(self.url.scheme() == "http" && is_loopback(&self.url)) {
            return Err(WayInError::NotHttps);
        }
        let path = config.server.path.as_str();
        let callback_id = callback_id(path, Timestamp::now()).map_err(WayInError::Random)?;
        let contract = self.contract.unwrap_or(TEST_CONTRACT);
        let body = test_notification(&callback_id, contract, &["contract:content_update"], &key);
        let ticket = format!("{callback_id}.{}", sign(&callback_id, &key));
        let mut stages = Vec::new();
        let through = machine::outgoing_proxy(&self.url);
        match (self.url.host(), through) {
            // Whoever carries the request looks the name up.
            (_, Some(proxy)) => stages.push(StageFinding::good(Stage::Name, words::looked_up_by(proxy))),
            (Some(Host::Domain(name)), None) => stages.push(self.look_up(name).await),
            (_, None) => {}
        }
        if stages.iter().all(|found| found.verdict != Verdict::Bad) {
            self.send(config, body, &ticket, &mut stages).await?;
        }
        Ok(WayIn::of(stages))
    }

    async fn look_up(&self, name: &str) -> StageFinding {
        let port = self.url.port_or_known_default().unwrap_or(443);
        let addresses: Vec<IpAddr> = match timeout(self.timeout, lookup_host((name, port))).await {
            Ok(Ok(addresses)) => addresses.map(|address| address.ip()).collect(),
            Ok(Err(error)) => return unknown_name(name, &error.to_string()),
            Err(_) => return unknown_name(name, words::SILENT_NAME_SERVER),
        };
        let Some(first) = addresses.first() else { return unknown_name(name, words::WITHOUT_ADDRESS) };
        let leads = words::leads(name, &first.to_string());
        if addresses.iter().copied().any(is_public) {
            return StageFinding::good(Stage::Name, leads);
        }
        StageFinding::warning(Stage::Name, words::not_public(&leads))
    }

    async fn send(
        &self,
        config: &Config,
        body: String,
        ticket: &str,
        stages: &mut Vec<StageFinding>,
    ) -> Result<(), ConfigError> {
        let unusable = |source| ConfigError::Client { section: "oneflow", source };
        let transport = ReqwestTransport::builder()
            .timeout(self.timeout)
            .connect_timeout(self.timeout)
            .max_body(MAX_ANSWER)
            .user_agent(concat!("smartsync/", env!("CARGO_PKG_VERSION")))
            .build(&self.url)
            .map_err(unusable)?;
        let digest = received(body.as_bytes());
        let request = http::Request::post(self.url.as_str())
            .header("content-type", "application/json")
            .header(TEST_HEADER, ticket)
            .extension(Timeout(self.timeout))
            .body(Body::from(body));
        let is_https = self.url.scheme() == "https";
        let sent = Sent { url: &self.url, digest: &digest, server: &config.server };
        let answer = match request {
            Ok(request) => transport.execute(request).await,
            Err(error) => {
                stages.push(StageFinding::failed(
                    Stage::Connection,
                    words::unusable(&CauseChain(&error).to_string()),
                ));
                return Ok(());
            }
        };
        match answer {
            Ok(answer) => {
                stages.push(StageFinding::good(Stage::Connection, words::CONNECTED));
                if is_https {
                    stages.push(StageFinding::good(Stage::Certificate, words::TRUSTED));
                }
                let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
                let answer = Answer {
                    status: answer.status(),
                    received: header(RECEIVED_HEADER),
                    location: header(http::header::LOCATION.as_str()),
                    asks_for_credentials: answer.headers().contains_key(http::header::WWW_AUTHENTICATE),
                };
                stages.extend(answer.judge(&sent));
            }
            Err(error) => stages.extend(NoAnswer::of(&error).judge(&self.url, self.timeout)),
        }
        Ok(())
    }
}

fn unknown_name(name: &str, why: &str) -> StageFinding {
    StageFinding::failed(Stage::Name, words::unknown_name(name, why))
}
