//! What others have met and the documentation does not say.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use smartsync_sandbox::{Sandbox, SandboxSettings};

use crate::support::{Got, oneflow, sandbox, teamtailor};

fn status(sandbox: &Sandbox, target: &str) -> u16 {
    teamtailor(sandbox, Method::GET, target, None).status
}

#[test]
fn a_list_of_candidates_with_their_values_may_fail_and_the_rest_does_not() {
    let calm = sandbox();
    assert_eq!(status(&calm, "/candidates?include=custom-field-values"), 200);
    let failing = Sandbox::new(SandboxSettings::new().candidate_lists_with_values_fail(true));
    for include in ["custom-field-values", "custom-field-values.custom-field", "uploads,custom-field-values"]
    {
        assert_eq!(status(&failing, &format!("/candidates?include={include}")), 500, "{include}");
    }
    assert_eq!(status(&failing, "/candidates"), 200);
    assert_eq!(status(&failing, "/candidates?include=uploads"), 200);
    assert_eq!(status(&failing, "/candidates/4711?include=custom-field-values"), 200);
    assert_eq!(status(&failing, "/candidates/4711/custom-field-values"), 200);
}

#[test]
fn webhooks_may_be_a_bare_array() {
    let list = |sandbox: &Sandbox| {
        let webhook = json!({ "callback_url": "https://hooks.example.test" });
        assert_eq!(oneflow(sandbox, Method::POST, "/webhooks", Some(webhook)).status, 200);
        oneflow(sandbox, Method::GET, "/webhooks", None).json
    };
    let page = list(&sandbox());
    assert_eq!((&page["count"], page["data"].as_array().unwrap().len()), (&json!(1), 1));
    let bare = list(&Sandbox::new(SandboxSettings::new().bare_webhook_list(true)));
    assert_eq!(bare, page["data"]);
}

fn move_to(sandbox: &Sandbox, stage: &str) -> Got {
    let application = sandbox.seeded().job_application;
    let body = json!({ "data": {
        "type": "job-applications",
        "id": application,
        "relationships": { "stage": { "data": { "type": "stages", "id": stage } } },
    } });
    teamtailor(sandbox, Method::PATCH, &format!("/job-applications/{application}?include=stage"), Some(body))
}

/// The stage, when it was changed, and how many applications are listed in the second stage.
fn seen(sandbox: &Sandbox) -> (Value, Value, usize) {
    let seeded = sandbox.seeded();
    let application = teamtailor(
        sandbox,
        Method::GET,
        &format!("/job-applications/{}?include=stage", seeded.job_application),
        None,
    )
    .json;
    let stage = &seeded.stages[1];
    let listed = teamtailor(sandbox, Method::GET, &format!("/stages/{stage}/job-applications"), None).json;
    let data = &application["data"];
    (
        data["relationships"]["stage"]["data"]["id"].clone(),
        data["attributes"]["changed-stage-at"].clone(),
        listed["data"].as_array().unwrap().len(),
    )
}

#[test]
fn a_move_to_another_stage_shows_only_later() {
    let sandbox = Sandbox::new(SandboxSettings::new().stage_delay(Duration::from_secs(30)));
    let stages = sandbox.seeded().stages;
    let before = seen(&sandbox);
    assert_eq!((&before.0, before.2), (&json!(stages[0]), 0));
    let moved = move_to(&sandbox, &stages[1]);
    assert_eq!(moved.status, 200);
    assert_eq!(moved.json["data"]["relationships"]["stage"]["data"]["id"], json!(stages[0]));
    sandbox.advance(Duration::from_secs(29));
    assert_eq!(seen(&sandbox), before);
    sandbox.advance(Duration::from_secs(1));
    let after = seen(&sandbox);
    assert_eq!((&after.0, after.2), (&json!(stages[1]), 1));
    assert_ne!(after.1, before.1);

    // Moved back before the next move shows: only the last one ever does.
    move_to(&sandbox, &stages[2]);
    sandbox.advance(Duration::from_secs(10));
    move_to(&sandbox, &stages[1]);
    sandbox.advance(Duration::from_secs(25));
    assert_eq!(seen(&sandbox).0, json!(stages[1]));
    sandbox.advance(Duration::from_secs(10));
    assert_eq!(seen(&sandbox).0, json!(stages[1]));
}

#[test]
fn without_the_switch_a_move_shows_at_once() {
    let sandbox = sandbox();
    let stages = sandbox.seeded().stages;
    let moved = move_to(&sandbox, &stages[1]);
    assert_eq!(moved.json["data"]["relationships"]["stage"]["data"]["id"], json!(stages[1]));
    assert_eq!(seen(&sandbox).0, json!(stages[1]));
}
