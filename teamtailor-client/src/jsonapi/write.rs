//! Documents written again, in the form that they were read from.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq as _},
};
use smartsync_transport::generated_support::{Member, Unread};

use crate::jsonapi::{Document, Included, Linkage, Links, ListDocument, ResourceIdentifier, ToMany, ToOne};

impl<T: Serialize> Serialize for Document<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_map(None)?;
        document.serialize_entry("data", &self.data)?;
        document.serialize_entry("included", &self.included)?;
        document.end()
    }
}

impl<T: Serialize> Serialize for ListDocument<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut document = serializer.serialize_map(None)?;
        document.serialize_entry("data", &self.data)?;
        document.serialize_entry("included", &self.included)?;
        document.serialize_entry("links", &self.links)?;
        match self.unreadable.contains("meta") {
            true => document.serialize_entry("meta", &Unread(&self.meta))?,
            false => document.serialize_entry("meta", &self.meta)?,
        }
        document.end()
    }
}

impl Serialize for Links {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = [("first", &self.first), ("prev", &self.prev), ("next", &self.next), ("last", &self.last)];
        let mut links = serializer.serialize_map(None)?;
        for (name, link) in all {
            match (self.unreadable.contains(name), link) {
                (true, link) => links.serialize_entry(name, &Unread(link))?,
                (false, Some(link)) => links.serialize_entry(name, link)?,
                (false, None) => {}
            }
        }
        links.end()
    }
}

/// Each resource as it came. What had no legible type or id is `null`.
impl Serialize for Included {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for text in self.texts() {
            list.serialize_element(text)?;
        }
        if self.has_unreadable() {
            list.serialize_element(&())?;
        }
        list.end()
    }
}

impl Serialize for ResourceIdentifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut identifier = serializer.serialize_map(Some(2))?;
        identifier.serialize_entry("type", &self.kind)?;
        identifier.serialize_entry("id", &self.id)?;
        identifier.end()
    }
}

/// Not loaded is an object without `data`.
impl Serialize for ToOne {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut relationship = serializer.serialize_map(None)?;
        match &self.data {
            Linkage::NotLoaded => {}
            Linkage::Empty => relationship.serialize_entry("data", &())?,
            Linkage::To(identifier) => relationship.serialize_entry("data", identifier)?,
            Linkage::Unreadable => relationship.serialize_entry("data", &Unread(&None::<()>))?,
        }
        relationship.end()
    }
}

impl Serialize for ToMany {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut relationship = serializer.serialize_map(None)?;
        match (self.is_unreadable(), &self.data) {
            (true, _) => relationship.serialize_entry("data", &Unread(&None::<()>))?,
            (false, Some(identifiers)) => relationship.serialize_entry("data", identifiers)?,
            (false, None) => {}
        }
        relationship.end()
    }
}

/// They say themselves what could not be read.
impl Member for ToOne {
    fn write_unreadable<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}

impl Member for ToMany {
    fn write_unreadable<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.serialize(serializer)
    }
}
