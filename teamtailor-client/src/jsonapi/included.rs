//! The resources that came along with an answer.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use smartsync_transport::{DecodeError, decode_text, generated_support::read_text};

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
#[derive(Clone, Default)]
pub struct Included {
    /// In the order of the answer.
    texts: Vec<Box<RawValue>>,
    /// By type: the ids of its resources with their positions in `texts`, sorted.
    by_type: BTreeMap<String, Vec<(String, usize)>>,
}

impl PartialEq for Included {
    fn eq(&self, other: &Self) -> bool {
        self.raw().eq(other.raw())
    }
}

impl Included {
    /// The number of resources.
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
    /// The result is a [`DecodeError`] if it has another shape than documented.
    #[must_use]
    pub fn get<T: Resource>(&self, id: &str) -> Option<Result<T, DecodeError>> {
        T::TYPES.iter().find_map(|kind| self.find(kind, id)).map(decode_text)
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
            Some(text) => Some(decode_text(text)),
            None => self.get(&identifier.id),
        }
    }

    /// The resource that a relationship points at, as JSON text, of whatever type; `None` if it did not come along.
    #[must_use]
    pub fn text(&self, identifier: &ResourceIdentifier) -> Option<&str> {
        self.find(&identifier.kind, &identifier.id)
    }

    /// All resources of type `T`, in the order of the answer.
    ///
    /// One is a [`DecodeError`] if it has another shape than documented.
    pub fn all<T: Resource>(&self) -> impl Iterator<Item = Result<T, DecodeError>> {
        let of_type = T::TYPES.iter().filter_map(|kind| self.by_type.get(*kind));
        let mut positions: Vec<usize> = of_type.flatten().map(|(_, position)| *position).collect();
        positions.sort_unstable();
        positions.into_iter().map(|position| decode_text(self.texts[position].get()))
    }

    /// Every resource as JSON text, for types that this crate has no model of.
    pub fn raw(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| text.get())
    }

    fn new(texts: Vec<Box<RawValue>>) -> Self {
        let mut by_type = BTreeMap::<String, Vec<(String, usize)>>::new();
        for (position, text) in texts.iter().enumerate() {
            // One without type or id cannot be pointed at.
            if let Some((kind, id)) = Identity::of(text) {
                by_type.entry(kind).or_default().push((id, position));
            }
        }
        by_type.values_mut().for_each(|ids| ids.sort_unstable());
        Self { texts, by_type }
    }

    /// The text of a resource; of two alike, the first one counts.
    fn find(&self, kind: &str, id: &str) -> Option<&str> {
        let ids = self.by_type.get(kind)?;
        let place = ids.partition_point(|(other, _)| other.as_str() < id);
        let (found, position) = ids.get(place)?;
        (found == id).then(|| self.texts[*position].get())
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

/// Type and id of a resource, as far as they were read.
#[derive(Default)]
struct Identity {
    kind: Option<String>,
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Member {
    Type,
    Id,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Id(#[serde(deserialize_with = "read_text")] String);

impl Identity {
    fn of(text: &RawValue) -> Option<(String, String)> {
        let mut identity = Self::default();
        // An object that was not read to its end counts as a fault. What matters is what was read.
        let _stopped = serde_json::Deserializer::from_str(text.get()).deserialize_map(&mut identity);
        Some((identity.kind?, identity.id?))
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
            match map.next_key()? {
                Some(Member::Type) => self.kind = Some(map.next_value()?),
                Some(Member::Id) => self.id = Some(map.next_value::<Id>()?.0),
                Some(Member::Other) => drop(map.next_value::<IgnoredAny>()?),
                None => break,
            }
        }
        Ok(())
    }
}
