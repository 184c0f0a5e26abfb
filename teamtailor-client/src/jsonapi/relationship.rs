//! Links from one resource to others.

use std::fmt;

use serde::{Deserialize, Deserializer};
use smartsync_transport::generated_support::read_text;

/// Names a resource: its JSON:API type and its id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[non_exhaustive]
pub struct ResourceIdentifier {
    /// The JSON:API type: `custom-fields`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The id among the resources of this type.
    #[serde(deserialize_with = "read_text")]
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
#[expect(clippy::exhaustive_enums, reason = "JSON:API has these three cases and no other")]
pub enum Linkage {
    /// Nothing. Teamtailor tells of a relationship only if it was asked for with `include`.
    #[default]
    NotLoaded,
    /// There is no related resource.
    Empty,
    /// This is the related resource.
    To(ResourceIdentifier),
}

impl ToOne {
    /// Whether the answer says what is related, or that nothing is.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.data != Linkage::NotLoaded
    }

    /// The related resource; `None` if there is none, or if the answer does not say.
    #[must_use]
    pub fn identifier(&self) -> Option<&ResourceIdentifier> {
        match &self.data {
            Linkage::To(identifier) => Some(identifier),
            Linkage::NotLoaded | Linkage::Empty => None,
        }
    }
}

/// A relationship to any number of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToMany {
    /// The related resources in the order of the answer; `None` if the answer does not say.
    ///
    /// Teamtailor tells of a relationship only if it was asked for with `include`.
    pub data: Option<Vec<ResourceIdentifier>>,
}

impl ToMany {
    /// Whether the answer says what is related, even if that is nothing.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.data.is_some()
    }

    /// The related resources in the order of the answer; none if the answer does not say.
    #[must_use]
    pub fn identifiers(&self) -> &[ResourceIdentifier] {
        self.data.as_deref().unwrap_or_default()
    }
}

/// The member `data`; `None` only if it is absent.
#[derive(Deserialize)]
#[serde(bound = "T: Deserialize<'de>")]
struct Relationship<T> {
    #[serde(default, deserialize_with = "present")]
    data: Option<T>,
}

/// Serde calls it only if the member is there, `null` included.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for ToOne {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let relationship = Relationship::<Option<ResourceIdentifier>>::deserialize(deserializer)?;
        let data = match relationship.data {
            None => Linkage::NotLoaded,
            Some(None) => Linkage::Empty,
            Some(Some(identifier)) => Linkage::To(identifier),
        };
        Ok(Self { data })
    }
}

impl<'de> Deserialize<'de> for ToMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let relationship = Relationship::<Option<Vec<ResourceIdentifier>>>::deserialize(deserializer)?;
        Ok(Self { data: relationship.data.map(Option::unwrap_or_default) })
    }
}
