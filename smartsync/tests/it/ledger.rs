//! The ledger in the database: it keeps the rules of every ledger.

use std::{path::Path, sync::Arc};

use rusqlite::Connection;
use smartsync::{SqliteLedger, Store};
use smartsync_core::{Ledger, ledger::ledger_conformance};

fn open(database: &Path) -> SqliteLedger {
    SqliteLedger::new(Store::open(database).unwrap())
}

#[tokio::test]
async fn the_ledger_in_the_database_keeps_every_rule() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    ledger_conformance(async || Arc::new(open(&database)) as Arc<dyn Ledger>).await.unwrap();
}

#[tokio::test]
async fn the_contracts_of_a_candidate_are_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(open(&database));
    let connection = Connection::open(&database).unwrap();
    let query = "EXPLAIN QUERY PLAN SELECT contract_id FROM ledger WHERE tenant = '' AND entry ->> '$.candidate' = '4711'";
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
