//! The top level of an answer.

use std::fmt;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use smartsync_transport::{Lenient, generated_support::null_as_default};

use crate::jsonapi::Included;

/// One resource, with what came along.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Document<T> {
    /// The resource.
    pub data: T,
    /// What was asked for with `include`.
    #[serde(default)]
    pub included: Included,
}

/// One page of resources, with what came along.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
#[non_exhaustive]
pub struct ListDocument<T> {
    /// The resources. One of another shape than documented is an error and does not lose its neighbours.
    pub data: Vec<Lenient<T>>,
    /// What was asked for with `include`, for all resources of the page.
    #[serde(default)]
    pub included: Included,
    /// Links to other pages.
    #[serde(default, deserialize_with = "null_as_default")]
    pub links: Links,
    /// The size of the whole list.
    #[serde(default, deserialize_with = "null_as_default")]
    pub meta: Meta,
}

/// Links to the pages of a list: absolute URLs. They can hold a filter's value, so `Debug` does not print them.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Links {
    /// The first page.
    #[serde(default, deserialize_with = "link")]
    pub first: Option<String>,
    /// The page before this one.
    #[serde(default, deserialize_with = "link")]
    pub prev: Option<String>,
    /// The page after this one; `None` on the last page.
    #[serde(default, deserialize_with = "link")]
    pub next: Option<String>,
    /// The last page.
    #[serde(default, deserialize_with = "link")]
    pub last: Option<String>,
}

impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let links =
            [("first", &self.first), ("prev", &self.prev), ("next", &self.next), ("last", &self.last)];
        f.debug_list().entries(links.iter().filter(|(_, link)| link.is_some()).map(|(name, _)| name)).finish()
    }
}

/// The size of a whole list. Lists that are paged by a cursor do not give it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Meta {
    /// Resources in the list.
    #[serde(rename = "record-count", default, deserialize_with = "count")]
    pub record_count: Option<u64>,
    /// Pages in the list.
    #[serde(rename = "page-count", default, deserialize_with = "count")]
    pub page_count: Option<u64>,
}

/// Nothing depends on a count, so one of another shape is none.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Value::deserialize(deserializer).map(|count| count.as_u64())
}

/// JSON:API allows a link to be an object as well. Any other shape is an error: a list must not end early unseen.
fn link<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Link {
        Text(String),
        Object { href: String },
    }
    let link = Option::<Link>::deserialize(deserializer)?;
    Ok(link.map(|link| match link {
        Link::Text(href) | Link::Object { href } => href,
    }))
}
