//! The resources that came along with an answer.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use smartsync_transport::{
    DecodeError, decode_text,
    generated_support::{Name, Read, Readable, read_items, read_text},
};

use crate::jsonapi::{ResourceIdentifier, id::Id, relationship::Member};

/// A model of JSON:API resources.
pub trait Resource: DeserializeOwned {
    /// The JSON:API types that it reads: `["candidates"]`.
    const TYPES: &'static [&'static str];
}

/// The resources that came along with an answer because it was asked for with `include`.
///
/// They stay as they came, with type and id noted, and are decoded when asked for. So a type that this version does not
/// know and a malformed resource cost nothing to those who do not read them.
#[derive(Clone, Default)]
pub struct Included {
    /// In the order of the answer.
    texts: Vec<Box<RawValue>>,
    /// By type: its resources, sorted by id, each id once.
    by_type: BTreeMap<String, Vec<Entry>>,
    has_unreadable: bool,
}

/// Where a resource stands.
#[derive(Clone)]
pub(crate) struct Entry {
    id: String,
    /// In `texts`. Of several that are the same byte by byte, the first.
    pub(crate) position: usize,
    /// Another one with its type and id says something else.
    is_contradicted: bool,
}

impl PartialEq for Included {
    fn eq(&self, other: &Self) -> bool {
        self.raw().eq(other.raw())
    }
}

impl Included {
    /// Whether something came along that has no legible type or id: then a resource that is not found may be there.
    #[must_use]
    pub fn has_unreadable(&self) -> bool {
        self.has_unreadable
    }

    /// The number of resources. One without a legible type or id is none.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether nothing came along.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The resource of type `T` with this id; `None` if it did not come along.
    ///
    /// The result is a [`DecodeError`] if it has another shape than documented, or if it came along twice and differs.
    #[must_use]
    pub fn get<T: Resource>(&self, id: &str) -> Option<Result<T, DecodeError>> {
        T::TYPES.iter().find_map(|kind| self.find(kind, id)).map(|entry| self.decode(entry))
    }

    /// The resource of type `T` that a relationship points at; `None` if it did not come along.
    ///
    /// Where `T` reads several JSON:API types, one with the same id and another of these types counts as well: Teamtailor
    /// does not use the types of custom fields alike in all places.
    #[must_use]
    pub fn resolve<T: Resource>(&self, identifier: &ResourceIdentifier) -> Option<Result<T, DecodeError>> {
        self.entry::<T>(identifier).map(|entry| self.decode(entry))
    }

    /// The resource that a relationship points at, as JSON text, of whatever type; `None` if it did not come along, or came
    /// along twice and differs.
    #[must_use]
    pub fn text(&self, identifier: &ResourceIdentifier) -> Option<&str> {
        let entry = self.find(&identifier.kind, &identifier.id)?;
        (!entry.is_contradicted).then(|| self.texts[entry.position].get())
    }

    /// All resources of type `T`, in the order of the answer.
    ///
    /// One is a [`DecodeError`] if it has another shape than documented, or if it came along twice and differs.
    pub fn all<T: Resource>(&self) -> impl Iterator<Item = Result<T, DecodeError>> {
        let of_type = T::TYPES.iter().filter_map(|kind| self.by_type.get(*kind));
        let mut entries: Vec<&Entry> = of_type.flatten().collect();
        entries.sort_unstable_by_key(|entry| entry.position);
        entries.into_iter().map(|entry| self.decode(entry))
    }

