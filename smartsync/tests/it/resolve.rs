//! `smartsync resolve`: a person decides which side of a held field is right.

use std::{process::Stdio, sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};
#[cfg(target_os = "linux")]
use smartsync::{ContractId, Inbox, Store};
use smartsync_sandbox::{HttpSandbox, SandboxSettings};
#[cfg(target_os = "linux")]
use tokio::time::timeout;

use crate::support::{Ended, Home, slow_to_write, until};
#[cfg(target_os = "linux")]
use crate::support::{ending_signals, listens, signal};

const SALARY: &str = "custom:oneflow-salary";

/// A contract that was made and sent for the sample candidate. Both sides had 42000; the participant says 50000, the recruiter 60000.
struct Office {
    services: HttpSandbox,
    home: Home,
    contract: String,
}

impl Office {
    async fn open() -> Self {
        let services = HttpSandbox::start(SandboxSettings::new()).await.unwrap();
        let home = Home::new(services.oneflow_url().as_str(), services.teamtailor_url().as_str());
        home.append(
            "\n[sync]\nconvention = false\ndocument = { attach = false }\n[[field]]\noneflow = \"oneflow-salary\"\n\
             teamtailor = \"custom:oneflow-salary\"\non_conflict = \"hold\"\n",
        );
        let seeded = services.sandbox().seeded();
        let (template, workspace) = (seeded.template.to_string(), seeded.workspace.to_string());
        let what =
            ["create", "--candidate", &seeded.candidate, "--template", &template, "--publish", "--json"];
        let made = home.run(&[&what[..], &["--workspace", &workspace]].concat()).await;
        let made: Value = serde_json::from_str(&made.out).unwrap();
        let office = Self { services, home, contract: made["contract"].to_string() };
        office.services.sandbox().advance(Duration::from_secs(600));
        office.fills("50000");
        office.types("60000");
        office
    }

    fn fills(&self, salary: &str) {
        let contract = self.contract.parse().unwrap();
        self.services.sandbox().fill_data_field(contract, "oneflow-salary", salary).unwrap();
    }

    fn types(&self, salary: &str) {
        let candidate = self.services.sandbox().seeded().candidate;
        self.services.sandbox().edit_custom_field(&candidate, "oneflow-salary", Some(salary)).unwrap();
    }

    fn salary(&self) -> Option<String> {
        let candidate = self.services.sandbox().seeded().candidate;
        self.services.sandbox().candidate_card(&candidate).unwrap().get("oneflow-salary").map(str::to_owned)
    }

    async fn resolve(&self, more: &[&str]) -> Ended {
        self.home.run(&[&["resolve", &self.contract], more].concat()).await
    }

    async fn shown(&self) -> String {
        let plan = json(&self.home.run(&["plan", &self.contract, "--json"]).await);
        plan["plan"].as_str().unwrap().to_owned()
    }

    async fn history(&self) -> Vec<Value> {
        let ended = self.home.run(&["history", &self.contract, "--json"]).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        serde_json::from_str(&ended.out).unwrap()
    }
}

fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.out).unwrap()
}

#[tokio::test]
async fn what_was_shown_is_decided_and_noted_with_who_decided_and_upon_which_plan() {
    for (take, said, salary) in [
        ("contract", "the contract's value was taken", "50000"),
        ("card", "the card's value was kept", "60000"),
    ] {
        let office = Office::open().await;
        let shown = office.shown().await;
        let ended = office.resolve(&[SALARY, "--take", take, "--plan", &shown, "--by", "Rae"]).await;
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
        assert!(ended.out.ends_with(&format!("\n{SALARY} is decided: {said}\n")), "{}", ended.out);
        assert_eq!(office.salary().as_deref(), Some(salary));

        let rows = office.history().await;
        // Before anything is written, and once it is known how it ended.
        for (row, ended) in [(&rows[2], json!(null)), (&rows[0], json!("applied"))] {
            let decided = json!({
                "field": SALARY, "take": take, "plan": shown, "by": "Rae", "ended": ended, "why": null,
            });
            assert_eq!((&row["action"], &row["decided"]), (&json!("decided"), &decided));
        }
        let look = &rows[1];
        assert_eq!((&look["action"], &look["trigger"]), (&json!(null), &json!("by_hand")));
        assert_eq!(look["fields"][0]["reason"], format!("decided-{take}"));
        let sides = json!({ "base": "value", "contract": "moved", "card": "moved" });
        assert_eq!((&look["fields"][0]["sides"], &look["fields"][0]["edit"]), (&sides, &json!("changed")));
        let text = office.home.run(&["history", &office.contract]).await.out;
        let line = format!(
            "by hand: {SALARY} decided by Rae: {}, upon plan {}\n",
            said.replace("was ", ""),
            &shown[..12]
        );
        assert!(text.contains(&line), "{text}");
        let line = format!("decision on {SALARY}, upon plan {}: carried out\n", &shown[..12]);
        assert!(text.contains(&line), "{text}");
        for value in ["42000", "50000", "60000"] {
            assert!(!text.contains(value) && !ended.out.contains(value), "no value is told");
        }
        assert_eq!(office.home.run(&["sync", &office.contract]).await.code, 0, "it does not come back");
    }
}

