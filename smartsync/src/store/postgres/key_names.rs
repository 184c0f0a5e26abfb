//! Under which keys the rows of the database were made: see `store/key_names.rs`.

use std::sync::Arc;

use deadpool_postgres::Transaction;

use super::{migrations::LOCKS, postgres_error::PostgresError, postgres_store::PostgresStore};
use crate::store::{key_names::fit, self_description::KEY_NAME_FORM, store_key::StoreKeyError};

/// The second half of the lock that whoever notes a key holds.
const NOTING: i32 = -1;

impl PostgresStore {
    /// Whether the database can be used under these keys. Notes nothing.
    pub(super) async fn check_keys(&self, names: &[String]) -> Result<(), StoreKeyError> {
        self.outcome(self.usable(names, false).await)
    }

    /// Notes the key that signs, the first of them, unless the database cannot be used under them.
    pub(super) async fn note_keys(&self, names: &[String]) -> Result<(), StoreKeyError> {
        self.outcome(self.usable(names, true).await)
    }

    fn outcome(&self, is_usable: Result<bool, PostgresError>) -> Result<(), StoreKeyError> {
        let database = self.place().to_owned();
        match is_usable {
            Ok(true) => Ok(()),
            Ok(false) => Err(StoreKeyError::Another { database }),
            Err(source) => Err(StoreKeyError::Names { database, source: Arc::new(source) }),
        }
    }

    async fn usable(&self, names: &[String], is_noted: bool) -> Result<bool, PostgresError> {
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        transaction.execute("SELECT pg_advisory_xact_lock($1, $2)", &[&LOCKS, &NOTING]).await?;
        let (known, needs_key) = known(&transaction).await?;
        if needs_key && !fit(&known, names) {
            return Ok(false);
        }
        if let (true, Some(name)) = (is_noted, names.first()) {
            if !needs_key {
                transaction.execute("DELETE FROM keys WHERE name <> $1", &[name]).await?;
            }
            note_use(&transaction, Some(name)).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }
}

/// Notes that there is a row under this key, together with the row.
pub(super) async fn note_use(transaction: &Transaction<'_>, name: Option<&str>) -> Result<(), PostgresError> {
    let Some(name) = name else { return Ok(()) };
    let note =
        transaction.prepare_cached("INSERT INTO keys (name) VALUES ($1) ON CONFLICT DO NOTHING").await?;
    transaction.execute(&note, &[&name]).await?;
    Ok(())
}

/// The names of keys that the database holds, and whether it holds anything that means nothing without the key that it was made under.
async fn known(transaction: &Transaction<'_>) -> Result<(Vec<String>, bool), PostgresError> {
    let sql = "SELECT ARRAY(SELECT name FROM keys WHERE starts_with(name, $1)),
        EXISTS (SELECT FROM ledger) OR EXISTS (SELECT FROM cards) OR EXISTS (SELECT FROM creations)";
    let row = transaction.query_one(sql, &[&KEY_NAME_FORM]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}
