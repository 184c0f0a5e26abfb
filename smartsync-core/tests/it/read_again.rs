//! What happens while contract and card are read again before a write.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use oneflow_client::ContractId;
use serde_json::{Value, json};
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, Mapping, MemoryLedger, Next, Report, RequestId, Retry,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use smartsync_sandbox::{Sandbox, SandboxSettings, SandboxTransport, WireFault, WireFaults};
use smartsync_transport::{Request, Response, ScriptedTransport, Transport, TransportError};
use teamtailor_client::CandidateId;

use crate::support::{
    stage::{
        DEFINITIONS, Hand, IDA_EXAMPLE, NO_DOCUMENT, OPTIONS, Stage, candidate, cold, contract,
        http_response, summary, token, value, written_back,
    },
    story::{Story, engine_between},
};

/// The custom fields, with the name of one that nothing is mapped to in a form that cannot be read.
#[derive(Debug)]
struct OddName(SandboxTransport);

#[async_trait]
impl Transport for OddName {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let is_list = request.uri().path().ends_with("/custom-fields");
        let answer = self.0.execute(request).await?;
        if !is_list {
            return Ok(answer);
        }
        let mut body: Value = serde_json::from_slice(answer.body().as_bytes()).unwrap();
        let mut fields = body["data"].as_array_mut().unwrap().iter_mut();
        let odd = fields.find(|field| field["attributes"]["api-name"] == "shirt-size").unwrap();
        odd["attributes"]["api-name"] = json!(7);
        Ok(http_response(200, &[], &body.to_string()))
    }
}

/// A plan that writes the notice period and was made a minute ago, carried out while `hook` sees every request.
async fn carried_out(
    story: &Story,
    hook: impl Fn(&Request) -> Option<WireFault> + Send + Sync + 'static,
) -> Report {
    let is_planned = Arc::new(AtomicBool::new(false));
    let after_the_plan = Arc::clone(&is_planned);
    let faults = WireFaults::when(
        move |_, request| {
            if after_the_plan.load(Ordering::SeqCst) { hook(request) } else { None }
        },
    );
    let engine =
        engine_between(&story.sandbox, story.ledger.clone(), Mapping::default(), |wire| faults.on(wire));
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let plan = engine.plan(story.contract.into()).await.unwrap();
    assert_eq!(plan.steps().len(), 1);
    story.sandbox.advance(Duration::from_secs(60));
    story.sandbox.clear_request_log();
    is_planned.store(true, Ordering::SeqCst);
    engine.apply(plan).await
}

fn notice(report: &Report) -> String {
    summary(&report.outcomes).into_iter().find(|line| line.starts_with("oneflow-notice ")).unwrap()
}

/// How often the contract is read where the card takes 31 s so many times, and how the notice period ends.
async fn slow_card(times: usize) -> (usize, String, Next) {
    let story = Story::begin(SandboxSettings::new()).await;
    let (sandbox, left) = (story.sandbox.clone(), AtomicUsize::new(times));
    let report = carried_out(&story, move |request| {
        let is_card = request.uri().path().starts_with("/v1/candidates/");
        let is_slow = |left: usize| left.checked_sub(1);
        if is_card && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_slow).is_ok() {
            sandbox.advance(Duration::from_secs(31));
        }
        None
    })
    .await;
    let contract = format!("/contracts/{}", story.contract);
    let reads =
        story.sandbox.request_log().iter().filter(|request| request.path.ends_with(&contract)).count();
    let is_written = story.field("oneflow-notice").is_some();
    assert_eq!(is_written, notice(&report).ends_with(" written"));
    (reads, notice(&report), report.next)
}

