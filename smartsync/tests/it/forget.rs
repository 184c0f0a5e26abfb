//! A forgotten candidate leaves one trace in the database, and nothing is written for it any more.

use std::{fs, path::Path, process::Stdio, time::Duration};

use rusqlite::Connection;
use serde_json::{Value, json};
use smartsync::{
    ContractId, Inbox, SqliteLedger, Store,
    store::{
        Action, Claim, Due, Journal as _, Look, LookedField, NextLook, Occasion, Setback, SqliteJournal,
        Tenant, Trigger,
    },
};
use smartsync_core::{
    CandidateId, Ledger, LedgerEntry,
    ledger::{CardEntry, Creation, LedgerChange},
};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};

use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::support::{Ended, Home, ending_signals, notice, sent_contract, signal, slow_to_write, until};

/// How often `needle` stands in any file of the database.
fn traces(database: &Path, needle: &str) -> usize {
    let name = database.file_name().unwrap().to_str().unwrap();
    let files = fs::read_dir(database.parent().unwrap()).unwrap().map(|file| file.unwrap());
    let of_database = files.filter(|file| file.file_name().to_str().unwrap().starts_with(name));
    let count =
        |bytes: Vec<u8>| bytes.windows(needle.len()).filter(|window| *window == needle.as_bytes()).count();
    of_database.map(|file| count(fs::read(file.path()).unwrap())).sum()
}

async fn put(ledger: &SqliteLedger, contract: i64, candidate: &CandidateId, entry: LedgerEntry) {
    let digest = json!("v1:0a1b2c3d:00ff");
    let card: CardEntry =
        serde_json::from_value(json!({ "fields": { format!("custom:{contract}"): { "ours": digest } } }))
            .unwrap();
    let change = LedgerChange::set(contract.into(), candidate.clone(), entry, card);
    ledger.update(&change).await.unwrap();
}

async fn claim(inbox: &Inbox) -> Claim {
    match inbox.claim_due().await.unwrap() {
        Due::Now(claim) => claim,
        Due::Later(_) => panic!("a contract is due"),
    }
}

#[tokio::test]
async fn no_byte_of_the_database_names_a_forgotten_candidate_but_the_tombstone() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let store = Store::open(&database).unwrap();
    let (ledger, inbox) = (SqliteLedger::new(store.clone()), Inbox::new(store.clone()));
    let leaving = CandidateId::from("471100000042");
    let entry = |candidate: &CandidateId, round: u32| -> LedgerEntry {
        let digest = format!("v1:0a1b2c3d:{round:064}");
        serde_json::from_value(json!({ "candidate": candidate, "bases": { "oneflow-city": digest } }))
            .unwrap()
    };
    // Many rows, written over and over, so that pages are split, freed and used again.
    for round in 0..3 {
        for contract in 0..300_i64 {
            let other = CandidateId::from(format!("5822{contract:08}"));
            let candidate = if contract % 10 == 0 { &leaving } else { &other };
            put(&ledger, contract, candidate, entry(candidate, round)).await;
            let request = format!("{}-{contract}", if contract % 10 == 0 { "leaving" } else { "staying" });
            let creation = Creation::Created { candidate: candidate.clone(), contract: contract.into() };
            ledger.save_creation(&request.parse().unwrap(), &creation).await.unwrap();
        }
    }
    let intended = Creation::Intended { candidate: leaving.clone(), template: 88.into() };
    ledger.save_creation(&"leaving-again".parse().unwrap(), &intended).await.unwrap();
    inbox.accept("callback-leaving", ContractId::new(10)).await.unwrap();
    inbox.park(claim(&inbox).await, "a reason".to_owned()).await.unwrap();
    inbox.accept("callback-leaving-2", ContractId::new(20)).await.unwrap();
    inbox.accept("callback-staying", ContractId::new(1)).await.unwrap();
    // Contract 600 is known to the journal only; 30 failed as a whole; 11 is another candidate's.
    let journal = SqliteJournal::new(store);
    let now = jiff::Timestamp::now();
    for contract in [600, 10, 30, 11] {
        for round in 0..100 {
            let trigger = Trigger::Retry(round);
            let mut look = Look::without_end(Occasion::new(contract.into(), trigger, now), NextLook::Parked);
            let whose = if contract == 11 { "staying" } else { "leaving" };
            look.error = Some(("refused".to_owned(), format!("an error text of {whose}")));
            look.fields = vec![
                LookedField::new(&format!("field-{whose}"), "phone", "failed", Some(whose)),
                LookedField::new(&format!("held-{whose}"), "pitch", "held", Some("conflict-held")),
            ];
            if ![30, 11].contains(&contract) {
                (look.candidate, look.drifts) = (Some(leaving.clone()), Some(true));
            }
            journal.record(&look).await.unwrap();
        }
    }
    // What a person did with contracts that nothing else knows.
    for action in Action::ALL {
        journal.record(&Look::by_hand(action, 601.into(), now, Some(leaving.clone()))).await.unwrap();
    }
    assert!(traces(&database, "471100000042") > 60 && traces(&database, "leaving") > 30);

    let erased = ledger.erase(&leaving).await.unwrap();
    assert!(erased.is_new);
    assert_eq!((erased.contracts, erased.creations), (30, 31));
    assert_eq!((erased.notifications, erased.waiting, erased.parked), (2, 1, 1));
    assert_eq!(erased.looks, 306);
    assert_eq!(journal.looks(601.into(), 10).await.unwrap(), []);
    assert_eq!(traces(&database, "471100000042"), 1, "the tombstone");
    assert_eq!(traces(&database, "leaving"), 0, "no request id, no callback id, no error text");
    assert!(traces(&database, "an error text of staying") >= 100);
    assert_eq!(journal.status(now).await.unwrap().drift.contracts, 0);
    assert_eq!(traces(&database, "a reason"), 0);
    assert!(traces(&database, "582200000011") > 0 && traces(&database, "callback-staying") > 0);
    assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(1)]);
    assert_eq!(ledger.load(11.into()).await.unwrap(), entry(&"582200000011".into(), 2));

    let again = ledger.erase(&leaving).await.unwrap();
    assert!(!again.is_new && again.contracts + again.creations + again.notifications == 0);
    assert_eq!(traces(&database, "471100000042"), 1);
}

