//! The demo tells a true story, and fails when any part of it is broken.

use std::time::{Duration, Instant};

use smartsync::demo::{self, DemoSettings};
use smartsync_core::Outcome;
use tokio::task::JoinSet;

use crate::support::Home;

#[tokio::test]
async fn the_card_shows_both_values_and_the_document_and_nothing_else_has_changed() {
    let story = demo::run(DemoSettings::default()).await.unwrap();
    let (before, after) = (&story.before, &story.after);
    assert_eq!(before.fields, after.fields);
    assert_eq!(before.custom_fields["oneflow-salary"], "42000");
    assert_eq!(after.custom_fields["oneflow-salary"], "45500");
    assert_eq!(before.custom_fields.get("oneflow-notice"), None);
    assert_eq!(after.custom_fields["oneflow-notice"], "3 months");
    assert_eq!(after.custom_fields.len(), before.custom_fields.len() + 1);
    let [file] = after.uploads.as_slice() else { panic!("{:?}", after.uploads) };
    let name = format!("Employment of Ann Sample ({}) ", story.contract);
    let mark = file.strip_prefix(&name).and_then(|rest| rest.strip_suffix(".pdf")).unwrap();
    let is_hexadecimal = mark.bytes().all(|digit| digit.is_ascii_hexdigit());
    assert!(mark.len() == 16 && is_hexadecimal, "the keys of a demo are new each time: {file}");

    let count =
        |operation: &str| story.requests.iter().filter(|request| request.operation == operation).count();
    assert_eq!(count("create_contract"), 1);
    assert_eq!(count("create_upload"), 1);
    assert_eq!(count("create_custom_field_value") + count("update_custom_field_value"), 2, "each value once");
    assert_eq!(count("update_candidate"), 0, "no default field has changed");
    assert!(
        story.requests.iter().all(|request| request.purpose() != request.operation),
        "each has a purpose in words"
    );
    assert!(story.reports.iter().any(|report| report.count(|outcome| outcome == Outcome::Written) > 0));
}

/// Each stage, and what the error says.
const BROKEN: &[(&str, &[&str])] = &[
    ("wrong-key", &["the contract was not created: teamtailor.", "401"]),
    (
        "wrong-sign-key",
        &["`oneflow-salary` has another", "`oneflow-notice` has another", "the signed document is missing"],
    ),
    (
        "no-link",
        &[
            "`email` has another",
            "`oneflow-salary` has another",
            "`oneflow-notice` has another",
            "the signed document",
        ],
    ),
    ("missing-field", &["card is not as expected: `oneflow-notice` has another value\n"]),
    ("no-file", &["card is not as expected: the signed document is missing\n"]),
];

#[tokio::test]
async fn every_broken_stage_makes_the_command_fail() {
    let mut stages = JoinSet::new();
    for (stage, expected) in BROKEN {
        stages.spawn(async move {
            let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
            let ended = home.run(&["demo", "--break", stage]).await;
            assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{stage}");
            for part in *expected {
                assert!(ended.err.contains(part), "{stage}: {part}\n{}", ended.err);
            }
        });
    }
    stages.join_all().await;
}

#[tokio::test]
async fn the_command_ends_well_within_five_seconds_and_prints_the_story() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let start = Instant::now();
    let ended = home.run(&["demo"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(start.elapsed() < Duration::from_secs(5));
    for part in ["42000", "45500", "3 months", "(9001) ", "POST /v1/uploads", "make the contract", "written"]
    {
        assert!(ended.out.contains(part), "{part}\n{}", ended.out);
    }
    assert!(ended.out.lines().all(|line| line.len() <= 80), "{}", ended.out);
}

#[tokio::test]
async fn the_command_tells_the_story_as_json_too() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let ended = home.run(&["demo", "--json"]).await;
    assert_eq!(ended.code, 0, "{}", ended.err);
    let story: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(story["after"]["custom_fields"]["oneflow-salary"], "45500");
    assert_eq!(story["requests"][0]["operation"], "list_webhooks");
}
