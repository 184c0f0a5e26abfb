//! What the sync remembers, in the database: which candidate, and digests of what both sides last agreed on.

use async_trait::async_trait;
use oneflow_client::ContractId;
use rusqlite::{OptionalExtension as _, params};
use serde::{Serialize, de::DeserializeOwned};
use smartsync_core::{Creation, Ledger, LedgerEntry, LedgerError, RequestId};

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
        let text = to_text(entry)?;
        self.store
            .transaction(move |tx| {
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
        self.store
            .transaction(move |tx| {
                tx.execute(
                    "INSERT OR REPLACE INTO creations (request_id, creation) VALUES (?1, ?2)",
                    params![request, text],
                )
                .map(drop)
            })
            .await
            .map_err(LedgerError::new)
    }
}
