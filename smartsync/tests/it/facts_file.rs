//! `smartsync facts`, and the file of what was found out about the two services.

use std::fs;

use serde_json::{Value, json};
use smartsync::config::{
    AnswerFault, FactService, FactState, FactsFile, FoundAnswer, facts_file_of, read_facts, save_facts,
};

use crate::support::Home;

const MADE: &str = "2031-03-03T09:00:00Z";

fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

fn answer(service: FactService, fact: &str, answer: &str) -> FoundAnswer {
    FoundAnswer::new(service, fact, answer, "3 items of this form")
}

fn found() -> FactsFile {
    let answers = vec![
        answer(FactService::Oneflow, "webhook-list", "array"),
        answer(FactService::Teamtailor, "rate-headers", "live"),
    ];
    FactsFile::new(MADE.parse().unwrap(), answers).unwrap()
}

/// The line of a table that begins with this fact, with one blank between two words.
fn row(text: &str, fact: &str) -> String {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.into_iter().find(|line| line.starts_with(fact)).unwrap()
}

#[tokio::test]
async fn facts_lists_what_is_assumed_and_what_was_found_out() {
    let home = home();
    let ended = home.run(&["facts"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.starts_with("smartsync-facts.json is not there: nothing is known"), "{}", ended.out);
    assert!(ended.out.contains("0 confirmed, 0 refuted, ") && !ended.out.contains("why little is lost"));
    assert!(row(&ended.out, "webhook-list ").starts_with("webhook-list unknown assumed: page Whether"));

    save_facts(&found(), &home.folder().join("smartsync-facts.json")).unwrap();
    let ended = home.run(&["facts"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(ended.out.starts_with("smartsync-facts.json, found out at 2031-03-03T09:00:00Z\n\noneflow\n"));
    assert!(row(&ended.out, "webhook-list ").starts_with("webhook-list refuted array Whether"));
    let (oneflow, teamtailor) = ended.out.split_once("\nteamtailor\n").unwrap();
    assert!(row(oneflow, "rate-headers ").starts_with("rate-headers unknown assumed: none"));
    assert!(row(teamtailor, "rate-headers ").starts_with("rate-headers confirmed live"));
    let (_, refuted) = teamtailor.split_once(" refuted ").unwrap();
    assert!(row(refuted, "webhook-list ").contains("An array, as one program reads it."), "{refuted}");
    assert!(refuted.contains("1 confirmed, 1 refuted, "), "{refuted}");
}

#[tokio::test]
async fn facts_as_json_has_everything_that_is_known_of_each() {
    let home = home();
    let file = home.folder().join("found.json");
    save_facts(&found(), &file).unwrap();
    let ended = home.run(&["facts", "--json", "--facts", "found.json"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let shown: Value = serde_json::from_str(&ended.out).unwrap();
    let all = shown["facts"].as_array().unwrap();
    assert_eq!((&shown["file"], &shown["made"]), (&json!("found.json"), &json!(MADE)));
    assert_eq!((&shown["confirmed"], &shown["refuted"]), (&json!(1), &json!(1)));
    assert_eq!(shown["unknown"], all.len() - 2);
    let of = |service: &str, fact: &str| {
        all.iter().find(|line| line["service"] == service && line["fact"] == fact).unwrap()
    };
    let refuted = of("oneflow", "webhook-list");
    let of_file = FactService::Oneflow.facts().unwrap();
    let fact = of_file.get("webhook-list").unwrap();
    assert_eq!(
        refuted,
        &json!({
            "service": "oneflow",
            "fact": "webhook-list",
            "says": fact.says,
            "assumed": "page",
            "state": "refuted",
            "answer": "array",
            "means": "An array, as one program reads it.",
            "seen": "3 items of this form",
            "harmless": fact.harmless,
            "buys": fact.buys,
            "probe": fact.probe.sentence(),
            "where": fact.leans_on_it,
        })
    );
    let unknown = of("teamtailor", "upload-fetch");
    assert_eq!((&unknown["state"], &unknown["answer"]), (&json!("unknown"), &Value::Null));
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_refused_with_a_remedy() {
    let home = home();
    let file = home.folder().join("smartsync-facts.json");
    let good = serde_json::to_string(&found()).unwrap();
    for (from, to, says, next) in [
        ("webhook-list", "webhook-secret", "answer 1 of", "remove this answer"),
        ("\"array\"", "\"secret\"", "answer 1 of", "remove this answer"),
        (
            "\"version\":1",
            "\"version\":2",
            "format version 2; this program reads version 1",
            "delete the file",
        ),
        ("\"seen\"", "\"secrets\"", "unknown field `secrets`", "correct the file"),
        ("\"teamtailor\"", "\"secret\"", "unknown variant (not shown)", "correct the file"),
    ] {
        assert!(good.contains(from), "{from}");
        fs::write(&file, good.replacen(from, to, 1)).unwrap();
        let ended = home.run(&["facts"]).await;
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{from}");
        assert!(ended.err.contains(says) && ended.err.contains(next), "{}", ended.err);
        assert!(!ended.err.contains("secret\"") && !ended.err.contains("webhook-secret"), "{}", ended.err);
    }
}

#[test]
fn an_answer_that_is_of_no_use_makes_no_file() {
    let make = |answers| FactsFile::new(MADE.parse().unwrap(), answers).map(|_| ());
    let one = || answer(FactService::Oneflow, "webhook-list", "page");
    assert_eq!(make(vec![one()]), Ok(()));
    assert_eq!(make(vec![one(), one()]), Err(AnswerFault::Twice));
    // Both services have a fact of this name.
    let limits = FactService::ALL.map(|service| {
        let facts = service.facts().unwrap();
        answer(service, "rate-headers", &facts.get("rate-headers").unwrap().assumed)
    });
    assert_eq!(make(limits.into()), Ok(()));
    let of_another = answer(FactService::Teamtailor, "webhook-list", "page");
    assert_eq!(make(vec![one(), of_another]), Err(AnswerFault::UnknownFact));
    let other_answer = answer(FactService::Oneflow, "webhook-list", "heap");
    assert_eq!(make(vec![other_answer]), Err(AnswerFault::UnknownAnswer));
}

#[test]
fn what_was_saved_is_read_again_and_each_tenant_has_a_file_of_its_own() {
    let home = home();
    let tenant = "acme-se".parse().unwrap();
    let (own, other) = (facts_file_of(&home.file(), None), facts_file_of(&home.file(), Some(&tenant)));
    assert_eq!(read_facts(&own).unwrap(), None);
    save_facts(&found(), &own).unwrap();
    assert_eq!(read_facts(&own).unwrap().as_ref(), Some(&found()));
    assert_eq!(read_facts(&other).unwrap(), None);
    assert!(other.ends_with("smartsync-facts-acme-se.json"), "{}", other.display());
    assert_eq!(found().state(FactService::Teamtailor, "rate-headers"), FactState::Confirmed);
    assert_eq!(found().state(FactService::Teamtailor, "webhook-list"), FactState::Unknown);
}
