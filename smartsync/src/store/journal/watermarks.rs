//! How far a periodic work has come, by name: a time, or whatever else tells the next one where to begin.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::rows::NO_TENANT;

pub(super) fn get(tx: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    tx.prepare_cached("SELECT value FROM watermarks WHERE tenant = ?1 AND name = ?2")?
        .query_row([NO_TENANT, name], |row| row.get(0))
        .optional()
}

pub(super) fn set(tx: &Connection, name: &str, value: Option<&str>) -> rusqlite::Result<()> {
    let changed = match value {
        Some(value) => tx
            .prepare_cached("INSERT OR REPLACE INTO watermarks (tenant, name, value) VALUES (?1, ?2, ?3)")?
            .execute(params![NO_TENANT, name, value]),
        None => tx
            .prepare_cached("DELETE FROM watermarks WHERE tenant = ?1 AND name = ?2")?
            .execute([NO_TENANT, name]),
    };
    changed.map(drop)
}
