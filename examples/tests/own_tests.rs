//! Tests of a program of one's own, without a network: one against answers from a script, one against the sandbox.

use std::{error::Error, sync::Arc};

use oneflow_client::{
    OneflowClient,
    contracts::DataFieldPatch,
    test_util::ScriptedTransport,
    transport::{Limiter, RetryPolicy},
};
use smartsync_core::{
    Engine, FieldMapping, Mapping, MemoryLedger, Outcome, SyncKeys, TemplateTypeId, mapping::LinkMethod,
};
use smartsync_sandbox::{ContractSeed, Sandbox, SandboxSettings};
use teamtailor_client::TeamtailorClient;

/// The code under test.
async fn postpone(oneflow: &OneflowClient, contract: i64) -> Result<(), oneflow_client::Error> {
    let patch = DataFieldPatch::new().value("2031-06-01");
    oneflow.contracts().update_data_field(contract, "start-date", patch).await
}

#[tokio::test]
async fn one_request_is_sent_and_a_signed_contract_is_refused() -> Result<(), Box<dyn Error>> {
    let script = Arc::new(ScriptedTransport::new().json(200, "{}").json(409, ""));
    let oneflow = OneflowClient::builder()
        .api_token("token-of-this-test")
        .transport(Arc::clone(&script))
        .retry(RetryPolicy::none()) // each answer once, and no wait
        .limiter(Limiter::none()) // else tests with one token share its limit
        .build()?;

    postpone(&oneflow, 9001).await?;
    assert!(postpone(&oneflow, 9002).await.is_err_and(|error| error.is_conflict()));
    assert_eq!(script.requests()[0].body().as_bytes(), br#"{"value":"2031-06-01"}"#);
    Ok(())
}

#[tokio::test]
async fn what_a_participant_fills_in_is_on_the_card() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(SandboxSettings::new());
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .transport(sandbox.oneflow_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(sandbox.teamtailor_transport())
        .sleep(sandbox.sleep())
        .build()?;
    let mut mapping = Mapping::default();
    mapping.fields.push(FieldMapping::new("oneflow-notice", "custom:oneflow-notice".parse()?));
    mapping.sync.convention = false;
    mapping.sync.link.push(LinkMethod::Email);
    mapping.sync.template_types.push(TemplateTypeId::new(sandbox.seeded().template_type));
    let keys = SyncKeys::new("tests", ["an/example/key/that/nobody/should/ever/use0".into()])?;
    let engine =
        Engine::builder(oneflow, teamtailor, mapping, Arc::new(MemoryLedger::new()), keys).build()?;

    let contract = sandbox.add_contract(
        ContractSeed::new(sandbox.seeded().template, "Employment contract")
            .counterparty("Ann Sample", "ann@example.com")
            .published(),
    )?;
    sandbox.fill_data_field(contract, "oneflow-notice", "3 months")?;

    let report = engine.sync(contract.into()).await?;
    assert_eq!(report.count(|outcome| outcome == Outcome::Written), 1);
    let card = sandbox.candidate_card(&sandbox.seeded().candidate).ok_or("no card")?;
    assert_eq!(card.custom_fields["oneflow-notice"], "3 months");
    Ok(())
}
