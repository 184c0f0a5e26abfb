//! What the sync remembers, in the database: which candidate, and digests of what both sides last agreed on.

use async_trait::async_trait;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Serialize, de::DeserializeOwned};
use smartsync_core::{
    Ledger, LedgerEntry, LedgerError, RequestId,
    ledger::{CardEntry, Creation, LedgerChange, Overwrites, Updated},
};
use teamtailor_client::CandidateId;

use crate::{
    files::without_values::without_values,
    store::{
        database::Store,
        journal,
        known::becomes_known,
        retention::{KeepBases, retire},
        store_error::StoreError,
    },
};

/// The ledger of the engine in the [`Store`].
///
/// It holds ids and keyed digests. No value of a field and no name is in it.
#[derive(Clone, Debug)]
pub struct SqliteLedger {
    store: Store,
    keep_bases: KeepBases,
}

/// How much was erased when a candidate was forgotten: numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Erased {
    /// Whether the candidate was not forgotten before.
    #[serde(skip)]
    pub is_new: bool,
    /// Contracts that were known to be the candidate's, with their digests.
    pub contracts: usize,
    /// Creations of contracts for the candidate.
    pub creations: usize,
    /// Notifications about the candidate's contracts.
    pub notifications: usize,
    /// Contracts of the candidate that waited to be looked at.
    pub waiting: usize,
    /// Contracts of the candidate that had been given up.
    pub parked: usize,
    /// Looks at the candidate's contracts.
    pub looks: usize,
}

impl SqliteLedger {
    /// The ledger in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, keep_bases: KeepBases::default() }
    }

    /// The same with a time after which the digests of a contract in which nothing has changed are erased: with the next change of
    /// any other.
    #[must_use]
    pub fn keep_bases(self, keep_bases: KeepBases) -> Self {
        Self { keep_bases, ..self }
    }

    /// Whether the database names the candidate, be it as one who was forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn knows(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        let candidate = candidate.clone();
        self.store.transaction(move |tx| knows(tx, &candidate)).await
    }

    /// Leaves the tombstone and erases nothing yet: from now on nothing is written for the candidate, and a look that is under way ends
    /// without another write. Returns whether there was none before.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn bury(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        let candidate = candidate.clone();
        self.store.transaction(move |tx| bury(tx, &candidate)).await
    }

    /// Forgets a candidate, as [`Ledger::forget`] does, and says what was erased: everything in the database that names
    /// the candidate or one of its contracts. Afterwards no byte of the file or its log holds any of it but the
    /// tombstone, which is the candidate's id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]. After [`StoreError::Scrub`] the candidate is forgotten, and only the bytes are left to be cleaned:
    /// forgetting again does that.
    pub async fn erase(&self, candidate: &CandidateId) -> Result<Erased, StoreError> {
        let candidate = candidate.clone();
        let erased = self.store.transaction(move |tx| erase(tx, &candidate)).await?;
        self.store.scrub().await?;
        Ok(erased)
    }
}

fn to_text(value: &impl Serialize) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(LedgerError::new)
}

