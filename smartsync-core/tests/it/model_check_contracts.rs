//! Every order of events in the life of two and of three contracts of one candidate that share their fields.
//!
//! The model knows what people did, what was written and what both sides agreed on at a look, and nothing of how the engine
//! decides. Two orders that lead to the same state are followed further as one, and counted as two. An event that cannot
//! happen, such as the edit of a declined contract, changes nothing.
//!
//! `SMARTSYNC_MODEL_LENGTH` adds events to the longest order: `SMARTSYNC_MODEL_LENGTH=1 cargo test --release -p smartsync-core
//! --test it model_check_contracts`.

#![expect(clippy::disallowed_types, reason = "millions of states, and their order makes no difference")]
#![expect(clippy::disallowed_methods, reason = "its length is set by hand, and it prints how long it took")]

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use serde_json::{Value, json};
use smartsync_core::{
    Engine, MemoryLedger, Outcome, Reason,
    mapping::{Moment, OnConflict, OnEmpty, OnFirstSight},
};
use smartsync_transport::{Body, Request, Response, Transport, TransportError};

use crate::support::{
    card::Card,
    model::{FilledIn, Rule, definitions, engine, key, outcome},
    stage::{contract, http_response, token},
};

#[derive(Clone, Copy, Debug)]
enum Event {
    /// A participant fills in every field of this contract. A signature is void then.
    Edit(usize),
    /// A participant empties every field of this contract.
    Empty(usize),
    Signed(usize),
    Declined(usize),
    Overdue(usize),
    Deleted(usize),
    Look(usize),
    /// A recruiter writes this into every field of the card.
    Recruiter(&'static str),
}

fn events(contracts: usize) -> Vec<Event> {
    let of_each = |contract| {
        [
            Event::Edit(contract),
            Event::Empty(contract),
            Event::Signed(contract),
            Event::Declined(contract),
            Event::Overdue(contract),
            Event::Deleted(contract),
            Event::Look(contract),
        ]
    };
    let of_contracts = (0..contracts).flat_map(of_each);
    of_contracts.chain([Event::Recruiter("R"), Event::Recruiter("P")]).collect()
}

/// What a participant writes into each of the contracts.
const EDITS: [&str; 3] = ["A", "B", "C"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Standing {
    Pending,
    /// In this place among the signed ones.
    Signed(u8),
    Declined,
    Overdue,
    Deleted,
}

impl Standing {
    /// Why a contract that stands so proposes nothing; `None` for one that does.
    fn no_proposal_reason(self) -> Option<Reason> {
        match self {
            Self::Pending | Self::Signed(_) => None,
            Self::Declined => Some(Reason::ContractDeclined),
            Self::Overdue => Some(Reason::ContractOverdue),
            Self::Deleted => Some(Reason::ContractGone),
        }
    }

    /// Whether the contract's value may be taken at this moment.
    fn is_open_at(self, when: Moment) -> bool {
        match when {
            Moment::AllSigned => matches!(self, Self::Signed(_)),
            Moment::Edited | Moment::CandidateSigned | _ => self.no_proposal_reason().is_none(),
        }
    }

    /// Where it ranks: signed before pending, and of these the one signed last, or sent last.
    fn rank(self, contract: usize) -> (u8, usize) {
        match self {
            Self::Signed(place) => (place + 1, contract),
            Self::Pending | Self::Declined | Self::Overdue | Self::Deleted => (0, contract),
        }
    }
}

fn rules() -> Vec<Rule> {
    use {Moment as M, OnConflict as C, OnEmpty as E, OnFirstSight as F};
    let rule =
        |when, on_conflict, on_first_sight, on_empty| Rule { when, on_conflict, on_first_sight, on_empty };
    vec![
        rule(M::Edited, C::ContractWins, F::Proven, E::Keep),
        rule(M::Edited, C::ContractWins, F::Hold, E::Keep),
        rule(M::Edited, C::CandidateWins, F::Proven, E::Keep),
        rule(M::Edited, C::Hold, F::ContractWins, E::Keep),
        rule(M::AllSigned, C::ContractWins, F::Proven, E::Clear),
        rule(M::AllSigned, C::CandidateWins, F::ContractWins, E::Clear),
        rule(M::AllSigned, C::Hold, F::CandidateWins, E::Keep),
    ]
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Paper {
    standing: Standing,
    text: &'static str,
    filled_in: FilledIn,
}

/// What the card has in one field, and what people remember of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Held {
    text: String,
    /// What the sync itself put there last; `None` once a person's value was agreed on.
    by_sync: Option<String>,
    /// Whether a recruiter wrote it. An edit that is undone is none.
    is_edit: bool,
    /// What the card and each contract agreed on at its last look.
    agreed: Vec<Option<String>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct State {
    papers: Vec<Paper>,
    card: Vec<Held>,
    /// The ledger's entries of the contracts and of the card, as JSON.
    entries: Vec<String>,
    card_entry: String,
}

impl State {
    /// Contracts with these texts that were sent one after the other, and a card that holds `card`. The engine knows nothing
    /// of them. What differs from the card was filled in by a participant or, where it is `D`, in the draft or, where it is `S`,
    /// when the contract was made and sent at once, which only the first may be.
    fn new(card: &str, texts: &[&'static str]) -> Self {
        let contracts = texts.len();
        let held =
            Held { text: card.to_owned(), by_sync: None, is_edit: false, agreed: vec![None; contracts] };
        let paper = |text: &&'static str| {
            let filled_in = match *text {
                text if text == card => FilledIn::AtOnce,
                "D" => FilledIn::InTheDraft,
                "S" => FilledIn::AsItWasSent,
                _ => FilledIn::OnceSent,
            };
            Paper { standing: Standing::Pending, text, filled_in }
        };
        Self {
            papers: texts.iter().map(paper).collect(),
            card: vec![held; rules().len()],
            entries: vec!["{}".to_owned(); contracts],
            card_entry: "{}".to_owned(),
        }
    }

    fn after(&self, event: Event, world: &mut World) -> Self {
        let mut next = self.clone();
        let signed = self.papers.iter().filter(|paper| matches!(paper.standing, Standing::Signed(_))).count();
        let mut become_ = |contract: usize, standing: Standing| {
            let paper: &mut Paper = &mut next.papers[contract];
            if paper.standing == Standing::Pending || standing == Standing::Deleted {
                paper.standing = standing;
            }
        };
        match event {
            Event::Signed(contract) => become_(contract, Standing::Signed(u8::try_from(signed).unwrap())),
            Event::Declined(contract) => become_(contract, Standing::Declined),
            Event::Overdue(contract) => become_(contract, Standing::Overdue),
            Event::Deleted(contract) => become_(contract, Standing::Deleted),
            Event::Edit(contract) => next.papers[contract].edit(EDITS[contract]),
            Event::Empty(contract) => next.papers[contract].edit(""),
            Event::Recruiter(text) => {
                for held in &mut next.card {
                    let is_edit = held.text != text && held.by_sync.as_deref() != Some(text);
                    held.is_edit = is_edit || held.text == text && held.is_edit;
                    text.clone_into(&mut held.text);
                }
            }
            Event::Look(contract) => {
                let once = world.look(self, contract);
                assert_eq!(world.look(&once, contract), once, "the plan of an applied state is empty");
                return once;
            }
        }
        next
    }

    /// Whether another contract comes before this one. The engine knows of those that it has bound.
    fn is_taken(&self, contract: usize) -> bool {
        let rank = self.papers[contract].standing.rank(contract);
        let comes_first = |(other, paper): (usize, &Paper)| {
            let is_known = self.entries[other].contains("candidate");
            other != contract
                && is_known
                && paper.standing.no_proposal_reason().is_none()
                && paper.standing.rank(other) > rank
        };
        self.papers.iter().enumerate().any(comes_first)
    }
}

impl Paper {
    fn edit(&mut self, text: &'static str) {
        if self.standing == Standing::Pending {
            (self.text, self.filled_in) = (text, FilledIn::OnceSent);
        }
    }
}

/// A Oneflow that keeps several contracts.
#[derive(Clone, Debug, Default)]
struct Archive(Arc<Mutex<BTreeMap<String, Option<String>>>>);

#[async_trait]
impl Transport for Archive {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let content = self.0.lock().unwrap();
        let contract = content.get(request.uri().path()).expect("a contract of the model");
        Ok(contract.as_ref().map_or_else(
            || http_response(404, &[], "{}"),
            |contract| Response::new(Body::from(contract.clone())),
        ))
    }
}

/// Both services and the engine between them.
struct World {
    engine: Engine,
    ledger: Arc<MemoryLedger>,
    card: Card,
    archive: Archive,
    runtime: tokio::runtime::Runtime,
    /// What a look makes of a state.
    known: HashMap<(usize, State), State>,
}

const CANDIDATE: &str = "4711";

fn id(contract: usize) -> i64 {
    9001 + i64::try_from(contract).unwrap()
}

impl World {
    fn new() -> Self {
        let (card, archive) = (Card::new(json!({ "data": definitions(rules().len()) })), Archive::default());
        let ledger = Arc::new(MemoryLedger::new());
        let engine = engine(&rules(), archive.clone(), card.clone(), ledger.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { engine, ledger, card, archive, runtime, known: HashMap::new() }
    }

    fn look(&mut self, before: &State, contract: usize) -> State {
        let known = (contract, before.clone());
        if let Some(after) = self.known.get(&known) {
            return after.clone();
        }
        let after = self.run(before, contract);
        self.known.insert(known, after.clone());
        after
    }

    fn run(&self, before: &State, contract: usize) -> State {
        self.put(before);
        let writes = self.card.writes();
        let report = self.runtime.block_on(async {
            let plan = self.engine.plan(id(contract).into()).await.unwrap();
            self.engine.apply(plan).await
        });
        let mut after = before.clone();
        let paper = &before.papers[contract];
        let entry = self.ledger.entry(id(contract).into()).unwrap();
        after.entries[contract] = serde_json::to_string(&entry).unwrap();
        after.card_entry =
            serde_json::to_string(&self.ledger.card(&CANDIDATE.into()).unwrap_or_default()).unwrap();
        let (is_taken, mut changes) = (before.is_taken(contract), 0);
        for (position, rule) in rules().into_iter().enumerate() {
            let held = &mut after.card[position];
            held.text = self.card.value(&key(position).1).as_str().unwrap_or_default().to_owned();
            let found = Found { rule, before, contract, held: &before.card[position], is_taken };
            found.check(&held.text, outcome(&report, position));
            let is_written = held.text != before.card[position].text;
            changes += usize::from(is_written);
            if is_written {
                (held.by_sync, held.is_edit) = (Some(held.text.clone()), false);
            }
            if !is_taken && paper.standing.is_open_at(rule.when) && held.text == paper.text {
                // Both were seen to hold a person's value: should what the sync had put there come back, a person did it.
                held.by_sync.take_if(|by_sync| *by_sync != held.text);
                held.agreed[contract] = Some(held.text.clone());
            }
        }
        assert_eq!(
            self.card.writes() - writes,
            changes,
            "one request per change, and none for anything else"
        );
        assert_eq!(report.outcomes.len(), rules().len(), "one outcome per mapped field");
        after
    }

    /// Gives both services the state.
    fn put(&self, state: &State) {
        for (position, held) in state.card.iter().enumerate() {
            let value = if held.text.is_empty() { Value::Null } else { json!(held.text) };
            self.card.edit(&key(position).1, value);
        }
        self.ledger.put_card(CANDIDATE.into(), serde_json::from_str(&state.card_entry).unwrap());
        for (contract, paper) in state.papers.iter().enumerate() {
            self.ledger.put(id(contract).into(), serde_json::from_str(&state.entries[contract]).unwrap());
            let path = format!("/v1/contracts/{}", id(contract));
            self.archive.0.lock().unwrap().insert(path, body(contract, paper));
        }
    }
}

/// The contract as Oneflow answers it; `None` where there is none any more.
fn body(number: usize, paper: &Paper) -> Option<String> {
    let keys: Vec<String> = (0..rules().len()).map(|position| key(position).0).collect();
    let fields: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), paper.text)).collect();
    let (word, changed) = match paper.standing {
        Standing::Pending => ("pending", 1),
        Standing::Signed(place) => ("signed", 10 + place),
        Standing::Declined => ("declined", 1),
        Standing::Overdue => ("overdue", 1),
        Standing::Deleted => return None,
    };
    let sent = paper.filled_in.sent(number);
    let body = contract(word, &token(CANDIDATE, &format!("hire-{number}")), &fields)
        .replace("9001", &id(number).to_string())
        .replace(
            "\"published_time\": \"2031-01-02T03:05:00+0000\"",
            &format!(
                "\"published_time\": \"{sent}\", \
             \"state_updated_time\": \"2031-02-03T04:06:{changed:02}+0000\""
            ),
        );
    Some(body.replace("2031-02-03T04:05:06+0000", paper.filled_in.changed()))
}

