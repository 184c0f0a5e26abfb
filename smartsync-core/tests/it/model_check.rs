//! Every sequence of up to six events in the life of one contract, from its draft or from its sending on, under every rule.
//!
//! The model knows what people did and what both sides last agreed on, and nothing of how the engine decides. It goes
//! through all sequences; two that lead to the same state are followed further as one, and counted as two. An event that
//! cannot happen, such as the edit of a declined contract, changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde_json::{Value, json};
use smartsync_core::{
    Engine, LedgerEntry, MemoryLedger, Outcome, Reason,
    mapping::{Moment, OnConflict, OnEmpty, OnFirstSight},
};

use crate::support::{
    card::{Card, Paper},
    model::{FilledIn, Rule, definition, definitions, engine, key, outcome},
    stage::{contract, token},
};

/// The longest sequence.
const LENGTH: u32 = 6;

#[derive(Clone, Copy, Debug)]
enum Event {
    /// A participant writes this into every field of the contract. A signature is void then.
    Edit(&'static str),
    /// A recruiter writes C into every field of the card.
    RecruiterEdits,
    Sent,
    CandidateSigns,
    EveryoneSigns,
    Declined,
    Overdue,
    Deleted,
    /// Oneflow puts the contract into a state of a later time. It may be sent again from there.
    StateOfALaterTime,
    Sync,
    SyncTwice,
}

const EVENTS: [Event; 13] = [
    Event::Edit("A"),
    Event::Edit("B"),
    Event::Edit(""),
    Event::RecruiterEdits,
    Event::Sent,
    Event::CandidateSigns,
    Event::EveryoneSigns,
    Event::Declined,
    Event::Overdue,
    Event::Deleted,
    Event::StateOfALaterTime,
    Event::Sync,
    Event::SyncTwice,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Draft,
    Pending,
    CandidateSigned,
    Signed,
    Declined,
    Overdue,
    Deleted,
    Unknown,
}

impl Standing {
    /// Why a contract that stands so has nothing for any card; `None` for one that has.
    fn no_proposal_reason(self) -> Option<Reason> {
        match self {
            Self::Pending | Self::CandidateSigned | Self::Signed => None,
            Self::Draft => Some(Reason::ContractIsDraft),
            Self::Declined => Some(Reason::ContractDeclined),
            Self::Overdue => Some(Reason::ContractOverdue),
            Self::Deleted => Some(Reason::ContractGone),
            Self::Unknown => Some(Reason::ContractStateUnknown),
        }
    }

    /// Whether the contract's value may be taken at this moment.
    fn is_open_at(self, when: Moment) -> bool {
        match when {
            Moment::AllSigned => self == Self::Signed,
            Moment::CandidateSigned => matches!(self, Self::CandidateSigned | Self::Signed),
            Moment::Edited | _ => self.no_proposal_reason().is_none(),
        }
    }
}

/// How many rules there are: all of a first sight at the first moment, fewer at the others, and a value is cleared at the last only.
const RULES: usize = 3 * (4 + 1 + 1 + 2);

fn rules() -> Vec<Rule> {
    let mut rules = Vec::new();
    let all =
        [OnFirstSight::Proven, OnFirstSight::ContractWins, OnFirstSight::Hold, OnFirstSight::CandidateWins];
    for (when, on_empty, of_first_sight) in [
        (Moment::Edited, OnEmpty::Keep, 4),
        (Moment::CandidateSigned, OnEmpty::Keep, 1),
        (Moment::AllSigned, OnEmpty::Keep, 1),
        (Moment::AllSigned, OnEmpty::Clear, 2),
    ] {
        for on_conflict in [OnConflict::ContractWins, OnConflict::CandidateWins, OnConflict::Hold] {
            for on_first_sight in all.into_iter().take(of_first_sight) {
                rules.push(Rule { when, on_conflict, on_first_sight, on_empty });
            }
        }
    }
    rules
}

/// What the card has in one field, and what people remember of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    text: String,
    /// Whether a recruiter wrote it after both sides last agreed.
    is_edit: bool,
    /// What both sides last agreed on, as far as the engine was there to see it.
    agreed: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    standing: Standing,
    text: &'static str,
    filled_in: FilledIn,
    card: Vec<Held>,
    /// The ledger's entry, as JSON.
    entry: String,
}

impl State {
    /// A contract that holds `text` and a card that holds `card`, of which the engine knows nothing. What differs from the card
    /// was filled in in the draft or, where it is `S`, when the contract was made and sent at once.
    fn new(standing: Standing, text: &'static str, card: &str) -> Self {
        let held = Held { text: card.to_owned(), is_edit: false, agreed: None };
        let filled_in = match text {
            text if text == card => FilledIn::AtOnce,
            "S" => FilledIn::AsItWasSent,
            _ => FilledIn::InTheDraft,
        };
        Self { standing, text, filled_in, card: vec![held; RULES], entry: "{}".to_owned() }
    }

