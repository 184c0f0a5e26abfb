//! Method, path, query, headers and body of every operation, as the reference writes them.

use std::collections::BTreeSet;

use oneflow_client::{
    CreateContract, CreateWebhook, DataFieldId, DataFieldPatch, DataFieldReference, DataFieldUpdate,
    DataFieldUpdates, DeleteWebhook, DeliveryChannel, EventType, EventTypeRule, GetAccount, GetContract,
    GetFileAddress, GetTemplate, GetTemplateType, GetWebhook, ListContracts, ListDataFields, ListFiles,
    ListTemplateTypes, ListTemplates, ListUsers, ListWebhooks, ListWorkspaces, NewCompany, NewContract,
    NewDataFieldValue, NewIndividual, NewMoney, NewOwnerParty, NewParticipant, NewParticipantPermissions,
    NewPrivateOwnerside, NewWebhook, NewWebhookFilter, Oneflow, OneflowClient, Ping, PublishContract,
    PublishMessage, SecretString, SignMethod, TemplateActivity, UpdateDataField, UpdateDataFields,
    UpdateWebhook, WebhookPatch, WorkspaceId, WorkspaceRule,
    transport::{Endpoint, Error, Request, ScriptedTransport},
};
use serde_json::{Value, json};

const TOKEN: &str = "0123456789abcdefABCDEF-0123456789abcdefAB";

fn oneflow() -> OneflowClient {
    OneflowClient::builder()
        .api_token(SecretString::from(TOKEN))
        .user_email("integration@example.com")
        .transport(ScriptedTransport::new())
        .build()
        .unwrap()
}

/// An operation as it goes over the wire.
struct Row {
    operation: &'static str,
    idempotent: bool,
    request: Request,
    expected: &'static str,
    body: Option<Value>,
}

fn row<E: Endpoint<Service = Oneflow>>(endpoint: &E, expected: &'static str, body: Option<Value>) -> Row {
    let request = oneflow().prepare(endpoint).unwrap();
    Row { operation: E::OPERATION, idempotent: E::IDEMPOTENT, request, expected, body }
}

fn table() -> Vec<Row> {
    vec![
        row(&Ping::new(), "GET /v1/ping", None),
        row(&GetAccount::new(), "GET /v1/accounts/me", None),
        row(&ListUsers::new(), "GET /v1/users", None),
        row(&ListUsers::new().limit(2).offset(4), "GET /v1/users?limit=2&offset=4", None),
        row(&ListWorkspaces::new().limit(100), "GET /v1/workspaces?limit=100", None),
        row(&ListContracts::new(), "GET /v1/contracts", None),
        row(
            &ListContracts::new()
                .limit(50)
                .offset(100)
                .sort("state,name")
                .data_field_match("employee-number:å 7"),
            "GET /v1/contracts?limit=50&offset=100&sort=state%2Cname&filter%5Bdata_field_match%5D=employee-number%3A%C3%A5%207",
            None,
        ),
        row(&GetContract::new(9001), "GET /v1/contracts/9001", None),
        row(
            &CreateContract::new(NewContract::new(12, 34)),
            "POST /v1/contracts/create",
            Some(json!({ "workspace_id": 12, "template_id": 34 })),
        ),
        row(&CreateContract::new(full_contract()), "POST /v1/contracts/create", Some(full_contract_body())),
        row(
            &PublishContract::new(9001, PublishMessage::new("Your contract", "Please sign.")),
            "POST /v1/contracts/9001/publish",
            Some(json!({ "subject": "Your contract", "message": "Please sign." })),
        ),
        row(&ListDataFields::new(9001).limit(100), "GET /v1/contracts/9001/data_fields?limit=100", None),
        row(
            &UpdateDataField::new(9001, "oneflow-start-date", DataFieldPatch::new().value("2031-05-01")),
            "PUT /v1/contracts/9001/data_fields/c%3A%3Aoneflow-start-date",
            Some(json!({ "value": "2031-05-01" })),
        ),
        row(
            &UpdateDataField::new(9001, DataFieldId::new(70012), DataFieldPatch::new().clear_value()),
            "PUT /v1/contracts/9001/data_fields/70012",
            Some(json!({ "value": null })),
        ),
        row(
            &UpdateDataField::new(9001, "a/b c", DataFieldPatch::new()),
            "PUT /v1/contracts/9001/data_fields/c%3A%3Aa%2Fb%20c",
            Some(json!({})),
        ),
        row(
            &UpdateDataFields::new(
                9001,
                DataFieldUpdates::new([
                    DataFieldUpdate::new().id(70012).value("A"),
                    DataFieldUpdate::new().private_ownerside(DataFieldReference::new("salary")).clear_value(),
                ]),
            ),
            "PUT /v1/contracts/9001/data_fields",
            Some(json!({ "data_fields": [
                { "id": 70012, "value": "A" },
                { "_private_ownerside": { "custom_id": "salary" }, "value": null }
            ] })),
        ),
        row(&ListFiles::new(9001), "GET /v1/contracts/9001/files", None),
        row(&GetFileAddress::new(9001, 1), "GET /v1/contracts/9001/files/1?download=true", None),
        row(
            &ListTemplates::new()
                .sort("name")
                .extension_type("hubspot")
                .template_type_id(4711)
                .workspace_ids([12, 34])
                .active(TemplateActivity::Both),
            "GET /v1/templates?sort=name&extension_type=hubspot&template_type_id=4711&filter%5Bworkspace_ids%5D=12%2C34&filter%5Bactive%5D=",
            None,
        ),
        row(
            &ListTemplates::new().workspace_ids(Vec::<WorkspaceId>::new()).active(TemplateActivity::Inactive),
            "GET /v1/templates?filter%5Bactive%5D=false",
            None,
        ),
        row(&GetTemplate::new(34), "GET /v1/templates/34", None),
        row(&ListTemplateTypes::new().offset(100), "GET /v1/template_types?offset=100", None),
        row(&GetTemplateType::new(4711), "GET /v1/template_types/4711", None),
        row(&ListWebhooks::new(), "GET /v1/webhooks", None),
        row(&GetWebhook::new(77), "GET /v1/webhooks/77", None),
        row(
            &CreateWebhook::new(full_webhook()),
            "POST /v1/webhooks",
            Some(json!({
                "callback_url": "https://hooks.example.test/oneflow",
                "sign_key": "local-secret",
                "template_group_id": 4711,
                "filters": [
                    { "filter_rules": [
                        { "type": "EVENT_TYPE", "values": ["data_field:update", "contract:sign"] },
                        { "type": "WORKSPACE", "values": [12, 34] }
                    ] }
                ]
            })),
        ),
        row(
            &UpdateWebhook::new(
                77,
                WebhookPatch::new()
                    .callback_url("https://hooks.example.test/v2")
                    .clear_sign_key()
                    .filters([]),
            ),
            "PUT /v1/webhooks/77",
            Some(json!({ "callback_url": "https://hooks.example.test/v2", "sign_key": null, "filters": [] })),
        ),
        row(&DeleteWebhook::new(77), "DELETE /v1/webhooks/77", None),
    ]
}

