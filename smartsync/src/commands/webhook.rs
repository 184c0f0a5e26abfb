//! `smartsync webhook list|register|remove`.

use oneflow_client::{DeleteWebhook, Webhook as Registered, WebhookId};
use serde::Serialize;
use smartsync::{Config, RegisterError, Registration, webhooks};

use crate::{
    cli::{Register, Webhook},
    commands::Exit,
    failure::Failure,
    render::{Output, table},
};

pub(crate) async fn run(config: &Config, command: Webhook, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Webhook::List => list(config, output).await,
        Webhook::Register(arguments) => register(config, arguments, output).await,
        Webhook::Remove { webhook } => {
            config.oneflow_client()?.send(&DeleteWebhook::new(webhook)).await?;
            output.result(&serde_json::json!({ "removed": webhook }), |out| {
                writeln!(out, "webhook {webhook} is removed")
            })?;
            Ok(Exit::Done)
        }
    }
}

#[derive(Serialize)]
struct Row {
    id: Option<WebhookId>,
    url: String,
    template_type: Option<String>,
    built_in_sync: bool,
}

impl From<&Registered> for Row {
    fn from(webhook: &Registered) -> Self {
        Self {
            id: webhook.id(),
            url: webhook.callback_url.clone().unwrap_or_default(),
            template_type: webhook.template_group_id.as_ref().map(ToString::to_string),
            built_in_sync: webhooks::is_built_in_sync(webhook),
        }
    }
}

async fn list(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let webhooks = webhooks::list(&config.oneflow_client()?).await?;
    let rows: Vec<Row> = webhooks.iter().map(Row::from).collect();
    output.result(&rows, |out| {
        let lines = rows.iter().map(|row| {
            let note = if row.built_in_sync { "the built-in sync" } else { "" };
            [
                number(row.id),
                row.template_type.clone().unwrap_or("all".to_owned()),
                note.to_owned(),
                row.url.clone(),
            ]
        });
        writeln!(out, "{}", table(["webhook", "template type", "note", "address"], lines))
    })?;
    Ok(Exit::Done)
}

async fn register(config: &Config, arguments: Register, output: &mut Output) -> Result<Exit, Failure> {
    let path = config.server.path.as_str();
    if arguments.url.path() != path {
        tracing::warn!(
            configured = path,
            "the address ends in another path than `server.path`: right only if a proxy in front rewrites it"
        );
    }
    let mut registration = Registration::new(arguments.url);
    registration.template_type = arguments.template_type;
    registration.workspaces = arguments.workspace;
    registration.events = arguments.event;
    let id = registration.register(config).await?;
    output.result(&serde_json::json!({ "id": id, "url": registration.url }), |out| {
        writeln!(out, "webhook {} sends notifications to {}", number(id), registration.url)
    })?;
    Ok(Exit::Done)
}

fn number(id: Option<WebhookId>) -> String {
    id.map_or_else(|| "?".to_owned(), |id| id.to_string())
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        let next = match error {
            RegisterError::Config(error) => return error.into(),
            RegisterError::Refused(error) => return error.into(),
            RegisterError::List(error) => return error.into(),
            RegisterError::NoSignKeys => "name a key there: any long random text",
            RegisterError::NotHttps => "give the https address of the proxy in front of this program",
            RegisterError::TooLong => "give a shorter address",
            RegisterError::Double(_) => "nothing is to be done; `smartsync webhook list` shows it",
            _ => "see what the service says",
        };
        Self::new(error, next)
    }
}
