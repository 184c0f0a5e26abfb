//! The top level of an answer.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, MapAccess},
};
use serde_json::Value;
use smartsync_transport::{
    Lenient, Unreadable,
    generated_support::{Name, Object, Read, Readable, Slot, deserialize_object},
};

use crate::jsonapi::Included;

/// One resource, with what came along.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Document<T> {
    /// The resource.
    pub data: T,
    /// What was asked for with `include`.
    pub included: Included,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

/// One page of resources, with what came along.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ListDocument<T> {
    /// The resources. One of another shape than documented is an error and does not lose its neighbours.
    pub data: Vec<Lenient<T>>,
    /// What was asked for with `include`, for all resources of the page.
    pub included: Included,
    /// Links to other pages.
    pub links: Links,
    /// The size of the whole list.
    pub meta: Meta,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

/// Links to the pages of a list: absolute URLs. They can hold a filter's value, so `Debug` does not print them.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Links {
    /// The first page.
    pub first: Option<String>,
    /// The page before this one.
    pub prev: Option<String>,
    /// The page after this one; `None` on the last page.
    pub next: Option<String>,
    /// The last page.
    pub last: Option<String>,
    /// Members that were there and could not be read. `next` is not among them: without it, there is no page.
    pub unreadable: Unreadable,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let links =
            [("first", &self.first), ("prev", &self.prev), ("next", &self.next), ("last", &self.last)];
        f.debug_list().entries(links.iter().filter(|(_, link)| link.is_some()).map(|(name, _)| name)).finish()
    }
}

/// The size of a whole list. Lists that are paged by a cursor do not give it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meta {
    /// Resources in the list.
    pub record_count: Option<u64>,
    /// Pages in the list.
    pub page_count: Option<u64>,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

smartsync_transport::read_object! {
    Meta {
        optional record_count: "record-count",
        optional page_count: "page-count",
    }
}

impl Object for Links {
    fn read_members<'de, M: MapAccess<'de>>(mut members: M, _: bool) -> Result<Read<Self>, M::Error> {
        let [mut first, mut prev, mut next, mut last] = [(); 4].map(|()| Slot::<Link>::default());
        let name = |name: &str| match name {
            "first" => Some(0),
            "prev" => Some(1),
            "next" => Some(2),
            "last" => Some(3),
            _ => None,
        };
        while let Some(member) = members.next_key_seed(Name(name))? {
            match member {
                Some(0) => first.read(&mut members, false)?,
                Some(1) => prev.read(&mut members, false)?,
                Some(2) => next.read(&mut members, false)?,
                Some(3) => last.read(&mut members, false)?,
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        let mut unreadable = Unreadable::default();
        let mut link = |name, slot: Slot<Link>| {
            slot.note(name, &mut unreadable);
            slot.into_value().map(|Link(href)| href)
        };
        let links = [link("first", first), link("prev", prev), link("next", next), link("last", last)];
        let [first, prev, next, last] = links;
        // A list must not end early unseen.
        let is_page = !unreadable.contains("next");
        Ok(match is_page {
            true => Read::Whole(Self { first, prev, next, last, unreadable }),
            false => Read::Unreadable,
        })
    }
}

/// A link: a text, or an object with one, which JSON:API allows as well.
struct Link(String);

impl Readable for Link {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        let (Read::Whole(link) | Read::Partial(link)) = Value::read(deserializer)? else {
            return Ok(Read::Null);
        };
        let href = match link {
            Value::String(href) => Some(href),
            Value::Object(mut link) => match link.remove("href") {
                Some(Value::String(href)) => Some(href),
                _ => None,
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
        };
        Ok(href.map_or(Read::Unreadable, |href| Read::Whole(Self(href))))
    }
}

impl<T: DeserializeOwned> Object for Document<T> {
    fn read_members<'de, M: MapAccess<'de>>(mut members: M, _: bool) -> Result<Read<Self>, M::Error> {
        let (mut data, mut included) = (None, Slot::default());
        while let Some(member) = members.next_key_seed(Name(Member::of))? {
            match member {
                Some(Member::Data) => once(&mut data, members.next_value()?)?,
                Some(Member::Included) => included.read(&mut members, false)?,
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        let mut unreadable = Unreadable::default();
        included.note("included", &mut unreadable);
        let data = data.ok_or_else(|| Error::missing_field("data"))?;
        Ok(Read::Whole(Self { data, included: included.into_value().unwrap_or_default(), unreadable }))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_object(deserializer)
    }
}

impl<T: DeserializeOwned> Object for ListDocument<T> {
    fn read_members<'de, M: MapAccess<'de>>(mut members: M, _: bool) -> Result<Read<Self>, M::Error> {
        let (mut data, mut links) = (None, None);
        let (mut included, mut meta) = (Slot::default(), Slot::default());
        while let Some(member) = members.next_key_seed(Name(Member::of))? {
            match member {
                Some(Member::Data) => once(&mut data, members.next_value()?)?,
                // Without the link to the next page, nobody knows whether there is one.
                Some(Member::Links) => once(&mut links, members.next_value::<Option<Links>>()?)?,
                Some(Member::Included) => included.read(&mut members, false)?,
                Some(Member::Meta) => meta.read(&mut members, false)?,
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        let mut unreadable = Unreadable::default();
        included.note("included", &mut unreadable);
        meta.note("meta", &mut unreadable);
        Ok(Read::Whole(Self {
            data: data.ok_or_else(|| Error::missing_field("data"))?,
            included: included.into_value().unwrap_or_default(),
            links: links.flatten().unwrap_or_default(),
            meta: meta.into_value().unwrap_or_default(),
            unreadable,
        }))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for ListDocument<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_object(deserializer)
    }
}

impl<'de> Deserialize<'de> for Links {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_object::<Self, D>(deserializer)
    }
}

enum Member {
    Data,
    Included,
    Links,
    Meta,
}

impl Member {
    fn of(name: &str) -> Option<Self> {
        match name {
            "data" => Some(Self::Data),
            "included" => Some(Self::Included),
            "links" => Some(Self::Links),
            "meta" => Some(Self::Meta),
            _ => None,
        }
    }
}

/// Takes a member that must not be there twice.
fn once<T, E: Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::custom("a member stands there twice")),
    }
}