#[tokio::test]
async fn what_took_over_thirty_seconds_to_read_is_read_again_three_times_at_most() {
    assert_eq!(slow_card(0).await, (1, "oneflow-notice written".to_owned(), Next::Done));
    assert_eq!(slow_card(1).await, (2, "oneflow-notice written".to_owned(), Next::Done));
    assert_eq!(slow_card(2).await, (3, "oneflow-notice written".to_owned(), Next::Done));
    let given_up = "oneflow-notice failed unavailable".to_owned();
    assert_eq!(slow_card(3).await, (3, given_up, Next::Retry(Retry::default())));
}

#[tokio::test]
async fn another_contract_that_cannot_be_read_ends_the_look_as_this_one_would() {
    for (status, expected, is_common) in [
        (401, "oneflow-notice failed not-authorized", true),
        (503, "oneflow-notice failed unavailable", false),
        // Of that one alone: it may be the one that comes first.
        (403, "oneflow-notice held other-contract-unreadable", false),
    ] {
        let story = Story::begin(SandboxSettings::new()).await;
        let other = story.second().await;
        // This contract comes first.
        story.sandbox.decline(other, None).unwrap();
        let path = format!("/v1/contracts/{other}");
        let report = carried_out(&story, move |request| {
            (request.uri().path() == path).then_some(WireFault::Status(status))
        })
        .await;
        assert_eq!(notice(&report), expected, "{status}");
        assert!(matches!(report.next, Next::Retry(retry) if retry.is_common == is_common), "{status}");
        assert_eq!(story.field("oneflow-notice"), None, "{status}");
    }
}

#[tokio::test]
async fn a_custom_field_of_no_concern_whose_name_cannot_be_read_holds_no_other_beside_a_second_contract() {
    let story = Story::begin(SandboxSettings::new()).await;
    let other = story.second().await;
    story.sandbox.decline(other, None).unwrap();
    let engine = engine_between(&story.sandbox, story.ledger.clone(), Mapping::default(), OddName);
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    let plan = engine.plan(story.contract.into()).await.unwrap();
    story.sandbox.advance(Duration::from_secs(60));
    assert_eq!(notice(&engine.apply(plan).await), "oneflow-notice written");
}

/// A store that takes 31 s to note something, so many times.
#[derive(Debug)]
struct Slow {
    store: Arc<MemoryLedger>,
    sandbox: Arc<Sandbox>,
    left: AtomicUsize,
}

#[async_trait]
impl Ledger for Slow {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        self.store.load(contract).await
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        self.store.load_card(candidate).await
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.store.load_overwrites().await
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        let is_slow = |left: usize| left.checked_sub(1);
        if self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, is_slow).is_ok() {
            self.sandbox.advance(Duration::from_secs(31));
        }
        self.store.update(change).await
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        self.store.load_creation(request).await
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        self.store.save_creation(request, creation).await
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        self.store.contracts_of(candidate).await
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.store.forget(candidate).await
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        self.store.is_forgotten(candidate).await
    }
}

#[tokio::test]
async fn what_grows_old_while_the_ledger_notes_a_write_is_read_again() {
    // How often the ledger is slow (first with whose contract it is, then with the write), how the field ends, and how often the
    // contract is read again.
    let table = [
        (0, "oneflow-notice written", 0),
        (1, "oneflow-notice written", 1),
        (2, "oneflow-notice written", 2),
        (usize::MAX, "oneflow-notice failed ledger-failed", 3),
    ];
    for (times, expected, reads) in table {
        let story = Story::begin(SandboxSettings::new()).await;
        story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
        let ledger = Slow {
            store: story.ledger.clone(),
            sandbox: story.sandbox.clone(),
            left: AtomicUsize::new(times),
        };
        let engine = engine_between(&story.sandbox, Arc::new(ledger), Mapping::default(), |wire| wire);
        let plan = engine.plan(story.contract.into()).await.unwrap();
        story.sandbox.clear_request_log();
        let report = engine.apply(plan).await;
        assert_eq!(notice(&report), expected, "{times}");
        let contract = format!("/contracts/{}", story.contract);
        let log = story.sandbox.request_log();
        assert_eq!(log.iter().filter(|request| request.path.ends_with(&contract)).count(), reads, "{times}");
        assert_eq!(story.field("oneflow-notice").is_some(), expected.ends_with("written"), "{times}");
    }
}

