//! Several contracts of one candidate: per field, one of them speaks.

use std::time::Duration;

use async_trait::async_trait;
use oneflow_client::{Timestamp, contracts::ContractState};
use proptest::{prelude::*, sample::select};
use smartsync_core::{
    DocumentOutcome, LedgerEntry, Mapping, Next, Retry,
    contract::{ContractSnapshot, DataFieldSnapshot},
};
use smartsync_sandbox::{ContractSeed, SandboxSettings, SandboxTransport};
use smartsync_transport::{Request, Response, ScriptedTransport, Transport, TransportError};

use crate::support::{
    case::Case,
    stage::{Stage, candidate, cold, contract, http_response, summary, token},
    story::{Story, by_address, engine_between},
};

const CITY: &str =
    "[sync]\nconvention = false\n[[field]]\noneflow = \"city\"\nteamtailor = \"custom:city\"\n";
const OLD: Option<&str> = Some("2031-03-01T08:00:00+0000");
const NEW: Option<&str> = Some("2031-03-01T09:30:00+0100");

/// A contract with these times, and a city.
fn paper(
    id: i64,
    state: ContractState,
    published: Option<&str>,
    state_changed: Option<&str>,
) -> ContractSnapshot {
    let mut contract = ContractSnapshot::new(id.into(), state);
    contract.published = published.map(Timestamp::from);
    contract.state_changed = state_changed.map(Timestamp::from);
    contract.data_fields.insert("city".to_owned(), DataFieldSnapshot::new("Oslo"));
    contract
}

/// How the city of `this` ends beside `others`.
fn beside(this: ContractSnapshot, others: Vec<ContractSnapshot>) -> String {
    let mut case = Case::new(CITY);
    (case.contract, case.others) = (this, others);
    case.summary().remove(0)
}

#[test]
fn a_signed_contract_comes_before_a_pending_one_and_the_newest_before_the_others() {
    use ContractState::{Declined, Draft, Overdue, Pending, Signed};
    // This contract (9001): state, sent, state changed; the other: id and the same; whether the other one speaks.
    let table = [
        ((Pending, NEW, NEW), (9000, Signed, OLD, OLD), true),
        ((Signed, OLD, OLD), (9002, Pending, NEW, NEW), false),
        // Both signed: the last signature counts, not the sending.
        ((Signed, NEW, OLD), (9000, Signed, OLD, NEW), true),
        ((Signed, OLD, NEW), (9002, Signed, NEW, OLD), false),
        // Both pending: the sending counts.
        ((Pending, OLD, NEW), (9000, Pending, NEW, OLD), true),
        ((Pending, NEW, OLD), (9002, Pending, OLD, NEW), false),
        // In one second.
        ((Signed, OLD, OLD), (9002, Signed, OLD, OLD), true),
        ((Signed, OLD, OLD), (9000, Signed, OLD, OLD), false),
        // A time that is missing decides nothing where the states do.
        ((Signed, None, None), (9002, Pending, NEW, NEW), false),
        ((Pending, None, None), (9002, Signed, None, None), true),
        // What is not open speaks for no field.
        ((Pending, OLD, OLD), (9002, Draft, NEW, NEW), false),
        ((Pending, OLD, OLD), (9002, Declined, NEW, NEW), false),
        ((Pending, OLD, OLD), (9002, Overdue, NEW, NEW), false),
    ];
    for (number, ((state, sent, changed), (id, other_state, other_sent, other_changed), other_speaks)) in
        table.into_iter().enumerate()
    {
        let this = paper(9001, state, sent, changed);
        let other = paper(id, other_state, other_sent, other_changed);
        let expected = if other_speaks { "city skipped other-contract-first" } else { "city written" };
        assert_eq!(beside(this, vec![other]), expected, "row {number}");
    }
}

#[test]
fn of_two_contracts_of_which_one_lacks_its_time_nobody_knows_which_comes_first() {
    use ContractState::{Pending, Signed};
    // This contract: state, sent, state changed; the other: id and the same.
    let table = [
        // Signed, and nothing says when. That it was sent later says nothing of the signatures.
        ((Signed, NEW, None), (9000, Signed, OLD, OLD)),
        ((Signed, OLD, OLD), (9002, Signed, NEW, None)),
        ((Signed, OLD, None), (9002, Signed, OLD, None)),
        ((Signed, OLD, Some("soon")), (9002, Signed, OLD, OLD)),
        // Waiting, and nothing says since when.
        ((Pending, None, NEW), (9000, Pending, OLD, OLD)),
        ((Pending, OLD, OLD), (9002, Pending, None, NEW)),
    ];
    for (number, ((state, sent, changed), (id, other_state, other_sent, other_changed))) in
        table.into_iter().enumerate()
    {
        let this = paper(9001, state, sent, changed);
        let other = paper(id, other_state, other_sent, other_changed);
        let held = "city held other-contract-unreadable";
        assert_eq!(beside(this.clone(), vec![other]), held, "row {number}");
        assert_eq!(beside(this, vec![]), "city written", "row {number}: alone, it needs no rank");
    }
}

