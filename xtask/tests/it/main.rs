//! The generator: one test per hard case, and one per refusal; the claims of SECURITY.md; the list of components; what is published, and what it offers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod api;
mod claims;
mod compare;
mod components;
mod compose;
mod configuration;
mod debug;
mod deploy;
mod facts;
mod features;
mod files;
mod http;
mod jsonapi;
mod licences;
mod links;
mod models;
mod operations;
mod packages;
mod pinned;
mod predicates;
mod readmes;
mod refusals;
mod site;
mod snippets;
mod sources;
mod support;
