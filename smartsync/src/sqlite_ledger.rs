//! What the sync remembers, in the database: which candidate, and digests of what both sides last agreed on.

use async_trait::async_trait;
use oneflow_client::ContractId;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Serialize, de::DeserializeOwned};
use smartsync_core::{Creation, Ledger, LedgerEntry, LedgerError, RequestId};
use teamtailor_client::CandidateId;

use crate::Store;

/// The ledger of the engine in the [`Store`].
///
/// It holds ids and keyed digests. No value of a field and no name is in it.
#[derive(Clone, Debug)]
pub struct SqliteLedger {
    store: Store,
}

impl SqliteLedger {
    /// The ledger in `store`.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

fn to_text(value: &impl Serialize) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(LedgerError::new)
}

fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(LedgerError::new)
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn load(&self, contract: ContractId) -> Result<LedgerEntry, LedgerError> {
        let text: Option<String> = self
            .store
            .transaction(move |tx| {
                tx.query_row("SELECT entry FROM ledger WHERE contract_id = ?1", [contract.get()], |row| {
                    row.get(0)
                })
                .optional()
            })
            .await
            .map_err(LedgerError::new)?;
        text.map_or_else(|| Ok(LedgerEntry::default()), |text| from_text(&text))
    }

    async fn save(&self, contract: ContractId, entry: &LedgerEntry) -> Result<(), LedgerError> {
        let (candidate, text) = (entry.candidate.clone(), to_text(entry)?);
        self.store
            .transaction(move |tx| {
                if let Some(candidate) = candidate
                    && has_tombstone(tx, &candidate)?
                {
                    return Ok(());
                }
                tx.execute(
                    "INSERT OR REPLACE INTO ledger (contract_id, entry) VALUES (?1, ?2)",
                    params![contract.get(), text],
                )
                .map(drop)
            })
            .await
            .map_err(LedgerError::new)
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
        let candidate = candidate.clone();
        self.store
            .transaction(move |tx| {
                let candidate = [candidate.as_str()];
                tx.execute("DELETE FROM ledger WHERE entry ->> '$.candidate' = ?1", candidate)?;
                tx.execute(
                    "DELETE FROM creations WHERE ?1 IN (creation ->> '$.intended.candidate',
                         creation ->> '$.released.candidate', creation ->> '$.created.candidate')",
                    candidate,
                )?;
                tx.execute(
                    "INSERT INTO forgotten (candidate_id) VALUES (?1) ON CONFLICT DO NOTHING",
                    candidate,
                )
                .map(drop)
            })
            .await
            .map_err(LedgerError::new)
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        let candidate = candidate.clone();
        self.store.transaction(move |tx| has_tombstone(tx, &candidate)).await.map_err(LedgerError::new)
    }
}

fn has_tombstone(tx: &Connection, candidate: &CandidateId) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM forgotten WHERE candidate_id = ?1)")?
        .query_row([candidate.as_str()], |row| row.get(0))
}
