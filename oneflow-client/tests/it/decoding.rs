//! Answers of every operation, and the traps in them.

use oneflow_client::{
    ContractId, DataFieldId, FolderId, Oneflow, OneflowClient, ParticipantId, TemplateTypeId, WebhookId,
    WorkspaceId,
    accounts::{GetAccount, ListUsers, ListWorkspaces, Ping},
    contracts::{
        Contract, ContractState, CreateContract, DataField, DataFieldPatch, DataFieldSource,
        DataFieldUpdates, GetContract, LifecycleKind, LifecycleState, ListContracts, ListDataFields,
        NewContract, PublishContract, PublishMessage, SigningPeriodKind, UpdateDataField, UpdateDataFields,
    },
    events::EventType,
    files::{FileKind, ListFiles},
    parties::{DeliveryStatus, PartyKind, SignState, TwoStepAuthenticationMethod},
    products::QuantityKind,
    templates::{GetTemplate, GetTemplateType, ListTemplateTypes, ListTemplates},
    transport::{Body, Endpoint, Error, Limiter, Response, RetryPolicy, ScriptedTransport},
    webhooks::{
        CreateWebhook, DeleteWebhook, GetWebhook, ListWebhooks, NewWebhook, UpdateWebhook, Webhook,
        WebhookPatch, WebhookRuleKind,
    },
};
use serde_json::json;

use crate::support::answers::{self, page};

pub(crate) fn finish<E: Endpoint<Service = Oneflow>>(
    endpoint: &E,
    body: impl Into<String>,
) -> Result<E::Output, Error> {
    let client = OneflowClient::builder()
        .api_token("token")
        .transport(ScriptedTransport::new())
        .retry(RetryPolicy::none())
        .limiter(Limiter::none());
    client.build().unwrap().finish(endpoint, Response::new(Body::from(body.into()))).map(|reply| reply.value)
}

