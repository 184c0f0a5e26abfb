//! For which contracts a mapping and its entries are, and what is taken from the state of a contract.

use oneflow_client::{TemplateTypeId, WorkspaceId, contracts::ContractState};
use serde_json::json;
use smartsync_core::{
    DocumentOutcome, Reason,
    candidate::{Definition, Definitions},
    contract::CONTRACT_STATE,
    value::{ChoiceOption, FieldType},
};
use smartsync_transport::ScriptedTransport;

use crate::support::{
    case::Case,
    stage::{Stage, candidate, cold, contract, summary, token},
};

/// A signed contract of this template type in this workspace, with a city.
fn case(mapping: &str, template_type: Option<i64>, workspace: Option<i64>) -> Case {
    let mut case = Case::new(mapping).field("city", "Oslo");
    case.contract.state = Some(ContractState::Signed);
    case.contract.template_type = template_type.map(TemplateTypeId::from);
    case.contract.workspace = workspace.map(WorkspaceId::from);
    case
}

#[test]
fn a_contract_outside_of_the_mappings_scope_proposes_nothing_and_says_so() {
    let field = "[[field]]\noneflow = \"city\"\nteamtailor = \"custom:city\"\n";
    let types = format!("[sync]\ntemplate_types = [4711, 4712]\n{field}");
    let places = format!("[sync]\nworkspaces = [12]\n{field}");
    let both = format!("[sync]\ntemplate_types = [4711]\nworkspaces = [12]\n{field}");
    let table = [
        (field, None, None, true),
        (field, Some(1), Some(2), true),
        (&types, Some(4711), None, true),
        (&types, Some(4712), Some(1), true),
        (&types, Some(4713), Some(12), false),
        (&types, None, Some(12), false),
        (&places, None, Some(12), true),
        (&places, Some(4711), Some(13), false),
        (&places, Some(4711), None, false),
        (&both, Some(4711), Some(12), true),
        (&both, Some(4711), Some(13), false),
        (&both, Some(4712), Some(12), false),
    ];
    for (mapping, template_type, workspace, is_in) in table {
        let plan = case(mapping, template_type, workspace).plan();
        let (outcome, document) = if is_in {
            ("city written", DocumentOutcome::Attached)
        } else {
            ("city skipped out-of-scope", DocumentOutcome::NotDue(Reason::OutOfScope))
        };
        assert_eq!(summary(plan.outcomes()), [outcome], "{mapping} {template_type:?} {workspace:?}");
        assert_eq!(plan.document(), document);
        assert_eq!(plan.steps().is_empty(), !is_in);
    }
}

#[test]
fn an_entry_is_for_the_contracts_in_its_scope_and_no_convention_stands_in_for_it_elsewhere() {
    let mapping = r#"
        [[field]]
        oneflow = "city"
        teamtailor = "custom:city"
        template_types = [4711]
        workspaces = [12]
    "#;
    for (template_type, workspace, expected) in [
        (Some(4711), Some(12), "city written"),
        (Some(4711), Some(13), "city skipped out-of-scope"),
        (Some(4712), Some(12), "city skipped out-of-scope"),
        (None, Some(12), "city skipped out-of-scope"),
    ] {
        let mut case = case(mapping, template_type, workspace);
        case.definitions = Definitions::new([
            Definition::new("34", "city", FieldType::Text),
            Definition::new("35", "oneflow-city", FieldType::Text),
        ]);
        assert_eq!(case.summary(), [expected]);
        assert_eq!(case.plan().document(), DocumentOutcome::Attached, "the document is not a field's");
    }
}

