//! Holds every request, and every field that it writes, to the rows of a mapping.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use smartsync_core::{
    Diagnostic, Mapping, Schemas, TemplateTypeId,
    candidate::{CandidateField, Definition, Definitions},
    diagnostic::DiagnosticCode,
    mapping::{DataFieldSchema, OneflowSchema, TemplateTypeSchema, WorkspaceSchema},
    permissions::{Access, Permission, Permissions},
    value::FieldType,
};
use smartsync_transport::{Method, Request};
use url::Url;

/// The fields that the requests write. Fails if there is a request, or a field that a request writes, that has no row. A mapping with two sources for one field
/// is refused and has no rows; an account may get there while an engine is at work, which then writes nothing.
pub(crate) fn assert_inside(
    mapping: &Mapping,
    has_document_host: bool,
    log: &[(Request, Value)],
) -> BTreeSet<String> {
    let mut permissions = match permissions(mapping, log) {
        Ok(permissions) => permissions,
        Err(found) => {
            assert!(found.iter().all(|found| found.code == DiagnosticCode::TwoSources), "{found:?}");
            let write = log.iter().find(|(request, _)| request.method() != Method::GET);
            assert!(write.is_none(), "{write:?}: outside of the fence");
            return BTreeSet::new();
        }
    };
    if has_document_host {
        permissions = permissions.with_document_host();
    }
    written(&permissions, log).unwrap_or_else(|outside| panic!("{outside}: outside of the fence"))
}

/// The fields that the requests write, by every name that a row may have for them; or the first request, or field, that has
/// no row.
pub(crate) fn written(
    permissions: &Permissions,
    log: &[(Request, Value)],
) -> Result<BTreeSet<String>, String> {
    let known = Known::from(log);
    let mut written = BTreeSet::new();
    for (request, _) in log {
        let url: Url = request.uri().to_string().parse().unwrap();
        let (method, path) = (request.method().as_str(), url.path());
        if !permissions.allow(method, &url) {
            return Err(format!("{method} {path}"));
        }
        if method == "GET" {
            continue;
        }
        let fields = known.fields(request);
        if fields.is_empty() {
            return Err(format!("{method} {path} of nothing that is known"));
        }
        for names in fields {
            let is_its = |row: &Permission| {
                row.access == Access::Write
                    && row.is_for(method, &url)
                    && names.iter().any(|name| row.is_of(name))
            };
            if !permissions.rows().iter().any(is_its) {
                return Err(format!("{method} {path} of {}", names.join(", ")));
            }
            written.extend(names);
        }
    }
    Ok(written)
}

/// What the answers tell of custom fields: a request has their ids and those of values, a row has their api-names.
#[derive(Default)]
struct Known {
    /// The api-names that each custom field was answered with.
    names: BTreeMap<String, BTreeSet<String>>,
    /// The custom field of each value.
    values: BTreeMap<String, String>,
}

impl From<&[(Request, Value)]> for Known {
    fn from(log: &[(Request, Value)]) -> Self {
        let mut known = Self::default();
        for (request, answer) in log {
            if request.uri().path().ends_with("/custom-fields") {
                for field in items(&answer["data"]) {
                    let names = known.names.entry(text(&field["id"])).or_default();
                    names.extend(field["attributes"]["api-name"].as_str().map(str::to_owned));
                }
            }
            for value in items(&answer["included"]).filter(|item| item["type"] == "custom-field-values") {
                let field = text(&value["relationships"]["custom-field"]["data"]["id"]);
                known.values.insert(text(&value["id"]), field);
            }
        }
        known
    }
}

