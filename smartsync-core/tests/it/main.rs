//! Tests of the core. They need no socket.

mod canary;
mod card;
mod convention;
mod document;
mod field_value;
mod ledger;
mod link;
mod mapping;
mod plan;
mod plan_properties;
mod prefill;
mod stage;
mod sync;
mod three_way_table;
