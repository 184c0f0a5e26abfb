//! A person decides on a field that is held.

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::BoxFuture;
use smartsync_core::{
    ChangeLimit, EngineError, Ledger as _, Mapping, Reason, Report,
    engine::{Decision, Resolved},
    ledger::Digest,
    outcome::{BaseState, ContractEdit, SideState, SideStates},
    plan::{Resolution, Take, WhyUnresolved},
};
use smartsync_sandbox::{SandboxSettings, WireFault, WireFaults};

use crate::support::{
    shaky_ledger::{Failure, Meanwhile, Shaky},
    stage::summary,
    story::{Story, build_between, engine_between},
};

const SALARY: &str = "oneflow-salary";
const ON_CARD: &str = "custom:oneflow-salary";

fn mapping(rules: &str) -> Mapping {
    toml::from_str(&format!(
        "sync = {{ convention = false, document = {{ attach = false }} }}\n[[field]]\noneflow = \"{SALARY}\"\nteamtailor = \"{ON_CARD}\"\n{rules}"
    ))
    .unwrap()
}

/// Both sides had 42000; the contract says 50000, the recruiter 60000, and the mapping leaves that to a person.
async fn conflict() -> Story {
    let mut story = Story::begin(SandboxSettings::new().null_clears(true)).await;
    story.map(mapping("on_conflict = \"hold\""));
    story.fills("50000");
    story.types("60000");
    story
}

impl Story {
    /// The participant.
    fn fills(&self, salary: &str) {
        self.sandbox.fill_data_field(self.contract, SALARY, salary).unwrap();
    }

    /// The recruiter.
    fn types(&self, salary: &str) {
        let candidate = self.sandbox.seeded().candidate;
        self.sandbox.edit_custom_field(&candidate, SALARY, Some(salary)).unwrap();
    }

    async fn shown(&self) -> String {
        self.plan().await.hash().to_owned()
    }

    async fn decide(&self, take: Take, seen: Option<&str>) -> Resolved {
        let decided = [Resolution::new(ON_CARD, take)];
        self.sandbox.clear_request_log();
        self.engine.resolve(self.contract.into(), &decided, seen).await.unwrap()
    }

    async fn decided(&self, take: Take) -> String {
        let shown = self.shown().await;
        ended(&self.decide(take, Some(&shown)).await)
    }

    async fn looks(&self) -> String {
        summary(&self.sync().await.outcomes).join(", ")
    }
}

fn ended(resolved: &Resolved) -> String {
    match resolved {
        Resolved::Applied { report, .. } => summary(&report.outcomes).join(", "),
        Resolved::Stale(_) => "stale".to_owned(),
        Resolved::Refused(plan) => format!("{:?}", plan.unresolved()[0].why),
    }
}

fn report(resolved: Resolved) -> Report {
    let Resolved::Applied { report, .. } = resolved else { panic!("{resolved:?}") };
    *report
}

/// The reasons of fields on which a person has decided.
pub(crate) async fn decided() -> Vec<Reason> {
    let mut reasons = Vec::new();
    for take in Take::ALL {
        let report = report(conflict().await.decide(take, None).await);
        reasons.extend(report.outcomes.iter().filter_map(|field| field.reason()));
    }
    reasons
}

#[tokio::test]
async fn who_takes_the_contract_writes_its_value_and_who_keeps_the_card_hears_of_it_no_more() {
    for (take, ends, after, salary) in [
        (Take::Contract, "written decided-contract", "unchanged", "50000"),
        (Take::Card, "skipped decided-card", "skipped candidate-is-newer", "60000"),
    ] {
        let story = conflict().await;
        assert_eq!(story.looks().await, "oneflow-salary held conflict-held");
        assert_eq!(story.decided(take).await, format!("oneflow-salary {ends}"));
        assert_eq!(story.requests().0, usize::from(take == Take::Contract));
        assert_eq!(story.field(SALARY).as_deref(), Some(salary));
        for _ in 0..2 {
            assert_eq!(story.looks().await, format!("oneflow-salary {after}"));
            assert_eq!(story.requests().0, 0);
        }
        // What comes later is decided anew.
        story.fills("55000");
        let later = if take == Take::Contract { "written" } else { "held conflict-held" };
        assert_eq!(story.looks().await, format!("oneflow-salary {later}"));
    }
}

