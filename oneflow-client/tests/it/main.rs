//! The client against the reference sheet, without and with a socket. Loopback only.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
#[cfg(feature = "reqwest")]
#[cfg(feature = "reqwest")]
mod client;
mod decoding;
mod paging;
mod redaction;
mod requests;
mod webhook;
