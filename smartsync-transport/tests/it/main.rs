//! Tests of the seam, each with the least powerful tool that can show the rule.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod call;
mod client;
mod decode;
mod download;
mod hints;
mod limiter;
mod limiter_under_load;
mod multipart;
mod natural_lines;
mod pages;
mod recorded_answers;
mod redaction;
mod reqwest_transport;
mod retry;
mod says_why;
mod scripted;
mod settings;
mod shared_budget;
mod shared_limiter;
mod sleep;
mod support;
mod timestamp;
mod trace;
mod types;
mod unreadable;
