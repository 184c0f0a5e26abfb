//! A contract is made once, so it is not made while something that it depends on cannot be read.

use oneflow_client::contracts::PublishMessage;
use serde_json::{Value, json};
use smartsync_core::EngineError;
use smartsync_transport::{ScriptedTransport, TransportError};

use crate::support::{
    creation::{IDA, TEMPLATE, TEMPLATE_TYPE, WORKSPACES, list, made, planned, request, second_try},
    stage::{DEFINITIONS, OPTIONS, Stage, candidate},
};

/// The answers that a creation is planned from.
struct Answers {
    candidate: Value,
    template: Value,
    template_type: Value,
    definitions: Value,
    options: Value,
}

impl Answers {
    fn new() -> Self {
        let read = |text: &str| serde_json::from_str(text).unwrap();
        Self {
            candidate: read(&candidate(IDA, &[("902", "32", "1234.5")], &[])),
            template: read(TEMPLATE),
            template_type: read(TEMPLATE_TYPE),
            definitions: read(DEFINITIONS),
            options: read(OPTIONS),
        }
    }

    /// What could not be read, if the contract cannot be planned for that, and nothing was written.
    async fn unreadable(&self) -> Option<(&'static str, &'static str)> {
        let oneflow = ScriptedTransport::new()
            .json(200, self.template.to_string())
            .json(200, self.template_type.to_string())
            .json(200, WORKSPACES);
        let teamtailor = ScriptedTransport::new()
            .json(200, self.candidate.to_string())
            .json(200, self.definitions.to_string())
            .json(200, self.options.to_string());
        let stage = Stage::new("", oneflow, teamtailor);
        let planned = stage.engine.plan_contract(&request()).await;
        assert_eq!(stage.writes(), [""; 0]);
        match planned {
            Ok(_) => None,
            Err(error @ EngineError::AnswerUnreadable { service, member }) => {
                assert!(error.is_retryable(), "{error}");
                Some((service, member))
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn nothing_is_made_of_an_answer_that_cannot_be_read() {
    assert_eq!(Answers::new().unreadable().await, None, "this is what is changed below");
    type Change = fn(&mut Answers);
    let table: [(Change, (&str, &str)); 11] = [
        (|all| all.candidate["data"]["attributes"]["phone"] = json!(7), ("Teamtailor", "phone")),
        (|all| all.candidate["data"]["attributes"] = json!([]), ("Teamtailor", "first-name")),
        (|all| all.candidate["included"][0]["attributes"] = json!({}), ("Teamtailor", "value")),
        (
            |all| all.candidate["data"]["relationships"]["custom-field-values"]["data"] = Value::Null,
            ("Teamtailor", "value"),
        ),
        (
            |all| all.definitions["data"][0]["attributes"]["api-name"] = json!(7),
            ("Teamtailor", "custom-fields"),
        ),
        (|all| all.definitions["data"][6] = json!("x"), ("Teamtailor", "custom-fields")),
        (|all| all.options["data"][0]["attributes"]["value"] = json!([]), ("Teamtailor", "custom-fields")),
        (|all| all.options["data"][0] = json!(7), ("Teamtailor", "custom-fields")),
        (|all| all.template_type["data_fields"][0]["custom_id"] = json!(7), ("Oneflow", "data_fields")),
        (|all| all.template_type["data_fields"][0] = json!(7), ("Oneflow", "data_fields")),
        (|all| all.template["template_type"] = json!(7), ("Oneflow", "template_type")),
    ];
    for (number, (change, expected)) in table.into_iter().enumerate() {
        let mut answers = Answers::new();
        change(&mut answers);
        assert_eq!(answers.unreadable().await, Some(expected), "row {number}");
    }
}

#[tokio::test]
async fn what_a_creation_does_not_need_costs_nothing() {
    type Change = fn(&mut Answers);
    let table: [Change; 4] = [
        |all| all.candidate["data"]["attributes"]["picture"] = json!({}),
        |all| all.definitions["data"][0]["attributes"]["name"] = json!(7),
        |all| all.template["name"] = json!([]),
        |all| all.template_type["data_fields"][0]["placeholder"] = json!(true),
    ];
    for (number, change) in table.into_iter().enumerate() {
        let mut answers = Answers::new();
        change(&mut answers);
        assert_eq!(answers.unreadable().await, None, "row {number}");
    }
}

#[tokio::test]
async fn only_a_state_that_is_reached_by_sending_counts_as_sent() {
    for (state, is_sent) in [
        ("draft", false),
        ("", false),
        ("frozen", false),
        ("pending", true),
        ("signed", true),
        ("declined", true),
        ("overdue", true),
    ] {
        let request = request().publish(PublishMessage::new("Your contract", "Please sign."));
        let (stage, plan) =
            planned(request, |script| script.json(200, made(state)).json(200, made("pending"))).await;
        assert!(stage.engine.create(plan).await.unwrap().is_published);
        let sent = stage.writes().iter().filter(|line| line.contains("/publish")).count();
        assert_eq!(sent, usize::from(!is_sent), "{state}");
    }
    for state in [json!(7), Value::Null] {
        let mut answer: Value = serde_json::from_str(&made("pending")).unwrap();
        answer["state"] = state.clone();
        let (stage, plan) = planned(request(), |script| script.json(200, answer.to_string())).await;
        assert!(!stage.engine.create(plan).await.unwrap().is_published, "{state}");
    }
}

#[tokio::test]
async fn a_contract_of_which_nobody_knows_whether_it_was_sent_is_not_said_to_be() {
    let of_state = |state: &Value| {
        let mut answer: Value = serde_json::from_str(&made("pending")).unwrap();
        answer["state"] = state.clone();
        answer.to_string()
    };
    for state in [json!("frozen"), json!(7), Value::Null, json!("")] {
        let request = || request().publish(PublishMessage::new("Your contract", "Please sign."));
        let odd = of_state(&state);
        // The answer to the sending hides the state, and the contract itself does not.
        let (stage, plan) = planned(request(), |script| {
            script.json(200, made("draft")).json(200, odd.clone()).json(200, made("pending"))
        })
        .await;
        assert!(stage.engine.create(plan).await.unwrap().is_published, "{state}");
        assert_eq!(stage.oneflow_requests().last().unwrap(), "GET /v1/contracts/9001", "{state}");
        // The contract hides it as well.
        let (stage, plan) = planned(request(), |script| {
            let script = script.json(200, made("draft")).json(200, odd.clone()).json(200, odd.clone());
            script.json(200, made("pending"))
        })
        .await;
        let error = stage.engine.create(plan.clone()).await.unwrap_err();
        assert!(matches!(&error, EngineError::NotPublished { source: None, .. }), "{state}: {error}");
        assert!(error.is_retryable(), "{state}");
        assert!(stage.engine.create(plan).await.unwrap().is_published, "{state}: the next try finds it sent");
        assert_eq!(stage.writes().len(), 2, "{state}");
    }
}

/// The same contract without what Oneflow says of its data fields, or of one of them.
fn hidden(made: &str) -> [String; 3] {
    let mut without: Value = serde_json::from_str(made).unwrap();
    without.as_object_mut().unwrap().remove("data_fields").unwrap();
    [
        without.to_string(),
        made.replacen(r#""value": "1234.5""#, r#""value": 1234.5"#, 1),
        made.replacen(r#""custom_id": "salary""#, r#""custom_id": ["salary"]"#, 1),
    ]
}

#[tokio::test]
async fn a_contract_of_which_a_value_cannot_be_read_is_not_taken_over() {
    for unreadable in hidden(&made("pending")) {
        let (stage, second) = second_try(Err(TransportError::timeout("late")), |script| {
            script.json(200, list(&[made("pending")])).json(200, unreadable)
        })
        .await;
        let error = second.unwrap_err();
        assert!(matches!(&error, EngineError::AnswerUnreadable { member: "data_fields", .. }), "{error}");
        assert!(error.is_retryable());
        assert_eq!(stage.ledger.entry(9001.into()), None, "without bases it is not bound");
    }
    // A field that was not to be filled in costs nothing.
    let other = made("pending").replacen(
        r#""data_fields": ["#,
        r#""data_fields": [{ "id": 1, "custom_id": "x", "value": 7 },"#,
        1,
    );
    let (_, second) = second_try(Err(TransportError::timeout("late")), |script| {
        script.json(200, list(&[made("pending")])).json(200, other)
    })
    .await;
    assert!(second.unwrap().is_adopted);
}

#[tokio::test]
async fn a_contract_whose_answer_hides_values_is_read_once_more_for_its_bases() {
    for unreadable in hidden(&made("draft")) {
        let (stage, plan) =
            planned(request(), |script| script.json(200, unreadable.clone()).json(200, made("draft"))).await;
        stage.engine.create(plan).await.unwrap();
        assert_eq!(stage.ledger.entry(9001.into()).unwrap().bases.len(), 6, "{unreadable}");
        assert_eq!(stage.oneflow_requests().last().unwrap(), "GET /v1/contracts/9001");
    }
}
