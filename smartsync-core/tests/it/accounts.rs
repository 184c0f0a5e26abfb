//! An engine writes with the credentials of its own accounts only, and what was made for others counts for nothing.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use serde_json::json;
use smartsync_core::{
    Accounts, ContractRequest, DocumentOutcome, Engine, EngineError, Ledger as _, LedgerEntry, Mapping,
    MemoryLedger, Next, Outcome, Reason, Report, SyncKeys, engine::LinkError, keys::DocumentMark,
    link::LinkToken,
};
use smartsync_sandbox::{Sandbox, SandboxSettings};
use smartsync_transport::{Method, Request, Response, Transport, TransportError};

use crate::support::{
    fenced::Fence,
    in_sandbox::{clients, request},
    stage::{Stage, candidate, cold, contract, http_response, summary, token},
};

const KEY: &str = "the/first/key/of/the/tenant/acme/0000000000";

fn accounts(oneflow: i64, teamtailor: &str) -> Accounts {
    Accounts::new(oneflow.into(), teamtailor.into())
}

fn keys_of(accounts: Accounts) -> SyncKeys {
    SyncKeys::for_accounts(accounts, [KEY.into()]).unwrap()
}

/// The sandbox, whose account may refuse to say its id.
#[derive(Debug)]
struct Shy<T>(T, Arc<AtomicBool>);

#[async_trait]
impl<T: Transport> Transport for Shy<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let is_asked = request.uri().path().ends_with("/company");
        if is_asked && self.1.load(Ordering::SeqCst) {
            return Ok(http_response(200, &[], r#"{ "data": { "type": "companies" } }"#));
        }
        self.0.execute(request).await
    }
}

struct Office {
    sandbox: Sandbox,
    ledger: Arc<MemoryLedger>,
    is_shy: Arc<AtomicBool>,
    /// Of all its engines, which may apply each other's plans.
    fence: Arc<Fence>,
}

impl Office {
    fn open(oneflow: i64, teamtailor: &str) -> Self {
        let settings = SandboxSettings::new().account(oneflow).company(teamtailor);
        Self {
            sandbox: Sandbox::new(settings),
            ledger: Arc::default(),
            is_shy: Arc::default(),
            fence: Fence::around(&Mapping::default()),
        }
    }

    fn engine(&self, keys: SyncKeys) -> Engine {
        let mapping = Mapping::default();
        let (oneflow, teamtailor) =
            clients(&self.sandbox, &self.fence, |wire| Shy(wire, self.is_shy.clone()));
        Engine::builder(oneflow, teamtailor, mapping, self.ledger.clone(), keys).build().unwrap()
    }

    fn request(&self, name: &str) -> ContractRequest {
        request(&self.sandbox, name)
    }

    fn asked(&self, operation: &str) -> usize {
        self.sandbox.request_log().iter().filter(|request| request.operation == operation).count()
    }

    fn writes(&self) -> usize {
        self.sandbox.request_log().iter().filter(|request| request.method != Method::GET).count()
    }
}

/// The reason of a look with another account's credentials.
pub(crate) async fn other_account() -> Reason {
    let office = with_an_edit().await;
    let other = office.engine(keys_of(accounts(8, "AcmeB1")));
    let report = other.apply(other.plan(9001.into()).await.unwrap()).await;
    reason_of_notice(&report)
}

/// The reason of a plan that another engine applies.
pub(crate) async fn plan_of_another() -> Reason {
    let office = with_an_edit().await;
    let plan = office.engine(keys_of(accounts(7, "AcmeA1"))).plan(9001.into()).await.unwrap();
    reason_of_notice(&office.engine(keys_of(accounts(8, "AcmeB1"))).apply(plan).await)
}

fn reason_of_notice(report: &Report) -> Reason {
    let notice = report.outcomes.iter().find(|field| field.data_field == "oneflow-notice").unwrap();
    notice.outcome.reason().unwrap()
}

/// A contract of the engine's own that was sent, and whose notice was filled in.
async fn with_an_edit() -> Office {
    let office = Office::open(7, "AcmeA1");
    let engine = office.engine(keys_of(accounts(7, "AcmeA1")));
    let message = smartsync_core::PublishMessage::new("Your contract", "Please sign.");
    let plan = engine.plan_contract(&office.request("hire-1").publish(message)).await.unwrap();
    let contract = engine.create(plan).await.unwrap().contract;
    office.sandbox.advance(std::time::Duration::from_secs(3_600));
    office.sandbox.fill_data_field(contract.get(), "oneflow-notice", "3 months").unwrap();
    assert_eq!(contract.get(), 9001);
    office
}

#[tokio::test]
async fn the_accounts_are_asked_for_once_and_before_the_first_write() {
    let office = with_an_edit().await;
    assert_eq!((office.asked("get_account"), office.asked("get_company")), (1, 1));
    office.sandbox.clear_request_log();
    let engine = office.engine(keys_of(accounts(7, "AcmeA1")));
    for expected in ["written", "unchanged"] {
        let plan = engine.plan(9001.into()).await.unwrap();
        let report = engine.apply(plan).await;
        assert!(summary(&report.outcomes).contains(&format!("oneflow-notice {expected}")), "{report:?}");
    }
    assert_eq!((office.asked("get_account"), office.asked("get_company")), (1, 1));
    let log = office.sandbox.request_log();
    let first_write = log.iter().position(|request| request.method != Method::GET).unwrap();
    assert!(log[..first_write].iter().any(|request| request.operation == "get_company"));
}

