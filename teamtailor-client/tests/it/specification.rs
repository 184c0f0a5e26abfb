//! What `SPEC.md` promises about the document.

const DOCUMENT: &str = include_str!("../../openapi.yaml");
const PAPER: &str = include_str!("../../SPEC.md");

#[test]
fn every_untyped_place_is_listed() {
    // A new one belongs into the table of `SPEC.md`, and then here.
    assert_eq!(DOCUMENT.matches("x-untyped: true").count(), 11);
    for name in [
        "CustomFieldValueAttributes::value",
        "NewCustomFieldValue::value",
        "CustomFieldValuePatch::value",
        "RequisitionAttributes::custom_form_answers",
        "NewRequisition",
        "RequisitionPatch",
        "JobApplicationAttributes::candidate_match",
        "AnswerAttributes::answer",
        "DepartmentAttributes::pictures",
        "UserAttributes::role_addons",
        "JobOfferDetails::salary",
    ] {
        assert!(PAPER.contains(name), "{name}");
    }
}

#[test]
fn every_operation_names_its_page() {
    let count = |keyword: &str| DOCUMENT.lines().filter(|line| line.trim().starts_with(keyword)).count();
    let operations = count("operationId: ");
    assert!(operations > 120);
    // Where one was met elsewhere as well, the page is the first of a list.
    assert_eq!(count("x-source: https://") + count("- https://"), operations);
}

#[test]
fn every_module_stands_in_the_table_of_the_front_page_and_of_the_readme() {
    let root = include_str!("../../src/generated.rs");
    let modules: Vec<&str> = root
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ").and_then(|line| line.strip_suffix(';')))
        .collect();
    assert!(modules.len() > 10, "{modules:?}");
    for module in modules {
        assert!(include_str!("../../guide/overview.md").contains(&format!("[`{module}`]")), "{module}");
        assert!(include_str!("../../README.md").contains(&format!("`{module}`")), "{module}");
    }
}
