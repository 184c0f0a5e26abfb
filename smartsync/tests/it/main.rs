//! Tests of the host: configuration, inbox, server, command line, the whole story.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod check;
mod commands;
mod config;
#[cfg(feature = "demo")]
mod demo;
mod forget;
mod home;
mod inbox;
mod kill;
mod ledger;
mod privacy;
mod receiver;
mod sync_all;
mod worker;