fn full_contract() -> NewContract {
    let owner =
        NewParticipant::new("Olle Owner", DeliveryChannel::Email).email("olle@example.com").organizer(true);
    let signer = NewParticipant::new("Ann Example", DeliveryChannel::EmailAndSms)
        .email("ann@example.com")
        .phone_number("+46700000000")
        .sign_method(SignMethod::StandardEsign)
        .signatory(true)
        .permissions(NewParticipantPermissions::new().contract_update(true))
        .private_ownerside(NewPrivateOwnerside::new().custom_id("teamtailor:4711"));
    let clerk = NewParticipant::new("Carl Clerk", DeliveryChannel::NoDelivery);
    NewContract::new(12, 34)
        .name("Employment")
        .data_fields([NewDataFieldValue::new("oneflow-start-date", "2031-05-01")])
        .folder_id(56)
        .my_party(NewOwnerParty::new([owner]))
        .parties([
            NewIndividual::new(signer).country_code("SE").into(),
            NewCompany::new("Example Ltd", [clerk]).identification_number("556000-0000").into(),
        ] as [oneflow_client::NewParty; 2])
        .value(NewMoney::new("1000.00", "SEK"))
}

fn full_contract_body() -> Value {
    json!({
        "workspace_id": 12,
        "template_id": 34,
        "name": "Employment",
        "data_fields": [{ "custom_id": "oneflow-start-date", "value": "2031-05-01" }],
        "folder_id": 56,
        "my_party": {
            "participants": [
                { "name": "Olle Owner", "delivery_channel": "email", "email": "olle@example.com", "organizer": true }
            ]
        },
        "parties": [
            {
                "type": "individual",
                "participant": {
                    "name": "Ann Example",
                    "delivery_channel": "email_and_sms",
                    "email": "ann@example.com",
                    "phone_number": "+46700000000",
                    "sign_method": "standard_esign",
                    "signatory": true,
                    "_permissions": { "contract:update": true },
                    "_private_ownerside": { "custom_id": "teamtailor:4711" }
                },
                "country_code": "SE"
            },
            {
                "type": "company",
                "name": "Example Ltd",
                "participants": [{ "name": "Carl Clerk", "delivery_channel": "none" }],
                "identification_number": "556000-0000"
            }
        ],
        "value": { "amount": "1000.00", "currency": "SEK" }
    })
}

