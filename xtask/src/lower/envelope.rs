//! JSON:API requests: `{data: {id?, type, attributes, relationships?}}` becomes a struct with the attributes, and the
//! envelope is put around it by the operation.

use openapiv3::{ObjectType, Schema, SchemaKind};

use crate::{
    Refusal,
    lower::{
        extensions,
        schema::{Node, Schemas},
        structs::{fields, object},
    },
    model::{Direction, Docs, Envelope, Field, Struct, Type},
    names::{self, Namespace},
    refusal::Place,
};

pub(super) const CONTENT_TYPE: &str = "application/vnd.api+json";

/// The struct behind the body of a JSON:API request, and its envelope.
pub(super) fn lower<'a>(
    schemas: &Schemas<'a>,
    body: Node<'a>,
    place: &Place,
) -> Result<(Struct, Envelope), Refusal> {
    let Node::Named(name) = body else {
        return Err(Refusal::new(place, "the body needs a name under components/schemas"));
    };
    let (schema, _) = schemas.open(body, place)?;
    let place = &Place::schema(name);
    let data = member(schemas, object(schema, place)?, "data", place)?;
    let place = &place.at("properties/data");
    let data = object(data.ok_or_else(|| Refusal::new(place, "`data` is missing"))?, place)?;
    if let Some(stray) = data
        .properties
        .keys()
        .find(|key| !matches!(key.as_str(), "id" | "type" | "attributes" | "relationships"))
    {
        return Err(Refusal::new(place, format!("`{stray}` is no member of a JSON:API resource")));
    }
    let attributes = member(schemas, data, "attributes", place)?;
    let relationships = member(schemas, data, "relationships", place)?;
    let (mut own, mut names) = (Vec::new(), Namespace::default());
    if let Some(attributes) = attributes {
        let place = place.at("properties/attributes");
        let (fields, constant) = fields(schemas, object(attributes, &place)?, false, &place)?;
        if constant.is_some() {
            return Err(Refusal::new(&place, "a constant attribute is not supported"));
        }
        own.extend(fields);
    }
    let mut to_ones = Vec::new();
    if let Some(relationships) = relationships {
        let place = place.at("properties/relationships");
        let relationships = object(relationships, &place)?;
        for (wire, relationship) in &relationships.properties {
            let place = place.at("properties").at(wire);
            let (relationship, _) = schemas.open(Node::of_boxed(relationship, &place)?, &place)?;
            to_ones.push(related(
                schemas,
                wire,
                relationship,
                relationships.required.contains(wire),
                &place,
            )?);
        }
    }
    own.extend(to_ones.iter().cloned());
    for field in &own {
        names.take(&field.name, &place.at(&field.name))?;
    }
    let kind = constant(data, place)?;
    let envelope = Envelope {
        kind,
        with_id: data.properties.contains_key("id"),
        with_attributes: attributes.is_some(),
        relationships: to_ones,
    };
    let body = Struct {
        name: name.to_owned(),
        docs: schemas.docs(Node::Inline(schema), &Place::schema(name))?,
        direction: Direction::Request,
        fields: own,
        constant: None,
        resource: Vec::new(),
        default: false,
    };
    Ok((body, envelope))
}

/// The body of a relationship route, written in place: `{data: <identifier>}` or `{data: [<identifier>]}`.
/// `None`: the body is a resource.
pub(super) fn linkage<'a>(
    schemas: &Schemas<'a>,
    body: Node<'a>,
    place: &Place,
) -> Result<Option<(Type, Docs, String)>, Refusal> {
    let Node::Inline(schema) = body else { return Ok(None) };
    let data = member(schemas, object(schema, place)?, "data", place)?;
    let data = data.ok_or_else(|| Refusal::new(place, "`data` is missing"))?;
    let (identifier, is_list) = identifier(data, &place.at("properties/data"))?;
    let (ty, kind) = identified(schemas, identifier, is_list, place)?;
    let id = identifier.properties.get("id").map(|id| Node::of_boxed(id, place)).transpose()?;
    let docs = id.map(|id| schemas.docs(id, place)).transpose()?.unwrap_or_default();
    Ok(Some((ty, docs, kind)))
}

