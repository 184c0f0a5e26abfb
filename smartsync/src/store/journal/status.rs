//! How the whole stands: what waits, what runs, what is parked, what drifts. Each is a count or the end of an index: nothing here
//! grows with the number of looks.

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;

use super::{
    LAST_SWEEP,
    look::{Occasion, Trigger},
};
use crate::store::{
    inbox::{instant, longest_lease},
    lane::Lane,
    tenant::Tenant,
};

/// How the whole stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// Whether a server works on the database, or may do so for all that is known.
    pub is_served: bool,
    /// Contracts that wait to be looked at.
    pub waiting: u32,
    /// The one of them that is due first: overdue if its time is past. What may be an altered copy of a notification waits on purpose, and is left out:
    /// whoever sends such copies must not make it look as if contracts waited.
    pub oldest_waiting: Option<DueContract>,
    /// The same of those that a notification, a person or a look that failed asked for: what a pass over all contracts has found may wait for
    /// hours, since it is looked at after these.
    pub oldest_asked: Option<DueContract>,
    /// Contracts that are being looked at.
    pub running: u32,
    /// Contracts that were given up, until a person sees to them.
    pub parked: u32,
    /// When the last notification came, as far as it is still remembered.
    pub last_notification: Option<Timestamp>,
    /// When the last periodic pass ended.
    pub last_sweep: Option<Timestamp>,
    /// The last look that is still remembered.
    pub last_look: Option<LastLook>,
    /// Contracts whose agreed values are not on the card.
    pub drift: Drift,
}

/// A contract that waits, and when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DueContract {
    /// The contract.
    pub contract: ContractId,
    /// When it is, or was, due.
    pub at: Timestamp,
}

impl DueContract {
    /// A contract with its time.
    #[must_use]
    pub fn new(contract: ContractId, at: Timestamp) -> Self {
        Self { contract, at }
    }
}

/// The last look of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LastLook {
    /// The contract.
    pub contract: ContractId,
    /// When the look began.
    pub at: Timestamp,
    /// Why: `notification`, `retry`, `sweep`, `by_hand`.
    pub trigger: &'static str,
}

impl LastLook {
    /// The look of this occasion.
    #[must_use]
    pub fn new(occasion: &Occasion) -> Self {
        let Occasion { contract, at, trigger, .. } = *occasion;
        Self { contract, at, trigger: trigger.as_str() }
    }
}

/// Contracts whose agreed values are not on the card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// How many.
    pub contracts: u32,
    /// The one that has drifted longest.
    pub oldest: Option<Drifting>,
}

/// A contract that drifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Drifting {
    /// The contract.
    pub contract: ContractId,
    /// When it was first found so, without having been found otherwise since.
    pub since: Timestamp,
}

impl Drifting {
    /// A contract with the time of the first look that found it so.
    #[must_use]
    pub fn new(contract: ContractId, since: Timestamp) -> Self {
        Self { contract, since }
    }
}

const COUNT_WAITING: &str = "SELECT count(*) FROM waiting WHERE tenant = ?1";
const COUNT_PARKED: &str = "SELECT count(*) FROM parked WHERE tenant = ?1";
/// Those with a claim of a server that runs (`?2`), or one that has not lapsed at this time (`?3`).
const COUNT_RUNNING: &str = "SELECT count(*) FROM waiting INDEXED BY waiting_claimed
    WHERE claimed_generation IS NOT NULL AND tenant = ?1
    AND (claimed_until IS NULL AND ?2 OR claimed_until > ?3 AND claimed_until <= ?4)";
/// Of those in the lane `?2`.
const OLDEST_WAITING: &str = "SELECT id, run_at FROM waiting INDEXED BY waiting_by_turn
    WHERE tenant = ?1 AND lane = ?2 AND claimed_generation IS NULL ORDER BY run_at LIMIT 1";
const LAST_NOTIFICATION: &str = "SELECT max(received_at) FROM inbox WHERE tenant = ?1";
const LAST_LOOK: &str = "SELECT contract_id, looked_at, cause, failures FROM standing
    WHERE tenant = ?1 ORDER BY looked_at DESC LIMIT 1";
const COUNT_DRIFT: &str = "SELECT count(*) FROM standing WHERE drifts_since IS NOT NULL AND tenant = ?1";
const OLDEST_DRIFT: &str = "SELECT contract_id, drifts_since FROM standing
    WHERE drifts_since IS NOT NULL AND tenant = ?1 ORDER BY drifts_since LIMIT 1";

