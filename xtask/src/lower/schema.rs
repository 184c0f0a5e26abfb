//! Named schemas, and the type behind a schema.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use openapiv3::{
    AdditionalProperties, IntegerFormat, IntegerType, ObjectType, OpenAPI, ReferenceOr, Schema, SchemaKind,
    StringFormat, StringType, VariantOrUnknownOrEmpty,
};

use crate::{
    Refusal,
    lower::{extensions, mark::Mark},
    model::{Docs, Enum, Id, Type, Variant},
    names::{self, Namespace},
    refusal::Place,
};

/// A schema in place, or a reference to a named one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node<'a> {
    Named(&'a str),
    Inline(&'a Schema),
}

impl<'a> Node<'a> {
    pub(super) fn of(value: &'a ReferenceOr<Schema>, place: &Place) -> Result<Self, Refusal> {
        match value {
            ReferenceOr::Item(schema) => Ok(Self::Inline(schema)),
            ReferenceOr::Reference { reference } => extensions::target(reference, place).map(Self::Named),
        }
    }

    pub(super) fn of_boxed(value: &'a ReferenceOr<Box<Schema>>, place: &Place) -> Result<Self, Refusal> {
        match value {
            ReferenceOr::Item(schema) => Ok(Self::Inline(schema)),
            ReferenceOr::Reference { reference } => extensions::target(reference, place).map(Self::Named),
        }
    }
}

/// The named schemas of a document.
#[derive(Debug)]
pub(super) struct Schemas<'a> {
    all: Vec<(&'a str, &'a Schema)>,
    /// Those that are no type of their own: pages and envelopes.
    opened: RefCell<BTreeSet<String>>,
}

impl<'a> Schemas<'a> {
    pub(super) fn read(document: &'a OpenAPI) -> Result<Self, Refusal> {
        let mut all = Vec::new();
        for (name, schema) in document.components.iter().flat_map(|components| &components.schemas) {
            let place = Place::schema(name);
            if names::pascal(name, &place)? != *name {
                return Err(Refusal::new(
                    &place,
                    "the name of a schema must be a Rust type name, like `DataField`",
                ));
            }
            all.push((name.as_str(), extensions::inline(schema, &place)?));
        }
        Ok(Self { all, opened: RefCell::default() })
    }

