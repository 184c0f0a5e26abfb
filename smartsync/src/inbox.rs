//! What has to be looked at: contracts with a notification that nobody has acted on yet.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::Notify;

use crate::{Store, StoreError};

/// How long a callback id is remembered. Oneflow gives up on a notification within two hours.
const REMEMBERED: Duration = Duration::from_secs(40 * 24 * 3600);

/// How long a claim of another process than the server holds if that process dies.
const LEASE: Duration = Duration::from_secs(5 * 60);

/// The contracts that have to be looked at.
///
/// There is one row per contract. A notification for a contract that waits is absorbed; one for a contract that is
/// being looked at causes exactly one more look. Clones share one wake-up.
#[derive(Clone, Debug)]
pub struct Inbox {
    store: Store,
    wake: Arc<Notify>,
}

/// What became of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// The contract will be looked at.
    New,
    /// The notification was accepted before: Oneflow repeats one until it is answered with 200.
    Duplicate,
}

/// A contract that this process may look at, and no one else.
#[derive(Debug)]
pub struct Claim {
    contract: ContractId,
    generation: i64,
    until: Option<i64>,
    attempts: u32,
    created: bool,
}

impl Claim {
    /// The contract.
    #[must_use]
    pub fn contract(&self) -> ContractId {
        self.contract
    }

    /// How many looks at it have failed in a row.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// Whether a contract is due.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a worker handles both")]
pub enum Due {
    /// This one, and it is claimed.
    Now(Claim),
    /// None yet. The time is when the next one is, if one waits.
    Later(Option<Timestamp>),
}

/// A contract that failed to the last attempt and waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parked {
    /// The contract.
    pub contract: ContractId,
    /// When it was given up.
    pub at: Timestamp,
    /// How many looks failed.
    pub attempts: u32,
    /// Why the last one failed. Holds no value of a field.
    pub reason: String,
}

