//! A creation and a look at the same contract at the same time lose nothing of each other in the ledger.

use std::sync::Arc;

use async_trait::async_trait;
use oneflow_client::ContractId;
use smartsync_core::{
    CandidateId, Ledger, LedgerEntry, LedgerError, Mapping, MemoryLedger, RequestId,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use smartsync_sandbox::SandboxSettings;

use crate::support::{
    meanwhile::Meanwhile,
    stage::written_back,
    story::{Story, engine_between},
};

/// A ledger in which something happens right before the first change.
#[derive(Debug)]
struct Interrupted {
    inner: Arc<MemoryLedger>,
    meanwhile: Meanwhile,
}

#[async_trait]
impl Ledger for Interrupted {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.inner.load(contract).await
    }
    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.inner.load_card(candidate).await
    }
    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.inner.load_overwrites().await
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        self.meanwhile.happen().await;
        self.inner.update(change).await
    }
    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.inner.load_creation(request).await
    }
    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        self.inner.save_creation(request, creation).await
    }
    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.inner.contracts_of(candidate).await
    }
    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.inner.forget(candidate).await
    }
    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.inner.is_forgotten(candidate).await
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum First {
    Creation,
    Look,
}

/// By it a look agrees on all that a creation fills in.
fn mapping() -> Mapping {
    let fields =
        [("email", "email"), ("first-name", "first_name"), ("last-name", "last_name"), ("phone", "phone")];
    toml::from_str(&written_back(&fields)).unwrap()
}

/// A contract that was sent, of which the ledger knows only that it was to be made. The participant has filled it in.
async fn begun() -> Story {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.lose_ledger(mapping());
    let request = story.request("hire-1");
    let intent = Creation::Intended { candidate: request.candidate, template: request.template };
    story.ledger.save_creation(&request.request_id, &intent).await.unwrap();
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    story
}

#[tokio::test]
async fn a_creation_and_a_look_at_the_same_time_lose_neithers_bases() {
    for first in [First::Creation, First::Look] {
        let story = begun().await;
        let contract = story.contract;
        let request = story.request("hire-1");
        // The one that comes in between runs over the ledger itself.
        let other = engine_between(&story.sandbox, story.ledger.clone(), mapping(), |wire| wire);
        let asked = request.clone();
        let meanwhile = Meanwhile::new(async move {
            if first == First::Creation {
                let plan = other.plan(contract.into()).await.unwrap();
                other.apply(plan).await;
            } else {
                let plan = other.plan_contract(&asked).await.unwrap();
                assert_eq!(other.create(plan).await.unwrap().contract.get(), contract);
            }
        });
        let ledger = Interrupted { inner: story.ledger.clone(), meanwhile };
        let engine = engine_between(&story.sandbox, Arc::new(ledger), mapping(), |wire| wire);
        if first == First::Creation {
            let plan = engine.plan_contract(&request).await.unwrap();
            assert_eq!(engine.create(plan).await.unwrap().contract.get(), contract);
        } else {
            let plan = engine.plan(contract.into()).await.unwrap();
            engine.apply(plan).await;
        }

        assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"), "{first:?}");
        let undisturbed = begun().await;
        undisturbed.sync().await;
        assert_eq!(undisturbed.contract, contract);
        assert_eq!(
            story.ledger.entry(contract.into()),
            undisturbed.ledger.entry(contract.into()),
            "{first:?}"
        );
        let created = Creation::Created { candidate: request.candidate, contract: contract.into() };
        assert_eq!(
            story.ledger.load_creation(&request.request_id).await.unwrap(),
            Some(created),
            "{first:?}"
        );
        let report = story.sync().await;
        assert!(report.is_complete(), "{first:?}");
        assert_eq!(story.requests().0, 0, "{first:?}");
    }
}
