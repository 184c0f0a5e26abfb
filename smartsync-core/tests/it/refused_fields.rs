//! A default field that Teamtailor refuses does not hold back the others.

use smartsync_core::{Next, Retry};
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{
    IDA_EXAMPLE, NO_DOCUMENT, Stage, VALUE, candidate, cold, contract, summary, token, validation_error,
    written_back,
};

/// Names, addresses and telephone numbers are written back.
fn contacts() -> String {
    let fields = [("email", "email"), ("first-name", "first_name"), ("phone", "phone")];
    written_back(&fields) + NO_DOCUMENT
}

#[tokio::test]
async fn a_taken_email_address_fails_alone_and_the_other_default_fields_are_sent_without_it() {
    let fields = [("email", "new@example.com"), ("first-name", "Ida Marie"), ("city", "Oslo")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let teamtailor = cold()
        .json(200, candidate(IDA_EXAMPLE, &[], &[]))
        .json(422, validation_error("/data/attributes/email", "has already been taken"))
        .json(200, candidate(r#"{ "first-name": "Ida Marie", "email": "ida@example.com" }"#, &[], &[]))
        .json(201, VALUE);
    let stage = Stage::new(&contacts(), oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert_eq!(
        stage.writes()[..2],
        [
            r#"PATCH /v1/candidates/4711 {"data":{"id":"4711","type":"candidates","attributes":{"email":"new@example.com","first-name":"Ida Marie"}}}"#,
            r#"PATCH /v1/candidates/4711 {"data":{"id":"4711","type":"candidates","attributes":{"first-name":"Ida Marie"}}}"#,
        ]
    );
    assert_eq!(stage.writes().len(), 3);
    let outcomes = summary(&report.outcomes);
    assert!(outcomes.contains(&"email failed email-taken".to_owned()), "{outcomes:?}");
    assert!(outcomes.contains(&"first-name written first-sight-contract-won".to_owned()), "{outcomes:?}");
    assert!(outcomes.contains(&"city written".to_owned()), "{outcomes:?}");
    assert_eq!(report.next, Next::Retry(Retry::default()), "the address may be free at a later look");
    assert!(!report.is_complete());
    let bases = stage.ledger.entry(9001.into()).unwrap().bases;
    assert_eq!(bases.keys().collect::<Vec<_>>(), ["city", "first-name"], "no base for what was not written");
}

/// How a changed name, address and telephone number end after these answers to their updates, and the number of updates.
async fn default_fields(answers: &[(u16, String)]) -> (Vec<String>, usize) {
    let fields = [("email", "new@example.com"), ("first-name", "Ida Marie"), ("phone", "+46 70 123 45 67")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let read = cold().json(200, candidate(IDA_EXAMPLE, &[], &[]));
    let teamtailor = answers.iter().fold(read, |script, (status, body)| script.json(*status, body.as_str()));
    let stage = Stage::new(&contacts(), oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    let changed = |line: &String| ["email ", "first-name ", "phone "].iter().any(|key| line.starts_with(key));
    (summary(&report.outcomes).into_iter().filter(changed).collect(), stage.writes().len())
}

#[tokio::test]
async fn default_fields_go_on_as_long_as_teamtailor_names_the_bad_one() {
    let invalid = |name: &str| (422, validation_error(&format!("/data/attributes/{name}"), "is invalid"));
    let accepted = |email: &str, phone: &str| {
        let attributes =
            format!(r#"{{ "first-name": "Ida Marie", "email": "{email}@example.com", "phone": {phone} }}"#);
        (200, candidate(&attributes, &[], &[]))
    };
    let written = |key: &str| format!("{key} written");
    let first_sight = |key: &str| format!("{key} written first-sight-contract-won");
    let failed = |key: &str, reason: &str| format!("{key} failed {reason}");
    let table = [
        (
            vec![accepted("new", r#""+46 70-123 45 67""#)],
            vec![first_sight("email"), first_sight("first-name"), written("phone")],
            1,
        ),
        (
            vec![invalid("phone"), invalid("email"), accepted("ida", "null")],
            vec![failed("email", "refused"), first_sight("first-name"), failed("phone", "refused")],
            3,
        ),
        (
            vec![invalid("phone"), invalid("email"), invalid("first-name")],
            vec![failed("email", "refused"), failed("first-name", "refused"), failed("phone", "refused")],
            3,
        ),
        (
            vec![(422, "{}".to_owned())],
            ["email", "first-name", "phone"].map(|key| failed(key, "refused-together")).to_vec(),
            1,
        ),
        (
            vec![(409, "{}".to_owned())],
            ["email", "first-name", "phone"].map(|key| failed(key, "refused")).to_vec(),
            1,
        ),
        (
            vec![invalid("consent")],
            ["email", "first-name", "phone"].map(|key| failed(key, "refused-together")).to_vec(),
            1,
        ),
        (
            vec![invalid("phone"), invalid("email"), (422, "{}".to_owned())],
            ["email", "first-name", "phone"].map(|key| failed(key, "refused")).to_vec(),
            3,
        ),
        (
            vec![invalid("email"), (422, "{}".to_owned())],
            vec![
                failed("email", "refused"),
                failed("first-name", "refused-together"),
                failed("phone", "refused-together"),
            ],
            2,
        ),
    ];
    for (answers, outcomes, requests) in table {
        assert_eq!(default_fields(&answers).await, (outcomes, requests), "{answers:?}");
    }
}

#[tokio::test]
async fn a_select_that_got_a_value_by_now_is_no_refused_option() {
    let taken = validation_error("/data/relationships/custom-field", "has already been taken");
    let fields = [("oneflow-kind", "Fixed term")];
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let teamtailor = cold().json(200, candidate(IDA_EXAMPLE, &[], &[])).json(422, taken);
    let stage = Stage::new(NO_DOCUMENT, oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let outcomes = summary(&stage.engine.apply(plan).await.outcomes);
    assert!(outcomes.contains(&"oneflow-kind held changed-meanwhile".to_owned()), "{outcomes:?}");
}

#[tokio::test]
async fn a_default_field_that_may_not_be_cleared_says_so() {
    let mapping = "[[field]]\noneflow = \"phone\"\nteamtailor = \"phone\"\non_empty = \"clear\"\n".to_owned()
        + NO_DOCUMENT;
    let body = |phone| contract("signed", &token("4711", "hire-1"), &[("phone", phone)]);
    let attributes = r#"{ "first-name": "Ida", "phone": "+46 70 123 45 67" }"#;
    let oneflow = ScriptedTransport::new().json(200, body("+46701234567")).json(200, body(""));
    let teamtailor = cold()
        .json(200, candidate(attributes, &[], &[]))
        .json(200, candidate(attributes, &[], &[]))
        .json(422, validation_error("/data/attributes/phone", "can't be blank"));
    let stage = Stage::new(&mapping, oneflow, teamtailor);
    let agreed = stage.engine.plan(9001.into()).await.unwrap();
    stage.engine.apply(agreed).await;
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert!(summary(&report.outcomes).contains(&"phone failed clear-refused".to_owned()), "{report:?}");
}
