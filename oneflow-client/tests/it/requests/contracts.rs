//! Contracts, their data fields and their events.

use oneflow_client::{
    DataFieldId, TimeRange,
    contracts::{
        ContractCopy, ContractMove, ContractPatch, ContractPrivatePatch, ContractSort, ContractState,
        CopyContract, CreateContract, DataFieldPatch, DataFieldReference, DataFieldUpdate, DataFieldUpdates,
        DeclineContract, DeleteContract, GetContract, ListContracts, ListDataFields, MarkContractAsSigned,
        MoveContract, NewContract, NewDataFieldValue, NewMoney, NewOwnerParticipant, NewOwnerParty,
        NewProductGroup, NewSignOrderEntry, NewSigningPeriodExpiration, PublishContract, PublishMessage,
        SigningPeriodKind, TagReference, UpdateContract, UpdateDataField, UpdateDataFields,
    },
    events::{EventSort, GetContractEvent, ListContractEvents},
    parties::{
        DeliveryChannel, NewCompany, NewIndividual, NewParticipant, NewParticipantOptions,
        NewParticipantPermissions, NewParty, SignMethod,
    },
    products::NewProduct,
    shared::NewPrivateOwnerside,
};
use serde_json::{Value, json};

use super::{Row, row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = lists();
    rows.extend(writes());
    rows.extend(data_fields());
    rows.extend(events());
    rows
}

fn lists() -> Vec<Row> {
    vec![
        row(&ListContracts::new(), "GET /v1/contracts"),
        row(
            &ListContracts::new()
                .limit(50)
                .offset(100)
                .sort([ContractSort::State, ContractSort::NameDescending])
                .data_field_match("employee-number:å 7"),
            "GET /v1/contracts?limit=50&offset=100&sort=state%2C-name&filter%5Bdata_field_match%5D=employee-number%3A%C3%A5%207",
        ),
        row(
            &ListContracts::new()
                .states([ContractState::Signed, ContractState::Pending])
                .published_time(TimeRange::between("2031-01-01T00:00:00+0000", "2031-02-01T00:00:00+0000"))
                .name("hello world")
                .query("God kväll"),
            "GET /v1/contracts?filter%5Bstates%5D=signed%2Cpending&filter%5Bpublished_time%5D=2031-01-01T00%3A00%3A00%2B0000%7C2031-02-01T00%3A00%3A00%2B0000&filter%5Bname%5D=hello%20world&filter%5Bquery%5D=God%20kv%C3%A4ll",
        ),
        row(
            &ListContracts::new().published_time(TimeRange::until("2021-07-19T11:32:40+00:00")),
            "GET /v1/contracts?filter%5Bpublished_time%5D=%7C2021-07-19T11%3A32%3A40%2B00%3A00",
        ),
        row(&ListContracts::new().sort(["state_updated_time"]), "GET /v1/contracts?sort=state_updated_time"),
        row(&GetContract::new(9001), "GET /v1/contracts/9001"),
    ]
}

fn writes() -> Vec<Row> {
    vec![
        row(&CreateContract::new(NewContract::new(12, 34)), "POST /v1/contracts/create")
            .json(json!({ "workspace_id": 12, "template_id": 34 })),
        row(&CreateContract::new(full_contract()), "POST /v1/contracts/create").json(full_contract_body()),
        row(&UpdateContract::new(9001, ContractPatch::new()), "PUT /v1/contracts/9001").json(json!({})),
        row(&UpdateContract::new(9001, full_patch()), "PUT /v1/contracts/9001").json(json!({
            "_private": {
                "name": "",
                "value": { "amount": "1000.00", "currency": "SEK" },
                "signing_period_expiration": { "type": "days_after_publish", "expire_days_after_publish": 14 }
            },
            "sign_order": [{ "participant_id": 21, "order": 1 }],
            "tags": [{ "id": 41 }]
        })),
        row(
            &UpdateContract::new(
                9001,
                ContractPatch::new().private(ContractPrivatePatch::new().clear_value()).clear_sign_order(),
            ),
            "PUT /v1/contracts/9001",
        )
        .json(json!({ "_private": { "value": null }, "sign_order": null })),
        row(&DeleteContract::new(9001), "DELETE /v1/contracts/9001"),
        row(&CopyContract::new(9001, ContractCopy::new(12)), "POST /v1/contracts/9001/copy")
            .json(json!({ "workspace_id": 12 })),
        row(
            &CopyContract::new(9001, ContractCopy::new(12).folder_id(56).name("Copy")),
            "POST /v1/contracts/9001/copy",
        )
        .json(json!({ "workspace_id": 12, "folder_id": 56, "name": "Copy" })),
        row(&MoveContract::new(9001, ContractMove::new(12, 56)), "POST /v1/contracts/9001/move")
            .json(json!({ "workspace_id": 12, "folder_id": 56 })),
        row(&DeclineContract::new(9001), "POST /v1/contracts/9001/decline"),
        row(&MarkContractAsSigned::new(9001), "POST /v1/contracts/9001/mark_as_signed"),
        row(
            &PublishContract::new(9001, PublishMessage::new("Your contract", "Please sign.")),
            "POST /v1/contracts/9001/publish",
        )
        .json(json!({ "subject": "Your contract", "message": "Please sign." })),
    ]
}

