//! A request for a new contract, what is read before it is made, and what Oneflow makes of it.

use smartsync_core::{ContractRequest, CreationPlan, EngineError};
use smartsync_transport::{ScriptedTransport, TransportError};

use crate::support::stage::{DEFINITIONS, OPTIONS, Stage, candidate, contract, token};

pub(crate) const IDA: &str = r#"{ "first-name": "Ida", "last-name": "Example", "email": "ida@example.com", "phone": "+46 70 123 45 67" }"#;
pub(crate) const TEMPLATE: &str = r#"{ "id": 88, "name": "Employment", "template_type": { "id": 4711, "name": "Hiring" }, "template_active": true }"#;
pub(crate) const TEMPLATE_TYPE: &str = r#"{ "id": 4711, "name": "Hiring", "data_fields": [
    { "id": 1, "custom_id": "oneflow-start-date", "active": true },
    { "id": 2, "custom_id": "salary", "active": true },
    { "id": 3, "custom_id": "oneflow-car", "active": true },
    { "id": 4, "custom_id": "oneflow-kind", "active": true },
    { "id": 5, "custom_id": "oneflow-city", "active": true },
    { "id": 6, "custom_id": "first-name", "active": true },
    { "id": 7, "custom_id": "email", "active": false }
] }"#;

pub(crate) const WORKSPACES: &str = r#"{ "count": 2, "_links": {}, "data": [
    { "id": 11, "name": "Elsewhere", "_permissions": { "contract:create": true } },
    { "id": 12, "name": "Here", "_permissions": { "contract:create": true } }
] }"#;

pub(crate) fn request() -> ContractRequest {
    ContractRequest::new("hire-1".parse().unwrap(), "4711".into(), 88.into(), 12.into())
}

pub(crate) fn card() -> String {
    let values = [
        ("901", "31", r#""2031-06-01T00:00:00.000+02:00""#),
        ("902", "32", "1234.5"),
        ("903", "33", r#""true""#),
        ("904", "35", r#"["Permanent"]"#),
    ];
    candidate(IDA, &values, &[])
}

pub(crate) fn reads() -> (ScriptedTransport, ScriptedTransport) {
    (
        ScriptedTransport::new().json(200, TEMPLATE).json(200, TEMPLATE_TYPE).json(200, WORKSPACES),
        ScriptedTransport::new().json(200, card()).json(200, DEFINITIONS).json(200, OPTIONS),
    )
}

/// A stage whose first plan for [`request`] is made; Oneflow goes on with `answers`.
pub(crate) async fn planned(
    request: ContractRequest,
    answers: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, CreationPlan) {
    let (oneflow, teamtailor) = reads();
    let stage = Stage::new("", answers(oneflow), teamtailor);
    let plan = stage.engine.plan_contract(&request).await.unwrap();
    (stage, plan)
}

/// The contract as Oneflow answers it after it was made from [`card`].
pub(crate) fn made(state: &str) -> String {
    let fields = [
        ("oneflow-start-date", "2031-06-01"),
        ("salary", "1234.5"),
        ("oneflow-car", "1"),
        ("oneflow-kind", "Permanent"),
        ("oneflow-city", ""),
        ("first-name", "Ida"),
    ];
    contract(state, &token("4711", "hire-1"), &fields)
}

/// A stage for [`request`] with this mapping.
pub(crate) fn stage_with(mapping: &str) -> Stage {
    stage_in(mapping, 200, WORKSPACES)
}

/// The same where Oneflow answers this when it is asked for its workspaces.
pub(crate) fn stage_in(mapping: &str, status: u16, workspaces: &str) -> Stage {
    let (_, teamtailor) = reads();
    let oneflow = ScriptedTransport::new()
        .json(200, TEMPLATE)
        .json(200, TEMPLATE_TYPE)
        .json(status, workspaces)
        .json(200, made("draft"));
    Stage::new(mapping, oneflow, teamtailor)
}

/// A second try after the first ended like `first`: Oneflow then goes on with `answers`.
pub(crate) async fn second_try(
    first: Result<u16, TransportError>,
    answers: impl FnOnce(ScriptedTransport) -> ScriptedTransport,
) -> (Stage, Result<smartsync_core::CreatedContract, EngineError>) {
    let (stage, plan) = planned(request(), |script| {
        answers(match first {
            Ok(status) => script.json(status, "{}"),
            Err(error) => script.answer(Err(error)),
        })
    })
    .await;
    stage.engine.create(plan.clone()).await.unwrap_err();
    let second = stage.engine.create(plan).await;
    (stage, second)
}

pub(crate) fn list(contracts: &[String]) -> String {
    format!(r#"{{ "count": {}, "data": [{}], "_links": {{}} }}"#, contracts.len(), contracts.join(","))
}
