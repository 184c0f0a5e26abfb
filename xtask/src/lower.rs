//! From OpenAPI to the small model: every decision, and every refusal, is made here.

mod envelope;
mod extensions;
mod mark;
mod operation;
mod schema;
mod structs;

use std::collections::BTreeMap;

pub(crate) use self::operation::FORM;
use crate::{
    Refusal,
    document::Document,
    lower::{schema::Schemas, structs::Structs},
    model::Api,
    names::Namespace,
    refusal::Place,
};

/// The model of a whole document.
pub(crate) fn lower(document: &Document) -> Result<Api, Refusal> {
    let info = Place::root("info");
    let service = extensions::text(&document.openapi.info.extensions, "x-service", &info)?
        .ok_or_else(|| Refusal::new(&info, "`x-service` is missing"))?
        .to_owned();
    let mut names = Namespace::of_types();
    let schemas = Schemas::read(&document.openapi)?;

    let mut api = Api { service, ..Api::default() };
    let roots = operation::lower_all(document, &schemas, &mut names, &mut api)?;
    let structs = Structs::read(&schemas, roots)?;
    schemas.refuse_marks_without_a_type()?;
    api.structs = structs.structs;
    api.unions = structs.unions;
    (api.ids, api.enums) = schemas.ids_and_enums()?;
    api.owners = owners(&schemas, &api)?;

    let ids = api.ids.iter().map(|id| &id.name);
    let enums = api.enums.iter().map(|item| &item.name);
    let models = api.structs.iter().map(|item| &item.name).chain(api.unions.iter().map(|item| &item.name));
    for name in ids.chain(enums).chain(models) {
        names.take(name, &Place::schema(name))?;
    }
    Ok(api)
}

/// The resources that the document says own a type.
fn owners(schemas: &Schemas<'_>, api: &Api) -> Result<BTreeMap<String, String>, Refusal> {
    let mut owners = BTreeMap::new();
    for (name, schema) in schemas.iter() {
        let place = Place::schema(name);
        let Some(owner) = extensions::text(&schema.schema_data.extensions, "x-resource", &place)? else {
            continue;
        };
        if !api.handles.iter().any(|handle| handle.tag == owner) {
            return Err(Refusal::new(&place, format!("`x-resource`: there is no tag `{owner}`")));
        }
        owners.insert(name.to_owned(), owner.to_owned());
    }
    Ok(owners)
}
