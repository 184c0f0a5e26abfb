//! The same in PostgreSQL, for several processes on any number of machines: one row per item, a claim that ends with the connection of
//! the process that has it.

mod address;
mod claim;
mod connection;
mod intake;
mod journal;
mod ledger;
mod leases;
mod migrations;
mod pooler;
mod postgres_error;
mod postgres_store;
mod session;
mod setback;
mod standing;
mod status;
mod work;

pub use self::{journal::PostgresJournal, leases::PostgresLeases, ledger::PostgresLedger, postgres_store::PostgresStore, work::PostgresWork};
