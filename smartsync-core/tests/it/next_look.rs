//! What changes between a plan and its application is an outcome, and the next look finds the right end.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde_json::json;
use smartsync_core::{
    Clock, DocumentOutcome, Ledger, LedgerEntry, Next, Outcome, Reason, Report, Retry,
    candidate::CandidateField,
};
use smartsync_sandbox::{CandidateSeed, SandboxSettings};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    stage::{
        DEFINITIONS, IDA, MARKED, Noon, OPTIONS, Stage, VALUE, candidate, cold, contract, redirect, summary,
        token, validation_error, value, written_back,
    },
    story::Story,
};

fn retry() -> Next {
    Next::Retry(Retry::default())
}

/// `oneflow-notice written`, of one field.
fn line(report: &Report, data_field: &str) -> String {
    let field = report.outcomes.iter().find(|field| field.data_field == data_field).unwrap();
    summary(std::slice::from_ref(field)).remove(0)
}

async fn story() -> Story {
    Story::begin(SandboxSettings::new()).await
}

#[tokio::test]
async fn an_address_that_is_taken_is_written_once_it_is_free() {
    let mut story = story().await;
    let mapping = written_back(&[("email", "email"), ("last-name", "last_name")]);
    story.map(toml::from_str(&mapping).unwrap());
    assert!(story.sync().await.is_complete(), "it knows the custom fields by now");
    let other = story.sandbox.add_candidate(CandidateSeed::new("new@example.com")).unwrap();
    story.sandbox.fill_data_field(story.contract, "email", "new@example.com").unwrap();
    story.sandbox.fill_data_field(story.contract, "last-name", "Newname").unwrap();
    let report = story.sync().await;
    assert_eq!(line(&report, "email"), "email failed email-taken");
    assert_eq!(line(&report, "last-name"), "last-name written");
    assert_eq!(story.field("last-name").as_deref(), Some("Newname"));
    assert_eq!(
        story.requests(),
        (2, 6),
        "one update more, without the address, each behind a last look at the card"
    );

    let report = story.sync().await;
    assert_eq!(line(&report, "email"), "email failed email-taken", "it stays so while it is taken");
    assert_eq!(line(&report, "last-name"), "last-name unchanged");
    assert_eq!(story.requests(), (1, 4));

    story.sandbox.edit_candidate(&other, "email", Some("other@example.com")).unwrap();
    let report = story.sync().await;
    assert_eq!(line(&report, "email"), "email written");
    assert!(report.is_complete());
    assert_eq!(story.field("email").as_deref(), Some("new@example.com"));
}