    /// All named schemas, in the order of the document.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a Schema)> {
        self.all.iter().copied()
    }

    pub(super) fn named(&self, name: &str, place: &Place) -> Result<&'a Schema, Refusal> {
        let found = self.all.iter().find(|(other, _)| *other == name);
        found
            .map(|(_, schema)| *schema)
            .ok_or_else(|| Refusal::new(place, format!("there is no schema `{name}`")))
    }

    /// The schema behind a page or an envelope, with its name. It becomes no type of its own.
    pub(super) fn open(
        &self,
        node: Node<'a>,
        place: &Place,
    ) -> Result<(&'a Schema, Option<&'a str>), Refusal> {
        match node {
            Node::Inline(schema) => Ok((schema, None)),
            Node::Named(name) => {
                let schema = self.named(name, place)?;
                self.opened.borrow_mut().insert(name.to_owned());
                Ok((schema, Some(name)))
            }
        }
    }

    pub(super) fn was_opened(&self, name: &str) -> bool {
        self.opened.borrow().contains(name)
    }

    /// The least number that a schema allows, or 0.
    pub(super) fn least(&self, node: Node<'a>, place: &Place) -> Result<u64, Refusal> {
        let schema = match node {
            Node::Named(name) => self.named(name, place)?,
            Node::Inline(schema) => schema,
        };
        let SchemaKind::Type(openapiv3::Type::Integer(integer)) = &schema.schema_kind else { return Ok(0) };
        Ok(integer.minimum.and_then(|least| u64::try_from(least).ok()).unwrap_or(0))
    }

    /// The type behind a node.
    pub(super) fn ty(&self, node: Node<'a>, place: &Place) -> Result<Type, Refusal> {
        match node {
            Node::Named(name) => self.named_type(name, place),
            Node::Inline(schema) => self.inline_type(schema, place),
        }
    }

    fn named_type(&self, name: &'a str, place: &Place) -> Result<Type, Refusal> {
        let schema = self.named(name, place)?;
        let place = &Place::schema(name);
        if let Some(path) = extensions::text(&schema.schema_data.extensions, "x-rust-type", place)? {
            return Ok(Type::HandWritten(path.to_owned()));
        }
        if extensions::flag(&schema.schema_data.extensions, "x-id", place)? == Some(true) {
            return id_is_text(schema, place).map(|text| Type::Id { name: name.to_owned(), text });
        }
        if !enum_values(schema, place)?.is_empty() {
            return Ok(Type::Enum(name.to_owned()));
        }
        match &schema.schema_kind {
            SchemaKind::OneOf { .. } => Ok(Type::Union(name.to_owned())),
            SchemaKind::Type(openapiv3::Type::Object(object)) if object.additional_properties.is_none() => {
                Ok(Type::Struct(name.to_owned()))
            }
            _ => self.inline_type(schema, place),
        }
    }

    fn inline_type(&self, schema: &'a Schema, place: &Place) -> Result<Type, Refusal> {
        let print = extensions::flag(&schema.schema_data.extensions, "x-print", place)?.unwrap_or(false);
        match &schema.schema_kind {
            SchemaKind::Type(openapiv3::Type::Boolean(_)) => Ok(Type::Bool),
            SchemaKind::Type(openapiv3::Type::Integer(integer)) => integer_type(integer, place),
            SchemaKind::Type(openapiv3::Type::Number(_)) => Ok(Type::Number),
            SchemaKind::Type(openapiv3::Type::String(text)) => string_type(text, print, place),
            SchemaKind::Type(openapiv3::Type::Array(array)) => {
                let items = array.items.as_ref().ok_or_else(|| Refusal::new(place, "`items` is missing"))?;
                let place = place.at("items");
                let item = self.ty(Node::of_boxed(items, &place)?, &place)?;
                Ok(Type::List(Box::new(item)))
            }
            SchemaKind::Type(openapiv3::Type::Object(object)) => self.map_type(object, place),
            SchemaKind::AllOf { all_of } => match all_of.as_slice() {
                [ReferenceOr::Reference { reference }] => {
                    match self.named_type(extensions::target(reference, place)?, place)? {
                        Type::Text { print: printed } => Ok(Type::Text { print: print || printed }),
                        other => Ok(other),
                    }
                }
                _ => Err(Refusal::new(place, "`allOf` must hold one `$ref`")),
            },
            SchemaKind::OneOf { .. } => {
                Err(Refusal::new(place, "`oneOf` needs a name under components/schemas"))
            }
            SchemaKind::AnyOf { .. } | SchemaKind::Not { .. } => {
                Err(Refusal::new(place, "`anyOf` and `not` are not supported"))
            }
            SchemaKind::Any(any) if any.typ.is_none() => {
                if *any != openapiv3::AnySchema::default() {
                    return Err(Refusal::new(place, "`type` is missing"));
                }
                match extensions::flag(&schema.schema_data.extensions, "x-untyped", place)? {
                    Some(true) => Ok(Type::Untyped),
                    _ => Err(Refusal::new(
                        place,
                        "no `type`: write `x-untyped: true` if any JSON value is meant",
                    )),
                }
            }
            SchemaKind::Any(_) => {
                Err(Refusal::new(place, "this mix of keywords does not go with its `type`"))
            }
        }
    }

    fn map_type(&self, object: &'a ObjectType, place: &Place) -> Result<Type, Refusal> {
        match (&object.additional_properties, object.properties.is_empty()) {
            (Some(AdditionalProperties::Schema(values)), true) => {
                let place = place.at("additionalProperties");
                let value = self.ty(Node::of(values, &place)?, &place)?;
                Ok(Type::Map(Box::new(value)))
            }
            (Some(_), _) => {
                Err(Refusal::new(place, "`additionalProperties` beside `properties` is not supported"))
            }
            (None, _) => Err(Refusal::new(place, "an object needs a name under components/schemas")),
        }
    }

    /// The one possible value of a constant.
    pub(super) fn constant(node: Node<'a>, place: &Place) -> Result<Option<&'a str>, Refusal> {
        let Node::Inline(schema) = node else { return Ok(None) };
        let SchemaKind::Type(openapiv3::Type::String(text)) = &schema.schema_kind else { return Ok(None) };
        match text.enumeration.as_slice() {
            [] => Ok(None),
            [Some(value)] => Ok(Some(value)),
            _ => {
                Err(Refusal::new(place, "an enum with several values needs a name under components/schemas"))
            }
        }
    }

    /// Docs of a property or a parameter. One that only refers takes those of its target.
    pub(super) fn docs(&self, node: Node<'a>, place: &Place) -> Result<Docs, Refusal> {
        let (schema, place) = match node {
            Node::Named(name) => (self.named(name, place)?, &Place::schema(name)),
            Node::Inline(schema) => (schema, place),
        };
        let mut docs = extensions::docs(
            schema.schema_data.description.as_deref(),
            &schema.schema_data.extensions,
            place,
        )?;
        if matches!(node, Node::Named(_)) {
            docs.0.truncate(1);
        }
        Ok(docs)
    }

    /// The docs of what is no type of its own stand where it is used, without its mark.
    pub(super) fn refuse_marks_without_a_type(&self) -> Result<(), Refusal> {
        for (name, schema) in self.iter() {
            let place = &Place::schema(name);
            let ty = self.named_type(name, place)?;
            if !matches!(ty, Type::Id { .. } | Type::Enum(_) | Type::Struct(_) | Type::Union(_)) {
                Mark::refuse(&schema.schema_data.extensions, place)?;
            }
        }
        Ok(())
    }

    pub(super) fn ids_and_enums(&self) -> Result<(Vec<Id>, Vec<Enum>), Refusal> {
        let (mut ids, mut enums) = (Vec::new(), Vec::new());
        for (name, schema) in self.iter() {
            let place = &Place::schema(name);
            match self.named_type(name, place)? {
                Type::Id { name, text } => {
                    ids.push(Id { docs: self.docs(Node::Inline(schema), place)?, name, text });
                }
                Type::Enum(name) => enums.push(Enum {
                    docs: self.docs(Node::Inline(schema), place)?,
                    variants: variants(schema, place)?,
                    name,
                }),
                _ => {}
            }
        }
        Ok((ids, enums))
    }
}