fn contract(json: serde_json::Value) -> Contract {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_contract_is_read_with_everything_in_it() {
    let contract = finish(&GetContract::new(9001), answers::CONTRACT).unwrap();
    assert_eq!(contract.id, ContractId::new(9001));
    assert_eq!(contract.state, Some(ContractState::Pending));

    let private = contract.private.as_ref().unwrap();
    assert_eq!(private.name.as_deref(), Some("Employment of Ann Example"));
    assert_eq!(private.workspace_id, Some(WorkspaceId::new(12)));
    assert_eq!(private.value.as_ref().unwrap().amount.as_deref(), Some("1000.00"));
    let ownerside = contract.private_ownerside.as_ref().unwrap();
    assert_eq!(ownerside.template_type_id, Some(TemplateTypeId::new(4711)));
    assert_eq!(contract.permissions.as_ref().unwrap().contract_download_pdf, Some(true));

    let field = &contract.data_fields[0];
    assert_eq!((field.id, field.key()), (DataFieldId::new(70012), Some("oneflow-start-date")));
    assert_eq!(field.source, Some(DataFieldSource::System));
    assert_eq!(contract.data_fields[1].value.as_deref(), Some(""));

    let participant = contract.parties[1].participant.as_ref().unwrap();
    assert_eq!(contract.parties[1].kind, Some(PartyKind::Individual));
    assert_eq!(participant.sign_state, Some(SignState::Undecided));
    assert_eq!(participant.delivery_status, Some(DeliveryStatus::Opened));
    assert_eq!(participant.two_step_authentication_method, Some(TwoStepAuthenticationMethod::NoMethod));
    assert_eq!(participant.permissions.as_ref().unwrap().contract_update, Some(true));
    assert_eq!(participant.private_ownerside.as_ref().unwrap().custom_id.as_deref(), Some("teamtailor:4711"));
    assert_eq!(participant.private_ownerside.as_ref().unwrap().visits, Some(3));

    assert_eq!(private.folder.as_ref().unwrap().id, FolderId::new(56));
    let expiration = private.signing_period_expiration.as_ref().unwrap();
    assert_eq!(expiration.kind, Some(SigningPeriodKind::DaysAfterPublish));
    assert_eq!(expiration.expire_days_after_publish, Some(14));

    let product = &contract.product_groups[0].products[0];
    let quantity = product.quantity.as_ref().unwrap();
    assert_eq!(quantity.kind, Some(QuantityKind::Quantity));
    assert_eq!(quantity.amount.as_ref().unwrap().to_string(), "15");
    let amount = product.price_1.as_ref().unwrap().amount.as_ref().unwrap();
    assert_eq!(amount.amount.as_deref(), Some("10.00"));

    assert_eq!(contract.lifecycle_settings.as_ref().unwrap().kind, Some(LifecycleKind::SinglePeriod));
    assert_eq!(contract.lifecycle_state.as_ref().unwrap().state, Some(LifecycleState::Active));
    assert_eq!(contract.sign_order[0].participant_id, Some(ParticipantId::new(21)));
    assert_eq!(contract.links["self"].href.as_deref(), Some("https://api.oneflow.com/v1/contracts/9001"));
    assert!(contract.linked_contracts.is_empty());
    assert!(contract.draft_approval_workflow.is_none());
}

/// The shape of a list that a public client of another language tests with: no data fields, offsets with a colon, a link
/// to nowhere.
const LIST_AS_SEEN: &str = r#"{
  "_links": {
    "next": { "href": "https://api.oneflow.com/v1/contracts?offset=1&limit=1" },
    "previous": { "href": null },
    "self": { "href": "https://api.oneflow.com/v1/contracts?offset=0&limit=1" }
  },
  "count": 2,
  "data": [{
    "_links": {
      "parties": { "href": "https://api.oneflow.com/v1/contracts/9001/parties" },
      "template": { "href": "https://api.oneflow.com/v1/templates/34" }
    },
    "_permissions": { "contract:delete": true },
    "_private": { "name": "Offer", "value": { "amount": "500.10", "currency": "SEK" }, "workspace_id": 12 },
    "_private_ownerside": { "created_time": "2031-01-02T03:04:05+00:00", "template_id": 34, "template_type_id": 4711 },
    "id": 9001,
    "lifecycle_settings": {
      "duration": "12m", "end_date": null, "initial_duration": null, "notice_period": "3m", "start_date": "2031-01-09",
      "type": "recurring"
    },
    "parties": [{
      "_private_ownerside": { "created_time": "2031-01-02T03:04:05+00:00", "updated_time": null },
      "country_code": "SE", "id": 2, "identification_number": "", "my_party": false, "name": "Example Ltd",
      "participants": [{ "id": 21, "identification_number": "", "phone_number": "", "title": "" }],
      "type": "company"
    }],
    "published_time": "2031-01-02T03:05:05+00:00",
    "signing_period_expiry_time": "2031-01-17T00:00:00+00:00",
    "state": "signed",
    "tags": [{ "id": 41, "name": "New hire" }]
  }]
}"#;

#[test]
fn a_list_as_it_was_seen_is_read() {
    let page = finish(&ListContracts::new().limit(1), LIST_AS_SEEN).unwrap();
    assert_eq!(page.count, Some(2));
    assert!(page.links.next.as_ref().unwrap().href.is_some());
    assert_eq!(page.links.previous.as_ref().unwrap().href, None);
    let contract = page.into_items().collect::<Vec<_>>().remove(0).unwrap();
    assert_eq!(contract.state, Some(ContractState::Signed));
    assert!(contract.data_fields.is_empty());
    let value = contract.private.as_ref().unwrap().value.as_ref().unwrap();
    assert_eq!((value.amount.as_deref(), value.currency.as_deref()), (Some("500.10"), Some("SEK")));
    assert_eq!(contract.permissions.as_ref().unwrap().contract_delete, Some(true));
    let settings = contract.lifecycle_settings.as_ref().unwrap();
    assert_eq!((settings.duration.as_deref(), settings.end_date.as_deref()), (Some("12m"), None));
    assert_eq!(contract.links["template"].href.as_deref(), Some("https://api.oneflow.com/v1/templates/34"));
    assert_eq!(contract.tags[0].name.as_deref(), Some("New hire"));
    let private = contract.parties[0].private_ownerside.as_ref().unwrap();
    assert!(private.created_time.is_some() && private.updated_time.is_none());
    let sent = contract.published_time.as_ref().unwrap().instant();
    assert_eq!(sent.unwrap().to_string(), "2031-01-02T03:05:05Z");
}

