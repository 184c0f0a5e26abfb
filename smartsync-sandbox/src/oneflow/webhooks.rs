//! Registers webhooks.

use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use super::{check::Checked, page, refusal::Refusal};
use crate::{
    counters::Counted,
    incoming::Incoming,
    state::oneflow::{Filter, Rule, Webhook},
    unknowns::{WebhookIdPlace, WebhookList, WebhookSignKey},
    world::World,
};

/// How many event types one rule may name.
const MAX_EVENT_TYPES: usize = 50;

#[derive(Deserialize)]
struct WrittenFilter {
    filter_rules: Vec<WrittenRule>,
}

#[derive(Deserialize)]
struct WrittenRule {
    #[serde(rename = "type")]
    kind: String,
    values: Vec<Value>,
}

/// A page like any other, or its `data` alone: both were seen.
pub(super) fn list(world: &World, incoming: &Incoming) -> Result<Value, Refusal> {
    let items: Vec<Value> = world.oneflow.webhooks.values().map(|webhook| render(world, webhook)).collect();
    let mut page = page::page(world, incoming, &items)?;
    Ok(match world.oneflow_unknowns().webhook_list {
        WebhookList::Page => page,
        WebhookList::Array => page["data"].take(),
    })
}

pub(super) fn get(world: &World, checked: &Checked) -> Result<Value, Refusal> {
    let webhook = world.oneflow.webhooks.get(&checked.id(0)?).ok_or_else(Refusal::not_found)?;
    Ok(render(world, webhook))
}

pub(super) fn create(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    let blank = Webhook {
        id: 0,
        callback_url: String::new(),
        sign_key: None,
        template_group: None,
        filters: Vec::new(),
    };
    let mut webhook = changed(world, blank, &checked.body)?;
    webhook.id = world.counters.next(Counted::Webhook);
    let answer = render(world, &webhook);
    world.oneflow.webhooks.insert(webhook.id, webhook);
    Ok(answer)
}

/// A member that is absent stays as it was.
pub(super) fn update(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    let webhook = world.oneflow.webhooks.get(&checked.id(0)?).cloned().ok_or_else(Refusal::not_found)?;
    let webhook = changed(world, webhook, &checked.body)?;
    let answer = render(world, &webhook);
    world.oneflow.webhooks.insert(webhook.id, webhook);
    Ok(answer)
}

pub(super) fn delete(world: &mut World, checked: &Checked) -> Result<Value, Refusal> {
    world.oneflow.webhooks.remove(&checked.id(0)?).ok_or_else(Refusal::not_found)?;
    Ok(json!({}))
}

fn changed(world: &World, mut webhook: Webhook, body: &Value) -> Result<Webhook, Refusal> {
    if let Some(url) = body["callback_url"].as_str() {
        if !may_be_called(world, url) {
            return Err(Refusal::parameter("callback_url", "must be an https URL"));
        }
        url.clone_into(&mut webhook.callback_url);
    }
    if let Some(key) = body.get("sign_key") {
        match world.oneflow_unknowns().webhook_sign_key {
            WebhookSignKey::Taken => webhook.sign_key = key.as_str().map(str::to_owned),
            WebhookSignKey::Ignored => {}
            WebhookSignKey::Refused => {
                return Err(Refusal::parameter("sign_key", "is not a known parameter"));
            }
        }
    }
    if let Some(group) = body.get("template_group_id") {
        webhook.template_group = group.as_i64();
        if webhook.template_group.is_some_and(|id| !world.oneflow.template_types.contains_key(&id)) {
            return Err(Refusal::not_found());
        }
    }
    match body.get("filters") {
        None => {}
        Some(Value::Null) => webhook.filters = Vec::new(),
        Some(filters) => webhook.filters = read_filters(filters)?,
    }
    Ok(webhook)
}

fn read_filters(filters: &Value) -> Result<Vec<Filter>, Refusal> {
    let filters: Vec<WrittenFilter> =
        serde_json::from_value(filters.clone()).map_err(|_| Refusal::unreadable())?;
    let rule = |rule: WrittenRule| {
        if rule.kind == "EVENT_TYPE" {
            let texts: Option<Vec<_>> =
                rule.values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
            texts.filter(|texts| texts.len() <= MAX_EVENT_TYPES).map(Rule::EventType)
        } else {
            rule.values.iter().map(Value::as_i64).collect::<Option<_>>().map(Rule::Workspace)
        }
    };
    filters
        .into_iter()
        .map(|filter| filter.filter_rules.into_iter().map(rule).collect::<Option<_>>().map(Filter))
        .collect::<Option<_>>()
        .ok_or_else(|| Refusal::parameter("filters", "event types are up to 50 texts, workspaces are ids"))
}

/// Only https, unless the sandbox itself runs on plain http: then loopback may be called as well.
fn may_be_called(world: &World, url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && loopback && world.origins.is_plain_http()
}

/// Without the sign key, which is never shown again.
fn render(world: &World, webhook: &Webhook) -> Value {
    let filters: Vec<Value> = webhook
        .filters
        .iter()
        .map(|Filter(rules)| {
            let rules: Vec<Value> = rules
                .iter()
                .map(|rule| match rule {
                    Rule::EventType(types) => json!({ "type": "EVENT_TYPE", "values": types }),
                    Rule::Workspace(ids) => json!({ "type": "WORKSPACE", "values": ids }),
                })
                .collect();
            json!({ "filter_rules": rules })
        })
        .collect();
    let mut shown = json!({
        "_links": { "self": { "href": format!("{}/v1/webhooks/{}", world.origins.oneflow, webhook.id) } },
        "callback_url": webhook.callback_url,
        "configuration": {},
        "filters": (!filters.is_empty()).then_some(filters),
        "integration_instance": null,
        "legacy_webhook": false,
        "template_group_id": webhook.template_group,
    });
    let place = world.oneflow_unknowns().webhook_id_place;
    if place != WebhookIdPlace::Id {
        shown["webhook_id"] = webhook.id.into();
    }
    if place != WebhookIdPlace::WebhookId {
        shown["id"] = webhook.id.into();
    }
    shown
}
