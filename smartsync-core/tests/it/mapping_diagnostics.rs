//! What is found in broken mappings, and not in good ones.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use smartsync_core::mapping::MappingFile;
use smartsync_core::{
    Diagnostic, Schemas,
    candidate::{Definition, Definitions},
    diagnostic::{DiagnosticCode, KeyOrValue, KeyPath, KeyPathSegment, Severity},
    mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema, WorkspaceSchema},
    value::FieldType,
};

use crate::support::{mapping_broken::BROKEN, mapping_good::GOOD};

fn schemas() -> Schemas {
    serde_json::from_str(include_str!("mapping_schemas.json")).unwrap()
}

/// The account after Oneflow's own integration has taken over the data field `phone`.
fn of_an_integration() -> Schemas {
    let mut schemas = schemas();
    for field in schemas.oneflow.template_types.iter_mut().flat_map(|kind| &mut kind.data_fields) {
        if field.key == "phone" {
            field.source = Some("system".into());
        }
    }
    schemas
}

fn parsed(text: &str) -> Value {
    toml::from_str(text).unwrap()
}

fn lines(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(|found| format!("{} {}", found.code, found.path)).collect()
}

#[test]
fn everything_that_is_broken_is_found_where_it_is() {
    assert!(BROKEN.len() >= 60);
    for (text, expected) in BROKEN {
        let found = MappingFile::parse(&parsed(text)).diagnostics(Some(&schemas()));
        assert_eq!(lines(&found), *expected, "{text}");
    }
}

#[test]
fn nothing_is_found_in_a_good_mapping() {
    assert!(GOOD.len() >= 25);
    for text in GOOD {
        let found = MappingFile::parse(&parsed(text)).diagnostics(Some(&schemas()));
        assert_eq!(lines(&found), [""; 0], "{text}");
        assert_eq!(MappingFile::parse(&parsed(text)).diagnostics(None), [], "{text}");
        let mapping = MappingFile::parse(&parsed(text)).into_mapping().unwrap();
        let checked = mapping.check_against(&schemas()).unwrap();
        assert_eq!(checked.warnings(), []);
        assert_eq!(checked.mapping(), &mapping, "{text}");
        assert_eq!(checked.into_mapping(), mapping, "{text}");
    }
}

const SYNC_KEYS: [&str; 7] =
    ["link", "link_data_field", "convention", "document", "locale", "template_types", "workspaces"];
const ENTRY_KEYS: [&str; 12] = [
    "oneflow",
    "teamtailor",
    "type",
    "direction",
    "when",
    "on_conflict",
    "on_first_sight",
    "on_empty",
    "allow_identity",
    "locale",
    "template_types",
    "workspaces",
];

/// The keys of `sync` and of each entry, written or not, each with the way to its table.
fn keys(file: &Value) -> Vec<(String, &'static str)> {
    let entries = file["field"].as_array().map_or(0, Vec::len);
    let of_entries = (0..entries).flat_map(|entry| ENTRY_KEYS.map(|key| (format!("/field/{entry}"), key)));
    SYNC_KEYS.map(|key| ("/sync".to_owned(), key)).into_iter().chain(of_entries).collect()
}

#[test]
fn nothing_follows_from_a_key_that_cannot_be_read() {
    let found = |file: &Value| lines(&MappingFile::parse(file).diagnostics(Some(&schemas())));
    for text in GOOD {
        let mut good = parsed(text);
        good.as_object_mut().unwrap().entry("sync").or_insert(json!({}));
        for (table, key) in keys(&good) {
            let path = table.replacen("/field/", "field[", 1).replacen("/sync", "sync", 1);
            let path = if path == "sync" { path } else { format!("{path}]") };

            let mut broken = good.clone();
            broken.pointer_mut(&table).unwrap()[key] = Value::Null;
            assert_eq!(found(&broken), [format!("SM0002 {path}.{key}")], "{broken}");

            let mut renamed = good.clone();
            let members = renamed.pointer_mut(&table).unwrap().as_object_mut().unwrap();
            let value = members.remove(key).unwrap_or_default();
            members.insert("zzzzzzzz".to_owned(), value);
            let missing = matches!(key, "oneflow" | "teamtailor").then(|| format!("SM0004 {path}"));
            let unknown = format!("SM0001 {path}.zzzzzzzz");
            assert_eq!(
                found(&renamed),
                missing.into_iter().chain([unknown]).collect::<Vec<_>>(),
                "{renamed}"
            );
        }
    }
}

