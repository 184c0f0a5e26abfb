//! A hostile participant gets nowhere, and what it tried is told.

use smartsync::drill::{DrillSettings, run};

use crate::support::Home;

fn of_runs(runs: u64) -> DrillSettings {
    let mut settings = DrillSettings::default();
    settings.runs = runs;
    settings
}

#[test]
fn nothing_happens_that_must_not_and_every_deed_is_told_with_what_came_of_it() {
    let findings = run(of_runs(60)).unwrap();
    assert!(findings.is_clean(), "{:?}", findings.first);
    assert_eq!((findings.runs, findings.with_database), (60, 6));
    assert!(findings.looks > 600, "{}", findings.looks);
    for deed in [
        "hands over to another's address",
        "takes another's address",
        "brings in another's address",
        "plants a file",
        "types a hostile text",
        "edits an identity field",
        "types another candidate's details",
        "copies a link token",
        "forges a signature",
        "names another contract in a notification",
        "an unsafe configuration",
        "the program breaks out",
    ] {
        let ends = findings.deeds.get(deed);
        assert!(ends.is_some_and(|ends| ends.values().sum::<u64>() > 0), "{deed}");
    }
    // It is no drill if what is typed never gets as far as a card.
    let ends = &findings.deeds["an ordinary edit"];
    assert!(ends.get("written").is_some_and(|count| *count >= 10), "{ends:?}");
}

#[test]
fn a_seed_is_the_same_each_time_with_the_database_and_without() {
    for seed in [3, 10] {
        let mut settings = DrillSettings::default();
        settings.seed = Some(seed);
        let first = run(settings).unwrap();
        assert_eq!((first.runs, first.with_database), (1, u64::from(seed == 10)));
        assert!(first.steps.len() > 20);
        assert_eq!(first, run(settings).unwrap());
    }
}

#[tokio::test]
async fn the_command_counts_and_ends_with_0() {
    // It needs no configuration: what is in this one is never asked.
    let home = Home::new("http://127.0.0.1:1", "http://127.0.0.1:1");
    let ran = home.run(&["drill", "--runs", "3", "--json"]).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&json["runs"], &json["broken"], &json["first"]),
        (&3.into(), &serde_json::json!({}), &serde_json::Value::Null)
    );
    // No run is no proof.
    let ran = home.run(&["drill", "--runs", "0"]).await;
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    let ran = home.run(&["drill", "--seed", "2"]).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.ends_with("No rule was broken.\n"), "{}", ran.out);
    let mut settings = DrillSettings::default();
    settings.seed = Some(2);
    let steps = run(settings).unwrap().steps;
    assert!(steps.len() > 10 && steps.iter().all(|step| ran.out.contains(step)), "{}", ran.out);
}
