//! That a copy is made from the database, or into it: nobody else uses it then.

use deadpool_postgres::ClientWrapper;

use super::{migrations::LOCKS, postgres_error::PostgresError};
use crate::store::store_error::StoreError;

/// The second half of the lock that a copy has for itself, and that every session shares.
pub(super) const COPYING: i32 = -100;

/// Refuses a database that is being copied, or that holds an unfinished copy. `is_session`: no copy can begin until the connection ends.
pub(super) async fn refuse_copy(
    client: &ClientWrapper,
    place: &str,
    is_session: bool,
) -> Result<(), PostgresError> {
    let lock = if is_session { "pg_try_advisory_lock_shared" } else { "pg_try_advisory_xact_lock_shared" };
    let row = client.query_one(&format!("SELECT {lock}($1, $2)"), &[&LOCKS, &COPYING]).await?;
    if !row.try_get::<_, bool>(0)? {
        return Err(PostgresError::Refused(StoreError::BeingCopied { path: place.to_owned() }));
    }
    match copied_from(client).await? {
        Some(from) => Err(PostgresError::Refused(StoreError::HalfCopied { path: place.to_owned(), from })),
        None => Ok(()),
    }
}

/// From where an unfinished copy comes that the database holds.
pub(super) async fn copied_from(client: &ClientWrapper) -> Result<Option<String>, PostgresError> {
    let is_there = client.query_one("SELECT to_regclass('smartsync.copying') IS NOT NULL", &[]).await?;
    if !is_there.try_get::<_, bool>(0)? {
        return Ok(None);
    }
    Ok(Some(client.query_one("SELECT source FROM copying", &[]).await?.try_get(0)?))
}
