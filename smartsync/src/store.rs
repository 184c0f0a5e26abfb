//! What the program remembers: one SQLite database with the inbox and the ledger, and the key that it was made under.

pub(crate) mod accounts;
pub(crate) mod database;
pub(crate) mod database_file;
mod inbox;
pub(crate) mod intake;
pub(crate) mod key_names;
mod ledger;
mod owner;
mod retention;
mod setback;
pub(crate) mod store_key;

pub(crate) use self::inbox::LONGEST_WAIT;
pub use self::{
    accounts::{Dropped, OTHER_ACCOUNT},
    database::{ServerLock, Store, StoreError},
    inbox::{Claim, Due, Inbox, Parked},
    intake::Accepted,
    ledger::{Erased, SqliteLedger},
    retention::KeepBases,
    setback::Setback,
    store_key::StoreKeyError,
};
