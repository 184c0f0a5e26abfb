//! Under which keys the rows of the database were made, by the names of the keys: one that was lost or mixed up is told before
//! anything is decided, or written, under another.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, TransactionBehavior};
use secrecy::SecretString;
use smartsync_core::{KeyError, SyncKeys};

use crate::store::{self_description, store_key::StoreKeyError};

/// The names of the keys, the one that signs first. They are the same whatever the address of Teamtailor.
pub(crate) fn names(keys: impl IntoIterator<Item = SecretString>) -> Result<Vec<String>, KeyError> {
    Ok(SyncKeys::new("", keys)?
        .names()
        .map(|name| [self_description::KEY_NAME_FORM, name].concat())
        .collect())
}

/// Notes the key that signs.
///
/// # Errors
///
/// [`StoreKeyError::Another`] where there are rows and none was made under one of the keys: nothing is noted then.
pub(crate) fn note(database: &Path, names: &[String]) -> Result<(), StoreKeyError> {
    let name = || database.display().to_string();
    match noted(database, names) {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreKeyError::Another { database: name() }),
        Err(source) => Err(StoreKeyError::Names { database: name(), source }),
    }
}

fn noted(database: &Path, names: &[String]) -> rusqlite::Result<bool> {
    let mut connection = Connection::open(database)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let known = self_description::key_names(&transaction)?;
    if !self_description::needs_key(&transaction)? {
        transaction.execute("DELETE FROM keys WHERE name <> ?1", [&names[0]])?;
    } else if !fit(&known, names) {
        return Ok(false);
    }
    if !known.contains(&names[0]) {
        transaction.execute("INSERT INTO keys (name) VALUES (?1)", [&names[0]])?;
    }
    transaction.commit()?;
    Ok(true)
}

/// Whether one of the keys is among those that are known. Rows of an older version were made under a key that nobody has noted.
pub(crate) fn fit(known: &[String], names: &[String]) -> bool {
    known.is_empty() || names.iter().any(|name| known.contains(name))
}