#[tokio::test]
async fn an_older_signature_whose_answer_lacks_its_time_does_not_write_over_a_newer_one() {
    let story = Story::begin(SandboxSettings::new()).await;
    let newer = story.second().await;
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "1 month").unwrap();
    story.sandbox.fill_data_field(newer, "oneflow-notice", "3 months").unwrap();
    story.sandbox.sign_all(story.contract).unwrap();
    story.sandbox.advance(Duration::from_secs(60));
    story.sandbox.sign_all(newer).unwrap();
    let plan = story.engine.plan(newer.into()).await.unwrap();
    story.engine.apply(plan).await;
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));

    let hasty = engine_between(&story.sandbox, story.ledger.clone(), Mapping::default(), Hasty);
    let report = hasty.apply(hasty.plan(story.contract.into()).await.unwrap()).await;
    let field = report.outcomes.iter().find(|field| field.data_field == "oneflow-notice").unwrap();
    assert_eq!(summary(std::slice::from_ref(field)), ["oneflow-notice held other-contract-unreadable"]);
    assert_eq!(report.next, Next::Retry(Retry::default()));
    assert_eq!(story.field("oneflow-notice").as_deref(), Some("3 months"));
}

/// Leaves `state_updated_time` out of what it answers about contracts.
#[derive(Debug)]
struct Hasty(SandboxTransport);

#[async_trait]
impl Transport for Hasty {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let is_contract = request.uri().path().starts_with("/v1/contracts/");
        let answer = self.0.execute(request).await?;
        let text = std::str::from_utf8(answer.body().as_bytes()).unwrap();
        Ok(if is_contract {
            http_response(200, &[], &text.replace("\"state_updated_time\"", "\"later\""))
        } else {
            answer
        })
    }
}

#[test]
fn a_contract_gives_way_per_field_and_only_where_the_other_one_has_a_source() {
    let mapping = r#"
        [[field]]
        oneflow = "city"
        teamtailor = "custom:city"
        [[field]]
        oneflow = "pay"
        teamtailor = "custom:salary"
        template_types = [7]
        [[field]]
        oneflow = "start"
        teamtailor = "custom:start-date"
        direction = "to_oneflow"
        [[field]]
        oneflow = "name"
        teamtailor = "first_name"
        when = "edited"
        template_types = [8]
        [[field]]
        oneflow = "first"
        teamtailor = "first_name"
        when = "edited"
        template_types = [7]
    "#;
    let mut case = Case::new(mapping).field("city", "Oslo").field("name", "Ida").field("other", "x");
    case.contract.template_type = Some(8.into());
    let mut other = paper(9002, ContractState::Signed, NEW, NEW);
    case.others = vec![other.clone()];
    let outcomes = |case: &Case| case.summary();
    assert_eq!(
        outcomes(&case),
        [
            "city skipped other-contract-first",
            "first skipped out-of-scope",
            "name written",
            "pay skipped out-of-scope",
            "start skipped only-prefilled",
        ]
    );
    // Another key for the same field of the card, in a contract of another kind.
    other.data_fields.clear();
    other.data_fields.insert("first".to_owned(), DataFieldSnapshot::new(""));
    case.others = vec![other.clone()];
    assert_eq!(outcomes(&case)[0], "city written");
    assert_eq!(outcomes(&case)[2], "name written", "there, the entry is not for such a contract");
    other.template_type = Some(7.into());
    case.others = vec![other.clone()];
    assert_eq!(outcomes(&case)[2], "name skipped other-contract-first", "even where it holds nothing yet");
    // A contract that is not kept in step speaks for no field.
    case.mapping.sync.template_types = vec![8.into()];
    assert_eq!(outcomes(&case)[2], "name written");
}