#[tokio::test]
async fn with_the_credentials_of_another_account_nothing_is_written_made_linked_or_remembered() {
    for (oneflow, teamtailor, service) in [(8, "AcmeA1", "Oneflow"), (7, "AcmeB1", "Teamtailor")] {
        let office = with_an_edit().await;
        let before = (office.ledger.entry(9001.into()), office.ledger.card(&"4711".into()));
        let engine = office.engine(keys_of(accounts(oneflow, teamtailor)));
        office.sandbox.clear_request_log();
        let plan = engine.plan(9001.into()).await.unwrap();
        assert!(!plan.updates().is_empty(), "the ledger links it");
        let report = engine.apply(plan).await;
        let failed = Outcome::Failed(Reason::OtherAccount);
        assert!(report.outcomes.iter().any(|field| field.outcome == failed), "{report:?}");
        assert!(report.retry_after().is_some_and(|retry| retry.is_common), "no contract's own fault");
        assert_eq!((office.ledger.entry(9001.into()), office.ledger.card(&"4711".into())), before);

        let plan = engine.plan_contract(&office.request("hire-2")).await.unwrap();
        let Err(EngineError::OtherAccount { service: named, .. }) = engine.create(plan).await else {
            panic!("no contract is made")
        };
        assert_eq!(named, service);
        let linked = engine.link_by_hand(9001.into(), &"4711".into(), true).await;
        assert!(matches!(linked, Err(LinkError::Engine(EngineError::OtherAccount { .. }))), "{linked:?}");
        assert_eq!(office.writes(), 0);
    }
}

#[tokio::test]
async fn where_a_service_does_not_say_which_account_it_is_nothing_is_written_until_it_does() {
    let office = with_an_edit().await;
    let engine = office.engine(keys_of(accounts(7, "AcmeA1")));
    office.sandbox.clear_request_log();
    office.is_shy.store(true, Ordering::SeqCst);
    let unknown = engine.check_accounts().await;
    assert!(matches!(unknown, Err(EngineError::AccountUnknown { service: "Teamtailor" })), "{unknown:?}");
    let report = engine.apply(engine.plan(9001.into()).await.unwrap()).await;
    assert!(summary(&report.outcomes).contains(&"oneflow-notice failed answer-unreadable".to_owned()));
    assert_eq!(office.writes(), 0);
    office.is_shy.store(false, Ordering::SeqCst);
    let report = engine.apply(engine.plan(9001.into()).await.unwrap()).await;
    assert!(summary(&report.outcomes).contains(&"oneflow-notice written".to_owned()));
}

#[tokio::test]
async fn a_plan_does_not_apply_on_an_engine_for_other_accounts_or_with_another_key() {
    let office = with_an_edit().await;
    let ours = || office.engine(keys_of(accounts(7, "AcmeA1")));
    let other_key =
        SyncKeys::for_accounts(accounts(7, "AcmeA1"), ["another/key/of/the/tenant/acme/000000000000".into()])
            .unwrap();
    for other in [office.engine(keys_of(accounts(7, "AcmeB1"))), office.engine(other_key)] {
        let plan = ours().plan(9001.into()).await.unwrap();
        let creation = ours().plan_contract(&office.request("hire-2")).await.unwrap();
        office.sandbox.clear_request_log();
        let report = other.apply(plan).await;
        for field in &report.outcomes {
            assert_eq!(field.outcome, Outcome::Failed(Reason::PlanOfAnotherEngine));
        }
        assert_eq!(report.document, DocumentOutcome::Failed(Reason::PlanOfAnotherEngine));
        assert_eq!(report.next, Next::Done);
        let made = other.create(creation).await;
        assert!(matches!(made, Err(EngineError::PlanOfAnotherEngine)), "{made:?}");
        assert!(office.sandbox.request_log().is_empty(), "not even a question");
    }
    let plan = ours().plan(9001.into()).await.unwrap();
    assert!(ours().apply(plan).await.is_complete(), "two engines for the same are the same");
}

#[tokio::test]
async fn what_was_made_for_other_accounts_counts_for_nothing_though_every_id_and_the_key_are_the_same() {
    // Those of the row, and whether what the first pair has made counts for them.
    for (other, counts) in [
        (accounts(7, "AcmeA1"), true),
        (accounts(8, "AcmeA1"), false),
        (accounts(7, "AcmeB1"), false),
        // The two ids run together in another way.
        (accounts(7, "1 AcmeA1"), false),
    ] {
        let (ours, theirs) = (keys_of(accounts(7, "AcmeA1")), keys_of(other.clone()));
        let text = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&ours);
        assert_eq!(LinkToken::verify(&text, &theirs).unwrap().is_ok(), counts, "{other:?}");
        let mark = |keys| DocumentMark::new(keys, 9001.into(), &"4711".into());
        assert_eq!(mark(&theirs).is_in(mark(&ours).as_str()), counts, "{other:?}");
        assert_eq!(ours.names().eq(theirs.names()), counts, "{other:?}: so are the digests");
    }
}

