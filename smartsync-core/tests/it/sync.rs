//! One contract from the notification to the report: which requests are made, and how every field ends.

use oneflow_client::webhook::Verifier;
use smartsync_core::{Next, Outcome, Reason, Retry};
use smartsync_transport::{ScriptedTransport, TransportError};

use crate::support::stage::{
    DEFINITIONS, IDA_EXAMPLE, MARKED, NO_DOCUMENT, Stage, VALUE, candidate, cold, contract, http_response,
    summary, token, value, written_back,
};

/// Names and telephone numbers are written back, documents are not.
fn contacts() -> String {
    written_back(&[("first-name", "first_name"), ("phone", "phone")]) + NO_DOCUMENT
}

/// A contract with one field of each kind, a date that a recruiter typed, and two default fields.
fn full_contract(state: &str) -> String {
    contract(
        state,
        &token("4711", "hire-1"),
        &[
            ("oneflow-start-date", "31/12/2031"),
            ("oneflow-salary", "45 000,50"),
            ("oneflow-car", "1"),
            ("city", "Oslo"),
            ("oneflow-kind", "Fixed term"),
            ("first-name", "Ida Marie"),
            ("phone", "+46 70 123 45 67"),
        ],
    )
}

fn written() -> ScriptedTransport {
    let changed = r#"{ "first-name": "Ida Marie", "email": "ida@example.com", "phone": "+46701234567" }"#;
    cold()
        .json(
            200,
            candidate(
                IDA_EXAMPLE,
                &[("901", "31", r#""2031-06-01T00:00:00.000+02:00""#), ("902", "33", r#""true""#)],
                &[],
            ),
        )
        .json(200, candidate(changed, &[], &[]))
        .json(201, value(r#""Oslo""#))
        .json(201, value(r#"["Fixed term"]"#))
        .json(201, value(r#""45000.5""#))
        .json(200, value(r#""2031-12-31T00:00:00.000+01:00""#).replace("\"905\"", "\"901\""))
}

const GET_CANDIDATE: &str =
    "GET /v1/candidates/4711?include=custom-field-values%2Ccustom-field-values.custom-field%2Cuploads";

#[tokio::test]
async fn a_cold_sync_makes_the_fewest_requests_and_writes_every_difference() {
    let oneflow = ScriptedTransport::new().json(200, full_contract("pending"));
    let stage = Stage::new(&contacts(), oneflow, written());
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert_eq!(plan.steps().len(), 5);
    assert_eq!(stage.writes(), [""; 0], "planning writes nothing");
    let report = stage.engine.apply(plan).await;

    assert_eq!(stage.oneflow_requests(), ["GET /v1/contracts/9001"]);
    assert_eq!(
        stage.teamtailor_requests(),
        [
            "GET /v1/custom-fields?page%5Bsize%5D=30",
            "GET /v1/custom-field-options?filter%5Bcustom-field%5D=35&page%5Bsize%5D=30",
            GET_CANDIDATE,
            r#"PATCH /v1/candidates/4711 {"data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ida Marie","phone":"+46 70 123 45 67"}}}"#,
            r#"POST /v1/custom-field-values {"data":{"type":"custom-field-values","attributes":{"value":"Oslo"},"relationships":{"custom-field":{"data":{"type":"custom-fields","id":"34"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#,
            r#"POST /v1/custom-field-values {"data":{"type":"custom-field-values","attributes":{"value":"7002"},"relationships":{"custom-field":{"data":{"type":"custom-fields","id":"35"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#,
            r#"POST /v1/custom-field-values {"data":{"type":"custom-field-values","attributes":{"value":45000.5},"relationships":{"custom-field":{"data":{"type":"custom-fields","id":"32"}},"owner":{"data":{"type":"candidates","id":"4711"}}}}}"#,
            r#"PATCH /v1/custom-field-values/901 {"data":{"id":"901","type":"custom-field-values","attributes":{"value":"2031-12-31"}}}"#,
        ]
    );
    assert_eq!(
        summary(&report.outcomes),
        [
            "city written",
            "first-name written first-sight-contract-won",
            "oneflow-car unchanged",
            "oneflow-kind written",
            "oneflow-salary written",
            "oneflow-start-date written first-sight-contract-won",
            "phone written",
        ]
    );
    assert!(report.is_complete());
    let entry = stage.ledger.entry(9001.into()).unwrap();
    assert_eq!(entry.candidate, Some("4711".into()));
    assert_eq!(entry.bases.len(), 7, "a base for what was written and for what was found equal");
}

#[tokio::test]
async fn a_warm_sync_without_a_change_makes_two_reads_and_nothing_else() {
    let now = [
        ("901", "31", r#""2031-12-31""#),
        ("902", "33", r#""true""#),
        ("903", "34", r#""Oslo""#),
        ("904", "35", r#"["Fixed term"]"#),
        ("905", "32", r#""45000.5""#),
    ];
    let attributes = r#"{ "first-name": "Ida Marie", "email": "ida@example.com", "phone": "+46701234567" }"#;
    let oneflow =
        ScriptedTransport::new().json(200, full_contract("pending")).json(200, full_contract("pending"));
    let stage = Stage::new(&contacts(), oneflow, written().json(200, candidate(attributes, &now, &[])));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    stage.engine.apply(plan).await;
    let before = stage.teamtailor_requests().len();
    let remembered = stage.ledger.entry(9001.into());

    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert!(plan.steps().is_empty(), "the plan of an applied state is empty");
    let report = stage.engine.apply(plan).await;

    assert!(report.outcomes.iter().all(|field| field.outcome == Outcome::Unchanged), "{:?}", report.outcomes);
    assert_eq!(stage.oneflow_requests().len(), 2);
    assert_eq!(&stage.teamtailor_requests()[before..], [GET_CANDIDATE]);
    assert_eq!(stage.ledger.entry(9001.into()), remembered);
}

#[tokio::test]
async fn only_a_verified_notification_yields_a_contract() {
    let verifier = Verifier::new(["local-secret"]).unwrap();
    let genuine =
        oneflow_client::webhook::test_notification("3f0c", 9001, &["contract:sign"], &"local-secret".into());
    let forged =
        oneflow_client::webhook::test_notification("3f0c", 9001, &["contract:sign"], &"other-secret".into());
    assert_eq!(verifier.verify(genuine.as_bytes()).unwrap().contract(), 9001);
    assert!(verifier.verify(forged.as_bytes()).is_err());
    assert!(verifier.verify(b"hello").is_err());
}

#[tokio::test]
async fn a_contract_that_is_no_longer_or_not_yet_open_proposes_nothing() {
    for (state, reason) in [
        ("draft", "contract-is-draft"),
        ("declined", "contract-declined"),
        ("overdue", "contract-overdue"),
        ("frozen", "contract-state-unknown"),
    ] {
        let contract =
            contract(state, &token("4711", "hire-1"), &[("city", "Oslo"), ("oneflow-salary", "1")]);
        let oneflow = ScriptedTransport::new().json(200, contract);
        let stage = Stage::new("", oneflow, cold());
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert!(plan.steps().is_empty());
        let report = stage.engine.apply(plan).await;
        assert!(
            report
                .outcomes
                .iter()
                .all(|field| field.outcome.reason().is_some_and(|found| found.code() == reason))
        );
        assert_eq!(report.outcomes.len(), 5, "every mapped field is accounted for");
        assert_eq!(stage.teamtailor_requests().len(), 2, "the candidate is not read");
        // Nobody can say what a state of a later time means for the card, so it is looked at again.
        let next = if state == "frozen" { Next::Retry(Retry::default()) } else { Next::Done };
        assert_eq!(report.next, next);
    }
}

#[tokio::test]
async fn a_deleted_contract_proposes_nothing() {
    let oneflow = ScriptedTransport::new().json(404, "{}");
    let stage = Stage::new("", oneflow, cold());
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert!(plan.outcomes().iter().all(|field| field.outcome == Outcome::Skipped(Reason::ContractGone)));
    assert!(stage.engine.apply(plan).await.is_complete());
    assert_eq!(stage.ledger.entry(9001.into()), None);
}

/// The report of a contract with three custom fields to write, after these answers to the writes.
async fn three_writes(
    answers: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, smartsync_core::Report) {
    let fields = [("city", "Oslo"), ("oneflow-car", "1"), ("oneflow-salary", "1")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let read = cold().json(200, candidate(IDA_EXAMPLE, &[], &[]));
    let stage = Stage::new(NO_DOCUMENT, oneflow, answers(read));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    (stage, report)
}

fn only(report: &smartsync_core::Report, keys: [&str; 3]) -> Vec<String> {
    let all = summary(&report.outcomes);
    all.into_iter().filter(|line| keys.iter().any(|key| line.starts_with(&format!("{key} ")))).collect()
}

const THREE: [&str; 3] = ["city", "oneflow-car", "oneflow-salary"];
/// The answer to a write of the city.
#[tokio::test]
async fn a_full_rate_limit_stops_the_writes_and_asks_to_come_back() {
    let throttled = http_response(429, &[("retry-after", "7")], "");
    let (stage, report) = three_writes(|script| script.json(201, VALUE).answer(Ok(throttled))).await;
    assert_eq!(
        only(&report, THREE),
        ["city written", "oneflow-car failed unavailable", "oneflow-salary failed not-attempted"]
    );
    let after = Some(std::time::Duration::from_secs(7));
    assert_eq!(report.retry_after().map(|retry| retry.after), Some(after));
    assert_eq!(stage.writes().len(), 2);
    assert_eq!(stage.ledger.entry(9001.into()).unwrap().bases.len(), 1);
}

#[tokio::test]
async fn a_lost_connection_stops_the_writes_and_asks_to_come_back() {
    let lost = TransportError::timeout("no answer after 30 s");
    let (stage, report) = three_writes(|script| script.answer(Err(lost))).await;
    assert_eq!(
        only(&report, THREE),
        [
            "city failed unavailable",
            "oneflow-car failed not-attempted",
            "oneflow-salary failed not-attempted"
        ]
    );
    assert_eq!(report.next, Next::Retry(Retry::default()));
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn an_error_of_one_value_does_not_keep_the_others() {
    let (_, report) = three_writes(|script| {
        let written = script.json(500, "oops").json(201, value("true")).json(422, "{}");
        // What became of the city is read from the card in the end.
        written.json(200, candidate(IDA_EXAMPLE, &[], &[]))
    })
    .await;
    assert_eq!(
        only(&report, THREE),
        ["city failed unavailable", "oneflow-car written", "oneflow-salary failed refused"]
    );
    assert_eq!(report.count(|outcome| outcome == Outcome::Written), 1);
    assert_eq!(report.count(|outcome| matches!(outcome, Outcome::Failed(_))), 2);
    assert_eq!(report.count(|outcome| matches!(outcome, Outcome::Held(_))), 0);
    assert_eq!(report.next, Next::Retry(Retry::default()));

    let (_, report) =
        three_writes(|script| script.json(422, "{}").json(201, value(r#""true""#)).json(201, value("1")))
            .await;
    assert_eq!(
        only(&report, THREE),
        ["city failed refused", "oneflow-car written", "oneflow-salary written"]
    );
}

#[tokio::test]
async fn what_would_fail_for_every_contract_is_said_whatever_else_has_failed() {
    let (_, report) = three_writes(|script| {
        let refused = script.json(500, "oops").json(401, "{}");
        refused.json(200, candidate(IDA_EXAMPLE, &[], &[]))
    })
    .await;
    assert_eq!(
        only(&report, THREE),
        [
            "city failed unavailable",
            "oneflow-car failed not-authorized",
            "oneflow-salary failed not-attempted"
        ]
    );
    assert!(report.retry_after().unwrap().is_common, "the credentials are not this contract's fault");
}

#[tokio::test]
async fn a_refused_value_ends_its_own_pair_and_not_another_of_the_same_data_field() {
    let mapping = r#"
        [sync]
        convention = false
        document = { attach = false }
        [[field]]
        oneflow = "city"
        teamtailor = "custom:oneflow-city"
        template_types = [4711]
        [[field]]
        oneflow = "city"
        teamtailor = "pitch"
        template_types = [4712]
        [[field]]
        oneflow = "town"
        teamtailor = "custom:oneflow-city"
        template_types = [4712]
    "#;
    let fields = [("city", "Oslo"), ("town", "Oslo")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let teamtailor = ScriptedTransport::new()
        .json(200, DEFINITIONS)
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(422, "{}");
    let stage = Stage::new(mapping, oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    let outcomes: Vec<String> = report
        .outcomes
        .iter()
        .map(|field| format!("{} {}", field.candidate_field, summary(std::slice::from_ref(field)).remove(0)))
        .collect();
    assert_eq!(
        outcomes,
        [
            "pitch city skipped out-of-scope",
            "custom:oneflow-city city failed refused",
            "custom:oneflow-city town skipped out-of-scope",
        ]
    );
}

#[tokio::test]
async fn wrong_credentials_stop_the_writes_and_are_no_contracts_fault() {
    let (stage, report) = three_writes(|script| script.json(401, "")).await;
    assert_eq!(
        only(&report, THREE),
        [
            "city failed not-authorized",
            "oneflow-car failed not-attempted",
            "oneflow-salary failed not-attempted"
        ]
    );
    assert!(matches!(report.next, Next::Retry(retry) if retry.is_common));
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn a_candidate_who_is_gone_is_an_outcome() {
    let oneflow = ScriptedTransport::new()
        .json(200, contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]));
    let stage = Stage::new("", oneflow, cold().json(404, "{}"));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert!(report.outcomes.iter().all(|field| field.outcome == Outcome::Held(Reason::CandidateGone)));
    assert_eq!(stage.writes(), [""; 0]);
}

#[tokio::test]
async fn a_candidate_who_goes_before_the_update_is_an_outcome() {
    let fields = [("first-name", "Ida Marie"), ("city", "Oslo")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let teamtailor = cold().json(200, candidate(IDA_EXAMPLE, &[], &[])).json(404, "{}");
    let stage = Stage::new(&contacts(), oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    let outcomes = summary(&report.outcomes);
    assert!(outcomes.contains(&"first-name held candidate-gone".to_owned()), "{outcomes:?}");
    assert!(outcomes.contains(&"city failed not-attempted".to_owned()), "{outcomes:?}");
    assert_eq!(stage.writes().len(), 1);
}

#[tokio::test]
async fn without_a_clock_contract_and_candidate_are_read_again_and_a_newer_edit_is_not_overwritten() {
    let fields = [("city", "Oslo"), ("oneflow-salary", "100")];
    let body = contract("pending", &token("4711", "hire-1"), &fields);
    let newer = || candidate(IDA_EXAMPLE, &[("903", "34", r#""Bergen""#)], &[]);
    let oneflow = ScriptedTransport::new().json(200, body.clone()).json(200, body.clone()).json(200, body);
    let teamtailor = cold()
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(200, newer())
        .json(200, newer())
        .json(201, value("100"));
    let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    let outcomes = summary(&report.outcomes);
    assert!(outcomes.contains(&"city held changed-meanwhile".to_owned()), "{outcomes:?}");
    assert!(outcomes.contains(&"oneflow-salary written".to_owned()), "{outcomes:?}");
    assert_eq!(report.next, Next::Retry(Retry::default()), "it is looked at again at once");
    assert_eq!(stage.writes().len(), 1);
    assert_eq!(
        (stage.oneflow_requests().len(), stage.teamtailor_requests().len()),
        (3, 6),
        "contract and card are read for the plan, before anything is remembered, and before the write"
    );
}

#[tokio::test]
async fn without_a_clock_too_nothing_is_read_again_where_there_is_nothing_to_write() {
    let oneflow = ScriptedTransport::new()
        .json(200, contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]));
    let card = candidate(IDA_EXAMPLE, &[("903", "34", r#""Oslo""#)], &[]);
    let teamtailor = cold().json(200, card);
    let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    assert!(stage.engine.apply(plan).await.is_complete());
    assert_eq!((stage.oneflow_requests().len(), stage.teamtailor_requests().len()), (1, 3));
}

#[tokio::test]
async fn a_field_is_written_over_only_where_the_card_holds_the_very_value_that_the_plan_saw() {
    let held = |id, text| vec![(id, "34", text)];
    let bergen = || held("903", r#""Bergen""#);
    // The city on the card when the plan was made, and when it is applied.
    for (seen, now, outcome) in [
        (vec![], vec![], "city written"),
        (bergen(), bergen(), "city written first-sight-contract-won"),
        (bergen(), held("903", r#""Paris""#), "city held changed-meanwhile"),
        (bergen(), held("904", r#""Bergen""#), "city held changed-meanwhile"),
        (bergen(), vec![], "city held changed-meanwhile"),
        (vec![], held("903", r#""""#), "city held changed-meanwhile"),
    ] {
        let body = contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]);
        let oneflow =
            ScriptedTransport::new().json(200, body.clone()).json(200, body.clone()).json(200, body);
        let read =
            cold().json(200, candidate(IDA_EXAMPLE, &seen, &[])).json(200, candidate(IDA_EXAMPLE, &now, &[]));
        // Where there is still something to write, the card is read once more right before it is.
        let teamtailor = if outcome.contains("written") {
            let id = now.first().map_or("905", |(id, ..)| *id);
            read.json(200, candidate(IDA_EXAMPLE, &now, &[])).json(201, VALUE.replace("905", id))
        } else {
            read
        };
        let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let report = stage.engine.apply(plan).await;
        assert!(summary(&report.outcomes).contains(&outcome.to_owned()), "{seen:?} {now:?} {report:?}");
        assert_eq!(stage.writes().len(), usize::from(outcome.contains("written")), "{seen:?} {now:?}");
    }
}

/// A candidate whose relationships have no `data`, with what came along.
fn unlinked(included: &str) -> String {
    format!(
        r#"{{ "data": {{ "id": "4711", "type": "candidates", "attributes": {IDA_EXAMPLE}, "relationships": {{
            "custom-field-values": {{ "links": {{}} }}, "uploads": {{ "links": {{}} }} }} }}, "included": [{included}] }}"#
    )
}

#[tokio::test]
async fn what_came_along_with_a_candidate_is_its_own_where_the_answer_does_not_say() {
    let came_along = r#"
        { "id": "903", "type": "custom-field-values", "attributes": { "value": "Bergen" },
          "relationships": { "custom-field": { "data": { "type": "custom-fields", "id": "34" } } } },
        { "id": "600", "type": "uploads", "attributes": { "file-name": "NAME" } }"#
        .replace("NAME", MARKED);
    let fields = [("city", "Oslo"), ("oneflow-salary", "100")];
    let oneflow = ScriptedTransport::new().json(200, contract("signed", &token("4711", "hire-1"), &fields));
    let stage = Stage::new("", oneflow, cold().json(200, unlinked(&came_along)));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let outcomes = summary(plan.outcomes());
    assert!(outcomes.contains(&"city written first-sight-contract-won".to_owned()), "{outcomes:?}");
    assert!(outcomes.contains(&"oneflow-salary written".to_owned()), "{outcomes:?}");
    assert_eq!(plan.document(), smartsync_core::DocumentOutcome::AlreadyThere);
}

#[tokio::test]
async fn a_candidate_with_whom_nothing_came_along_may_have_values_and_gets_no_second_one() {
    let fields = [("city", "Oslo"), ("first-name", "Ida Marie")];
    let oneflow = ScriptedTransport::new().json(200, contract("signed", &token("4711", "hire-1"), &fields));
    let names = written_back(&[("first-name", "first_name")]);
    let stage = Stage::new(&names, oneflow, cold().json(200, unlinked("")));
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let outcomes = summary(plan.outcomes());
    assert!(outcomes.contains(&"city held answer-unreadable".to_owned()), "{outcomes:?}");
    assert!(outcomes.contains(&"first-name written first-sight-contract-won".to_owned()), "{outcomes:?}");
    assert_eq!(plan.document(), smartsync_core::DocumentOutcome::Later(Reason::UploadsUnknown));
}

#[tokio::test]
async fn a_service_that_cannot_be_read_is_an_error_that_says_whether_to_come_back() {
    for (status, is_retryable) in [(503, true), (429, true), (401, false), (400, false)] {
        let stage = Stage::new("", ScriptedTransport::new().json(status, ""), ScriptedTransport::new());
        let error = stage.engine.plan(9001.into()).await.unwrap_err();
        assert_eq!(error.is_retryable(), is_retryable, "{status}");
        assert_eq!(error.retry_after(), None, "{status}");
    }
    let throttled = http_response(429, &[("retry-after", "7")], "");
    let stage = Stage::new("", ScriptedTransport::new().answer(Ok(throttled)), ScriptedTransport::new());
    let error = stage.engine.plan(9001.into()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(7)));
}

#[test]
fn the_futures_of_the_engine_can_be_moved_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let stage = Stage::new("", ScriptedTransport::new(), ScriptedTransport::new());
    let plan = stage.engine.plan(9001.into());
    is_send(&plan);
    let apply = async {
        let plan = stage.engine.plan(9001.into()).await?;
        Ok::<_, smartsync_core::EngineError>(stage.engine.apply(plan).await)
    };
    is_send(&apply);
}