#[tokio::test]
async fn a_data_field_that_is_mapped_elsewhere_is_at_first_sight() {
    let fields = [("city", "Oslo")];
    let mapping = |target: &str| {
        format!(
            "sync.convention = false\nsync.document.attach = false\n[[field]]\noneflow = \"city\"\nteamtailor = \"{target}\"\nwhen = \"edited\""
        )
    };
    let body = || contract("pending", &token("4711", "hire-1"), &fields);
    let card = || candidate(IDA, &[("903", "34", "\"Oslo\"")], &[]);
    let reads = || ScriptedTransport::new().json(200, DEFINITIONS).json(200, card());
    let before =
        Stage::new(&mapping("custom:oneflow-city"), ScriptedTransport::new().json(200, body()), reads());
    let report = before.engine.apply(before.engine.plan(9001.into()).await.unwrap()).await;
    assert_eq!(line(&report, "city"), "city unchanged");

    let answers =
        [("custom:unrelated", VALUE.to_owned()), ("pitch", candidate(r#"{ "pitch": "Oslo" }"#, &[], &[]))];
    for (target, answer) in answers {
        let script = ScriptedTransport::new().json(200, body());
        let after = Stage::new(&mapping(target), script, reads().json(200, answer));
        let remembered = before.ledger.entry(9001.into()).unwrap();
        after.ledger.put(9001.into(), remembered.clone());
        let report = after.engine.apply(after.engine.plan(9001.into()).await.unwrap()).await;
        assert_eq!(line(&report, "city"), "city written", "{target}");
        assert_ne!(after.ledger.entry(9001.into()).unwrap().bases, remembered.bases);
    }
}

#[tokio::test]
async fn a_value_that_vanished_is_seen_at_the_next_look() {
    let story = story().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-salary", "50000").unwrap();
    let plan = story.plan().await;
    story.sandbox.edit_custom_field(&story.sandbox.seeded().candidate, "oneflow-salary", None).unwrap();
    let report = story.engine.apply(plan).await;
    assert_eq!(line(&report, "oneflow-salary"), "oneflow-salary held changed-meanwhile");
    assert_eq!(report.next, retry());
    assert_eq!(story.field("oneflow-salary"), None);

    let report = story.sync().await;
    assert_eq!(line(&report, "oneflow-salary"), "oneflow-salary written conflict-contract-won");
    assert!(report.is_complete());
    assert_eq!(story.field("oneflow-salary").as_deref(), Some("50000"));
}

#[tokio::test]
async fn a_value_that_appeared_is_updated_at_the_next_look() {
    let story = story().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let plan = story.plan().await;
    let seeded = story.sandbox.seeded();
    story.sandbox.edit_custom_field(&seeded.candidate, "oneflow-notice", Some("1 month")).unwrap();
    let report = story.engine.apply(plan).await;
    assert_eq!(line(&report, "oneflow-notice"), "oneflow-notice held changed-meanwhile");
    assert_eq!(report.next, retry());
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("1 month"), "nothing is lost");

    let report = story.sync().await;
    assert_eq!(line(&report, "oneflow-notice"), "oneflow-notice written conflict-contract-won");
    assert!(report.is_complete());
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));
}

#[tokio::test]
async fn a_key_that_lost_its_permission_has_the_contract_looked_at_until_it_is_back() {
    let story = story().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    let plan = story.plan().await;
    story.sandbox.take_away_key();
    let report = story.engine.apply(plan).await;
    assert_eq!(line(&report, "oneflow-notice"), "oneflow-notice failed not-authorized");
    assert_eq!(report.document, DocumentOutcome::Later(Reason::NotAttempted));
    assert!(matches!(report.next, Next::Retry(_)));

    story.sandbox.give_back_key();
    let report = story.sync().await;
    assert_eq!(line(&report, "oneflow-notice"), "oneflow-notice written");
    assert_eq!(report.document, DocumentOutcome::Attached);
    assert!(report.is_complete());
}

#[tokio::test]
async fn nothing_is_written_for_a_candidate_who_is_forgotten_after_the_plan() {
    let story = story().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    let plan = story.plan().await;
    story.sandbox.clear_request_log();
    story.ledger.forget(&story.sandbox.seeded().candidate.into()).await.unwrap();
    let report = story.engine.apply(plan).await;
    assert_eq!(line(&report, "oneflow-notice"), "oneflow-notice skipped candidate-forgotten");
    assert_eq!(report.document, DocumentOutcome::NotDue(Reason::CandidateForgotten));
    assert_eq!(story.requests(), (0, 0));
    assert_eq!(story.ledger.entry(story.contract.into()), None, "nothing is remembered");

    let report = story.sync().await;
    let mut custom =
        report.outcomes.iter().filter(|field| matches!(field.candidate_field, CandidateField::Custom(_)));
    assert!(custom.all(|field| field.outcome == Outcome::Skipped(Reason::CandidateForgotten)));
    assert_eq!(report.document, DocumentOutcome::NotDue(Reason::CandidateForgotten));
    assert_eq!(story.requests(), (0, 1), "only the contract is read");
}

#[tokio::test]
async fn an_old_plan_of_a_contract_that_has_changed_writes_and_remembers_nothing() {
    for is_changed in [false, true] {
        let story = story().await;
        story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
        let plan = story.plan().await;
        story.sandbox.advance(Duration::from_secs(7_200));
        if is_changed {
            story.sandbox.fill_data_field(story.contract, "oneflow-notice", "1 month").unwrap();
        }
        let remembered = story.ledger.entry(story.contract.into());
        let report = story.engine.apply(plan).await;
        let changed = "oneflow-notice held changed-meanwhile";
        assert_eq!(
            line(&report, "oneflow-notice"),
            if is_changed { changed } else { "oneflow-notice written" }
        );
        assert_eq!(report.next, if is_changed { retry() } else { Next::Done });
        assert_eq!(story.field("oneflow-notice").as_deref(), (!is_changed).then_some("3 months"));
        assert_eq!(story.ledger.entry(story.contract.into()) == remembered, is_changed);
    }
}

