//! The rate limit of a key, as all processes on the database keep it together.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use deadpool_postgres::Object;
use smartsync_transport::{
    CauseChain, Grant, PERMIT_VALIDITY, Report, SharedBudget, SharedBudgetError, SharedWindow,
};
use tokio::time::Instant;

use super::{postgres_error::PostgresError, postgres_store::PostgresStore};

/// That a database does not answer is said once a minute.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// The clock of the database, in milliseconds since 1970: after whatever is read with it was written.
const CLOCK: &str = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// Milliseconds for which a table that was emptied makes a row new that is missing: by then, every key that is in use has one again.
const LOST_FOR: i64 = 10_000;

/// The time by that clock.
fn since_1970(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
}

/// The budget of one key: a row that is read, and written if nobody else has in between.
#[derive(Debug)]
pub(super) struct PostgresBudget {
    store: PostgresStore,
    key: String,
    /// When it was said last that the database does not answer.
    said: Mutex<Option<Instant>>,
}

impl PostgresBudget {
    /// That of the key with this name.
    pub(super) fn new(store: PostgresStore, key: &str) -> Self {
        Self { store, key: key.to_owned(), said: Mutex::default() }
    }

    async fn exchanged(&self, report: &Report) -> Result<Grant, PostgresError> {
        loop {
            // Each time that somebody else was faster, one of all got through.
            if let Some(grant) = self.attempt(report).await? {
                return Ok(grant);
            }
        }
    }

    /// `None`: somebody else was faster.
    async fn attempt(&self, report: &Report) -> Result<Option<Grant>, PostgresError> {
        let client = self.store.connection().await?;
        let read = format!(
            "SELECT {CLOCK}, version, used FROM (SELECT) AS once LEFT JOIN permits ON permits.key = $1"
        );
        let row = client.query_one(&client.prepare_cached(&read).await?, &[&self.key]).await?;
        let now = match self.store.given_time() {
            Some(now) => now,
            None => row.try_get(0)?,
        };
        let (version, used): (Option<i64>, Option<String>) = (row.try_get(1)?, row.try_get(2)?);
        let unreadable = |_| PostgresError::Row("permits");
        let mut window = match used {
            Some(used) => serde_json::from_str(&used).map_err(unreadable)?,
            None if self.is_lost(&client).await? => SharedWindow::lost(since_1970(now)),
            None => SharedWindow::default(),
        };
        let grant = window.exchange(since_1970(now), report);
        let used = serde_json::to_string(&window).map_err(unreadable)?;
        let written = match version {
            Some(version) => {
                let write =
                    "UPDATE permits SET version = version + 1, used = $3 WHERE key = $1 AND version = $2";
                client.execute(&client.prepare_cached(write).await?, &[&self.key, &version, &used]).await?
            }
            None => {
                let write =
                    "INSERT INTO permits (key, version, used) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING";
                client.execute(&client.prepare_cached(write).await?, &[&self.key, &used]).await?
            }
        };
        Ok((written > 0).then_some(grant))
    }

    /// Whether the row is missing since a crash has emptied the table, and not since nobody has used the key before. The first who sees that leaves a mark
    /// for the other keys: a row without a key, which counts for as long as a window that was lost.
    async fn is_lost(&self, client: &Object) -> Result<bool, PostgresError> {
        let note = format!(
            "INSERT INTO permits (key, version, used)
             SELECT '', 1, ({CLOCK})::text WHERE EXISTS (SELECT FROM accounts) AND NOT EXISTS (SELECT FROM permits)
             ON CONFLICT DO NOTHING"
        );
        client.execute(&client.prepare_cached(&note).await?, &[]).await?;
        let is_recent = format!("SELECT FROM permits WHERE key = '' AND used::bigint > {CLOCK} - {LOST_FOR}");
        Ok(client.query_opt(&client.prepare_cached(&is_recent).await?, &[]).await?.is_some())
    }

    fn log(&self, error: &PostgresError) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_none_or(|said| said.elapsed() >= LOG_INTERVAL) {
            *said = Some(Instant::now());
            tracing::warn!(
                error = %CauseChain(error),
                "the rate limit could not be kept together with other processes: until it can, this one keeps to its share"
            );
        }
    }
}

#[async_trait]
impl SharedBudget for PostgresBudget {
    async fn exchange(&self, report: &Report) -> Result<Grant, SharedBudgetError> {
        let _listener = Listener { budget: self, since: Instant::now() };
        self.exchanged(report).await.map_err(|error| {
            self.log(&error);
            SharedBudgetError::new(error)
        })
    }
}

/// A client that waits for an answer. It goes when it would be too late.
struct Listener<'a> {
    budget: &'a PostgresBudget,
    since: Instant,
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        if self.since.elapsed() >= PERMIT_VALIDITY {
            self.budget.log(&PostgresError::TooLate);
        }
    }
}