#[tokio::test]
async fn a_write_over_a_recruiters_value_that_was_put_off_goes_out_once_all_was_read_again() {
    let story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    assert_eq!(notice(&story.sync().await), "oneflow-notice written");
    story.sandbox.advance(Duration::from_secs(3_600));
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("4 months")).unwrap();
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "6 months").unwrap();
    // That the card does not hold what the sync wrote is noted with the write, which has grown old by then.
    let (store, sandbox) = (story.ledger.clone(), story.sandbox.clone());
    let ledger = Slow { store, sandbox, left: AtomicUsize::new(2) };
    let engine = engine_between(&story.sandbox, Arc::new(ledger), Mapping::default(), |wire| wire);
    let plan = engine.plan(story.contract.into()).await.unwrap();
    assert_eq!(notice(&engine.apply(plan).await), "oneflow-notice written conflict-contract-won");
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("6 months"));
}

/// An option that is written by its text becomes whatever stands there by then.
#[tokio::test]
async fn a_choice_whose_options_are_not_those_of_the_plan_is_held_and_read_anew() {
    let renamed = OPTIONS.replace("Permanent", "Until further notice");
    let held = "oneflow-kind held changed-meanwhile";
    for (options, expected, writes) in [(OPTIONS, "oneflow-kind written", 1), (&renamed, held, 0)] {
        let paper = || contract("pending", &token("4711", "hire-1"), &[("oneflow-kind", "Permanent")]);
        let card = || candidate(IDA_EXAMPLE, &[], &[]);
        let oneflow = ScriptedTransport::new().json(200, paper()).json(200, paper()).json(200, paper());
        let teamtailor = cold().json(200, card()).json(200, card()).json(200, options);
        let teamtailor = match writes {
            0 => teamtailor.json(200, DEFINITIONS).json(200, options).json(200, card()),
            _ => teamtailor.json(201, value(r#"["Permanent"]"#)),
        };
        let clock = Hand::default();
        let stage = Stage::build(NO_DOCUMENT, oneflow, teamtailor, |builder| builder.clock(clock.clone()));
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        clock.advance(40);
        let report = stage.engine.apply(plan).await;
        assert!(summary(&report.outcomes).contains(&expected.to_owned()), "{report:?}");
        assert_eq!(stage.writes().len(), writes);
        if writes == 0 {
            let next = stage.engine.plan(9001.into()).await.unwrap();
            let unknown = "oneflow-kind failed unknown-option".to_owned();
            assert!(summary(next.outcomes()).contains(&unknown), "{:?}", next.outcomes());
        }
    }
}

/// What the plan saw is a second old, and trusted for 30; a name, an address or a number is looked at once more all the same.
#[tokio::test]
async fn an_identity_field_that_a_recruiter_has_just_corrected_is_not_overwritten() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(toml::from_str(&written_back(&[("phone", "phone"), ("last-name", "last_name")])).unwrap());
    let candidate = story.sandbox.seeded().candidate;
    for (field, typed, corrected) in
        [("phone", "+46 70 174 06 06", "+46701740699"), ("last-name", "Newname", "Rightname")]
    {
        story.sandbox.fill_data_field(story.contract, field, typed).unwrap();
        let plan = story.engine.plan(story.contract.into()).await.unwrap();
        story.sandbox.edit_candidate(&candidate, field, Some(corrected)).unwrap();
        let report = story.engine.apply(plan).await;
        let line = summary(&report.outcomes).into_iter().find(|line| line.starts_with(field)).unwrap();
        assert_eq!(line, format!("{field} held changed-meanwhile"));
        assert_eq!(story.field(field).as_deref(), Some(corrected), "the recruiter's");
        story.sandbox.advance(Duration::from_secs(3_600));
    }
}