#[tokio::test]
async fn what_was_not_seen_is_not_written_whichever_side_has_changed() {
    for take in Take::ALL {
        for change in [Story::fills, Story::types] {
            let story = conflict().await;
            let shown = story.shown().await;
            let entry = story.ledger.load(story.contract.into()).await.unwrap();
            change(&story, "61000");
            let resolved = story.decide(take, Some(&shown)).await;
            let Resolved::Stale(plan) = resolved else { panic!("{resolved:?}") };
            assert_eq!(story.requests().0, 0);
            assert_eq!(story.ledger.load(story.contract.into()).await.unwrap(), entry);
            // What is shown now can be decided.
            assert_eq!(summary(plan.outcomes()), ["oneflow-salary held conflict-held"]);
            let again = story.decide(take, Some(plan.hash())).await;
            assert!(matches!(again, Resolved::Applied { .. }), "{again:?}");
        }
    }
}

#[tokio::test]
async fn the_hash_of_what_was_shown_is_told_and_a_dry_run_writes_nothing() {
    let story = conflict().await;
    let shown = story.shown().await;
    let decided = [Resolution::new(SALARY, Take::Contract)];
    let plan = story.engine.plan_resolved(story.contract.into(), &decided).await.unwrap();
    assert_eq!(summary(plan.outcomes()), ["oneflow-salary written decided-contract"]);
    assert_eq!((plan.undecided().hash(), plan.unresolved()), (shown.as_str(), &[][..]));
    assert_ne!(plan.hash(), shown);
    assert_eq!(plan.updates().len(), 1);
    assert_eq!(story.field(SALARY).as_deref(), Some("60000"));
    let resolved = story.decide(Take::Contract, Some(&shown)).await;
    let Resolved::Applied { seen, report, .. } = resolved else { panic!("{resolved:?}") };
    assert_eq!((seen, report.plan.as_str()), (shown, plan.hash()));
}

#[tokio::test]
async fn a_plan_with_a_decision_is_applied_later_only_over_what_it_saw() {
    for take in Take::ALL {
        let story = conflict().await;
        let decided = [Resolution::new(SALARY, take)];
        let plan = story.engine.plan_resolved(story.contract.into(), &decided).await.unwrap();
        story.sandbox.advance(Duration::from_secs(60));
        story.types("61000");
        let report = story.engine.apply(plan).await;
        assert_eq!(summary(&report.outcomes), ["oneflow-salary held changed-meanwhile"]);
        assert_eq!(story.field(SALARY).as_deref(), Some("61000"));
        assert_eq!(story.looks().await, "oneflow-salary held conflict-held", "nothing was noted either");
    }
}

#[tokio::test]
async fn what_the_limit_holds_back_is_written_for_whoever_has_looked_at_it_and_counts_for_nobody() {
    let none = ChangeLimit::none().per_hour(0);
    for (take, ends, after) in [
        (Take::Contract, "written decided-contract", "unchanged"),
        (Take::Card, "skipped decided-card", "skipped candidate-is-newer"),
    ] {
        let mut story = Story::begin(SandboxSettings::new()).await;
        let wire = |wire| wire;
        let ledger = story.ledger.clone();
        story.engine =
            build_between(&story.sandbox, ledger, mapping(""), wire, |builder| builder.change_limit(none));
        story.fills("50000");
        assert_eq!(story.looks().await, "oneflow-salary held limit-reached");
        let resolved = story.decide(take, Some(&story.shown().await)).await;
        assert_eq!(ended(&resolved), format!("oneflow-salary {ends}"));
        assert!(report(resolved).is_complete(), "nothing waits for room");
        assert_eq!(story.ledger.load_overwrites().await.unwrap(), Default::default());
        assert_eq!(story.looks().await, format!("oneflow-salary {after}"));
    }
}

