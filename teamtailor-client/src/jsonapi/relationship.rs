//! Links from one resource to others.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess},
};
use smartsync_transport::{
    Unreadable,
    generated_support::{Name, Object, Read, Readable, Slot, deserialize, read_object},
};

use crate::jsonapi::id::Id;

/// Names a resource: its JSON:API type and its id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct ResourceIdentifier {
    /// The JSON:API type: `custom-fields`.
    pub kind: String,
    /// The id among the resources of this type. It is not empty.
    pub id: String,
}

impl ResourceIdentifier {
    /// Names the resource of type `kind` with this id.
    #[must_use]
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into() }
    }
}

impl fmt::Debug for ResourceIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// A relationship to at most one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToOne {
    /// What the answer says about it.
    pub data: Linkage,
}

/// What an answer says about a relationship to at most one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "JSON:API has these cases and no other")]
pub enum Linkage {
    /// Nothing. Teamtailor tells of a relationship only if it was asked for with `include`.
    #[default]
    NotLoaded,
    /// There is no related resource.
    Empty,
    /// This is the related resource.
    To(ResourceIdentifier),
    /// Something that could not be read: neither nothing nor no resource.
    Unreadable,
}

impl ToOne {
    /// Whether the answer says what is related, or that nothing is.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        matches!(self.data, Linkage::Empty | Linkage::To(_))
    }

    /// Whether the answer says something that could not be read.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        self.data == Linkage::Unreadable
    }

    /// The related resource; `None` if there is none, or if the answer does not say.
    #[must_use]
    pub fn identifier(&self) -> Option<&ResourceIdentifier> {
        match &self.data {
            Linkage::To(identifier) => Some(identifier),
            Linkage::NotLoaded | Linkage::Empty | Linkage::Unreadable => None,
        }
    }
}

/// A relationship to any number of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToMany {
    /// The related resources in the order of the answer; `None` if the answer does not say, or not legibly.
    ///
    /// Teamtailor tells of a relationship only if it was asked for with `include`.
    pub data: Option<Vec<ResourceIdentifier>>,
    /// Contains `data` if the answer says something that could not be read, if only in one of the resources.
    pub unreadable: Unreadable,
}

impl ToMany {
    /// Whether the answer says what is related, even if that is nothing.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.data.is_some()
    }

    /// Whether the answer says something that could not be read: then it is not loaded.
    #[must_use]
    pub fn is_unreadable(&self) -> bool {
        !self.unreadable.is_empty()
    }

    /// The related resources in the order of the answer; none if the answer does not say.
    #[must_use]
    pub fn identifiers(&self) -> &[ResourceIdentifier] {
        self.data.as_deref().unwrap_or_default()
    }
}

impl Object for ResourceIdentifier {
    fn read_members<'de, M: MapAccess<'de>>(mut members: M, strict: bool) -> Result<Read<Self>, M::Error> {
        let (mut kind, mut id) = (Slot::<String>::default(), Slot::<Id>::default());
        while let Some(member) = members.next_key_seed(Name(Member::of))? {
            match member {
                Some(Member::Type) => kind.read(&mut members, strict)?,
                Some(Member::Id) => id.read(&mut members, strict)?,
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        let kind = kind.into_value().filter(|kind| !kind.is_empty());
        Ok(match (kind, id.into_value()) {
            (Some(kind), Some(Id(id))) => Read::Whole(Self { kind, id }),
            _ => Read::Unreadable,
        })
    }
}

impl Readable for ResourceIdentifier {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        read_object(deserializer)
    }
}

impl<'de> Deserialize<'de> for ResourceIdentifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

pub(super) enum Member {
    Type,
    Id,
    Data,
}

impl Member {
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "type" => Some(Self::Type),
            "id" => Some(Self::Id),
            "data" => Some(Self::Data),
            _ => None,
        }
    }
}

/// The member `data` of a relationship; `None` if it is absent.
struct Relationship<T>(Option<Read<T>>);

impl<T: Readable> Object for Relationship<T> {
    fn read_members<'de, M: MapAccess<'de>>(mut members: M, _: bool) -> Result<Read<Self>, M::Error> {
        let mut data = None;
        while let Some(member) = members.next_key_seed(Name(Member::of))? {
            if let Some(Member::Data) = member {
                let read = members.next_value_seed(Data::<T>(std::marker::PhantomData))?;
                // Of two, neither is the right one.
                data = Some(if data.is_some() { Read::Unreadable } else { read });
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Read::Whole(Self(data)))
    }
}

struct Data<T>(std::marker::PhantomData<T>);

impl<'de, T: Readable> DeserializeSeed<'de> for Data<T> {
    type Value = Read<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read<T>, D::Error> {
        T::read(deserializer)
    }
}

/// What stood in the place of a relationship: `Ok` the member `data`, `Err` no object.
fn relationship<'de, T: Readable, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Read<T>>, D::Error> {
    Ok(match read_object::<Relationship<T>, D>(deserializer)? {
        Read::Null => None,
        Read::Whole(Relationship(data)) | Read::Partial(Relationship(data)) => data,
        Read::Unreadable => Some(Read::Unreadable),
    })
}

impl Readable for ToOne {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Ok(match relationship::<ResourceIdentifier, D>(deserializer)? {
            None => Read::Whole(Self { data: Linkage::NotLoaded }),
            Some(Read::Null) => Read::Whole(Self { data: Linkage::Empty }),
            Some(Read::Whole(identifier)) => Read::Whole(Self { data: Linkage::To(identifier) }),
            Some(Read::Partial(_) | Read::Unreadable) => Read::Partial(Self { data: Linkage::Unreadable }),
        })
    }
}

impl Readable for ToMany {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Ok(match relationship::<Vec<ResourceIdentifier>, D>(deserializer)? {
            None => Read::Whole(Self::default()),
            Some(Read::Whole(identifiers)) => {
                Read::Whole(Self { data: Some(identifiers), unreadable: Unreadable::default() })
            }
            // JSON:API has an empty list for no resources. A `null` says nothing that can be relied on.
            Some(Read::Null | Read::Partial(_) | Read::Unreadable) => {
                let mut unreadable = Unreadable::default();
                unreadable.insert("data");
                Read::Partial(Self { data: None, unreadable })
            }
        })
    }
}

impl<'de> Deserialize<'de> for ToOne {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for ToMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize(deserializer)
    }
}
