//! The JSON:API document around the attributes of a request.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::Error as _};

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
    relationships: BTreeMap<&'static str, RequestLinkage<'a>>,
}

/// What a request says about a relationship: the whole body of a relationship route.
#[derive(Serialize)]
pub(crate) struct RequestLinkage<'a> {
    data: Identifiers<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Identifiers<'a> {
    One(Identifier<'a>),
    Many(Vec<Identifier<'a>>),
}

#[derive(Serialize)]
struct Identifier<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(serialize_with = "legible")]
    id: &'a str,
}

/// An id that is empty or blank names nothing: the request is not sent.
fn legible<S: Serializer>(id: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    if id.trim().is_empty() {
        return Err(S::Error::custom("the id of a related resource is empty"));
    }
    serializer.serialize_str(id)
}

impl<'a> RequestLinkage<'a> {
    pub(crate) fn one(kind: &'static str, id: &'a str) -> Self {
        Self { data: Identifiers::One(Identifier { kind, id }) }
    }

    pub(crate) fn many(kind: &'static str, ids: impl Iterator<Item = &'a str>) -> Self {
        Self { data: Identifiers::Many(ids.map(|id| Identifier { kind, id }).collect()) }
    }
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
        self.data.relationships.insert(name, RequestLinkage::one(kind, id));
        self
    }

    pub(crate) fn with_relationship_opt(
        self,
        name: &'static str,
        kind: &'static str,
        id: Option<&'a str>,
    ) -> Self {
        match id {
            Some(id) => self.with_relationship(name, kind, id),
            None => self,
        }
    }

    pub(crate) fn with_to_many_opt(
        mut self,
        name: &'static str,
        kind: &'static str,
        ids: Option<impl Iterator<Item = &'a str>>,
    ) -> Self {
        if let Some(ids) = ids {
            self.data.relationships.insert(name, RequestLinkage::many(kind, ids));
        }
        self
    }
}