impl Known {
    /// The fields that a request writes, each by all its names.
    fn fields(&self, request: &Request) -> Vec<Vec<String>> {
        let body: Value = serde_json::from_slice(request.body().as_bytes()).unwrap_or(Value::Null);
        let path: Vec<&str> = request.uri().path().trim_start_matches("/v1/").split('/').collect();
        let data = &body["data"];
        match path[..] {
            ["candidates", _] => {
                let attributes = keys(&data["attributes"], &[]).map(|key| key.replace('-', "_"));
                attributes.chain(keys(data, &["id", "type", "attributes"])).map(|key| vec![key]).collect()
            }
            ["custom-field-values"] => {
                vec![self.custom(&text(&data["relationships"]["custom-field"]["data"]["id"]))]
            }
            ["custom-field-values", id] => match self.values.get(id) {
                Some(field) => vec![self.custom(field)],
                None => vec![vec!["a value of an unknown field".to_owned()]],
            },
            ["uploads"] => vec![vec!["upload".to_owned()]],
            ["contracts", _, "publish"] => vec![vec!["message".to_owned()]],
            ["contracts", "create"] => of_new_contract(&body).into_iter().map(|name| vec![name]).collect(),
            _ => Vec::new(),
        }
    }

    fn custom(&self, id: &str) -> Vec<String> {
        let names = self.names.get(id).into_iter().flatten().map(String::as_str);
        names.chain([id]).map(|name| format!("custom:{name}")).collect()
    }

    /// The custom field that a mapping names; one that was not asked for may be anything.
    fn definition(&self, name: &str, kind: FieldType) -> Definition {
        let is_named = |(id, names): &(&String, &BTreeSet<String>)| names.contains(name) || *id == name;
        let field = self.names.iter().find(is_named);
        let api_name = field.and_then(|(_, names)| names.first()).map_or(name, String::as_str);
        Definition::new(field.map_or(name, |(id, _)| id.as_str()), api_name, kind)
    }
}

fn of_new_contract(body: &Value) -> Vec<String> {
    let mut all: Vec<String> =
        keys(body, &["workspace_id", "template_id", "data_fields", "parties"]).collect();
    let data_fields = items(&body["data_fields"]).map(|field| text(&field["custom_id"]));
    all.extend(data_fields.map(|key| format!("data_field:{key}")));
    for party in items(&body["parties"]) {
        all.extend(keys(party, &["type", "participant"]).map(|key| format!("party:{key}")));
        let participant = &party["participant"];
        // How it is delivered and what the participant may do is no data.
        let settings = ["delivery_channel", "signatory", "_permissions", "_private_ownerside", "organizer"];
        let data = keys(participant, &settings).chain(keys(&participant["_private_ownerside"], &[]));
        all.extend(data.map(|key| format!("participant:{key}")));
    }
    all
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// The keys of an object but these.
fn keys(object: &Value, others: &[&str]) -> impl Iterator<Item = String> {
    let keys = object.as_object().into_iter().flatten().map(|(key, _)| key);
    keys.filter(|key| !others.contains(&key.as_str())).cloned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The rows of a mapping, in an account that has every field the mapping names.
pub(crate) fn permissions(
    mapping: &Mapping,
    log: &[(Request, Value)],
) -> Result<Permissions, Vec<Diagnostic>> {
    let known = Known::from(log);
    let keys = mapping.fields.iter().map(|field| &field.oneflow).chain(&mapping.sync.link_data_field);
    let data_fields: Vec<DataFieldSchema> = keys.map(DataFieldSchema::new).collect();
    let scopes = mapping.fields.iter().map(|field| (&field.template_types, &field.workspaces));
    let scopes = scopes.chain([(&mapping.sync.template_types, &mapping.sync.workspaces)]);
    let (mut template_types, mut workspaces) = (vec![TemplateTypeId::new(1)], Vec::new());
    for (of_types, of_workspaces) in scopes {
        template_types.extend(of_types);
        workspaces.extend(of_workspaces);
    }
    let template_types =
        template_types.into_iter().map(|id| TemplateTypeSchema::new(id, "", data_fields.clone()));
    let workspaces = workspaces.into_iter().map(|id| WorkspaceSchema::new(id, ""));
    let definitions = mapping.fields.iter().filter_map(|field| {
        let CandidateField::Custom(name) = &field.teamtailor else { return None };
        Some(known.definition(name, field.kind.unwrap_or(FieldType::Text)))
    });
    let schemas = Schemas::new(OneflowSchema::new(template_types, workspaces), Definitions::new(definitions));
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
    let checked = mapping.check_against(&schemas)?;
    Ok(checked.permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap()))
}