#[tokio::test]
async fn what_is_still_read_while_a_candidate_is_forgotten_is_told_and_cleaned_at_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let ledger = SqliteLedger::new(Store::open(&database).unwrap());
    let leaving = CandidateId::from("471100000042");
    let mut entry = LedgerEntry::default();
    entry.candidate = Some(leaving.clone());
    put(&ledger, 9001, &leaving, entry.clone()).await;
    let reader = Connection::open(&database).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM ledger").unwrap();
    let error = ledger.erase(&leaving).await.unwrap_err();
    assert!(matches!(error, smartsync::StoreError::Scrub(_)), "{error:?}");
    assert!(ledger.is_forgotten(&leaving).await.unwrap(), "forgotten all the same");
    reader.execute_batch("COMMIT").unwrap();
    ledger.erase(&leaving).await.unwrap();
    assert_eq!(traces(&database, "471100000042"), 1);
}

#[tokio::test]
async fn a_look_that_was_under_way_does_not_bring_the_candidate_back() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let store = Store::open(&database).unwrap();
    let (ledger, inbox) = (SqliteLedger::new(store.clone()), Inbox::new(store));
    let leaving = CandidateId::from("471100000042");
    let mut entry = LedgerEntry::default();
    entry.candidate = Some(leaving.clone());
    put(&ledger, 9001, &leaving, entry.clone()).await;
    inbox.accept("one", ContractId::new(9001)).await.unwrap();
    let look = claim(&inbox).await;
    ledger.erase(&leaving).await.unwrap();
    put(&ledger, 9001, &leaving, entry.clone()).await;
    inbox.retry(look, Setback::new("city: unavailable", Duration::ZERO)).await.unwrap();
    assert_eq!(ledger.load(9001.into()).await.unwrap(), LedgerEntry::default());
    assert!(inbox.waiting().await.unwrap().is_empty());
    assert_eq!(traces(&database, "471100000042"), 1);
}

/// An installation over a sandbox, with a contract of the sample candidate that is made, sent and synced.
struct Office {
    services: HttpSandbox,
    home: Home,
    candidate: String,
    contract: String,
}

