//! A document as its operations, and each of these as the places of its members.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// So deep: what a relation includes may include it again.
const DEPTH: usize = 12;

/// One operation.
#[derive(Debug, Default)]
pub(super) struct Operation {
    /// Its name in its own document.
    pub(super) id: String,
    /// By their places: `query filter[name]`, `body data.attributes.email`, `answer data[].state`.
    pub(super) members: BTreeMap<String, Member>,
}

/// What stands at one place.
#[derive(Debug, Default)]
pub(super) struct Member {
    /// Without `null`: few documents say it of all members that can be null.
    pub(super) types: BTreeSet<String>,
    /// Of an enumeration.
    pub(super) values: BTreeSet<String>,
    /// As facts name it: `Contract.state`, `listContracts(limit)`, `(PageAfter)`, `ContractState=draft`.
    pub(super) marks: BTreeSet<String>,
}

/// The operations by method and path, in which `{}` stands for each parameter.
pub(super) fn flattened(document: &Value) -> BTreeMap<String, Operation> {
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let key = format!("{} {}", method.to_uppercase(), plain(path));
            operations
                .insert(key, Flattening { document, operation: Operation::default() }.of(item, operation));
        }
    }
    operations
}

/// A path without the version, which may stand in the address of the server, and without names.
fn plain(path: &str) -> String {
    let path = path.strip_prefix("/v1").filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let segments = path.trim_matches('/').split('/');
    let plain = segments.map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    format!("/{}", plain.collect::<Vec<_>>().join("/"))
}

struct Flattening<'a> {
    document: &'a Value,
    operation: Operation,
}

impl<'a> Flattening<'a> {
    fn of(mut self, item: &'a Value, operation: &'a Value) -> Operation {
        operation["operationId"].as_str().unwrap_or_default().clone_into(&mut self.operation.id);
        let lists = [&item["parameters"], &operation["parameters"]];
        for parameter in lists.into_iter().filter_map(Value::as_array).flatten() {
            self.parameter(parameter);
        }
        let (body, _) = self.resolved(&operation["requestBody"]);
        self.content(body, "body");
        for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
            if status.starts_with('2') {
                let (answer, _) = self.resolved(answer);
                self.content(answer, "answer");
            }
        }
        self.operation
    }

    fn parameter(&mut self, parameter: &'a Value) {
        let (parameter, component) = self.resolved(parameter);
        let (name, place) = (&parameter["name"], parameter["in"].as_str().unwrap_or_default());
        let Some(name) = name.as_str().filter(|_| place == "query") else { return };
        // A list of values may be told by the name.
        let place = format!("query {}", name.trim_end_matches("[]"));
        self.schema(&parameter["schema"], &place, 0);
        let mut marks = vec![format!("{}({name})", self.operation.id)];
        marks.extend(component.map(|component| format!("({component})")));
        self.operation.members.entry(place).or_default().marks.extend(marks);
    }

    fn content(&mut self, body: &'a Value, place: &str) {
        let content = body["content"].as_object().into_iter().flatten();
        for (_, content) in content.filter(|(media_type, _)| media_type.contains("json")) {
            self.schema(&content["schema"], place, 0);
        }
    }

    fn schema(&mut self, schema: &'a Value, place: &str, depth: usize) {
        if depth > DEPTH || schema.is_null() {
            return;
        }
        let (schema, component) = self.resolved(schema);
        let member = self.operation.members.entry(place.to_owned()).or_default();
        member.marks.extend(component.map(str::to_owned));
        let types = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            Value::String(one) => vec![one.as_str()],
            _ if schema["properties"].is_object() => vec!["object"],
            _ => Vec::new(),
        };
        member.types.extend(types.into_iter().filter(|one| *one != "null").map(str::to_owned));
        for value in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            member.values.insert(value.to_owned());
            member.marks.extend(component.map(|component| format!("{component}={value}")));
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let below = format!("{place}{}{name}", if place.contains(' ') { "." } else { " " });
            self.schema(property, &below, depth + 1);
            if let (Some(component), Some(member)) = (component, self.operation.members.get_mut(&below)) {
                member.marks.insert(format!("{component}.{name}"));
            }
        }
        if schema["items"].is_object() {
            self.schema(&schema["items"], &format!("{place}[]"), depth + 1);
        }
        for word in ["allOf", "oneOf", "anyOf"] {
            for part in schema[word].as_array().into_iter().flatten() {
                self.schema(part, place, depth + 1);
            }
        }
    }

    /// What a reference leads to, and the name of the component. One that leads nowhere is nothing.
    fn resolved(&self, value: &'a Value) -> (&'a Value, Option<&'a str>) {
        let (mut found, mut name) = (value, None);
        // A name may stand for another name, and in a bad document for itself.
        for _ in 0..DEPTH {
            let Some(reference) = found["$ref"].as_str() else { return (found, name) };
            name = name.or_else(|| reference.rsplit('/').next());
            let pointer = reference.strip_prefix('#').unwrap_or_default();
            found = self.document.pointer(pointer).filter(|_| !pointer.is_empty()).unwrap_or(&Value::Null);
        }
        (&Value::Null, None)
    }
}
