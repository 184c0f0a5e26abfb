//! From a configuration to the two clients, and to the engine over a database.

pub(crate) mod engine_source;
pub(crate) mod limit_wait;
mod open;
mod sent_contracts;

pub use self::{
    limit_wait::{LimitWait, LimitWaits},
    open::{OpenError, SchemasError},
    sent_contracts::{SentContracts, sent_contracts},
};
