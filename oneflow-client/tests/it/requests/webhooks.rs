//! Webhooks.

use oneflow_client::{
    events::EventType,
    webhooks::{
        CreateWebhook, DeleteWebhook, EventTypeRule, GetWebhook, ListWebhooks, NewWebhook, NewWebhookFilter,
        NewWebhookRule, UpdateWebhook, WebhookPatch, WorkspaceRule,
    },
};
use serde_json::json;

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(&ListWebhooks::new(), "GET /v1/webhooks"),
        row(&GetWebhook::new(77), "GET /v1/webhooks/77"),
        row(&CreateWebhook::new(full_webhook()), "POST /v1/webhooks").json(json!({
            "callback_url": "https://hooks.example.test/oneflow",
            "sign_key": "local-secret",
            "template_group_id": 4711,
            "configuration": {},
            "filters": [
                { "filter_rules": [
                    { "type": "EVENT_TYPE", "values": ["data_field:update", "contract:sign"] },
                    { "type": "WORKSPACE", "values": [12, 34] }
                ] }
            ]
        })),
        row(
            &UpdateWebhook::new(
                77,
                WebhookPatch::new()
                    .callback_url("https://hooks.example.test/v2")
                    .clear_sign_key()
                    .filters([]),
            ),
            "PUT /v1/webhooks/77",
        )
        .json(json!({ "callback_url": "https://hooks.example.test/v2", "sign_key": null, "filters": [] })),
        row(&DeleteWebhook::new(77), "DELETE /v1/webhooks/77"),
    ]
}

fn full_webhook() -> NewWebhook {
    let filter = NewWebhookFilter::new([
        NewWebhookRule::from(EventTypeRule::new([EventType::DataFieldUpdate, EventType::ContractSign])),
        WorkspaceRule::new([12, 34]).into(),
    ]);
    NewWebhook::new("https://hooks.example.test/oneflow")
        .sign_key("local-secret")
        .template_group_id(4711)
        .configuration(json!({}))
        .filters([filter])
}