    fn after(&self, event: Event, world: &mut World) -> Self {
        let mut next = self.clone();
        let is_open = matches!(self.standing, Standing::Pending | Standing::CandidateSigned);
        match event {
            Event::Edit(text) if is_open => {
                (next.text, next.filled_in, next.standing) = (text, FilledIn::OnceSent, Standing::Pending);
            }
            Event::Sent if matches!(self.standing, Standing::Draft | Standing::Unknown) => {
                next.standing = Standing::Pending;
            }
            Event::CandidateSigns if is_open => next.standing = Standing::CandidateSigned,
            Event::EveryoneSigns if is_open => next.standing = Standing::Signed,
            Event::Declined if is_open => next.standing = Standing::Declined,
            Event::Overdue if is_open => next.standing = Standing::Overdue,
            Event::Deleted => next.standing = Standing::Deleted,
            Event::StateOfALaterTime if is_open => next.standing = Standing::Unknown,
            Event::Edit(_)
            | Event::Sent
            | Event::CandidateSigns
            | Event::EveryoneSigns
            | Event::Declined
            | Event::Overdue
            | Event::StateOfALaterTime => {}
            Event::RecruiterEdits => {
                for held in &mut next.card {
                    (held.text, held.is_edit) = ("C".to_owned(), true);
                }
            }
            Event::Sync => return world.sync(self),
            Event::SyncTwice => {
                let once = world.sync(self);
                let twice = world.sync(&once);
                assert_eq!(twice, once, "the plan of an applied state is empty");
                return twice;
            }
        }
        next
    }
}

/// Both services and the engine between them.
struct World {
    engine: Engine,
    ledger: Arc<MemoryLedger>,
    card: Card,
    paper: Paper,
    runtime: tokio::runtime::Runtime,
    /// What a sync makes of a state.
    known: BTreeMap<State, State>,
}

impl World {
    fn new() -> Self {
        let mut definitions = definitions(RULES);
        definitions.push(definition("999", "oneflow-field-99"));
        let (card, paper) = (Card::new(json!({ "data": definitions })), Paper::default());
        card.edit("first-name", json!("Ida"));
        card.edit("999", json!("kept"));
        let ledger = Arc::new(MemoryLedger::new());
        let engine = engine(&rules(), paper.clone(), card.clone(), ledger.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        Self { engine, ledger, card, paper, runtime, known: BTreeMap::new() }
    }

    fn sync(&mut self, before: &State) -> State {
        if let Some(after) = self.known.get(before) {
            return after.clone();
        }
        let after = self.run(before);
        self.known.insert(before.clone(), after.clone());
        after
    }

    fn run(&self, before: &State) -> State {
        self.put(before);
        let writes = self.card.writes();
        let report = self.runtime.block_on(async {
            let entry: LedgerEntry = serde_json::from_str(&before.entry).unwrap();
            self.ledger.put(9001.into(), entry.clone());
            let plan = self.engine.plan(9001.into()).await.unwrap();
            self.engine.apply(plan).await
        });
        let mut after = before.clone();
        after.entry = serde_json::to_string(&self.ledger.entry(9001.into()).unwrap()).unwrap();
        let mut changes = 0;
        for (position, rule) in rules().into_iter().enumerate() {
            let held = &mut after.card[position];
            held.text = self.card.value(&key(position).1).as_str().unwrap_or_default().to_owned();
            check(rule, before, &before.card[position], &held.text, outcome(&report, position));
            changes += usize::from(held.text != before.card[position].text);
            if before.standing.is_open_at(rule.when) && held.text == before.text {
                (held.agreed, held.is_edit) = (Some(held.text.clone()), false);
            }
        }
        assert_eq!(
            self.card.writes() - writes,
            changes,
            "one request per change, and none for anything else"
        );
        assert_eq!(self.card.value("first-name"), json!("Ida"), "nothing outside of the mapping is written");
        assert_eq!(self.card.value("999"), json!("kept"), "nothing outside of the mapping is written");
        if before.standing.no_proposal_reason().is_some() {
            assert_eq!(after.entry, before.entry, "what is remembered survives, and nothing is added to it");
        }
        let keys: BTreeSet<&str> = report.outcomes.iter().map(|field| field.data_field.as_str()).collect();
        assert_eq!((keys.len(), report.outcomes.len()), (RULES, RULES), "one outcome per mapped field");
        after
    }

    /// Gives both services the state.
    fn put(&self, state: &State) {
        for (position, held) in state.card.iter().enumerate() {
            let value = if held.text.is_empty() { Value::Null } else { json!(held.text) };
            self.card.edit(&key(position).1, value);
        }
        let keys: Vec<String> = (0..rules().len()).map(|position| key(position).0).collect();
        let fields: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), state.text)).collect();
        let (word, sign_state) = match state.standing {
            Standing::Draft => ("draft", "undecided"),
            Standing::Pending => ("pending", "undecided"),
            Standing::CandidateSigned => ("pending", "signed"),
            Standing::Signed => ("signed", "signed"),
            Standing::Declined => ("declined", "declined"),
            Standing::Overdue => ("overdue", "undecided"),
            Standing::Unknown => ("frozen", "undecided"),
            Standing::Deleted => return self.paper.take_away(),
        };
        let is_sent = state.standing != Standing::Draft;
        let sent = if is_sent { format!("\"{}\"", state.filled_in.sent(0)) } else { "null".to_owned() };
        let body = contract(word, &token("4711", "hire-1"), &fields)
            .replace("undecided", sign_state)
            .replace("\"2031-01-02T03:05:00+0000\"", &sent)
            .replace("2031-02-03T04:05:06+0000", state.filled_in.changed());
        self.paper.put(body);
    }
}