    /// Every resource as JSON text, for types that this crate has no model of.
    pub fn raw(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| text.get())
    }

    #[cfg(feature = "serialize")]
    pub(super) fn texts(&self) -> &[Box<RawValue>] {
        &self.texts
    }

    fn push(&mut self, text: Box<RawValue>) {
        match Identity::of(&text) {
            Some((kind, id)) => {
                let entry = Entry { id, position: self.texts.len(), is_contradicted: false };
                self.by_type.entry(kind).or_default().push(entry);
                self.texts.push(text);
            }
            // Nothing can point at it, so it is not kept.
            None => self.has_unreadable = true,
        }
    }

    /// Adds what came along with another answer. Of a resource that came along with both and differs, neither text counts.
    pub(crate) fn add(&mut self, other: Self) {
        self.has_unreadable |= other.has_unreadable;
        let is_here = |text: &RawValue| {
            let known = Identity::of(text).and_then(|(kind, id)| self.find(&kind, &id));
            known.is_some_and(|entry| self.texts[entry.position].get() == text.get())
        };
        let new: Vec<Box<RawValue>> = other.texts.into_iter().filter(|text| !is_here(text)).collect();
        new.into_iter().for_each(|text| self.push(text));
        self.sort();
    }

    /// Sorts the ids, and notes which of them came along with different texts.
    fn sort(&mut self) {
        for entries in self.by_type.values_mut() {
            // Stable: of one id, the first of the answer comes first.
            entries.sort_by(|one, other| one.id.cmp(&other.id));
            entries.dedup_by(|other, first| {
                let is_same_id = other.id == first.id;
                if is_same_id && self.texts[other.position].get() != self.texts[first.position].get() {
                    first.is_contradicted = true;
                }
                is_same_id
            });
        }
    }

    /// Where the resource of type `T` stands that a relationship points at.
    pub(crate) fn entry<T: Resource>(&self, identifier: &ResourceIdentifier) -> Option<&Entry> {
        if !T::TYPES.contains(&identifier.kind.as_str()) {
            return None;
        }
        self.find(&identifier.kind, &identifier.id)
            .or_else(|| T::TYPES.iter().find_map(|kind| self.find(kind, &identifier.id)))
    }

    fn find(&self, kind: &str, id: &str) -> Option<&Entry> {
        let entries = self.by_type.get(kind)?;
        let place = entries.binary_search_by(|entry| entry.id.as_str().cmp(id)).ok()?;
        entries.get(place)
    }

    pub(crate) fn decode<T: Resource>(&self, entry: &Entry) -> Result<T, DecodeError> {
        if entry.is_contradicted {
            return Err(DecodeError::contradiction());
        }
        decode_text(self.texts[entry.position].get())
    }
}

impl fmt::Debug for Included {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Included({} resources)", self.len())
    }
}

impl Readable for Included {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        let mut included = Self::default();
        let read = read_items(deserializer, |text| match text {
            Read::Whole(text) | Read::Partial(text) => included.push(text),
            Read::Null | Read::Unreadable => included.has_unreadable = true,
        })?;
        included.has_unreadable |= matches!(read, Read::Unreadable);
        included.sort();
        Ok(if included.has_unreadable { Read::Partial(included) } else { Read::Whole(included) })
    }
}

impl<'de> Deserialize<'de> for Included {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Self::read(deserializer)? {
            Read::Whole(included) | Read::Partial(included) => included,
            Read::Null | Read::Unreadable => Self::default(),
        })
    }
}

/// Type and id of a resource, as far as they were read.
#[derive(Default)]
struct Identity {
    kind: Option<String>,
    id: Option<Id>,
}

impl Identity {
    fn of(text: &RawValue) -> Option<(String, String)> {
        let mut identity = Self::default();
        // An object that was not read to its end counts as a fault. What matters is what was read.
        let _stopped = serde_json::Deserializer::from_str(text.get()).deserialize_map(&mut identity);
        match (identity.kind, identity.id) {
            (Some(kind), Some(Id(id))) => Some((kind, id)),
            // With more patience: something before them may be JSON that serde_json does not read.
            _ => read_text(text.get()).map(|ResourceIdentifier { kind, id }| (kind, id)),
        }
    }
}

/// Stops as soon as both are known: they come first, and the attributes after them are long.
impl<'de> Visitor<'de> for &mut Identity {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while self.kind.is_none() || self.id.is_none() {
            match map.next_key_seed(Name(Member::of))? {
                Some(Some(Member::Type)) => self.kind = Some(map.next_value()?),
                Some(Some(Member::Id)) => self.id = Some(map.next_value()?),
                Some(Some(Member::Data) | None) => drop(map.next_value::<IgnoredAny>()?),
                None => break,
            }
        }
        Ok(())
    }
}
