//! `smartsync history`, `status` and `parked`: what they print, as text and as JSON, and how they end.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use smartsync::{
    ContractId, Inbox, Store,
    store::{
        Decided, DecisionEnd, Due, Journal as _, LAST_SWEEP, Look, LookedField, NextLook, Occasion,
        ParkedFilter, SqliteJournal, Trigger,
    },
};
use smartsync_core::plan::Take;
use smartsync_sandbox::{ContractSeed, HttpSandbox, SandboxSettings};

use crate::support::{Home, notice, notification, post, sent_contract, until};

/// No service is there: none of these commands asks one.
fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_930_000_000 + seconds).unwrap()
}

fn failed(contract: i64, seconds: i64) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Retry(2), at(seconds));
    Look::without_end(occasion.cost(Duration::from_millis(1250), 7), NextLook::Parked)
}

fn seen(contract: i64, seconds: i64) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Notification, at(seconds));
    let occasion = occasion.cost(Duration::from_millis(350), 4);
    let mut look = Look::without_end(occasion, NextLook::At(at(seconds + 5)));
    (look.error, look.candidate, look.drifts) = (None, Some("4711".into()), Some(true));
    (look.state, look.plan) = (Some("pending".to_owned()), Some("0a".repeat(32)));
    look.fields = vec![
        LookedField::new("oneflow-city", "custom:oneflow-city", "held", Some("conflict-held")),
        LookedField::new("oneflow-notice", "custom:oneflow-notice", "written", None),
        LookedField::new("oneflow-salary", "custom:oneflow-salary", "held", Some("conflict-held")),
    ];
    look.document = Some(("not_due".to_owned(), Some("not-signed-yet".to_owned())));
    look
}

/// Parks contracts whose last look was as given.
async fn parked(home: &Home, looks: &[Look]) -> SqliteJournal {
    let store = Store::open(&home.database()).unwrap();
    let (inbox, journal) = (Inbox::new(store.clone()), SqliteJournal::new(store));
    for look in looks {
        let contract = look.occasion.contract;
        inbox.accept(&format!("{contract} {}", look.occasion.at), contract).await.unwrap();
        let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("it is due") };
        inbox.park(claim, "a reason".to_owned()).await.unwrap();
        journal.record(look).await.unwrap();
    }
    let database = rusqlite::Connection::open(home.database()).unwrap();
    let noon = at(0).as_millisecond();
    database.execute("UPDATE parked SET parked_at = ?1, attempts = 20", [noon]).unwrap();
    journal
}

const CONFLICT: &str = "The field was changed on both sides; someone has to decide which value is right.";