impl Office {
    async fn open() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        let seeded = services.sandbox().seeded();
        let mut office = Self { services, home, candidate: seeded.candidate, contract: String::new() };
        let made = office.create("hire-1").await;
        let made: Value = serde_json::from_str(&made.out).unwrap();
        office.contract = made["contract"].to_string();
        office.services.sandbox().advance(Duration::from_secs(600));
        office.fill("3 months");
        assert_eq!(office.home.run(&["sync", &office.contract]).await.code, 0);
        assert_eq!(office.notice().as_deref(), Some("3 months"));
        office
    }

    async fn create(&self, request: &str) -> Ended {
        let seeded = self.services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let place = ["--template", &template, "--workspace", &workspace];
        let what = ["create", "--candidate", &self.candidate, "--publish", "--json", "--request", request];
        self.home.run(&[&what[..], &place[..]].concat()).await
    }

    fn fill(&self, text: &str) {
        let contract = self.contract.parse().unwrap();
        self.services.sandbox().fill_data_field(contract, "oneflow-notice", text).unwrap();
    }

    fn notice(&self) -> Option<String> {
        let card = self.services.sandbox().candidate_card(&self.candidate).unwrap();
        card.get("oneflow-notice").map(str::to_owned)
    }
}

#[tokio::test]
async fn forget_erases_says_what_and_stops_every_later_write() {
    let office = Office::open().await;
    let forgotten = office.home.run(&["forget", "--candidate", &office.candidate]).await;
    assert_eq!((forgotten.code, forgotten.err.as_str()), (0, ""));
    assert_eq!(
        forgotten.out,
        format!(
            "\
candidate {} is forgotten: nothing more is written for this candidate

 erased         rows
 contracts      1
 creations      1
 notifications  0
 waiting        0
 parked         0
 looks          2

The database is {}.
Teamtailor, Oneflow and backups of the database still hold their data.
If the candidate was merged with another in Teamtailor, forget the other id as well.
",
            office.candidate,
            office.home.database().display(),
        )
    );

    let sandbox = office.services.sandbox();
    office.fill("6 months");
    sandbox.sign_all(office.contract.parse().unwrap()).unwrap();
    sandbox.clear_request_log();
    let synced = office.home.run(&["sync", "--json", &office.contract]).await;
    assert_eq!((synced.code, synced.err.as_str()), (0, ""), "nobody has anything to do");
    let reports: Value = serde_json::from_str(&synced.out).unwrap();
    for field in reports[0]["fields"].as_array().unwrap() {
        // Who somebody is would not have been written back either way.
        let is_custom = field["teamtailor"].as_str().unwrap().starts_with("custom:");
        let reason = if is_custom { "candidate-forgotten" } else { "identity-only-prefilled" };
        assert_eq!((&field["outcome"], &field["reason"]), (&json!("skipped"), &json!(reason)));
    }
    assert_eq!(office.notice().as_deref(), Some("3 months"));
    assert!(sandbox.candidate_card(&office.candidate).unwrap().uploads.is_empty());
    assert!(sandbox.request_log().iter().all(|request| request.method == "GET"));

    let refused = office.create("hire-2").await;
    assert_eq!(refused.code, 1);
    let problems: Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!(problems["problems"][0]["code"], "candidate-forgotten");

    let database = Connection::open(office.home.database()).unwrap();
    let count = |table: &str| -> i64 {
        database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    for table in ["ledger", "creations", "inbox", "waiting", "parked", "looks", "standing"] {
        assert_eq!(count(table), 0, "{table}");
    }
    assert_eq!(count("forgotten"), 1);
}

#[tokio::test]
async fn forget_as_json_counts_and_a_second_time_changes_nothing() {
    let office = Office::open().await;
    let erased = |contracts: u32, creations: u32| json!({ "contracts": contracts, "creations": creations, "notifications": 0, "waiting": 0, "parked": 0, "looks": 2 * contracts });
    for (new, erased) in [(true, erased(1, 1)), (false, erased(0, 0))] {
        let ended = office.home.run(&["forget", "--candidate", &office.candidate, "--json"]).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let forgotten: Value = serde_json::from_str(&ended.out).unwrap();
        assert_eq!(
            forgotten,
            json!({ "candidate": office.candidate, "database": office.home.database(), "new": new, "known": true, "erased": erased, "looked_at": [] })
        );
    }
    let ended = office.home.run(&["forget", "--candidate", &office.candidate]).await;
    assert!(
        ended.out.starts_with(&format!("candidate {} was already forgotten", office.candidate)),
        "{}",
        ended.out
    );
}

#[tokio::test]
async fn forget_waits_for_a_look_that_is_under_way_says_so_and_erases_whatever_becomes_of_it() {
    for (name, code) in [("", 0)].into_iter().chain(ending_signals()) {
        let is_signalled = !name.is_empty();
        let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
        let store = Store::open(&home.database()).unwrap();
        let (ledger, inbox) = (SqliteLedger::new(store.clone()), Inbox::new(store));
        let leaving = CandidateId::from("4711");
        let mut entry = LedgerEntry::default();
        entry.candidate = Some(leaving.clone());
        put(&ledger, 9001, &leaving, entry).await;
        // One that only the creation knows, and one that is another's.
        let created = Creation::Created { candidate: leaving.clone(), contract: 9002.into() };
        ledger.save_creation(&"hire-1".parse().unwrap(), &created).await.unwrap();
        let (look, _others) = (
            inbox.claim(ContractId::new(9002)).await.unwrap(),
            inbox.claim(ContractId::new(9003)).await.unwrap(),
        );
        let mut command = home.command(&["forget", "--candidate", "4711", "--json"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let line = said.next_line().await.unwrap().unwrap();
        assert!(
            line.starts_with("waiting up to five minutes for a look at contract 9002 to finish"),
            "{line}"
        );
        assert!(ledger.is_forgotten(&leaving).await.unwrap(), "the look writes nothing more");
        assert!(process.try_wait().unwrap().is_none());
        if is_signalled {
            signal(&process, name).await;
        } else {
            inbox.done(look.unwrap()).await.unwrap();
        }
        let ended = process.wait_with_output().await.unwrap();
        assert_eq!(ended.status.code(), Some(code));
        let forgotten: Value = serde_json::from_slice(&ended.stdout).unwrap();
        let looked_at = if is_signalled { json!([9002]) } else { json!([]) };
        assert_eq!((&forgotten["looked_at"], &forgotten["new"]), (&looked_at, &json!(true)));
        assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(9003)], "whose look is another's");
        assert!(ledger.contracts_of(&leaving).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn forget_waits_for_the_first_write_of_a_contract_that_only_an_address_links_and_erases_what_it_left() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let (candidate, contract) = sent_contract(&services, 0);
    services.sandbox().advance(Duration::from_secs(600));
    services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    let (slow, _) = slow_to_write(services.teamtailor_url().as_str(), Duration::from_secs(3)).await;
    let home = Home::new(services.oneflow_url().as_str(), &slow).with_contracts_of_others(&services);
    let mut sync = home.command(&["sync", &contract.to_string()]);
    let sync = sync.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let number = |sql: &str| -> Option<i64> {
        Connection::open(home.database()).ok()?.query_row(sql, [], |row| row.get(0)).ok()
    };
    until("the write is begun", async || number("SELECT count(*) FROM cards") == Some(1)).await;
    assert_eq!(
        number("SELECT count(*) FROM ledger WHERE entry ->> '$.candidate' IS NOT NULL"),
        Some(0),
        "nothing is bound yet"
    );
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    inbox.accept("callback-leaving", ContractId::from(contract)).await.unwrap();

    let forgotten = home.run(&["forget", "--candidate", &candidate, "--json"]).await;
    assert_eq!(
        notice(&services, &candidate).as_deref(),
        Some("3 months"),
        "it has ended, and nothing arrives later"
    );
    let line = format!("waiting up to five minutes for a look at contract {contract} to finish");
    assert!(forgotten.code == 0 && forgotten.err.starts_with(&line), "{}", forgotten.err);
    let forgotten: Value = serde_json::from_str(&forgotten.out).unwrap();
    assert_eq!(forgotten["looked_at"], json!([]));
    assert_eq!(
        forgotten["erased"],
        json!({ "contracts": 1, "creations": 0, "notifications": 1, "waiting": 1, "parked": 0, "looks": 0 })
    );
    sync.wait_with_output().await.unwrap();
    for table in ["ledger", "cards", "inbox", "waiting", "parked", "looks", "standing"] {
        assert_eq!(number(&format!("SELECT count(*) FROM {table}")), Some(0), "{table}");
    }
    assert_eq!(traces(&home.database(), "callback-leaving"), 0);
    assert_eq!(traces(&home.database(), &candidate), 1, "the tombstone");
}

#[tokio::test]
async fn a_contract_that_only_a_begun_write_names_goes_with_the_candidate_unless_it_is_anothers_by_now() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db")).unwrap();
    let (ledger, inbox) = (SqliteLedger::new(store.clone()), Inbox::new(store));
    let (leaving, staying) = (CandidateId::from("4711"), CandidateId::from("4712"));
    let digest = "v1:0a1b2c3d:00ff";
    let attempt = |contract: i64| json!({ "contract": contract, "seen": digest, "value": digest });
    let fields = json!({
        "email": { "ours": digest, "late": [digest] },
        "custom:31": { "attempts": [attempt(9001), attempt(9002)] },
        "custom:32": { "attempts": [attempt(9003)] },
    });
    let card: CardEntry = serde_json::from_value(json!({ "fields": fields })).unwrap();
    let begun = LedgerChange::set(9001.into(), leaving.clone(), LedgerEntry::default(), card);
    ledger.update(&begun).await.unwrap();
    let mut entry = LedgerEntry::default();
    entry.candidate = Some(staying.clone());
    put(&ledger, 9002, &staying, entry).await;
    inbox.accept("parked", ContractId::new(9001)).await.unwrap();
    inbox.park(claim(&inbox).await, "a reason".to_owned()).await.unwrap();
    for contract in [9001, 9002, 9003, 9004] {
        inbox.accept(&format!("call-{contract}"), ContractId::from(contract)).await.unwrap();
    }
    let _looks = (
        inbox.claim(ContractId::new(9001)).await.unwrap(),
        inbox.claim(ContractId::new(9002)).await.unwrap(),
    );
    let looks = inbox.looks_at(&Tenant::default(), &leaving).await.unwrap();
    assert_eq!(looks.into_iter().collect::<Vec<_>>(), [9001]);
    let erased = ledger.erase(&leaving).await.unwrap();
    assert_eq!((erased.contracts, erased.notifications, erased.waiting, erased.parked), (1, 3, 2, 1));
    assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(9002), ContractId::new(9004)]);
    assert_eq!(ledger.contracts_of(&staying).await.unwrap(), [9002]);
}

