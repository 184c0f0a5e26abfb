//! The demo tells a true story, and fails when any part of it is broken.

use std::time::{Duration, Instant};

use smartsync::demo::{self, DemoError, DemoSettings, Mishap};

use crate::home::Home;

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
    assert_eq!(after.uploads, [format!("Employment of Ann Sample ({}).pdf", story.contract)]);

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
    assert!(story.reports.iter().any(|report| report.count("written") > 0));
}

#[tokio::test]
async fn every_broken_stage_makes_the_story_fail() {
    let patience = Duration::from_millis(1500);
    for mishap in
        [Mishap::WrongKey, Mishap::WrongSignKey, Mishap::NoLink, Mishap::MissingField, Mishap::NoFile]
    {
        let mut settings = DemoSettings::default();
        settings.patience = patience;
        settings.mishap = Some(mishap);
        let error = demo::run(settings).await.expect_err("the story cannot end well");
        let (expected, missing): (fn(&DemoError) -> bool, &[&str]) = match mishap {
            Mishap::WrongKey => (|error| matches!(error, DemoError::Create(_)), &[]),
            Mishap::WrongSignKey => (is_card, &["oneflow-salary", "oneflow-notice", "document"]),
            Mishap::NoLink => (is_card, &["email", "oneflow-salary", "oneflow-notice", "document"]),
            Mishap::MissingField => (is_card, &["oneflow-notice"]),
            Mishap::NoFile => (is_card, &["document"]),
        };
        assert!(expected(&error), "{mishap:?}: {error:?}");
        for part in missing {
            assert!(error.to_string().contains(part), "{mishap:?}: {error}");
        }
    }
}

fn is_card(error: &DemoError) -> bool {
    matches!(error, DemoError::Card(_))
}

#[tokio::test]
async fn the_command_ends_well_within_five_seconds_and_prints_the_story() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    let start = Instant::now();
    let ended = home.run(&["demo"]).await;
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(start.elapsed() < Duration::from_secs(5));
    for part in [
        "42000",
        "45500",
        "3 months",
        "(9001).pdf",
        "POST /v1/uploads",
        "make the contract, filled in",
        "written",
    ] {
        assert!(ended.out.contains(part), "{part}\n{}", ended.out);
    }
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
