//! Finds out whether something stands before the database that gives each transaction another connection: what a connection holds, claims above
//! all, would then be anybody's.

use deadpool_postgres::ClientWrapper;
use tokio_postgres::SimpleQueryMessage;

use super::{connection::plain, postgres_error::PostgresError, reach::Reach};

/// So often is it tried to be given another connection.
const ROUNDS: usize = 3;

/// Whether transactions of one client go to more than one connection of the database.
///
/// Of two clients that are connected at the same time, each has a process of the database to itself. Behind a pool, a client that begins a transaction is given
/// the process that the other has just used, or keeps that process from it.
pub(super) async fn is_pooled(reach: &Reach) -> Result<bool, PostgresError> {
    let (one, other) = (plain(reach).await?, plain(reach).await?);
    let (first, second) = (process(&one).await?, process(&other).await?);
    if first == second {
        return Ok(true);
    }
    for _ in 0..ROUNDS {
        for (busy, asked, its_own) in [(&one, &other, &second), (&other, &one, &first)] {
            busy.simple_query("BEGIN").await?;
            let meanwhile = process(asked).await?;
            busy.simple_query("COMMIT").await?;
            let after = process(asked).await?;
            if meanwhile != *its_own || after != *its_own {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// The process that answers. Asked without a prepared statement: that would fail behind a pool, and not say why.
async fn process(client: &ClientWrapper) -> Result<String, PostgresError> {
    let messages = client.simple_query("SELECT pg_backend_pid()").await?;
    let row = messages.iter().find_map(|message| {
        let SimpleQueryMessage::Row(row) = message else { return None };
        row.get(0)
    });
    row.map(str::to_owned).ok_or(PostgresError::Row("pg_backend_pid"))
}
