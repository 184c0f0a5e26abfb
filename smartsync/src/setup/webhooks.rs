//! The webhook that tells us when to look.

use std::{collections::BTreeMap, fmt, fs, io, path::Path};

use oneflow_client::{
    OneflowClient, TemplateTypeId, WebhookId, WorkspaceId,
    events::EventType,
    webhooks::{
        CreateWebhook, EventTypeRule, ListWebhooks, NewWebhook, NewWebhookFilter, NewWebhookRule, Webhook,
        WorkspaceRule,
    },
};
use serde_json::Value;
use smartsync_transport::{Error, ExposeSecret as _, PageError, SecretString, is_loopback};
use url::Url;

use crate::{
    config::{Config, ConfigError},
    files::{new_key, write_new_key},
    setup::sign_key::{MIN_LENGTH, is_weak},
    words::commands::webhook::NO_ID_GIVEN,
};

/// Where the built-in sync between Oneflow and Teamtailor receives its notifications.
const BUILT_IN_SYNC: &str = "an1md697q3.execute-api.eu-west-1.amazonaws.com";

/// Longest address that Oneflow takes.
const MAX_URL_LENGTH: usize = 1000;

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

/// A webhook that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered {
    /// Its id, if Oneflow tells it.
    pub id: Option<WebhookId>,
    /// Whether it was made; else it was there before, and nothing was changed.
    pub is_new: bool,
}

/// Why a webhook was not registered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// Something in the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Without a sign key the server would refuse every notification.
    #[error("`oneflow.sign_keys` contains no key to register")]
    NoSignKeys,
    /// Anyone who has seen one notification could find the key by trial and error.
    #[error(
        "the first key in `oneflow.sign_keys` is weak: it has fewer than {MIN_LENGTH} characters, or too few different ones"
    )]
    WeakSignKey,
    /// A new sign key could not be made or kept.
    #[error("the sign key cannot be written to {path}")]
    SignKeyFile {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Notifications would travel in the clear.
    #[error("the address does not use https")]
    NotHttps,
    /// Oneflow accepts no address longer than that.
    #[error("the address is longer than {MAX_URL_LENGTH} characters")]
    TooLong,
    /// A webhook with other filters already sends to this address: a contract that matches both would be reported twice.
    #[error("webhook {0} already sends to this address, with different filters")]
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

    /// Registers the webhook with the first of the configured sign keys, unless it is there already. Oneflow does not tell which
    /// key one that is there signs with: after a change of keys, remove it first.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] says what stands against it; nothing was registered then.
    pub async fn register(&self, config: &Config) -> Result<Registered, RegisterError> {
        let configured = || config.sign_keys()?.into_iter().next().ok_or(RegisterError::NoSignKeys);
        self.register_signed_by(config, configured).await
    }

    /// The same with a new sign key of 32 random bytes, which is written into the new file `path` before it is registered: name it in
    /// `oneflow.sign_keys`. Without a new webhook no file is made.
    ///
    /// # Errors
    ///
    /// As [`register`](Self::register), and [`RegisterError::SignKeyFile`], also where there is a file of this name. The file is taken away again
    /// where nothing can have been registered.
    pub async fn register_with_new_key(
        &self,
        config: &Config,
        path: &Path,
    ) -> Result<Registered, RegisterError> {
        let of_file = |source| RegisterError::SignKeyFile { path: path.display().to_string(), source };
        let make = || {
            let key = new_key().map_err(|error| of_file(io::Error::other(error)))?;
            write_new_key(path, &key).map_err(of_file)?;
            Ok(key)
        };
        let registered = self.register_signed_by(config, make).await;
        if let Err(RegisterError::Refused(error)) = &registered
            && (error.was_never_sent() || error.status().is_some_and(|status| status.is_client_error()))
        {
            fs::remove_file(path).map_err(of_file)?;
        }
        registered
    }

    async fn register_signed_by(
        &self,
        config: &Config,
        key: impl FnOnce() -> Result<SecretString, RegisterError>,
    ) -> Result<Registered, RegisterError> {
        let client = config.webhook_client()?;
        let stays_here = client.base_url().scheme() == "http" && is_loopback(client.base_url());
        if self.url.scheme() != "https" && !stays_here {
            return Err(RegisterError::NotHttps);
        }
        if self.url.as_str().chars().count() > MAX_URL_LENGTH {
            return Err(RegisterError::TooLong);
        }
        let (body, there) = (self.body(), list(&client).await?);
        if let Some(same) =
            there.iter().find(|webhook| self.overlaps(webhook) && self.is_same(&body, webhook))
        {
            return Ok(Registered { id: same.id(), is_new: false });
        }
        if let Some(double) = there.iter().find(|webhook| self.overlaps(webhook)) {
            return Err(RegisterError::Double(number(double.id())));
        }
        let key = key()?;
        if is_weak(&key) {
            return Err(RegisterError::WeakSignKey);
        }
        let webhook = client.send(&CreateWebhook::new(body.sign_key(key.expose_secret()))).await?;
        Ok(Registered { id: webhook.id(), is_new: true })
    }

    /// Without the sign key.
    fn body(&self) -> NewWebhook {
        let mut body = NewWebhook::new(self.url.as_str());
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

impl Registration {
    /// Whether the webhook that is there lets through what this one would.
    fn is_same(&self, body: &NewWebhook, there: &Webhook) -> bool {
        let ours = serde_json::to_value(body).unwrap_or_default();
        let theirs = there.filters.iter().map(|filter| {
            let rules = filter.filter_rules.iter();
            rules.map(|rule| Some((rule.kind.as_ref()?.as_str().to_owned(), sorted(&rule.values)))).collect()
        });
        self.template_type == there.template_group_id
            && there.unreadable.is_empty()
            && theirs.collect::<Option<Vec<Rules>>>().is_some_and(|theirs| theirs == rules_of(&ours))
    }
}

/// By kind, what a rule lets through, in an order of its own.
type Rules = BTreeMap<String, Vec<String>>;

/// Those of each filter of a webhook that is to be registered.
fn rules_of(body: &Value) -> Vec<Rules> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let filters = list(body, "filters");
    let rule =
        |rule: &Value| (rule["type"].as_str().unwrap_or_default().to_owned(), sorted(&list(rule, "values")));
    filters.iter().map(|filter| list(filter, "filter_rules").iter().map(rule).collect()).collect()
}

fn sorted(values: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = values.iter().map(Value::to_string).collect();
    texts.sort_unstable();
    texts
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
    id.map_or_else(|| NO_ID_GIVEN.to_owned(), |id| id.to_string())
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
