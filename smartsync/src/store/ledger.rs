//! What the sync remembers, in the database: which candidate, and digests of what both sides last agreed on.

use std::sync::Arc;

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
        item::{Item, Subject},
        journal,
        kept_ledger::Erased,
        key_names,
        known::becomes_known,
        retention::{KeepBases, retire},
        store_error::StoreError,
        tenant::Tenant,
    },
};

/// The ledger of the engine in the [`Store`], of one tenant.
///
/// It holds ids and keyed digests. No value of a field and no name is in it. It sees and changes what is of its tenant, and nothing else.
#[derive(Clone, Debug)]
pub struct SqliteLedger {
    store: Store,
    tenant: Tenant,
    keep_bases: KeepBases,
    /// The name of the key under which its rows are made.
    key: Option<Arc<str>>,
}

impl SqliteLedger {
    /// The ledger in `store` of the nameless tenant.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store, tenant: Tenant::default(), keep_bases: KeepBases::default(), key: None }
    }

    /// The same of another tenant.
    ///
    /// ```
    /// use smartsync::{SqliteLedger, Store};
    /// use smartsync_core::Ledger as _;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("state.db");
    /// let of_all = SqliteLedger::new(Store::open(&path)?);
    /// let (north, south) = (of_all.for_tenant(&"north".parse()?), of_all.for_tenant(&"south".parse()?));
    /// north.forget(&"4711".into()).await?;
    /// assert!(!south.is_forgotten(&"4711".into()).await?, "who has the same id there is somebody else");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn for_tenant(&self, tenant: &Tenant) -> Self {
        Self { tenant: tenant.clone(), ..self.clone() }
    }

    /// The same with a time after which the digests of a contract in which nothing has changed are erased: with the next change of
    /// any other.
    #[must_use]
    pub fn keep_bases(self, keep_bases: KeepBases) -> Self {
        Self { keep_bases, ..self }
    }

    /// The same under the key of this name. It is noted again with each row: a configuration that counts since may have taken it for one under which
    /// there is nothing.
    #[must_use]
    pub(crate) fn under_key(self, name: Option<&str>) -> Self {
        Self { key: name.map(Into::into), ..self }
    }

    /// Whether the database names the candidate of the tenant, be it as one who was forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn knows(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        self.store.transaction(move |tx| knows(tx, &tenant, &candidate)).await
    }

    /// Leaves the tombstone and erases nothing yet: from now on nothing is written for the candidate, and a look that is under way ends
    /// without another write. Returns whether there was none before.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn bury(&self, candidate: &CandidateId) -> Result<bool, StoreError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        self.store.transaction(move |tx| bury(tx, &tenant, &candidate)).await
    }

    /// Forgets a candidate, as [`Ledger::forget`] does, and says what was erased: everything of the tenant that names
    /// the candidate or one of its contracts. Afterwards no byte of the file or its log holds any of it but the
    /// tombstone, which is the candidate's id.
    ///
    /// # Errors
    ///
    /// [`StoreError`]. After [`StoreError::Scrub`] the candidate is forgotten, and only the bytes are left to be cleaned:
    /// forgetting again does that.
    pub async fn erase(&self, candidate: &CandidateId) -> Result<Erased, StoreError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        let erased = self.store.transaction(move |tx| erase(tx, &tenant, &candidate)).await?;
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
        let tenant = self.tenant.clone();
        let text = self.store.transaction(move |tx| entry_text(tx, &tenant, contract)).await;
        entry_or_default(text.map_err(LedgerError::new)?)
    }

    async fn load_card(&self, candidate: &CandidateId) -> Result<CardEntry, LedgerError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        let text = self.store.transaction(move |tx| card_text(tx, &tenant, &candidate)).await;
        entry_or_default(text.map_err(LedgerError::new)?)
    }

    async fn load_overwrites(&self) -> Result<Overwrites, LedgerError> {
        let tenant = self.tenant.clone();
        self.store.transaction(move |tx| overwrites(tx, &tenant)).await.map_err(LedgerError::new)
    }

    async fn update(&self, change: &LedgerChange) -> Result<Updated, LedgerError> {
        let (tenant, change) = (self.tenant.clone(), change.clone());
        let (keep, seconds, key) = (self.keep_bases, self.store.now() / 1000, self.key.clone());
        let updated = self.store.transaction(move |tx| {
            retire(tx, &tenant, keep, change.contract(), seconds)?;
            update(tx, &tenant, &change, seconds, key.as_deref())
        });
        match updated.await.map_err(LedgerError::new)? {
            UpdateEnd::Updated(updated) => Ok(updated),
            UpdateEnd::Unreadable(error) => Err(error),
        }
    }

    async fn load_creation(&self, request: &RequestId) -> Result<Option<Creation>, LedgerError> {
        let (tenant, request) = (self.tenant.clone(), request.to_string());
        let text: Option<String> = self
            .store
            .transaction(move |tx| {
                tx.prepare_cached("SELECT creation FROM creations WHERE tenant = ?1 AND request_id = ?2")?
                    .query_row(params![tenant, request], |row| row.get(0))
                    .optional()
            })
            .await
            .map_err(LedgerError::new)?;
        text.map(|text| from_text(&text)).transpose()
    }

    async fn save_creation(&self, request: &RequestId, creation: &Creation) -> Result<(), LedgerError> {
        let (tenant, request, text) = (self.tenant.clone(), request.to_string(), to_text(creation)?);
        let (candidate, key) = (creation.candidate().clone(), self.key.clone());
        self.store
            .transaction(move |tx| {
                if has_tombstone(tx, &tenant, &candidate)? {
                    return Ok(());
                }
                key_names::note_use(tx, key.as_deref())?;
                tx.execute(
                    "INSERT OR REPLACE INTO creations (tenant, request_id, creation) VALUES (?1, ?2, ?3)",
                    params![tenant, request, text],
                )
                .map(drop)
            })
            .await
            .map_err(LedgerError::new)
    }

    async fn contracts_of(&self, candidate: &CandidateId) -> Result<Vec<ContractId>, LedgerError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        self.store
            .transaction(move |tx| {
                let mut statement = tx.prepare_cached(
                    "SELECT contract_id FROM ledger WHERE tenant = ?1 AND entry ->> '$.candidate' = ?2 ORDER BY contract_id",
                )?;
                let of_candidate = params![tenant, candidate.as_str()];
                statement.query_map(of_candidate, |row| row.get(0).map(ContractId::new))?.collect()
            })
            .await
            .map_err(LedgerError::new)
    }

    async fn forget(&self, candidate: &CandidateId) -> Result<(), LedgerError> {
        self.erase(candidate).await.map(drop).map_err(LedgerError::new)
    }

    async fn is_forgotten(&self, candidate: &CandidateId) -> Result<bool, LedgerError> {
        let (tenant, candidate) = (self.tenant.clone(), candidate.clone());
        self.store
            .transaction(move |tx| has_tombstone(tx, &tenant, &candidate))
            .await
            .map_err(LedgerError::new)
    }
}

