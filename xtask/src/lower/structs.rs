//! Structs and unions that the operations reach, each in one direction.

use std::collections::{BTreeMap, VecDeque};

use openapiv3::{ObjectType, ReferenceOr, Schema, SchemaKind};

use crate::{
    Refusal,
    lower::{
        extensions,
        schema::{Node, Schemas},
    },
    model::{Direction, Docs, Field, Struct, Type, UNREADABLE, Union},
    names::{self, Namespace},
    refusal::Place,
};

/// Where the operations lead to.
#[derive(Debug, Default)]
pub(super) struct Roots {
    pub(super) types: Vec<(Type, Direction, Place)>,
    /// Structs without a schema of their own: the bodies of JSON:API requests.
    pub(super) bodies: Vec<Struct>,
}

#[derive(Debug, Default)]
pub(super) struct Structs {
    pub(super) structs: Vec<Struct>,
    pub(super) unions: Vec<Union>,
}

impl Structs {
    /// Follows the roots. A schema that they do not lead to is refused: it would vanish without a word.
    pub(super) fn read(schemas: &Schemas<'_>, roots: Roots) -> Result<Self, Refusal> {
        let mut reached = BTreeMap::new();
        let mut found = Self::default();
        let mut queue = VecDeque::from(roots.types);
        for body in &roots.bodies {
            let place = Place::schema(&body.name);
            queue.extend(
                body.fields.iter().map(|field| (field.ty.clone(), Direction::Request, place.at(&field.name))),
            );
        }
        for (name, schema) in schemas.iter() {
            let place = Place::schema(name);
            if resource_types(schemas, schema, &place)?.is_some() {
                queue.push_back((Type::Struct(name.to_owned()), Direction::Answer, place));
            }
        }
        while let Some((ty, direction, place)) = queue.pop_front() {
            let name = match ty {
                Type::List(item) | Type::Map(item) => {
                    queue.push_back((*item, direction, place));
                    continue;
                }
                Type::Struct(name) | Type::Union(name) => name,
                _ => continue,
            };
            match reached.insert(name.clone(), direction) {
                Some(before) if before == direction => continue,
                Some(before) => {
                    let ways = if [before, direction].contains(&Direction::Form) {
                        "a form and elsewhere"
                    } else {
                        "requests and in answers"
                    };
                    let reason = format!("`{name}` is used in {ways}: write one schema for each");
                    return Err(Refusal::new(&place, reason));
                }
                None => {}
            }
            let here = Place::schema(&name);
            let schema = schemas.named(&name, &place)?;
            if let SchemaKind::OneOf { one_of } = &schema.schema_kind {
                if direction == Direction::Answer {
                    return Err(Refusal::new(&here, "`oneOf` is supported in requests only"));
                }
                let union = union(schemas, &name, schema, one_of)?;
                let variants = union
                    .variants
                    .iter()
                    .map(|(_, name)| (Type::Struct(name.clone()), direction, here.clone()));
                queue.extend(variants);
                found.unions.push(union);
            } else {
                let item = read_struct(schemas, &name, schema, direction)?;
                check_form(&item, &here)?;
                queue.extend(
                    item.fields.iter().map(|field| (field.ty.clone(), direction, here.at(&field.name))),
                );
                found.structs.push(item);
            }
        }
        found.structs.extend(roots.bodies);
        found.mark_defaults()?;
        found.in_document_order(schemas)
    }

    /// What stands in for an absent member must have a default itself.
    fn mark_defaults(&mut self) -> Result<(), Refusal> {
        let mut wanted = Vec::new();
        for item in &self.structs {
            for field in item.fields.iter().filter(|field| field.or_default) {
                match &field.ty {
                    Type::Struct(name) => wanted.push(name.clone()),
                    _ => {
                        let place = Place::schema(&item.name).at(&field.name);
                        return Err(Refusal::new(&place, "must be a `$ref` to a named object"));
                    }
                }
            }
        }
        for item in self.structs.iter_mut().filter(|item| wanted.contains(&item.name)) {
            if let Some(field) = item.fields.iter().find(|field| field.required) {
                let place = Place::schema(&item.name).at(&field.name);
                return Err(Refusal::new(
                    &place,
                    "nothing is `required` here: the whole object can be absent",
                ));
            }
            item.default = true;
        }
        Ok(())
    }

