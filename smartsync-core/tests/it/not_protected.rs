//! What `SECURITY.md` says is not protected is so, and no more than that.

use std::time::Duration;

use serde_json::json;
use smartsync_core::SyncKeys;
use smartsync_sandbox::SandboxSettings;

use crate::support::{
    card::{bound, city_field, engine_between},
    story::Story,
};

/// Teamtailor has no conditional writes: what a recruiter types after the card was read and before it is written is lost, as long as
/// both lie within 30 seconds.
#[tokio::test]
async fn what_a_recruiter_types_in_the_thirty_seconds_after_the_card_was_read_is_overwritten() {
    for (seconds, left) in [(30, "50000"), (31, "60000")] {
        // The seconds are counted here.
        let story = Story::begin(SandboxSettings::new().action_time(Duration::ZERO)).await;
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
    let (card, paper, ledger) = bound(city_field(), &[("city", town)]);
    card.edit("34", json!(town));
    let keys = SyncKeys::new("acme", [key.into()]).unwrap();
    let engine = engine_between(&card, &paper, toml::from_str(MAPPING).unwrap(), ledger.clone(), keys);
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
