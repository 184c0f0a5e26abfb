//! `smartsync webhook list|register|test|remove`.

use std::path::{Path, PathBuf};

use oneflow_client::{
    OneflowClient, WebhookId,
    events::EventType,
    webhooks::{DeleteWebhook, Webhook as OneflowWebhook, WebhookRule},
};
use serde::Serialize;
use smartsync::{
    Config, Registration,
    setup::{RegisterError, Registered, webhooks},
    words::commands::webhook as words,
};
use smartsync_transport::one_line;

use super::{each_tenant::each_tenant, way_in};
use crate::{
    ask::ask,
    cli::{Register, Webhook},
    commands::{Exit, Named, key::unwritten},
    failure::Failure,
    output::{Output, table},
};

pub(crate) async fn run(named: &Named, command: Webhook, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Webhook::List => {
            each_tenant(named, output, async |file, output| list(&file.config()?, output).await).await
        }
        Webhook::Register(arguments) => register(&named.config()?, &named.path, arguments, output).await,
        Webhook::Test(test) => way_in::run(&named.config()?, test, output).await,
        Webhook::Remove { webhook, yes } => {
            let config = named.config()?;
            let client = config.webhook_client()?;
            if !yes {
                ask(&question(webhook, &client).await?, words::YES_NEEDED)?;
            }
            client.send(&DeleteWebhook::new(webhook)).await?;
            output.result(&serde_json::json!({ "removed": webhook }), |out| {
                writeln!(out, "{}", words::removed(&webhook.to_string()))
            })?;
            Ok(Exit::Success)
        }
    }
}

/// Names whom the webhook notifies: it may be another program's.
async fn question(webhook: WebhookId, client: &OneflowClient) -> Result<String, Failure> {
    let list = webhooks::list(client).await?;
    let Some(found) = list.iter().find(|found| found.id() == Some(webhook)) else {
        return Err(Failure::new(words::unknown(&webhook.to_string()), words::UNKNOWN_NEXT));
    };
    let address = one_line(found.callback_url.as_deref().unwrap_or(words::NO_ADDRESS));
    Ok(words::remove(&webhook.to_string(), &address, webhooks::is_built_in_sync(found)))
}

#[derive(Serialize)]
struct Row {
    id: Option<WebhookId>,
    url: String,
    template_type: Option<String>,
    /// What it hears of only, a rule each: `event_type: contract:sign`. Empty for everything.
    only: Vec<String>,
    built_in_sync: bool,
}

impl From<&OneflowWebhook> for Row {
    fn from(webhook: &OneflowWebhook) -> Self {
        Self {
            id: webhook.id(),
            url: webhook.callback_url.clone().unwrap_or_default(),
            template_type: webhook.template_group_id.as_ref().map(ToString::to_string),
            only: webhook.filters.iter().flat_map(|filter| &filter.filter_rules).map(rule).collect(),
            built_in_sync: webhooks::is_built_in_sync(webhook),
        }
    }
}

fn rule(rule: &WebhookRule) -> String {
    let value = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let values: Vec<String> = rule.values.iter().map(value).collect();
    format!("{}: {}", rule.kind.as_ref().map_or("?", |kind| kind.as_str()), values.join(", "))
}

async fn list(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let webhooks = webhooks::list(&config.webhook_client()?).await?;
    let rows: Vec<Row> = webhooks.iter().map(Row::from).collect();
    output.result(&rows, |out| {
        let lines = rows.iter().map(|row| {
            let whose = row.built_in_sync.then(|| words::BUILT_IN_SYNC.to_owned());
            let only = (!row.only.is_empty()).then(|| words::only(&row.only.join("; ")));
            let notes: Vec<String> = whose.into_iter().chain(only).collect();
            [
                number(row.id),
                row.template_type.clone().unwrap_or(words::EVERY_TYPE.to_owned()),
                notes.join(", "),
                row.url.clone(),
            ]
        });
        writeln!(out, "{}", table(words::COLUMNS, lines))
    })?;
    Ok(Exit::Success)
}

