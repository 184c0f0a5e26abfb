//! Each value that cannot be written back, and the reason that the plan gives for it.

use oneflow_client::{Timestamp, contracts::ContractState};
use serde_json::json;
use smartsync_core::{
    LedgerEntry, Mapping,
    candidate::{CandidateSnapshot, CustomValue, Definition, Definitions},
    contract::{ContractSnapshot, DataFieldSnapshot},
    ledger::CardEntry,
    plan::{PlanInput, plan},
    value::{ChoiceOption, FieldType},
};

use crate::support::stage::{keys, summary};

const MAPPING: &str = r#"
    [sync]
    convention = false
    locale = { currency = "SEK" }
    [[field]]
    oneflow = "value"
    teamtailor = "custom:field"
"#;

/// What becomes of a contract's text in a field of this type, beside what the card holds.
fn outcome(kind: FieldType, text: &str, held: Option<serde_json::Value>) -> String {
    let mapping: Mapping = toml::from_str(MAPPING).unwrap();
    let mut definition = Definition::new("31", "field", kind);
    definition.options =
        [("1", "Hourly"), ("2", "on call"), ("3", "Hourly, on call"), ("4", "Twin"), ("5", "twin")]
            .map(|(id, label)| ChoiceOption::new(id, label))
            .into();
    let definitions = Definitions::new([definition]);
    let mut contract = ContractSnapshot::new(9001.into(), ContractState::Pending);
    contract.created = Some(Timestamp::from("2031-01-02T03:04:05+0000"));
    let mut field = DataFieldSnapshot::new(text);
    field.updated = Some(Timestamp::from("2031-02-03T04:05:06+0000"));
    contract.data_fields.insert("value".to_owned(), field);
    let mut candidate = CandidateSnapshot::new("4711");
    if let Some(value) = held {
        candidate.custom.insert("31".into(), CustomValue::new("901", value));
    }
    let (entry, keys) = (LedgerEntry::default(), keys());
    let input = PlanInput {
        mapping: &mapping,
        definitions: &definitions,
        contract: &contract,
        others: &[],
        has_unread_other: false,
        candidate: Ok(&candidate),
        entry: &entry,
        card: &CardEntry::default(),
        resolutions: &[],
        keys: &keys,
    };
    summary(plan(&input).outcomes()).join(" ")
}

#[test]
fn every_value_that_cannot_be_taken_over_has_its_reason() {
    for (kind, text, expected) in [
        (FieldType::Number, "ten", "value failed contract-value-unreadable"),
        (FieldType::Number, "1.234", "value failed ambiguous-number"),
        (FieldType::Number, "1 234 EUR", "value failed other-currency"),
        (FieldType::Number, "1 234 kr", "value written"),
        (FieldType::Number, "0.1234567890123456789", "value failed lossy"),
        (FieldType::Date, "03/04/2031", "value failed ambiguous-date"),
        (FieldType::Phone, "call me", "value failed contract-value-unreadable"),
        (FieldType::Choice, "Interim", "value failed unknown-option"),
        (FieldType::Choice, "TWIN", "value failed ambiguous-option"),
        (FieldType::Choices, "Hourly, on call", "value failed ambiguous-choices"),
        (FieldType::Choices, "on call, Hourly", "value written"),
    ] {
        assert_eq!(outcome(kind, text, None), expected, "{kind} {text}");
    }
    let unreadable = outcome(FieldType::Number, "12", Some(json!("twelve")));
    assert_eq!(unreadable, "value failed candidate-value-unreadable");
}

#[test]
fn a_spelling_of_the_same_value_is_no_change() {
    for (kind, text, held) in [
        (FieldType::Number, "42 000 kr", json!(42000)),
        (FieldType::Date, "31 december 2031", json!("2031-12-31T00:00:00.000+01:00")),
        (FieldType::Checkbox, "Ja", json!("true")),
        (FieldType::Text, "Jose\u{301}", json!("José")),
        (FieldType::Phone, "+46 (0)70 123 45 67", json!("+46701234567")),
        (FieldType::Choice, "ＯＮ CALL", json!(["on call"])),
    ] {
        assert_eq!(outcome(kind, text, Some(held)), "value unchanged", "{kind} {text}");
    }
}