fn entry_or_default<T: Default + DeserializeOwned>(text: Option<String>) -> Result<T, LedgerError> {
    text.map_or_else(|| Ok(T::default()), |text| from_text(&text))
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|error| LedgerError::new(without_values(&error)))
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        let text = self.store.transaction(move |tx| entry_text(tx, contract)).await;
        entry_or_default(text.map_err(LedgerError::new)?)
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        let candidate = candidate.clone();
        let text = self.store.transaction(move |tx| card_text(tx, &candidate)).await;
        entry_or_default(text.map_err(LedgerError::new)?)
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        self.store.transaction(overwrites).await.map_err(LedgerError::new)
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        let change = change.clone();
        let (keep, seconds) = (self.keep_bases, self.store.now() / 1000);
        let updated = self.store.transaction(move |tx| {
            retire(tx, keep, change.contract(), seconds)?;
            update(tx, &change, seconds)
        });
        match updated.await.map_err(LedgerError::new)? {
            UpdateEnd::Updated(updated) => Ok(updated),
            UpdateEnd::Unreadable(error) => Err(error),
        }
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        let request = request.to_string();
        let text: Option<String> = self
            .store
            .transaction(move |tx| {
                tx.query_row("SELECT creation FROM creations WHERE request_id = ?1", [request], |row| {
                    row.get(0)
                })
                .optional()
            })
            .await
            .map_err(LedgerError::new)?;
        text.map(|text| from_text(&text)).transpose()
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        let (request, text) = (request.to_string(), to_text(creation)?);
        let candidate = creation.candidate().clone();
        self.store
            .transaction(move |tx| {
                if has_tombstone(tx, &candidate)? {
                    return Ok(());
                }
                tx.execute(
                    "INSERT OR REPLACE INTO creations (request_id, creation) VALUES (?1, ?2)",
                    params![request, text],
                )
                .map(drop)
            })
            .await
            .map_err(LedgerError::new)
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        let candidate = candidate.clone();
        self.store
            .transaction(move |tx| {
                let mut statement = tx.prepare_cached(
                    "SELECT contract_id FROM ledger WHERE entry ->> '$.candidate' = ?1 ORDER BY contract_id",
                )?;
                let rows =
                    statement.query_map([candidate.as_str()], |row| row.get(0).map(ContractId::new))?;
                rows.collect()
            })
            .await
            .map_err(LedgerError::new)
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.erase(candidate).await.map(drop).map_err(LedgerError::new)
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        let candidate = candidate.clone();
        self.store.transaction(move |tx| has_tombstone(tx, &candidate)).await.map_err(LedgerError::new)
    }
}

fn entry_text(tx: &Connection, contract: ContractId) -> rusqlite::Result<Option<String>> {
    let mut statement = tx.prepare_cached("SELECT entry FROM ledger WHERE contract_id = ?1")?;
    statement.query_row([contract.get()], |row| row.get(0)).optional()
}

fn card_text(tx: &Connection, candidate: &CandidateId) -> rusqlite::Result<Option<String>> {
    let mut statement = tx.prepare_cached("SELECT entry FROM cards WHERE candidate_id = ?1")?;
    statement.query_row([candidate.as_str()], |row| row.get(0)).optional()
}

/// How a change ended that the database did not refuse.
enum UpdateEnd {
    Updated(Updated),
    /// A row cannot be read, so nothing was changed.
    Unreadable(LedgerError),
}

fn update(tx: &Connection, change: &LedgerChange, seconds: i64) -> rusqlite::Result<UpdateEnd> {
    let (contract, candidate) = (change.contract(), change.candidate());
    if has_tombstone(tx, candidate)? {
        return Ok(UpdateEnd::Updated(Updated::Done));
    }
    let before = overwrites(tx)?;
    let mut counted = before.clone();
    let (entry, card) = (entry_text(tx, contract)?, card_text(tx, candidate)?);
    let changed = || {
        let (mut entry, mut card): (LedgerEntry, CardEntry) =
            (entry_or_default(entry)?, entry_or_default(card)?);
        let updated = change.apply(&mut entry, &mut card, &mut counted);
        Ok((to_text(&entry)?, to_text(&card)?, updated))
    };
    let (entry, card, updated) = match changed() {
        Ok(changed) => changed,
        Err(error) => return Ok(UpdateEnd::Unreadable(error)),
    };
    tx.prepare_cached(
        "INSERT INTO ledger (contract_id, entry, changed_at) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET entry = excluded.entry,
             changed_at = iif(entry = excluded.entry, changed_at, excluded.changed_at)",
    )?
    .execute(params![contract.get(), entry, seconds])?;
    becomes_known(tx, &contract.into())?;
    tx.prepare_cached("INSERT OR REPLACE INTO cards (candidate_id, entry) VALUES (?1, ?2)")?
        .execute(params![candidate.as_str(), card])?;
    if counted != before {
        tx.execute("DELETE FROM overwrites", [])?;
        let mut insert = tx.prepare_cached("INSERT INTO overwrites (minute, count) VALUES (?1, ?2)")?;
        for (minute, count) in counted.minutes {
            insert.execute(params![minute, count])?;
        }
    }
    Ok(UpdateEnd::Updated(updated))
}