/// What must hold of one field of the card that a sync found as `held` and left with `text`.
fn check(rule: Rule, before: &State, held: &Held, text: &str, (outcome, note): (Outcome, Option<Reason>)) {
    let context = format!("{rule:?}: {before:?} -> {text}, {outcome:?} {note:?}");
    if let Some(reason) = before.standing.no_proposal_reason() {
        let is_unknown = reason == Reason::ContractStateUnknown;
        let expected = if is_unknown { Outcome::Held(reason) } else { Outcome::Skipped(reason) };
        assert_eq!((outcome, note), (expected, None), "{context}");
    }
    let is_written = held.text != text;
    assert_eq!(outcome == Outcome::Written, is_written, "the report says what was written: {context}");
    if is_written {
        assert!(before.standing.is_open_at(rule.when), "written before its moment: {context}");
        assert_eq!(text, before.text, "written what the contract does not have: {context}");
        assert!(!text.is_empty() || rule.on_empty == OnEmpty::Clear, "cleared against the rule: {context}");
    }
    let agreed = held.agreed.as_deref();
    // Where nothing was agreed on, any text of the card may be a recruiter's. That a recruiter has emptied it, nobody sees then.
    let is_undisputed = if agreed.is_some() { !held.is_edit } else { held.text.is_empty() };
    let gets_through = is_undisputed || rule.may_overwrite(agreed, before.filled_in);
    if is_written && !is_undisputed {
        let named = [Reason::ConflictContractWon, Reason::FirstSightContractWon];
        assert!(gets_through, "a lost edit: {context}");
        assert!(note.is_some_and(|note| named.contains(&note)), "an edit lost in silence: {context}");
    }
    if agreed.is_none() && outcome == Outcome::Held(Reason::EditNotProven) {
        assert_eq!(rule.on_first_sight, OnFirstSight::Proven, "{context}");
        let is_unproven = matches!(before.filled_in, FilledIn::InTheDraft | FilledIn::AsItWasSent);
        assert!(is_unproven, "{context}");
    }
    let is_filled_in = before.filled_in != FilledIn::AtOnce && !before.text.is_empty();
    let is_news = is_filled_in && agreed != Some(before.text);
    if is_news && gets_through && before.standing.is_open_at(rule.when) {
        assert_eq!(text, before.text, "a participant's edit did not reach the card: {context}");
    }
}

/// Follows all sequences from this state on. Returns how many there were, and how many states they led through.
fn follow(world: &mut World, first: State) -> (u64, usize) {
    let mut layer = BTreeMap::from([(first, 1_u64)]);
    let (mut sequences, mut seen) = (0, BTreeSet::new());
    for _ in 0..LENGTH {
        let mut next: BTreeMap<State, u64> = BTreeMap::new();
        for (state, count) in layer {
            for event in EVENTS {
                *next.entry(state.after(event, world)).or_default() += count;
            }
        }
        sequences += next.values().sum::<u64>();
        seen.extend(next.keys().cloned());
        layer = next;
    }
    (sequences, seen.len())
}

#[test]
fn no_sequence_of_events_breaks_a_promise() {
    let mut world = World::new();
    for (standing, text, card) in [
        (Standing::Pending, "P", "P"),
        (Standing::Pending, "", ""),
        (Standing::Draft, "P", "P"),
        (Standing::Draft, "", ""),
        (Standing::Draft, "D", "P"),
        (Standing::Draft, "D", ""),
        (Standing::Pending, "S", "P"),
        (Standing::Pending, "S", ""),
    ] {
        let (sequences, states) = follow(&mut world, State::new(standing, text, card));
        assert_eq!(sequences, 5_229_042, "13 + 13² + ... + 13⁶, through 500 to 1,200 states");
        assert!(states > 100, "{states}");
    }
    assert!(world.known.len() > 100, "{} syncs", world.known.len());
}
