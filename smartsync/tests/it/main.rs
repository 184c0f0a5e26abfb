//! Tests of the host: configuration, inbox, server, command line, the whole story.

#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]

mod accounts;
mod alerts;
mod altered_copies;
mod backlog;
mod by_hand;
mod change_limit;
mod check;
mod check_offline;
mod commands;
mod config;
mod config_schema;
mod config_tenants;
mod connections;
mod contracts_of_others;
#[cfg(feature = "demo")]
mod demo;
mod diagnostics;
mod docs_links;
#[cfg(feature = "demo")]
mod drill;
mod explain;
mod facts_file;
mod floods;
mod foreign_numbers;
mod foreign_text;
mod forget;
mod history;
mod inbox;
#[cfg(target_os = "linux")]
mod init;
mod journal;
mod key_file;
mod keys;
mod kill;
mod kills_under_load;
mod ledger;
#[cfg(unix)]
mod limits;
mod link;
mod log;
mod machine;
mod manners;
mod many_held_fields;
mod messages;
mod metrics;
mod outages;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod overview;
mod page;
mod page_access;
mod page_command;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod parked_pages;
mod permissions;
mod plain_http;
mod plan_output;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_commands;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_conformance;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_kills;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_privacy;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_sessions;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod postgres_tls;
#[cfg(unix)]
mod power_cuts;
mod privacy;
mod probe;
mod probe_writes;
mod readiness;
mod receiver;
mod refused_to_all;
mod reload;
mod resolve;
mod retention;
mod rooms;
mod sandbox_by_hand;
mod schema_file;
mod second_chances;
mod shared_reads;
#[cfg(unix)]
mod signals;
mod start;
mod startup_check;
mod state;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod store_copy;
#[cfg(unix)]
#[cfg(feature = "postgres")]
mod store_copy_kills;
mod strangers;
mod support;
mod sweep;
mod sync_all;
#[cfg(unix)]
mod tail;
mod tallies;
mod tenants;
mod tenants_of_one_server;
mod tenants_on_the_command_line;
mod things_to_do;
mod upgrade;
mod version;
#[cfg(unix)]
mod views_on_the_command_line;
mod way_in;
mod what_comes_with_a_decision;
#[cfg(not(feature = "postgres"))]
mod without_postgres;
mod work_conformance;
mod worker;
