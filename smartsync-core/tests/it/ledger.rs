//! What is remembered, and in which form.

use std::sync::Arc;

use oneflow_client::ContractId;
use serde_json::json;
use smartsync_core::{
    Engine, KeyError, Ledger, LedgerEntry, LedgerError, Mapping, MemoryLedger, RequestId, SyncKeys,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use teamtailor_client::CandidateId;

use crate::support::{
    card::{Card, Paper, bound, city_field, engine_between, no_fields},
    stage::{contract, keys, summary, token, written_back},
};

/// An engine of these keys and this type of field, over one ledger and one contract.
fn engine(card: &Card, paper: &Paper, ledger: &Arc<MemoryLedger>, keys: &[&str], kind: &str) -> Engine {
    let mapping = format!("[[field]]\noneflow = \"city\"\nteamtailor = \"custom:34\"\ntype = \"{kind}\"");
    let keys = SyncKeys::new("acme", keys.iter().map(|key| (*key).into())).unwrap();
    engine_between(card, paper, toml::from_str(&mapping).unwrap(), ledger.clone(), keys)
}

/// A mapping that takes first names over.
fn names() -> Mapping {
    toml::from_str(&written_back(&[("first-name", "first_name")])).unwrap()
}

#[tokio::test]
async fn a_base_outlives_a_rotation_of_keys_and_not_the_loss_of_its_key_nor_another_type() {
    let (old, new) =
        ("the/old/key/of/the/tenant/acme/000000000000", "the/new/key/of/the/tenant/acme/000000000000");
    let newer = "city skipped candidate-is-newer";
    let first_sight = "city written first-sight-contract-won";
    let table: [(&[&str], &str, &str); 5] = [
        (&[old], "text", newer),
        (&[new, old], "text", newer),
        (&[old, new], "text", newer),
        (&[new], "text", first_sight),
        (&[old], "url", first_sight),
    ];
    for (keys, kind, expected) in table {
        let (card, paper, ledger) = bound(city_field(), &[("city", "oslo.example")]);
        let before = engine(&card, &paper, &ledger, &[old], "text");
        let plan = before.plan(9001.into()).await.unwrap();
        before.apply(plan).await;
        card.edit("34", json!("bergen.example"));
        let plan = engine(&card, &paper, &ledger, keys, kind).plan(9001.into()).await.unwrap();
        assert_eq!(summary(plan.outcomes()), [expected], "{keys:?} {kind}");
    }
}

/// A store that can be read and has no room left.
#[derive(Debug)]
struct Full(MemoryLedger);

#[async_trait::async_trait]
impl Ledger for Full {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.0.load(contract).await
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.0.load_card(candidate).await
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.0.load_overwrites().await
    }

    async fn update(&self, _: &LedgerChange) -> Result<Updated, LedgerError> {
        Err(LedgerError::new("no room left"))
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.0.load_creation(request).await
    }

    async fn save_creation(&self, _: &RequestId, _: &Creation) -> Result<(), LedgerError> {
        Err(LedgerError::new("no room left"))
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.0.contracts_of(candidate).await
    }

    async fn forget(&self, _: &CandidateId) -> Result<(), LedgerError> {
        Err(LedgerError::new("no room left"))
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.0.is_forgotten(candidate).await
    }
}

#[tokio::test]
async fn nothing_is_written_that_the_ledger_could_not_note_before_and_no_outcome_is_lost() {
    let card = Card::new(json!({ "data": [] }));
    card.edit("email", json!("ida@example.com"));
    let paper = Paper::default();
    paper.put(contract("pending", &token("4711", "hire-1"), &[("first-name", "Ida")]));
    let ledger = Arc::new(Full(MemoryLedger::new()));
    let engine = engine_between(&card, &paper, names(), ledger, keys());
    let plan = engine.plan(9001.into()).await.unwrap();
    let report = engine.apply(plan).await;
    assert_eq!(summary(&report.outcomes), ["first-name failed ledger-failed"]);
    assert!(report.retry_after().is_some());
    assert_eq!(card.writes(), 0);
    let again = engine.plan(9001.into()).await.unwrap();
    assert_eq!(again.steps().len(), 1, "it is still to be written");
}

#[tokio::test]
async fn a_look_that_only_the_ledger_has_not_taken_says_so() {
    let card = Card::new(json!({ "data": [] }));
    card.edit("email", json!("ida@example.com"));
    card.edit("first-name", json!("Ida"));
    let paper = Paper::default();
    paper.put(contract("pending", &token("4711", "hire-1"), &[("first-name", "Ida")]));
    let look = async |ledger: Arc<dyn Ledger>| {
        let engine = engine_between(&card, &paper, names(), ledger, keys());
        engine.apply(engine.plan(9001.into()).await.unwrap()).await
    };
    let report = look(Arc::new(Full(MemoryLedger::new()))).await;
    assert_eq!(summary(&report.outcomes), ["first-name unchanged"]);
    assert!(!report.is_saved && report.retry_after().is_some() && !report.is_complete());
    let report = look(Arc::new(MemoryLedger::new())).await;
    assert!(report.is_saved && report.is_complete());
}