/// Every column of the database, and what `forget` does about it. A new one must be thought about.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("accounts", "tenant service account", "names nobody"),
    ("cards", "tenant candidate_id entry", "erased by the candidate's id"),
    ("creations", "tenant request_id creation", "erased by the candidate in the creation"),
    ("forgotten", "tenant candidate_id", "the tombstone"),
    (
        "held",
        "tenant contract_id data_field candidate_field candidate_id reason since looked_at plan relation",
        "erased with where the contract stands",
    ),
    ("inbox", "tenant callback_id kind id received_at", "erased by the candidate's contracts"),
    ("keys", "name", "names nobody"),
    ("ledger", "tenant contract_id entry changed_at", "erased by the candidate in the entry"),
    (
        "looks",
        "id tenant contract_id candidate_id at cause failures state plan fields document document_reason drifts reason error next next_at duration requests last_change action decided template_type",
        "erased by the candidate's id and contracts",
    ),
    ("overwrites", "tenant minute count", "names nobody"),
    ("parked", "tenant kind id parked_at attempts reason is_known", "erased by the candidate's contracts"),
    (
        "standing",
        "tenant contract_id candidate_id looked_at cause failures state written unchanged held skipped failed document document_reason reasons drifts_since last_change left_alone_since template_type",
        "erased by the candidate's id and contracts",
    ),
    ("standing_reasons", "tenant contract_id reason looked_at", "erased with where the contract stands"),
    ("tallies", "tenant hour what count", "names nobody"),
    (
        "waiting",
        "tenant kind id candidate_id cause generation run_at lane claimed_generation claimed_until attempts faults retry_at not_before outage last_error is_known put_back_from",
        "erased by the candidate's contracts",
    ),
    ("watermarks", "tenant name value", "names nobody"),
];