/// The card holds what it held before a write that was cut off: nobody knows whether a person has put it back.
#[tokio::test]
async fn after_a_write_that_was_cut_off_a_person_says_whose_the_value_is() {
    for (take, ends, salary) in
        [(Take::Contract, "written decided-contract", "50000"), (Take::Card, "skipped decided-card", "42000")]
    {
        let mut story = Story::begin(SandboxSettings::new()).await;
        story.map(mapping("on_conflict = \"hold\""));
        story.fills("50000");
        let crash = WireFaults::of_writes(WireFault::CrashAfter);
        let hold = mapping("on_conflict = \"hold\"");
        let engine = engine_between(&story.sandbox, story.ledger.clone(), hold, |wire| crash.on(wire));
        let plan = engine.plan(story.contract.into()).await.unwrap();
        tokio::select! {
            biased;
            _ = engine.apply(plan) => panic!("the process has died"),
            () = tokio::task::yield_now() => {}
        }
        story.types("42000");
        assert_eq!(story.looks().await, "oneflow-salary held cut-off-held");
        let sides = story.plan().await.outcomes()[0].sides.unwrap();
        assert_eq!(sides, SideStates::new(BaseState::None, SideState::Differs, SideState::Differs));
        assert_eq!(story.decided(take).await, format!("oneflow-salary {ends}"));
        assert_eq!(story.field(SALARY).as_deref(), Some(salary));
        let after = if take == Take::Card { "skipped candidate-is-newer" } else { "unchanged" };
        assert_eq!(story.looks().await, format!("oneflow-salary {after}"));
    }
}

/// What the sync itself has put on the card is no person's, until a person says that it stays.
#[tokio::test]
async fn a_value_of_the_sync_that_a_person_keeps_is_theirs_from_then_on() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(mapping(""));
    story.fills("50000");
    assert_eq!(story.looks().await, "oneflow-salary written");
    story.fills("55000");
    assert_eq!(story.decided(Take::Card).await, "oneflow-salary skipped decided-card");
    assert_eq!(story.looks().await, "oneflow-salary skipped candidate-is-newer");
    assert_eq!(story.field(SALARY).as_deref(), Some("50000"));
}

/// The ledger drops what rests on an older base than it knows.
#[tokio::test]
async fn a_card_counts_as_kept_only_where_the_ledger_has_taken_it() {
    let other: Digest = serde_json::from_value("v1:another".into()).unwrap();
    let (mut step, mut dropped) = (0, 0);
    loop {
        let story = conflict().await;
        let (ledger, contract, agreed) = (story.ledger.clone(), story.contract.into(), other.clone());
        let others = move || -> BoxFuture<'static, ()> {
            let mut entry = ledger.entry(contract).unwrap();
            entry.bases.insert(SALARY.to_owned(), agreed.clone());
            ledger.put(contract, entry);
            Box::pin(ready(()))
        };
        let meanwhile = Meanwhile { at: (step, Failure::Before), others: Box::new(others) };
        let shaky = Arc::new(Shaky::new(story.ledger.clone(), None).meanwhile(meanwhile));
        let hold = mapping("on_conflict = \"hold\"");
        let engine = engine_between(&story.sandbox, shaky.clone(), hold, |wire| wire);
        let resolved = engine.resolve(contract, &[Resolution::new(ON_CARD, Take::Card)], None).await.unwrap();
        let Resolved::Applied { report, decided, .. } = resolved else { panic!("{resolved:?}") };
        let is_kept = story.ledger.entry(contract).unwrap().bases[SALARY] != other;
        assert_eq!(decided[0].is_followed_in(&report.outcomes), is_kept, "{step}: {:?}", report.outcomes);
        if step == shaky.steps() {
            break;
        }
        dropped += usize::from(!is_kept);
        step += 1;
    }
    assert!(dropped > 0, "another was quicker at none of {step} steps");
}