#[tokio::test]
async fn the_same_value_in_two_fields_has_two_digests() {
    let (card, paper, ledger) = bound(no_fields(), &[("first-name", "Kim"), ("last-name", "Kim")]);
    let mapping = written_back(&[("first-name", "first_name"), ("last-name", "last_name")]);
    let keys = SyncKeys::new("acme", ["the/old/key/of/the/tenant/acme/000000000000".into()]).unwrap();
    let engine = engine_between(&card, &paper, toml::from_str(&mapping).unwrap(), ledger.clone(), keys);
    let plan = engine.plan(9001.into()).await.unwrap();
    engine.apply(plan).await;
    let bases = ledger.entry(9001.into()).unwrap().bases;
    assert_eq!(bases.len(), 2);
    assert_ne!(bases["first-name"], bases["last-name"]);
}

/// Made from the documented parts with another implementation of HMAC-SHA-256 and HKDF. A digest in a host's store is compared
/// with one that is made years later.
#[tokio::test]
async fn a_digest_keeps_its_stored_form() {
    let fields = [("first-name", "Kim"), ("last-name", ""), ("oneflow-email", "Kim@example.com")];
    let (card, paper, ledger) = bound(no_fields(), &fields);
    let mapping =
        written_back(&[("first-name", "first_name"), ("last-name", "last_name"), ("oneflow-email", "email")]);
    let keys = SyncKeys::new("acme", ["the/old/key/of/the/tenant/acme/000000000000".into()]).unwrap();
    let engine = engine_between(&card, &paper, toml::from_str(&mapping).unwrap(), ledger.clone(), keys);
    let plan = engine.plan(9001.into()).await.unwrap();
    engine.apply(plan).await;
    let bases = ledger.entry(9001.into()).unwrap().bases;
    let found: Vec<_> = bases.iter().map(|(field, digest)| (field.as_str(), digest.as_str())).collect();
    assert_eq!(
        found,
        [
            (
                "first-name",
                "v5:de37fda6:76f0804e846f31c681a63229fb5d7eee100dae06cfeabdd0298499083160d163:first_name"
            ),
            (
                "last-name",
                "v5:de37fda6:3b4919a8e4c548caf2ed4fdac9da1a61edaca080e9c84b236ef31a4496cb47f6:last_name"
            ),
            (
                "oneflow-email",
                "v5:263133c5:c4086bde57b66f770bca794e5346cf1218c60b30aa4459da4ff68ad888053d1d:email"
            ),
        ]
    );
}

#[tokio::test]
async fn a_base_is_signed_with_the_new_key_at_the_next_agreement_and_the_old_key_can_then_be_dropped() {
    let (old, new) =
        ("the/old/key/of/the/tenant/acme/000000000000", "the/new/key/of/the/tenant/acme/000000000000");
    let (card, paper, ledger) = bound(city_field(), &[("city", "Oslo")]);
    let look = async |keys: &[&str]| {
        let engine = engine(&card, &paper, &ledger, keys, "text");
        let plan = engine.plan(9001.into()).await.unwrap();
        engine.apply(plan).await
    };
    look(&[old]).await;
    let under_old = ledger.entry(9001.into()).unwrap().bases["city"].clone();
    let writes = card.writes();
    look(&[new, old]).await;
    let under_new = ledger.entry(9001.into()).unwrap().bases["city"].clone();
    assert_ne!(under_old, under_new, "both sides still agree, so the base is signed anew");
    assert_eq!(card.writes(), writes, "which writes nothing but the ledger");
    look(&[new, old]).await;
    assert_eq!(ledger.entry(9001.into()).unwrap().bases["city"], under_new, "once");

    card.edit("34", json!("Bergen"));
    let report = look(&[new]).await;
    assert_eq!(summary(&report.outcomes), ["city skipped candidate-is-newer"], "without the old key");
}

