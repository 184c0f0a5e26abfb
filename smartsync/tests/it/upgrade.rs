//! A database that an older version wrote is brought up to date, and loses nothing.

use std::path::Path;

use rusqlite::{Connection, Row, types::Value as Cell};
use smartsync::{
    ContractId, Inbox, SqliteLedger, Store, StoreError,
    store::{
        Accepted, Action, ContractFilter, Decided, Due, Journal as _, Look, NextLook, Occasion, ParkedFilter,
        SqliteJournal, SqliteState, State as _, Tenant, Trigger,
    },
};
use smartsync_core::{Ledger as _, ledger::Creation, mapping::LinkMethod, plan::Take};

fn open(database: &Path) -> SqliteLedger {
    SqliteLedger::new(Store::open(database).unwrap())
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
        assert_eq!(ledger.contracts_of(&"4711".into()).await.unwrap(), [9001]);
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
    assert_eq!(version, 17, "the one with what a person looks at");
    let inbox = Inbox::new(Store::open(&database).unwrap());
    assert_eq!(inbox.accept("one", ContractId::new(9001)).await.unwrap(), Accepted::Duplicate);
    let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("its wait was without end") };
    assert_eq!((claim.contract(), claim.attempts()), (9002.into(), 7));
}

/// The tables of version 8, as SQLite shows them.
const VERSION_8: &str = "
    CREATE TABLE dirty (
        contract_id INTEGER PRIMARY KEY,
        generation INTEGER NOT NULL,
        run_at INTEGER NOT NULL,
        claimed_generation INTEGER,
        claimed_until INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT
    , retry_at INTEGER, not_before INTEGER NOT NULL DEFAULT 0, faults INTEGER NOT NULL DEFAULT 0, outage TEXT, is_last INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE ledger (contract_id INTEGER PRIMARY KEY, entry TEXT NOT NULL, changed_at INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE creations (request_id TEXT PRIMARY KEY, creation TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE dead (
        contract_id INTEGER PRIMARY KEY,
        parked_at INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
    CREATE TABLE forgotten (candidate_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_by_candidate ON ledger (entry ->> '$.candidate');
    CREATE TABLE cards (candidate_id TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE inbox (
        callback_id TEXT NOT NULL,
        contract_id INTEGER NOT NULL,
        received_at INTEGER NOT NULL,
        PRIMARY KEY (callback_id, contract_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX inbox_by_age ON inbox (received_at);
    CREATE INDEX dirty_by_turn ON dirty (is_last, run_at);
    CREATE TABLE keys (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE accounts (service TEXT PRIMARY KEY, account TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE overwrites (minute INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
    CREATE INDEX ledger_by_change ON ledger (changed_at);
    PRAGMA user_version = 8;
";

/// A row in each of them, and more in those that get another name.
const ROWS: &str = r#"
    INSERT INTO dirty VALUES (9001, 3, 32503680000000, NULL, NULL, 7, 'document: file-not-ready', 32503680000000, 5, 2, 'read-contract', 0),
        (9002, 1, 1000, 1, NULL, 0, NULL, NULL, 0, 0, NULL, 1);
    INSERT INTO dead VALUES (9003, 1764460800000, 20, 'oneflow-city: unavailable'), (9004, 8, 1, 'a reason');
    INSERT INTO ledger VALUES (9001, '{"candidate":"4711","linked_by":"ledger"}', 1764460800);
    INSERT INTO creations VALUES ('hire-1', '{"created":{"candidate":"4711","contract":9001}}');
    INSERT INTO forgotten VALUES ('4712');
    INSERT INTO cards VALUES ('4711', '{}');
    INSERT INTO inbox VALUES ('one', 9001, 1764460800000);
    INSERT INTO keys VALUES ('2:0a1b2c3d');
    INSERT INTO accounts VALUES ('oneflow', '101'), ('teamtailor', 'AcmeB1');
    INSERT INTO overwrites VALUES (29407680, 4);
"#;

/// The tables of version 8, and where their rows are now.
const TABLES: [(&str, &str); 10] = [
    (
        "dirty",
        "SELECT id AS contract_id, generation, run_at, claimed_generation, claimed_until, attempts, last_error, retry_at, \
             not_before, faults, outage, lane / 2 AS is_last FROM waiting",
    ),
    ("dead", "SELECT id AS contract_id, parked_at, attempts, reason FROM parked"),
    ("accounts", "SELECT service, account FROM accounts"),
    ("cards", "SELECT candidate_id, entry FROM cards"),
    ("creations", "SELECT request_id, creation FROM creations"),
    ("forgotten", "SELECT candidate_id FROM forgotten"),
    ("inbox", "SELECT callback_id, id AS contract_id, received_at FROM inbox"),
    ("keys", "SELECT * FROM keys"),
    ("ledger", "SELECT contract_id, entry, changed_at FROM ledger"),
    ("overwrites", "SELECT minute, count FROM overwrites"),
];

/// Every row, with the names of its columns.
fn rows(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let row = |row: &Row<'_>| {
        let cells =
            columns.iter().map(|column| Ok(format!("{column} {:?}", row.get::<_, Cell>(column.as_str())?)));
        cells.collect::<rusqlite::Result<Vec<_>>>().map(|cells| cells.join(", "))
    };
    statement.query_map([], row).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn a_database_of_version_8_keeps_every_row_under_the_new_names_of_its_tables() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(VERSION_8).unwrap();
    connection.execute_batch(ROWS).unwrap();
    let before = TABLES.map(|(name, _)| rows(&connection, &format!("SELECT * FROM {name}")));
    assert!(before.iter().all(|rows| !rows.is_empty()));
    drop(connection);

    let inbox = Inbox::new(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 17);
    assert_eq!(TABLES.map(|(_, now)| rows(&connection, now)), before);
    let of_what = "SELECT DISTINCT tenant, kind FROM";
    for table in ["waiting", "parked", "inbox"] {
        let kinds = rows(&connection, &format!("{of_what} {table}"));
        assert_eq!(kinds, [r#"tenant Text(""), kind Text("contract")"#], "{table}");
    }
    let are_known = rows(&connection, "SELECT id, is_known, put_back_from FROM waiting ORDER BY id");
    assert_eq!(
        are_known,
        [
            "id Integer(9001), is_known Integer(1), put_back_from Null",
            "id Integer(9002), is_known Integer(0), put_back_from Null"
        ],
        "the ledger has the first"
    );
    let known = "SELECT id, candidate_id, cause FROM waiting ORDER BY id";
    let of_candidates = rows(&connection, known);
    assert!(
        of_candidates[0].contains("Text(\"4711\")") && of_candidates[0].contains("notification"),
        "{of_candidates:?}"
    );
    let old = "SELECT count(*) FROM sqlite_master WHERE name LIKE '%dirty%' OR name LIKE '%dead%'";
    assert_eq!(connection.query_row(old, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    let turn = "EXPLAIN QUERY PLAN SELECT 1 FROM waiting WHERE tenant = '' AND lane = 1 AND run_at <= 5";
    let step: String = connection.query_row(turn, [], |row| row.get("detail")).unwrap();
    assert!(step.contains("waiting_by_turn"), "{step}");

    assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(9002), ContractId::new(9001)]);
    let parked = inbox.parked().await.unwrap();
    let parked: Vec<_> =
        parked.iter().map(|parked| (parked.contract, parked.attempts, parked.reason.as_str())).collect();
    assert_eq!(
        parked,
        [(ContractId::new(9003), 20, "oneflow-city: unavailable"), (ContractId::new(9004), 1, "a reason")]
    );
}

/// What the ninth step has renamed.
const VERSION_9: &str = "
    ALTER TABLE dirty RENAME TO waiting;
    DROP INDEX dirty_by_turn;
    CREATE INDEX waiting_by_turn ON waiting (is_last, run_at);
    ALTER TABLE dead RENAME TO parked;
    PRAGMA user_version = 9;
";

#[tokio::test]
async fn a_database_of_version_9_keeps_every_row_and_gets_an_empty_journal() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let connection = Connection::open(&database).unwrap();
    for batch in [VERSION_8, ROWS, VERSION_9] {
        connection.execute_batch(batch).unwrap();
    }
    let called = |name| match name {
        "dirty" => "waiting",
        "dead" => "parked",
        name => name,
    };
    let before = TABLES.map(|(name, _)| rows(&connection, &format!("SELECT * FROM {}", called(name))));
    drop(connection);

    let store = Store::open(&database).unwrap();
    let connection = Connection::open(&database).unwrap();
    assert_eq!(TABLES.map(|(_, now)| rows(&connection, now)), before);
    let journal = SqliteJournal::new(store);
    let now = jiff::Timestamp::now();
    let status = journal.status(now).await.unwrap();
    assert_eq!((status.waiting, status.running, status.parked), (2, 0, 2));
    assert_eq!((status.last_look, status.drift.contracts), (None, 0));
    // What was parked before there was a journal has no codes, and can be looked at again all the same.
    let parked = journal.parked(&ParkedFilter::All).await.unwrap();
    assert!(parked.iter().all(|parked| parked.codes.is_empty()));
    assert_eq!(journal.retry_parked(&[9003.into()], now).await.unwrap(), [9003]);
    let occasion = Occasion::new(9001.into(), Trigger::Sweep, now);
    journal.record(&Look::without_end(occasion, NextLook::Left)).await.unwrap();
    assert_eq!(journal.looks(9001.into(), 10).await.unwrap().len(), 1);
}

/// Takes the seventeenth step back.
const BEFORE_OVERVIEW: &str = "
    DROP TABLE standing_reasons; DROP TABLE held; DROP TABLE tallies;
    DROP INDEX looks_by_number; DROP INDEX standing_by_state; DROP INDEX standing_by_template_type;
    DROP INDEX standing_with_written; DROP INDEX standing_with_held; DROP INDEX standing_with_failed;
    ALTER TABLE standing DROP COLUMN template_type;
    ALTER TABLE looks DROP COLUMN template_type;
    PRAGMA user_version = 16;
";

/// The journal of version 11 knew looks only.
#[tokio::test]
async fn a_database_of_version_11_keeps_its_looks_and_takes_what_a_person_does_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(BEFORE_OVERVIEW).unwrap();
    connection
        .execute_batch(
            "ALTER TABLE looks DROP COLUMN decided;
             ALTER TABLE standing DROP COLUMN left_alone_since;
             ALTER TABLE looks DROP COLUMN action;
             ALTER TABLE waiting DROP COLUMN is_known;
             ALTER TABLE waiting DROP COLUMN put_back_from;
             ALTER TABLE parked DROP COLUMN is_known;
             INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, fields, next, duration, requests)
                 VALUES ('', 9001, '4711', 1900000000000, 'sweep', '[]', 'none', 250, 4);
             PRAGMA user_version = 11;",
        )
        .unwrap();
    drop(connection);
    let journal = SqliteJournal::new(Store::open(&database).unwrap());
    let kept = journal.looks(9001.into(), 10).await.unwrap();
    assert_eq!((kept.len(), kept[0].occasion.trigger, kept[0].action), (1, Trigger::Sweep, None));
    let linked = Look::by_hand(Action::Linked, 9001.into(), jiff::Timestamp::now(), None);
    journal.record(&linked).await.unwrap();
    assert_eq!(journal.looks(9001.into(), 10).await.unwrap().len(), 2);
}

/// Version 12 worked out each time what more than a notification speaks of.
#[tokio::test]
async fn a_database_of_version_12_keeps_what_waits_and_notes_what_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(BEFORE_OVERVIEW).unwrap();
    connection
        .execute_batch(
            "ALTER TABLE looks DROP COLUMN decided;
             ALTER TABLE standing DROP COLUMN left_alone_since;
             ALTER TABLE waiting DROP COLUMN is_known;
             ALTER TABLE waiting DROP COLUMN put_back_from;
             ALTER TABLE parked DROP COLUMN is_known;
             INSERT INTO waiting (tenant, kind, id, cause, generation, run_at, lane) VALUES
                 ('', 'contract', 1, 'notification', 1, 1000, 0), ('', 'contract', 2, 'notification', 1, 1000, 2),
                 ('', 'contract', 3, 'sweep', 1, 1000, 1), ('', 'contract', 4, 'by_hand', 1, 1000, 0),
                 ('', 'contract', 5, 'notification', 1, 1000, 0), ('', 'contract', 6, 'notification', 1, 1000, 0);
             INSERT INTO ledger (contract_id, entry) VALUES (5, '{}');
             INSERT INTO standing (tenant, contract_id, looked_at, cause, state, reasons) VALUES
                 ('', 1, 1000, 'notification', NULL, ''), ('', 6, 1000, 'notification', 'pending', '');
             INSERT INTO parked (tenant, kind, id, parked_at, attempts, reason) VALUES ('', 'contract', 7, 1000, 20, 'a reason');
             PRAGMA user_version = 12;",
        )
        .unwrap();
    drop(connection);
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    let mut known = connection.prepare("SELECT id FROM waiting WHERE is_known ORDER BY id").unwrap();
    let known = known.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<i64>, _>>().unwrap();
    assert_eq!(known, [3, 4, 5, 6]);
    let counts = "SELECT (SELECT count(*) FROM waiting WHERE put_back_from IS NULL), (SELECT count(*) FROM parked WHERE NOT is_known)";
    let counts = connection.query_row(counts, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(counts, (6, 1));
}

/// Version 13 knew what was dropped by the last row of a contract.
#[tokio::test]
async fn in_a_database_of_version_13_what_was_dropped_last_is_left_alone_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    let (look, dropped) = ("'notification', NULL", "'by-hand', 'dropped'");
    let rows =
        [(9001, 100, look), (9001, 200, dropped), (9002, 100, dropped), (9002, 200, look), (9003, 100, look)];
    let rows =
        rows.map(|(contract, at, what)| format!("('', {contract}, {at}000, '[]', 'none', 250, 4, {what})"));
    connection.execute_batch(BEFORE_OVERVIEW).unwrap();
    connection
        .execute_batch(&format!(
            "ALTER TABLE looks DROP COLUMN decided;
             ALTER TABLE standing DROP COLUMN left_alone_since;
             INSERT INTO looks (tenant, contract_id, at, fields, next, duration, requests, cause, action) VALUES {};
             INSERT INTO standing (tenant, contract_id, looked_at, cause, reasons)
                 VALUES ('', 9001, 100000, 'sweep', '[]'), ('', 9002, 200000, 'sweep', '[]'), ('', 9003, 100000, 'sweep', '[]');
             PRAGMA user_version = 13;",
            rows.join(", ")
        ))
        .unwrap();
    drop(connection);
    let journal = SqliteJournal::new(Store::open(&database).unwrap());
    let contracts = [9001, 9002, 9003].map(ContractId::new);
    let seen = journal.seen(&contracts).await.unwrap();
    let set_aside = contracts.map(|contract| seen[&contract].set_aside.map(|at| at.as_second()));
    assert_eq!(set_aside, [Some(200), None, None]);
}

/// The tables of the version before the one that told no tenants apart.
const BEFORE_TENANTS: &str = r#"
    ALTER TABLE looks DROP COLUMN decided;
    DROP TABLE ledger; DROP TABLE cards; DROP TABLE creations; DROP TABLE forgotten; DROP TABLE accounts; DROP TABLE overwrites;
    CREATE TABLE ledger (contract_id INTEGER PRIMARY KEY, entry TEXT NOT NULL, changed_at INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX ledger_by_candidate ON ledger (entry ->> '$.candidate');
    CREATE INDEX ledger_by_change ON ledger (changed_at);
    CREATE TABLE cards (candidate_id TEXT PRIMARY KEY, entry TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE creations (request_id TEXT PRIMARY KEY, creation TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE forgotten (candidate_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE accounts (service TEXT PRIMARY KEY, account TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE overwrites (minute INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
    INSERT INTO ledger VALUES (9001, '{"candidate":"4711"}', 1900000000);
    INSERT INTO cards VALUES ('4711', '{}');
    INSERT INTO creations VALUES ('hire-1', '{"created":{"candidate":"4711","contract":9001}}');
    INSERT INTO forgotten VALUES ('4712');
    INSERT INTO accounts VALUES ('oneflow', '101'), ('teamtailor', 'AcmeB1');
    INSERT INTO overwrites VALUES (31666667, 4);
    PRAGMA user_version = 14;
"#;

#[tokio::test]
async fn what_was_remembered_before_there_were_tenants_is_the_nameless_ones() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(BEFORE_OVERVIEW).unwrap();
    connection.execute_batch(BEFORE_TENANTS).unwrap();
    let tables: Vec<_> = TABLES
        .into_iter()
        .filter(|(table, _)| {
            ["ledger", "cards", "creations", "forgotten", "accounts", "overwrites"].contains(table)
        })
        .collect();
    let all = |connection: &Connection| -> Vec<Vec<String>> {
        tables.iter().map(|(_, columns)| rows(connection, columns)).collect()
    };
    let before = all(&connection);
    assert!(before.iter().all(|rows| !rows.is_empty()));
    drop(connection);

    let ledger = open(&database);
    let connection = Connection::open(&database).unwrap();
    assert_eq!(all(&connection), before);
    for (table, _) in &tables {
        let tenants = rows(&connection, &format!("SELECT DISTINCT tenant FROM {table}"));
        assert_eq!(tenants, [r#"tenant Text("")"#], "{table}");
    }
    assert_eq!(ledger.contracts_of(&"4711".into()).await.unwrap(), [9001]);
    assert!(ledger.is_forgotten(&"4712".into()).await.unwrap());
    let other = ledger.for_tenant(&"north".parse().unwrap());
    assert!(other.contracts_of(&"4711".into()).await.unwrap().is_empty());
    assert!(!other.is_forgotten(&"4712".into()).await.unwrap());
    assert_eq!(other.load_creation(&"hire-1".parse().unwrap()).await.unwrap(), None);
}

/// Version 15 knew no decisions, and noted of a field no more than how it ended.
#[tokio::test]
async fn a_database_of_version_15_keeps_its_looks_and_takes_decisions_from_then_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(BEFORE_OVERVIEW).unwrap();
    connection
        .execute_batch(
            r#"ALTER TABLE looks DROP COLUMN decided;
             INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, fields, next, duration, requests)
                 VALUES ('', 9001, '4711', 1900000000000, 'sweep', '[["city","custom:city","held","conflict-held",null]]', 'none', 250, 4);
             PRAGMA user_version = 15;"#,
        )
        .unwrap();
    drop(connection);
    let journal = SqliteJournal::new(Store::open(&database).unwrap());
    let kept = journal.looks(9001.into(), 10).await.unwrap();
    assert_eq!((kept.len(), kept[0].fields[0].sides, &kept[0].decided), (1, None, &None));
    let decided = Decided::new("custom:city", Take::Card, "0a").by(Some("Rae"));
    let later = "2031-03-01T09:00:00Z".parse().unwrap();
    let row = Look::of_decision(decided, 9001.into(), later, Some("4711".into()));
    journal.record(&row).await.unwrap();
    assert_eq!(journal.looks(9001.into(), 1).await.unwrap(), [row]);
}

/// Version 16 had no lists for a person.
#[tokio::test]
async fn what_a_database_of_version_16_has_left_is_listed_by_the_last_look_that_found_something() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(BEFORE_OVERVIEW).unwrap();
    connection
        .execute_batch(
            r#"INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, plan, fields, drifts, next, duration, requests) VALUES
                 ('', 9001, '4711', 100000, 'sweep', '0a', '[["oneflow-city","custom:city","held","conflict-held",null]]', 1, 'none', 250, 4),
                 ('', 9001, '4711', 200000, 'sweep', '0b', '[["oneflow-city","custom:city","held","first-sight-held",null],
                     ["oneflow-start","custom:start","written",null,null],["oneflow-end","custom:end","held","no-candidate",null]]', 1, 'none', 250, 4),
                 ('', 9001, NULL, 300000, 'sweep', NULL, '[]', NULL, 'none', 250, 4),
                 ('north', 9001, '4711', 400000, 'sweep', '0c', '[["oneflow-city","custom:city","held","hostile-markup",null]]', 0, 'none', 250, 4),
                 ('', 9002, '4711', 500000, 'sweep', '0d', '[["oneflow-city","custom:city","unchanged",null,null]]', 0, 'none', 250, 4);
             INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, held, reasons, drifts_since) VALUES
                 ('', 9001, '4711', 300000, 'sweep', 2, '["took-too-long"]', 50000), ('north', 9001, '4711', 400000, 'sweep', 1, '["hostile-markup"]', NULL),
                 ('', 9002, '4711', 500000, 'sweep', 0, '[]', NULL);"#,
        )
        .unwrap();
    drop(connection);
    let state = SqliteState::open(&database).unwrap();
    let held = async |tenant: &Tenant| {
        let rows = state.overview(tenant).held(None, 10).await.unwrap().rows.into_iter();
        rows.map(|held| {
            (held.contract, held.reason, held.plan, held.since.as_second(), held.looked_at.as_second())
        })
        .collect::<Vec<_>>()
    };
    let line = |reason: &str, plan: &str, since, looked_at| {
        (ContractId::new(9001), Some(reason.to_owned()), Some(plan.to_owned()), since, looked_at)
    };
    let north = "north".parse().unwrap();
    assert_eq!(held(&Tenant::default()).await, [line("first-sight-held", "0b", 50, 200)]);
    assert_eq!(held(&north).await, [line("hostile-markup", "0c", 400, 400)]);
    let filter = ContractFilter::new().reason("took-too-long");
    let count = async |tenant: &Tenant| state.overview(tenant).count(&filter).await.unwrap().number;
    assert_eq!((count(&Tenant::default()).await, count(&north).await), (1, 0));
}

/// As where a step fails, or the process dies in it.
#[test]
fn an_upgrade_that_fails_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let connection = Connection::open(&database).unwrap();
    connection.execute_batch(VERSION_8).unwrap();
    connection.execute_batch(ROWS).unwrap();
    connection.execute_batch("CREATE TABLE parked (in_the_way INTEGER)").unwrap();
    let before = TABLES.map(|(name, _)| rows(&connection, &format!("SELECT * FROM {name}")));
    drop(connection);

    assert!(matches!(Store::open(&database), Err(StoreError::Open { .. })));
    let connection = Connection::open(&database).unwrap();
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 8);
    assert_eq!(TABLES.map(|(name, _)| rows(&connection, &format!("SELECT * FROM {name}"))), before);
}

#[tokio::test]
async fn of_what_an_older_version_has_bound_the_creation_of_this_contract_for_this_candidate_is_noted_as_the_proof()
 {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let connection = Connection::open(&database).unwrap();
    // The eighth step changed no table.
    connection.execute_batch(VERSION_8).unwrap();
    connection
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
    let (made_here, token) = (Some(LinkMethod::Ledger), Some(LinkMethod::ParticipantCustomId));
    let expected = [(1, made_here), (2, None), (3, None), (4, None), (5, token), (6, made_here)];
    for (contract, linked_by) in expected {
        let entry = ledger.load(contract.into()).await.unwrap();
        assert_eq!((entry.candidate, entry.linked_by), (Some("4711".into()), linked_by), "{contract}");
    }
}
