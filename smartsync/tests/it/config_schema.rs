//! The published JSON Schema says what the reader of the configuration does: no key and no word more or less.

use std::collections::{BTreeMap, BTreeSet};

use boon::{Compiler, Schemas};
use serde_json::{Value, json};
use smartsync::{
    Config, ConfigError, ConfigFile,
    config::{CONFIG_SCHEMA, Tenants},
};
use smartsync_core::{Reason, value::ValueError};

use crate::support::Home;

#[path = "../../../smartsync-core/tests/it/support/mapping_broken.rs"]
mod mapping_broken;
#[path = "../../../smartsync-core/tests/it/support/mapping_good.rs"]
mod mapping_good;

fn schema() -> Value {
    serde_json::from_str(CONFIG_SCHEMA).unwrap()
}

/// Whether the schema accepts a file.
fn accepts() -> impl Fn(&Value) -> bool {
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.add_resource("schema.json", schema()).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    move |file| schemas.validate(file, index).is_ok()
}

/// A file with credentials, unless those of tenants, and, beside them, the members of `other`.
fn file(other: Value) -> Value {
    let mut file = json!({});
    if other.get("tenant").is_none() {
        file = json!({
            "oneflow": { "token": { "env": "ONEFLOW_API_TOKEN" } },
            "teamtailor": { "token": { "file": "/run/secrets/teamtailor" } },
        });
    }
    file.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    file
}

fn mapping(text: &str) -> Value {
    file(serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap())
}

#[test]
fn good_mappings_are_accepted() {
    let accepts = accepts();
    for text in mapping_good::GOOD {
        assert!(accepts(&mapping(text)), "{text}");
    }
}

/// The diagnostics of a mapping's form: its keys, types, words and the shape of its texts.
const OF_THE_FORM: [&str; 12] = [
    "SM0001", "SM0002", "SM0003", "SM0004", "SM0005", "SM0006", "SM0007", "SM0008", "SM0009", "SM0010",
    "SM0048", "SM0049",
];

#[test]
fn mappings_of_a_wrong_form_are_refused_and_no_others() {
    let accepts = accepts();
    let (mut refused, mut accepted) = (0, 0);
    for (text, found) in mapping_broken::BROKEN {
        let is_wrong = found.iter().any(|found| OF_THE_FORM.iter().any(|code| found.starts_with(code)));
        assert_eq!(accepts(&mapping(text)), !is_wrong, "{text}");
        *(if is_wrong { &mut refused } else { &mut accepted }) += 1;
    }
    assert!(refused >= 30 && accepted >= 30, "{refused} refused, {accepted} accepted");
}

#[test]
fn the_examples_for_people_are_accepted() {
    let accepts = accepts();
    let pages = [
        include_str!("../../README.md"),
        include_str!("../../../README.md"),
        include_str!("../../../docs/cookbook.md"),
        include_str!("../../../docs/run/install.md"),
        include_str!("../../../docs/run/proxy.md"),
        include_str!("../../../docs/run/several-servers.md"),
    ];
    let examples = pages.iter().flat_map(|page| page.split("```toml\n").skip(1));
    let mut keys = BTreeSet::new();
    for example in examples.map(|rest| rest.split("```").next().unwrap()) {
        let example = example.lines().map(|line| line.trim_start()).collect::<Vec<_>>().join("\n");
        // Some show one section only.
        let file = file(serde_json::to_value(toml::from_str::<toml::Table>(&example).unwrap()).unwrap());
        assert!(accepts(&file), "{example}");
        assert!(Tenants::from_json(&file.to_string()).is_ok(), "{example}");
        collect_keys(&file, &mut keys);
    }
    let schema = schema();
    let tables = [
        "oneflow",
        "teamtailor",
        "store",
        "server",
        "alerts",
        "docs",
        "sync",
        "document",
        "locale",
        "field",
        "tenant",
    ];
    for table in tables {
        for key in schema["$defs"][table]["properties"].as_object().unwrap().keys() {
            assert!(keys.contains(key), "no example has `{table}.{key}`");
        }
    }
}