fn entry_text(tx: &Connection, tenant: &Tenant, contract: ContractId) -> rusqlite::Result<Option<String>> {
    let mut statement =
        tx.prepare_cached("SELECT entry FROM ledger WHERE tenant = ?1 AND contract_id = ?2")?;
    statement.query_row(params![tenant, contract.get()], |row| row.get(0)).optional()
}

fn card_text(tx: &Connection, tenant: &Tenant, candidate: &CandidateId) -> rusqlite::Result<Option<String>> {
    let mut statement =
        tx.prepare_cached("SELECT entry FROM cards WHERE tenant = ?1 AND candidate_id = ?2")?;
    statement.query_row(params![tenant, candidate.as_str()], |row| row.get(0)).optional()
}

/// How a change ended that the database did not refuse.
enum UpdateEnd {
    Updated(Updated),
    /// A row cannot be read, so nothing was changed.
    Unreadable(LedgerError),
}

fn update(
    tx: &Connection,
    tenant: &Tenant,
    change: &LedgerChange,
    seconds: i64,
    key: Option<&str>,
) -> rusqlite::Result<UpdateEnd> {
    let (contract, candidate) = (change.contract(), change.candidate());
    if has_tombstone(tx, tenant, candidate)? {
        return Ok(UpdateEnd::Updated(Updated::Done));
    }
    let before = overwrites(tx, tenant)?;
    let mut counted = before.clone();
    let (entry, card) = (entry_text(tx, tenant, contract)?, card_text(tx, tenant, candidate)?);
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
    key_names::note_use(tx, key)?;
    tx.prepare_cached(
        "INSERT INTO ledger (tenant, contract_id, entry, changed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET entry = excluded.entry,
             changed_at = iif(entry = excluded.entry, changed_at, excluded.changed_at)",
    )?
    .execute(params![tenant, contract.get(), entry, seconds])?;
    becomes_known(tx, &Item::of(tenant.clone(), Subject::Contract(contract)))?;
    tx.prepare_cached("INSERT OR REPLACE INTO cards (tenant, candidate_id, entry) VALUES (?1, ?2, ?3)")?
        .execute(params![tenant, candidate.as_str(), card])?;
    if counted != before {
        tx.execute("DELETE FROM overwrites WHERE tenant = ?1", [tenant])?;
        let mut insert =
            tx.prepare_cached("INSERT INTO overwrites (tenant, minute, count) VALUES (?1, ?2, ?3)")?;
        for (minute, count) in counted.minutes {
            insert.execute(params![tenant, minute, count])?;
        }
    }
    Ok(UpdateEnd::Updated(updated))
}

