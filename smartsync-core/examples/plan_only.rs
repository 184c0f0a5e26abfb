//! Plans a contract with the pure function alone: no network, no runtime, no store, no clock.
//!
//! This is how a host tries out a mapping, explains a field to a recruiter, or reads both services in its own way:
//! everything that a plan is made from is a value, and the same values give the same plan.
//!
//! ```sh
//! cargo run -p smartsync-core --example plan_only
//! ```
#![expect(clippy::print_stdout, reason = "a program for a terminal")]

use std::error::Error;

use oneflow_client::contracts::ContractState;
use smartsync_core::{
    LedgerEntry, Mapping, Outcome, Reason, SyncKeys,
    candidate::{CandidateSnapshot, CustomValue, Definition, Definitions},
    contract::{ContractSnapshot, DataFieldSnapshot},
    ledger::CardEntry,
    plan::{PlanInput, plan},
    value::{ChoiceOption, FieldType},
};

const MAPPING: &str = r#"
    sync.convention = false
    field = [
        { oneflow = "first-day",  teamtailor = "custom:start-date" },
        { oneflow = "employment", teamtailor = "custom:contract-type" },
        { oneflow = "salary",     teamtailor = "custom:salary", on_conflict = "hold" },
        { oneflow = "bonus",      teamtailor = "custom:bonus" },
        { oneflow = "car",        teamtailor = "custom:has-car" },
        { oneflow = "office",     teamtailor = "custom:office" },
        { oneflow = "notice",     teamtailor = "custom:notice-period" },
        { oneflow = "trial",      teamtailor = "custom:trial-months", when = "all_signed" },
    ]
"#;

/// What a ledger holds of a contract: ids, and a keyed digest of each value that both sides last agreed on.
const REMEMBERED: &str = r#"{ "candidate": "4711", "linked_by": "participant_custom_id", "bases": {
    "first-day": "v5:8cff6471:0b835aff48d4bd26ed1b4f1b78da34d3e1532a49b5c1666d0e294c0818f92701:custom:31",
    "employment": "v5:f83961d6:74390664399829f3b4f00f8c95d914d3253343d5e7cf0bf367bd4060d1be87c3:custom:32",
    "salary": "v5:58bd5685:0fee8ffe3c2207b7ba28f87d439b4d6102e4337b35dd17f028544ca37c98246b:custom:33",
    "office": "v5:9603ff1c:49756b40e87b698e4bd074139247f31522e698131ca2c7e06c69fffbeb6a990c:custom:36"
} }"#;

/// Teamtailor's custom fields.
fn definitions() -> Definitions {
    let mut contract_type = Definition::new("32", "contract-type", FieldType::Choice);
    contract_type.options =
        [ChoiceOption::new("7001", "Permanent"), ChoiceOption::new("7002", "Fixed term")].into();
    Definitions::new([
        Definition::new("31", "start-date", FieldType::Date),
        contract_type,
        Definition::new("33", "salary", FieldType::Number),
        Definition::new("34", "bonus", FieldType::Number),
        Definition::new("35", "has-car", FieldType::Checkbox),
        Definition::new("36", "office", FieldType::Text),
        Definition::new("37", "notice-period", FieldType::Text),
        Definition::new("38", "trial-months", FieldType::Number),
    ])
}

/// A contract that was sent and is not signed yet. Oneflow knows texts only.
fn contract() -> ContractSnapshot {
    let mut contract = ContractSnapshot::new(9001.into(), ContractState::Pending);
    for (key, text) in [
        ("first-day", "15.6.2031"),
        ("employment", "fixed term"),
        ("salary", "43 500,50 kr"),
        ("bonus", "1.234"),
        ("car", "1"),
        ("office", "Oslo"),
        ("notice", "3 months"),
        ("trial", "6"),
    ] {
        contract.data_fields.insert(key.to_owned(), DataFieldSnapshot::new(text));
    }
    contract
}

/// The candidate's card. Its values have types; an option comes back as its label.
fn candidate() -> CandidateSnapshot {
    let mut candidate = CandidateSnapshot::new("4711");
    for (field, value_id, value) in [
        ("31", "901", "2031-05-01"),
        ("32", "902", "Permanent"),
        ("33", "903", "42000"),
        ("35", "905", "true"),
        ("36", "906", "Bergen"),
    ] {
        candidate.custom.insert(field.into(), CustomValue::new(value_id, value));
    }
    candidate
}

fn main() -> Result<(), Box<dyn Error>> {
    let plan = plan(&PlanInput {
        mapping: &toml::from_str::<Mapping>(MAPPING)?,
        definitions: &definitions(),
        contract: &contract(),
        others: &[],
        has_unread_other: false,
        candidate: Ok(&candidate()),
        entry: &serde_json::from_str::<LedgerEntry>(REMEMBERED)?,
        card: &CardEntry::default(),
        resolutions: &[],
        keys: &SyncKeys::new("example", ["an/example/key/that/nobody/should/ever/use0".into()])?,
    });

    for field in plan.outcomes() {
        // A written field may have one, too: that a conflict was decided, or a value cleared.
        let (code, sentence) = field.reason().map_or(("", ""), |reason| (reason.code(), reason.sentence()));
        let (target, outcome) = (field.candidate_field.to_string(), field.outcome.as_str());
        println!("{:<10} -> {target:<20}  {outcome:<9}  {code:<27}  {sentence}", field.data_field);
    }
    println!("document: {}", plan.document().reason().map_or("will be attached", Reason::sentence));

    println!("\nWhat Teamtailor gets, in its own form:");
    for update in plan.updates() {
        println!(
            "  {} = {}",
            update.candidate_field(),
            update.value().map_or("(cleared)".to_owned(), ToString::to_string)
        );
    }
    println!("\nThe requests that would write it; they print no value:");
    for step in plan.steps() {
        println!("  {step:?}");
    }

    // Only what the ledger holds tells that both sides have moved. Without it, it would be a first sight.
    let conflicts =
        plan.outcomes().iter().filter(|field| field.outcome == Outcome::Held(Reason::ConflictHeld));
    println!("\nconflicts for a person to decide: {}", conflicts.count());
    Ok(())
}
