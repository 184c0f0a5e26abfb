//! What the program remembers: one SQLite database with the inbox, the ledger and the journal, and the key that it was made under.

pub(crate) mod accounts;
mod database;
pub(crate) mod database_file;
mod inbox;
pub(crate) mod intake;
pub(crate) mod journal;
pub(crate) mod key_names;
mod ledger;
pub(crate) mod migrations;
mod retention;
mod self_description;
pub(crate) mod server_lock;
mod setback;
pub(crate) mod store_error;
pub(crate) mod store_key;
mod writer;

pub(crate) use self::inbox::LONGEST_WAIT;
pub use self::{
    accounts::{Dropped, OTHER_ACCOUNT},
    database::Store,
    inbox::{Claim, Due, Inbox},
    intake::Accepted,
    journal::{
        Counts, Drift, Drifting, DueContract, Journal, LAST_SWEEP, LastLook, Look, LookedField, NextLook,
        Occasion, Parked, ParkedFilter, SqliteJournal, Standing, Status, Trigger,
    },
    ledger::{Erased, SqliteLedger},
    retention::{KeepBases, KeepLooks},
    server_lock::ServerLock,
    setback::Setback,
    store_error::StoreError,
    store_key::StoreKeyError,
};