fn data_fields() -> Vec<Row> {
    vec![
        row(&ListDataFields::new(9001).limit(100), "GET /v1/contracts/9001/data_fields?limit=100"),
        row(
            &UpdateDataField::new(9001, "oneflow-start-date", DataFieldPatch::new().value("2031-05-01")),
            "PUT /v1/contracts/9001/data_fields/c%3A%3Aoneflow-start-date",
        )
        .json(json!({ "value": "2031-05-01" })),
        row(
            &UpdateDataField::new(9001, DataFieldId::new(70012), DataFieldPatch::new().clear_value()),
            "PUT /v1/contracts/9001/data_fields/70012",
        )
        .json(json!({ "value": null })),
        row(
            &UpdateDataField::new(9001, "a/b c", DataFieldPatch::new()),
            "PUT /v1/contracts/9001/data_fields/c%3A%3Aa%2Fb%20c",
        )
        .json(json!({})),
        row(
            &UpdateDataFields::new(
                9001,
                DataFieldUpdates::new([
                    DataFieldUpdate::new().id(70012).value("A"),
                    DataFieldUpdate::new().private_ownerside(DataFieldReference::new("salary")).clear_value(),
                ]),
            ),
            "PUT /v1/contracts/9001/data_fields",
        )
        .json(json!({ "data_fields": [
            { "id": 70012, "value": "A" },
            { "_private_ownerside": { "custom_id": "salary" }, "value": null }
        ] })),
    ]
}

fn events() -> Vec<Row> {
    vec![
        row(&ListContractEvents::new(9001), "GET /v1/contracts/9001/events"),
        row(
            &ListContractEvents::new(9001).sort([EventSort::IdDescending]).limit(10).offset(10),
            "GET /v1/contracts/9001/events?sort=-id&limit=10&offset=10",
        ),
        row(&GetContractEvent::new(9001, 55012), "GET /v1/contracts/9001/events/55012"),
    ]
}

fn full_patch() -> ContractPatch {
    let expiration =
        NewSigningPeriodExpiration::new(SigningPeriodKind::DaysAfterPublish).expire_days_after_publish(14);
    let private = ContractPrivatePatch::new()
        .name("")
        .value(NewMoney::new("1000.00", "SEK"))
        .signing_period_expiration(expiration);
    ContractPatch::new()
        .private(private)
        .sign_order([NewSignOrderEntry::new(21, 1)])
        .tags([TagReference::new(41)])
}

fn full_contract() -> NewContract {
    let owner = NewOwnerParticipant::new("Olle Owner", "olle@example.com").organizer(true);
    let approver = NewOwnerParticipant::new("Vera Sample", "vera@example.com")
        .delivery_channel(DeliveryChannel::NoDelivery)
        .phone_number("+46700000001")
        .title("CFO")
        .identification_number("900102")
        .signatory(true)
        .sign_method(SignMethod::SwedishBankid)
        .two_step_authentication_method("sms")
        .permissions(NewParticipantPermissions::new().contract_update(true))
        .options(NewParticipantOptions::new().invite(false))
        .private_ownerside(NewPrivateOwnerside::new().custom_id("crm:7"));
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
        .my_party(NewOwnerParty::new([owner, approver]).creator_inherit_settings_from_template(true))
        .parties([
            NewIndividual::new(signer).country_code("SE").into(),
            NewCompany::new("Example Ltd", [clerk]).identification_number("556000-0000").into(),
        ] as [NewParty; 2])
        .product_groups([NewProductGroup::new([NewProduct::new("Laptop")]).id(30)])
        .tags([TagReference::new(41)])
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
                { "name": "Olle Owner", "email": "olle@example.com", "organizer": true },
                {
                    "name": "Vera Sample",
                    "email": "vera@example.com",
                    "delivery_channel": "none",
                    "phone_number": "+46700000001",
                    "title": "CFO",
                    "identification_number": "900102",
                    "signatory": true,
                    "sign_method": "swedish_bankid",
                    "two_step_authentication_method": "sms",
                    "_permissions": { "contract:update": true },
                    "_options": { "invite": false },
                    "_private_ownerside": { "custom_id": "crm:7" }
                }
            ],
            "creator_inherit_settings_from_template": true
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
        "product_groups": [{ "id": 30, "products": [{ "name": "Laptop" }] }],
        "tags": [{ "id": 41 }],
        "value": { "amount": "1000.00", "currency": "SEK" }
    })
}