#[test]
fn every_mapped_field_has_one_outcome_per_contract_however_many_entries_name_it() {
    // One pair of fields with a rule per template type, and one data field with a target per template type.
    let mapping = r#"
        [[field]]
        oneflow = "city"
        teamtailor = "custom:city"
        when = "all_signed"
        template_types = [1]
        [[field]]
        oneflow = "city"
        teamtailor = "custom:city"
        template_types = [2]
        [[field]]
        oneflow = "note"
        teamtailor = "pitch"
        when = "edited"
        template_types = [1]
        [[field]]
        oneflow = "note"
        teamtailor = "linkedin_url"
        when = "edited"
        template_types = [2]
    "#;
    let table = [
        (1, ["city skipped waits-for-all-signatures", "note skipped out-of-scope", "note written"]),
        (2, ["city written", "note written", "note skipped out-of-scope"]),
        (3, ["city skipped out-of-scope", "note skipped out-of-scope", "note skipped out-of-scope"]),
    ];
    for (template_type, expected) in table {
        let mut case =
            case(mapping, Some(template_type), None).field("note", "https://www.linkedin.com/in/ida");
        case.contract.state = Some(ContractState::Pending);
        assert_eq!(case.summary(), expected, "{template_type}");
        case.mapping.fields.reverse();
        assert_eq!(case.summary(), expected, "{template_type}, in another order");
    }
}

#[test]
fn two_entries_in_scope_for_one_pair_make_one_outcome_and_write_nothing() {
    let one = "[[field]]\noneflow = \"city\"\nteamtailor = \"custom:city\"\n";
    let case = case(&format!("{one}{one}"), None, None);
    assert_eq!(case.summary(), ["city failed two-sources"]);
}

#[tokio::test]
async fn neither_candidate_nor_other_contracts_are_read_for_a_contract_out_of_scope() {
    let mapping = "[sync]\nworkspaces = [13]";
    let body = contract("signed", &token("4711", "hire-1"), &[("city", "Oslo")]);
    let teamtailor = cold();
    let stage = Stage::new(mapping, ScriptedTransport::new().json(200, body), teamtailor);
    let plan = stage.engine.plan(9001.into()).await.unwrap();
    let report = stage.engine.apply(plan).await;
    assert!(report.outcomes.iter().all(|field| field.outcome.reason() == Some(Reason::OutOfScope)));
    assert!(report.is_complete());
    assert_eq!((stage.oneflow_requests().len(), stage.teamtailor_requests().len()), (1, 2));
    assert_eq!(stage.ledger.entry(9001.into()), None);
}

const STATUS: &str =
    "[[field]]\noneflow = \"contract:state\"\nteamtailor = \"custom:city\"\ndirection = \"to_teamtailor\"\n";

#[test]
fn the_state_of_a_contract_can_stand_on_the_card() {
    assert_eq!(CONTRACT_STATE, "contract:state");
    let pay = "[[field]]\noneflow = \"pay\"\nteamtailor = \"custom:salary\"\n";
    let table = [
        ("pending", Ok("pending"), "pay written"),
        ("signed", Ok("signed"), "pay written"),
        ("declined", Ok("declined"), "pay skipped contract-declined"),
        ("overdue", Ok("overdue"), "pay skipped contract-overdue"),
        ("draft", Err("contract:state skipped contract-is-draft"), "pay skipped contract-is-draft"),
        ("frozen", Err("contract:state held contract-state-unknown"), "pay held contract-state-unknown"),
    ];
    for (state, word, pay_outcome) in table {
        let mut case = Case::new(&format!("{STATUS}{pay}")).field("pay", "7");
        case.contract.state = Some(ContractState::from(state));
        let outcome = word.map_or_else(str::to_owned, |_| "contract:state written".to_owned());
        assert_eq!(case.summary(), [outcome, pay_outcome.to_owned()], "{state}");
        if let Ok(word) = word {
            assert_eq!(case.plan().updates()[0].value(), Some(&json!(word)));
            assert_eq!(case.held("34", json!(word)).summary()[0], "contract:state unchanged");
        }
    }
}

