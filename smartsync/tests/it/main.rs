//! Tests of the host: configuration, inbox, server, command line, the whole story.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod check;
mod check_offline;
mod commands;
mod config;
mod config_schema;
mod connections;
#[cfg(feature = "demo")]
mod demo;
mod diagnostics;
mod foreign_text;
mod forget;
mod home;
mod inbox;
mod key_file;
mod kill;
mod ledger;
mod link;
mod machine;
mod messages;
mod misfits;
mod permissions;
mod plain_http;
mod plan_output;
mod privacy;
mod readiness;
mod receiver;
mod schema_file;
mod second_chances;
mod start;
mod sync_all;
mod worker;