#[test]
fn every_answer_with_a_contract_is_that_contract() {
    let read = finish(&GetContract::new(9001), answers::CONTRACT).unwrap();
    assert_eq!(finish(&CreateContract::new(NewContract::new(12, 34)), answers::CONTRACT).unwrap(), read);
    let publish = PublishContract::new(9001, PublishMessage::new("Subject", "Text"));
    assert_eq!(finish(&publish, answers::CONTRACT).unwrap(), read);
    let page = finish(&ListContracts::new(), page(&[answers::CONTRACT])).unwrap();
    assert_eq!(page.into_items().collect::<Vec<_>>(), [Ok(read)]);
}

#[test]
fn account_users_and_workspaces_are_read() {
    let account = finish(&GetAccount::new(), answers::ACCOUNT).unwrap();
    assert_eq!((account.id.get(), account.country_code.as_deref()), (3, Some("SE")));
    assert_eq!(account.registration_number.as_deref(), Some("556000-0000"));
    let integration = account.token_info.unwrap().integration.unwrap();
    assert_eq!((integration.id, integration.key.as_deref()), (None, Some("teamtailor")));
    for (body, expected) in
        [(json!({ "integration": { "id": 9 } }), Some(Some(9))), (json!({ "integration": null }), None)]
    {
        let body = json!({ "id": 3, "token_info": body }).to_string();
        let info = finish(&GetAccount::new(), body).unwrap().token_info.unwrap();
        assert_eq!(info.integration.map(|integration| integration.id), expected);
    }

    let users = finish(&ListUsers::new(), page(&[answers::USER])).unwrap();
    assert_eq!(users.count, Some(1));
    let user = users.into_items().collect::<Vec<_>>().remove(0).unwrap();
    assert_eq!(
        (user.active, user.is_admin, user.state.as_deref()),
        (Some(true), Some(false), Some("registered"))
    );

    let workspaces = finish(&ListWorkspaces::new(), page(&[answers::WORKSPACE])).unwrap();
    let workspace = workspaces.into_items().collect::<Vec<_>>().remove(0).unwrap();
    assert_eq!(workspace.name.as_deref(), Some("HR"));
    assert_eq!(workspace.permissions.unwrap().contract_create, Some(true));
}

#[test]
fn data_fields_and_files_are_read() {
    let field = r#"{ "id": 70012, "custom_id": "oneflow-start-date", "value": "2031-05-01" }"#;
    let fields = finish(&ListDataFields::new(9001), page(&[field])).unwrap().into_items().collect::<Vec<_>>();
    assert_eq!(fields[0].as_ref().unwrap().key(), Some("oneflow-start-date"));

    let files =
        finish(&ListFiles::new(9001), page(&[answers::FILE])).unwrap().into_items().collect::<Vec<_>>();
    let file = files[0].as_ref().unwrap();
    assert_eq!((file.id.get(), &file.kind), (1, &Some(FileKind::Contract)));
}

#[test]
fn templates_and_their_types_are_read() {
    let template = finish(&GetTemplate::new(34), answers::TEMPLATE).unwrap();
    assert_eq!(template.active, Some(true));
    let template_type = template.template_type.as_ref().unwrap();
    assert_eq!((template_type.id, template_type.data_fields.len()), (TemplateTypeId::new(4711), 0));
    let roles = template.configuration.as_ref().unwrap().default_creator_roles.as_ref().unwrap();
    assert_eq!((roles.organizer, roles.signatory), (Some(false), Some(true)));
    assert_eq!(roles.permissions.as_ref().unwrap().contract_update, Some(true));
    let list = finish(&ListTemplates::new(), page(&[answers::TEMPLATE])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(template)]);

    let template_type = finish(&GetTemplateType::new(4711), answers::TEMPLATE_TYPE).unwrap();
    assert_eq!(template_type.extension_type, None);
    assert_eq!(template_type.data_fields[0].key(), Some("oneflow-start-date"));
    assert_eq!(template_type.data_fields[0].value, None);
    let list = finish(&ListTemplateTypes::new(), page(&[answers::TEMPLATE_TYPE])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(template_type)]);
}