fn overwrites(tx: &Connection) -> rusqlite::Result<Overwrites> {
    let mut overwrites = Overwrites::default();
    let mut statement = tx.prepare_cached("SELECT minute, count FROM overwrites")?;
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (minute, count) = row?;
        overwrites.minutes.insert(minute, count);
    }
    Ok(overwrites)
}

/// The contracts that are the candidate's (`?1`), by what is known of them, by the creation that made them, or by a write to the card
/// that was begun: a contract that only an address links is bound once its first write has ended. The last look may know it as well.
pub(crate) const CONTRACTS_OF_CANDIDATE: &str =
    "SELECT contract_id FROM ledger WHERE entry ->> '$.candidate' = ?1
     UNION SELECT named.contract FROM (
         SELECT creation ->> '$.created.contract' AS contract FROM creations
             WHERE creation ->> '$.created.candidate' = ?1
         UNION SELECT attempt.value ->> '$.contract' FROM cards, json_each(cards.entry, '$.fields') AS field,
                 json_each(field.value, '$.attempts') AS attempt
             WHERE cards.candidate_id = ?1
         UNION ALL SELECT contract_id FROM standing WHERE candidate_id = ?1
     ) AS named WHERE NOT EXISTS (
         SELECT 1 FROM ledger WHERE contract_id = named.contract AND entry ->> '$.candidate' <> ?1)";

fn bury(tx: &Connection, candidate: &CandidateId) -> rusqlite::Result<bool> {
    let insert = "INSERT INTO forgotten (candidate_id) VALUES (?1) ON CONFLICT DO NOTHING";
    Ok(tx.execute(insert, [candidate.as_str()])? > 0)
}

/// The contracts that are the candidate's.
pub(super) fn contracts_of_candidate(
    tx: &Connection,
    candidate: &CandidateId,
) -> rusqlite::Result<Vec<ContractId>> {
    let mut statement = tx.prepare(CONTRACTS_OF_CANDIDATE)?;
    statement.query_map([candidate.as_str()], |row| row.get(0).map(ContractId::new))?.collect()
}

fn erase(tx: &Connection, candidate: &CandidateId) -> rusqlite::Result<Erased> {
    let params = [candidate.as_str()];
    // All at first, since each of the tables says which contracts are the candidate's.
    let its_contracts = contracts_of_candidate(tx, candidate)?;
    let ids = its_contracts.iter().map(|contract| contract.get()).collect::<serde_json::Value>().to_string();
    let of_its_contracts = |table: &str, column: &str| {
        let delete = format!("DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?1))");
        tx.execute(&delete, [&ids])
    };
    let (notifications, waiting, parked) = (
        of_its_contracts("inbox", "id")?,
        of_its_contracts("waiting", "id")?,
        of_its_contracts("parked", "id")?,
    );
    let contracts = of_its_contracts("ledger", "contract_id")?;
    let looks = journal::erase(tx, candidate, &its_contracts)?;
    tx.execute("DELETE FROM cards WHERE candidate_id = ?1", params)?;
    let creations = tx.execute(
        "DELETE FROM creations WHERE ?1 IN (creation ->> '$.intended.candidate',
             creation ->> '$.released.candidate', creation ->> '$.created.candidate')",
        params,
    )?;
    let is_new = bury(tx, candidate)?;
    Ok(Erased { is_new, contracts, creations, notifications, waiting, parked, looks })
}

fn knows(tx: &Connection, candidate: &CandidateId) -> rusqlite::Result<bool> {
    if journal::names(tx, candidate)? {
        return Ok(true);
    }
    tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM forgotten WHERE candidate_id = ?1)
             OR EXISTS (SELECT 1 FROM cards WHERE candidate_id = ?1)
             OR EXISTS (SELECT 1 FROM ledger WHERE entry ->> '$.candidate' = ?1)
             OR EXISTS (SELECT 1 FROM creations WHERE ?1 IN (creation ->> '$.intended.candidate',
                    creation ->> '$.released.candidate', creation ->> '$.created.candidate'))",
        [candidate.as_str()],
        |row| row.get(0),
    )
}

pub(super) fn has_tombstone(tx: &Connection, candidate: &CandidateId) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM forgotten WHERE candidate_id = ?1)")?
        .query_row([candidate.as_str()], |row| row.get(0))
}