#[tokio::test]
async fn an_old_plan_of_a_contract_that_is_declined_or_gone_by_now_attaches_and_writes_nothing() {
    let fields = [("city", "Oslo")];
    let body = |state: &str| contract(state, &token("4711", "hire-1"), &fields);
    let stripped = contract("signed", "", &fields);
    let signed_since = body("signed").replace("undecided", "signed");
    for (status, now) in
        [(200, body("declined")), (404, "{}".to_owned()), (200, stripped), (200, signed_since)]
    {
        let oneflow = ScriptedTransport::new().json(200, body("signed")).json(status, now);
        let read = cold();
        let teamtailor = read.json(200, candidate(IDA, &[], &[]));
        let stage = Stage::build("", oneflow, teamtailor, |builder| builder);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let report = stage.engine.apply(plan).await;
        assert_eq!(line(&report, "city"), "city held changed-meanwhile");
        assert_eq!(report.document, DocumentOutcome::Later(Reason::ChangedMeanwhile));
        assert_eq!(report.next, retry());
        assert_eq!(stage.writes(), [""; 0]);
        assert_eq!(stage.ledger.entry(9001.into()), None);
    }
}

#[tokio::test]
async fn what_was_agreed_with_another_candidate_than_the_ledger_knows_by_now_is_dropped() {
    let story = story().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let plan = story.plan().await;
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("1".into());
    story.ledger.put(story.contract.into(), entry.clone());
    story.engine.apply(plan).await;
    assert_eq!(story.ledger.entry(story.contract.into()), Some(entry));
}

#[tokio::test]
async fn what_an_older_plan_found_equal_does_not_take_the_place_of_a_newer_base() {
    let body = contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]);
    let read = cold();
    let teamtailor = read.json(200, candidate(IDA, &[("904", "34", r#""Oslo""#)], &[]));
    let stage = Stage::new("", ScriptedTransport::new().json(200, body), teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(summary(plan.outcomes())[0], "city unchanged");
    let entry: LedgerEntry = serde_json::from_value(json!({
        "candidate": "4711", "linked_by": "participant_custom_id",
        "bases": { "city": "v5:de37fda6:of-a-newer-look:custom:34" }
    }))
    .unwrap();
    stage.ledger.put(9001.into(), entry.clone());
    stage.engine.apply(plan).await;
    assert_eq!(stage.ledger.entry(9001.into()), Some(entry));
}

#[tokio::test]
async fn what_was_written_just_now_is_the_base_whatever_another_has_saved_meanwhile() {
    let body = contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]);
    let read = cold();
    let teamtailor = read.json(200, candidate(IDA, &[], &[])).json(201, VALUE);
    let stage = Stage::new("", ScriptedTransport::new().json(200, body), teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let meanwhile =
        json!({ "candidate": "4711", "bases": { "city": "v5:de37fda6:of-the-creation:custom:34" } });
    let entry: LedgerEntry = serde_json::from_value(meanwhile).unwrap();
    stage.ledger.put(9001.into(), entry.clone());
    stage.engine.apply(plan).await;
    assert_ne!(stage.ledger.entry(9001.into()).unwrap().bases["city"], entry.bases["city"]);
}

/// A clock that stands still, but for a minute that passes after it was first asked.
#[derive(Debug, Default)]
struct Jump(AtomicBool);

impl Clock for Jump {
    fn now(&self) -> jiff::Timestamp {
        let seconds = if self.0.swap(true, Ordering::SeqCst) { 60 } else { 0 };
        Noon.now() + jiff::SignedDuration::from_secs(seconds)
    }
}

#[tokio::test]
async fn a_plan_is_as_old_as_its_first_request() {
    let body = contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]);
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
    let card = candidate(IDA, &[], &[]);
    let read = cold().json(200, card.clone());
    let stage = Stage::build("", oneflow, read.json(200, card).json(201, VALUE), |builder| {
        builder.clock(Jump::default())
    });
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert_eq!(summary(&report.outcomes)[0], "city written");
    assert_eq!(stage.oneflow_requests().len(), 2, "reading the definitions has taken a minute");
}

#[tokio::test]
async fn contract_and_card_are_looked_at_again_before_a_plan_of_a_minute_ago_is_applied() {
    let story = story().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    for (seconds, requests) in [(30, 1), (31, 3)] {
        let plan = story.plan().await;
        assert_eq!(plan.steps().len(), 1);
        story.sandbox.advance(Duration::from_secs(seconds));
        story.sandbox.clear_request_log();
        story.engine.apply(plan).await;
        assert_eq!(story.requests().1, requests, "{seconds} s");
        story.sandbox.fill_data_field(story.contract, "oneflow-notice", "1 month").unwrap();
    }
}

const NO_CANDIDATE: &str = r#"{ "errors": [ { "title": "Record not found", "code": "404" } ] }"#;

/// A signed contract with these data fields, looked at twice. `first` answers the writes of the first look, `second`
/// everything that the second asks Teamtailor.
async fn two_looks(
    fields: &[(&str, &str)],
    first: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
    second: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, Report, Report) {
    let body = contract("signed", &token("4711", "hire-1"), fields);
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body);
    let read = cold().json(200, candidate(IDA, &[], &[MARKED]));
    let mapping = match fields {
        [("first-name", _)] => written_back(&[("first-name", "first_name")]),
        _ => String::new(),
    };
    let stage = Stage::new(&mapping, oneflow, second(first(read)));
    let mut reports = Vec::new();
    for _ in 0..2 {
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        reports.push(stage.engine.apply(plan).await);
    }
    let (second, first) = (reports.pop().unwrap(), reports.pop().unwrap());
    (stage, first, second)
}