fn keys_of_tenant(name: &str) -> SyncKeys {
    SyncKeys::for_tenant(name, accounts(7, "AcmeA1"), [KEY.into()]).unwrap()
}

#[test]
fn what_was_made_for_one_tenant_counts_for_nothing_in_another_though_accounts_ids_and_key_are_the_same() {
    let tenants = ["", "north", "south", "north-2"];
    for ours in tenants {
        for theirs in tenants {
            let counts = ours == theirs;
            let (ours, theirs) = (keys_of_tenant(ours), keys_of_tenant(theirs));
            let text = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&ours);
            assert_eq!(LinkToken::verify(&text, &theirs).unwrap().is_ok(), counts, "{ours:?} {theirs:?}");
            let mark = |keys| DocumentMark::new(keys, 9001.into(), &"4711".into());
            assert_eq!(mark(&theirs).is_in(mark(&ours).as_str()), counts, "{ours:?} {theirs:?}");
            assert_eq!(ours.names().eq(theirs.names()), counts, "{ours:?} {theirs:?}: so are the digests");
        }
    }
}

#[test]
fn the_keys_of_the_nameless_tenant_are_those_that_databases_and_contracts_were_made_with() {
    let ours = keys_of_tenant("");
    let token = LinkToken::new("4711".into(), "hire-1".parse().unwrap()).sign(&ours);
    let mark = DocumentMark::new(&ours, 9001.into(), &"4711".into());
    let made = (ours.names().collect::<Vec<_>>(), token.as_str(), mark.as_str());
    let expected =
        (vec!["8473a7e3"], "teamtailor:4711:hire-1:b1a489f70c19949dff2d8fbd2b3a265f", "c5889b9aa607a835");
    assert_eq!(made, expected);
}

#[tokio::test]
async fn a_plan_of_one_tenant_does_not_apply_in_another_for_the_same_accounts() {
    let office = with_an_edit().await;
    let (north, south) = (office.engine(keys_of_tenant("north")), office.engine(keys_of_tenant("south")));
    let (plan, creation) = (
        north.plan(9001.into()).await.unwrap(),
        north.plan_contract(&office.request("hire-2")).await.unwrap(),
    );
    office.sandbox.clear_request_log();
    let report = south.apply(plan).await;
    for field in &report.outcomes {
        assert_eq!(field.outcome, Outcome::Failed(Reason::PlanOfAnotherEngine));
    }
    let made = south.create(creation).await;
    assert!(matches!(made, Err(EngineError::PlanOfAnotherEngine)), "{made:?}");
    assert!(office.sandbox.request_log().is_empty(), "not even a question");
}

#[tokio::test]
async fn a_token_of_before_is_followed_where_the_ledger_knows_the_contract_and_held_elsewhere() {
    // The keys of the stage are none of two accounts: so were all of an earlier version.
    let of_before = token("4711", "hire-1");
    for is_known in [true, false] {
        let oneflow = smartsync_transport::ScriptedTransport::new()
            .json(200, contract("pending", &of_before, &[("oneflow-city", "Oslo")]));
        let teamtailor = cold().json(200, candidate(r#"{ "email": "ida@example.com" }"#, &[], &[]));
        let stage = Stage::of_keys("", oneflow, teamtailor, keys_of(accounts(7, "AcmeA1")));
        if is_known {
            let mut entry = LedgerEntry::default();
            entry.candidate = Some("4711".into());
            stage.ledger.put(9001.into(), entry);
        }
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        let expected = if is_known { "oneflow-city written" } else { "oneflow-city held link-forged" };
        assert!(summary(plan.outcomes()).contains(&expected.to_owned()), "{:?}", summary(plan.outcomes()));
    }
}

#[test]
fn an_id_that_does_not_look_like_one_is_not_shown() {
    let strange = accounts(7, "Ann Sample\n\u{1b}[2J");
    assert_eq!(strange.shown_teamtailor(), "_");
    let error = accounts(7, "AcmeA1").check(&strange).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the Teamtailor credentials belong to account _, not to AcmeA1 as before, so nothing is written"
    );
    assert!(!format!("{error:?} {strange:?}").contains("Ann"));
    assert_eq!(json!(accounts(7, "AcmeA1").shown_teamtailor()), json!("AcmeA1"));
}

#[tokio::test]
async fn keys_without_accounts_are_the_hosts_to_tell_apart() {
    let office = Office::open(7, "AcmeA1");
    let engine = office.engine(SyncKeys::new("acme", [KEY.into()]).unwrap());
    assert!(engine.check_accounts().await.is_ok());
    let plan = engine.plan_contract(&office.request("hire-1")).await.unwrap();
    engine.create(plan).await.unwrap();
    assert_eq!(office.asked("get_account") + office.asked("get_company"), 0);
    assert!(office.ledger.load_creation(&"hire-1".parse().unwrap()).await.unwrap().is_some());
}
