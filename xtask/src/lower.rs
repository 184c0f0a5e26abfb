//! From OpenAPI to the small model: every decision, and every refusal, is made here.

mod envelope;
mod extensions;
mod operation;
mod schema;
mod structs;

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
    api.structs = structs.structs;
    api.unions = structs.unions;
    (api.ids, api.enums) = schemas.ids_and_enums()?;

    let ids = api.ids.iter().map(|id| &id.name);
    let enums = api.enums.iter().map(|item| &item.name);
    let models = api.structs.iter().map(|item| &item.name).chain(api.unions.iter().map(|item| &item.name));
    for name in ids.chain(enums).chain(models) {
        names.take(name, &Place::schema(name))?;
    }
    Ok(api)
}
