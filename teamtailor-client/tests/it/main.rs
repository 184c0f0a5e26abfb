//! Integration tests: no socket but loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod builder;
mod candidate_document;
mod decoding;
#[cfg(feature = "reqwest")]
mod errors;
mod fixtures;
mod paging;
mod problems;
mod redaction;
mod relationships;
mod requests;
