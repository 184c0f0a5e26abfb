//! How far a periodic work has come, by name: a time, or whatever else tells the next one where to begin.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::tenant::Tenant;

pub(super) fn get(tx: &Connection, tenant: &Tenant, name: &str) -> rusqlite::Result<Option<String>> {
    tx.prepare_cached("SELECT value FROM watermarks WHERE tenant = ?1 AND name = ?2")?
        .query_row(params![tenant, name], |row| row.get(0))
        .optional()
}

pub(super) fn set(tx: &Connection, tenant: &Tenant, name: &str, value: Option<&str>) -> rusqlite::Result<()> {
    let changed = match value {
        Some(value) => tx
            .prepare_cached("INSERT OR REPLACE INTO watermarks (tenant, name, value) VALUES (?1, ?2, ?3)")?
            .execute(params![tenant, name, value]),
        None => tx
            .prepare_cached("DELETE FROM watermarks WHERE tenant = ?1 AND name = ?2")?
            .execute(params![tenant, name]),
    };
    changed.map(drop)
}
