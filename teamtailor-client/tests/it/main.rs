//! Integration tests: no socket but loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
#[cfg(feature = "reqwest")]
mod broken_answers;
mod builder;
mod candidate_document;
mod candidate_pages;
mod choices;
mod decoding;
#[cfg(feature = "reqwest")]
mod errors;
mod natural_lines;
mod paging;
mod partner_webhook;
mod problems;
mod recorded_answers;
mod redaction;
mod related;
mod relationships;
mod requests;
mod specification;
mod support;
mod teamtailor_error;
mod webhook;
#[cfg(feature = "serialize")]
mod written_again;
