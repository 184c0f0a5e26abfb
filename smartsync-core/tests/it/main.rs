//! Tests of the core. They need no socket.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

mod accounting;
mod canary;
mod card;
mod convention;
mod creation_crashes;
mod definitions_cache;
mod document;
mod document_host;
mod every_reason;
mod faults;
mod fence;
mod fenced;
mod field_value;
mod forget;
mod ledger;
mod ledger_conformance;
mod link;
mod mapping;
mod mapping_broken;
mod mapping_diagnostics;
mod mapping_good;
mod model_check;
mod next_look;
mod permissions;
mod plan;
mod plan_order;
mod plan_properties;
mod plausible_values;
mod prefill;
mod rank;
mod recorded_account;
mod recorder;
mod refused_fields;
mod schemas;
mod scope;
mod stage;
mod story;
mod sync;
mod three_way_table;
mod value_properties;