#[test]
fn every_code_is_found_somewhere() {
    let mut missing: BTreeSet<DiagnosticCode> = DiagnosticCode::ALL.iter().copied().collect();
    for (text, _) in BROKEN {
        for found in MappingFile::parse(&parsed(text)).diagnostics(Some(&schemas())) {
            missing.remove(&found.code);
            assert_eq!(found.severity, found.code.severity());
        }
    }
    // Those that are about the account and not about the mapping.
    let mut other = schemas();
    other.version = 2;
    let found = MappingFile::parse(&json!({})).diagnostics(Some(&other));
    assert_eq!(lines(&found), ["SM0034 the file"]);
    missing.remove(&DiagnosticCode::UnsupportedSchemas);
    let found = MappingFile::parse(&json!({})).diagnostics(Some(&of_an_integration()));
    assert_eq!(lines(&found), ["SM0046 sync.convention"]);
    missing.remove(&DiagnosticCode::ConventionOfSystem);
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn a_clash_is_found_at_the_last_entry_and_names_the_others_in_their_order() {
    let file = parsed(
        r#"field = [
            { oneflow = "a", teamtailor = "custom:x", template_types = [1] },
            { oneflow = "b", teamtailor = "custom:x", template_types = [2] },
            { oneflow = "c", teamtailor = "custom:x", template_types = [1] },
            { oneflow = "d", teamtailor = "custom:x" },
        ]"#,
    );
    let found = MappingFile::parse(&file).diagnostics(None);
    assert_eq!(lines(&found), ["SM0018 field[3].teamtailor"]);
    let related: Vec<String> = found[0].related.iter().map(|related| related.path.to_string()).collect();
    assert_eq!(related, ["field[0].teamtailor", "field[1].teamtailor", "field[2].teamtailor"]);
}

