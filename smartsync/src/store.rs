//! What the program remembers: one SQLite database with the inbox and the ledger, and the key that it was made under.

pub(crate) mod accounts;
mod claim;
mod claims;
mod database;
pub(crate) mod database_file;
mod inbox;
pub(crate) mod intake;
mod item;
pub(crate) mod key_names;
mod ledger;
pub(crate) mod migrations;
mod pace;
mod retention;
mod self_description;
pub(crate) mod server_lock;
mod setback;
pub(crate) mod store_error;
pub(crate) mod store_key;
mod work;
mod writer;

pub(crate) use self::inbox::LONGEST_WAIT;
pub use self::{
    accounts::{Dropped, OTHER_ACCOUNT},
    claim::{Claim, Due},
    database::Store,
    inbox::{Inbox, Parked},
    intake::Accepted,
    item::{Item, Subject},
    ledger::{Erased, SqliteLedger},
    retention::KeepBases,
    server_lock::ServerLock,
    setback::Setback,
    store_error::StoreError,
    store_key::StoreKeyError,
    work::{Ended, Ending, Handler, Intake, Trigger, Turn, Work, WorkLimits},
};
