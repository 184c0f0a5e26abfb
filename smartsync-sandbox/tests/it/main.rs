//! What the sandbox does, each as a rule.

#![expect(clippy::unwrap_used, reason = "a helper of a test may panic like the test itself")]

mod action_time;
mod candidates;
mod candidates_leave;
mod contract_events;
mod contracts;
mod control_routes;
mod custom_field_definitions;
mod custom_field_values;
mod data_fields;
mod determinism;
mod documents;
mod faults;
#[cfg(feature = "http")]
mod faults_over_http;
mod oneflow_requests;
#[cfg(feature = "http")]
mod over_http;
mod participants;
mod rate_limits;
#[cfg(feature = "http")]
mod readme_flow;
mod schedule;
mod seen_by_others;
mod support;
mod teamtailor_requests;
mod template_type_fields;
mod webhooks;
mod wire_faults;
