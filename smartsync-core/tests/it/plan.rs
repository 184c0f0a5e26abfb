//! The pure plan: two snapshots and a ledger entry in, steps and outcomes out.

use oneflow_client::{Timestamp, contracts::ContractState};
use serde_json::json;
use smartsync_core::{
    Outcome, Reason,
    candidate::{DefaultField, Definition, Definitions},
    contract::Signer,
    plan::{PlanInput, plan},
    value::FieldType,
};

use crate::support::{
    case::Case,
    stage::{summary, token, written_back},
};

fn field(more: &str) -> String {
    format!("[[field]]\noneflow = \"city\"\nteamtailor = \"custom:city\"\n{more}")
}

#[test]
fn a_field_is_taken_over_at_its_moment_and_not_before() {
    let signer = |has_signed| {
        let mut signer = Signer::default();
        signer.has_signed = has_signed;
        signer
    };
    let table = [
        ("edited", ContractState::Pending, false, "city written"),
        ("edited", ContractState::Signed, true, "city written"),
        ("candidate_signed", ContractState::Pending, false, "city skipped waits-for-candidate-signature"),
        ("candidate_signed", ContractState::Pending, true, "city written"),
        ("candidate_signed", ContractState::Signed, true, "city written"),
        ("all_signed", ContractState::Pending, true, "city skipped waits-for-all-signatures"),
        ("all_signed", ContractState::Signed, true, "city written"),
        ("all_signed", ContractState::Overdue, true, "city skipped contract-overdue"),
        ("all_signed", ContractState::Declined, true, "city skipped contract-declined"),
        ("edited", ContractState::Draft, false, "city skipped contract-is-draft"),
    ];
    for (when, state, has_signed, expected) in table {
        let mut case = Case::new(&field(&format!("when = \"{when}\""))).field("city", "Oslo");
        case.contract.state = Some(state.clone());
        case.contract.signers = vec![signer(has_signed)];
        assert_eq!(case.summary(), [expected], "{when}, {state}, {has_signed}");
        assert_eq!(case.plan().outcomes()[0].is_due, expected == "city written", "{when}, {state}");
    }
}

#[test]
fn a_field_is_due_at_its_moment_also_where_its_contract_has_no_candidate_as_far_as_that_is_known() {
    let table = [
        ("edited", ContractState::Pending, true),
        ("candidate_signed", ContractState::Pending, false),
        ("all_signed", ContractState::Pending, false),
        ("candidate_signed", ContractState::Signed, true),
        ("all_signed", ContractState::Signed, true),
    ];
    for (when, state, is_due) in table {
        let mut case = Case::new(&field(&format!("when = \"{when}\""))).field("city", "Oslo");
        case.contract.state = Some(state.clone());
        case.contract.signers = vec![Signer::default()];
        let plan = plan(&PlanInput {
            mapping: &case.mapping,
            definitions: &case.definitions,
            contract: &case.contract,
            others: &[],
            has_unread_other: false,
            candidate: Err(Reason::LinkForged),
            entry: &case.entry,
            card: &case.card,
            resolutions: &[],
            keys: &case.keys,
        });
        let field = &plan.outcomes()[0];
        assert_eq!(
            (field.outcome, field.is_due),
            (Outcome::Held(Reason::LinkForged), is_due),
            "{when}, {state}"
        );
    }
    // The state of the contract is due in any state that has a word.
    let mapping = "[[field]]\noneflow = \"contract:state\"\nteamtailor = \"custom:city\"\ndirection = \"to_teamtailor\"";
    for (state, is_due) in [(ContractState::Declined, true), (ContractState::Draft, false)] {
        let mut case = Case::new(mapping);
        case.contract.state = Some(state.clone());
        assert_eq!(case.plan().outcomes()[0].is_due, is_due, "{state}");
    }
}

