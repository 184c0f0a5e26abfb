//! From a configuration to the two clients, to the engine over a database, and to whoever receives alerts.

pub(crate) mod alert_receiver;
pub(crate) mod clients;
mod decision_desk;
pub(crate) mod engine_clients;
pub(crate) mod engine_source;
pub(crate) mod limit_wait;
mod open;
mod open_state;
pub(crate) mod request_count;
mod sent_contracts;
pub(crate) mod tenant_label;
pub(crate) mod test_notification;
pub(crate) mod upstream_requests;

pub use self::{
    clients::SchemasError,
    decision_desk::{Deciding, DecisionDesk, DecisionError},
    limit_wait::{LimitWait, LimitWaits},
    open::OpenError,
    request_count::RequestCount,
    sent_contracts::{SentContracts, sent_contracts},
};
