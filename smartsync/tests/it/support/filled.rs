//! A database that has something in every table.

use std::path::PathBuf;

use rusqlite::Connection;
use smartsync::store::SqliteState;
use tempfile::TempDir;

/// A SQLite database with rows in every table, of two tenants.
pub(crate) fn filled(rows: u32) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("from.db");
    drop(SqliteState::open(&path).unwrap());
    fill(&Connection::open(&path).unwrap(), rows);
    (folder, path)
}

/// Adds them to what is there.
pub(crate) fn fill(connection: &Connection, rows: u32) {
    let sql = format!(
        r#"
        BEGIN;
        CREATE TEMP TABLE n AS WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows}) SELECT n,
            CASE n % 2 WHEN 0 THEN '' ELSE 'acme-se' END AS tenant FROM n;
        INSERT OR IGNORE INTO keys VALUES ('2:abc'), ('2:Abc'), ('2:öbc');
        INSERT INTO accounts VALUES ('eins', 'oneflow', '1'), ('Zwei', 'oneflow', '2');
        INSERT INTO forgotten SELECT tenant, 'f' || n FROM n;
        INSERT INTO ledger SELECT tenant, 1000000 + n, json_object('linked_by', 'email', 'candidate', '' || n, 'bases', json_object('b', 1, 'aa', 'x' || n)), n
            FROM n;
        INSERT INTO cards SELECT tenant, 'c' || n, json_object('fields', json_array(n, NULL, 'é " \ ☃')) FROM n;
        INSERT INTO creations SELECT tenant, 'r' || n, json_object('created', json_object('contract', n, 'candidate', '' || n)) FROM n;
        INSERT INTO overwrites SELECT tenant, 100 + n, n FROM n;
        INSERT INTO inbox SELECT tenant, char(65 + n % 50) || n, 'contract', n, n FROM n;
        INSERT INTO waiting (tenant, kind, id, candidate_id, cause, generation, run_at, lane, claimed_generation, attempts, outage, last_error)
            SELECT tenant, 'contract', 5000000 + n, NULL, 'notification', 1, n, n % 3, 1, n, 'oneflow', NULL FROM n;
        INSERT INTO parked (tenant, kind, id, parked_at, attempts, reason) SELECT tenant, 'contract', 6000000 + n, n, 10, 'took-too-long' FROM n;
        INSERT INTO looks (id, tenant, contract_id, at, cause, fields, drifts, next, duration, requests)
            SELECT n * 7, tenant, n, n, 'sweep', '[["a","b","c"]]', CASE n % 3 WHEN 0 THEN NULL ELSE n % 3 - 1 END, 'none', 1, 2 FROM n;
        INSERT INTO standing (tenant, contract_id, looked_at, cause, reasons) SELECT tenant, 1000000 + n, n, 'sweep', '{{"a":1}}' FROM n;
        INSERT INTO standing_reasons SELECT tenant, 1000000 + n, 'conflict-held', n FROM n;
        INSERT INTO held (tenant, contract_id, data_field, candidate_field, reason, since, looked_at) SELECT tenant, 1000000 + n, 'Ü' || n, 'custom:x', NULL, n, n FROM n;
        INSERT INTO tallies SELECT tenant, n, 'look-wrote', n FROM n;
        INSERT OR IGNORE INTO watermarks VALUES ('', 'of a test', '3'), ('acme-se', 'of a test', '4');
        DROP TABLE n;
        COMMIT;"#
    );
    connection.execute_batch(&sql).unwrap();
}