#[test]
fn the_candidate_is_the_signer_with_its_token_else_its_address_else_the_only_one() {
    let signer = |custom_id: &str, email: &str, has_signed| {
        let mut signer = Signer::default();
        signer.custom_id = Some(custom_id.to_owned());
        signer.email = Some(email.to_owned());
        signer.has_signed = has_signed;
        signer
    };
    let ours = token("4711", "hire-1");
    let table = [
        (vec![signer(&ours, "", true), signer("", "ida@example.com", false)], true),
        (vec![signer(&ours, "", false), signer("", "ida@example.com", true)], false),
        (vec![signer("", "Ida@Example.com", true), signer("", "bo@example.com", false)], true),
        (vec![signer("", "ida@example.com", false), signer("", "bo@example.com", true)], false),
        (vec![signer("", "bo@example.com", true)], true),
        (vec![signer("", "bo@example.com", true), signer("", "cy@example.com", true)], false),
        (vec![], false),
    ];
    for (signers, has_signed) in table {
        let mut case = Case::new(&field("when = \"candidate_signed\"")).field("city", "Oslo");
        case.candidate.defaults.insert(DefaultField::Email, "ida@example.com".to_owned());
        case.contract.signers = signers.clone();
        let expected = if has_signed { "city written" } else { "city skipped waits-for-candidate-signature" };
        assert_eq!(case.summary(), [expected], "{signers:?}");
    }
}

#[test]
fn a_value_that_cannot_be_taken_over_fails_alone() {
    let mapping = r#"
        [[field]]
        oneflow = "date"
        teamtailor = "custom:start-date"
        [[field]]
        oneflow = "kind"
        teamtailor = "custom:kind"
        [[field]]
        oneflow = "mail"
        teamtailor = "email"
        when = "edited"
        allow_identity = true
        [[field]]
        oneflow = "pitch"
        teamtailor = "pitch"
        when = "edited"
        [[field]]
        oneflow = "salary"
        teamtailor = "custom:salary"
        [[field]]
        oneflow = "town"
        teamtailor = "custom:city"
    "#;
    let case = Case::new(mapping)
        .field("date", "03/04/2031")
        .field("kind", "Interim")
        .field("mail", "no address")
        .field("pitch", &"x".repeat(141))
        .field("salary", "1.234")
        .field("town", "Oslo");
    assert_eq!(
        case.summary(),
        [
            "date failed ambiguous-date",
            "kind failed unknown-option",
            "mail failed contract-value-unreadable",
            "pitch failed too-long",
            "salary failed ambiguous-number",
            "town written",
        ]
    );
    assert_eq!(case.plan().steps().len(), 1);

    let mut declared = case;
    declared.mapping.sync.locale = toml::from_str("decimal = \"comma\"\ndate_order = \"dmy\"").unwrap();
    let plan = declared.plan();
    let values: Vec<_> =
        plan.updates().iter().map(|update| (update.data_field(), update.value().unwrap().clone())).collect();
    assert_eq!(values, [("date", json!("2031-04-03")), ("salary", json!(1234)), ("town", json!("Oslo"))]);
}

#[test]
fn a_pitch_has_140_characters_and_not_one_more() {
    for (length, expected) in [(140, "pitch written"), (141, "pitch failed too-long")] {
        let case = Case::new(&written_back(&[("pitch", "pitch")]));
        assert_eq!(case.field("pitch", &"å".repeat(length)).summary(), [expected]);
    }
}

#[test]
fn a_custom_field_that_is_unknown_or_cannot_hold_the_type_fails() {
    for (target, kind, expected) in [
        ("custom:nowhere", "", "city failed unknown-custom-field"),
        ("custom:untyped", "", "city failed unsupported-field-type"),
        ("custom:untyped", "type = \"text\"", "city written"),
        ("custom:salary", "type = \"date\"", "city failed type-mismatch"),
        ("custom:kind", "type = \"text\"", "city failed type-mismatch"),
        ("custom:34", "", "city written"),
    ] {
        let case = Case::new(&format!("[[field]]\noneflow = \"city\"\nteamtailor = \"{target}\"\n{kind}"));
        assert_eq!(case.field("city", "Oslo").summary(), [expected], "{target} {kind}");
    }
}

#[test]
fn a_text_field_gets_the_normal_form_of_a_number() {
    let case = Case::new(&field("type = \"number\"")).field("city", "1 000,50");
    assert_eq!(case.plan().updates()[0].value(), Some(&json!("1000.5")));
    assert_eq!(case.held("34", json!("1000.5")).summary(), ["city unchanged"]);
}

#[test]
fn two_data_fields_for_one_custom_field_write_nothing() {
    let mapping = r#"
        [[field]]
        oneflow = "a"
        teamtailor = "custom:city"
        [[field]]
        oneflow = "b"
        teamtailor = "custom:34"
    "#;
    let case = Case::new(mapping).field("a", "Oslo").field("b", "Bergen");
    assert_eq!(case.summary(), ["a failed two-sources", "b failed two-sources"]);
}

