//! Who reads both services itself gets the plan that the engine makes.

use oneflow_client::contracts::GetContract;
use smartsync_core::{
    CandidateId, Mapping, Outcome,
    candidate::{CandidateSnapshot, Definitions},
    contract::ContractSnapshot,
    plan::{PlanInput, plan},
};
use smartsync_sandbox::SandboxSettings;

use crate::support::{fenced::Fence, in_sandbox::clients, stage::keys, story::Story};

#[tokio::test]
async fn the_plan_of_what_a_host_has_read_writes_what_the_engines_does() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.lose_ledger(Mapping::default());
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    let mapping = Mapping::default();
    let (oneflow, teamtailor) = clients(&story.sandbox, &Fence::around(&mapping), |wire| wire);
    let candidate: CandidateId = story.sandbox.seeded().candidate.parse().unwrap();

    let contract = oneflow.send(&GetContract::new(story.contract)).await.unwrap();
    let card = teamtailor.send(&CandidateSnapshot::request(&candidate)).await.unwrap();
    let definitions = Definitions::read(&teamtailor, &mapping).await.unwrap();
    let (contract, card) = (ContractSnapshot::read(&contract), CandidateSnapshot::read(&card));
    let keys = keys();
    let ours = plan(&PlanInput::new(&mapping, &definitions, &contract, &card, &keys));

    let engines = story.plan().await;
    assert!(ours.outcomes().iter().any(|field| field.outcome == Outcome::Written), "{ours:?}");
    assert_eq!(ours.steps(), engines.steps());
    assert_eq!(ours.outcomes(), engines.outcomes());
}
