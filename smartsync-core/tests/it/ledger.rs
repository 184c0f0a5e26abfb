//! What is remembered, and in which form.

use smartsync_core::{Creation, KeyError, Ledger, LedgerEntry, MemoryLedger, RequestId, SyncKeys};

#[tokio::test]
async fn the_ledger_in_memory_keeps_what_was_saved_last() {
    let ledger = MemoryLedger::new();
    assert_eq!(ledger.load(9001.into()).await.unwrap(), LedgerEntry::default());
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4711".into());
    ledger.save(9001.into(), &entry).await.unwrap();
    ledger.save(9002.into(), &LedgerEntry::default()).await.unwrap();
    assert_eq!(ledger.load(9001.into()).await.unwrap(), entry);

    let request: RequestId = "hire-1".parse().unwrap();
    assert_eq!(ledger.load_creation(&request).await.unwrap(), None);
    let intent = Creation::Intended { candidate: "4711".into(), template: 88.into() };
    ledger.save_creation(&request, &intent).await.unwrap();
    ledger.save_creation(&request, &Creation::Created(9001.into())).await.unwrap();
    assert_eq!(ledger.load_creation(&request).await.unwrap(), Some(Creation::Created(9001.into())));
}

#[test]
fn an_entry_keeps_its_stored_form() {
    let text = r#"{"candidate":"4711","bases":{"oneflow-city":"v1:0a1b2c3d:00ff"}}"#;
    let entry: LedgerEntry = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&entry).unwrap(), text);
    assert_eq!(format!("{entry:?}").matches("00ff").count(), 0, "Debug prints the key's name and no digest");
    assert_eq!(serde_json::from_str::<LedgerEntry>("{}").unwrap(), LedgerEntry::default());

    for (creation, text) in [
        (
            Creation::Intended { candidate: "4711".into(), template: 88.into() },
            r#"{"intended":{"candidate":"4711","template":88}}"#,
        ),
        (
            Creation::Released { candidate: "4711".into(), template: 88.into() },
            r#"{"released":{"candidate":"4711","template":88}}"#,
        ),
        (Creation::Created(9001.into()), r#"{"created":9001}"#),
    ] {
        assert_eq!(serde_json::to_string(&creation).unwrap(), text);
        assert_eq!(serde_json::from_str::<Creation>(text).unwrap(), creation);
    }
}

#[test]
fn a_request_id_has_no_character_that_would_break_a_token() {
    for id in ["a", "hire-2031.0042_b", "123e4567-e89b-12d3-a456-426614174000"] {
        assert_eq!(id.parse::<RequestId>().unwrap().as_str(), id);
    }
    for id in ["", "a:b", "a b", "å", &"x".repeat(41)] {
        assert!(id.parse::<RequestId>().is_err(), "{id}");
        assert!(serde_json::from_str::<RequestId>(&format!("\"{id}\"")).is_err());
    }
}

#[test]
fn keys_that_protect_nothing_are_refused() {
    assert_eq!(SyncKeys::new("acme", []).unwrap_err(), KeyError::NoKeys);
    assert_eq!(SyncKeys::new("acme", ["short".into()]).unwrap_err(), KeyError::TooShort);
    let keys = SyncKeys::new("acme", ["a key of enough characters".into()]).unwrap();
    assert!(!format!("{keys:?}").contains("enough"));
}