#[tokio::test]
async fn a_base_of_another_tenant_counts_as_none() {
    let (card, paper, ledger) = bound(no_fields(), &[("first-name", "Ida")]);
    let key = "the/one/key/of/both/tenants/000000000000000";
    let under = |tenant: &str| {
        let keys = SyncKeys::new(tenant, [key.into()]).unwrap();
        engine_between(&card, &paper, names(), ledger.clone(), keys)
    };
    let acme = under("acme");
    acme.apply(acme.plan(9001.into()).await.unwrap()).await;
    card.edit("first-name", json!("Ada"));
    for (tenant, expected) in [
        ("acme", "first-name skipped candidate-is-newer"),
        ("globex", "first-name written first-sight-contract-won"),
    ] {
        let plan = under(tenant).plan(9001.into()).await.unwrap();
        assert_eq!(summary(plan.outcomes()), [expected], "{tenant}");
    }
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
        (
            Creation::Created { candidate: "4711".into(), contract: 9001.into() },
            r#"{"created":{"candidate":"4711","contract":9001}}"#,
        ),
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
fn a_key_has_a_name_that_is_the_same_beside_others_and_another_for_another_tenant() {
    let key = || "a/key/of/enough/characters/0000000000000000".into();
    let names = |tenant: &str, keys: Vec<_>| -> Vec<String> {
        SyncKeys::new(tenant, keys).unwrap().names().map(str::to_owned).collect()
    };
    let one = names("acme", vec![key()]);
    let two = names("acme", vec!["another/of/enough/characters/00000000000000".into(), key()]);
    assert_eq!((one.len(), two.len(), &two[1]), (1, 2, &one[0]));
    assert_eq!(one[0].len(), 8);
    assert_ne!(two[0], one[0]);
    assert_ne!(names("globex", vec![key()]), one);
}

#[test]
fn keys_that_protect_nothing_are_refused() {
    assert_eq!(SyncKeys::new("acme", []).unwrap_err(), KeyError::NoKeys);
    let (one, another) = (GENERATED, "another/of/enough/characters/00000000000000");
    assert_eq!(SyncKeys::new("acme", [one, another, one].map(Into::into)).unwrap_err(), KeyError::Twice);
    assert!(SyncKeys::new("acme", [one, another].map(Into::into)).is_ok());
    let keys = SyncKeys::new("acme", [one.into()]).unwrap();
    assert!(!format!("{keys:?}").contains(&one[..8]));
}

/// As `smartsync key new` prints it.
const GENERATED: &str = "3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e0f";

/// The same bytes.
const SAME_BYTES: &[&str] = &[
    "3F0C5B1E9A7D42688B1FE0D3C4A596B7F8E1D2C3B4A5968778695A4B3C2D1E0F",
    " 3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e0f\n",
    "PwxbHpp9QmiLH+DTxKWWt/jh0sO0pZaHeGlaSzwtHg8=",
    "PwxbHpp9QmiLH+DTxKWWt/jh0sO0pZaHeGlaSzwtHg8",
    "PwxbHpp9QmiLH-DTxKWWt_jh0sO0pZaHeGlaSzwtHg8=",
    "PwxbHpp9QmiLH-DTxKWWt_jh0sO0pZaHeGlaSzwtHg8",
];

/// Nothing that a person would think up, and nothing that was cut off.
const NO_KEYS: &[&str] = &[
    "",
    "short",
    "a passphrase of more than sixteen characters",
    "correct horse battery staple correct horse battery staple 1234567",
    "3f0c5b1e9a7d42688b1fe0d3c4a596b7",
    "3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e0",
    "3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e0f00",
    "3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e0g",
    "0x3f0c5b1e9a7d42688b1fe0d3c4a596b7f8e1d2c3b4a5968778695a4b3c2d1e",
    "PwxbHpp9QmiLH+DTxKWWt/jh0sO0pZaHeGlaSzwtHg",
    "PwxbHpp9QmiLH+DTxKWWt/jh0sO0pZaHeGlaSzwtHg8A",
    "PwxbHpp9QmiLH+DTxKWWt/jh0sO0pZaHeGlaSzwt\nHg8",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "abababababababababababababababababababababababababababababababab",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "0102030405060701020304050607010203040506070102030405060701020304",
];

#[test]
fn a_key_is_32_random_bytes_in_hex_or_base64_and_nothing_else() {
    let name = |key: &str| {
        let keys = SyncKeys::new("acme", [key.into()])?;
        Ok(keys.names().map(str::to_owned).collect::<Vec<_>>())
    };
    for text in SAME_BYTES {
        assert_eq!(name(text), name(GENERATED), "{text}");
        assert_eq!(
            SyncKeys::new("acme", [GENERATED.into(), (*text).into()]).unwrap_err(),
            KeyError::Twice,
            "{text}"
        );
    }
    for text in NO_KEYS {
        assert_eq!(name(text), Err(KeyError::NotRandom), "{text}");
    }
    let told = KeyError::NotRandom.to_string();
    assert!(told.contains("`smartsync key new`"), "{told}");
}
