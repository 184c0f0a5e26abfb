//! The same facts make the same plan, in whatever order they come.

use oneflow_client::contracts::Contract;
use proptest::prelude::*;
use serde_json::{Value, json};
use smartsync_core::{
    candidate::{CustomValue, Definition, Definitions},
    contract::{ContractSnapshot, Signer},
    value::{ChoiceOption, FieldType},
};

use crate::support::{
    case::Case,
    stage::{contract, summary, token},
};

const MAPPING: &str = r#"
    [[field]]
    oneflow = "kinds"
    teamtailor = "custom:kinds"
    on_first_sight = "contract_wins"
    [[field]]
    oneflow = "kind"
    teamtailor = "custom:kind"
    when = "candidate_signed"
    [[field]]
    oneflow = "city"
    teamtailor = "custom:34"
    [[field]]
    oneflow = "city"
    teamtailor = "custom:34"
    template_types = [9]
    [[field]]
    oneflow = "town"
    teamtailor = "custom:city"
    workspaces = [9]
    [[field]]
    oneflow = "contract:state"
    teamtailor = "pitch"
    when = "edited"
    [[field]]
    oneflow = "phone"
    teamtailor = "phone"
    when = "edited"
"#;

/// Orders of everything that a plan is made from and that has an order.
#[derive(Clone, Debug)]
struct Orders {
    entries: Vec<usize>,
    data_fields: Vec<usize>,
    options: Vec<usize>,
    definitions: Vec<usize>,
    signers: Vec<usize>,
}

fn orders() -> impl Strategy<Value = Orders> {
    let order = |length: usize| Just((0..length).collect::<Vec<_>>()).prop_shuffle();
    (order(7), order(6), order(3), order(5), order(3)).prop_map(
        |(entries, data_fields, options, definitions, signers)| Orders {
            entries,
            data_fields,
            options,
            definitions,
            signers,
        },
    )
}

fn in_order<T: Clone>(items: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|position| items[*position].clone()).collect()
}

/// A case made from its parts in these orders.
fn case(orders: &Orders) -> Case {
    let mut case = Case::new(MAPPING);
    case.mapping.fields = in_order(&case.mapping.fields, &orders.entries);
    let options = [("7001", "Permanent"), ("7002", "Fixed term"), ("7003", "Interim")];
    let options = in_order(&options.map(|(id, label)| ChoiceOption::new(id, label)), &orders.options);
    let select = |id: &str, name: &str, kind| {
        let mut select = Definition::new(id, name, kind);
        select.options = options.clone().into();
        select
    };
    let definitions = [
        select("35", "kind", FieldType::Choice),
        select("36", "kinds", FieldType::Choices),
        Definition::new("34", "city", FieldType::Text),
        Definition::new("37", "oneflow-note", FieldType::Text),
        Definition::new("38", "oneflow-email", FieldType::Email),
    ];
    case.definitions = Definitions::new(in_order(&definitions, &orders.definitions));
    let fields = [
        ("kinds", "Interim, Permanent"),
        ("kind", "Fixed term"),
        ("city", "Oslo"),
        ("note", "Hello"),
        ("oneflow-email", "ida@example.com"),
        ("phone", "+46 70 123 45 67"),
    ];
    let body = contract("pending", &token("4711", "hire-1"), &in_order(&fields, &orders.data_fields));
    let body: Contract = serde_json::from_str(&body).unwrap();
    case.contract = ContractSnapshot::read(&body);
    let signer = |custom_id: &str, has_signed| {
        let mut signer = Signer::default();
        (signer.custom_id, signer.has_signed) = (Some(custom_id.to_owned()), has_signed);
        signer
    };
    let ours = token("4711", "hire-1");
    let signers = [signer(&ours, true), signer(&ours, false), signer("", true)];
    case.contract.signers = in_order(&signers, &orders.signers);
    case.candidate.custom.insert("34".into(), CustomValue::new("901", Value::from("Bergen")));
    case.candidate.custom.insert("36".into(), CustomValue::new("902", json!(["Permanent"])));
    case
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_plan_and_its_hash_do_not_depend_on_the_order_of_anything(first in orders(), second in orders()) {
        let (first, second) = (case(&first).plan(), case(&second).plan());
        prop_assert_eq!(summary(first.outcomes()), summary(second.outcomes()));
        prop_assert_eq!(format!("{:?}", first.steps()), format!("{:?}", second.steps()));
        prop_assert!(first == second);
        prop_assert_eq!(first.hash(), second.hash());
    }
}

#[test]
fn the_plan_of_these_facts_is_this() {
    let straight = |length: usize| (0..length).collect::<Vec<_>>();
    let orders = Orders {
        entries: straight(7),
        data_fields: straight(6),
        options: straight(3),
        definitions: straight(5),
        signers: straight(3),
    };
    let plan = case(&orders).plan();
    assert_eq!(
        summary(plan.outcomes()),
        [
            "city written first-sight-contract-won",
            "contract:state written",
            "kind skipped waits-for-candidate-signature",
            "kinds written first-sight-contract-won",
            "note written",
            "oneflow-email written",
            "phone written",
            "town skipped out-of-scope",
        ]
    );
    let kinds = plan.updates().iter().find(|update| update.data_field() == "kinds").unwrap();
    assert_eq!(kinds.value(), Some(&json!(["7001", "7003"])));
}