#[test]
fn a_template_without_a_type_is_read() {
    let template =
        finish(&GetTemplate::new(34), r#"{ "id": 34, "name": null, "template_type": null }"#).unwrap();
    assert_eq!((template.name, template.template_type), (None, None));
}

#[test]
fn webhooks_are_read_whichever_member_their_id_stands_in() {
    let webhook = finish(&GetWebhook::new(77), answers::WEBHOOK).unwrap();
    assert_eq!(webhook.id(), Some(WebhookId::new(77)));
    let rules = &webhook.filters[0].filter_rules;
    assert_eq!(rules[0].kind, Some(WebhookRuleKind::EventType));
    assert_eq!(rules[0].event_types(), [EventType::ContractSign]);
    assert!(rules[0].workspaces().is_empty());
    assert_eq!(rules[1].values, [json!(12)]);
    assert_eq!(rules[1].workspaces(), [WorkspaceId::new(12)]);
    assert_eq!(rules[1].event_types(), []);

    let other = finish(&CreateWebhook::new(NewWebhook::new("https://hooks.example.test")), r#"{ "id": 78 }"#)
        .unwrap();
    assert_eq!(other.id(), Some(WebhookId::new(78)));
    let updated = finish(&UpdateWebhook::new(77, WebhookPatch::new()), answers::WEBHOOK).unwrap();
    assert_eq!(updated.as_ref(), Some(&webhook));
    assert_eq!(finish(&UpdateWebhook::new(77, WebhookPatch::new()), "").unwrap(), None);
    let list = finish(&ListWebhooks::new(), page(&[answers::WEBHOOK])).unwrap();
    assert_eq!(list.into_items().collect::<Vec<_>>(), [Ok(webhook.clone())]);
    let bare = finish(&ListWebhooks::new(), format!("\n[{}, 7]", answers::WEBHOOK)).unwrap();
    assert_eq!((bare.count, bare.links.next.is_none()), (None, true));
    let items: Vec<_> = bare.into_items().collect();
    assert_eq!(items[0].as_ref(), Ok(&webhook));
    assert!(items[1].is_err() && items.len() == 2, "one of another shape costs itself");
    for other in ["7", "null", "[", r#"{"webhooks":[]}"#] {
        assert!(finish(&ListWebhooks::new(), other).is_err(), "{other}");
    }
    let nameless: Webhook = serde_json::from_str("{}").unwrap();
    assert_eq!(nameless.id(), None);
}

#[test]
fn an_answer_without_a_documented_body_is_not_looked_at() {
    for body in ["", "{}", r#"{ "id": "unexpected" }"#, "[]"] {
        finish(&Ping::new(), body).unwrap();
        finish(&UpdateDataField::new(1, "a", DataFieldPatch::new()), body).unwrap();
        finish(&UpdateDataFields::new(1, DataFieldUpdates::new([])), body).unwrap();
        finish(&DeleteWebhook::new(77), body).unwrap();
    }
}

#[test]
fn ids_may_be_texts() {
    let texts = contract(
        json!({ "id": "9001", "data_fields": [{ "id": "5" }], "_private": { "workspace_id": "12" } }),
    );
    let numbers =
        contract(json!({ "id": 9001, "data_fields": [{ "id": 5 }], "_private": { "workspace_id": 12 } }));
    assert_eq!(texts, numbers);
}

#[test]
fn null_and_absent_read_the_same() {
    let absent = contract(json!({ "id": 1 }));
    let null = contract(json!({
        "id": 1, "state": null, "parties": null, "data_fields": null, "product_groups": null, "sign_order": null,
        "lifecycle_state": null, "published_time": null, "_private": null, "_private_ownerside": null, "tags": null, "_links": null
    }));
    assert_eq!(absent, null);
    assert!(null.parties.is_empty() && null.state.is_none());
}

#[test]
fn a_state_of_tomorrow_is_kept_and_not_refused() {
    let contract =
        contract(json!({ "id": 1, "state": "frozen", "a_member_of_tomorrow": { "deep": [1, 2] } }));
    let state = contract.state.unwrap();
    assert!(matches!(state, ContractState::Unknown(_)));
    assert_eq!(state.as_str(), "frozen");
}

#[test]
fn a_key_is_found_in_both_places_and_the_field_itself_comes_first() {
    let key = |json| serde_json::from_value::<DataField>(json).unwrap().key().map(str::to_owned);
    assert_eq!(key(json!({ "id": 1, "custom_id": "top" })).as_deref(), Some("top"));
    assert_eq!(
        key(json!({ "id": 1, "_private_ownerside": { "custom_id": "deep" } })).as_deref(),
        Some("deep")
    );
    let both = json!({ "id": 1, "custom_id": "top", "_private_ownerside": { "custom_id": "deep" } });
    assert_eq!(key(both).as_deref(), Some("top"));
    assert_eq!(key(json!({ "id": 1, "custom_id": null, "_private_ownerside": {} })), None);
    let empty = json!({ "id": 1, "custom_id": "", "_private_ownerside": { "custom_id": "deep" } });
    assert_eq!(key(empty).as_deref(), Some("deep"));
    assert_eq!(key(json!({ "id": 1, "custom_id": "" })), None);
}

#[test]
fn participants_are_found_in_the_list_and_in_the_singular_member() {
    let contract = finish(&GetContract::new(9001), answers::CONTRACT).unwrap();
    let all: Vec<(i64, i64)> =
        contract.participants().map(|(party, who)| (party.id.get(), who.id.get())).collect();
    assert_eq!(all, [(1, 11), (2, 21)]);
    let others: Vec<i64> = contract.counterparty_participants().map(|(_, who)| who.id.get()).collect();
    assert_eq!(others, [21]);
}

#[test]
fn a_party_that_does_not_say_whose_it_is_is_no_counterparty() {
    for (my_party, count) in
        [(json!(null), 0), (json!("false"), 0), (json!(0), 0), (json!(true), 0), (json!(false), 1)]
    {
        let party = json!({ "id": 2, "my_party": my_party, "participants": [{ "id": 21 }] });
        let contract = contract(json!({ "id": 1, "parties": [party] }));
        assert_eq!(contract.counterparty_participants().count(), count, "{my_party}");
        assert_eq!(contract.participants().count(), 1);
    }
    let contract = contract(json!({ "id": 1, "parties": [{ "id": 2, "participants": [{ "id": 21 }] }] }));
    assert_eq!(contract.counterparty_participants().count(), 0);
}

#[test]
fn times_are_read_with_every_offset_that_was_seen() {
    for time in [
        "2031-02-03T04:05:06+0000",
        "2031-02-03T04:05:06+00:00",
        "2031-02-03T04:05:06Z",
        "2031-02-03T05:05:06+0100",
    ] {
        let contract = contract(json!({ "id": 1, "updated_time": time }));
        let updated = contract.updated_time.unwrap();
        assert_eq!(updated.as_str(), time);
        assert_eq!(updated.instant().unwrap().to_string(), "2031-02-03T04:05:06Z");
    }
}

#[test]
fn a_surprise_in_a_member_costs_only_that_member() {
    let contract = contract(json!({
        "id": 1,
        "state": "signed",
        "product_groups": "none",
        "lifecycle_settings": ["unexpected"],
        "_links": 7,
        "data_fields": [
            { "id": 5, "value": "kept", "_private_ownerside": "unexpected" },
            { "id": 6, "_private_ownerside": { "custom_id": "kept", "updated_time": 1_928_000_000 } }
        ],
        "parties": [{ "id": 2, "participants": [{ "id": 21, "_private_ownerside": { "custom_id": "kept", "visits": "often" } }] }]
    }));
    assert_eq!(contract.state, Some(ContractState::Signed));
    assert!(contract.product_groups.is_empty() && contract.lifecycle_settings.is_none());
    assert_eq!(contract.data_fields[0].value.as_deref(), Some("kept"));
    assert!(contract.data_fields[0].private_ownerside.is_none());
    assert_eq!(contract.data_fields[1].key(), Some("kept"), "the key is not lost with its neighbour");
    let participant = &contract.parties[0].participants[0];
    assert_eq!(participant.private_ownerside.as_ref().unwrap().custom_id.as_deref(), Some("kept"));
}

#[test]
fn a_surprise_in_the_id_of_a_contract_is_an_error_that_names_the_place() {
    let error = finish(&GetContract::new(1), r#"{ "state": "signed", "id": ["Ann"] }"#).unwrap_err();
    assert!(error.is_decode());
    let cause = error.cause().unwrap().to_string();
    assert_eq!(cause, "unexpected shape at `id`");
}

#[test]
fn one_unreadable_item_does_not_lose_its_neighbours() {
    let page =
        finish(&ListContracts::new(), page(&[r#"{ "id": 1 }"#, r#"{ "id": "one" }"#, r#"{ "id": 3 }"#]))
            .unwrap();
    let ids: Vec<Option<i64>> = page.into_items().map(|item| item.ok().map(|item| item.id.get())).collect();
    assert_eq!(ids, [Some(1), None, Some(3)]);
}
