//! Takes notifications in: each is noted once, and its contract is looked at.

use std::time::Duration;

use oneflow_client::ContractId;
use rusqlite::params;

use crate::store::{
    inbox::{Inbox, now},
    store_error::StoreError,
};

/// How long a callback id is remembered. Oneflow gives up on a notification within two hours.
const CALLBACK_RETENTION: Duration = Duration::from_secs(40 * 24 * 3600);

/// So many contracts that came under one callback id are looked at in their turn, the others after everything else. Oneflow sends
/// one contract under an id; its signature does not cover which.
const MAX_IN_TURN: u32 = 3;

/// Beyond this number of contracts under one callback id it does not matter how many there are.
pub(crate) const MAX_COUNTED: u32 = MAX_IN_TURN + 2;

/// What became of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// The contract will be looked at.
    New,
    /// The notification was accepted before: Oneflow repeats one until it is answered with 200.
    Duplicate,
    /// Another contract came under the same callback id before, so that at most one of them is what Oneflow sent. All are looked
    /// at.
    SameId {
        /// So many contracts have come under the id, five or more being five.
        contracts: u32,
        /// Whether it is looked at after everything else.
        is_last: bool,
    },
}

impl Inbox {
    /// Notes that `contract` has to be looked at; on the disk when this returns. Where the contract waits because a look has failed,
    /// it is looked at soon: at once if the last look is ten seconds ago, and never before the time that a service asked for.
    ///
    /// # Errors
    ///
    /// [`StoreError`], [`StoreError::Busy`] among them: the notification was **not** noted.
    pub async fn accept(&self, callback_id: &str, contract: ContractId) -> Result<Accepted, StoreError> {
        let callback_id = callback_id.to_owned();
        let accepted = self
            .store
            .transaction_if_free(move |tx| {
                let now = now();
                let new = tx
                    .prepare_cached(
                        "INSERT INTO inbox (callback_id, contract_id, received_at) VALUES (?1, ?2, ?3)
                         ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![callback_id, contract.get(), now])?;
                if new == 0 {
                    return Ok(Accepted::Duplicate);
                }
                let contracts: u32 = tx
                    .prepare_cached(
                        "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE callback_id = ?1 LIMIT ?2)",
                    )?
                    .query_row(params![callback_id, MAX_COUNTED], |row| row.get(0))?;
                let is_last = contracts > MAX_IN_TURN;
                tx.prepare_cached(
                    "INSERT INTO waiting (contract_id, generation, run_at, is_last) VALUES (?1, 1, ?2, ?3)
                     ON CONFLICT DO UPDATE SET generation = generation + 1,
                         is_last = min(is_last, excluded.is_last),
                         run_at = min(run_at, max(not_before, excluded.run_at))",
                )?
                .execute(params![contract.get(), now, is_last])?;
                Ok(if contracts == 1 { Accepted::New } else { Accepted::SameId { contracts, is_last } })
            })
            .await?;
        self.wake.notify_one();
        Ok(accepted)
    }

    /// Forgets callback ids that Oneflow cannot repeat any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn forget_old(&self) -> Result<(), StoreError> {
        self.store
            .transaction(|tx| {
                let now = now();
                // Noted by a clock that was set back since: else they would be kept as long again as it was ahead.
                tx.prepare_cached("UPDATE inbox SET received_at = ?1 WHERE received_at > ?1")?
                    .execute([now])?;
                let limit =
                    now.saturating_sub(i64::try_from(CALLBACK_RETENTION.as_millis()).unwrap_or(i64::MAX));
                tx.prepare_cached("DELETE FROM inbox WHERE received_at < ?1")?.execute([limit]).map(drop)
            })
            .await
    }
}
