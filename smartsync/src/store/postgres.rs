//! The same in PostgreSQL, for several processes on any number of machines: one row per item, a claim that ends with the connection of
//! the process that has it.

mod accounts;
mod claim;
mod connection;
mod copy_side;
mod copying;
mod held_by_hand;
mod intake;
mod journal;
mod key_names;
mod known;
mod leases;
mod ledger;
mod look_notes;
mod migrations;
mod no_tls;
mod overview;
mod permits;
mod pooler;
mod postgres_error;
mod postgres_state;
mod postgres_store;
mod reach;
mod session;
mod setback;
mod standing;
mod status;
mod tenant_column;
mod work;

pub(super) use self::copy_side::PostgresSide;
pub use self::{
    journal::PostgresJournal, leases::PostgresLeases, ledger::PostgresLedger, overview::PostgresOverview,
    postgres_state::PostgresState, postgres_store::PostgresStore, work::PostgresWork,
};
