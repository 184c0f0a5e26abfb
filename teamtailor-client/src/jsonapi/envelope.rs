//! The JSON:API document around the attributes of a request.

use std::collections::BTreeMap;

use serde::Serialize;

/// The document around the attributes of a request: type, id where there is one, relationships by id.
#[derive(Serialize)]
pub(crate) struct Envelope<'a, A> {
    data: Data<'a, A>,
}

#[derive(Serialize)]
struct Data<'a, A> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a A>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    relationships: BTreeMap<&'static str, Relationship<'a>>,
}

#[derive(Serialize)]
struct Relationship<'a> {
    data: Identifier<'a>,
}

#[derive(Serialize)]
struct Identifier<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
}

impl<'a, A> Envelope<'a, A> {
    pub(crate) fn new(kind: &'static str, attributes: Option<&'a A>) -> Self {
        Self { data: Data { id: None, kind, attributes, relationships: BTreeMap::new() } }
    }

    pub(crate) fn with_id(mut self, id: &'a str) -> Self {
        self.data.id = Some(id);
        self
    }

    pub(crate) fn with_relationship(mut self, name: &'static str, kind: &'static str, id: &'a str) -> Self {
        self.data.relationships.insert(name, Relationship { data: Identifier { kind, id } });
        self
    }
}
