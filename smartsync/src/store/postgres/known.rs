//! What speaks of an item but a notification: whoever has seen one can name any contract with it.

use deadpool_postgres::Transaction;

use super::{claim::key, postgres_error::PostgresError};
use crate::store::item::Item;

/// Whether a person, a pass over all, the ledger or a look that has read it has named the item (`$2`, `$3`, `$4`). What waits and what is parked has that noted;
/// of everything else, the ledger and the last look tell.
pub(super) const IS_KNOWN: &str =
    "(EXISTS (SELECT FROM waiting WHERE tenant = $2 AND kind = $3 AND id = $4 AND is_known)
    OR EXISTS (SELECT FROM parked WHERE tenant = $2 AND kind = $3 AND id = $4 AND is_known)
    OR $3 = 'contract' AND (
        EXISTS (SELECT FROM ledger WHERE tenant = $2 AND contract_id = $4)
        OR EXISTS (SELECT FROM standing WHERE tenant = $2 AND contract_id = $4 AND state IS NOT NULL)))";

/// Notes that more than a notification speaks of the item, if it waits: it is no copy any more, and due again if only the pace of what nobody
/// knows has put it back.
pub(super) async fn becomes_known(transaction: &Transaction<'_>, item: &Item) -> Result<(), PostgresError> {
    let (kind, id) = key(item);
    let note = transaction
        .prepare_cached(
            "UPDATE waiting SET is_known = true, lane = least(lane, 1::smallint), run_at = coalesce(put_back_from, run_at),
                 put_back_from = NULL
             WHERE tenant = $1 AND kind = $2 AND id = $3 AND NOT is_known",
        )
        .await?;
    transaction.execute(&note, &[&item.tenant, &kind, &id]).await?;
    Ok(())
}