    fn in_document_order(mut self, schemas: &Schemas<'_>) -> Result<Self, Refusal> {
        let position = |name: &str| schemas.iter().position(|(other, _)| other == name);
        self.structs.sort_by_key(|item| position(&item.name));
        self.unions.sort_by_key(|item| position(&item.name));
        for (name, schema) in schemas.iter() {
            let place = Place::schema(name);
            let is_type = matches!(schemas.ty(Node::Named(name), &place)?, Type::Struct(_) | Type::Union(_));
            let is_known = self.structs.iter().any(|item| item.name == name)
                || self.unions.iter().any(|item| item.name == name)
                || schemas.was_opened(name);
            let is_by_hand = schema.schema_data.extensions.contains_key("x-rust-type");
            if is_type && !is_known && !is_by_hand {
                return Err(Refusal::new(&place, "no operation uses it"));
            }
        }
        Ok(self)
    }
}

/// Files travel in forms, and a form holds files and single values.
fn check_form(item: &Struct, place: &Place) -> Result<(), Refusal> {
    for field in &item.fields {
        let place = place.at("properties").at(&field.wire);
        let is_value = matches!(
            field.ty,
            Type::Bool | Type::Integer { .. } | Type::Text { .. } | Type::Id { .. } | Type::Enum(_)
        );
        match (item.direction, field.ty == Type::File) {
            (Direction::Form, is_file) if field.nullable || !(is_file || is_value) => {
                return Err(Refusal::new(
                    &place,
                    "a part of a form is a file or a single value, and never null",
                ));
            }
            (Direction::Form, _) | (_, false) => {}
            (_, true) => return Err(Refusal::new(&place, "bytes travel in `multipart/form-data` only")),
        }
    }
    Ok(())
}

/// The object behind a schema.
pub(super) fn object<'a>(schema: &'a Schema, place: &Place) -> Result<&'a ObjectType, Refusal> {
    match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::Object(object)) if object.additional_properties.is_none() => {
            Ok(object)
        }
        _ => Err(Refusal::new(place, "an object with `properties` is expected here")),
    }
}

fn read_struct(
    schemas: &Schemas<'_>,
    name: &str,
    schema: &Schema,
    direction: Direction,
) -> Result<Struct, Refusal> {
    let place = Place::schema(name);
    let resource = resource_types(schemas, schema, &place)?;
    let (fields, constant) = fields(schemas, object(schema, &place)?, resource.is_some(), &place)?;
    if let Some(field) =
        fields.iter().find(|field| direction == Direction::Answer && field.name == UNREADABLE)
    {
        let place = place.at("properties").at(&field.wire);
        return Err(Refusal::new(&place, format!("every answer has a field `{UNREADABLE}`: add `x-name`")));
    }
    Ok(Struct {
        name: name.to_owned(),
        docs: schemas.docs(Node::Inline(schema), &place)?,
        direction,
        fields,
        constant,
        resource: resource.unwrap_or_default(),
        default: false,
    })
}

/// A constant member: its name and its value.
type Constant = Option<(String, String)>;

/// The fields of an object, and its constant member.
pub(super) fn fields(
    schemas: &Schemas<'_>,
    object: &ObjectType,
    is_resource: bool,
    place: &Place,
) -> Result<(Vec<Field>, Constant), Refusal> {
    let (mut fields, mut constant, mut names) = (Vec::new(), None, Namespace::default());
    if let Some(stray) = object.required.iter().find(|name| !object.properties.contains_key(*name)) {
        return Err(Refusal::new(place, format!("`required` names `{stray}`, which is no property")));
    }
    for (wire, property) in &object.properties {
        let place = place.at("properties").at(wire);
        let node = Node::of_boxed(property, &place)?;
        if let Some(value) = Schemas::constant(node, &place)? {
            if constant.replace((wire.clone(), value.to_owned())).is_some() {
                return Err(Refusal::new(&place, "a second constant in one object is not supported"));
            }
            continue;
        }
        let mut field =
            field(schemas, wire, node, object.required.contains(wire), schemas.docs(node, &place)?, &place)?;
        field.or_default = is_resource && matches!(wire.as_str(), "attributes" | "relationships");
        names.take(&field.name, &place)?;
        fields.push(field);
    }
    Ok((fields, constant))
}

