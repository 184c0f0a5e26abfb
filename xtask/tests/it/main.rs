//! The generator: one test per hard case, and one per refusal; the claims of SECURITY.md; the list of components.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod claims;
mod components;
mod debug;
mod files;
mod jsonapi;
mod models;
mod operations;
mod pinned;
mod predicates;
mod readmes;
mod refusals;
mod support;
