//! Pairs that need no mapping.

use std::collections::BTreeSet;

use smartsync_core::{
    Mapping, Schemas,
    candidate::{Definition, Definitions},
    mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema, convention::effective_fields},
    value::FieldType,
};

fn definitions() -> Definitions {
    let mut of_jobs = Definition::new("39", "oneflow-budget", FieldType::Number);
    of_jobs.is_candidates = false;
    Definitions::new([
        Definition::new("31", "oneflow-start-date", FieldType::Date),
        Definition::new("32", "oneflow-salary", FieldType::Number),
        Definition::new("33", "unrelated", FieldType::Text),
        Definition::new("34", "oneflow-", FieldType::Text),
        of_jobs,
    ])
}

/// The pairs for these data fields: `start-date = custom:oneflow-start-date`.
fn pairs(mapping: &str, data_fields: &[&str]) -> Vec<String> {
    let mapping: Mapping = toml::from_str(mapping).unwrap();
    let fields =
        effective_fields(&mapping, &definitions(), &data_fields.iter().copied().collect::<BTreeSet<_>>());
    fields.iter().map(|field| format!("{} = {}", field.oneflow, field.teamtailor)).collect()
}

#[test]
fn custom_fields_with_the_prefix_pair_with_the_key_that_the_contract_has() {
    let table: [(&[&str], [&str; 2]); 4] = [
        (&[], ["oneflow-salary = custom:oneflow-salary", "oneflow-start-date = custom:oneflow-start-date"]),
        (&["salary"], ["oneflow-start-date = custom:oneflow-start-date", "salary = custom:oneflow-salary"]),
        (
            &["salary", "oneflow-salary"],
            ["oneflow-salary = custom:oneflow-salary", "oneflow-start-date = custom:oneflow-start-date"],
        ),
        (
            &["unrelated", "budget"],
            ["oneflow-salary = custom:oneflow-salary", "oneflow-start-date = custom:oneflow-start-date"],
        ),
    ];
    for (data_fields, expected) in table {
        assert_eq!(pairs("", data_fields), expected, "{data_fields:?}");
    }
}

#[test]
fn default_fields_pair_in_every_spelling() {
    for (data_field, field) in [
        ("first-name", "first_name"),
        ("first_name", "first_name"),
        ("oneflow-last-name", "last_name"),
        ("oneflow-last_name", "last_name"),
        ("email", "email"),
        ("oneflow-phone", "phone"),
        ("linkedin_url", "linkedin_url"),
        ("pitch", "pitch"),
    ] {
        let found = pairs("", &[data_field]);
        assert!(found.contains(&format!("{data_field} = {field}")), "{found:?}");
        assert_eq!(found.len(), 3);
    }
    assert_eq!(pairs("", &["firstname", "e-mail", "city"]).len(), 2, "nothing else is guessed");
    let both = pairs("", &["email", "oneflow-email"]);
    assert_eq!(both.iter().filter(|pair| pair.ends_with("= email")).count(), 1, "one source for one target");
}

#[test]
fn an_entry_of_the_mapping_replaces_the_pair_on_either_side_and_no_other() {
    let other_target = "[[field]]\noneflow = \"salary\"\nteamtailor = \"custom:unrelated\"";
    assert_eq!(
        pairs(other_target, &["salary"]),
        ["oneflow-start-date = custom:oneflow-start-date", "salary = custom:unrelated"]
    );
    let other_source = "[[field]]\noneflow = \"wage\"\nteamtailor = \"custom:oneflow-salary\"";
    assert_eq!(
        pairs(other_source, &["salary", "wage"]),
        ["oneflow-start-date = custom:oneflow-start-date", "wage = custom:oneflow-salary"]
    );
    let by_id = "[[field]]\noneflow = \"wage\"\nteamtailor = \"custom:32\"";
    assert_eq!(
        pairs(by_id, &["salary", "wage"]),
        ["oneflow-start-date = custom:oneflow-start-date", "wage = custom:32"]
    );
}

#[test]
fn without_the_convention_only_the_entries_count() {
    assert_eq!(pairs("[sync]\nconvention = false", &["email", "salary"]), [""; 0]);
    let one = "[sync]\nconvention = false\n[[field]]\noneflow = \"mail\"\nteamtailor = \"email\"";
    assert_eq!(pairs(one, &["email", "mail"]), ["mail = email"]);
}

#[test]
fn the_fence_lets_the_convention_prefill_those_default_fields_that_no_entry_names_on_either_side() {
    let (all, of_custom) =
        (["first_name", "last_name", "email", "phone", "linkedin_url", "pitch"], "custom:unrelated");
    for (entries, taken) in [
        // What an entry fills in is filled in by that entry only.
        (vec![("mail", "email")], vec!["email"]),
        // The other spelling is still free.
        (vec![("first-name", of_custom)], vec![]),
        (
            vec![("oneflow-first-name", of_custom), ("first_name", "custom:oneflow-salary")],
            vec!["first_name"],
        ),
    ] {
        let keys = entries.iter().map(|(oneflow, _)| DataFieldSchema::new(*oneflow));
        let template_type = TemplateTypeSchema::new(1.into(), "Employment", keys);
        let schemas = Schemas::new(OneflowSchema::new([template_type], []), definitions());
        let fields = entries.iter().map(|(oneflow, teamtailor)| {
            format!("[[field]]\noneflow = \"{oneflow}\"\nteamtailor = \"{teamtailor}\"\ndirection = \"to_oneflow\"\n")
        });
        let mapping: Mapping = toml::from_str(&fields.collect::<String>()).unwrap();
        let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
        let permissions = mapping
            .check_against(&schemas)
            .unwrap()
            .permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap());
        let by_convention = |what: &str| {
            permissions.rows().iter().any(|row| {
                row.what.starts_with("data_field:") && row.why == format!("by the convention, from `{what}`")
            })
        };
        // Onto a card, the convention writes none of them.
        assert!(!permissions.rows().iter().any(|row| all.contains(&row.what.as_str())), "{entries:?}");
        let found: Vec<&str> = all.into_iter().filter(|field| !by_convention(field)).collect();
        assert_eq!(found, taken, "{entries:?}");
    }
}
