//! Tests of the core. They need no socket.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod canary;
mod card;
mod convention;
mod document;
mod faults;
mod fence;
mod field_value;
mod ledger;
mod link;
mod mapping;
mod mapping_broken;
mod mapping_diagnostics;
mod mapping_good;
mod permissions;
mod plan;
mod plan_properties;
mod prefill;
mod schemas;
mod stage;
mod story;
mod sync;
mod three_way_table;
mod value_properties;