fn id_is_text(schema: &Schema, place: &Place) -> Result<bool, Refusal> {
    match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::Integer(_)) => Ok(false),
        SchemaKind::Type(openapiv3::Type::String(_)) => Ok(true),
        _ => Err(Refusal::new(place, "`x-id` goes with `type: integer` or `type: string`")),
    }
}

/// The values of a string enum; empty if it is none.
fn enum_values<'a>(schema: &'a Schema, place: &Place) -> Result<Vec<&'a str>, Refusal> {
    let SchemaKind::Type(openapiv3::Type::String(text)) = &schema.schema_kind else { return Ok(Vec::new()) };
    let null = || Refusal::new(place, "`null` in an `enum`: write `nullable: true`");
    let values: Result<Vec<&str>, Refusal> =
        text.enumeration.iter().map(|value| value.as_deref().ok_or_else(null)).collect();
    match values?.as_slice() {
        [_] => Err(Refusal::new(
            place,
            "a constant (an enum with one value) is written in place, without a name",
        )),
        values => Ok(values.to_vec()),
    }
}

fn variants(schema: &Schema, place: &Place) -> Result<Vec<Variant>, Refusal> {
    let renamed = extensions::texts(&schema.schema_data.extensions, "x-names", place)?;
    let described = extensions::texts(&schema.schema_data.extensions, "x-descriptions", place)?;
    let sure = extensions::texts(&schema.schema_data.extensions, "x-confidences", place)?;
    let met = extensions::texts(&schema.schema_data.extensions, "x-sources", place)?;
    let values = enum_values(schema, place)?;
    let mut named = [&renamed, &described, &sure, &met].into_iter().flat_map(BTreeMap::keys);
    if let Some(stray) = named.find(|value| !values.contains(&value.as_str())) {
        return Err(Refusal::new(place, format!("`{stray}` is no value of this enum")));
    }
    let mut names = Namespace::default();
    names.take("Unknown", &place.at("the variant for unknown values"))?;
    let mut variants = Vec::new();
    for value in values {
        let place = place.at("enum").at(value);
        let name = match renamed.get(value) {
            Some(name) => names::pascal(name, &place)?,
            None => names::pascal(value, &place)?,
        };
        names.take(&name, &place)?;
        let mut docs = vec![described.get(value).cloned().unwrap_or_else(|| format!("`{value}`."))];
        let mark = Mark::of(sure.get(value).map(String::as_str), met.get(value).map(String::as_str), &place)?;
        docs.extend(mark.and_then(|mark| mark.sentence()));
        variants.push(Variant { name, text: value.to_owned(), docs: Docs(docs) });
    }
    Ok(variants)
}

fn integer_type(integer: &IntegerType, place: &Place) -> Result<Type, Refusal> {
    if !integer.enumeration.is_empty() {
        return Err(Refusal::new(place, "an enum of numbers is not supported"));
    }
    let signed = integer.minimum.is_none_or(|minimum| minimum < 0);
    let bits = match &integer.format {
        VariantOrUnknownOrEmpty::Empty | VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64) => 64,
        VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => 32,
        VariantOrUnknownOrEmpty::Unknown(format) => {
            return Err(Refusal::new(place, format!("the generator does not know the format `{format}`")));
        }
    };
    Ok(Type::Integer { signed, bits })
}

fn string_type(text: &StringType, print: bool, place: &Place) -> Result<Type, Refusal> {
    if !text.enumeration.is_empty() {
        return Err(Refusal::new(place, "an enum needs a name under components/schemas"));
    }
    match &text.format {
        VariantOrUnknownOrEmpty::Empty
        | VariantOrUnknownOrEmpty::Item(StringFormat::Date | StringFormat::Password) => {
            Ok(Type::Text { print })
        }
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => Err(Refusal::new(
            place,
            "`date-time` is RFC 3339 and the services are not strict: use `x-timestamp`",
        )),
        VariantOrUnknownOrEmpty::Item(StringFormat::Binary) => Ok(Type::File),
        VariantOrUnknownOrEmpty::Item(StringFormat::Byte) => {
            Err(Refusal::new(place, "bytes as text are not supported"))
        }
        VariantOrUnknownOrEmpty::Unknown(format) => match format.as_str() {
            "x-timestamp" => Ok(Type::Timestamp),
            "uri" | "email" => Ok(Type::Text { print }),
            _ => Err(Refusal::new(place, format!("the generator does not know the format `{format}`"))),
        },
    }
}