/// What a look found in one field.
#[derive(Debug)]
struct Found<'a> {
    rule: Rule,
    before: &'a State,
    contract: usize,
    held: &'a Held,
    is_taken: bool,
}

impl Found<'_> {
    /// What must hold once the look has left the field with `text`.
    fn check(&self, text: &str, (outcome, note): (Outcome, Option<Reason>)) {
        let Self { rule, held, is_taken, .. } = self;
        let paper = &self.before.papers[self.contract];
        let context = format!("{self:#?} -> {text}, {outcome:?} {note:?}");
        let is_written = held.text != text;
        assert_eq!(outcome == Outcome::Written, is_written, "the report says what was written: {context}");
        if let Some(reason) = paper.standing.no_proposal_reason() {
            assert_eq!((outcome, note), (Outcome::Skipped(reason), None), "{context}");
        } else if *is_taken {
            let first = Outcome::Skipped(Reason::OtherContractFirst);
            assert_eq!((outcome, note), (first, None), "another contract speaks for the card: {context}");
        }
        let speaks = !is_taken && paper.standing.is_open_at(rule.when);
        if is_written {
            assert!(speaks, "written by a contract that has nothing to say: {context}");
            assert_eq!(text, paper.text, "written what the contract does not have: {context}");
            assert!(
                !text.is_empty() || rule.on_empty == OnEmpty::Clear,
                "cleared against the rule: {context}"
            );
        }
        let agreed = held.agreed[self.contract].as_deref();
        let is_edit = held.is_edit && agreed != Some(held.text.as_str());
        // What the sync itself put there, through whichever contract, is nobody's edit.
        let is_ours = held.by_sync.as_ref() == Some(&held.text);
        let is_undisputed = !is_edit && (agreed.is_some() || held.text.is_empty() || is_ours);
        let may_overwrite = rule.may_overwrite(agreed, paper.filled_in);
        if is_written && !is_undisputed && !held.text.is_empty() {
            let named = [Reason::ConflictContractWon, Reason::FirstSightContractWon];
            assert!(may_overwrite, "a lost edit: {context}");
            assert!(note.is_some_and(|note| named.contains(&note)), "an edit lost in silence: {context}");
            assert_ne!(agreed, Some(paper.text), "an edit lost to a value that is not new: {context}");
        }
        if speaks && is_ours && !paper.text.is_empty() {
            assert_eq!(text, paper.text, "the card does not follow its first contract: {context}");
        }
        let is_filled_in = paper.filled_in != FilledIn::AtOnce && !paper.text.is_empty();
        let is_news = is_filled_in && agreed != Some(paper.text);
        if speaks && is_news && (is_undisputed || may_overwrite) {
            assert_eq!(text, paper.text, "a participant's edit did not reach the card: {context}");
        }
    }
}