fn full_webhook() -> NewWebhook {
    let filter = NewWebhookFilter::new([
        oneflow_client::NewWebhookRule::from(EventTypeRule::new([
            EventType::DataFieldUpdate,
            EventType::ContractSign,
        ])),
        WorkspaceRule::new([12, 34]).into(),
    ]);
    NewWebhook::new("https://hooks.example.test/oneflow")
        .sign_key("local-secret")
        .template_group_id(4711)
        .filters([filter])
}

#[test]
fn every_operation_goes_over_the_wire_as_documented() {
    for row in table() {
        let operation = row.operation;
        let uri = row.request.uri();
        assert_eq!(uri.scheme_str(), Some("https"), "{operation}");
        assert_eq!(uri.host(), Some("api.oneflow.com"), "{operation}");
        let line = format!("{} {}", row.request.method(), uri.path_and_query().unwrap());
        assert_eq!(line, row.expected, "{operation}");

        let header = |name: &str| row.request.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("x-oneflow-api-token"), Some(TOKEN), "{operation}");
        assert_eq!(header("x-oneflow-user-email"), Some("integration@example.com"), "{operation}");
        assert_eq!(header("accept"), Some("application/json"), "{operation}");

        let bytes = row.request.body().as_bytes();
        match row.body {
            Some(expected) => {
                assert_eq!(header("content-type"), Some("application/json"), "{operation}");
                assert_eq!(serde_json::from_slice::<Value>(bytes).unwrap(), expected, "{operation}");
            }
            None => {
                assert_eq!(header("content-type"), None, "{operation}");
                assert!(bytes.is_empty(), "{operation}");
            }
        }
    }
}

#[test]
fn the_table_has_a_row_for_every_operation_of_the_document() {
    let document = include_str!("../../openapi.yaml");
    let documented: BTreeSet<String> = document
        .lines()
        .filter_map(|line| line.trim().strip_prefix("operationId: "))
        .map(snake_case)
        .collect();
    let tested: BTreeSet<String> = table().into_iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(tested, documented);
    assert!(documented.contains("get_contract"), "the document is read at all");
}

fn snake_case(camel: &str) -> String {
    let mut snake = String::new();
    for character in camel.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

#[test]
fn what_creates_something_is_not_sent_twice() {
    let creating: BTreeSet<&str> =
        table().iter().filter(|row| !row.idempotent).map(|row| row.operation).collect();
    assert_eq!(creating, BTreeSet::from(["create_contract", "create_webhook", "publish_contract"]));
}

#[test]
fn without_an_email_no_user_header_is_sent() {
    let oneflow = OneflowClient::builder()
        .api_token(SecretString::from(TOKEN))
        .transport(ScriptedTransport::new())
        .build()
        .unwrap();
    let request = oneflow.prepare(&Ping::new()).unwrap();
    assert!(!request.headers().contains_key("x-oneflow-user-email"));
}

#[test]
fn an_empty_custom_id_is_no_other_path() {
    // `c::` alone is one segment, so it cannot fall back to the list of all data fields.
    let request = oneflow().prepare(&UpdateDataField::new(9001, "", DataFieldPatch::new())).unwrap();
    assert_eq!(request.uri().path(), "/v1/contracts/9001/data_fields/c%3A%3A");
}

#[test]
fn operations_are_values_that_compare() {
    assert_eq!(GetContract::new(42), GetContract::new(42));
    assert_ne!(GetContract::new(42), GetContract::new(43));
    let update = |patch| UpdateDataField::new(1, "a", patch);
    assert_ne!(update(DataFieldPatch::new()), update(DataFieldPatch::new().clear_value()));
    assert!(DataFieldPatch::new().is_empty());
    assert!(!DataFieldPatch::new().clear_value().is_empty());
}

#[test]
fn a_token_is_required_and_must_be_a_header_value() {
    let build = |token: &str| {
        let builder = OneflowClient::builder().transport(ScriptedTransport::new());
        builder.api_token(SecretString::from(token)).build().map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(build(TOKEN), Ok(()));
    assert_eq!(build("a-short-token-of-a-stand-in"), Ok(()));
    assert_eq!(build(" ").unwrap_err(), "`api_token` is not set");
    let error = build("secret\n").unwrap_err();
    assert!(error.contains("header value") && !error.contains("secret"), "{error}");
    let none = OneflowClient::builder().transport(ScriptedTransport::new()).build();
    assert_eq!(none.unwrap_err().to_string(), "`api_token` is not set");
}

#[test]
fn a_failed_preparation_names_the_operation() {
    let oneflow = OneflowClient::builder()
        .api_token(SecretString::from(TOKEN))
        .base_url("data:nothing".parse().unwrap())
        .transport(ScriptedTransport::new())
        .build()
        .unwrap();
    let error: Error = oneflow.prepare(&GetContract::new(1)).unwrap_err();
    assert_eq!(error.operation(), "get_contract");
    assert!(error.was_never_sent());
}