impl Inbox {
    /// The inbox of `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, wake: Arc::new(Notify::new()) }
    }

    /// Notes that `contract` has to be looked at; on the disk when this returns.
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
                // A contract that backs off keeps its time: the service asked for it.
                tx.prepare_cached(
                    "INSERT INTO dirty (contract_id, generation, run_at) VALUES (?1, 1, ?2)
                     ON CONFLICT DO UPDATE SET generation = generation + 1",
                )?
                .execute(params![contract.get(), now])?;
                Ok(Accepted::New)
            })
            .await?;
        self.wake.notify_one();
        Ok(accepted)
    }

    /// Claims the contract that is due longest.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim_due(&self) -> Result<Due, StoreError> {
        self.store
            .transaction(|tx| {
                let now = now();
                let due = tx
                    .prepare_cached(
                        "SELECT contract_id, generation, attempts FROM dirty
                         WHERE run_at <= ?1 AND (claimed_generation IS NULL OR claimed_until <= ?1)
                         ORDER BY run_at, contract_id LIMIT 1",
                    )?
                    .query_row([now], |row| {
                        Ok(Claim {
                            contract: ContractId::new(row.get(0)?),
                            generation: row.get(1)?,
                            until: None,
                            attempts: row.get(2)?,
                            created: false,
                        })
                    })
                    .optional()?;
                let Some(claim) = due else { return next_time(tx).map(Due::Later) };
                tx.prepare_cached(
                    "UPDATE dirty SET claimed_generation = generation, claimed_until = NULL WHERE contract_id = ?1",
                )?
                .execute([claim.contract.get()])?;
                Ok(Due::Now(claim))
            })
            .await
    }

    /// Claims one contract, whether or not a notification waits, for a process beside the server. `None`: someone
    /// else looks at it at this moment.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn claim(&self, contract: ContractId) -> Result<Option<Claim>, StoreError> {
        self.store
            .transaction(move |tx| {
                let now = now();
                let until = later(now, LEASE);
                let created = tx.execute(
                    "INSERT INTO dirty (contract_id, generation, run_at) VALUES (?1, 1, ?2) ON CONFLICT DO NOTHING",
                    params![contract.get(), now],
                )? > 0;
                tx.query_row(
                    "UPDATE dirty SET claimed_generation = generation, claimed_until = ?2
                     WHERE contract_id = ?1 AND (claimed_generation IS NULL OR claimed_until <= ?3)
                     RETURNING generation, attempts",
                    params![contract.get(), until, now],
                    |row| {
                        let (generation, attempts) = (row.get(0)?, row.get(1)?);
                        Ok(Claim { contract, generation, until: Some(until), attempts, created })
                    },
                )
                .optional()
            })
            .await
    }

    /// The look succeeded. If a notification arrived during it, the contract is looked at once more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn done(&self, claim: Claim) -> Result<(), StoreError> {
        self.finish(claim, |tx, claim| {
            tx.execute("DELETE FROM dead WHERE contract_id = ?1", [claim.contract.get()])?;
            Ok(())
        })
        .await
    }

    /// The look failed: look again after `wait`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn retry(&self, claim: Claim, wait: Duration, reason: String) -> Result<(), StoreError> {
        self.store
            .transaction(move |tx| {
                tx.execute(
                    "UPDATE dirty SET claimed_generation = NULL, claimed_until = NULL, attempts = attempts + 1,
                         run_at = ?4, last_error = ?5
                     WHERE contract_id = ?1 AND claimed_generation = ?2 AND claimed_until IS ?3",
                    params![claim.contract.get(), claim.generation, claim.until, later(now(), wait), reason],
                )
                .map(drop)
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// The look failed for good: a person has to see to it. A later notification is looked at all the same.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn park(&self, claim: Claim, reason: String) -> Result<(), StoreError> {
        self.finish(claim, move |tx, claim| {
            tx.execute(
                "INSERT OR REPLACE INTO dead (contract_id, parked_at, attempts, reason) VALUES (?1, ?2, ?3, ?4)",
                params![claim.contract.get(), now(), claim.attempts + 1, reason],
            )?;
            Ok(())
        })
        .await
    }

    /// Gives a claim back without a look.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn release(&self, claim: Claim) -> Result<(), StoreError> {
        if claim.created {
            return self.finish(claim, |_, _| Ok(())).await;
        }
        self.store
            .transaction(move |tx| {
                tx.execute(
                    "UPDATE dirty SET claimed_generation = NULL, claimed_until = NULL
                     WHERE contract_id = ?1 AND claimed_generation = ?2 AND claimed_until IS ?3",
                    params![claim.contract.get(), claim.generation, claim.until],
                )
                .map(drop)
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }

    /// Gives back the claims of a server that died. Only for the holder of the server lock.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn resume(&self) -> Result<(), StoreError> {
        self.store
            .transaction(|tx| {
                tx.execute("UPDATE dirty SET claimed_generation = NULL WHERE claimed_until IS NULL", [])
                    .map(drop)
            })
            .await
    }

    /// Forgets callback ids that Oneflow cannot repeat any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn forget_old(&self) -> Result<(), StoreError> {
        self.store
            .transaction(|tx| {
                let limit = now() - i64::try_from(REMEMBERED.as_millis()).unwrap_or(i64::MAX);
                tx.execute("DELETE FROM inbox WHERE received_at < ?1", [limit]).map(drop)
            })
            .await
    }

    /// Contracts that wait or are being looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn waiting(&self) -> Result<Vec<ContractId>, StoreError> {
        self.store
            .transaction(|tx| {
                let mut statement =
                    tx.prepare("SELECT contract_id FROM dirty ORDER BY run_at, contract_id")?;
                let rows = statement.query_map([], |row| row.get(0).map(ContractId::new))?;
                rows.collect()
            })
            .await
    }

    /// Contracts that were given up, in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn parked(&self) -> Result<Vec<Parked>, StoreError> {
        self.store
            .transaction(|tx| {
                let mut statement = tx.prepare(
                    "SELECT contract_id, parked_at, attempts, reason FROM dead ORDER BY contract_id",
                )?;
                let rows = statement.query_map([], |row| {
                    Ok(Parked {
                        contract: ContractId::new(row.get(0)?),
                        at: instant(row.get(1)?),
                        attempts: row.get(2)?,
                        reason: row.get(3)?,
                    })
                })?;
                rows.collect()
            })
            .await
    }

    /// Whether a notification could be noted: writes a page of the database as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn is_ready(&self) -> Result<(), StoreError> {
        self.store
            .transaction(|tx| {
                let version: i64 = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
                tx.pragma_update(None, "user_version", version)
            })
            .await
    }

    /// Resolves when something was noted or given back since the last call.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }

    /// Ends a claim. The row goes, unless a notification arrived in the meantime: then it is due at once.
    async fn finish<F>(&self, claim: Claim, also: F) -> Result<(), StoreError>
    where
        F: FnOnce(&Connection, &Claim) -> rusqlite::Result<()> + Send + 'static,
    {
        self.store
            .transaction(move |tx| {
                let mine = params![claim.contract.get(), claim.generation, claim.until];
                let deleted = tx.execute(
                    "DELETE FROM dirty WHERE contract_id = ?1 AND generation = ?2
                         AND claimed_generation = ?2 AND claimed_until IS ?3",
                    mine,
                )?;
                let again = tx.execute(
                    "UPDATE dirty SET claimed_generation = NULL, claimed_until = NULL, attempts = 0,
                         run_at = ?4, last_error = NULL
                     WHERE contract_id = ?1 AND claimed_generation = ?2 AND claimed_until IS ?3",
                    params![claim.contract.get(), claim.generation, claim.until, now()],
                )?;
                // A lapsed claim has nothing to say any more.
                if deleted + again > 0 { also(tx, &claim) } else { Ok(()) }
            })
            .await?;
        self.wake.notify_one();
        Ok(())
    }
}

fn next_time(tx: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let next: Option<i64> = tx
        .prepare_cached(
            "SELECT min(CASE WHEN claimed_generation IS NULL THEN run_at ELSE max(run_at, claimed_until) END)
             FROM dirty",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(next.map(instant))
}

/// Milliseconds since 1970, as the tables keep them.
fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

fn later(from: i64, wait: Duration) -> i64 {
    from.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}