#[test]
fn a_field_nobody_touched_since_it_was_prefilled_takes_the_contracts_value_for_the_base() {
    let case = |updated: Option<&str>, held: serde_json::Value| {
        let mut case = Case::new(&field("")).field("city", "Oslo").held("34", held);
        case.contract.published = Some("2031-01-02T03:10:00+0000".into());
        let city = case.contract.data_fields.get_mut("city").unwrap();
        city.updated = updated.map(Timestamp::from);
        city.created = case.contract.created.clone().filter(|_| city.updated.is_some());
        case.summary().remove(0)
    };
    let newer = "city skipped candidate-is-newer";
    let proven = "city written first-sight-contract-won";
    let not_proven = "city held edit-not-proven";
    assert_eq!(case(Some("2031-01-02T03:04:05+0000"), json!("Bergen")), newer);
    assert_eq!(case(Some("2031-01-02T03:05:05+0000"), json!("Bergen")), newer, "within a minute");
    assert_eq!(case(Some("2031-01-02T03:05:06+0000"), json!("Bergen")), not_proven, "later in the draft");
    assert_eq!(case(Some("2031-01-02T03:09:59+0000"), json!("Bergen")), not_proven, "a second too soon");
    assert_eq!(case(Some("2031-01-02T03:10:00+0000"), json!("Bergen")), proven, "the second of sending");
    assert_eq!(case(Some("2031-02-03T04:05:06+0000"), json!("Bergen")), proven);
    assert_eq!(
        case(Some("2031-01-02T04:04:05.000+01:00"), json!("Bergen")),
        newer,
        "the same instant in another zone"
    );
    assert_eq!(case(None, json!("Bergen")), not_proven, "without a time nothing is proven");
    assert_eq!(case(Some("soon"), json!("Bergen")), not_proven);
    assert_eq!(case(Some("2031-01-02T03:05:06+0000"), json!("")), "city written", "an empty card is filled");
    assert_eq!(case(None, json!("")), "city written", "whoever has filled the field in");
    assert_eq!(
        case(Some("2031-01-02T03:04:05+0000"), json!("")),
        newer,
        "a template's default text is left alone"
    );
}

#[test]
fn a_field_that_was_changed_after_its_contract_was_sent_was_touched_however_soon() {
    let case = |published: Option<&str>| {
        let mut case = Case::new(&field("")).field("city", "Oslo");
        case.contract.published = published.map(Timestamp::from);
        case.contract.data_fields.get_mut("city").unwrap().updated = Some("2031-01-02T03:04:30+0000".into());
        case.summary().remove(0)
    };
    assert_eq!(case(Some("2031-01-02T03:04:10+0000")), "city written");
    assert_eq!(case(Some("2031-01-02T03:04:30+0000")), "city written", "within the second of sending");
    assert_eq!(case(Some("2031-01-02T03:04:31+0000")), "city skipped candidate-is-newer");
    assert_eq!(case(Some("2031-01-02T03:04:50+0000")), "city skipped candidate-is-newer");
    assert_eq!(case(None), "city written", "where Oneflow does not say when it was sent, nobody can tell");
}

#[test]
fn a_contract_that_holds_nothing_yet_clears_nothing() {
    for on_empty in ["keep", "clear"] {
        let mut case = Case::new(&field(&format!("when = \"all_signed\"\non_empty = \"{on_empty}\"")))
            .field("city", " ")
            .held("34", json!("Oslo"));
        case.contract.state = Some(ContractState::Signed);
        assert_eq!(case.summary(), ["city skipped nothing-to-say"]);
    }
}

#[test]
fn a_card_of_which_a_value_could_not_be_read_gets_no_second_value() {
    let mut case = Case::new(&field("")).field("city", "Oslo");
    case.candidate.is_incomplete = true;
    assert_eq!(case.summary(), ["city held answer-unreadable"], "it may have one that was not shown");
    assert_eq!(
        case.held("34", json!("Oslo")).summary(),
        ["city unchanged"],
        "what could be read is compared"
    );
}

