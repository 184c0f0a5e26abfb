//! What holds for every history of a contract and its candidate.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use proptest::{
    prelude::*,
    sample::{select, subsequence},
};
use serde_json::{Value, json};
use smartsync_core::{
    Engine, Mapping, MemoryLedger, Outcome, Reason, Report,
    mapping::{Moment, OnConflict, OnEmpty, OnFirstSight, Rules},
};

use crate::support::{
    card::{Card, Paper},
    plain_clients::plain_clients,
    stage::{Noon, contract, keys, summary, token},
};

type Field = (&'static str, &'static str, &'static str);

/// The data fields, each with its place on the card and its type.
const FIELDS: [Field; 5] = [
    ("date", "31", "CustomField::Date"),
    ("salary", "32", "CustomField::Number"),
    ("car", "33", "CustomField::Checkbox"),
    ("city", "34", "CustomField::Text"),
    ("surname", "last-name", ""),
];

/// Texts as people write them: several spellings of few values, nothing, and what cannot be read.
fn typed(data_field: &'static str) -> impl Strategy<Value = &'static str> {
    match data_field {
        "date" => select(vec!["", "2031-12-31", "31.12.2031", "2031-06-01", "03/04/2031", "soon"]),
        "salary" => select(vec!["", "1000.5", "1 000,50", "1.000,5", "7", "1.234", "much"]),
        "car" => select(vec!["", "0", "1", "perhaps"]),
        _ => select(vec!["", " ", "Oslo", " Oslo ", "Bergen", "Århus"]),
    }
}

/// Values as Teamtailor answers them.
fn held(data_field: &'static str) -> impl Strategy<Value = Value> {
    select(match data_field {
        "date" => vec![
            Value::Null,
            json!("2031-12-31"),
            json!("2031-12-31T00:00:00.000+02:00"),
            json!("2031-06-01"),
        ],
        "salary" => vec![Value::Null, json!(1000.5), json!("1000.50"), json!(7), json!("7")],
        "car" => vec![Value::Null, json!("true"), json!("false"), json!(true)],
        _ => vec![Value::Null, json!(""), json!("Oslo"), json!("Bergen "), json!("Århus")],
    })
}

/// A state of both sides: by data field the contract's text (`None`: lacks it) and the card's value.
type Sides = BTreeMap<&'static str, (Option<&'static str>, Value)>;

fn sides() -> impl Strategy<Value = Sides> {
    FIELDS
        .map(|(key, _, _)| (proptest::option::weighted(0.9, typed(key)), held(key)))
        .prop_map(|values| FIELDS.iter().map(|(key, _, _)| *key).zip(values).collect())
}

fn rules() -> impl Strategy<Value = Rules> {
    let conflict = select(vec![OnConflict::ContractWins, OnConflict::CandidateWins, OnConflict::Hold]);
    let first_sight = select(vec![
        OnFirstSight::Proven,
        OnFirstSight::Hold,
        OnFirstSight::ContractWins,
        OnFirstSight::CandidateWins,
    ]);
    (conflict, first_sight, select(vec![OnEmpty::Keep, OnEmpty::Clear]))
        .prop_map(|(on_conflict, on_first_sight, on_empty)| Rules { on_conflict, on_first_sight, on_empty })
}

/// Both services with one contract and one candidate, and an engine between them.
struct World {
    engine: Engine,
    card: Card,
    paper: Paper,
}

impl World {
    /// A world whose mapping has an entry for each of these, in this order. Only what everyone has signed may clear a value.
    fn new(rules: Rules, mapped: &[Field]) -> Self {
        let mut text = "[sync]\nconvention = false\ndocument = { attach = false }\n".to_owned();
        for (key, place, kind) in mapped {
            let target = if kind.is_empty() { (*place).to_owned() } else { format!("custom:{place}") };
            text += &format!("[[field]]\noneflow = \"{key}\"\nteamtailor = \"{target}\"\n");
        }
        let mut mapping: Mapping = toml::from_str(&text).unwrap();
        for field in &mut mapping.fields {
            let when = if rules.on_empty == OnEmpty::Clear { Moment::AllSigned } else { Moment::Edited };
            (field.when, field.on_conflict) = (Some(when), Some(rules.on_conflict));
            (field.on_first_sight, field.on_empty) = (rules.on_first_sight, rules.on_empty);
        }
        let definitions: Vec<Value> = FIELDS
            .iter()
            .filter(|(_, _, kind)| !kind.is_empty())
            .map(|(key, id, kind)| json!({ "id": id, "type": "custom-fields", "attributes": { "api-name": key, "field-type": kind } }))
            .collect();
        let (card, paper) = (Card::new(json!({ "data": definitions })), Paper::default());
        let (oneflow, teamtailor) = plain_clients(paper.clone(), card.clone());
        let ledger = Arc::new(MemoryLedger::new());
        let engine =
            Engine::builder(oneflow, teamtailor, mapping, ledger, keys()).clock(Noon).build().unwrap();
        Self { engine, card, paper }
    }

    fn put(&self, sides: &Sides) {
        self.put_as(sides, |contract| contract);
    }

    fn put_as(&self, sides: &Sides, alter: impl FnOnce(String) -> String) {
        let fields: Vec<(&str, &str)> =
            sides.iter().filter_map(|(key, (text, _))| Some((*key, (*text)?))).collect();
        self.paper.put(alter(contract("signed", &token("4711", "hire-1"), &fields)));
        for (key, place, _) in FIELDS {
            self.card.edit(place, sides[key].1.clone());
        }
    }

    fn card(&self) -> Vec<Value> {
        FIELDS.iter().map(|(_, place, _)| self.card.value(place)).collect()
    }

    async fn sync(&self) -> Report {
        let plan = self.engine.plan(9001.into()).await.unwrap();
        self.engine.apply(plan).await
    }
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn the_plan_of_an_applied_state_is_empty(rules in rules(), history in prop::collection::vec(sides(), 1..4)) {
        let world = World::new(rules, &FIELDS);
        for sides in &history {
            world.put(sides);
            wait(world.sync());
            let (card, writes) = (world.card(), world.card.writes());
            let again = wait(world.engine.plan(9001.into())).unwrap();
            prop_assert!(again.steps().is_empty(), "{:?}", again);
            wait(world.engine.apply(again));
            prop_assert_eq!((world.card(), world.card.writes()), (card, writes));
        }
    }

    #[test]
    fn a_filled_card_is_not_written_over_at_first_sight_without_proof_of_an_edit(
        rules in rules(),
        sides in sides(),
        (filled_in, sent) in select(vec![
            // An hour after the contract was made, and an hour before it was sent.
            ("2031-01-02T04:04:05+0000", "2031-01-02T05:04:05+0000"),
            // All within the second in which the contract was made.
            ("2031-01-02T03:04:05+0000", "2031-01-02T03:04:05+0000"),
        ]),
    ) {
        let world = World::new(rules, &FIELDS);
        world.put_as(&sides, |contract| {
            contract.replace("2031-01-02T03:05:00+0000", sent).replace("2031-02-03T04:05:06+0000", filled_in)
        });
        let before = world.card();
        let report = wait(world.sync());
        for ((before, after), (key, _, _)) in before.iter().zip(world.card()).zip(FIELDS) {
            let field = report.outcomes.iter().find(|field| field.data_field == key).unwrap();
            let is_filled = !matches!(before.as_str(), Some("")) && !before.is_null();
            if is_filled && *before != after {
                prop_assert_eq!(rules.on_first_sight, OnFirstSight::ContractWins);
                prop_assert_eq!(field.note, Some(Reason::FirstSightContractWon));
            }
            if rules.on_first_sight == OnFirstSight::Proven && matches!(field.outcome, Outcome::Held(_)) {
                prop_assert_eq!(field.outcome, Outcome::Held(Reason::EditNotProven), "said with its reason");
            }
        }
    }

    #[test]
    fn every_mapped_field_ends_in_exactly_one_outcome(rules in rules(), sides in sides()) {
        let world = World::new(rules, &FIELDS);
        world.put(&sides);
        let report = wait(world.sync());
        let keys: BTreeSet<&str> = report.outcomes.iter().map(|field| field.data_field.as_str()).collect();
        prop_assert_eq!(report.outcomes.len(), FIELDS.len());
        prop_assert_eq!(keys, FIELDS.iter().map(|(key, _, _)| *key).collect::<BTreeSet<_>>());
    }

    #[test]
    fn nothing_is_written_that_the_mapping_does_not_name(
        rules in rules(),
        mapped in subsequence(FIELDS.to_vec(), 0..=5),
        history in prop::collection::vec(sides(), 1..3),
    ) {
        let world = World::new(rules, &mapped);
        for sides in &history {
            world.put(sides);
            let (before, writes) = (world.card(), world.card.writes());
            let report = wait(world.sync());
            let mut written = 0;
            for ((field, before), after) in FIELDS.iter().zip(before).zip(world.card()) {
                let outcome = report.outcomes.iter().find(|found| found.data_field == field.0);
                prop_assert_eq!(outcome.is_some(), mapped.contains(field));
                let is_written = outcome.is_some_and(|found| found.outcome == Outcome::Written);
                prop_assert!(is_written || before == after, "{}: {:?}", field.0, outcome);
                written += usize::from(is_written);
            }
            prop_assert_eq!(world.card.writes() - writes, written, "one request per field, and no other");
        }
    }

    #[test]
    fn the_same_state_gives_the_same_plan_whatever_the_order_of_the_entries(
        rules in rules(),
        order in Just(FIELDS.to_vec()).prop_shuffle(),
        history in prop::collection::vec(sides(), 1..3),
    ) {
        let orders = [&FIELDS, &FIELDS, order.as_slice()];
        let worlds = orders.map(|order| World::new(rules, order));
        let plans = worlds.map(|world| {
            for sides in &history {
                world.put(sides);
                wait(world.sync());
            }
            world.put(&history[0]);
            let plan = wait(world.engine.plan(9001.into())).unwrap();
            (plan.hash().to_owned(), summary(plan.outcomes()), format!("{:?}", plan.steps()))
        });
        prop_assert_eq!(&plans[0], &plans[1]);
        prop_assert_eq!(&plans[0], &plans[2]);
    }

    #[test]
    fn no_edit_of_a_recruiter_is_lost_unless_the_rule_says_so_and_the_report_names_it(
        rules in rules(),
        agreed in sides(),
        edited in sides(),
    ) {
        let world = World::new(rules, &FIELDS);
        world.put(&agreed);
        let first = wait(world.sync());
        let before = world.card();
        world.put(&edited);
        let typed = world.card();
        let second = wait(world.sync());
        let after = world.card();
        for (position, (key, _, _)) in FIELDS.iter().enumerate() {
            let of = |report: &Report| report.outcomes.iter().find(|field| field.data_field == *key).cloned().unwrap();
            let has_base = matches!(of(&first).outcome, Outcome::Written | Outcome::Unchanged);
            let was_edited = before[position] != typed[position];
            if has_base && was_edited && after[position] != typed[position] {
                let field = of(&second);
                // Another spelling of what both sides agreed on is no edit, so only a named conflict may overwrite one.
                let same_value = are_one_value(key, &before[position], &typed[position]);
                prop_assert!(same_value || rules.on_conflict == OnConflict::ContractWins, "{} {:?}", key, field);
                prop_assert!(same_value || field.note.is_some(), "{} {:?}", key, field);
            }
            if rules.on_empty == OnEmpty::Keep && !typed[position].is_null() {
                prop_assert!(!after[position].is_null(), "{} was cleared", key);
            }
        }
    }
}

/// Whether two values of the card are spellings of one value, by the tables above.
fn are_one_value(key: &str, a: &Value, b: &Value) -> bool {
    let spellings: &[&[Value]] = match key {
        "date" => &[&[json!("2031-12-31"), json!("2031-12-31T00:00:00.000+02:00")]],
        "salary" => &[&[json!(1000.5), json!("1000.50")], &[json!(7), json!("7")]],
        "car" => &[&[json!("true"), json!(true)], &[json!("false"), json!(false)]],
        _ => &[
            &[json!("Bergen"), json!("Bergen ")],
            &[json!("Oslo"), json!(" Oslo ")],
            &[Value::Null, json!("")],
        ],
    };
    a == b || spellings.iter().any(|group| group.contains(a) && group.contains(b))
}
