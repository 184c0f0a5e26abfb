//! What the page shows and does, as commands: which contracts there are, what is held, what came in, and another look at all that match.

use std::{
    process::{Output, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use smartsync::{
    ContractId,
    store::{Journal, Look, LookedField, NextLook, Occasion, SqliteState, State, Tallied, Tenant, Trigger},
};
use smartsync_core::outcome::{BaseState, SideState, SideStates};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
use tokio::{process::Child, time::timeout};

use crate::support::{Ended, Home, ending_signals, notice, notification, post, sent_contract, signal, until};

/// No service is there: lists ask none.
fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

fn state(home: &Home) -> SqliteState {
    SqliteState::open(&home.database()).unwrap()
}

fn journal(state: &SqliteState) -> Arc<dyn Journal> {
    state.journal(&Tenant::default())
}

/// So many hours and a half ago.
fn ago(hours: i64) -> Timestamp {
    let half = SignedDuration::from_mins(30);
    Timestamp::now() - SignedDuration::from_hours(hours) - half
}

fn look(contract: i64, hours: i64, fields: &[(&str, &str, Option<&str>)]) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Notification, ago(hours));
    let mut look = Look::without_end(occasion, NextLook::None);
    (look.error, look.drifts) = (None, Some(false));
    (look.candidate, look.state) = (Some("4711".into()), Some("pending".to_owned()));
    (look.plan, look.template_type) = (Some("0a".repeat(32)), Some(7.into()));
    look.document = Some(("not_due".to_owned(), Some("not-signed-yet".to_owned())));
    let field = |(name, outcome, reason): &(&str, &str, Option<&str>)| {
        LookedField::new(&format!("oneflow-{name}"), &format!("custom:{name}"), outcome, *reason)
    };
    look.fields = fields.iter().map(field).collect();
    look
}

/// Of three contracts: one with two held fields, one of which the look failed, and one that is signed and done.
async fn three() -> (Home, SqliteState) {
    let home = home();
    let state = state(&home);
    let mut held = look(
        9001,
        3,
        &[
            ("city", "held", Some("conflict-held")),
            ("notice", "written", None),
            ("salary", "held", Some("first-sight-held")),
        ],
    );
    held.fields[0].sides = Some(SideStates::new(BaseState::Value, SideState::Moved, SideState::Moved));
    held.fields[2].sides = Some(SideStates::new(BaseState::Empty, SideState::Moved, SideState::Moved));
    let failed = Look::without_end(Occasion::new(9002.into(), Trigger::Retry(2), ago(50)), NextLook::Parked);
    let mut done = look(9003, 200, &[("notice", "unchanged", None)]);
    (done.state, done.template_type) = (Some("signed".to_owned()), Some(8.into()));
    done.document = Some(("attached".to_owned(), None));
    for look in [done, failed, held] {
        journal(&state).record(&look).await.unwrap();
    }
    (home, state)
}

fn value(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {}{}", ended.out, ended.err))
}

