//! The page of the configuration is made from the schema that editors use, which a test of the host holds to what the program accepts.

use std::{collections::BTreeSet, fmt::Write as _, fs};

use serde_json::Value;

use crate::{readmes::root, site::is_page};

const INTRO: &str = "\
# Configuration

Every key of `smartsync.toml`, made from its JSON Schema (`smartsync schema config` prints that, for editors). A whole file with remarks is in
[every key](../smartsync/README.md#every-key), mappings to copy are in [the cookbook](cookbook.md). Secrets are named, never written into the file.

The same keys in a file whose name ends in `.json` are JSON. Every mistake is reported with its line and what to write instead: [diagnostics](diagnostics.md).
";

/// What a schema refers to, or itself.
fn followed<'a>(schema: &'a Value, all: &'a Value) -> &'a Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/"));
    name.map_or(schema, |name| &all["$defs"][name])
}

/// The values that a key takes, or their type.
fn accepted(schema: &Value) -> String {
    let code = |value: &Value| format!("`{value}`");
    let among = |values: &[Value]| values.iter().map(code).collect::<Vec<_>>().join(", ");
    if let Some(values) = schema["enum"].as_array() {
        return among(values);
    }
    let choices = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let words: Vec<Value> =
        choices.into_iter().flatten().filter_map(|one| one.get("const").cloned()).collect();
    if !words.is_empty() {
        return among(&words);
    }
    match (schema["type"].as_str(), schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some("integer"), Some(least), Some(most)) if most < 1_000_000 => {
            format!("a number from {least} to {most}")
        }
        (Some("integer"), ..) => "a number".to_owned(),
        (Some("boolean"), ..) => "`true` or `false`".to_owned(),
        (Some("array"), ..) => "a list".to_owned(),
        (Some("object"), ..) => "a table".to_owned(),
        (Some("string"), ..) => "a text".to_owned(),
        _ => String::new(),
    }
}

/// A row for each key of a table, and behind them the tables that are in it.
fn section(page: &mut String, title: &str, schema: &Value, all: &Value) {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let said = schema["description"].as_str().unwrap_or_default();
    write!(page, "\n## {title}\n\n{said}\n\n| key | what it says | takes | default |\n|---|---|---|---|\n")
        .unwrap();
    let mut below = Vec::new();
    for (key, value) in schema["properties"].as_object().unwrap() {
        let target = followed(value, all);
        let said = value["description"].as_str().or(target["description"].as_str()).unwrap_or_default();
        let is_secret = value["$ref"]
            .as_str()
            .is_some_and(|reference| reference.ends_with("/secret") || reference.ends_with("/secrets"));
        let takes = if is_secret {
            "`{ env = \"NAME\" }` or `{ file = \"PATH\" }`".to_owned()
        } else {
            accepted(target)
        };
        let default = value.get("default").or(target.get("default")).map(|value| format!("`{value}`"));
        let default = default.unwrap_or_else(|| {
            if required.contains(key.as_str()) { "required".to_owned() } else { "-".to_owned() }
        });
        let cell = |text: &str| text.replace('|', "\\|");
        writeln!(page, "| `{key}` | {} | {} | {} |", cell(said), cell(&takes), cell(&default)).unwrap();
        let is_table = target["type"] == "object" && target.get("properties").is_some();
        // Within a tenant stand the same tables as at the top.
        if is_table && !title.contains("tenant") && all["properties"].get(key).is_none() {
            below.push((key.clone(), target));
        }
    }
    for (key, target) in below {
        let inside = title.trim_matches(['`', '[', ']']);
        section(page, &format!("`{inside}.{key}`"), target, all);
    }
}

#[test]
fn the_page_of_the_configuration_has_every_key_of_the_schema() {
    let schema = fs::read_to_string(root().join("smartsync/smartsync.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut page = INTRO.to_owned();
    for (name, value) in schema["properties"].as_object().unwrap() {
        let target = followed(value, &schema);
        if target["type"] == "array" {
            section(&mut page, &format!("`[[{name}]]`"), followed(&target["items"], &schema), &schema);
        } else if target["type"] == "object" {
            section(&mut page, &format!("`[{name}]`"), target, &schema);
        }
    }
    is_page("configuration.md", &page);
    for key in
        ["| `sign_keys` |", "| `on_first_sight` |", "| `file_name` |", "## `[page]`", "## `[[tenant]]`"]
    {
        assert!(page.contains(key), "{key}");
    }
}
