//! What a database says of itself, of whatever version it is: for which accounts a tenant is, under which keys it was made, and whether it needs one.

use rusqlite::{Connection, OptionalExtension as _, params};
use smartsync_core::Accounts;

use super::tenant::Tenant;

pub(super) const ONEFLOW: &str = "oneflow";
pub(super) const TEAMTAILOR: &str = "teamtailor";

/// How a name is derived. Raised with that: names of another form fit no key, and count as never noted.
pub(super) const KEY_NAME_FORM: &str = "2:";

/// The tables whose rows mean nothing without the key that they were made under.
const TABLES_UNDER_KEY: [&str; 3] = ["ledger", "cards", "creations"];

/// The accounts that a database names for a tenant.
pub(super) fn accounts(connection: &Connection, tenant: &Tenant) -> rusqlite::Result<Option<Accounts>> {
    let account = |service: &str| -> rusqlite::Result<Option<String>> {
        let of_tenant = match has_tenants(connection, "accounts")? {
            Some(true) => "tenant = ?1",
            // Made before there were tenants, so that it is for the nameless one.
            Some(false) => "?1 = ''",
            None => return Ok(None),
        };
        let query = format!("SELECT account FROM accounts WHERE {of_tenant} AND service = ?2");
        connection.query_row(&query, params![tenant, service], |row| row.get(0)).optional()
    };
    let (oneflow, teamtailor) = (account(ONEFLOW)?, account(TEAMTAILOR)?);
    let oneflow = oneflow.and_then(|account| account.parse().ok());
    Ok(oneflow.zip(teamtailor).map(|(oneflow, teamtailor)| Accounts::new(oneflow, teamtailor.into())))
}

/// Whether a table tells tenants apart; `None` where there is no such table.
pub(super) fn has_tenants(connection: &Connection, table: &str) -> rusqlite::Result<Option<bool>> {
    connection
        .query_row("SELECT sum(name = 'tenant') > 0 FROM pragma_table_info(?1)", [table], |row| row.get(0))
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