/// A data field may feed several fields of the card, and a name alone does not say which.
#[tokio::test]
async fn a_decision_is_told_with_the_field_of_the_card_before_anything_is_written() {
    let mut story = conflict().await;
    story.map(
        toml::from_str(&format!(
            "sync = {{ convention = false, document = {{ attach = false }} }}\n[[field]]\noneflow = \"{SALARY}\"\nteamtailor = \"pitch\"\ntemplate_types = [1]\n[[field]]\noneflow = \"{SALARY}\"\nteamtailor = \"{ON_CARD}\"\non_conflict = \"hold\"\ntemplate_types = [{}]\n",
            story.sandbox.seeded().template_type
        ))
        .unwrap(),
    );
    let shown = story.shown().await;
    story.sandbox.clear_request_log();
    let keep = [Resolution::new(SALARY, Take::Contract)];
    let told = Mutex::new(None);
    let tell = |decision| {
        assert_eq!(story.requests().0, 0, "nothing is written yet");
        *told.lock().unwrap() = Some(decision);
        ready(Ok::<(), EngineError>(()))
    };
    let resolved = story.engine.resolve_told(story.contract.into(), &keep, Some(&shown), tell).await.unwrap();
    let told: Decision = told.into_inner().unwrap().unwrap();
    let field = &told.fields[0];
    assert_eq!((field.data_field.as_str(), field.candidate_field.to_string().as_str()), (SALARY, ON_CARD));
    assert_eq!((told.seen, told.candidate), (shown, Some(story.sandbox.seeded().candidate.as_str().into())));
    let Resolved::Applied { report, decided, .. } = resolved else { panic!("{resolved:?}") };
    assert_eq!((decided, told.fields[0].is_followed_in(&report.outcomes)), (told.fields, true));
}

#[tokio::test]
async fn what_cannot_be_told_is_not_written_and_what_is_not_carried_out_is_not_told() {
    let story = conflict().await;
    let contract = story.contract.into();
    let take = [Resolution::new(ON_CARD, Take::Contract)];
    story.sandbox.clear_request_log();
    let no_room = |_| ready(Err(EngineError::PlanOfAnotherEngine));
    let resolved = story.engine.resolve_told(contract, &take, None, no_room).await;
    assert!(matches!(resolved, Err(EngineError::PlanOfAnotherEngine)), "{resolved:?}");
    assert_eq!((story.requests().0, story.field(SALARY).as_deref()), (0, Some("60000")));
    let never = |decision| -> Ready<Result<(), EngineError>> { panic!("{decision:?}") };
    let stale = story.engine.resolve_told(contract, &take, Some("another"), never).await.unwrap();
    assert_eq!(ended(&stale), "stale");
    let unknown = [Resolution::new("salary", Take::Contract)];
    let refused = story.engine.resolve_told(contract, &unknown, None, never).await.unwrap();
    assert_eq!(ended(&refused), "UnknownField");
}

#[tokio::test]
async fn there_is_nothing_to_decide_where_both_sides_agree_and_no_field_of_another_name() {
    let story = Story::begin(SandboxSettings::new()).await;
    let plan = |field: &str| {
        let decided = [Resolution::new(field, Take::Card), Resolution::new(field, Take::Contract)];
        let engine = &story.engine;
        async move { engine.plan_resolved(story.contract.into(), &decided).await.unwrap() }
    };
    let why = |plan: smartsync_core::Plan| Vec::from_iter(plan.unresolved().iter().map(|one| one.why));
    assert_eq!(why(plan(SALARY).await), [WhyUnresolved::NothingToDecide; 2]);
    assert_eq!(why(plan("salary").await), [WhyUnresolved::UnknownField; 2]);
    story.fills("50000");
    assert_eq!(why(plan(SALARY).await), [WhyUnresolved::SeveralFields], "it was decided twice");
}

#[tokio::test]
async fn an_emptied_field_clears_the_card_only_where_the_mapping_says_so() {
    let mut story = conflict().await;
    story.fills("");
    let resolved = story.decide(Take::Contract, None).await;
    assert_eq!(ended(&resolved), "Undecidable(EmptyKept)");
    assert_eq!(
        story.plan().await.outcomes()[0].sides.and_then(SideStates::edit),
        Some(ContractEdit::Emptied)
    );
    story.sandbox.sign_all(story.contract).unwrap();
    story.map(mapping("on_conflict = \"hold\"\nwhen = \"all_signed\"\non_empty = \"clear\""));
    assert_eq!(ended(&story.decide(Take::Contract, None).await), "oneflow-salary written decided-contract");
    assert_eq!(story.field(SALARY), None);
}

