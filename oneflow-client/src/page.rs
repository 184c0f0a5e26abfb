//! Pages of a list.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, MapAccess},
};
use smartsync_transport::{
    DecodeError, Lenient, NextPage, Unreadable, decode_json,
    generated_support::{Name, Object, Read, Slot, deserialize_object},
};

/// The largest offset that Oneflow accepts.
const LAST_OFFSET: u32 = 19_900;

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// Number of all items under the filters and permissions, not of those on this page.
    pub count: Option<u64>,
    /// The items of this page, each decoded by itself.
    pub data: Vec<Lenient<T>>,
    /// Addresses of the neighbouring pages: a convenience, so that another shape than expected does not lose the page.
    pub links: PageLinks,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

impl<T: DeserializeOwned> Object for Page<T> {
    fn read_members<'de, M: MapAccess<'de>>(mut members: M, _: bool) -> Result<Read<Self>, M::Error> {
        let (mut count, mut links) = (Slot::default(), Slot::default());
        let mut data: Option<Vec<Lenient<T>>> = None;
        let name = |name: &str| match name {
            "count" => Some(Member::Count),
            "data" => Some(Member::Data),
            "_links" => Some(Member::Links),
            _ => None,
        };
        while let Some(member) = members.next_key_seed(Name(name))? {
            match member {
                Some(Member::Count) => count.read(&mut members, false)?,
                Some(Member::Links) => links.read(&mut members, false)?,
                Some(Member::Data) if data.is_some() => return Err(Error::duplicate_field("data")),
                Some(Member::Data) => data = Some(members.next_value()?),
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        let mut unreadable = Unreadable::default();
        count.note("count", &mut unreadable);
        links.note("_links", &mut unreadable);
        Ok(Read::Whole(Self {
            count: count.into_value(),
            data: data.ok_or_else(|| Error::missing_field("data"))?,
            links: links.into_value().unwrap_or_default(),
            unreadable,
        }))
    }
}

enum Member {
    Count,
    Data,
    Links,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_object(deserializer)
    }
}

/// Reads a page, or a bare list: that is all there is, without a count.
pub(crate) fn page_or_list<T: DeserializeOwned>(body: &[u8]) -> Result<Page<T>, DecodeError> {
    if body.trim_ascii_start().first() != Some(&b'[') {
        return decode_json(body);
    }
    let data = decode_json(body)?;
    Ok(Page { count: None, data, links: PageLinks::default(), unreadable: Unreadable::default() })
}

/// Addresses of the neighbouring pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLinks {
    /// The page after this one.
    pub next: Option<PageLink>,
    /// The page before this one.
    pub previous: Option<PageLink>,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

/// The address of a page.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLink {
    /// URL. Its query can hold what was searched for.
    pub href: Option<String>,
    /// Members that were there and could not be read.
    pub unreadable: Unreadable,
}

smartsync_transport::read_object! {
    PageLinks {
        optional next: "next",
        optional previous: "previous",
    }
}

smartsync_transport::read_object! {
    PageLink {
        optional href: "href",
    }
}

#[cfg(feature = "serialize")]
impl<T: serde::Serialize> serde::Serialize for Page<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        use smartsync_transport::generated_support::Unread;
        let mut page = serializer.serialize_map(None)?;
        match (self.unreadable.contains("count"), &self.count) {
            (true, count) => page.serialize_entry("count", &Unread(count))?,
            (false, Some(count)) => page.serialize_entry("count", count)?,
            (false, None) => {}
        }
        page.serialize_entry("data", &self.data)?;
        match self.unreadable.contains("_links") {
            true => page.serialize_entry("_links", &Unread(&self.links))?,
            false => page.serialize_entry("_links", &self.links)?,
        }
        page.end()
    }
}

impl<T> Page<T> {
    /// The items, or what is wrong with them, in order.
    pub fn into_items(self) -> impl Iterator<Item = Result<T, DecodeError>> {
        self.data.into_iter().map(Lenient::into_result)
    }

    /// Where the page after this one is, which began at `offset`. `at` makes the operation that reads it.
    pub(crate) fn next_page<E>(&self, offset: Option<u32>, at: impl FnOnce(u32) -> E) -> NextPage<E> {
        let here = u32::try_from(self.data.len()).unwrap_or(u32::MAX);
        let next = offset.unwrap_or(0).saturating_add(here);
        let is_last = match self.count {
            Some(count) => u64::from(next) >= count,
            None => !self.may_have_a_next(),
        };
        match (here == 0 || is_last, next > LAST_OFFSET) {
            (true, _) => NextPage::End,
            (false, true) => NextPage::OutOfReach,
            (false, false) => NextPage::Operation(at(next)),
        }
    }

    /// Whether the links say that there is a next page. Where they cannot be read, an empty page will be the end.
    fn may_have_a_next(&self) -> bool {
        let is_unreadable = self.unreadable.contains("_links") || self.links.unreadable.contains("next");
        let next = self.links.next.as_ref();
        is_unreadable || next.is_some_and(|link| link.href.is_some() || !link.unreadable.is_empty())
    }
}

/// A link's query can hold what was searched for, so only its presence is printed.
impl std::fmt::Debug for PageLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageLink").field("href", &self.href.as_ref().map(|_| "_")).finish()
    }
}

/// Implements `Paged` for an operation that lists by `offset`.
macro_rules! paged {
    ($list:ident of $item:ty) => {
        impl smartsync_transport::Paged for $list {
            type Item = $item;

            fn next_page(&self, page: &Self::Output) -> smartsync_transport::NextPage<Self> {
                page.next_page(self.offset, |offset| self.clone().offset(offset))
            }

            fn into_items(page: Self::Output) -> Vec<smartsync_transport::Lenient<$item>> {
                page.data
            }
        }
    };
}
pub(crate) use paged;