#[test]
fn the_document_of_a_lower_ranked_contract_is_attached_all_the_same() {
    let mut case = Case::new(CITY);
    case.contract = paper(9001, ContractState::Signed, OLD, OLD);
    case.others = vec![paper(9002, ContractState::Signed, NEW, NEW)];
    let plan = case.plan();
    assert_eq!(summary(plan.outcomes()), ["city skipped other-contract-first"]);
    assert_eq!(plan.document(), DocumentOutcome::Attached);
    assert_eq!(plan.steps().len(), 1);
}

fn papers() -> impl Strategy<Value = Vec<ContractSnapshot>> {
    let states = ["draft", "pending", "signed", "declined", "overdue"];
    let time = || select(vec![OLD, NEW]);
    let one = (select(states.to_vec()), time(), time(), any::<bool>());
    prop::collection::vec(one, 1..6).prop_map(|all| {
        let paper = |(position, (state, sent, changed, has_city)): (usize, (&str, _, _, bool))| {
            let id = 9_001 + i64::try_from(position).unwrap();
            let mut paper = paper(id, ContractState::from(state), sent, changed);
            if !has_city {
                paper.data_fields.clear();
            }
            paper
        };
        all.into_iter().enumerate().map(paper).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn one_contract_at_most_writes_a_field_and_one_does_if_any_may(papers in papers(), seed in any::<u64>()) {
        let outcomes = |turn: u64| -> Vec<String> {
            papers
                .iter()
                .map(|paper| {
                    // The contract itself may be among the others, and the order of these is nothing.
                    let mut others = papers.clone();
                    let length = others.len();
                    others.rotate_left(usize::try_from(turn).unwrap_or_default() % length);
                    beside(paper.clone(), others)
                })
                .collect()
        };
        let found = outcomes(0);
        let open = papers.iter().filter(|paper| {
            let is_open = matches!(paper.state, Some(ContractState::Pending | ContractState::Signed));
            is_open && !paper.data_fields.is_empty()
        });
        let writers = found.iter().filter(|outcome| *outcome == "city written").count();
        prop_assert_eq!(writers, usize::from(open.count() > 0), "{:?}", found);
        prop_assert_eq!(outcomes(seed % 1_000), found);
    }
}

#[tokio::test]
async fn the_engine_reads_the_candidates_other_contracts_and_no_others() {
    let mut story = Story::begin(SandboxSettings::new()).await;
    story.map(by_address(&story.sandbox));
    let seeded = story.sandbox.seeded();
    let seed = ContractSeed::new(seeded.template, "A second contract")
        .counterparty("Sam Sample", story.field("email").unwrap())
        .published();
    let second = story.sandbox.add_contract(seed).unwrap();
    story.sandbox.advance(Duration::from_secs(3_600));
    story.sandbox.fill_data_field(second, "oneflow-notice", "1 month").unwrap();
    story.sandbox.fill_data_field(story.contract, "oneflow-notice", "3 months").unwrap();
    assert!(story.sync().await.is_complete());
    assert_eq!(
        story.requests().1,
        5,
        "the second is not known yet: contract, card, custom fields and options, one write"
    );

    let look = async |contract: i64| {
        story.sandbox.clear_request_log();
        let plan = story.engine.plan(contract.into()).await.unwrap();
        let report = story.engine.apply(plan).await;
        let field = report.outcomes.into_iter().find(|field| field.data_field == "oneflow-notice");
        (summary(&[field.unwrap()]).remove(0), story.requests())
    };
    // Found by its address, and sent last. What the card holds, the first contract has put there: it is no person's edit.
    let newer = "oneflow-notice written".to_owned();
    // What has happened to it is read, and its card once more, behind what the ledger remembers of it.
    assert_eq!(look(second).await, (newer, (1, 6)));
    assert_eq!(look(story.contract).await.0, "oneflow-notice skipped other-contract-first");
    assert_eq!(look(story.contract).await.1, (0, 3), "the contract, the card, the other contract");

    story.sandbox.sign_all(story.contract).unwrap();
    assert_eq!(look(second).await, ("oneflow-notice skipped other-contract-first".to_owned(), (0, 3)));
    story.sandbox.delete_contract(story.contract).unwrap();
    assert_eq!(look(second).await, ("oneflow-notice unchanged".to_owned(), (0, 3)));
}

#[tokio::test]
async fn a_hundred_other_contracts_are_read_and_no_more_the_newest_first() {
    let this = contract("pending", &token("4711", "hire-1"), &[]);
    let oneflow = (0..100).fold(ScriptedTransport::new().json(200, this), |script, _| script.json(404, "{}"));
    let teamtailor = cold().json(200, candidate("{}", &[], &[]));
    let stage = Stage::new("", oneflow, teamtailor);
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4711".into());
    for id in 8_000..8_105_i64 {
        stage.ledger.put(id.into(), entry.clone());
    }
    stage.engine.plan(9001.into()).await.unwrap();
    let requests = stage.oneflow_requests();
    assert_eq!(requests.len(), 101);
    assert_eq!(requests[1], "GET /v1/contracts/8104");
    assert_eq!(requests[100], "GET /v1/contracts/8005");
}

#[tokio::test]
async fn another_contract_that_cannot_be_read_keeps_this_one_from_being_planned() {
    let this = contract("pending", &token("4711", "hire-1"), &[]);
    let oneflow = ScriptedTransport::new().json(200, this).json(503, "");
    let teamtailor = cold().json(200, candidate("{}", &[], &[]));
    let stage = Stage::new("", oneflow, teamtailor);
    let mut entry = LedgerEntry::default();
    entry.candidate = Some("4711".into());
    stage.ledger.put(8_000.into(), entry.clone());
    assert!(stage.engine.plan(9001.into()).await.unwrap_err().is_retryable());
}

#[test]
fn a_contract_whose_rank_is_not_known_holds_the_fields_that_it_may_claim() {
    let this = || paper(9001, ContractState::Pending, OLD, OLD);
    let signed = || paper(9002, ContractState::Signed, NEW, NEW);
    let held = "city held other-contract-unreadable";
    let mut other = signed();
    other.state = Some(ContractState::from("frozen"));
    assert_eq!(beside(this(), vec![other]), held, "a state of a later time may rank anywhere");
    let mut other = signed();
    other.state = None;
    assert_eq!(beside(this(), vec![other]), held);
    for member in ["state", "data_fields"] {
        let mut other = signed();
        other.unreadable.insert(member);
        if member == "data_fields" {
            other.data_fields.clear();
        }
        assert_eq!(beside(this(), vec![other]), held, "{member}");
    }
    // A time decides between two that are signed, and the other times do not.
    for member in ["state_updated_time", "published_time", "created_time"] {
        let mut other = signed();
        other.unreadable.insert(member);
        match member {
            "state_updated_time" => other.state_changed = None,
            "published_time" => other.published = None,
            _ => other.created = None,
        }
        let this = paper(9001, ContractState::Signed, OLD, OLD);
        let decides = member == "state_updated_time";
        let expected = if decides { held } else { "city skipped other-contract-first" };
        assert_eq!(beside(this, vec![other]), expected, "{member}");
    }
    let mut other = signed();
    other.state = Some(ContractState::from("frozen"));
    other.data_fields.clear();
    assert_eq!(beside(this(), vec![other]), "city written", "it has no source for this field");
    let mut other = paper(9002, ContractState::Draft, NEW, NEW);
    other.unreadable.insert("data_fields");
    assert_eq!(beside(this(), vec![other]), "city written", "a draft speaks for no field");
}

#[tokio::test]
async fn another_contract_that_cannot_be_read_holds_every_field() {
    let ida = r#"{ "first-name": "Ida", "email": "ida@example.com" }"#;
    let answers = [
        (403, "{}", true),
        (410, "{}", true),
        (422, "{}", true),
        (200, "[]", true),
        (200, "", true),
        (200, "null", true),
        (401, "{}", false),
    ];
    for (status, answer, goes_on) in answers {
        let body = contract("pending", &token("4711", "hire-1"), &[("city", "Oslo")]);
        let oneflow = ScriptedTransport::new().json(200, body).json(status, answer);
        let read = cold();
        let stage = Stage::new("", oneflow, read.json(200, candidate(ida, &[], &[])));
        let mut entry = LedgerEntry::default();
        entry.candidate = Some("4711".into());
        stage.ledger.put(9002.into(), entry.clone());
        let plan = stage.engine.plan(9001.into()).await;
        assert_eq!(plan.is_ok(), goes_on, "{status}");
        let Ok(plan) = plan else { continue };
        assert!(plan.steps().is_empty(), "{status} {answer}");
        assert_eq!(summary(plan.outcomes())[0], "city held other-contract-unreadable", "{status} {answer}");
        let report = stage.engine.apply(plan).await;
        assert_eq!(report.next, Next::Retry(Retry::default()), "{status} {answer}");
    }
}