#[tokio::test]
async fn history_prints_each_look_with_its_fields_the_newest_first() {
    let home = home();
    parked(&home, &[seen(9001, 0), failed(9001, 60)]).await;
    let ended = home.run(&["history", "9001"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = format!(
        "\
contract 9001, candidate 4711

2031-02-27T23:07:40Z, retry 2: 7 requests in 1.2 s; parked
 failed: the look took too long

2031-02-27T23:06:40Z, notification: pending, 4 requests in 0.3 s; next look 2031-02-27T23:06:45Z

 contract field     candidate field        outcome  why
 oneflow-city       custom:oneflow-city    held     [1]
 oneflow-notice     custom:oneflow-notice  written
 oneflow-salary     custom:oneflow-salary  held     [1]
 (signed document)  (card)                 not due  [2]

 [1] {CONFLICT}
 [2] The document is attached once everyone has signed.
"
    );
    assert_eq!(ended.out, expected);

    let ended = home.run(&["history", "9001", "--limit", "1"]).await;
    assert!(ended.code == 0 && ended.out.contains("retry 2") && !ended.out.contains("notification"));
    for name in ["oneflow-notice", "custom:oneflow-notice"] {
        let ended = home.run(&["history", "9001", "--field", name]).await;
        let of_field = " contract field  candidate field        outcome  why\n oneflow-notice  custom:oneflow-notice  written\n";
        assert!(ended.code == 0 && ended.out.ends_with(of_field), "{}", ended.out);
        assert!(ended.out.contains("the look took too long"), "says why of every field: {}", ended.out);
    }
    let none = home.run(&["history", "9002"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "no look at contract 9002 is known\n"));
}

#[tokio::test]
async fn history_of_a_field_tells_its_decisions_and_none_of_another() {
    let home = home();
    let journal = parked(&home, &[seen(9001, 0)]).await;
    let decided = |field: &str, by: &str, end| {
        let begun = Decided::new(field, Take::Card, "0b").by(Some(by));
        let decided = match end {
            Some(end) => begun.ended(end),
            None => begun,
        };
        Look::of_decision(decided, 9001.into(), at(60), Some("4711".into()))
    };
    for row in [
        decided("custom:oneflow-city", "Rae", None),
        decided("custom:oneflow-salary", "Sam", None),
        decided("custom:oneflow-city", "Rae", Some(DecisionEnd::Applied)),
    ] {
        journal.record(&row).await.unwrap();
    }
    let without_end = "how it ended is not known";
    for (names, own, others, has_end) in [
        (["oneflow-city", "custom:oneflow-city"], "Rae", "Sam", true),
        (["oneflow-salary", "custom:oneflow-salary"], "Sam", "Rae", false),
    ] {
        for name in names {
            let text = home.run(&["history", "9001", "--field", name]).await.out;
            assert!(text.contains(&format!("decided by {own}")) && !text.contains(others), "{name}: {text}");
            assert_eq!(!text.contains(without_end), has_end, "{name}: {text}");
            let told = home.run(&["history", "9001", "--field", name, "--json"]).await.out;
            let rows: Vec<Value> = serde_json::from_str(&told).unwrap();
            let ends: Vec<Value> = rows
                .iter()
                .filter(|row| row["action"] == "decided")
                .map(|row| row["decided"]["ended"].clone())
                .collect();
            let expected = if has_end { vec![json!("applied"), json!(null)] } else { vec![json!(null)] };
            assert_eq!(ends, expected, "{name}");
            assert!(told.contains(own) && !told.contains(others), "{name}: {told}");
            assert_eq!(rows.len(), ends.len() + 1, "and the look");
        }
    }
    let none = home.run(&["history", "9001", "--field", "oneflow-notice"]).await.out;
    assert!(!none.contains("decided"), "{none}");
}

#[tokio::test]
async fn history_as_json_has_codes_and_sentences() {
    let home = home();
    parked(&home, &[seen(9001, 0), failed(9001, 60)]).await;
    let ended = home.run(&["history", "9001", "--json", "--field", "oneflow-city"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let looks: Value = serde_json::from_str(&ended.out).unwrap();
    let expected = json!([
        {
            "contract": 9001, "candidate": null, "at": "2031-02-27T23:07:40Z", "trigger": "retry", "failures": 2, "action": null,
            "state": null, "plan": null, "fields": [], "document": null, "drifts": null,
            "reason": "took-too-long", "error": "the look took too long",
            "next": "parked", "next_at": null, "duration_ms": 1250, "requests": 7,
        },
        {
            "contract": 9001, "candidate": "4711", "at": "2031-02-27T23:06:40Z", "trigger": "notification", "failures": null, "action": null,
            "state": "pending", "plan": "0a".repeat(32),
            "fields": [
                { "oneflow": "oneflow-city", "teamtailor": "custom:oneflow-city", "outcome": "held", "reason": "conflict-held", "sentence": CONFLICT },
            ],
            "document": { "outcome": "not_due", "reason": "not-signed-yet", "sentence": "The document is attached once everyone has signed." },
            "drifts": true, "reason": null, "error": null,
            "next": "at", "next_at": "2031-02-27T23:06:45Z", "duration_ms": 350, "requests": 4,
        },
    ]);
    assert_eq!(looks, expected);
    let none = home.run(&["history", "9002", "--json"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "[]\n"));
}

/// What is said of how long ago something was depends on the clock.
fn without_ages(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let mut left = line.to_owned();
        while let Some(end) = left.find(" ago)") {
            let start = left[..end].rfind(" (").unwrap();
            left.replace_range(start..end + " ago)".len(), "");
        }
        left + "\n"
    });
    lines.collect()
}

#[tokio::test]
async fn status_prints_what_waits_runs_is_parked_and_drifts() {
    let home = home();
    drop(Store::open(&home.database()).unwrap());
    let ended = home.run(&["status"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
server            not running
waiting           0
running           0
parked            0
held              0 fields
drift             0
last notification none
last look         none
last sweep        none
credentials       not known here: `smartsync check` tries them, and `/metrics` and the page of `serve` show what is left of their limits
";
    assert_eq!(ended.out, expected);

    let journal = parked(&home, &[seen(9001, 0), failed(9002, 60)]).await;
    journal.set_watermark(LAST_SWEEP, Some(&at(-9).to_string())).await.unwrap();
    let database = rusqlite::Connection::open(home.database()).unwrap();
    // In the past of whoever runs this.
    let past = 1_700_000_000_000_i64;
    database
        .execute_batch(&format!(
            "INSERT INTO waiting (tenant, kind, id, cause, generation, run_at)
                 VALUES ('', 'contract', 9003, 'notification', 1, {past}), ('', 'contract', 9004, 'notification', 1, {past} + 1000);
             UPDATE standing SET looked_at = {past}, drifts_since = drifts_since * 0 + {past} WHERE contract_id = 9001;
             UPDATE standing SET looked_at = {past} + 60000 WHERE contract_id = 9002;
             UPDATE watermarks SET value = '2023-11-14T22:00:00Z';
             UPDATE inbox SET received_at = {past};"
        ))
        .unwrap();
    let ended = home.run(&["status"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
server            not running
waiting           2; the first: contract 9003, due since 2023-11-14T22:13:20Z
running           0
parked            2
held              2 fields
drift             1; the oldest: contract 9001, since 2023-11-14T22:13:20Z
last notification 2023-11-14T22:13:20Z
last look         2023-11-14T22:14:20Z, contract 9002 (retry)
last sweep        2023-11-14T22:00:00Z
credentials       not known here: `smartsync check` tries them, and `/metrics` and the page of `serve` show what is left of their limits

Drift counts the contracts of which an agreed value, or the signed document, is not on the candidate's card.

`smartsync parked list` shows the parked contracts.

`smartsync held` shows the held fields.
";
    assert_eq!(without_ages(&ended.out), expected);

    let ended = home.run(&["status", "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let status: Value = serde_json::from_str(&ended.out).unwrap();
    let expected = json!({
        "is_served": false,
        "waiting": 2,
        "oldest_waiting": { "contract": 9003, "at": "2023-11-14T22:13:20Z" },
        "oldest_asked": { "contract": 9003, "at": "2023-11-14T22:13:20Z" },
        "running": 0,
        "parked": 2,
        "last_notification": "2023-11-14T22:13:20Z",
        "last_sweep": "2023-11-14T22:00:00Z",
        "last_look": { "contract": 9002, "at": "2023-11-14T22:14:20Z", "trigger": "retry" },
        "drift": { "contracts": 1, "oldest": { "contract": 9001, "since": "2023-11-14T22:13:20Z" } },
        "held": { "fields": 2, "is_more": false },
        "credentials": [
            { "service": "oneflow", "state": "not_known", "requests_left": null },
            { "service": "teamtailor", "state": "not_known", "requests_left": null },
        ],
    });
    assert_eq!(status, expected);
}

#[tokio::test]
async fn without_a_database_there_is_nothing_to_tell_and_none_is_made() {
    let home = home();
    for command in [&["status"][..], &["history", "9001"], &["parked", "list"], &["parked", "retry", "--all"]]
    {
        let ended = home.run(command).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""));
        assert!(ended.err.starts_with("error: the database "), "{}", ended.err);
        assert!(!home.database().exists());
    }
}

#[tokio::test]
async fn parked_lists_and_shows() {
    let home = home();
    drop(Store::open(&home.database()).unwrap());
    let none = home.run(&["parked", "list"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "no contract is parked\n"));
    parked(&home, &[seen(9001, 0), failed(9002, 60)]).await;
    let listed = home.run(&["parked", "list"]).await;
    let took_too_long = "The look took too long.";
    let head = " contract  failed looks  first attempt  last attempt          why       what to do\n";
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    let told = listed.out.strip_prefix(head).unwrap_or_else(|| panic!("{}", listed.out));
    let start = "unknown        2031-02-27T23:06:40Z  a reason";
    let expected = format!(
        " 9001      20            {start}  {CONFLICT}\n 9002      20            {start}  {took_too_long}\n"
    );
    assert_eq!(told, expected, "the journal has one look of twenty");
    let listed = home.run(&["parked", "list", "--json", "--reason", "took-too-long"]).await;
    let expected = json!([
        {
            "contract": 9002, "at": "2031-02-27T23:06:40Z", "attempts": 20, "reason": "a reason", "codes": ["took-too-long"],
            "first_attempt": null, "last_attempt": "2031-02-27T23:06:40Z", "to_do": [took_too_long],
        }
    ]);
    assert_eq!((listed.code, serde_json::from_str::<Value>(&listed.out).unwrap()), (0, expected));

    let shown = home.run(&["parked", "show", "9001"]).await;
    let expected = format!(
        "\
contract 9001 was parked at 2031-02-27T23:06:40Z after 20 failed looks: a reason

2031-02-27T23:06:40Z, notification: pending, 4 requests in 0.3 s; next look 2031-02-27T23:06:45Z

 contract field     candidate field        outcome  why
 oneflow-city       custom:oneflow-city    held     [1]
 oneflow-notice     custom:oneflow-notice  written
 oneflow-salary     custom:oneflow-salary  held     [1]
 (signed document)  (card)                 not due  [2]

 [1] {CONFLICT}
 [2] The document is attached once everyone has signed.

Fix the cause, then run `smartsync parked retry 9001`.
"
    );
    assert_eq!((shown.code, shown.err.as_str(), shown.out), (0, "", expected));
    let shown = home.run(&["parked", "show", "9001", "--json"]).await;
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!((&shown["contract"], &shown["codes"]), (&json!(9001), &json!(["conflict-held"])));
    assert_eq!(shown["look"]["trigger"], "notification");

    let missing = home.run(&["parked", "show", "77"]).await;
    let expected =
        "error: contract 77: it is not parked\n next: `smartsync parked list` shows those that are\n";
    assert_eq!((missing.code, missing.out.as_str(), missing.err.as_str()), (1, "", expected));
}

#[tokio::test]
async fn parked_contracts_are_retried_or_dropped_one_by_one_or_by_reason_after_a_count() {
    let home = home();
    let journal = parked(&home, &[seen(9001, 0), failed(9002, 60), seen(9003, 0), seen(9004, 0)]).await;
    let left = async || -> Vec<i64> {
        let parked = journal.parked(&ParkedFilter::All).await.unwrap();
        parked.iter().map(|parked| parked.contract.get()).collect()
    };
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());

    // One that is not there is a slip: nothing is done.
    for what in ["retry", "drop"] {
        let ended = home.run(&["parked", what, "9001", "77"]).await;
        assert!(ended.code == 1 && ended.err.starts_with("error: contract 77: it is not parked"));
    }
    // Nobody is asked where there is no terminal.
    let asked = home.run(&["parked", "retry", "--reason", "conflict-held"]).await;
    let expected = "error: Number of parked contracts that match: 3. Sync them again now? There is no terminal to ask on\n next: retrying several contracts requires `--yes`\n";
    assert_eq!((asked.code, asked.err.as_str()), (1, expected));
    let asked = home.run(&["parked", "drop", "--all"]).await;
    let expected = "error: Number of parked contracts that match: 4. Drop them without syncing them? There is no terminal to ask on\n next: dropping several contracts requires `--yes`\n";
    assert_eq!((asked.code, asked.err.as_str()), (1, expected));
    for nothing in [&["parked", "retry"][..], &["parked", "drop", "--all", "9001"]] {
        assert_eq!(home.run(nothing).await.code, 1);
    }
    assert_eq!(left().await, [9001, 9002, 9003, 9004]);
    assert!(inbox.waiting().await.unwrap().is_empty());

    let retried = home.run(&["parked", "retry", "9003"]).await;
    let expected = "\
contract 9003 waits to be synced again
A running server begins within a minute; otherwise the next start does.
";
    assert_eq!((retried.code, retried.err.as_str(), retried.out.as_str()), (0, "", expected));
    let retried = home.run(&["parked", "retry", "--reason", "conflict-held", "--yes", "--json"]).await;
    assert_eq!(
        (retried.code, serde_json::from_str::<Value>(&retried.out).unwrap()),
        (0, json!({ "retried": [9001, 9004] }))
    );
    assert_eq!(left().await, [9002]);
    assert_eq!(inbox.waiting().await.unwrap(), [9003, 9001, 9004].map(ContractId::new));

    let none = home.run(&["parked", "retry", "--reason", "conflict-held"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "no parked contract matches\n"));
    let dropped = home.run(&["parked", "drop", "9002"]).await;
    let expected = "\
contract 9002 is no longer parked
It is synced at its next notification, or by `smartsync sync`.
";
    assert_eq!((dropped.code, dropped.err.as_str(), dropped.out.as_str()), (0, "", expected));
    let told = home.run(&["history", "9002"]).await;
    let said = "Z, by hand: dropped from the parked contracts\n";
    assert!(told.code == 0 && told.out.contains(said), "{}", told.out);
    let dropped = home.run(&["parked", "drop", "--all", "--json"]).await;
    assert_eq!(
        (dropped.code, serde_json::from_str::<Value>(&dropped.out).unwrap()),
        (0, json!({ "dropped": [] }))
    );
}

#[tokio::test]
async fn the_looks_of_a_server_and_of_commands_are_told_while_it_runs() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (candidate, contract) = sent_contract(&services, 0);
    let sandbox = services.sandbox();
    sandbox.advance(Duration::from_secs(600));
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    sandbox.fill_data_field(contract, "oneflow-salary", "a lot").unwrap();
    let id = contract.to_string();
    let mut server = home.serve().await;
    assert_eq!(post(&server.url, notification("one", contract.into())).await, 200);
    let looks = async || -> Vec<Value> {
        let ended = home.run(&["history", &id, "--json"]).await;
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(!ended.out.contains("3 months") && !ended.out.contains("a lot"), "{}", ended.out);
        serde_json::from_str(&ended.out).unwrap()
    };
    until("the look is told", async || looks().await.len() == 1).await;
    let look = looks().await.remove(0);
    assert_eq!((&look["trigger"], &look["candidate"]), (&json!("notification"), &json!(candidate)));
    assert_eq!((&look["state"], &look["drifts"]), (&json!("pending"), &json!(true)));
    assert_eq!(look["plan"].as_str().unwrap().len(), 64);
    assert!(look["requests"].as_u64().unwrap() >= 4, "{look}");
    let fields = look["fields"].as_array().unwrap();
    let ended = |name: &str| fields.iter().find(|field| field["oneflow"] == name).unwrap()["outcome"].clone();
    assert_eq!((ended("oneflow-notice"), ended("oneflow-salary")), (json!("written"), json!("failed")));

    let status: Value = serde_json::from_str(&home.run(&["status", "--json"]).await.out).unwrap();
    assert_eq!((&status["is_served"], &status["drift"]["contracts"]), (&json!(true), &json!(1)));
    assert_eq!(status["drift"]["oldest"]["since"], look["at"]);

    // Put right, and looked at by hand.
    sandbox.fill_data_field(contract, "oneflow-salary", "42000").unwrap();
    assert_eq!(home.run(&["sync", &id]).await.code, 0);
    let look = looks().await.remove(0);
    assert_eq!(
        (&look["trigger"], &look["drifts"], &look["next"]),
        (&json!("by_hand"), &json!(false), &json!("none"))
    );
    let status: Value = serde_json::from_str(&home.run(&["status", "--json"]).await.out).unwrap();
    assert_eq!(status["drift"], json!({ "contracts": 0, "oldest": null }));
    server.process.kill().await.unwrap();
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_fails_no_look_and_is_told_once() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let mut server = home.serve().await;
    let database = rusqlite::Connection::open(home.database()).unwrap();
    database.execute_batch("ALTER TABLE looks RENAME TO gone").unwrap();
    let sandbox = services.sandbox();
    for number in 0..2 {
        let (candidate, contract) = sent_contract(&services, number);
        sandbox.advance(Duration::from_secs(600));
        sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
        assert_eq!(post(&server.url, notification(&contract.to_string(), contract.into())).await, 200);
        until("it is synced", async || notice(&services, &candidate).as_deref() == Some("3 months")).await;
    }
    let waiting = || database.query_row("SELECT count(*) FROM waiting", [], |row| row.get::<_, i64>(0));
    until("both have ended", async || waiting().unwrap() == 0).await;
    let log = home.log();
    assert_eq!(log.matches("the journal could not be written").count(), 1, "{log}");
    assert!(!log.contains("the database failed"), "{log}");

    // Nor does it fail a command.
    let (_, contract) = sent_contract(&services, 2);
    let ended = home.run(&["sync", &contract.to_string()]).await;
    assert!(ended.code == 0 && ended.err.contains("the journal could not be written"), "{}", ended.err);
    database.execute_batch("ALTER TABLE gone RENAME TO looks").unwrap();
    let (_, contract) = sent_contract(&services, 3);
    assert_eq!(post(&server.url, notification("again", contract.into())).await, 200);
    until("it is told that it is over", async || home.log().contains("the journal is being written again"))
        .await;
    server.process.kill().await.unwrap();
}

/// What was parked has tries before it again, and the look says whose doing it is.
#[tokio::test]
async fn a_contract_that_a_person_retries_is_looked_at_by_hand_with_all_its_tries() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (_, contract) = sent_contract(&services, 0);
    let journal = parked(&home, &[failed(contract, 0)]).await;
    assert_eq!(home.run(&["parked", "retry", &contract.to_string()]).await.code, 0);
    let mut server = home.serve().await;
    let looks = async || journal.looks(contract.into(), 10).await.unwrap();
    until("it is looked at", async || looks().await.len() == 2).await;
    let triggers: Vec<Trigger> = looks().await.iter().map(|look| look.occasion.trigger).collect();
    assert!(triggers.contains(&Trigger::ByHand), "{triggers:?}");
    server.process.kill().await.unwrap();
}

/// What the program finds of contracts, for the definition of drift.
#[tokio::test]
async fn a_contract_drifts_for_a_value_over_the_limit_and_for_a_document_that_waits_and_not_without_a_candidate()
 {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    home.replace("document.by_email = true\n", "\n[limits]\nchanges = 0\n");
    let sandbox = services.sandbox();
    let (candidate, contract) = sent_contract(&services, 0);
    let seed = ContractSeed::new(sandbox.seeded().template, "Sale");
    let stranger =
        sandbox.add_contract(seed.counterparty("A Buyer", "buyer@example.com").published()).unwrap();
    sandbox.advance(Duration::from_secs(600));
    for contract in [contract, stranger] {
        sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
    }
    sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("1 month")).unwrap();
    let drifts = async |contract: i64| -> (Value, Vec<Value>) {
        let id = contract.to_string();
        home.run(&["sync", &id]).await;
        let ended = home.run(&["history", &id, "--json", "--limit", "1"]).await;
        let look = serde_json::from_str::<Vec<Value>>(&ended.out).unwrap().remove(0);
        let fields = look["fields"].as_array().unwrap().iter().chain([&look["document"]]);
        let is_left = |end: &&Value| end["outcome"] == "held" || end["reason"] == "document-by-address";
        (look["drifts"].clone(), fields.filter(is_left).map(|end| end["reason"].clone()).collect())
    };
    assert_eq!(drifts(contract).await, (json!(true), vec![json!("limit-reached")]));
    let (is_drifting, reasons) = drifts(stranger).await;
    assert_eq!((is_drifting, reasons[0].as_str()), (json!(false), Some("no-candidate")));
    sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("3 months")).unwrap();
    assert_eq!(drifts(contract).await, (json!(false), vec![]), "put right by hand");
    sandbox.sign_all(contract).unwrap();
    assert_eq!(drifts(contract).await, (json!(true), vec![json!("document-by-address")]));
}