#[tokio::test]
async fn contracts_list_shows_where_each_stands_the_last_one_first() {
    let (home, _) = three().await;
    let ended = home.run(&["contracts", "list"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
 contract  state    candidate  last look                    fields and document                       left                             next look
 9001      pending  4711       3 hours ago, a notification  1 written, 2 held; document not due       conflict-held, first-sight-held  none
 9002               none       2 days ago, retry 2                                                    took-too-long                    none
 9003      signed   4711       8 days ago, a notification   1 unchanged; document attached                                             none

3 contracts match.
";
    let words = |text: &str| {
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(words(&ended.out), words(expected), "{}", ended.out);
    let none = home.run(&["contracts", "list", "--state", "draft"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "no contract matches\n"));
}

#[tokio::test]
async fn contracts_list_as_json_takes_each_filter_of_the_page() {
    let (home, state) = three().await;
    for (filter, contracts) in [
        (&[][..], &[9001, 9002, 9003][..]),
        (&["--outcome", "held"], &[9001]),
        (&["--outcome", "unchanged"], &[9003]),
        (&["--reason", "first-sight-held"], &[9001]),
        (&["--state", "signed"], &[9003]),
        (&["--template-type", "7"], &[9001]),
        (&["--age", "within-24h"], &[9001]),
        (&["--age", "before-24h"], &[9002, 9003]),
        (&["--age", "before-7d", "--outcome", "held"], &[]),
    ] {
        let ended = home.run(&[&["contracts", "list", "--json"], filter].concat()).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{filter:?}");
        let listed = value(&ended);
        let ids: Vec<i64> = listed["contracts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["contract"].as_i64().unwrap())
            .collect();
        assert_eq!(ids, contracts, "{filter:?}");
        assert_eq!((&listed["count"], &listed["is_more"]), (&json!(ids.len()), &json!(false)));
    }
    state.work().enqueue(vec![ContractId::new(9001).into()], Trigger::ByHand).await.unwrap();
    let ended = home.run(&["contracts", "list", "--json", "--limit", "1"]).await;
    let listed = value(&ended);
    let first = &listed["contracts"][0];
    assert_eq!(first["next"]["state"], "due");
    assert!(first["next"]["at"].is_string() && first["looked_at"].is_string(), "{first}");
    let mut rest = first.clone();
    for time in ["next", "looked_at"] {
        rest.as_object_mut().unwrap().remove(time);
    }
    let expected = json!({
        "contract": 9001, "candidate": "4711", "state": "pending", "template_type": 7,
        "trigger": "notification", "failures": null, "last_change": null,
        "fields": { "written": 1, "unchanged": 0, "held": 2, "skipped": 0, "failed": 0 },
        "document": { "outcome": "not_due", "reason": "not-signed-yet" },
        "reasons": ["conflict-held", "first-sight-held"],
        "drifts_since": null, "left_alone_since": null,
    });
    assert_eq!(rest, expected);
}

/// The command line that a list names for what comes behind it, as a shell takes it apart.
fn next(out: &str) -> Option<Vec<String>> {
    let line = out.lines().find_map(|line| line.strip_suffix("` shows the next ones."))?;
    let words = line.strip_prefix("`smartsync ").unwrap();
    let (before, quoted) =
        words.split_once(" '").map_or((words, None), |(before, word)| (before, Some(word)));
    let quoted = quoted.map(|word| word.strip_suffix('\'').unwrap().replace(r"'\''", "'"));
    Some(before.split(' ').map(str::to_owned).chain(quoted).collect())
}

#[tokio::test]
async fn a_list_names_the_command_that_goes_on_behind_it() {
    let (home, _) = three().await;
    for (first, found) in [
        (&["contracts", "list", "--limit", "1", "--age", "before-24h"][..], &["9002", "9003"][..]),
        (&["held", "--limit", "1"], &["oneflow-city", "oneflow-salary"]),
    ] {
        let mut ended = home.run(first).await;
        for (place, found) in found.iter().enumerate() {
            assert_eq!((ended.code, ended.err.as_str()), (0, ""));
            assert!(ended.out.contains(found), "{found}: {}", ended.out);
            let next = next(&ended.out);
            assert_eq!(next.is_some(), place == 0, "{}", ended.out);
            let Some(next) = next else { continue };
            ended = home.run(&next.iter().map(String::as_str).collect::<Vec<_>>()).await;
        }
    }
    let no_place = home.run(&["contracts", "list", "--after", "9001"]).await;
    assert!(no_place.code == 1 && no_place.err.contains("that is no place in this list"), "{}", no_place.err);
}

#[tokio::test]
async fn held_lists_each_field_and_tells_a_blank_that_was_filled_in_from_a_value_that_was_changed() {
    let (home, state) = three().await;
    let ended = home.run(&["held"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = "\
 held since   contract  candidate  field                            what happened                                why
 3 hours ago  9001      4711       oneflow-city -> custom:city      The participant changed a prefilled value.  [1]
 3 hours ago  9001      4711       oneflow-salary -> custom:salary  The participant filled in a blank.          [2]

 [1] The field was changed on both sides; someone has to decide which value is right.
";
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&ended.out).starts_with(&words(expected)), "{}", ended.out);
    let plan = "0a".repeat(32);
    let told = format!("\n2 fields are held.\n\nplan of 9001\n{plan}\n\n`smartsync resolve CONTRACT FIELD");
    assert!(ended.out.contains(&told), "each contract has its plan, once: {}", ended.out);

    let ended = home.run(&["held", "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let listed = value(&ended);
    assert_eq!(
        (&listed["count"], &listed["is_more"], &listed["after"]),
        (&json!(2), &json!(false), &Value::Null)
    );
    let first = &listed["fields"][0];
    let expected = json!({
        "contract": 9001, "candidate": "4711", "oneflow": "oneflow-city", "teamtailor": "custom:city",
        "reason": "conflict-held",
        "sentence": "The field was changed on both sides; someone has to decide which value is right.",
        "edit": "changed", "since": first["since"], "looked_at": first["since"], "plan": "0a".repeat(32),
        "may_be_decided": true,
    });
    assert_eq!(first, &expected);
    assert_eq!(listed["fields"][1]["edit"], "filled_in");

    let status = home.run(&["status"]).await;
    assert!(status.out.contains("\nheld              2 fields\n"), "{}", status.out);
    journal(&state).record(&look(9001, 0, &[("city", "written", None)])).await.unwrap();
    let none = home.run(&["held"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "no field is held\n"));
}

#[tokio::test]
async fn intake_counts_what_came_in_and_what_became_of_it() {
    let (home, state) = three().await;
    let overview = state.overview(&Tenant::default());
    let counts =
        [(Tallied::NotificationAccepted, 5), (Tallied::RefusedSignature, 2), (Tallied::DelayHour, 1)];
    overview.tally(ago(1), &counts).await.unwrap();
    overview.tally(ago(100), &[(Tallied::NotificationAccepted, 7)]).await.unwrap();
    let ended = home.run(&["intake"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let lines: Vec<String> =
        ended.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "last notification none",
        "last sweep none",
        "notifications 24 hours 30 days",
        "accepted 5 12",
        "refused: not signed with our key 2 2",
        "found by a pass over all contracts, without a notification 0 0",
        "an hour or less 1 1",
        "left something 1 1",
        "held 2 2",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line}: {}", ended.out);
    }
    let ended = home.run(&["intake", "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let counted = value(&ended);
    assert_eq!(
        (&counted["day"]["notification-accepted"], &counted["month"]["notification-accepted"]),
        (&json!(5), &json!(12))
    );
    assert_eq!(counted["day"].as_object().unwrap().len(), Tallied::ALL.len(), "what was not counted is 0");
    let (hours, days) = (counted["hours"].as_array().unwrap(), counted["days"].as_array().unwrap());
    assert_eq!((hours.len(), days.len()), (24, 30));
    let in_hours: u64 =
        hours.iter().filter_map(|hour| hour["counts"]["notification-accepted"].as_u64()).sum();
    assert_eq!(in_hours, 5);
}

#[tokio::test]
async fn without_a_database_no_view_is_shown_and_none_is_made() {
    let home = home();
    for view in [&["held"][..], &["intake"], &["contracts", "list"], &["contracts", "look", "--all", "--yes"]]
    {
        let ended = home.run(view).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""));
        assert!(ended.err.starts_with("error: the database "), "{}", ended.err);
        assert!(!home.database().exists());
    }
}

#[tokio::test]
async fn each_tenant_has_its_own_lists_and_a_place_is_in_one_of_them() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::of_tenants(&[("acme-se", &services), ("acme-no", &services)]);
    let state = state(&home);
    let north = state.journal(&"acme-no".parse().unwrap());
    for contract in [9001, 9002] {
        north.record(&look(contract, 1, &[("city", "held", Some("conflict-held"))])).await.unwrap();
    }
    for (list, rows) in [(&["contracts", "list"][..], "contracts"), (&["held"], "fields")] {
        let all = value(&home.run(&[list, &["--json"]].concat()).await);
        assert_eq!((&all[0]["tenant"], &all[1]["tenant"]), (&json!("acme-se"), &json!("acme-no")));
        let count = |place: usize| all[place]["result"][rows].as_array().unwrap().len();
        assert_eq!((count(0), count(1)), (0, 2), "{all}");
        let page = home.run(&[list, &["--limit", "1", "--tenant", "acme-no"]].concat()).await;
        let command = format!("`smartsync {} --tenant acme-no --after ", list.join(" "));
        assert!(page.out.contains(&command), "{}", page.out);
    }
    for arguments in [
        &["contracts", "look", "--all", "--yes"][..],
        &["contracts", "list", "--after", "1930000000000.9001"],
        &["held", "--after", r#"[1930000000000,9001,"a","b"]"#],
    ] {
        let ended = home.run(arguments).await;
        assert!(ended.code == 1 && ended.err.contains("has several tenants"), "{}", ended.err);
    }
}

#[tokio::test]
async fn contracts_look_has_a_server_look_again_at_all_that_match_and_waits_for_it() {
    let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
    let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str())
        .with_contracts_of_others(&services);
    let (candidate, contract) = sent_contract(&services, 1);
    let server = home.serve().await;
    assert_eq!(post(&server.url, notification("one", contract.into())).await, 200);
    let journal = journal(&state(&home));
    let looks = async || journal.looks(contract.into(), 10).await.unwrap();
    until("it is looked at", async || looks().await.len() == 1).await;
    services.sandbox().fill_data_field(contract, "oneflow-notice", "3 months").unwrap();

    let no_terminal = home.run(&["contracts", "look", "--all"]).await;
    let question = "error: Number of contracts that match: 1. Have a server look at them again? There is no terminal to ask on\n next: looking again at contracts requires `--yes`\n";
    assert_eq!((no_terminal.code, no_terminal.out.as_str(), no_terminal.err.as_str()), (1, "", question));
    // Nothing but the database tells the server, which has nothing to do by now and looks by itself after a minute. A second is how often it sees whether
    // somebody wrote there; the rest is for a machine with much else to do.
    let (asked, promptly) = (Instant::now(), Duration::from_secs(20));
    let ended = home.run(&["contracts", "look", "--state", "pending", "--yes"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(ended.out, "1 contract was looked at again\n");
    assert_eq!(notice(&services, &candidate).as_deref(), Some("3 months"));
    assert!(asked.elapsed() < promptly, "{:?}", asked.elapsed());

    let asked = Instant::now();
    let ended = home.run(&["contracts", "look", "--all", "--yes", "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(asked.elapsed() < promptly, "{:?}", asked.elapsed());
    let expected = json!({ "count": 1, "is_more": false, "looked_at": 1, "is_stopped": false });
    assert_eq!(value(&ended), expected);
    assert!(looks().await.len() >= 3);
    let none = home.run(&["contracts", "look", "--state", "draft"]).await;
    assert_eq!((none.code, none.out.as_str()), (0, "no contract matches\n"));
    let which = home.run(&["contracts", "look", "--yes"]).await;
    assert!(which.code == 1 && which.err.contains("--all"), "it says which: {}", which.err);
}

fn piped(home: &Home, arguments: &[&str]) -> Child {
    home.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn output(process: Child) -> Output {
    timeout(Duration::from_secs(30), process.wait_with_output()).await.expect("the process ends").unwrap()
}

#[tokio::test]
async fn looking_again_can_be_stopped_and_needs_a_server() {
    let (home, state) = three().await;
    let alone = home.run(&["contracts", "look", "--all", "--yes"]).await;
    let expected = "error: no server is running, which would look at them\n next: start one with `smartsync serve`; or run `smartsync sync`, which needs none\n";
    assert_eq!((alone.code, alone.out.as_str(), alone.err.as_str()), (1, "", expected));

    // A server that looks at nothing.
    let serving = state.serve().await.unwrap();
    for (name, code) in ending_signals() {
        let process = piped(&home, &["contracts", "look", "--all", "--yes"]);
        let waiting = async || journal(&state).status(Timestamp::now()).await.unwrap().waiting;
        until("they are asked for", async || waiting().await == 3).await;
        signal(&process, name).await;
        let ended = output(process).await;
        assert_eq!(ended.status.code(), Some(code), "{name}");
        let stopped = format!(
            "SIG{} stopped it: no more are asked for, and those that wait are still looked at\n0 contracts were looked at again\n",
            &name[1..]
        );
        assert_eq!(String::from_utf8(ended.stdout).unwrap(), stopped);
        rusqlite::Connection::open(home.database()).unwrap().execute("DELETE FROM waiting", []).unwrap();
    }
    drop(serving);
}
