//! What speaks of an item but a notification: whoever has seen one can name any contract with it.

use rusqlite::{Connection, params};

use super::item::Item;

/// Whether the ledger has the item, or a look has seen it.
pub(super) fn is_known(tx: &Connection, Item { tenant, subject }: &Item) -> rusqlite::Result<bool> {
    tx.prepare_cached(
        "SELECT ?2 = 'contract' AND (
             EXISTS (SELECT 1 FROM ledger WHERE tenant = ?1 AND contract_id = ?3)
             OR EXISTS (SELECT 1 FROM standing WHERE tenant = ?1 AND contract_id = ?3 AND state IS NOT NULL))",
    )?
    .query_row(params![tenant, subject.kind(), subject], |row| row.get(0))
}
