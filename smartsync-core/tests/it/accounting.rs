//! What a plan and a report are as JSON: the published shape, whoever prints it (`docs/command-output.md`).

use serde_json::json;
use smartsync_transport::ScriptedTransport;

use crate::support::stage::{Stage, candidate, cold, contract, token};

const MAPPING: &str = r#"
sync  = { convention = false }
field = [
    { oneflow = "city", teamtailor = "custom:oneflow-city" },
    { oneflow = "kind", teamtailor = "custom:oneflow-kind", when = "all_signed" },
    { oneflow = "mail", teamtailor = "email", when = "edited", allow_identity = true },
]
"#;

const VALUE: &str =
    r#"{ "data": { "id": "903", "type": "custom-field-values", "attributes": { "value": "Oslo" } } }"#;

#[tokio::test]
async fn a_plan_and_its_report_have_one_shape_with_codes_and_sentences() {
    let fields = [("city", "Oslo"), ("kind", "Permanent"), ("mail", "ida@example.com")];
    let card = candidate(r#"{ "email": "ida@example.com" }"#, &[("903", "34", r#""Bergen""#)], &[]);
    let oneflow = ScriptedTransport::new().json(200, contract("pending", &token("4711", "hire-1"), &fields));
    let teamtailor = cold().json(200, card).json(200, VALUE);
    let stage = Stage::new(MAPPING, oneflow, teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();

    let expected = json!({
        "contract": 9001,
        "candidate": "4711",
        "linked_by": "participant_custom_id",
        "applied": false,
        "fields": [
            {
                "oneflow": "city",
                "teamtailor": "custom:oneflow-city",
                "outcome": "written",
                "reason": "first-sight-contract-won",
                "sentence": "The two sides already differed when the contract was first seen; as set in the mapping, the contract's value was used.",
                "sides": { "base": "none", "contract": "differs", "card": "differs" },
            },
            {
                "oneflow": "kind",
                "teamtailor": "custom:oneflow-kind",
                "outcome": "skipped",
                "reason": "waits-for-all-signatures",
                "sentence": "The field is written to the card once everyone has signed.",
            },
            {
                "oneflow": "mail",
                "teamtailor": "email",
                "outcome": "unchanged",
                "reason": null,
                "sentence": null,
                "sides": { "base": "value", "contract": "same", "card": "same" },
            },
        ],
        "document": {
            "outcome": "not_due",
            "reason": "not-signed-yet",
            "sentence": "The document is attached once everyone has signed.",
        },
    });
    let mut applied = expected.clone();
    applied["applied"] = json!(true);
    let mut with_hash = expected;
    with_hash["plan"] = json!(plan.hash());
    assert_eq!(serde_json::to_value(&plan).unwrap(), with_hash);
    let report = stage.engine.apply(plan).await;
    assert_eq!(serde_json::to_value(&report).unwrap(), applied);
}