async fn register(
    config: &Config,
    config_file: &Path,
    arguments: Register,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let new_key = NewKey::wanted(config, config_file, arguments.sign_key_file.as_deref())?;
    let path = config.server.path.as_str();
    if arguments.url.path() != path {
        tracing::warn!(
            configured = path,
            "the path of the address differs from `server.path`: this works only if a proxy in front rewrites it"
        );
    }
    for event in &arguments.event {
        // Oneflow may have types that this version does not know, so this is no error.
        if matches!(EventType::from(event.as_str()), EventType::Unknown(_)) {
            tracing::warn!(
                event,
                "this event type is unknown: if it is misspelled, no notification will ever be sent for it"
            );
        }
    }
    let mut registration = Registration::new(arguments.url);
    registration.template_type = arguments.template_type;
    registration.workspaces = arguments.workspace;
    registration.events = arguments.event;
    let Registered { id, is_new, .. } = match &new_key {
        Some(key) => registration.register_with_new_key(config, &key.path).await?,
        None => registration.register(config).await?,
    };
    // Nobody can read which key it signs with.
    let unchanged = (!is_new).then(|| words::same_key_next(&number(id)));
    let next = unchanged.or_else(|| new_key.as_ref().map(NewKey::next));
    let mut registered = serde_json::json!({ "id": id, "url": registration.url, "new": is_new });
    if let Some(next) = &next {
        registered["next"] = next.as_str().into();
    }
    if let Some(key) = new_key.as_ref().filter(|_| is_new) {
        registered["sign_key_file"] = key.path.display().to_string().into();
    }
    output.result(&registered, |out| {
        writeln!(out, "{}", words::sends(&number(id), registration.url.as_str(), is_new))?;
        next.as_ref().map_or(Ok(()), |next| writeln!(out, "{}", words::next(next)))
    })?;
    Ok(Exit::Success)
}

fn number(id: Option<WebhookId>) -> String {
    id.map_or_else(|| words::NO_ID.to_owned(), |id| id.to_string())
}

/// Where a sign key goes that is made, since none is configured.
struct NewKey {
    path: PathBuf,
    /// As the configuration names it: from its own folder on.
    name: String,
}

impl NewKey {
    fn wanted(config: &Config, config_file: &Path, named: Option<&Path>) -> Result<Option<Self>, Failure> {
        match named {
            Some(_) if !config.oneflow.sign_keys.is_empty() => {
                Err(Failure::new(words::HAS_KEY, words::HAS_KEY_NEXT))
            }
            None if !config.oneflow.sign_keys.is_empty() => Ok(None),
            Some(path) => {
                let path = std::path::absolute(path)?;
                Ok(Some(Self { name: path.display().to_string(), path }))
            }
            None => {
                let of = config.name().map(|tenant| format!("-{tenant}")).unwrap_or_default();
                let name = format!("oneflow-sign-key{of}");
                Ok(Some(Self { path: config_file.with_file_name(&name), name }))
            }
        }
    }

    fn next(&self) -> String {
        words::new_key_next(&self.path.display().to_string(), &format!("{:?}", self.name))
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        let next = match error {
            RegisterError::Config(error) => return error.into(),
            RegisterError::Refused(error) => return error.into(),
            RegisterError::List(error) => return error.into(),
            RegisterError::NoSignKeys => words::NO_KEY_NEXT,
            RegisterError::WeakSignKey => words::WEAK_KEY_NEXT,
            RegisterError::SignKeyFile { path, source } => return unwritten(&source, &path),
            RegisterError::NotHttps => words::NOT_HTTPS_NEXT,
            RegisterError::TooLong => words::TOO_LONG_NEXT,
            RegisterError::Double(_) => words::DOUBLE_NEXT,
            _ => words::FAILED_NEXT,
        };
        Self::new(error, next)
    }
}
