//! What speaks of an item but a notification: whoever has seen one can name any contract with it.

use rusqlite::{Connection, params};

use super::{inbox::ITEM, item::Item};

/// Whether a person, a pass over all, the ledger or a look that has read it has named the item. What waits and what is parked has that noted;
/// of everything else, the ledger and the last look tell.
pub(super) fn is_known(tx: &Connection, Item { tenant, subject }: &Item) -> rusqlite::Result<bool> {
    tx.prepare_cached(&format!(
        "SELECT EXISTS (SELECT 1 FROM waiting WHERE {ITEM} AND is_known)
             OR EXISTS (SELECT 1 FROM parked WHERE {ITEM} AND is_known)
             OR ?2 = 'contract' AND (
                 EXISTS (SELECT 1 FROM ledger WHERE tenant = ?1 AND contract_id = ?3)
                 OR EXISTS (SELECT 1 FROM standing WHERE tenant = ?1 AND contract_id = ?3 AND state IS NOT NULL))"
    ))?
    .query_row(params![tenant, subject.kind(), subject], |row| row.get(0))
}

/// Notes that more than a notification speaks of the item, if it waits: it is no copy any more, and due again if only the pace of what nobody
/// knows has put it back.
pub(super) fn becomes_known(tx: &Connection, Item { tenant, subject }: &Item) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "UPDATE waiting SET is_known = 1, lane = min(lane, 1), run_at = coalesce(put_back_from, run_at),
             put_back_from = NULL
         WHERE {ITEM} AND NOT is_known"
    ))?
    .execute(params![tenant, subject.kind(), subject])
    .map(drop)
}
