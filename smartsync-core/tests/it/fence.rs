//! Holds every request of every stage to the rows of its mapping.

use smartsync_core::{
    CandidateField, DataFieldSchema, Definition, Definitions, FieldType, Mapping, OneflowSchema, Permissions,
    Schemas, TemplateTypeId, TemplateTypeSchema, WorkspaceSchema, compile,
};
use smartsync_transport::Request;
use url::Url;

/// Fails if there is a request that has no row.
pub(crate) fn assert_inside(mapping: &Mapping, requests: &[Request]) {
    let permissions = permissions(mapping);
    for request in requests {
        let url: Url = request.uri().to_string().parse().unwrap();
        let (method, path) = (request.method(), url.path());
        assert!(permissions.allow(method.as_str(), &url), "{method} {path} is outside the fence");
    }
}

/// The rows of a mapping, in an account that has every field the mapping names.
fn permissions(mapping: &Mapping) -> Permissions {
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
    let definitions = mapping.fields.iter().filter_map(|field| match &field.teamtailor {
        CandidateField::Custom(name) => {
            Some(Definition::new(name.as_str(), name, field.kind.unwrap_or(FieldType::Text)))
        }
        _ => None,
    });
    let schemas = Schemas::new(OneflowSchema::new(template_types, workspaces), Definitions::new(definitions));
    let (oneflow, teamtailor) = ("https://api.oneflow.com/v1", "https://api.teamtailor.com/v1");
    let checked = compile(mapping, &schemas).unwrap();
    checked.permissions(&oneflow.parse().unwrap(), &teamtailor.parse().unwrap())
}