#[test]
fn forgetting_knows_every_column_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(Store::open(&database).unwrap());
    let connection = Connection::open(&database).unwrap();
    let sql = "SELECT m.name, group_concat(c.name, ' ') FROM sqlite_master m, pragma_table_info(m.name) c
        WHERE m.type = 'table' GROUP BY m.name ORDER BY m.name";
    let mut statement = connection.prepare(sql).unwrap();
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let found: Vec<(String, String)> = found.map(Result::unwrap).collect();
    let known = COLUMNS.iter().map(|(table, columns, _)| ((*table).to_owned(), (*columns).to_owned()));
    assert_eq!(found, known.collect::<Vec<_>>(), "say in `forget` what becomes of it, then here");
}

#[tokio::test]
async fn a_contract_that_only_its_creation_knows_goes_with_the_candidate_unless_it_is_anothers_by_now() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db")).unwrap();
    let (ledger, inbox) = (SqliteLedger::new(store.clone()), Inbox::new(store));
    let (leaving, staying) = (CandidateId::from("4711"), CandidateId::from("4712"));
    for (contract, callback) in [(9001, "one"), (9002, "two")] {
        let created = Creation::Created { candidate: leaving.clone(), contract: contract.into() };
        ledger.save_creation(&callback.parse().unwrap(), &created).await.unwrap();
        inbox.accept(callback, ContractId::from(contract)).await.unwrap();
    }
    let mut entry = LedgerEntry::default();
    entry.candidate = Some(staying.clone());
    put(&ledger, 9002, &staying, entry).await;
    let erased = ledger.erase(&leaving).await.unwrap();
    assert_eq!((erased.creations, erased.notifications, erased.waiting), (2, 1, 1));
    assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(9002)]);
    assert_eq!(ledger.contracts_of(&staying).await.unwrap(), [9002]);
}

