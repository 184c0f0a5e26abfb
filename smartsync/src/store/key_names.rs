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

/// Whether the database can be used under these keys. Notes nothing.
///
/// # Errors
///
/// [`StoreKeyError::Another`] where there are rows and none was made under one of the keys.
pub(crate) fn check(database: &Path, names: &[String]) -> Result<(), StoreKeyError> {
    outcome(database, with(database, |transaction| usable(transaction, names)))
}

/// Notes the key that signs, and no other where nothing needs one. The last thing that is done with a configuration before it counts: who is refused leaves no name behind, and the
/// one that counts goes on being known.
///
/// # Errors
///
/// [`StoreKeyError::Another`] where there are rows and none was made under one of the keys: nothing is noted then.
pub(crate) fn note(database: &Path, names: &[String]) -> Result<(), StoreKeyError> {
    outcome(database, with(database, |transaction| noted(transaction, names)))
}

fn outcome(database: &Path, is_usable: rusqlite::Result<bool>) -> Result<(), StoreKeyError> {
    let name = || database.display().to_string();
    match is_usable {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreKeyError::Another { database: name() }),
        Err(source) => Err(StoreKeyError::Names { database: name(), source }),
    }
}

fn with(database: &Path, ask: impl FnOnce(&Connection) -> rusqlite::Result<bool>) -> rusqlite::Result<bool> {
    let mut connection = Connection::open(database)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = ask(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}

fn usable(transaction: &Connection, names: &[String]) -> rusqlite::Result<bool> {
    let known = self_description::key_names(transaction)?;
    Ok(fit(&known, names) || !self_description::needs_key(transaction)?)
}

fn noted(transaction: &Connection, names: &[String]) -> rusqlite::Result<bool> {
    if !usable(transaction, names)? {
        return Ok(false);
    }
    if !self_description::needs_key(transaction)? {
        transaction.execute("DELETE FROM keys WHERE name <> ?1", [&names[0]])?;
    }
    note_use(transaction, names.first().map(String::as_str))?;
    Ok(true)
}

/// Notes that there is a row under this key. Together with the row: a look that has begun before another configuration counted ends under its own key,
/// and nobody may have needed that one when the other was noted.
pub(super) fn note_use(transaction: &Connection, name: Option<&str>) -> rusqlite::Result<()> {
    let Some(name) = name else { return Ok(()) };
    transaction
        .prepare_cached("INSERT INTO keys (name) VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([name])
        .map(drop)
}

/// Whether one of the keys is among those that are known. Rows of an older version were made under a key that nobody has noted.
pub(crate) fn fit(known: &[String], names: &[String]) -> bool {
    known.is_empty() || names.iter().any(|name| known.contains(name))
}
