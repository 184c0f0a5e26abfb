//! Whatever becomes of a run, what it has made is undone or named, and nothing else is touched.

use std::{
    collections::BTreeMap,
    fs,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use oneflow_client::OneflowClient;
use smartsync_sandbox::{
    CandidateSeed, ContractSeed, CustomFieldKind, CustomFieldSeed, ReadBack, Sandbox, SandboxSettings,
    unknowns::ApiVersion,
};
use smartsync_transport::{
    Response, TransportError,
    http::{Method, StatusCode},
};
use teamtailor_client::TeamtailorClient;
use tempfile::TempDir;
use tokio::sync::Notify;

use super::{
    worlds::{but_for, drawn, seeds, switches, truth},
    *,
};

/// As the sandbox has it.
const COMPANY: &str = "Example Company";

fn world(settings: SandboxSettings) -> Sandbox {
    let sandbox = Sandbox::new(settings);
    let template = sandbox.seeded().template;
    sandbox.add_contract(ContractSeed::new(template, "one of theirs")).unwrap();
    sandbox.add_candidate(CandidateSeed::new("theirs@example.com")).unwrap();
    let several = CustomFieldSeed::new("teams", CustomFieldKind::MultiSelect);
    sandbox.add_custom_field(several.options(["North", "South", "West"]));
    sandbox
}

/// What requests meet on their way.
#[derive(Clone, Debug, Default)]
enum Fate {
    #[default]
    None,
    /// The process is killed at this request, before it is sent or after its effect.
    Killed { at: usize, after: bool },
    /// Nothing is deleted, whatever the answer says.
    NothingIsDeleted,
    /// What is made is answered with a failure, and a list shows it so many seconds later.
    MadeInSilence { lag: u64 },
}

#[derive(Debug)]
struct Met {
    sandbox: Sandbox,
    inner: Arc<dyn Transport>,
    fate: Fate,
    count: Arc<AtomicUsize>,
    killed: Arc<Notify>,
    began: i64,
}

impl Met {
    fn seconds(&self) -> i64 {
        self.sandbox.now().as_second()
    }
}

#[async_trait]
impl Transport for Met {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let number = self.count.fetch_add(1, Ordering::SeqCst);
        let method = request.method().clone();
        let answer = |status: StatusCode, body: &'static str| {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = status;
            response
        };
        match self.fate {
            Fate::Killed { at, after } if at == number => {
                if after {
                    self.inner.execute(request).await?;
                }
                self.killed.notify_one();
                pending().await
            }
            Fate::NothingIsDeleted if method == Method::DELETE => Ok(answer(StatusCode::OK, "{}")),
            Fate::MadeInSilence { .. } if method == Method::POST => {
                self.inner.execute(request).await?;
                Ok(answer(StatusCode::INTERNAL_SERVER_ERROR, ""))
            }
            Fate::MadeInSilence { lag } => {
                let query = request.uri().query().unwrap_or_default();
                let is_list = query.contains("filter%5Bemail") || query.starts_with("limit=100");
                if is_list && self.seconds() < self.began + i64::try_from(lag).unwrap() {
                    return Ok(answer(StatusCode::OK, r#"{"data":[],"count":0}"#));
                }
                self.inner.execute(request).await
            }
            Fate::None | Fate::Killed { .. } | Fate::NothingIsDeleted => self.inner.execute(request).await,
        }
    }
}

struct Bench {
    sandbox: Sandbox,
    folder: TempDir,
}

impl Bench {
    fn new(settings: SandboxSettings) -> Self {
        Self { sandbox: world(settings), folder: tempfile::tempdir().unwrap() }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("probe.jsonl")
    }

    fn ways(&self, fate: &Fate) -> (Way, Way, Arc<AtomicUsize>, Arc<Notify>) {
        let (count, killed) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let met = |inner: Arc<dyn Transport>| -> Arc<dyn Transport> {
            Arc::new(Met {
                began: self.sandbox.now().as_second(),
                sandbox: self.sandbox.clone(),
                inner,
                fate: fate.clone(),
                count: Arc::clone(&count),
                killed: Arc::clone(&killed),
            })
        };
        let sandbox = &self.sandbox;
        let oneflow = OneflowClient::builder()
            .api_token(sandbox.oneflow_token())
            .user_email(sandbox.user_email())
            .transport(sandbox.oneflow_transport())
            .build()
            .unwrap();
        let teamtailor = TeamtailorClient::builder()
            .api_key(sandbox.teamtailor_key())
            .transport(sandbox.teamtailor_transport())
            .build()
            .unwrap();
        let (of_oneflow, of_teamtailor) = between(
            &oneflow,
            met(Arc::new(sandbox.oneflow_transport())),
            &teamtailor,
            met(Arc::new(sandbox.teamtailor_transport())),
        )
        .unwrap();
        (of_oneflow, of_teamtailor, count, killed)
    }

    /// A run; `None`: it was killed. And how many requests it has sent.
    async fn run(&self, fate: &Fate) -> (Option<ProbeReport>, usize) {
        let (oneflow, teamtailor, count, killed) = self.ways(fate);
        let mut probe = Probe::over((oneflow, teamtailor));
        let (log, sleep) = (self.log(), Arc::new(self.sandbox.sleep()));
        let run = async {
            let company = probe.begin().await.unwrap();
            probe.write_with(&company, COMPANY, false, &log, sleep).await.unwrap()
        };
        let report = tokio::select! {
            biased;
            report = run => Some(report),
            () = killed.notified() => None,
        };
        (report, count.load(Ordering::SeqCst))
    }

    async fn clean(&self) -> Option<Vec<LeftBehind>> {
        let (oneflow, teamtailor, ..) = self.ways(&Fate::None);
        let sleep = Arc::new(self.sandbox.sleep());
        Probe::clean_with((oneflow, teamtailor), &self.log(), sleep).await.unwrap()
    }

    /// Whatever an account holds that a person could miss, or find too much.
    fn seen(&self) -> (Vec<String>, Vec<i64>) {
        (self.sandbox.candidates(), self.sandbox.contracts())
    }
}

fn answers(report: &ProbeReport) -> BTreeMap<&str, &str> {
    report.answers.iter().map(|found| (found.fact.as_str(), found.answer.as_str())).collect()
}

#[tokio::test]
async fn a_run_settles_what_the_account_shows_and_leaves_nothing_behind() {
    let bench = Bench::new(SandboxSettings::new());
    let before = bench.seen();
    let (report, requests) = bench.run(&Fate::None).await;
    let report = report.unwrap();
    assert_eq!((report.undo_proven, report.left.as_slice()), (Some(true), [].as_slice()));
    assert!(requests <= 22 + 150 && requests == report.requests, "{requests}");
    assert_eq!(bench.seen(), before);
    assert!(!bench.log().exists());
    assert_eq!(written(&report), BTreeMap::from(USUAL));
}

/// What a sandbox without switches shows to a run that writes.
const USUAL: [(&str, &str); 24] = [
    ("changes-move-updated-time", "moves"),
    ("checkbox-read-form", "text"),
    ("contract-list-lag", "at-once"),
    ("create-answer-values", "shown"),
    ("data-field-times", "both"),
    ("date-read-form", "as-written"),
    ("deleted-candidate", "not-found"),
    ("deleted-contract", "not-found"),
    ("email-filter", "exact-lower"),
    ("email-read-form", "lower"),
    ("multi-select-read-form", "labels"),
    ("new-contract-value", "taken"),
    ("number-read-form", "number"),
    ("number-written-form", "kept"),
    ("one-bad-attribute", "whole"),
    ("participant-custom-id", "kept"),
    ("select-read-form", "label"),
    ("success-statuses", "ok"),
    ("taken-words", "taken"),
    ("value-clearing", "never"),
    ("value-posted-twice", "refused"),
    ("value-when-empty", "empty-text"),
    ("values-move-updated-at", "stays"),
    ("write-answer", "shown"),
];

/// What was found out by writing: facts that a run which only reads leaves open.
fn written(report: &ProbeReport) -> BTreeMap<&str, &str> {
    let reads = |fact: &str| {
        let facts = [FactService::Oneflow.facts().unwrap(), FactService::Teamtailor.facts().unwrap()];
        facts
            .iter()
            .find_map(|facts| facts.get(fact))
            .is_some_and(|fact| matches!(fact.probe, smartsync_core::facts::Probe::Read { .. }))
    };
    answers(report).into_iter().filter(|(fact, _)| !reads(fact)).collect()
}

#[tokio::test]
async fn each_switch_of_the_sandbox_changes_its_own_answer_and_no_other() {
    let read_back = ReadBack::new;
    for (settings, fact, answer) in [
        (SandboxSettings::new().null_clears(true), "value-clearing", "null"),
        (SandboxSettings::new().data_field_times(false), "data-field-times", "none"),
        (SandboxSettings::new().read_back(read_back().number_as_text(true)), "number-read-form", "text"),
        (SandboxSettings::new().read_back(read_back().select_as_list(true)), "select-read-form", "list"),
        (SandboxSettings::new().read_back(read_back().date_with_time(true)), "date-read-form", "with-time"),
    ] {
        let (report, _) = Bench::new(settings).run(&Fate::None).await;
        let mut expected = BTreeMap::from(USUAL);
        expected.insert(fact, answer);
        assert_eq!(written(&report.unwrap()), expected, "{fact}");
    }
}

#[tokio::test]
async fn in_a_world_that_differs_in_one_answer_no_other_is_found_for_it() {
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    for (service, fact, answers) in switches() {
        if !USUAL.iter().any(|(settled, _)| *settled == fact) {
            continue;
        }
        for answer in answers {
            let settings = SandboxSettings::new().unknowns(but_for(service, &fact, &answer));
            let (report, _) = Bench::new(settings).run(&Fate::None).await;
            let report = report.unwrap();
            let found = written(&report);
            match found.get(fact.as_str()) {
                None => open.push(format!("{fact}={answer}")),
                Some(found) if *found == answer => {}
                Some(found) => wrong.push(format!("{fact} is {answer}, and {found} was found")),
            }
            for (other, usual) in USUAL.iter().filter(|(other, _)| *other != fact) {
                if found.get(other).is_some_and(|found| found != usual) {
                    wrong.push(format!("{other} is {:?} where {fact} is {answer}", found.get(other)));
                }
            }
            assert!(report.left.len() <= 2, "{fact}={answer}: {:?}", report.left);
        }
    }
    assert_eq!(wrong, [""; 0], "left open: {open:?}");
    assert_eq!(open, NOT_SHOWN);
}

/// As many as are drawn for a run that reads.
#[tokio::test]
async fn in_worlds_that_are_drawn_at_random_no_verdict_is_wrong_and_nothing_of_others_is_touched() {
    let (switches, mut settled) = (switches(), 0);
    for seed in seeds() {
        let unknowns = drawn(&switches, &mut fastrand::Rng::with_seed(seed));
        if unknowns.teamtailor.api_version == ApiVersion::Refused {
            // Nothing is answered at all.
            continue;
        }
        let bench = Bench::new(SandboxSettings::new().unknowns(unknowns));
        let (candidates, contracts) = bench.seen();
        let (report, _) = bench.run(&Fate::None).await;
        let (report, is_true) = (report.unwrap(), truth(&unknowns));
        for found in &report.answers {
            let key = (found.service, found.fact.clone());
            // How a field is cleared is a setting of its own.
            let truth = is_true.get(&key).map_or("never", String::as_str);
            assert_eq!(found.answer, truth, "seed {seed}: {key:?}\n{is_true:#?}");
        }
        settled += written(&report).len();
        let kinds: Vec<MadeKind> = report.left.iter().map(|left| left.kind).collect();
        assert!(
            MadeKind::ALL.iter().all(|kind| kinds.iter().filter(|left| *left == kind).count() <= 1),
            "seed {seed}: {kinds:?}"
        );
        let (candidates_then, contracts_then) = bench.seen();
        assert!(candidates.iter().all(|id| candidates_then.contains(id)), "seed {seed}");
        assert!(contracts.iter().all(|id| contracts_then.contains(id)), "seed {seed}");
        let more = candidates_then.len() + contracts_then.len() - candidates.len() - contracts.len();
        assert!(more <= report.left.len(), "seed {seed}: {:?}", report.left);
    }
    println!("{settled} verdicts by writing");
}

/// Answers that a run which writes cannot tell.
const NOT_SHOWN: [&str; 1] = ["deleted-contract=shown"];

#[tokio::test]
async fn a_request_that_names_what_the_run_has_not_made_is_not_let_through() {
    let bench = Bench::new(SandboxSettings::new());
    let (oneflow, teamtailor, count, _) = bench.ways(&Fate::None);
    let log = IntentLog::begin(&bench.log(), "ab12").unwrap();
    let own = Arc::new(Own::new(log, "ab12"));
    assert!(
        !own.teach("candidate", "4711") && !own.teach("text-value", "1"),
        "only the run itself makes these"
    );
    assert!(own.teach("text-field", "1") && own.teach("workspace", "1"));
    let theirs = bench.sandbox.contracts()[0];
    for (way, service, method, target, body) in [
        (&teamtailor, FactService::Teamtailor, Method::DELETE, "/candidates/4711".to_owned(), ""),
        (&teamtailor, FactService::Teamtailor, Method::GET, "/candidates/4711".to_owned(), ""),
        (&teamtailor, FactService::Teamtailor, Method::POST, "/candidates".to_owned(), "{}"),
        (&teamtailor, FactService::Teamtailor, Method::DELETE, "/custom-field-values/1".to_owned(), ""),
        (&oneflow, FactService::Oneflow, Method::DELETE, format!("/contracts/{theirs}"), ""),
        (&oneflow, FactService::Oneflow, Method::POST, format!("/contracts/{theirs}/publish"), "{}"),
        (&oneflow, FactService::Oneflow, Method::PUT, format!("/contracts/{theirs}/data_fields/1"), "{}"),
        (&oneflow, FactService::Oneflow, Method::POST, "/contracts/create".to_owned(), "{}"),
    ] {
        let fence = way.writing(service, &own).fence;
        let mut request = Request::new(Body::from(body));
        *request.method_mut() = method;
        *request.uri_mut() = format!("{}{target}", asked::without_slash(&way.base_url)).parse().unwrap();
        assert!(fence.execute(request).await.is_err_and(|error| error.is_refused()), "{target}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn killed_at_any_request_before_it_is_sent_or_after_its_effect_it_is_undone_afterwards() {
    let (_, requests) = Bench::new(SandboxSettings::new()).run(&Fate::None).await;
    for at in 0..requests {
        for after in [false, true] {
            let bench = Bench::new(SandboxSettings::new());
            let before = bench.seen();
            let (report, _) = bench.run(&Fate::Killed { at, after }).await;
            assert!(report.is_none(), "{at}");
            let left = bench.clean().await;
            assert!(left.is_none_or(|left| left.is_empty()), "{at} {after}");
            assert_eq!(bench.seen(), before, "{at} {after}");
            assert!(!bench.log().exists(), "{at} {after}");
        }
    }
}

#[tokio::test]
async fn where_nothing_can_be_deleted_one_candidate_is_left_and_named_and_nothing_else_is_tried() {
    let bench = Bench::new(SandboxSettings::new());
    let (candidates, contracts) = bench.seen();
    let (report, _) = bench.run(&Fate::NothingIsDeleted).await;
    let report = report.unwrap();
    assert_eq!(report.undo_proven, Some(false));
    let [left] = report.left.as_slice() else { panic!("{:?}", report.left) };
    let (candidates_then, contracts_then) = bench.seen();
    let new: Vec<String> = candidates_then.into_iter().filter(|id| !candidates.contains(id)).collect();
    assert_eq!((left.kind, new), (MadeKind::Candidate, vec![left.id.clone()]));
    assert_eq!(contracts_then, contracts);
    // Another run does not begin beside it.
    assert!(bench.log().exists());
    assert_eq!(bench.clean().await, Some(vec![]));
    assert_eq!(bench.seen(), (candidates, contracts));
    assert_eq!(bench.clean().await, None);
}

#[tokio::test]
async fn what_was_made_without_an_answer_is_found_though_the_lists_lag_behind() {
    for lag in [0, 30] {
        let bench = Bench::new(SandboxSettings::new());
        let before = bench.seen();
        let (report, _) = bench.run(&Fate::MadeInSilence { lag }).await;
        let report = report.unwrap();
        assert_eq!((report.undo_proven, report.left.as_slice()), (Some(false), [].as_slice()), "{lag}");
        assert_eq!(bench.seen(), before, "{lag}");
    }
}

#[tokio::test]
async fn no_second_run_begins_before_the_first_is_undone_and_its_log_holds_no_text_of_a_service() {
    let bench = Bench::new(SandboxSettings::new());
    // Far behind what is read.
    let (report, _) = bench.run(&Fate::Killed { at: 40, after: true }).await;
    assert!(report.is_none());
    let log = fs::read_to_string(bench.log()).unwrap();
    for text in ["example.com", "Probe", COMPANY, "template"] {
        assert!(!log.contains(text), "{text}: {log}");
    }
    let (oneflow, teamtailor, ..) = bench.ways(&Fate::None);
    let probe = Probe::over((oneflow, teamtailor));
    let sleep = Arc::new(bench.sandbox.sleep());
    let refused = probe.write_with(&COMPANY.into(), COMPANY, false, &bench.log(), sleep).await;
    assert!(matches!(refused, Err(ProbeError::NotUndone)));
    assert!(bench.log().exists());
}
