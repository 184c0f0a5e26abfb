//! The whole story against the sandbox: prefill, both write-backs, the signature and the document.

use std::sync::Arc;

use oneflow_client::webhook;
use oneflow_client::webhook::Verifier;
use smartsync_core::{DocumentOutcome, Ledger, Mapping, MemoryLedger};
use smartsync_sandbox::{ReadBack, SandboxSettings};

use crate::support::{
    stage::{summary, written_back},
    story::{Story, engine},
};

/// Every form in which Teamtailor may read its values back.
fn read_backs() -> [ReadBack; 4] {
    let all = ReadBack::new().number_as_text(true).select_as_list(true).date_with_time(true);
    [ReadBack::new(), ReadBack::new().number_as_text(true), ReadBack::new().select_as_list(true), all]
}

#[tokio::test]
async fn a_contract_is_prefilled_filled_in_signed_and_filed() {
    for read_back in read_backs() {
        let mut story = Story::begin(SandboxSettings::new().read_back(read_back)).await;
        let prefilled = story.sandbox.contract_card(story.contract).unwrap().data_fields;
        assert_eq!(prefilled["oneflow-start-date"], "2031-05-01");
        assert_eq!(prefilled["oneflow-salary"], "42000");
        assert_eq!(prefilled["oneflow-contract-type"], "Permanent");
        assert_eq!(prefilled["oneflow-notice"], "");

        let report = story.sync().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(story.requests(), (0, 2), "nothing has changed yet: {:?}", story.sandbox.request_log());

        for (key, text) in [
            ("oneflow-salary", "45 500,50"),
            ("oneflow-start-date", "31.12.2031"),
            ("oneflow-contract-type", "Fixed term"),
            ("oneflow-has-car", "1"),
            ("oneflow-notice", "3 months"),
            ("phone", "+46 70 174 06 06"),
        ] {
            story.sandbox.fill_data_field(story.contract, key, text).unwrap();
        }
        let report = story.sync().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(
            story.requests(),
            (5, 9),
            "fields and options are read anew before an option is written: {:?}",
            story.sandbox.request_log()
        );
        assert_eq!(story.field("oneflow-salary").as_deref(), Some("45500.5"));
        assert!(story.field("oneflow-start-date").unwrap().starts_with("2031-12-31"));
        assert_eq!(story.field("oneflow-contract-type").as_deref(), Some("Fixed term"));
        assert_eq!(story.field("oneflow-has-car").as_deref(), Some("true"));
        assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));
        assert_eq!(
            story.field("phone").as_deref(),
            Some("+46701740605"),
            "who somebody is was only filled in"
        );
        assert_eq!(story.field("shirt-size").as_deref(), Some("M"), "no other field is touched");

        story.map(toml::from_str(&written_back(&[("phone", "phone")])).unwrap());
        assert!(story.sync().await.is_complete());
        assert_eq!(
            story.field("phone").as_deref(),
            Some("+46 70 174 06 06"),
            "unless an entry says otherwise"
        );
        story.map(Mapping::default());
        assert!(story.sync().await.is_complete());
        assert!(story.sync().await.is_complete());
        assert_eq!(story.requests(), (0, 2));
        assert_eq!(story.uploads(), [""; 0]);

        story.sandbox.sign_all(story.contract).unwrap();
        story.sandbox.set_file_missing(story.contract, true).unwrap();
        let report = story.sync().await;
        assert!(matches!(report.document, DocumentOutcome::Later(_)), "{report:?}");
        assert!(report.retry_after().is_some());
        story.sandbox.set_file_missing(story.contract, false).unwrap();
        assert_eq!(story.sync().await.document, DocumentOutcome::Attached);
        assert_eq!(story.sync().await.document, DocumentOutcome::AlreadyThere);
        assert_eq!(story.requests(), (0, 2));
        let uploads = story.uploads();
        assert_eq!(uploads.len(), 1, "{uploads:?}");
        assert!(uploads[0].contains(&format!("({})", story.contract)), "{uploads:?}");
    }
}

#[tokio::test]
async fn a_recruiters_newer_edit_stays_even_when_the_ledger_is_lost() {
    for is_lost in [false, true] {
        let mut story = Story::begin_with_a_draft(SandboxSettings::new()).await;
        if is_lost {
            story.lose_ledger(Mapping::default());
        }
        let candidate = story.sandbox.seeded().candidate;
        story.sandbox.edit_custom_field(&candidate, "oneflow-salary", Some("50000")).unwrap();
        story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
        let report = story.sync().await;
        let outcomes = summary(&report.outcomes);
        assert!(outcomes.contains(&"oneflow-salary skipped candidate-is-newer".to_owned()), "{outcomes:?}");
        assert!(outcomes.contains(&"oneflow-notice written".to_owned()), "{outcomes:?}");
        assert_eq!(story.field("oneflow-salary").as_deref(), Some("50000"));
    }
}

#[tokio::test]
async fn a_second_try_adopts_the_contract_that_the_sandbox_holds() {
    let story = Story::begin(SandboxSettings::new()).await;
    let request = story.request("hire-1");
    // As if the first try had broken off after the request went out.
    let ledger = Arc::new(MemoryLedger::new());
    let intent = smartsync_core::ledger::Creation::Intended {
        candidate: request.candidate.clone(),
        template: request.template,
    };
    ledger.save_creation(&request.request_id, &intent).await.unwrap();
    let second = engine(&story.sandbox, &ledger, Mapping::default());
    let plan = second.plan_contract(&request).await.unwrap();
    let created = second.create(plan).await.unwrap();
    assert!(created.is_adopted);
    assert_eq!(created.contract.get(), story.contract);
    assert_eq!(story.sandbox.contracts().len(), 1);
    assert_eq!(ledger.entry(created.contract), story.ledger.entry(created.contract), "with the same bases");
}

#[tokio::test]
async fn a_notification_of_the_sandbox_leads_to_its_contract() {
    let story = Story::begin(SandboxSettings::new()).await;
    let key = "local-secret";
    let body = webhook::test_notification("3f0c", story.contract, &["data_field:update"], &key.into());
    let verifier = Verifier::new([key]).unwrap();
    let contract = verifier.verify(body.as_bytes()).unwrap().contract();
    assert_eq!(contract.get(), story.contract);
    assert!(story.engine.plan(contract).await.unwrap().candidate().is_some());
}
