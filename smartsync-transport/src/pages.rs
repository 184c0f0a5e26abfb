//! Walks a list page by page, or item by item.

use std::{
    collections::{BTreeSet, VecDeque},
    fmt,
    hash::{BuildHasher, RandomState},
};

use crate::{
    client::ApiClient,
    decode::{DecodeError, Lenient},
    endpoint::{NextPage, Paged, Service},
    error::Error,
};

/// Why a list could not be walked further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The page could not be read. If the error is [terminal](Error::is_terminal), that ends the walk: the next call returns
    /// `None`. Else the place is kept, and the next call asks for the same page again.
    #[error(transparent)]
    Request(#[from] Error),
    /// One item has another shape than documented. The walk goes on behind it.
    #[error("item {position} of the page could not be read")]
    Item {
        /// Position in its page, from 0.
        position: usize,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// The link to the next page leads to a page that was there before.
    #[error("the list does not end: its link to the next page leads to a page already visited")]
    Endless,
    /// The list has more items than the service lets one reach. Narrow it with a filter.
    #[error("the list goes on, but the service does not allow paging any further: narrow it with a filter")]
    OutOfReach,
}

/// Walks a list page by page.
///
/// An error that passes keeps the place: the next call waits a second and asks for the same page again, so that a loop that
/// skips errors neither spins nor floods the service. An error that does not pass ([`Error::is_terminal`]) ends the walk.
#[derive(Debug)]
pub struct Pages<E: Paged> {
    client: ApiClient<E::Service>,
    endpoint: E,
    next: Option<Place>,
    seen: Links,
    has_failed: bool,
}

/// The links that were there before, as hashes: a long list has many, and they are long.
///
/// 128 bits each, under a key of the walk's own. Two links of a healthy list have the same hash with a chance of one in 2^128, so even
/// a walk of a million pages is ended by that with one in 10^26; with half the bits it would be one in 10^7.
#[derive(Default)]
struct Links {
    key: RandomState,
    seen: BTreeSet<[u64; 2]>,
}

impl Links {
    /// Notes the link. False if it was there before.
    fn insert(&mut self, link: &str) -> bool {
        self.seen.insert([0, 1].map(|half: u8| self.key.hash_one((half, link))))
    }
}

/// What has to be asked next.
#[derive(Clone)]
enum Place {
    Operation,
    Link(String),
    Endless,
    OutOfReach,
}

/// Without the links: a query can hold what was searched for.
impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} links", self.seen.len())
    }
}

/// Without the link: its query can hold what was searched for.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation => "Operation",
            Self::Link(_) => "Link(_)",
            Self::Endless => "Endless",
            Self::OutOfReach => "OutOfReach",
        })
    }
}

impl<S: Service> ApiClient<S> {
    /// Walks the pages of a list, beginning with `first`.
    pub fn pages<E: Paged<Service = S>>(&self, first: E) -> Pages<E> {
        Pages::new(self.clone(), first)
    }
}

impl<E: Paged> Pages<E> {
    pub(crate) fn new(client: ApiClient<E::Service>, first: E) -> Self {
        Self {
            client,
            endpoint: first,
            next: Some(Place::Operation),
            seen: Links::default(),
            has_failed: false,
        }
    }

    /// The next page, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<E::Output, PageError>> {
        if self.has_failed && self.next.is_some() {
            self.client.rest_after_error().await;
            self.has_failed = false;
        }
        let page = match self.next.as_ref()? {
            Place::Operation => self.client.send(&self.endpoint).await,
            Place::Link(link) => self.client.send_link(&self.endpoint, link).await,
            Place::Endless => {
                self.next = None;
                return Some(Err(PageError::Endless));
            }
            Place::OutOfReach => {
                self.next = None;
                return Some(Err(PageError::OutOfReach));
            }
        };
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                if error.is_terminal() {
                    self.next = None;
                }
                self.has_failed = true;
                return Some(Err(error.into()));
            }
        };
        self.next = match self.endpoint.next_page(&page) {
            NextPage::End => None,
            NextPage::Link(link) if link.trim().is_empty() => None,
            NextPage::Link(link) if self.seen.insert(&link) => Some(Place::Link(link)),
            NextPage::Link(_) => Some(Place::Endless),
            NextPage::OutOfReach => Some(Place::OutOfReach),
            NextPage::Operation(next) => {
                self.endpoint = next;
                Some(Place::Operation)
            }
        };
        Some(Ok(page))
    }

    /// Walks the same list item by item.
    #[must_use]
    pub fn items(self) -> Items<E> {
        Items { pages: self, page: VecDeque::new(), position: 0 }
    }
}

/// Walks a list item by item.
#[derive(Debug)]
pub struct Items<E: Paged> {
    pages: Pages<E>,
    page: VecDeque<Lenient<E::Item>>,
    position: usize,
}

impl<E: Paged> Items<E> {
    /// The next item, or `None` after the last.
    pub async fn next(&mut self) -> Option<Result<E::Item, PageError>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                let position = self.position;
                self.position += 1;
                return Some(item.into_result().map_err(|source| PageError::Item { position, source }));
            }
            match self.pages.next().await? {
                Ok(page) => self.page = E::into_items(page).into(),
                Err(error) => return Some(Err(error)),
            }
            self.position = 0;
        }
    }

    /// All remaining items, or the first error.
    ///
    /// # Errors
    ///
    /// The first [`PageError`] met.
    pub async fn collect(mut self) -> Result<Vec<E::Item>, PageError> {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item?);
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_long_links_are_told_apart_and_kept_short() {
        let link = |page: u32| format!("https://library.example/v1/books?page={page}&{}", "f".repeat(300));
        let mut links = Links::default();
        assert!((0..10_000).all(|page| links.insert(&link(page))));
        assert!((0..10_000).all(|page| !links.insert(&link(page))));
        assert_eq!(links.seen.iter().map(size_of_val).sum::<usize>(), 160_000, "of three million bytes");
    }
}