#[tokio::test]
async fn a_deleted_option_has_the_options_read_again_and_its_successor_is_written() {
    let refused = validation_error("/data/attributes/value", "is invalid");
    for (options, expected) in [
        (OPTIONS.replace("7002", "7003"), "oneflow-kind written"),
        (OPTIONS.replace("Fixed term", "Interim"), "oneflow-kind failed unknown-option"),
    ] {
        let (stage, first, second) = two_looks(
            &[("oneflow-kind", "Fixed term")],
            |script| script.json(422, refused.clone()),
            |script| {
                let read = script.json(200, DEFINITIONS).json(200, options);
                read.json(200, candidate(IDA, &[], &[MARKED])).json(201, value(r#""Fixed term""#))
            },
        )
        .await;
        assert_eq!(line(&first, "oneflow-kind"), "oneflow-kind failed option-refused");
        assert_eq!(first.next, retry());
        assert_eq!(line(&second, "oneflow-kind"), expected);
        assert_eq!(stage.writes().len(), if expected.contains("written") { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_deleted_custom_field_is_seen_at_the_next_look() {
    let missing = validation_error("/data/relationships/custom-field", "must exist");
    let (stage, first, second) = two_looks(
        &[("city", "Oslo")],
        |script| script.json(422, missing),
        |script| {
            let read = script.json(200, DEFINITIONS.replace("oneflow-city", "elsewhere")).json(200, OPTIONS);
            read.json(200, candidate(IDA, &[], &[MARKED]))
        },
    )
    .await;
    assert_eq!(line(&first, "city"), "city failed unknown-custom-field");
    assert_eq!(first.next, retry());
    assert!(
        !summary(&second.outcomes).iter().any(|line| line.starts_with("city ")),
        "it has no pair any more"
    );
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn a_candidate_who_was_deleted_or_merged_is_seen_at_the_next_look() {
    let owner = || validation_error("/data/relationships/owner", "must exist");
    // What Teamtailor answers to the write, how the field ends, and whether the answer could also have meant the custom field.
    let table = [
        (("first-name", "Ida Marie"), 404, NO_CANDIDATE.to_owned(), "held candidate-gone", false),
        (("city", "Oslo"), 422, owner(), "held candidate-gone", false),
        (("city", "Oslo"), 404, NO_CANDIDATE.to_owned(), "held changed-meanwhile", true),
    ];
    for (field, status, answer, outcome, may_be_the_field) in table {
        let (stage, first, second) = two_looks(
            &[field],
            |script| script.json(status, answer),
            |script| match may_be_the_field {
                true => script.json(200, DEFINITIONS).json(200, OPTIONS).json(404, NO_CANDIDATE),
                false => script.json(404, NO_CANDIDATE),
            },
        )
        .await;
        assert_eq!(line(&first, field.0), format!("{} {outcome}", field.0));
        assert_eq!(first.next, retry());
        // One odd answer is not the last word, nor are two. The host puts it aside for a person in the end.
        assert!(second.outcomes.iter().all(|field| field.outcome == Outcome::Held(Reason::CandidateGone)));
        assert_eq!(second.document, DocumentOutcome::Later(Reason::CandidateGone));
        assert_eq!(second.next, retry());
        assert_eq!(stage.writes().len(), 1);
    }
}

#[tokio::test]
async fn the_document_of_a_candidate_who_seems_gone_is_attached_once_the_candidate_is_there() {
    let body = || contract("signed", &token("4711", "hire-1"), &[("first-name", "Ida Marie")]);
    let card = || candidate(IDA, &[], &[]);
    let now = candidate(&IDA.replace("Ida\"", "Ida Marie\""), &[], &[]);
    let uploaded =
        r#"{ "data": { "id": "600", "type": "uploads", "attributes": { "file-name": "x.pdf" } } }"#;
    // At the first reading, at the write, and at the reading before it.
    let table = [
        (cold().json(404, NO_CANDIDATE), ScriptedTransport::new().json(200, body()), true),
        (cold().json(200, card()).json(404, NO_CANDIDATE), ScriptedTransport::new().json(200, body()), true),
        (
            cold().json(200, card()).json(404, NO_CANDIDATE),
            ScriptedTransport::new().json(200, body()).json(200, body()),
            false,
        ),
    ];
    for (number, (teamtailor, oneflow, has_clock)) in table.into_iter().enumerate() {
        let address = redirect("https://storage.example/f?signature=1");
        let stage = Stage::build(
            &written_back(&[("first-name", "first_name")]),
            oneflow.json(200, body()).answer(Ok(address)),
            teamtailor.json(200, now.clone()).json(201, uploaded),
            |builder| if has_clock { builder.clock(Noon) } else { builder },
        );
        let report = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
        assert_eq!(line(&report, "first-name"), "first-name held candidate-gone", "{number}");
        assert_eq!(report.document, DocumentOutcome::Later(Reason::CandidateGone), "{number}");
        assert_eq!(report.next, retry(), "{number}");
        if has_clock {
            let report = stage.engine.apply(stage.engine.plan(9001.into()).await.unwrap()).await;
            assert_eq!(report.document, DocumentOutcome::Attached, "{number}");
            assert_eq!(report.next, Next::Done, "{number}");
        }
    }
}

#[tokio::test]
async fn a_candidate_who_goes_before_the_upload_is_an_outcome() {
    let table = [
        (404, NO_CANDIDATE.to_owned()),
        (422, validation_error("/data/relationships/candidate", "must exist")),
    ];
    for (status, answer) in table {
        let body = contract("signed", &token("4711", "hire-1"), &[]);
        let address = redirect("https://storage.example/f?signature=1");
        let oneflow = ScriptedTransport::new().json(200, body).answer(Ok(address));
        let teamtailor = cold().json(200, candidate(IDA, &[], &[])).json(status, answer);
        let stage = Stage::new("", oneflow, teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let report = stage.engine.apply(plan).await;
        assert_eq!(report.document, DocumentOutcome::Later(Reason::CandidateGone));
        assert_eq!(
            report.next,
            Next::Retry(Retry::default()),
            "whether it is gone for good, the next look finds"
        );
    }
}