/// Follows all orders of `length` events from this state on. Returns how many there were, and how many states they led
/// through.
fn follow(world: &mut World, first: State, length: u32) -> (u64, usize) {
    let events = events(first.papers.len());
    let mut layer = HashMap::from([(first, 1_u64)]);
    let (mut orders, mut seen) = (0, BTreeSet::new());
    for _ in 0..length {
        let mut next: HashMap<State, u64> = HashMap::new();
        for (state, count) in layer {
            for event in &events {
                *next.entry(state.after(*event, world)).or_default() += count;
            }
        }
        orders += next.values().sum::<u64>();
        seen.extend(next.keys().cloned());
        layer = next;
    }
    (orders, seen.len())
}

fn more_events() -> u32 {
    std::env::var("SMARTSYNC_MODEL_LENGTH").ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}

#[test]
fn no_order_of_events_of_two_contracts_breaks_a_promise() {
    let mut world = World::new();
    for (card, texts) in
        [("P", ["P", "P"]), ("P", ["P", "B"]), ("", ["A", ""]), ("P", ["P", "D"]), ("P", ["S", "P"])]
    {
        let length = 6 + more_events();
        let begun = std::time::Instant::now();
        let (orders, states) = follow(&mut world, State::new(card, &texts), length);
        println!(
            "{orders} orders through {states} states, {} looks, {:?}",
            world.known.len(),
            begun.elapsed()
        );
        let expected: u64 = (1..=length).map(|length| 16_u64.pow(length)).sum();
        assert_eq!(orders, expected);
        assert!(states > 100, "{states}");
    }
}

#[test]
fn no_order_of_events_of_three_contracts_breaks_a_promise() {
    let mut world = World::new();
    let length = 5 + more_events();
    let begun = std::time::Instant::now();
    let (orders, states) = follow(&mut world, State::new("P", &["P", "B", "P"]), length);
    println!("{orders} orders through {states} states, {} looks, {:?}", world.known.len(), begun.elapsed());
    let expected: u64 = (1..=length).map(|length| 23_u64.pow(length)).sum();
    assert_eq!(orders, expected);
    assert!(states > 100, "{states}");
}