/// A recruiter passes the sentence on to whoever edits the file.
#[test]
fn what_a_reason_names_stands_in_the_file_as_it_is_written() {
    let page = include_str!("../../README.md");
    let example = page.split("## Every key").nth(1).unwrap().split("```").nth(1).unwrap();
    let errors = [ValueError::AmbiguousNumber, ValueError::AmbiguousDate, ValueError::OtherCurrency];
    let sentences = Reason::ALL.iter().map(|reason| reason.to_string());
    let mut names = BTreeSet::new();
    for sentence in sentences.chain(errors.map(|error| error.to_string())) {
        for name in sentence.split('`').skip(1).step_by(2) {
            assert!(example.contains(name), "`{name}` of: {sentence}");
            names.insert(name.to_owned());
        }
    }
    let expected = "[[field]] [sync] by_email currency date_order decimal document email link locale on_first_sight template_types type";
    assert_eq!(names.into_iter().collect::<Vec<_>>().join(" "), expected);
}

fn collect_keys(value: &Value, keys: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| {
            keys.insert(key.clone());
            collect_keys(member, keys);
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Sections beside the mapping.
const SECTIONS: &[&str] = &[
    r#"{}"#,
    r#"{ "$schema": "smartsync.schema.json" }"#,
    r#"{ "store": { "url": "sqlite://state.db", "key": [{ "env": "NEW" }, { "file": "/run/old" }] } }"#,
    r#"{ "store": { "url": "postgres://smartsync@db.example.com/smartsync", "password": { "file": "PATH" } } }"#,
    r#"{ "store": { "url": "postgresql://a%40b@[2001:db8::1]:6432/a?sslmode=verify-full&sslrootcert=%2Fca.pem" } }"#,
    r#"{ "store": { "url": "postgres://a@%2Frun%2Fpostgresql/a" } }"#,
    r#"{ "store": { "url": "postgres://a@db/a?sslmode=disable" } }"#,
    r#"{ "store": { "keep_bases": "forever" } }"#,
    r#"{ "store": { "keep_bases": "730d" } }"#,
    r#"{ "server": { "journal": "forever", "sweep": "off" } }"#,
    r#"{ "server": { "journal": "1d" } }"#,
    r#"{ "server": { "metrics": "127.0.0.1:9090" } }"#,
    r#"{ "alerts": { "url": "https://ops.example.com/hooks/1", "key": { "file": "PATH" } } }"#,
    r#"{ "docs": { "url": "https://docs.example.com/smartsync/" } }"#,
    r#"{ "docs": { "url": "http://docs" } }"#,
    r#"{ "page": {} }"#,
    r#"{ "page": { "listen": "[::1]:0" } }"#,
    r#"{ "page": { "listen": "0.0.0.0:8081", "token": { "env": "TOKEN" } } }"#,
    r#"{ "store": { "key": { "env": "KEY" } }, "server": { "listen": "127.0.0.1:0", "path": "/a-b/c_d.e~f", "concurrency": 64 } }"#,
    r#"{ "oneflow": { "token": { "env": "T" }, "base_url": "https://api.oneflow.com/v1", "user_email": "a@example.com", "sign_keys": [] } }"#,
    r#"{ "teamtailor": { "token": { "env": "T" }, "base_url": "https://api.teamtailor.com", "api_version": "20240904" } }"#,
    r#"{ "tenant": [{ "name": "a", "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } } }] }"#,
    r#"{ "server": { "listen": "127.0.0.1:0" }, "tenant": [{ "name": "a-1", "unnamed": true, "path": "/a", "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } }, "sync": { "convention": false }, "field": [], "limits": { "changes": 1 } }] }"#,
];

/// Sections that are refused.
const BAD_SECTIONS: &[&str] = &[
    r#"{ "stores": {} }"#,
    r#"{ "oneflow": {} }"#,
    r#"{ "oneflow": { "token": "the secret itself" } }"#,
    r#"{ "oneflow": { "token": [{ "env": "T" }] } }"#,
    r#"{ "oneflow": { "token": { "env": "T", "file": "T" } } }"#,
    r#"{ "teamtailor": { "token": { "value": "the secret itself" } } }"#,
    r#"{ "teamtailor": { "token": { "env": "T" }, "api_version": 20240904 } }"#,
    r#"{ "store": { "url": "postgres://localhost/smartsync" } }"#,
    r#"{ "store": { "url": "sqlite://" } }"#,
    r#"{ "store": { "url": "postgres://a:secret@localhost/smartsync" } }"#,
    r#"{ "store": { "url": "postgres://a@localhost" } }"#,
    r#"{ "store": { "url": "postgres://a@localhost/a?sslmode=prefer" } }"#,
    r#"{ "store": { "url": "postgres://a@localhost/a?password=secret" } }"#,
    r#"{ "store": { "url": "mysql://a@localhost/a" } }"#,
    r#"{ "store": { "password": "the secret itself" } }"#,
    r#"{ "store": { "password": [{ "env": "PASSWORD" }] } }"#,
    r#"{ "store": { "key": ["the secret itself"] } }"#,
    r#"{ "store": { "keep_bases": "two years" } }"#,
    r#"{ "store": { "keep_bases": 730 } }"#,
    r#"{ "server": { "journal": "a week" } }"#,
    r#"{ "server": { "port": 8080 } }"#,
    r#"{ "server": { "metrics": true } }"#,
    r#"{ "alerts": { "url": "https://ops.example.com/hooks/1" } }"#,
    r#"{ "alerts": { "key": { "env": "KEY" } } }"#,
    r#"{ "alerts": { "url": "https://ops.example.com/hooks/1", "key": "the secret itself" } }"#,
    r#"{ "alerts": { "url": "https://me:secret@ops.example.com", "key": { "env": "KEY" } } }"#,
    r#"{ "alerts": { "url": "ftp://ops.example.com", "key": { "env": "KEY" } } }"#,
    r#"{ "docs": {} }"#,
    r#"{ "docs": { "url": "docs.example.com" } }"#,
    r#"{ "docs": { "url": "https://me:secret@docs.example.com" } }"#,
    r#"{ "docs": { "url": "https://docs.example.com/?page=1" } }"#,
    r#"{ "docs": { "url": "https://docs.example.com/#page" } }"#,
    r#"{ "page": { "token": "the secret itself" } }"#,
    r#"{ "page": { "token": [{ "env": "TOKEN" }] } }"#,
    r#"{ "page": { "listen": 8081 } }"#,
    r#"{ "page": { "port": 8081 } }"#,
    r#"{ "server": { "path": "webhooks" } }"#,
    r#"{ "server": { "path": "/healthz" } }"#,
    r#"{ "server": { "path": "/{contract}" } }"#,
    r#"{ "tenant": [] }"#,
    r#"{ "tenant": {} }"#,
    r#"{ "tenant": [{ "name": "a" }] }"#,
    r#"{ "tenant": [{ "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } } }] }"#,
    r#"{ "tenant": [{ "name": "1", "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } } }] }"#,
    r#"{ "tenant": [{ "name": "a", "path": "/readyz", "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } } }] }"#,
    r#"{ "server": { "path": "/a" }, "tenant": [{ "name": "a", "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } } }] }"#,
    r#"{ "limits": {}, "tenant": [{ "name": "a", "oneflow": { "token": { "env": "T" } }, "teamtailor": { "token": { "env": "T" } } }] }"#,
];

#[test]
fn the_schema_and_the_reader_agree_on_the_other_sections() {
    let accepts = accepts();
    let both = |text: &str| {
        let file = file(serde_json::from_str(text).unwrap());
        (accepts(&file), Tenants::from_json(&file.to_string()).is_ok())
    };
    for text in SECTIONS {
        assert_eq!(both(text), (true, true), "{text}");
    }
    for text in BAD_SECTIONS {
        assert_eq!(both(text), (false, false), "{text}");
    }
}

/// Each table of the schema, with a file in which an unknown key stands in that table.
const TABLES: &[(&str, &str)] = &[
    ("", r#"{ "zzzzzzzz": 1 }"#),
    ("oneflow", r#"{ "oneflow": { "zzzzzzzz": 1 } }"#),
    ("teamtailor", r#"{ "teamtailor": { "zzzzzzzz": 1 } }"#),
    ("store", r#"{ "store": { "zzzzzzzz": 1 } }"#),
    ("server", r#"{ "server": { "zzzzzzzz": 1 } }"#),
    ("limits", r#"{ "limits": { "zzzzzzzz": 1 } }"#),
    ("alerts", r#"{ "alerts": { "zzzzzzzz": 1 } }"#),
    ("page", r#"{ "page": { "zzzzzzzz": 1 } }"#),
    ("docs", r#"{ "docs": { "zzzzzzzz": 1 } }"#),
    ("sync", r#"{ "sync": { "zzzzzzzz": 1 } }"#),
    ("document", r#"{ "sync": { "document": { "zzzzzzzz": 1 } } }"#),
    ("locale", r#"{ "sync": { "locale": { "zzzzzzzz": 1 } } }"#),
    ("field", r#"{ "field": [{ "zzzzzzzz": 1 }] }"#),
    ("tenant", r#"{ "tenant": [{ "zzzzzzzz": 1 }] }"#),
];

#[test]
fn every_key_of_the_reader_is_in_the_schema_and_the_other_way_round() {
    let schema = schema();
    let table = |name: &str| if name.is_empty() { &schema } else { &schema["$defs"][name] };
    for (name, text) in TABLES {
        let known: BTreeSet<String> =
            table(name)["properties"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(listed(text), known, "`{name}`");
    }
    // All tables are there; the two that name a secret are held to the reader above.
    let named: BTreeSet<&str> =
        TABLES.iter().map(|(name, _)| *name).filter(|name| !name.is_empty()).collect();
    let definitions = schema["$defs"].as_object().unwrap().iter();
    let tables: BTreeSet<&str> = definitions
        .filter(|(_, definition)| definition["type"] == "object")
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(tables, named);
}

/// Each key with words, and a file in which it has an unknown one.
const WORDS: &[(&str, &str)] = &[
    ("/$defs/link", r#"{ "sync": { "link": ["zzzzzzzz"] } }"#),
    ("/$defs/locale/properties/decimal", r#"{ "sync": { "locale": { "decimal": "zzzzzzzz" } } }"#),
    ("/$defs/locale/properties/date_order", r#"{ "sync": { "locale": { "date_order": "zzzzzzzz" } } }"#),
    ("/$defs/field/properties/type", r#"{ "field": [{ "type": "zzzzzzzz" }] }"#),
    ("/$defs/field/properties/direction", r#"{ "field": [{ "direction": "zzzzzzzz" }] }"#),
    ("/$defs/field/properties/when", r#"{ "field": [{ "when": "zzzzzzzz" }] }"#),
    ("/$defs/field/properties/on_conflict", r#"{ "field": [{ "on_conflict": "zzzzzzzz" }] }"#),
    ("/$defs/field/properties/on_first_sight", r#"{ "field": [{ "on_first_sight": "zzzzzzzz" }] }"#),
    ("/$defs/field/properties/on_empty", r#"{ "field": [{ "on_empty": "zzzzzzzz" }] }"#),
];

#[test]
fn every_word_of_the_reader_is_in_the_schema_and_the_other_way_round() {
    let found = words(&schema(), String::new());
    for (path, text) in WORDS {
        assert_eq!(Some(&listed(text)), found.get(*path), "`{path}`");
    }
    assert_eq!(found.len(), WORDS.len(), "{found:?}");
}

/// What the reader lists in backticks as known, in the help or message about `zzzzzzzz`.
fn listed(text: &str) -> BTreeSet<String> {
    let file = ConfigFile::from_json(&file(serde_json::from_str(text).unwrap()).to_string()).unwrap();
    let advice = match file.config() {
        Err(ConfigError::Invalid(fault)) => fault.message.split_once("expected").unwrap().1.to_owned(),
        Err(ConfigError::Mapping { diagnostics, .. }) => {
            diagnostics.iter().find(|found| found.message.contains("zzzzzzzz")).unwrap().help.clone()
        }
        other => panic!("{text} is refused, not {other:?}"),
    };
    advice.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The words of each `oneOf` of constants, by the path of what holds it.
fn words(schema: &Value, path: String) -> BTreeMap<String, BTreeSet<String>> {
    let Value::Object(members) = schema else { return BTreeMap::new() };
    let mut found: BTreeMap<_, _> =
        members.iter().flat_map(|(key, member)| words(member, format!("{path}/{key}"))).collect();
    let branches = members.get("oneOf").and_then(Value::as_array);
    if let Some(branches) =
        branches.filter(|branches| branches.iter().all(|branch| branch["const"].is_string()))
    {
        let words = branches.iter().map(|branch| branch["const"].as_str().unwrap().to_owned());
        found.insert(path, words.collect());
    }
    found
}

#[test]
fn every_key_and_every_word_is_described() {
    fn walk(schema: &Value, path: &str, lacking: &mut Vec<String>) {
        if let Value::Object(members) = schema {
            for (key, member) in members.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if !member["description"].as_str().is_some_and(|text| text.ends_with(['.', ')'])) {
                    lacking.push(format!("{path}/{key}"));
                }
            }
            for branch in members.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
                if branch["$ref"].is_null() && branch["type"] != "array" && !branch["description"].is_string()
                {
                    lacking.push(format!("{path}: {branch}"));
                }
            }
            members.iter().for_each(|(key, member)| walk(member, &format!("{path}/{key}"), lacking));
        }
    }
    let mut lacking = Vec::new();
    walk(&schema(), "", &mut lacking);
    assert_eq!(lacking, [""; 0]);
}

#[test]
fn the_defaults_of_the_schema_are_those_of_the_reader() {
    let (schema, config) = (schema(), Config::from_json(&file(json!({})).to_string()).unwrap());
    let mut defaults = serde_json::to_value(&config.mapping.sync).unwrap();
    // What follows from the locale of the values is no default of the file.
    defaults.as_object_mut().unwrap().remove("locale");
    let document = defaults.as_object_mut().unwrap().remove("document").unwrap();
    for (table, values) in [("sync", defaults), ("document", document)] {
        for (key, value) in values.as_object().unwrap() {
            assert_eq!(schema["$defs"][table]["properties"][key]["default"], *value, "{table}.{key}");
        }
    }
    assert_eq!(schema["$defs"]["limits"]["properties"]["changes"]["default"], config.limits.changes);
    let server = &schema["$defs"]["server"]["properties"];
    assert_eq!(server["listen"]["default"], config.server.listen.to_string());
    assert_eq!(server["path"]["default"], config.server.path.as_str());
    let page = smartsync::config::PageSection::default();
    assert_eq!(schema["$defs"]["page"]["properties"]["listen"]["default"], page.listen.to_string());
    let store = config.store.url.to_string();
    assert_eq!(schema["$defs"]["store"]["properties"]["url"]["default"], store);
    let field =
        smartsync_core::FieldMapping::new("a", smartsync_core::candidate::CandidateField::custom("a"));
    let field = serde_json::to_value(field).unwrap();
    // Those of `when` and `on_conflict` depend on the candidate's field.
    for key in ["direction", "on_first_sight", "on_empty"] {
        assert_eq!(schema["$defs"]["field"]["properties"][key]["default"], field[key], "{key}");
    }
    for key in ["when", "on_conflict"] {
        assert_eq!(schema["$defs"]["field"]["properties"][key].get("default"), None, "{key}");
    }
}

#[tokio::test]
async fn schema_config_prints_it() {
    let home = Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9");
    std::fs::remove_file(home.file()).unwrap();
    let ended = home.run(&["schema", "config"]).await;
    assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, CONFIG_SCHEMA, ""));
    let json: Value = serde_json::from_str(&home.run(&["schema", "config", "--json"]).await.out).unwrap();
    assert_eq!(json, schema());
}