#[test]
fn a_help_lists_five_names_and_says_where_there_are_more() {
    let five = "use the id of a workspace that exists: 1 (`W1`), 2 (`W2`), 3 (`W3`), 4 (`W4`), 5 (`W5`)";
    for (count, expected) in [(5, five.to_owned()), (6, format!("{five}, ...")), (7, format!("{five}, ..."))]
    {
        let workspaces = (1..=count).map(|id: i64| WorkspaceSchema::new(id.into(), format!("W{id}")));
        let schemas = Schemas::new(OneflowSchema::new([], workspaces), Definitions::default());
        let found = MappingFile::parse(&parsed("sync.workspaces = [9]")).diagnostics(Some(&schemas));
        assert_eq!(found.iter().map(|found| found.help.as_str()).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn a_message_lists_five_names_and_how_many_more_there_are() {
    let template_types = |count: i64, fields: fn() -> Vec<DataFieldSchema>| {
        (1..=count).map(move |id| TemplateTypeSchema::new(id.into(), format!("T{id}"), fields()))
    };
    let other = || TemplateTypeSchema::new(999.into(), "Other", []);
    for (count, message, help) in [
        (
            5,
            "the data field `rate` exists only on other template types: `T1`, `T2`, `T3`, `T4` and `T5`",
            "add 1 or 2 or 3 or 4 or 5 to `template_types`, or use another data field",
        ),
        (
            300,
            "the data field `rate` exists only on other template types: `T1`, `T2`, `T3`, `T4`, `T5` and 295 more",
            "add 1 or 2 or 3 or 4 or 5 or another of them to `template_types`, or use another data field",
        ),
    ] {
        let kinds = template_types(count, || vec![DataFieldSchema::new("rate")]).chain([other()]);
        let schemas = Schemas::new(OneflowSchema::new(kinds, []), Definitions::default());
        let file = parsed(
            "sync.convention = false\n[[field]]\noneflow = \"rate\"\nteamtailor = \"pitch\"\ntemplate_types = [999]",
        );
        let found = MappingFile::parse(&file).diagnostics(Some(&schemas));
        assert_eq!(lines(&found), ["SM0038 field[0].oneflow"]);
        assert_eq!((found[0].message.as_str(), found[0].help.as_str()), (message, help));
    }

    let twins = (1..=7).map(|id| Definition::new(format!("{id}"), "twin", FieldType::Number));
    let numbers =
        (1..=7).map(|id| Definition::new(format!("1{id}"), &format!("oneflow-n{id}"), FieldType::Number));
    let keys = || {
        let of_system = |id| {
            let mut field = DataFieldSchema::new(format!("n{id}"));
            field.source = Some("system".into());
            field
        };
        (1..=7).map(of_system).collect()
    };
    let schemas =
        Schemas::new(OneflowSchema::new(template_types(1, keys), []), Definitions::new(twins.chain(numbers)));
    let file =
        parsed("field = [{ oneflow = \"n1\", teamtailor = \"custom:twin\", direction = \"to_teamtailor\" }]");
    let found = MappingFile::parse(&file).diagnostics(Some(&schemas));
    let told: Vec<(String, &str, &str)> = found
        .iter()
        .map(|found| (found.code.to_string(), found.message.as_str(), found.help.as_str()))
        .collect();
    let (ambiguous, readings, system) = (
        "write the id of the one you mean: `custom:1`, `custom:2`, `custom:3`, `custom:4`, `custom:5`, ...",
        "a number such as 1.234 in `n2`, `n3`, `n4`, `n5`, `n6` or 1 more may be ambiguous, and is then not written back",
        "the convention pairs `n2`, `n3`, `n4`, `n5`, `n6` and 1 more, but Oneflow would ignore values written there",
    );
    assert!(told.iter().any(|(code, _, help)| code == "SM0043" && *help == ambiguous), "{told:?}");
    assert!(told.iter().any(|(code, message, _)| code == "SM0024" && *message == readings), "{told:?}");
    assert!(told.iter().any(|(code, message, _)| code == "SM0046" && *message == system), "{told:?}");
}

#[test]
fn entries_in_scopes_of_their_own_clash_through_those_that_they_meet() {
    let entry =
        |target: &str, scope: &str| format!("{{ oneflow = \"a\", teamtailor = \"custom:{target}\"{scope} }}");
    for (entries, expected) in [
        (vec![("x", ", template_types = [1]"), ("y", ", template_types = [2]")], vec![]),
        (
            vec![
                ("x", ", template_types = [1], workspaces = [1]"),
                ("y", ", template_types = [1], workspaces = [2]"),
            ],
            vec![],
        ),
        (vec![("x", ", template_types = [1]"), ("y", ", workspaces = [2]")], vec!["SM0017 field[1].oneflow"]),
        (
            vec![
                ("x", ", template_types = [1]"),
                ("z", ", template_types = [2]"),
                ("y", ", template_types = [1, 2]"),
            ],
            vec!["SM0017 field[2].oneflow"],
        ),
        (
            vec![
                ("x", ", template_types = [1]"),
                ("x", ", template_types = [1, 2]"),
                ("y", ", template_types = [2]"),
            ],
            vec!["SM0016 field[1].oneflow", "SM0017 field[2].oneflow"],
        ),
    ] {
        let entries: Vec<String> = entries.iter().map(|(target, scope)| entry(target, scope)).collect();
        let file = parsed(&format!("field = [{}]", entries.join(", ")));
        assert_eq!(lines(&MappingFile::parse(&file).diagnostics(None)), expected, "{entries:?}");
    }
}

#[test]
fn codes_are_numbered_in_order() {
    for (position, code) in DiagnosticCode::ALL.iter().enumerate() {
        assert_eq!(code.as_str(), format!("SM{:04}", position + 1));
    }
}

#[test]
fn each_message_says_what_is_wrong_and_what_to_write() {
    let mut text = String::new();
    for (file, _) in BROKEN {
        for line in file.trim().lines() {
            text.push_str(&format!("    {}\n", line.trim()));
        }
        for found in MappingFile::parse(&parsed(file)).diagnostics(Some(&schemas())) {
            text.push_str(&format!("{found}\n"));
            for related in &found.related {
                text.push_str(&format!("  {}: {}\n", related.path, related.note));
            }
        }
        text.push('\n');
    }
    assert_eq!(text, include_str!("mapping_messages.txt"), "what is said has changed:\n{text}");
}

#[test]
fn the_example_of_each_code_has_it() {
    for code in DiagnosticCode::ALL {
        let Some(example) = code.example() else {
            let is_elsewhere =
                matches!(code, DiagnosticCode::UnsupportedSchemas | DiagnosticCode::ConventionOfSystem);
            assert!(is_elsewhere, "{code} is about the mapping");
            continue;
        };
        let found = MappingFile::parse(&parsed(example)).diagnostics(Some(&schemas()));
        assert!(found.iter().any(|found| found.code == *code), "{code}: {:?}", lines(&found));
    }
}

#[test]
fn json_is_read_like_toml() {
    for (file, expected) in [
        (json!({ "field": [{ "oneflow": "notes", "teamtailor": "custom:notes" }] }), vec![]),
        (json!({ "sync": null }), vec!["SM0002 sync"]),
        (
            json!({ "field": [{ "oneflow": "notes", "teamtailor": null }] }),
            vec!["SM0002 field[0].teamtailor"],
        ),
        (
            json!({ "field": [{ "oneflow": "notes" }, { "teamtailor": "e-mail" }] }),
            vec!["SM0004 field[0]", "SM0004 field[1]", "SM0006 field[1].teamtailor"],
        ),
        (
            json!({ "sync": { "workspaces": [12.0, "12", 12] } }),
            vec!["SM0008 sync.workspaces[0]", "SM0002 sync.workspaces[1]"],
        ),
        (json!([]), vec!["SM0002 the file"]),
        (json!("sync"), vec!["SM0002 the file"]),
    ] {
        assert_eq!(lines(&MappingFile::parse(&file).diagnostics(Some(&schemas()))), expected, "{file}");
    }
}

#[test]
fn what_is_about_the_account_is_said_as_well() {
    let mut old = schemas();
    old.version = 0;
    let said = |schemas: &Schemas| MappingFile::parse(&json!({})).diagnostics(Some(schemas))[0].to_string();
    let entry = json!({ "field": [{ "oneflow": "gone", "teamtailor": "custom:gone" }] });
    assert_eq!(
        lines(&MappingFile::parse(&entry).diagnostics(Some(&old))),
        ["SM0034 the file"],
        "they are not asked"
    );
    assert_eq!(
        said(&old),
        "error[SM0034] at the file: the saved schemas have format version 0, but this version of SmartSync reads version 1; save them again with the version of SmartSync that will read them"
    );
    assert_eq!(
        said(&of_an_integration()),
        "note[SM0046] at sync.convention: the convention pairs `phone`, but Oneflow would ignore values written there; if these fields only need to be written back, nothing needs to be done (a default field needs an entry of its own); otherwise create data fields of your own"
    );
    let entry =
        json!({ "field": [{ "oneflow": "phone", "teamtailor": "phone", "direction": "to_teamtailor" }] });
    assert_eq!(MappingFile::parse(&entry).diagnostics(Some(&of_an_integration())), []);
    // An entry that may be the pair, and one that is it as far as it can be read.
    for (entry, expected) in [
        (json!({ "oneflow": 7, "teamtailor": "custom:notes" }), "SM0002 field[0].oneflow"),
        (json!("phone"), "SM0002 field[0]"),
        (json!({ "oneflow": "phone", "teamtailor": "phone", "direction": 7 }), "SM0002 field[0].direction"),
    ] {
        let file = json!({ "field": [entry] });
        assert_eq!(
            lines(&MappingFile::parse(&file).diagnostics(Some(&of_an_integration()))),
            [expected],
            "{file}"
        );
    }
    let file = json!({ "field": "phone" });
    assert_eq!(lines(&MappingFile::parse(&file).diagnostics(Some(&of_an_integration()))), ["SM0002 field"]);
}

/// The labels of a select, and whether it lacks an option for a state.
const STATE_OPTIONS: &[([&str; 4], bool)] = &[
    (["pending", "signed", "declined", "overdue"], false),
    (["Pending", "SIGNED", " Declined ", "Overdue"], false),
    (["Ｐｅｎｄｉｎｇ", "ＳＩＧＮＥＤ", "\u{200b}declined\u{a0}", "Overdue"], false),
    (["Is pending", "Signed", "Declined", "Overdue"], true),
];

#[test]
fn a_data_field_for_the_link_whose_partner_an_entry_has_taken_is_free() {
    let free = r#"
        sync  = { link = ["data_field"], link_data_field = "oneflow-city" }
        field = [{ oneflow = "notes", teamtailor = "custom:oneflow-city" }]
    "#;
    let found = MappingFile::parse(&parsed(free)).diagnostics(Some(&schemas()));
    assert!(!found.iter().any(Diagnostic::is_error), "{:?}", lines(&found));
}

#[test]
fn an_option_for_a_state_is_known_by_every_spelling_that_a_sync_knows() {
    let file = parsed(
        r#"field = [{ oneflow = "contract:state", teamtailor = "custom:contract-status", direction = "to_teamtailor" }]"#,
    );
    for (labels, lacks_one) in STATE_OPTIONS {
        let option = |(id, label): (i32, &&str)| json!({ "id": id.to_string(), "label": label });
        let mut schemas: Value = serde_json::from_str(include_str!("mapping_schemas.json")).unwrap();
        let fields = schemas["teamtailor"].as_array_mut().unwrap();
        let status = fields.iter_mut().find(|field| field["api_name"] == "contract-status").unwrap();
        status["options"] = (7_005..).zip(labels).map(option).collect();
        let schemas: Schemas = serde_json::from_value(schemas).unwrap();
        let expected: &[&str] = if *lacks_one { &["SM0028 field[0].teamtailor"] } else { &[] };
        assert_eq!(lines(&MappingFile::parse(&file).diagnostics(Some(&schemas))), expected, "{labels:?}");
    }
}

#[test]
fn a_number_of_the_convention_may_have_two_readings_too() {
    let mut schemas = schemas();
    let definitions: Vec<Definition> = schemas.teamtailor.iter().cloned().collect();
    let definitions = definitions.into_iter().map(|mut definition| {
        if definition.api_name.as_deref() == Some("oneflow-city") {
            definition.kind = Some(FieldType::Number);
        }
        definition
    });
    schemas.teamtailor = Definitions::new(definitions);
    for (text, expected) in [
        ("", vec!["SM0024 sync.locale.decimal"]),
        (r#"sync = { locale = { decimal = "comma" } }"#, vec![]),
        (
            r#"field = [{ oneflow = "oneflow-city", teamtailor = "custom:oneflow-city", locale = { decimal = "point" } }]"#,
            vec![],
        ),
    ] {
        assert_eq!(lines(&MappingFile::parse(&parsed(text)).diagnostics(Some(&schemas))), expected, "{text}");
    }
}

#[test]
fn an_account_without_anything_is_no_reason_to_say_nothing() {
    let nothing = Schemas::new(OneflowSchema::new([], []), Definitions::new([]));
    let file = parsed(
        r#"
        sync  = { template_types = [4711], workspaces = [12] }
        field = [{ oneflow = "notes", teamtailor = "custom:notes" }]
        "#,
    );
    let said = |file: &Value| {
        let found = MappingFile::parse(file).diagnostics(Some(&nothing));
        found.iter().map(|found| format!("{} {}", found.code, found.help)).collect::<Vec<_>>()
    };
    assert_eq!(
        said(&file),
        [
            "SM0041 create a custom field with this api-name in Teamtailor",
            "SM0035 give the Oneflow user access to a template type",
            "SM0036 give the Oneflow user access to a workspace",
        ]
    );
    assert_eq!(
        said(&json!({ "field": [{ "oneflow": "notes", "teamtailor": "pitch" }] })),
        ["SM0037 create a data field with this custom_id in Oneflow"]
    );
}

#[test]
fn an_error_refuses_the_mapping_and_takes_the_warnings_along() {
    let mapping = MappingFile::parse(&parsed(
        r#"
        sync  = { link_data_field = "candidate-link" }
        field = [{ oneflow = "notes", teamtailor = "custom:note" }]
        "#,
    ))
    .into_mapping();
    let found = mapping.unwrap().check_against(&schemas()).unwrap_err();
    assert_eq!(lines(&found), ["SM0041 field[0].teamtailor", "SM0013 sync.link_data_field"]);
}

#[test]
fn a_checked_mapping_knows_all_pairs() {
    let file = parsed(
        r#"
        sync  = { link_data_field = "candidate-link", locale = { decimal = "comma" } }
        field = [
            { oneflow = "salary", teamtailor = "custom:salary" },
            { oneflow = "notes", teamtailor = "custom:video", type = "text" },
            { oneflow = "car", teamtailor = "custom:notes", type = "checkbox", direction = "to_teamtailor" },
        ]
        "#,
    );
    let mapping = MappingFile::parse(&file).into_mapping().unwrap();
    let checked = mapping.check_against(&schemas()).unwrap();
    assert_eq!(checked.mapping(), &mapping);
    assert_eq!(lines(checked.warnings()), ["SM0013 sync.link_data_field"]);
    let fields: Vec<_> = checked
        .fields()
        .iter()
        .map(|field| {
            let id = field.definition.as_ref().map(|definition| definition.id.as_str());
            (field.entry.oneflow.as_str(), field.position, id, field.kind)
        })
        .collect();
    assert_eq!(
        fields,
        [
            ("car", Some(2), Some("38"), Some(FieldType::Checkbox)),
            ("notes", Some(1), Some("41"), Some(FieldType::Text)),
            ("oneflow-city", None, Some("34"), Some(FieldType::Text)),
            ("phone", None, None, Some(FieldType::Phone)),
            ("salary", Some(0), Some("32"), Some(FieldType::Number)),
        ]
    );
}

#[test]
fn a_diagnostic_is_plain_data() {
    let file = parsed(
        r#"field = [
            { oneflow = "notes", teamtailor = "custom:notes" },
            { oneflow = "car", teamtailor = "custom:notes" },
        ]"#,
    );
    let found = MappingFile::parse(&file).diagnostics(None);
    assert_eq!(
        serde_json::to_value(&found).unwrap(),
        json!([{
            "code": "SM0018",
            "severity": "error",
            "place": "field[1].teamtailor",
            "spot": "value",
            "message": "`custom:notes` would also be written from another data field",
            "help": "set `direction = \"to_oneflow\"` in all but one of the entries, or give them `template_types` or `workspaces` that do not overlap",
            "related": [{ "place": "field[0].teamtailor", "note": "also here" }]
        }])
    );
    assert_eq!(
        found[0].path.segments(),
        [
            KeyPathSegment::Key("field".to_owned()),
            KeyPathSegment::Index(1),
            KeyPathSegment::Key("teamtailor".to_owned()),
        ]
    );
}

/// The entry that a place is in, and the place within it.
fn without_position(path: &KeyPath) -> (bool, String) {
    let within: Vec<String> = path.segments().iter().skip(2).map(|part| format!("{part:?}")).collect();
    match path.segments() {
        [KeyPathSegment::Key(key), KeyPathSegment::Index(_), ..] if key == "field" => {
            (true, within.join("."))
        }
        _ => (false, path.to_string()),
    }
}

type Shape = (DiagnosticCode, Severity, (bool, String), KeyOrValue, String, usize);

fn shapes(found: &[Diagnostic]) -> Vec<Shape> {
    let shape = |found: &Diagnostic| {
        let Diagnostic { code, severity, path, points_at, help, related, .. } = found;
        (*code, *severity, without_position(path), *points_at, help.clone(), related.len())
    };
    let mut shapes: Vec<Shape> = found.iter().map(shape).collect();
    shapes.sort();
    shapes
}

/// Entries of the broken and the good mappings, mixed.
fn entries() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    let all = BROKEN.iter().map(|(text, _)| *text).chain(GOOD.iter().copied()).map(parsed);
    let entries = all.filter_map(|file| Some(file.get("field")?.as_array()?.clone()));
    let entries: Vec<Value> = entries.flatten().collect();
    prop::collection::vec(prop::sample::select(entries), 0..8)
        .prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_order_of_the_entries_changes_nothing_but_the_places((before, after) in entries()) {
        let schemas = schemas();
        let found = |entries: &[Value]| MappingFile::parse(&json!({ "field": entries })).diagnostics(Some(&schemas));
        prop_assert_eq!(shapes(&found(&before)), shapes(&found(&after)));
    }

    #[test]
    fn any_file_is_answered(text in "[a-z_]{0,12}", number in any::<i64>(), depth in 0_u8..4) {
        let mut value = json!({ text.clone(): number, "field": [text, number], "sync": { "link": number } });
        for _ in 0..depth {
            value = json!({ "field": [value.clone()], "sync": value });
        }
        let found = MappingFile::parse(&value).diagnostics(Some(&schemas()));
        prop_assert!(found.iter().any(Diagnostic::is_error));
        prop_assert!(MappingFile::parse(&value).into_mapping().is_err());
    }
}
