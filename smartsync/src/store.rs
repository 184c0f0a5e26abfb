//! What the program remembers: one SQLite database with the inbox, the ledger and the journal, and the key that it was made under.

mod accounts;
#[cfg(feature = "test-util")]
mod budget_conformance;
mod by_hand;
mod claim;
pub(crate) mod claims;
#[cfg(feature = "test-util")]
mod conformance_rules;
mod copy;
mod database;
pub(crate) mod database_file;
mod inbox;
pub(crate) mod intake;
mod item;
pub(crate) mod journal;
#[cfg(feature = "test-util")]
mod journal_conformance;
#[cfg(feature = "test-util")]
mod kept;
mod kept_ledger;
pub(crate) mod key_names;
mod known;
pub(crate) mod lane;
mod ledger;
#[cfg(feature = "test-util")]
mod memory_bench;
#[cfg(feature = "test-util")]
mod memory_leases;
#[cfg(feature = "test-util")]
mod memory_work;
pub(crate) mod migrations;
mod overview;
mod pace;
mod paces;
#[cfg(test)]
mod planted_budget_faults;
#[cfg(test)]
mod planted_faults;
#[cfg(test)]
mod planted_journal_faults;
#[cfg(feature = "postgres")]
mod postgres;
mod postgres_address;
mod reader;
mod retention;
mod self_description;
pub(crate) mod server_lock;
mod setback;
mod sqlite_state;
mod state;
pub(crate) mod store_error;
pub(crate) mod store_key;
mod tenant;
pub(crate) mod tenant_turns;
#[cfg(feature = "test-util")]
mod test_time;
mod under_claim;
mod work;
#[cfg(feature = "test-util")]
mod work_conformance;
mod writer;

pub(crate) use self::inbox::LONGEST_WAIT;
#[cfg(feature = "postgres")]
pub use self::postgres::{
    PostgresJournal, PostgresLeases, PostgresLedger, PostgresOverview, PostgresState, PostgresStore,
    PostgresWork,
};
pub use self::{
    accounts::{Dropped, OTHER_ACCOUNT},
    by_hand::ByHand,
    claim::{Claim, Due},
    copy::{
        Copied, CopiedColumn, CopiedKind, CopiedRows, CopiedTable, CopyError, StoreCopy, StoreEnd,
        copied_tables,
    },
    database::Store,
    inbox::Inbox,
    intake::Accepted,
    item::{Item, Subject},
    journal::{
        Action, Counts, Decided, DecisionEnd, Drift, Drifting, DueContract, Journal, LAST_SWEEP, LastLook,
        Look, LookFailure, LookedField, NextLook, NotedLook, Occasion, Parked, ParkedFilter, Seen,
        SqliteJournal, Standing, Status, Trigger, decisions_without_end,
    },
    kept_ledger::{Erased, KeptLedger},
    ledger::SqliteLedger,
    overview::{
        Age, ContractFilter, ContractPage, ContractPlace, ContractRow, Counted, FieldEnd, HeldField,
        HeldPage, HeldPlace, LookAgain, NoPlace, Overview, ParkedPage, ParkedRow, Queued, SqliteOverview,
        Tallied, Tallies,
    },
    postgres_address::{PostgresAddress, PostgresHost, PostgresTls},
    retention::{KeepBases, KeepLooks},
    server_lock::ServerLock,
    setback::Setback,
    sqlite_state::SqliteState,
    state::{Serving, State},
    store_error::StoreError,
    store_key::StoreKeyError,
    tenant::{Tenant, TenantNameError},
    work::{Ended, Ending, Handler, Intake, Turn, Work, WorkLimits},
};
#[cfg(feature = "test-util")]
pub use self::{
    budget_conformance::{BudgetBench, BudgetFault, BudgetRule, budget_conformance},
    journal::MemoryJournal,
    journal_conformance::{JournalBench, JournalFault, JournalRule, journal_conformance},
    memory_bench::MemoryBench,
    memory_leases::MemoryLeases,
    memory_work::MemoryWork,
    test_time::TestTime,
    work_conformance::{OpenedWork, WorkBench, WorkFault, WorkRule, work_conformance},
};