/// One property or parameter.
pub(super) fn field(
    schemas: &Schemas<'_>,
    wire: &str,
    node: Node<'_>,
    required: bool,
    docs: Docs,
    place: &Place,
) -> Result<Field, Refusal> {
    let none = extensions::Extensions::default();
    let (nullable, own) = match node {
        Node::Named(name) => (schemas.named(name, place)?.schema_data.nullable, &none),
        Node::Inline(schema) => (schema.schema_data.nullable, &schema.schema_data.extensions),
    };
    let name = match extensions::text(own, "x-name", place)? {
        Some(name) => names::field(name, place)?,
        None => names::field(wire, place)?,
    };
    Ok(Field {
        name,
        wire: wire.to_owned(),
        docs,
        ty: schemas.ty(node, place)?,
        required,
        nullable,
        or_default: false,
        expected: extensions::flag(own, "x-expected", place)?.unwrap_or_default(),
        least: 0,
        relationship: None,
        when_unset: None,
    })
}

fn union(
    schemas: &Schemas<'_>,
    name: &str,
    schema: &Schema,
    one_of: &[ReferenceOr<Schema>],
) -> Result<Union, Refusal> {
    let place = Place::schema(name);
    let tag =
        schema.schema_data.discriminator.as_ref().map(|discriminator| discriminator.property_name.as_str());
    let tag = tag.ok_or_else(|| Refusal::new(&place, "`oneOf` needs a `discriminator`"))?;
    let (mut variants, mut names) = (Vec::new(), Namespace::default());
    for (position, part) in one_of.iter().enumerate() {
        let place = place.at("oneOf").at(position);
        let Node::Named(part) = Node::of(part, &place)? else {
            return Err(Refusal::new(&place, "must be a `$ref` to a named object"));
        };
        let properties = &object(schemas.named(part, &place)?, &place)?.properties;
        let property = properties.get(tag).map(|property| Node::of_boxed(property, &place)).transpose()?;
        let value = property.map(|node| Schemas::constant(node, &place)).transpose()?.flatten();
        let value = value.ok_or_else(|| Refusal::new(&place, format!("`{part}` has no constant `{tag}`")))?;
        let variant = names::pascal(value, &place)?;
        names.take(&variant, &place)?;
        variants.push((variant, part.to_owned()));
    }
    Ok(Union { name: name.to_owned(), docs: schemas.docs(Node::Inline(schema), &place)?, variants })
}

/// The values of `type`, if this is a JSON:API resource: an object with `id`, `type` and `attributes`.
fn resource_types(
    schemas: &Schemas<'_>,
    schema: &Schema,
    place: &Place,
) -> Result<Option<Vec<String>>, Refusal> {
    let SchemaKind::Type(openapiv3::Type::Object(object)) = &schema.schema_kind else { return Ok(None) };
    let (Some(_), Some(kind), Some(_)) =
        (object.properties.get("id"), object.properties.get("type"), object.properties.get("attributes"))
    else {
        return Ok(None);
    };
    let place = place.at("properties/type");
    let node = Node::of_boxed(kind, &place)?;
    if let Some(value) = Schemas::constant(node, &place)? {
        return Ok(Some(vec![value.to_owned()]));
    }
    match schemas.ty(node, &place)? {
        Type::Enum(name) => {
            let (_, enums) = schemas.ids_and_enums()?;
            let values = enums.into_iter().filter(|item| item.name == name).flat_map(|item| item.variants);
            Ok(Some(values.map(|variant| variant.text).collect()))
        }
        _ => Err(Refusal::new(&place, "the type of a resource is a constant or a named enum")),
    }
}