/// How a tenant stands. `is_served`: whether a server works on the database.
pub(super) fn status(
    tx: &Connection,
    tenant: &Tenant,
    now: Timestamp,
    is_served: bool,
) -> rusqlite::Result<Status> {
    let count = |sql: &str| tx.query_row(sql, [tenant], |row| row.get::<_, u32>(0));
    let now = now.as_millisecond();
    let at_this_time = params![tenant, is_served, now, longest_lease(now)];
    let running: u32 = tx.query_row(COUNT_RUNNING, at_this_time, |row| row.get(0))?;
    let oldest = |lane: Lane| {
        let due = |row: &rusqlite::Row<'_>| {
            Ok(DueContract::new(ContractId::new(row.get(0)?), instant(row.get(1)?)))
        };
        tx.query_row(OLDEST_WAITING, params![tenant, lane], due).optional()
    };
    let oldest_waiting = Lane::ALL
        .into_iter()
        .filter(|lane| *lane != Lane::Copies)
        .filter_map(|lane| oldest(lane).transpose())
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let oldest_waiting = oldest_waiting.into_iter().min_by_key(|due| due.at);
    let oldest_asked = oldest(Lane::Asked)?;
    let last_look = tx.query_row(LAST_LOOK, [tenant], |row| {
        let cause: String = row.get(2)?;
        let trigger = Trigger::of_row(&cause, row.get(3)?);
        let contract = ContractId::new(row.get(0)?);
        Ok(LastLook::new(&Occasion::new(contract, trigger, instant(row.get(1)?))))
    });
    let oldest_drift = tx.query_row(OLDEST_DRIFT, [tenant], |row| {
        Ok(Drifting::new(ContractId::new(row.get(0)?), instant(row.get(1)?)))
    });
    let last_sweep = super::watermarks::get(tx, tenant, LAST_SWEEP)?;
    let last_notification: Option<i64> = tx.query_row(LAST_NOTIFICATION, [tenant], |row| row.get(0))?;
    Ok(Status {
        is_served,
        waiting: count(COUNT_WAITING)?.saturating_sub(running),
        oldest_waiting,
        oldest_asked,
        running,
        parked: count(COUNT_PARKED)?,
        last_notification: last_notification.map(instant),
        last_sweep: last_sweep.and_then(|text| text.parse().ok()),
        last_look: last_look.optional()?,
        drift: Drift {
            contracts: tx.query_row(COUNT_DRIFT, [tenant], |row| row.get(0))?,
            oldest: oldest_drift.optional()?,
        },
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::params_from_iter;

    use super::*;
    use crate::store::migrations::migrate;

    /// Of the looks there are millions: a status that reads them holds the writer up.
    #[test]
    fn no_question_of_the_status_reads_the_looks_or_sorts_anything() {
        let mut database = Connection::open_in_memory().unwrap();
        migrate(&mut database).unwrap();
        let questions = [
            COUNT_WAITING,
            COUNT_PARKED,
            COUNT_RUNNING,
            OLDEST_WAITING,
            LAST_NOTIFICATION,
            LAST_LOOK,
            COUNT_DRIFT,
            OLDEST_DRIFT,
        ];
        let steps = questions.map(|question| {
            let mut statement = database.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
            let anything = vec![0; statement.parameter_count()];
            let steps = statement.query_map(params_from_iter(anything), |row| row.get("detail")).unwrap();
            steps.collect::<rusqlite::Result<Vec<String>>>().unwrap().join("; ")
        });
        assert_eq!(
            steps,
            [
                "SEARCH waiting USING COVERING INDEX waiting_by_turn (tenant=?)",
                "SEARCH parked USING PRIMARY KEY (tenant=?)",
                "SEARCH waiting USING INDEX waiting_claimed (tenant=?)",
                "SEARCH waiting USING INDEX waiting_by_turn (tenant=? AND lane=?)",
                "SEARCH inbox USING COVERING INDEX inbox_by_age (tenant=?)",
                "SEARCH standing USING INDEX standing_by_look (tenant=?)",
                "SEARCH standing USING COVERING INDEX standing_by_drift (tenant=? AND drifts_since>?)",
                "SEARCH standing USING COVERING INDEX standing_by_drift (tenant=? AND drifts_since>?)",
            ]
        );
    }
}
