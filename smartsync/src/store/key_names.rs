//! Under which keys the rows of the database were made, by the names of the keys: one that was lost or mixed up is told before
//! anything is decided, or written, under another.

use std::sync::Arc;

use rusqlite::Connection;
use secrecy::SecretString;
use smartsync_core::{KeyError, SyncKeys};

use crate::store::{database::Store, self_description, store_key::StoreKeyError};

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
pub(super) async fn check(store: &Store, names: &[String]) -> Result<(), StoreKeyError> {
    ask(store, names, usable).await
}

/// Notes the key that signs, and no other where nothing needs one. The last thing that is done with a configuration before it counts: who is refused leaves no name behind, and the
/// one that counts goes on being known.
///
/// # Errors
///
/// [`StoreKeyError::Another`] where there are rows and none was made under one of the keys: nothing is noted then.
pub(super) async fn note(store: &Store, names: &[String]) -> Result<(), StoreKeyError> {
    ask(store, names, noted).await
}

async fn ask(
    store: &Store,
    names: &[String],
    is_usable: fn(&Connection, &[String]) -> rusqlite::Result<bool>,
) -> Result<(), StoreKeyError> {
    let (names, database) = (names.to_owned(), store.path().display().to_string());
    match store.transaction(move |tx| is_usable(tx, &names)).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreKeyError::Another { database }),
        Err(source) => Err(StoreKeyError::Names { database, source: Arc::new(source) }),
    }
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
