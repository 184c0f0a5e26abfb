//! Tests of the core. They need no socket.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod canary;
mod card;
mod convention;
mod creation_crashes;
mod document;
mod faults;
mod field_value;
mod forget;
mod ledger;
mod ledger_conformance;
mod link;
mod mapping;
mod plan;
mod plan_properties;
mod prefill;
mod stage;
mod story;
mod sync;
mod three_way_table;
mod value_properties;