#[test]
fn a_link_that_is_held_holds_every_field() {
    let case = Case::new(&field("")).field("city", "Oslo");
    let (mapping, definitions, contract) = (&case.mapping, &case.definitions, &case.contract);
    let (entry, card, keys) = (&case.entry, &case.card, &case.keys);
    let candidate = Err(Reason::SeveralCandidates);
    let plan = plan(&PlanInput {
        mapping,
        definitions,
        contract,
        others: &[],
        has_unread_other: false,
        candidate,
        entry,
        card,
        resolutions: &[],
        keys,
    });
    assert_eq!(summary(plan.outcomes()), ["city held several-candidates"]);
    assert!(plan.steps().is_empty());
}

#[test]
fn the_hash_covers_both_values_of_a_field_that_is_held_or_left_alone_and_what_they_last_agreed_on() {
    let hold = || Case::new(&field("on_first_sight = \"hold\"")).field("city", "Oslo");
    let newer = || {
        // Nobody has touched the field since the contract was made.
        let mut case = hold();
        case.contract.published = Some("2031-01-03T03:04:05+0000".into());
        case.contract.data_fields.get_mut("city").unwrap().updated = case.contract.created.clone();
        case
    };
    for of in [&hold as &dyn Fn() -> Case, &newer] {
        let shown = of().held("34", json!("Bergen")).plan();
        let same = of().held("34", json!(" Bergen ")).plan();
        assert_eq!(shown.hash(), same.hash());
        let other_card = of().held("34", json!("Paris")).plan();
        assert_eq!(summary(shown.outcomes()), summary(other_card.outcomes()));
        assert_ne!(shown.hash(), other_card.hash());
    }
    let other_contract = hold().field("city", "Turin").held("34", json!("Bergen")).plan();
    let shown = hold().held("34", json!("Bergen")).plan();
    assert_eq!(summary(shown.outcomes()), summary(other_contract.outcomes()));
    assert_ne!(shown.hash(), other_contract.hash());
    // What is written is the same, and what it is written over is not.
    let over = |city: &str| Case::new(&field("")).field("city", "Oslo").held("34", json!(city)).plan();
    assert_ne!(over("Bergen").hash(), over("Paris").hash());
}

#[test]
fn two_plans_that_do_the_same_have_the_same_hash_and_no_others() {
    let oslo = Case::new(&field("")).field("city", "Oslo");
    assert_eq!(oslo.plan().hash(), Case::new(&field("")).field("city", " Oslo ").plan().hash());
    let others = [
        Case::new(&field("")).field("city", "Bergen"),
        Case::new(&field("when = \"all_signed\"")).field("city", "Oslo"),
        Case::new(&field("")).field("city", "Oslo").held("34", json!("Bergen")),
        Case::new(&field("")).field("city", "Oslo").held("34", json!("Oslo")),
    ];
    for other in others {
        assert_ne!(oslo.plan().hash(), other.plan().hash());
    }
    assert_eq!(oslo.plan().hash().len(), 64);
}

#[test]
fn the_data_field_of_the_link_is_never_paired_with_the_card() {
    let explicit = "[[field]]\noneflow = \"candidate-link\"\nteamtailor = \"custom:city\"";
    for (key, field) in [("candidate-link", explicit), ("oneflow-link", "")] {
        let mapping = format!("[sync]\nlink = [\"data_field\"]\nlink_data_field = \"{key}\"\n{field}");
        let mut case = Case::new(&mapping).field(key, &token("4711", "hire-1"));
        case.definitions = Definitions::new([
            Definition::new("34", "city", FieldType::Text),
            Definition::new("38", "oneflow-link", FieldType::Text),
        ]);
        assert!(!case.summary().iter().any(|line| line.starts_with(key)), "{:?}", case.summary());
        assert!(case.plan().steps().is_empty());
    }
}

#[test]
fn of_two_entries_for_the_same_fields_the_same_one_counts_in_either_order() {
    let entries = |directions: [&str; 2]| directions.map(field).join("\n");
    let (to, from) = ("direction = \"to_oneflow\"", "direction = \"to_teamtailor\"");
    let first = Case::new(&entries([to, from])).field("city", "Oslo");
    let second = Case::new(&entries([from, to])).field("city", "Oslo");
    assert_eq!(first.summary(), second.summary());
    assert_eq!(first.plan().hash(), second.plan().hash());
}
