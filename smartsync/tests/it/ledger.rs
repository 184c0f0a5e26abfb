//! The ledger in the database: it keeps the rules of every ledger, and what an older version wrote.

use std::{path::Path, sync::Arc};

use rusqlite::Connection;
use smartsync::{Accepted, Due, Inbox, SqliteLedger, Store};
use smartsync_core::{
    Ledger,
    ledger::{Creation, ledger_conformance},
    mapping::LinkMeans,
};

fn open(database: &Path) -> SqliteLedger {
    SqliteLedger::new(Store::open(database).unwrap())
}

#[tokio::test]
async fn the_ledger_in_the_database_keeps_every_rule() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    ledger_conformance(async || Arc::new(open(&database)) as Arc<dyn Ledger>).await.unwrap();
}

/// The tables of version 1, as they were.
const VERSION_1: &str = r#"
    CREATE TABLE inbox (
        callback_id TEXT PRIMARY KEY,
        contract_id INTEGER NOT NULL,
        received_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    CREATE TABLE dirty (
        contract_id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        run_at INTEGER NOT NULL,
        claimed_generation INTEGER,
        claimed_until INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT
    ) STRICT;
    CREATE INDEX dirty_by_time ON dirty (run_at);
    CREATE TABLE ledger (contract_id INTEGER PRIMARY KEY, entry TEXT NOT NULL) STRICT;
    CREATE TABLE creations (request_id TEXT PRIMARY KEY, creation TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE dead (
        contract_id INTEGER PRIMARY KEY,
        parked_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
    INSERT INTO ledger VALUES
        (9001, '{"candidate":"4711","bases":{"oneflow-city":"v1:0a1b2c3d:00ff"}}'),
        (9002, '{"candidate":"4712"}'),
        (9003, '{}');
    INSERT INTO creations VALUES
        ('hire-1', '{"created":9001}'),
        ('hire-2', '{"intended":{"candidate":"4712","template":88}}'),
        ('hire-3', '{"released":{"candidate":"4712","template":88}}'),
        ('hire-4', '{"created":9003}');
    INSERT INTO inbox VALUES ('one', 9001, 1);
    INSERT INTO dirty (contract_id, generation, run_at, attempts) VALUES (9002, 1, 9000000000000000, 7);
    PRAGMA user_version = 1;
"#;

#[tokio::test]
async fn a_database_of_version_1_is_brought_up_to_date_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    Connection::open(&database).unwrap().execute_batch(VERSION_1).unwrap();
    for _ in ["the first time", "and ever after"] {
        let ledger = open(&database);
        let entry = ledger.load(9001.into()).await.unwrap();
        assert_eq!(
            serde_json::to_string(&entry).unwrap(),
            r#"{"candidate":"4711","linked_by":"ledger","bases":{"oneflow-city":"v1:0a1b2c3d:00ff"}}"#
        );
        assert_eq!(ledger.contracts_of(&"4711".into()).await.unwrap(), [9001.into()]);
        let created = |candidate: &str, contract: i64| Creation::Created {
            candidate: candidate.into(),
            contract: contract.into(),
        };
        for (request, expected) in [
            ("hire-1", created("4711", 9001)),
            ("hire-2", Creation::Intended { candidate: "4712".into(), template: 88.into() }),
            ("hire-3", Creation::Released { candidate: "4712".into(), template: 88.into() }),
            // Whose it was is not known, so a second try under this name is refused.
            ("hire-4", created("unknown", 9003)),
        ] {
            let creation = ledger.load_creation(&request.parse().unwrap()).await.unwrap();
            assert_eq!(creation, Some(expected), "{request}");
        }
        assert!(!ledger.is_forgotten(&"4711".into()).await.unwrap());
    }
    let connection = Connection::open(&database).unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 8, "the one that has noted what a creation proves");
    let inbox = Inbox::new(Store::open(&database).unwrap());
    assert_eq!(inbox.accept("one", 9001.into()).await.unwrap(), Accepted::Duplicate);
    let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("its wait was without end") };
    assert_eq!((claim.contract(), claim.attempts()), (9002.into(), 7));
}

#[tokio::test]
async fn of_what_an_older_version_has_bound_the_creation_of_this_contract_for_this_candidate_is_noted_as_the_proof()
 {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(open(&database));
    Connection::open(&database)
        .unwrap()
        .execute_batch(
            r#"
            INSERT INTO ledger (contract_id, entry) VALUES
                (1, '{"candidate":"4711"}'), (2, '{"candidate":"4711"}'), (3, '{"candidate":"4711"}'), (4, '{"candidate":"4711"}'),
                (5, '{"candidate":"4711","linked_by":"participant_custom_id"}'), (6, '{"candidate":"4711","linked_by":"email"}');
            INSERT INTO creations VALUES
                ('hire-1', '{"created":{"candidate":"4711","contract":1}}'),
                ('hire-2', '{"created":{"candidate":"4712","contract":2}}'),
                ('hire-3', '{"intended":{"candidate":"4711","template":3}}'),
                ('hire-5', '{"created":{"candidate":"4711","contract":5}}'),
                ('hire-6', '{"created":{"candidate":"4711","contract":6}}');
            PRAGMA user_version = 7;
            "#,
        )
        .unwrap();
    let ledger = open(&database);
    let (made_here, token) = (Some(LinkMeans::Ledger), Some(LinkMeans::ParticipantCustomId));
    let expected = [(1, made_here), (2, None), (3, None), (4, None), (5, token), (6, made_here)];
    for (contract, linked_by) in expected {
        let entry = ledger.load(contract.into()).await.unwrap();
        assert_eq!((entry.candidate, entry.linked_by), (Some("4711".into()), linked_by), "{contract}");
    }
}

#[tokio::test]
async fn the_contracts_of_a_candidate_are_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(open(&database));
    let connection = Connection::open(&database).unwrap();
    let query = "EXPLAIN QUERY PLAN SELECT contract_id FROM ledger WHERE entry ->> '$.candidate' = '4711'";
    let step: String = connection.query_row(query, [], |row| row.get("detail")).unwrap();
    assert!(step.contains("ledger_by_candidate"), "{step}");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_an_error_that_repeats_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let ledger = open(&database);
    let connection = Connection::open(&database).unwrap();
    connection
        .execute("INSERT INTO ledger (contract_id, entry) VALUES (9001, '{\"bases\":\"canary\"}')", [])
        .unwrap();
    let error = ledger.load(9001.into()).await.unwrap_err();
    let shown = format!("{} {error:?}", smartsync_transport::CauseChain(&error));
    assert!(shown.contains("invalid type: string (not shown), expected a map"), "{shown}");
    assert!(!shown.contains("canary"), "{shown}");
}