#[tokio::test]
async fn an_identity_field_is_decided_where_it_has_an_entry_and_never_where_it_is_only_prefilled() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.sandbox.fill_data_field(story.contract, "phone", "+46701234567").unwrap();
    let candidate = story.sandbox.seeded().candidate;
    story.sandbox.edit_candidate(&candidate, "phone", Some("+46707654321")).unwrap();
    let phone = [Resolution::new("phone", Take::Contract)];
    let decide = async |story: &Story| {
        ended(&story.engine.resolve(story.contract.into(), &phone, None).await.unwrap())
    };
    assert_eq!(decide(&story).await, "Undecidable(IdentityOnlyPrefilled)");
    story.map(
        toml::from_str(
            "sync.document.attach = false\n[[field]]\noneflow = \"phone\"\nteamtailor = \"phone\"",
        )
        .unwrap(),
    );
    assert_eq!(decide(&story).await, "Undecidable(WaitsForAllSignatures)");
    story.sandbox.sign_all(story.contract).unwrap();
    let ends = decide(&story).await;
    assert!(ends.contains("phone written decided-contract"), "{ends}");
    assert_eq!(story.field("phone").as_deref(), Some("+46701234567"));
}

#[tokio::test]
async fn the_states_of_the_sides_say_who_moved_and_whether_a_blank_was_filled_in() {
    use SideState::{Differs, Empty, Moved, Same};
    let mut story = Story::begin(SandboxSettings::new()).await;
    let notice = "sync = { convention = false, document = { attach = false } }\n[[field]]\noneflow = \"oneflow-notice\"\nteamtailor = \"custom:oneflow-notice\"\non_conflict = \"hold\"";
    story.map(toml::from_str(notice).unwrap());
    let candidate = story.sandbox.seeded().candidate;
    let sides = async |story: &Story| story.plan().await.outcomes()[0].sides.unwrap();
    let new = SideStates::new;
    assert_eq!(sides(&story).await, new(BaseState::Empty, Empty, Empty));
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    assert_eq!(sides(&story).await, new(BaseState::Empty, Moved, Empty));
    assert_eq!(sides(&story).await.edit(), Some(ContractEdit::FilledIn));
    story.sync().await;
    assert_eq!(sides(&story).await, new(BaseState::Value, Same, Same));
    story.sandbox.edit_custom_field(&candidate, "oneflow-notice", Some("1 month")).unwrap();
    assert_eq!(sides(&story).await, new(BaseState::Value, Same, Moved));
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "2 months").unwrap();
    assert_eq!(sides(&story).await, new(BaseState::Value, Moved, Moved));
    assert_eq!(sides(&story).await.edit(), Some(ContractEdit::Changed));
    story.lose_ledger(toml::from_str(notice).unwrap());
    assert_eq!(sides(&story).await, new(BaseState::None, Differs, Differs));
    assert_eq!(sides(&story).await.edit(), None);
}

#[tokio::test]
async fn a_plan_and_a_report_tell_the_template_type() {
    let story = conflict().await;
    let of_template = Some(story.sandbox.seeded().template_type.into());
    assert_eq!(story.plan().await.template_type(), of_template);
    assert_eq!(story.sync().await.template_type(), of_template);
}

#[tokio::test]
async fn without_an_answer_nothing_is_decided_and_the_error_is_that_of_a_look() {
    let story = conflict().await;
    let silent = WireFaults::when(|_, _| Some(WireFault::NoConnection));
    let hold = mapping("on_conflict = \"hold\"");
    let engine = engine_between(&story.sandbox, story.ledger.clone(), hold, |wire| silent.on(wire));
    let decided = engine.resolve(story.contract.into(), &[Resolution::new(SALARY, Take::Card)], None).await;
    assert!(matches!(decided, Err(EngineError::Service(_))), "{decided:?}");
}
