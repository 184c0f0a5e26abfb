//! For which two accounts a database is: pinned at first use, and changed by `adopt` alone.

use rusqlite::{Connection, params};
use serde::Serialize;
use smartsync_core::Accounts;

use super::self_description::{self, ONEFLOW, TEAMTAILOR};
use crate::store::{database::Store, store_error::StoreError};

/// What to do about credentials of another account.
pub const OTHER_ACCOUNT: &str = "use the credentials of the accounts that this database belongs to, or set another database \
    in `[store] url`; only to move this database to the new accounts, stop the server and run `smartsync adopt`";

/// What was erased when a database went over to other accounts: numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Dropped {
    /// Contracts of which it was known whose they are.
    pub contracts: usize,
    /// Candidates of whose cards something was known.
    pub cards: usize,
    /// Creations of contracts.
    pub creations: usize,
    /// Notifications that had come.
    pub notifications: usize,
    /// Contracts that waited to be looked at.
    pub waiting: usize,
    /// Contracts that had been given up.
    pub parked: usize,
    /// Looks at contracts.
    pub looks: usize,
}

/// The accounts that the database is for; `None` before its first use.
pub(crate) async fn pinned(store: &Store) -> Result<Option<Accounts>, StoreError> {
    store.transaction(self_description::accounts).await
}

/// Notes the accounts, unless there are some. Returns those that are noted.
pub(crate) async fn pin(store: &Store, accounts: Accounts) -> Result<Accounts, StoreError> {
    store
        .transaction(move |tx| match self_description::accounts(tx)? {
            Some(known) => Ok(known),
            None => note(tx, &accounts).map(|()| accounts),
        })
        .await
}

/// Has the database be for these accounts from now on. What is remembered of contracts, cards and creations is of others, whose
/// candidates may have the same ids: it goes, and so does what came in or waits, of which nobody can tell whose it is. Who was forgotten stays
/// forgotten.
pub(crate) async fn adopt(store: &Store, accounts: Accounts) -> Result<Dropped, StoreError> {
    store
        .transaction(move |tx| {
            note(tx, &accounts)?;
            let drop = |table: &str| tx.execute(&format!("DELETE FROM {table}"), []);
            // What was overwritten there takes no room here.
            drop("overwrites")?;
            drop("standing")?;
            drop("watermarks")?;
            Ok(Dropped {
                contracts: drop("ledger")?,
                cards: drop("cards")?,
                creations: drop("creations")?,
                notifications: drop("inbox")?,
                waiting: drop("waiting")?,
                parked: drop("parked")?,
                looks: drop("looks")?,
            })
        })
        .await
}

fn note(tx: &Connection, accounts: &Accounts) -> rusqlite::Result<()> {
    let mut insert = tx.prepare("INSERT OR REPLACE INTO accounts (service, account) VALUES (?1, ?2)")?;
    insert.execute(params![ONEFLOW, accounts.oneflow.to_string()])?;
    insert.execute(params![TEAMTAILOR, accounts.teamtailor.as_str()])?;
    Ok(())
}