/// The resource identifier in `data`, and whether `data` is a list of them.
fn identifier<'a>(data: &'a Schema, place: &Place) -> Result<(&'a ObjectType, bool), Refusal> {
    match &data.schema_kind {
        SchemaKind::Type(openapiv3::Type::Array(array)) => {
            let items = array.items.as_ref().ok_or_else(|| Refusal::new(place, "`items` is missing"))?;
            match Node::of_boxed(items, place)? {
                Node::Inline(item) => Ok((object(item, &place.at("items"))?, true)),
                Node::Named(_) => Err(Refusal::new(place, "`items` is written in place here")),
            }
        }
        _ => Ok((object(data, place)?, false)),
    }
}

/// `{type: <constant>, id: $ref an id}`: the id (or a list of it), and the JSON:API type.
fn identified<'a>(
    schemas: &Schemas<'a>,
    identifier: &'a ObjectType,
    is_list: bool,
    place: &Place,
) -> Result<(Type, String), Refusal> {
    let id = identifier.properties.get("id").ok_or_else(|| Refusal::new(place, "`data.id` is missing"))?;
    let ty = schemas.ty(Node::of_boxed(id, place)?, place)?;
    if !matches!(ty, Type::Id { text: true, .. }) {
        return Err(Refusal::new(place, "`data.id` must be a `$ref` to a text id"));
    }
    let kind = constant(identifier, place)?;
    Ok((if is_list { Type::List(Box::new(ty)) } else { ty }, kind))
}

/// `{data: {type: <constant>, id: $ref an id}}` as a field with that id, `{data: [..]}` as one with a list of ids, and
/// `{data: $ref a type written by hand}` as one of that type, which knows its JSON:API type and id.
fn related<'a>(
    schemas: &Schemas<'a>,
    wire: &str,
    relationship: &'a Schema,
    required: bool,
    place: &Place,
) -> Result<Field, Refusal> {
    let properties = &object(relationship, place)?.properties;
    let data = properties.get("data").ok_or_else(|| Refusal::new(place, "`data` is missing"))?;
    let data = Node::of_boxed(data, place)?;
    let described = &relationship.schema_data;
    let docs = extensions::docs(described.description.as_deref(), &described.extensions, place)?;
    let (ty, kind) = match data {
        Node::Inline(data) => {
            let (identifier, is_list) = identifier(data, place)?;
            identified(schemas, identifier, is_list, place)?
        }
        Node::Named(_) => match schemas.ty(data, place)? {
            ty @ Type::HandWritten(_) if required => (ty, String::new()),
            _ => {
                let reason =
                    "`data` is an identifier, a list of them, or (if required) a type written by hand";
                return Err(Refusal::new(place, reason));
            }
        },
    };
    Ok(Field {
        name: names::field(wire, place)?,
        wire: wire.to_owned(),
        docs,
        ty,
        required,
        nullable: false,
        or_default: false,
        expected: false,
        least: 0,
        relationship: Some(kind),
        when_unset: None,
    })
}

fn member<'a>(
    schemas: &Schemas<'a>,
    object: &'a ObjectType,
    name: &str,
    place: &Place,
) -> Result<Option<&'a Schema>, Refusal> {
    let Some(property) = object.properties.get(name) else { return Ok(None) };
    let place = place.at("properties").at(name);
    Ok(Some(schemas.open(Node::of_boxed(property, &place)?, &place)?.0))
}

fn constant(object: &ObjectType, place: &Place) -> Result<String, Refusal> {
    let place = place.at("properties/type");
    let missing = || Refusal::new(&place, "a constant (an enum with one value) is expected here");
    let kind = object.properties.get("type").ok_or_else(missing)?;
    Schemas::constant(Node::of_boxed(kind, &place)?, &place)?.map(str::to_owned).ok_or_else(missing)
}
