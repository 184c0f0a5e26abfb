//! The client against the reference sheet, without and with a socket. Loopback only.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(feature = "reqwest")]
mod client;
mod decoding;
#[cfg(feature = "reqwest")]
mod download;
mod every_answer;
#[cfg(feature = "reqwest")]
mod faults;
mod natural_lines;
mod paging;
mod recorded_answers;
mod redaction;
mod requests;
mod resources;
mod spec;
mod support;
mod unreadable;
mod webhook;
#[cfg(feature = "serialize")]
mod written_again;
