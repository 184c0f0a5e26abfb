//! From the bytes of a webhook to candidate field updates, without a network.
//!
//! The engine asks for two things, the contract and the candidate; here the answers are texts. Nothing is written: a
//! plan is data that you can look at.
//!
//! ```sh
//! cargo run -p smartsync-core --example webhook_to_updates
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::{error::Error, sync::Arc};

use oneflow_client::{
    OneflowClient,
    webhook::{self, Verifier},
};
use smartsync_core::{Engine, FieldMapping, Mapping, MemoryLedger, SecretString, SyncKeys};
use smartsync_transport::ScriptedTransport;
use teamtailor_client::TeamtailorClient;

const CONTRACT: &str = r#"{
    "id": 9001, "state": "pending",
    "parties": [{ "id": 1, "my_party": false, "type": "individual",
        "participant": { "id": 11, "name": "Ann Sample", "email": "ann@example.com",
            "_private_ownerside": { "custom_id": null, "created_time": "2031-04-01T08:00:00+0000" } } }],
    "data_fields": [
        { "id": 1, "value": "2031-06-15", "_private_ownerside": { "custom_id": "oneflow-start-date", "updated_time": null } },
        { "id": 2, "value": "43 500,50", "_private_ownerside": { "custom_id": "oneflow-salary", "updated_time": null } },
        { "id": 3, "value": "soon", "_private_ownerside": { "custom_id": "oneflow-first-day-off", "updated_time": null } }
    ],
    "_private_ownerside": { "created_time": "2031-04-01T08:00:00+0000" }
}"#;

const CANDIDATE: &str = r#"{
    "data": { "id": "4711", "type": "candidates",
        "attributes": { "email": "ann@example.com", "first-name": "Ann" },
        "relationships": {
            "custom-field-values": { "data": [{ "type": "custom-field-values", "id": "901" }] },
            "uploads": { "data": [] } } },
    "included": [{ "id": "901", "type": "custom-field-values",
        "attributes": { "field-type": "CustomField::Date", "value": "2031-05-01" },
        "relationships": { "custom-field": { "data": { "type": "custom-fields", "id": "31" } } } }]
}"#;

const CUSTOM_FIELDS: &str = r#"{ "data": [
    { "id": "31", "type": "custom-fields",
        "attributes": { "api-name": "oneflow-start-date", "field-type": "CustomField::Date" } },
    { "id": "32", "type": "custom-fields",
        "attributes": { "api-name": "oneflow-salary", "field-type": "CustomField::Number" } },
    { "id": "33", "type": "custom-fields",
        "attributes": { "api-name": "first-day-off", "field-type": "CustomField::Date" } }
] }"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let oneflow = OneflowClient::builder()
        .api_token("no-network-no-token")
        .transport(ScriptedTransport::new().json(200, CONTRACT))
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key("no-network-no-key")
        .transport(ScriptedTransport::new().json(200, CUSTOM_FIELDS).json(200, CANDIDATE))
        .build()?;

    // `oneflow-…` fields pair by name. What has other names needs an entry.
    let mut mapping = Mapping::default();
    mapping.fields.push(FieldMapping::new("oneflow-first-day-off", "custom:first-day-off".parse()?));

    let keys = SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    // Whose contract it is: an earlier look, or `Engine::create`, has written that down.
    let ledger = Arc::new(MemoryLedger::new());
    ledger.put(
        9001.into(),
        serde_json::from_str(r#"{ "candidate": "4711", "linked_by": "participant_custom_id" }"#)?,
    );
    let engine = Engine::builder(oneflow, teamtailor, mapping, ledger, keys).build()?;

    // What Oneflow would send.
    let sign_key = SecretString::from("the webhook's sign key");
    let body = webhook::test_notification("3f0c5b1e", 9001, &["data_field:update"], &sign_key);

    let contract = Verifier::new([sign_key])?.verify(body.as_bytes())?.contract();
    let plan = engine.plan(contract).await?;

    println!("contract {contract}, candidate {:?}", plan.candidate());
    for update in plan.updates() {
        println!("  {} -> {} = {:?}", update.data_field(), update.candidate_field(), update.value());
    }
    // One outcome for every mapped field, with the reason where there is something to say.
    for field in plan.outcomes() {
        let reason = field.reason().map_or("", |reason| reason.sentence());
        println!("  {}: {} {reason}", field.data_field, field.outcome.as_str());
    }
    // The amount. Nothing proves that one date is an edit, and the other is no date.
    if plan.updates().len() == 1 { Ok(()) } else { Err("one update was expected".into()) }
}
