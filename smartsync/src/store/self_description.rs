//! What a database says of itself: for which accounts it is, under which keys it was made, and whether it needs one.

use rusqlite::{Connection, OptionalExtension as _};
use smartsync_core::Accounts;

pub(super) const ONEFLOW: &str = "oneflow";
pub(super) const TEAMTAILOR: &str = "teamtailor";

/// How a name is derived. Raised with that: names of another form fit no key, and count as never noted.
pub(super) const KEY_NAME_FORM: &str = "2:";

/// The tables whose rows mean nothing without the key that they were made under.
const TABLES_UNDER_KEY: [&str; 3] = ["ledger", "cards", "creations"];

/// The accounts that a database names.
pub(super) fn accounts(connection: &Connection) -> rusqlite::Result<Option<Accounts>> {
    let table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'accounts'";
    if connection.query_row(table, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    let account = |service: &str| -> rusqlite::Result<Option<String>> {
        let query = "SELECT account FROM accounts WHERE service = ?1";
        connection.query_row(query, [service], |row| row.get(0)).optional()
    };
    let (oneflow, teamtailor) = (account(ONEFLOW)?, account(TEAMTAILOR)?);
    let oneflow = oneflow.and_then(|account| account.parse().ok());
    Ok(oneflow.zip(teamtailor).map(|(oneflow, teamtailor)| Accounts::new(oneflow, teamtailor.into())))
}

/// The names of keys that a database holds.
pub(super) fn key_names(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'keys'";
    if connection.query_row(table, [], |_| Ok(())).optional()?.is_none() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT name FROM keys WHERE name LIKE ?1 || '%'")?;
    statement.query_map([KEY_NAME_FORM], |row| row.get(0))?.collect()
}

/// Whether the database holds anything that means nothing without the key that it was made under.
pub(super) fn needs_key(connection: &Connection) -> rusqlite::Result<bool> {
    let mut needs_key = false;
    for table in TABLES_UNDER_KEY {
        let is_there = connection
            .query_row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1", [table], |_| Ok(()))
            .optional()?
            .is_some();
        needs_key |= is_there
            && connection
                .query_row(&format!("SELECT EXISTS (SELECT 1 FROM {table})"), [], |row| row.get(0))?;
    }
    Ok(needs_key)
}