#[tokio::test]
async fn what_was_not_seen_is_not_written_and_the_plan_as_it_is_now_is_shown() {
    let office = Office::open().await;
    let shown = office.shown().await;
    office.types("61000");
    let stale = office.resolve(&["oneflow-salary", "--take", "contract", "--plan", &shown, "--json"]).await;
    assert_eq!(stale.code, 2, "{}", stale.err);
    let said = json(&stale);
    assert_eq!((&said["ended"], &said["why"]), (&json!("stale"), &json!(null)));
    assert_eq!(said["accounting"]["fields"][0]["reason"], "conflict-held");
    assert_ne!(said["plan"], shown);
    assert_eq!(said["plan"], said["accounting"]["plan"]);
    assert_eq!(office.salary().as_deref(), Some("61000"));
    assert!(office.history().await.iter().all(|row| row["action"] != "decided"), "nobody has decided");
    let text = office.resolve(&["oneflow-salary", "--take", "contract", "--plan", &shown]).await;
    let next = format!("decide on this one with `--plan {}`\n", said["plan"].as_str().unwrap());
    assert!(text.code == 2 && text.out.ends_with(&next), "{}", text.out);
}

#[tokio::test]
async fn one_of_two_held_fields_is_decided_with_exit_0_and_it_is_told_that_the_other_stays_held() {
    let office = Office::open().await;
    office.home.append(
        "[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\non_conflict = \"hold\"\n",
    );
    let (sandbox, candidate) = (office.services.sandbox(), office.services.sandbox().seeded().candidate);
    sandbox.fill_data_field(office.contract.parse().unwrap(), "oneflow-notice", "3 months").unwrap();
    sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("6 months")).unwrap();
    let shown = office.shown().await;

    let ended = office.resolve(&[SALARY, "--take", "contract", "--plan", &shown]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    let rows: Vec<Vec<&str>> =
        ended.out.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
    for row in [["oneflow-salary", SALARY, "written"], ["oneflow-notice", "custom:oneflow-notice", "held"]] {
        assert!(rows.iter().any(|told| told == &row), "{row:?}: {}", ended.out);
    }
    assert!(ended.out.ends_with("is decided: the contract's value was taken\n"), "{}", ended.out);
    let notice = || sandbox.candidate_card(&candidate).unwrap().get("oneflow-notice").map(str::to_owned);
    assert_eq!((office.salary().as_deref(), notice().as_deref()), (Some("50000"), Some("6 months")));

    // The other way round, as JSON: what is decided by now is no longer held.
    office.fills("51000");
    office.types("61000");
    let shown = office.shown().await;
    let ended = office.resolve(&[SALARY, "--take", "card", "--plan", &shown, "--json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let said = json(&ended);
    assert_eq!(
        (&said["field"], &said["ended"], &said["why"]),
        (&json!(SALARY), &json!("decided"), &json!(null))
    );
    let fields = said["accounting"]["fields"].as_array().unwrap();
    let notice = fields.iter().find(|field| field["oneflow"] == "oneflow-notice").unwrap();
    assert_eq!(notice["outcome"], "held", "{said}");
}

#[tokio::test]
async fn it_says_in_json_how_it_ended_and_why_nothing_was_decided() {
    let office = Office::open().await;
    let decided = office.resolve(&["oneflow-salary", "--take", "card", "--yes", "--json"]).await;
    assert_eq!((decided.code, decided.err.as_str()), (0, ""));
    let said = json(&decided);
    assert_eq!(
        (&said["contract"], &said["field"], &said["take"], &said["ended"], &said["why"]),
        (
            &json!(office.contract.parse::<i64>().unwrap()),
            &json!("oneflow-salary"),
            &json!("card"),
            &json!("decided"),
            &json!(null)
        )
    );
    assert_eq!(
        (&said["accounting"]["applied"], &said["plan"].as_str().map(str::len)),
        (&json!(true), &Some(64))
    );

    let again = office.resolve(&["oneflow-salary", "--take", "card", "--yes", "--json"]).await;
    assert_eq!(again.code, 2);
    assert_eq!(
        (&json(&again)["ended"], &json(&again)["why"]),
        (&json!("refused"), &json!("candidate-is-newer"))
    );
    let unknown = office.resolve(&["salary", "--take", "card", "--yes", "--json"]).await;
    assert_eq!(unknown.code, 1);
    assert_eq!(
        (&json(&unknown)["ended"], &json(&unknown)["why"]),
        (&json!("refused"), &json!("unknown-field"))
    );
}

#[tokio::test]
async fn a_decision_that_is_killed_before_its_write_arrives_is_told_as_such_and_can_be_made_again() {
    let office = Office::open().await;
    // For longer than all of this takes, no write comes through.
    let direct = office.services.teamtailor_url();
    let (slow, writes) = slow_to_write(direct.as_str(), Duration::from_secs(120)).await;
    let (direct, slow) = (direct.as_str().trim_end_matches('/'), slow.trim_end_matches('/'));
    office.home.replace(direct, slow);
    let mut command =
        office.home.command(&["resolve", &office.contract, SALARY, "--take", "contract", "--yes"]);
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let decisions = async || {
        let rows = office.history().await;
        rows.iter()
            .filter(|row| row["action"] == "decided")
            .map(|row| row["decided"]["ended"].clone())
            .collect()
    };
    // Killed before, it would have left nothing that nobody knows the end of.
    until("it waits for its write", async || writes.load(Ordering::SeqCst) > 0).await;
    let told: Vec<Value> = vec![json!(null)];
    process.kill().await.unwrap();
    office.home.replace(slow, direct);
    assert_eq!((office.salary().as_deref(), decisions().await), (Some("60000"), told));
    let text = office.home.run(&["history", &office.contract]).await.out;
    let line = "it is being carried out, or was broken off: how it ended is not known, and the card shows it";
    assert!(text.contains(line), "{text}");

    // As after the few minutes for which a claim lasts whose owner is gone.
    let database = rusqlite::Connection::open(office.home.database()).unwrap();
    database.execute("UPDATE waiting SET claimed_until = 0", []).unwrap();
    let looked = office.home.run(&["sync", &office.contract, "--json"]).await;
    assert_eq!(looked.code, 2, "{}", looked.err);
    assert!(looked.out.contains("cut-off-held"), "the next look plans by itself: {}", looked.out);
    assert_eq!(
        office.salary().as_deref(),
        Some("60000"),
        "and leaves it to a person, as any write of which it cannot know"
    );
    let again = office.resolve(&[SALARY, "--take", "contract", "--yes"]).await;
    assert_eq!((again.code, again.err.as_str()), (0, ""), "{}", again.out);
    assert_eq!(office.salary().as_deref(), Some("50000"));
    let ends: Vec<Value> = decisions().await;
    assert_eq!(ends, [json!("applied"), json!(null), json!(null)], "the newest first");
    let text = office.home.run(&["history", &office.contract]).await.out;
    assert_eq!(text.matches(line).count(), 1, "only of the first it is not known: {text}");
}

#[tokio::test]
async fn without_a_terminal_and_without_a_plan_nothing_is_decided() {
    let office = Office::open().await;
    let ended = office.resolve(&[SALARY, "--take", "contract"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    let question = format!(
        "error: contract {0}: oneflow-salary -> {SALARY}: held (conflict-held); last agreed on: a value; \
         contract: changed (a value was changed); card: changed. Write the value in contract {0} to {SALARY} of candidate {1}? There is no terminal to ask on\n next: deciding requires `--plan` or `--yes`\n",
        office.contract,
        office.services.sandbox().seeded().candidate
    );
    assert_eq!(ended.err, question);
    assert_eq!(office.salary().as_deref(), Some("60000"));
}

#[tokio::test]
async fn what_would_do_harm_stays_held_whatever_is_decided() {
    let office = Office::open().await;
    office.home.replace("\"custom:oneflow-salary\"", "\"pitch\"\nwhen = \"edited\"");
    office.fills("=1+1");
    for take in ["contract", "card"] {
        let refused = office.resolve(&["pitch", "--take", take, "--yes"]).await;
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(
            refused.out.contains("nothing was written: pitch: The contract's text starts like a formula"),
            "{}",
            refused.out
        );
    }
    let sandbox = office.services.sandbox();
    assert_eq!(sandbox.candidate_card(&sandbox.seeded().candidate).unwrap().get("pitch"), None);
}

/// A second one ends it at once with the same code, so it may be sent until it ends.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_signal_ends_the_wait_for_a_look_that_is_under_way() {
    let office = Office::open().await;
    let inbox = Inbox::new(Store::open(&office.home.database()).unwrap());
    let _look =
        inbox.claim(office.contract.parse::<ContractId>().unwrap()).await.unwrap().expect("nobody looks");
    for (name, code) in ending_signals() {
        let mut command =
            office.home.command(&["resolve", &office.contract, SALARY, "--take", "card", "--yes"]);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("it listens", async || listens(&process)).await;
        let status = async {
            loop {
                signal(&process, name).await;
                if let Ok(status) = timeout(Duration::from_millis(200), process.wait()).await {
                    break status.unwrap();
                }
            }
        };
        let status = timeout(Duration::from_secs(20), status).await.expect("it ends");
        assert_eq!(status.code(), Some(code));
    }
}
