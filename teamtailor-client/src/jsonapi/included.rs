//! The resources that came along with an answer.

use std::fmt;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;
use smartsync_transport::{DecodeError, decode_text};

use crate::jsonapi::ResourceIdentifier;

/// A model of JSON:API resources.
pub trait Resource: DeserializeOwned {
    /// The JSON:API types that it reads: `["candidates"]`.
    const TYPES: &'static [&'static str];
}

/// The resources that came along with an answer because it was asked for with `include`.
///
/// They stay as they came, with type and id noted, and are decoded when asked for. So a type that this version does not
/// know and a malformed resource cost nothing to those who do not read them.
#[derive(Clone, Default, PartialEq)]
pub struct Included {
    /// In the order of the answer.
    items: Vec<Item>,
    /// Positions of the items that have type and id, sorted by both.
    by_identity: Vec<usize>,
}

#[derive(Clone)]
struct Item {
    identity: Option<ResourceIdentifier>,
    text: Box<RawValue>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.text.get() == other.text.get()
    }
}

impl Included {
    /// The number of resources.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing came along.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The resource of type `T` with this id; `None` if it did not come along.
    ///
    /// The result is a [`DecodeError`] if it has another shape than documented.
    #[must_use]
    pub fn get<T: Resource>(&self, id: &str) -> Option<Result<T, DecodeError>> {
        T::TYPES.iter().find_map(|kind| self.find(kind, id)).map(Item::decode)
    }

    /// The resource of type `T` that a relationship points at; `None` if it did not come along.
    ///
    /// Where `T` reads several JSON:API types, one with the same id and another of these types counts as well: Teamtailor
    /// does not use the types of custom fields alike in all places.
    #[must_use]
    pub fn resolve<T: Resource>(&self, identifier: &ResourceIdentifier) -> Option<Result<T, DecodeError>> {
        if !T::TYPES.contains(&identifier.kind.as_str()) {
            return None;
        }
        match self.find(&identifier.kind, &identifier.id) {
            Some(item) => Some(item.decode()),
            None => self.get(&identifier.id),
        }
    }

    /// The resource that a relationship points at, as JSON text, of whatever type; `None` if it did not come along.
    #[must_use]
    pub fn text(&self, identifier: &ResourceIdentifier) -> Option<&str> {
        self.find(&identifier.kind, &identifier.id).map(|item| item.text.get())
    }

    /// All resources of type `T`, in the order of the answer.
    ///
    /// One is a [`DecodeError`] if it has another shape than documented.
    pub fn all<T: Resource>(&self) -> impl Iterator<Item = Result<T, DecodeError>> {
        let is_wanted =
            |item: &&Item| item.identity.as_ref().is_some_and(|identity| T::TYPES.contains(&&*identity.kind));
        self.items.iter().filter(is_wanted).map(Item::decode)
    }

    /// Every resource as JSON text, for types that this crate has no model of.
    pub fn raw(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|item| item.text.get())
    }

    fn new(texts: Vec<Box<RawValue>>) -> Self {
        let items: Vec<Item> = texts.into_iter().map(Item::new).collect();
        let mut by_identity: Vec<usize> =
            (0..items.len()).filter(|position| items[*position].identity.is_some()).collect();
        // By id first: types have long beginnings in common. Of two alike, the first one counts.
        let key = |position: &usize| {
            items[*position].identity.as_ref().map(|identity| (&identity.id, &identity.kind))
        };
        by_identity.sort_by(|a, b| key(a).cmp(&key(b)));
        Self { items, by_identity }
    }

    fn find(&self, kind: &str, id: &str) -> Option<&Item> {
        let identity = |position: usize| {
            let identity = self.items[position].identity.as_ref();
            identity.map(|identity| (identity.id.as_str(), identity.kind.as_str()))
        };
        let place = self.by_identity.partition_point(|position| identity(*position) < Some((id, kind)));
        let position = *self.by_identity.get(place)?;
        (identity(position) == Some((id, kind))).then(|| &self.items[position])
    }
}

impl Item {
    fn new(text: Box<RawValue>) -> Self {
        Self { identity: serde_json::from_str(text.get()).ok(), text }
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        decode_text(self.text.get())
    }
}

impl fmt::Debug for Included {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Included({} resources)", self.len())
    }
}

impl<'de> Deserialize<'de> for Included {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Option::<Vec<Box<RawValue>>>::deserialize(deserializer)?;
        Ok(Self::new(texts.unwrap_or_default()))
    }
}
