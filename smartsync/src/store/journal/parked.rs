//! The contracts that were given up: which, and what a person decides about them.

use jiff::Timestamp;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::{
    look::{Action, Look, Trigger},
    rows::of_words,
    sqlite_journal,
    standing::standing,
};
use crate::store::{
    inbox::instant,
    intake,
    item::{Item, Subject},
    tenant::Tenant,
};

/// A contract that failed to the last attempt and waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Parked {
    /// The contract.
    pub contract: ContractId,
    /// When it was given up.
    pub at: Timestamp,
    /// How many looks failed.
    pub attempts: u32,
    /// Why the last one failed, in the words of the log. Holds no value of a field.
    pub reason: String,
    /// The codes of what is left, by the journal; none if its last look was before there was one.
    pub codes: Vec<String>,
}

impl Parked {
    /// A contract that was given up then, after so many looks that failed, for this reason.
    #[must_use]
    pub fn new(contract: ContractId, at: Timestamp, attempts: u32, reason: impl Into<String>) -> Self {
        Self { contract, at, attempts, reason: reason.into(), codes: Vec::new() }
    }

    /// The same with the codes of what is left.
    #[must_use]
    pub fn codes(self, codes: Vec<String>) -> Self {
        Self { codes, ..self }
    }
}

/// Which of the parked contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParkedFilter {
    /// All.
    All,
    /// Those of which this is among the [codes](Parked::codes).
    Reason(String),
    /// Those of these that are parked.
    Contracts(Vec<ContractId>),
}

impl ParkedFilter {
    /// Whether this one is meant.
    #[must_use]
    pub fn holds(&self, parked: &Parked) -> bool {
        match self {
            Self::All => true,
            Self::Reason(code) => parked.codes.contains(code),
            Self::Contracts(contracts) => contracts.contains(&parked.contract),
        }
    }
}

/// In the order of their ids.
pub(crate) fn parked(
    tx: &Connection,
    tenant: &Tenant,
    filter: &ParkedFilter,
) -> rusqlite::Result<Vec<Parked>> {
    let mut statement = tx.prepare_cached(
        "SELECT id, parked_at, attempts, reason, coalesce(reasons, '[]') FROM parked
         LEFT JOIN standing ON standing.tenant = parked.tenant AND standing.contract_id = parked.id
         WHERE parked.tenant = ?1 AND kind = 'contract' ORDER BY id",
    )?;
    let row = |row: &Row<'_>| {
        let parked = Parked::new(
            ContractId::new(row.get(0)?),
            instant(row.get(1)?),
            row.get(2)?,
            row.get::<_, String>(3)?,
        );
        Ok(parked.codes(of_words(&row.get::<_, String>(4)?)))
    };
    let rows = statement.query_map([tenant], row)?;
    rows.filter(|row| row.as_ref().map_or(true, |parked| filter.holds(parked))).collect()
}

/// Since when a contract is parked, if it is.
pub(super) fn parked_at(
    tx: &Connection,
    tenant: &Tenant,
    contract: ContractId,
) -> rusqlite::Result<Option<Timestamp>> {
    tx.prepare_cached("SELECT parked_at FROM parked WHERE tenant = ?1 AND kind = 'contract' AND id = ?2")?
        .query_row(params![tenant, contract.get()], |row| Ok(instant(row.get(0)?)))
        .optional()
}

/// Has these be looked at now, as if they had never failed, but not before a service allows it. Returns those that were parked.
pub(super) fn retry(
    tx: &Connection,
    tenant: &Tenant,
    contracts: &[ContractId],
    now: Timestamp,
) -> rusqlite::Result<Vec<ContractId>> {
    let retried = take(tx, tenant, contracts)?;
    let item = |contract: &ContractId| Item::of(tenant.clone(), Subject::Contract(*contract));
    let items: Vec<Item> = retried.iter().map(item).collect();
    intake::enqueue(tx, &items, Trigger::ByHand, now.as_millisecond())?;
    Ok(retried)
}

/// Has these not be parked any more, and tells whose doing that was. Returns those that were.
pub(super) fn leave_alone(
    tx: &Connection,
    tenant: &Tenant,
    contracts: &[ContractId],
    now: Timestamp,
) -> rusqlite::Result<Vec<ContractId>> {
    let dropped = take(tx, tenant, contracts)?;
    for contract in &dropped {
        let candidate = standing(tx, tenant, *contract)?.and_then(|standing| standing.candidate);
        sqlite_journal::record(tx, tenant, &Look::by_hand(Action::Dropped, *contract, now, candidate))?;
    }
    Ok(dropped)
}

/// Has these not be parked any more. Returns those that were.
fn take(tx: &Connection, tenant: &Tenant, contracts: &[ContractId]) -> rusqlite::Result<Vec<ContractId>> {
    let mut delete =
        tx.prepare_cached("DELETE FROM parked WHERE tenant = ?1 AND kind = 'contract' AND id = ?2")?;
    let mut taken = Vec::new();
    for contract in contracts {
        if delete.execute(params![tenant, contract.get()])? > 0 {
            taken.push(*contract);
        }
    }
    Ok(taken)
}
