//! The webhook that tells us when to look.

use std::fmt;

use oneflow_client::{
    CreateWebhook, EventType, EventTypeRule, ListWebhooks, NewWebhook, NewWebhookFilter, NewWebhookRule,
    OneflowClient, TemplateTypeId, Webhook, WebhookId, WorkspaceId, WorkspaceRule,
};
use smartsync_transport::{Error, ExposeSecret as _, PageError, SecretString};
use url::{Host, Url};

use crate::{Config, ConfigError};

/// Where the built-in sync between Oneflow and Teamtailor receives its notifications.
const BUILT_IN_SYNC: &str = "an1md697q3.execute-api.eu-west-1.amazonaws.com";

/// Longest address that Oneflow takes.
const MAX_URL: usize = 1000;

/// A webhook to be registered.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registration {
    /// Public address of this program, path included.
    pub url: Url,
    /// Only contracts of this template type.
    pub template_type: Option<TemplateTypeId>,
    /// Only contracts in these workspaces. Empty: in all.
    pub workspaces: Vec<WorkspaceId>,
    /// Only events of these types. Empty: all, which costs little, since a notification only says where to look.
    pub events: Vec<String>,
}

/// Why a webhook was not registered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Without a sign key the server would refuse every notification.
    #[error("`oneflow.sign_keys` names no key to register")]
    NoSignKeys,
    /// Notifications would travel in the clear.
    #[error("the address is not https")]
    NotHttps,
    /// Oneflow takes no longer one.
    #[error("the address is longer than {MAX_URL} characters")]
    TooLong,
    /// It is registered already.
    #[error("webhook {0} already sends such notifications to this address")]
    Double(String),
    /// The registered webhooks could not be read.
    #[error("the registered webhooks could not be read")]
    List(#[from] PageError),
    /// Oneflow refused.
    #[error(transparent)]
    Refused(#[from] Error),
}

impl Registration {
    /// All events of all contracts, sent to `url`.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self { url, template_type: None, workspaces: Vec::new(), events: Vec::new() }
    }

    /// Registers the webhook with the first of the configured sign keys, and returns its id if Oneflow tells it.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] says what stands against it; nothing was registered then.
    pub async fn register(&self, config: &Config) -> Result<Option<WebhookId>, RegisterError> {
        let client = config.oneflow_client()?;
        if self.url.scheme() != "https" && !is_plain_loopback(client.base_url()) {
            return Err(RegisterError::NotHttps);
        }
        if self.url.as_str().chars().count() > MAX_URL {
            return Err(RegisterError::TooLong);
        }
        let key = config.sign_keys()?.into_iter().next().ok_or(RegisterError::NoSignKeys)?;
        if let Some(double) = list(&client).await?.iter().find(|webhook| self.overlaps(webhook)) {
            return Err(RegisterError::Double(number(double.id())));
        }
        let webhook = client.send(&CreateWebhook::new(self.body(&key))).await?;
        Ok(webhook.id())
    }

    fn body(&self, key: &SecretString) -> NewWebhook {
        let mut body = NewWebhook::new(self.url.as_str()).sign_key(key.expose_secret());
        if let Some(template_type) = self.template_type {
            body = body.template_group_id(template_type);
        }
        let mut rules: Vec<NewWebhookRule> = Vec::new();
        if !self.events.is_empty() {
            rules.push(
                EventTypeRule::new(self.events.iter().map(|event| EventType::from(event.as_str()))).into(),
            );
        }
        if !self.workspaces.is_empty() {
            rules.push(WorkspaceRule::new(self.workspaces.iter().copied()).into());
        }
        if rules.is_empty() { body } else { body.filters([NewWebhookFilter::new(rules)]) }
    }

    /// Whether a contract can be of the template types of both. What a filter lets through is not documented well
    /// enough to tell two webhooks apart by it.
    fn overlaps(&self, webhook: &Webhook) -> bool {
        let same_address = address(webhook).as_ref() == Some(&self.url);
        let same_type = match (self.template_type, webhook.template_group_id) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (None, _) | (_, None) => true,
        };
        same_address && same_type
    }
}

/// The webhooks of the account.
///
/// # Errors
///
/// [`PageError`], also for a single webhook that cannot be read.
pub async fn list(client: &OneflowClient) -> Result<Vec<Webhook>, PageError> {
    client.pages(ListWebhooks::new()).items().collect().await
}

/// Whether `webhook` feeds the built-in sync, which would write the same candidate fields as this program.
#[must_use]
pub fn is_built_in_sync(webhook: &Webhook) -> bool {
    address(webhook).is_some_and(|url| url.host_str() == Some(BUILT_IN_SYNC))
}

/// Whether `webhook` sends to an address that ends in `path`.
pub(crate) fn leads_to(webhook: &Webhook, path: &str) -> bool {
    address(webhook).is_some_and(|url| url.path().ends_with(path))
}

/// The id as a text for people.
pub(crate) fn number(id: Option<WebhookId>) -> String {
    id.map_or_else(|| "(no id given)".to_owned(), |id| id.to_string())
}

fn address(webhook: &Webhook) -> Option<Url> {
    webhook.callback_url.as_deref().and_then(|url| Url::parse(url).ok())
}

/// Without the address: its path may be unguessable on purpose.
impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("template_type", &self.template_type)
            .field("workspaces", &self.workspaces)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

fn is_plain_loopback(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && loopback
}
