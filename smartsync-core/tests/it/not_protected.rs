//! What `SECURITY.md` says is not protected is so, and no more than that.

use std::{sync::Arc, time::Duration};

use oneflow_client::OneflowClient;
use serde_json::json;
use smartsync_core::{Engine, Ledger, LedgerEntry, Mapping, MemoryLedger, SyncKeys};
use smartsync_sandbox::SandboxSettings;
use teamtailor_client::TeamtailorClient;

use crate::support::{
    card::{Card, Paper},
    stage::{Noon, contract},
    story::Story,
};

/// Teamtailor has no conditional writes: what a recruiter types after the card was read and before it is written is lost, as long as
/// both lie within 30 seconds.
#[tokio::test]
async fn what_a_recruiter_types_in_the_thirty_seconds_after_the_card_was_read_is_overwritten() {
    for (seconds, left) in [(30, "50000"), (31, "60000")] {
        let story = Story::begin(SandboxSettings::new()).await;
        story.sandbox.fill_data_field(story.contract, "oneflow-salary", "50000").unwrap();
        let plan = story.engine.plan(story.contract.into()).await.unwrap();
        let candidate = story.sandbox.seeded().candidate;
        story.sandbox.edit_custom_field(&candidate, "oneflow-salary", Some("60000")).unwrap();
        story.sandbox.advance(Duration::from_secs(seconds));
        story.engine.apply(plan).await;
        assert_eq!(story.field("oneflow-salary").as_deref(), Some(left), "{seconds} s");
    }
}

const MAPPING: &str =
    "[sync]\nlink = [\"ledger\"]\n[[field]]\noneflow = \"city\"\nteamtailor = \"custom:34\"";

/// The digest of a town under this key, in a ledger of one's own.
async fn digest(town: &str, key: &str) -> String {
    let (card, paper, ledger) = (
        Card::new(json!({ "data": [ { "id": "34", "type": "custom-fields",
        "attributes": { "api-name": "city", "field-type": "CustomField::Text" } } ] })),
        Paper::default(),
        Arc::new(MemoryLedger::new()),
    );
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4711".into());
    ledger.put(9001.into(), entry);
    paper.put(contract("pending", "", &[("city", town)]));
    card.edit("34", json!(town));
    let keys = SyncKeys::new("acme", [key.into()]).unwrap();
    let oneflow = OneflowClient::builder().api_token("a token".into()).transport(paper).build().unwrap();
    let teamtailor = TeamtailorClient::builder().api_key("a key".into()).transport(card).build().unwrap();
    let mapping: Mapping = toml::from_str(MAPPING).unwrap();
    let memory = Arc::clone(&ledger) as Arc<dyn Ledger>;
    let engine = Engine::builder(oneflow, teamtailor, mapping, memory, keys).clock(Noon).build().unwrap();
    engine.apply(engine.plan(9001.into()).await.unwrap()).await;
    ledger.entry(9001.into()).unwrap().bases["city"].as_str().to_owned()
}

/// Pseudonymous, not anonymous.
#[tokio::test]
async fn a_value_is_found_by_trying_with_the_key_and_not_without() {
    let (key, other) =
        ("the/key/that/was/stolen/with/the/database00", "another/key/that/says/nothing/about/it00000");
    let stolen = digest("Oslo", key).await;
    let tried = ["Bergen", "Gothenburg", "Malmo", "Oslo"];
    let mut found = Vec::new();
    for town in tried {
        assert_ne!(digest(town, other).await, stolen, "{town}");
        if digest(town, key).await == stolen {
            found.push(town);
        }
    }
    assert_eq!(found, ["Oslo"]);
}