#[tokio::test]
async fn forget_needs_neither_a_network_nor_the_secrets_of_a_service_nor_a_good_mapping() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let ledger = SqliteLedger::new(Store::open(&home.database()).unwrap());
    home.append("\n[sync]\nconvention = \"no\"\nlink = [\"ledger\", \"ledger\"]\n");
    home.replace("listen", "port");
    for secret in ["oneflow", "teamtailor", "sign-key"] {
        fs::remove_file(home.folder().join(secret)).unwrap();
    }
    let ended = home.run(&["forget", "--candidate", "4711", "--yes"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.contains("contracts      0"), "a candidate never seen: {}", ended.out);
    assert!(ledger.is_forgotten(&"4711".into()).await.unwrap());
    assert_eq!(home.run(&["forget"]).await.code, 1);
}

#[tokio::test]
async fn what_is_no_id_of_a_candidate_is_refused_unrepeated_and_stored_nowhere() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    Store::open(&home.database()).unwrap();
    for typed in ["Ann Sample", "ann@example.com", "4711x", "-4711", "4711 4712", "٤٧", " ", ""] {
        let candidate = format!("--candidate={typed}");
        let create = ["create", &candidate, "--template", "1", "--workspace", "1"];
        for arguments in [&["forget", &candidate][..], &create] {
            let ended = home.run(arguments).await;
            assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{typed:?}");
            assert!(ended.err.starts_with("error: a candidate id consists of digits only"), "{}", ended.err);
            assert!(typed.trim().is_empty() || !ended.err.contains(typed), "{}", ended.err);
        }
    }
    assert_eq!(traces(&home.database(), "Ann Sample"), 0);
    assert_eq!(home.run(&["forget", "--candidate", " 4711 ", "--yes"]).await.code, 0);
    let ledger = SqliteLedger::new(Store::open(&home.database()).unwrap());
    assert!(ledger.is_forgotten(&"4711".into()).await.unwrap(), "spaces around it are left out");
}

#[tokio::test]
async fn where_there_is_no_database_nobody_is_forgotten_and_none_is_made() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let refused = |path: &Path| {
        format!(
            "error: the database {} does not exist\n next: run the command in the working directory of `smartsync serve`, or write the full path in `[store] url`\n",
            path.display()
        )
    };
    let ended = home.run(&["forget", "--candidate", "4711"]).await;
    assert_eq!((ended.code, ended.out, ended.err), (1, String::new(), refused(&home.database())));
    assert!(!home.database().exists());

    home.replace(&format!("sqlite://{}/state.db", home.folder().display()), "sqlite://smartsync.db");
    let here = fs::canonicalize(home.folder()).unwrap().join("smartsync.db");
    let ended = home.run(&["forget", "--candidate", "4711"]).await;
    assert_eq!((ended.code, ended.err), (1, refused(&here)), "the whole path, though it is written short");

    Store::open(&here).unwrap();
    home.replace("[store]", "[stroe]");
    let ended = home.run(&["forget", "--candidate", "4711"]).await;
    assert_eq!(ended.code, 1, "a slip does not lead to another database");
    assert!(ended.err.contains("unknown field `stroe`"), "{}", ended.err);
}