fn overwrites(tx: &Connection, tenant: &Tenant) -> rusqlite::Result<Overwrites> {
    let mut overwrites = Overwrites::default();
    let mut statement = tx.prepare_cached("SELECT minute, count FROM overwrites WHERE tenant = ?1")?;
    for row in statement.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (minute, count) = row?;
        overwrites.minutes.insert(minute, count);
    }
    Ok(overwrites)
}

/// The contracts that are the candidate's (`?2`) in a tenant (`?1`), by what is known of them, by the creation that made them, or by a write to the card
/// that was begun: a contract that only an address links is bound once its first write has ended. The last look may know it as well.
pub(crate) const CONTRACTS_OF_CANDIDATE: &str =
    "SELECT contract_id FROM ledger WHERE tenant = ?1 AND entry ->> '$.candidate' = ?2
     UNION SELECT named.contract FROM (
         SELECT creation ->> '$.created.contract' AS contract FROM creations
             WHERE tenant = ?1 AND creation ->> '$.created.candidate' = ?2
         UNION SELECT attempt.value ->> '$.contract' FROM cards, json_each(cards.entry, '$.fields') AS field,
                 json_each(field.value, '$.attempts') AS attempt
             WHERE cards.tenant = ?1 AND cards.candidate_id = ?2
         UNION ALL SELECT contract_id FROM standing WHERE tenant = ?1 AND candidate_id = ?2
     ) AS named WHERE NOT EXISTS (
         SELECT 1 FROM ledger WHERE tenant = ?1 AND contract_id = named.contract AND entry ->> '$.candidate' <> ?2)";

fn bury(tx: &Connection, tenant: &Tenant, candidate: &CandidateId) -> rusqlite::Result<bool> {
    let insert = "INSERT INTO forgotten (tenant, candidate_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(tx.execute(insert, params![tenant, candidate.as_str()])? > 0)
}

/// The contracts that are the candidate's.
pub(super) fn contracts_of_candidate(
    tx: &Connection,
    tenant: &Tenant,
    candidate: &CandidateId,
) -> rusqlite::Result<Vec<ContractId>> {
    let mut statement = tx.prepare(CONTRACTS_OF_CANDIDATE)?;
    let of_candidate = params![tenant, candidate.as_str()];
    statement.query_map(of_candidate, |row| row.get(0).map(ContractId::new))?.collect()
}

fn erase(tx: &Connection, tenant: &Tenant, candidate: &CandidateId) -> rusqlite::Result<Erased> {
    let of_candidate = params![tenant, candidate.as_str()];
    // All at first, since each of the tables says which contracts are the candidate's.
    let its_contracts = contracts_of_candidate(tx, tenant, candidate)?;
    let ids = its_contracts.iter().map(|contract| contract.get()).collect::<serde_json::Value>().to_string();
    let of_its_contracts = |table: &str, column: &str| {
        let delete = format!(
            "DELETE FROM {table} WHERE tenant = ?1 AND {column} IN (SELECT value FROM json_each(?2))"
        );
        tx.execute(&delete, params![tenant, ids])
    };
    let (notifications, waiting, parked) = (
        of_its_contracts("inbox", "id")?,
        of_its_contracts("waiting", "id")?,
        of_its_contracts("parked", "id")?,
    );
    let contracts = of_its_contracts("ledger", "contract_id")?;
    let looks = journal::erase(tx, tenant, candidate, &its_contracts)?;
    tx.execute("DELETE FROM cards WHERE tenant = ?1 AND candidate_id = ?2", of_candidate)?;
    let creations = tx.execute(
        "DELETE FROM creations WHERE tenant = ?1 AND ?2 IN (creation ->> '$.intended.candidate',
             creation ->> '$.released.candidate', creation ->> '$.created.candidate')",
        of_candidate,
    )?;
    let is_new = bury(tx, tenant, candidate)?;
    Ok(Erased { is_new, contracts, creations, notifications, waiting, parked, looks })
}

fn knows(tx: &Connection, tenant: &Tenant, candidate: &CandidateId) -> rusqlite::Result<bool> {
    if journal::names(tx, tenant, candidate)? {
        return Ok(true);
    }
    tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM forgotten WHERE tenant = ?1 AND candidate_id = ?2)
             OR EXISTS (SELECT 1 FROM cards WHERE tenant = ?1 AND candidate_id = ?2)
             OR EXISTS (SELECT 1 FROM ledger WHERE tenant = ?1 AND entry ->> '$.candidate' = ?2)
             OR EXISTS (SELECT 1 FROM creations WHERE tenant = ?1 AND ?2 IN (creation ->> '$.intended.candidate',
                    creation ->> '$.released.candidate', creation ->> '$.created.candidate'))",
        params![tenant, candidate.as_str()],
        |row| row.get(0),
    )
}

pub(super) fn has_tombstone(
    tx: &Connection,
    tenant: &Tenant,
    candidate: &CandidateId,
) -> rusqlite::Result<bool> {
    tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM forgotten WHERE tenant = ?1 AND candidate_id = ?2)")?
        .query_row(params![tenant, candidate.as_str()], |row| row.get(0))
}