#[test]
fn the_state_is_nobodys_edit_so_it_needs_no_proof_where_no_base_is_known() {
    // What the card holds, what the entry says, and how the state of a contract ends that was signed.
    for (held, rules, expected) in [
        ("pending", "", "written first-sight-contract-won"),
        ("to be hired", "", "written first-sight-contract-won"),
        ("pending", "on_first_sight = \"proven\"", "written first-sight-contract-won"),
        ("pending", "on_conflict = \"hold\"", "held first-sight-held"),
        ("pending", "on_first_sight = \"hold\"", "held first-sight-held"),
        ("pending", "on_first_sight = \"candidate_wins\"", "skipped first-sight-candidate-won"),
        ("signed", "", "unchanged"),
    ] {
        let mut case = Case::new(&format!("{STATUS}{rules}\n")).held("34", json!(held));
        case.contract.state = Some(ContractState::Signed);
        assert_eq!(case.summary(), [format!("contract:state {expected}")], "{held} {rules}");
    }
}

#[test]
fn the_state_waits_for_its_moment_and_is_an_option_where_the_field_is_a_select() {
    let mut case = Case::new(&format!("{STATUS}when = \"all_signed\"\n"));
    assert_eq!(case.summary(), ["contract:state skipped waits-for-all-signatures"]);
    case.contract.state = Some(ContractState::Declined);
    assert_eq!(case.summary(), ["contract:state skipped waits-for-all-signatures"]);

    let mut select = Definition::new("34", "city", FieldType::Choice);
    select.options = [ChoiceOption::new("7001", "signed"), ChoiceOption::new("7002", "pending")].into();
    let mut case = Case::new(STATUS);
    case.definitions = Definitions::new([select]);
    assert_eq!(case.plan().updates()[0].value(), Some(&json!("7002")));
    case.contract.state = Some(ContractState::Overdue);
    assert_eq!(case.summary(), ["contract:state failed unknown-option"]);
}

#[test]
fn the_state_of_the_contract_that_comes_first_stands_on_the_card() {
    let mut case = Case::new(STATUS);
    let mut other = case.contract.clone();
    other.id = 9000.into();
    case.contract.state = Some(ContractState::Declined);
    case.others = vec![other.clone()];
    assert_eq!(case.summary(), ["contract:state skipped other-contract-first"]);
    other.state = Some(ContractState::Draft);
    case.others = vec![other];
    assert_eq!(case.summary(), ["contract:state written"]);
}

#[test]
fn of_two_closed_contracts_the_one_that_was_closed_last_has_its_state_on_the_card() {
    let (early, late) = ("2031-03-01T08:00:00+0000", "2031-03-01T08:30:00+0000");
    for (this, other, expected) in [
        (late, early, "contract:state written"),
        (early, late, "contract:state skipped other-contract-first"),
    ] {
        let mut case = Case::new(STATUS);
        case.others = vec![case.contract.clone()];
        (case.contract.state, case.contract.state_changed) =
            (Some(ContractState::Declined), Some(this.into()));
        (case.others[0].state, case.others[0].state_changed) =
            (Some(ContractState::Overdue), Some(other.into()));
        case.others[0].id = 9000.into();
        assert_eq!(case.summary(), [expected]);
    }
}

#[tokio::test]
async fn the_candidate_of_a_declined_contract_is_read_only_where_its_state_stands_on_the_card() {
    let elsewhere = format!("{STATUS}workspaces = [13]\n");
    for (mapping, requests, updates) in [("", 2, 0), (STATUS, 3, 1), (&elsewhere, 2, 0)] {
        let body = contract("declined", &token("4711", "hire-1"), &[("city", "Oslo")]);
        let mapping = mapping.replace("custom:city", "custom:oneflow-city");
        let teamtailor = cold().json(200, candidate("{}", &[], &[]));
        let stage = Stage::new(&mapping, ScriptedTransport::new().json(200, body), teamtailor);
        let plan = stage.engine.plan(9001.into()).await.unwrap();
        assert_eq!(stage.teamtailor_requests().len(), requests);
        assert_eq!(plan.updates().len(), updates);
        assert_eq!(plan.document(), DocumentOutcome::NotDue(Reason::ContractDeclined));
    }
}
