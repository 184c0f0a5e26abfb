//! JSON:API requests: `{data: {id?, type, attributes, relationships?}}` becomes a struct with the attributes, and the
//! envelope is put around it by the operation.

use openapiv3::{ObjectType, Schema};

use crate::{
    Refusal,
    lower::{
        schema::{Node, Schemas},
        structs::{field, fields, object},
    },
    model::{Direction, Docs, Envelope, Field, Struct, Type},
    names::Namespace,
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
            to_ones.push(to_one(schemas, wire, relationship, relationships.required.contains(wire), &place)?);
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

/// `{data: {type: <constant>, id: $ref an id}}` as a field with that id.
fn to_one<'a>(
    schemas: &Schemas<'a>,
    wire: &str,
    relationship: &'a Schema,
    required: bool,
    place: &Place,
) -> Result<Field, Refusal> {
    let identifier = member(schemas, object(relationship, place)?, "data", place)?;
    let identifier = identifier.ok_or_else(|| Refusal::new(place, "`data` is missing"))?;
    let identifier = object(identifier, place)?;
    let id = identifier.properties.get("id").ok_or_else(|| Refusal::new(place, "`data.id` is missing"))?;
    let id = Node::of_boxed(id, place)?;
    let docs = match &relationship.schema_data.description {
        Some(description) => Docs(vec![description.trim().to_owned()]),
        None => schemas.docs(id, place)?,
    };
    let mut field = field(schemas, wire, id, required, docs, place)?;
    if !matches!(field.ty, Type::Id { text: true, .. }) {
        return Err(Refusal::new(
            place,
            "`data.id` must be a `$ref` to a text id; to-many relationships are not supported",
        ));
    }
    field.relationship = Some(constant(identifier, place)?);
    Ok(field)
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
