//! Pages of a list.

use serde::Deserialize;
use smartsync_transport::{DecodeError, Lenient, NextPage, generated_support::lenient};

/// The largest offset that Oneflow accepts.
const LAST_OFFSET: u32 = 19_900;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Page<T> {
    /// Number of all items under the filters and permissions, not of those on this page.
    #[serde(default, deserialize_with = "lenient")]
    pub count: Option<u64>,
    /// The items of this page, each decoded by itself.
    #[serde(bound(deserialize = "T: serde::de::DeserializeOwned"))]
    pub data: Vec<Lenient<T>>,
    /// Addresses of the neighbouring pages: a convenience, so that another shape than expected does not lose the page.
    #[serde(rename = "_links", default, deserialize_with = "lenient")]
    pub links: PageLinks,
}

/// Addresses of the neighbouring pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PageLinks {
    /// The page after this one.
    pub next: Option<PageLink>,
    /// The page before this one.
    pub previous: Option<PageLink>,
}

/// The address of a page.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PageLink {
    /// URL. Its query can hold what was searched for.
    pub href: Option<String>,
}

impl<T> Page<T> {
    /// The items, or what is wrong with them, in order.
    #[must_use]
    pub fn into_items(self) -> Vec<Result<T, DecodeError>> {
        self.data.into_iter().map(Lenient::into_result).collect()
    }

    /// Where the page after this one is, which began at `offset`. `at` makes the operation that reads it.
    pub(crate) fn next_page<E>(&self, offset: Option<u32>, at: impl FnOnce(u32) -> E) -> NextPage<E> {
        let here = u32::try_from(self.data.len()).unwrap_or(u32::MAX);
        let next = offset.unwrap_or(0).saturating_add(here);
        let is_last = match self.count {
            Some(count) => u64::from(next) >= count,
            None => self.links.next.as_ref().is_none_or(|link| link.href.is_none()),
        };
        match (here == 0 || is_last, next > LAST_OFFSET) {
            (true, _) => NextPage::End,
            (false, true) => NextPage::OutOfReach,
            (false, false) => NextPage::Operation(at(next)),
        }
    }
}

/// A link's query can hold what was searched for, so only its presence is printed.
impl std::fmt::Debug for PageLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageLink").field("href", &self.href.as_ref().map(|_| "_")).finish()
    }
}
