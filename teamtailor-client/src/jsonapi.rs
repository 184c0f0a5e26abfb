//! JSON:API documents: what stands around the resources in Teamtailor's answers.
//!
//! * [`Document`] and [`ListDocument`]: one resource or a page of them, with what came along.
//! * [`Included`]: the resources that came along, decoded when asked for.
//! * [`ToOne`] and [`ToMany`]: links from one resource to others.

mod document;
mod envelope;
pub(crate) mod id;
mod included;
mod paged;
mod related;
mod relationship;
#[cfg(feature = "serialize")]
mod write;

pub use self::{
    document::{Document, Links, ListDocument, Meta},
    included::{Included, Resource},
    relationship::{Linkage, ResourceIdentifier, ToMany, ToOne},
};
pub(crate) use self::{
    envelope::{Envelope, RequestLinkage},
    paged::paged,
};
