//! A process that works on the database: what it has claimed is its own for as long as its connection lasts.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use deadpool_postgres::ClientWrapper;
use smartsync_transport::CauseChain;
use tokio::{
    sync::{Notify, watch},
    task::AbortHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tokio_postgres::{Row, types::ToSql};

use super::{
    claim::{UNCLAIMED, key},
    connection::{SETTINGS, connect},
    copying::refuse_copy,
    held_by_hand::HeldByHand,
    migrations::{LOCKS, expect_ours, refuse_newer},
    postgres_error::PostgresError,
    reach::Reach,
};

/// Others are told that there is something to do no more often than this: telling takes a lock of the whole database.
const TELL_INTERVAL: Duration = Duration::from_millis(100);

/// How often it is looked for sessions that are gone.
const SWEEP_INTERVAL: Duration = Duration::from_millis(500);

/// How often a session says that it is there.
const BEAT_INTERVAL: Duration = Duration::from_secs(1);

/// A database that does not answer for so long has lost us, and will soon give away what we have claimed.
const BEAT_TIMEOUT: Duration = Duration::from_secs(5);

/// Milliseconds after which a session that says nothing counts as gone, though its connection is there: its process hangs. The database notices a
/// connection to a machine that is gone within ten seconds ([`OF_THE_SESSION`]).
const SILENCE: i64 = 20_000;

/// What is lost with the database is lost with every session as well, so nothing here waits for the disk.
const OF_THE_SESSION: &str = "
    SET synchronous_commit = off;
    SET statement_timeout = '5s';
    SET tcp_keepalives_idle = 5;
    SET tcp_keepalives_interval = 1;
    SET tcp_keepalives_count = 5;
    SET tcp_user_timeout = 10000;
    LISTEN smartsync;
";

/// The database's own clock, in milliseconds since 1970.
pub(super) const OWN_CLOCK: &str = "floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint";

/// Who is woken when something was noted or given back.
#[derive(Debug, Default)]
pub(super) struct Wake {
    /// Something was noted or given back, here or elsewhere.
    pub(super) due: Notify,
    /// It was here, and the others do not know yet.
    to_tell: AtomicBool,
}

impl Wake {
    /// Something was noted or given back here.
    pub(super) fn wake(&self) {
        self.due.notify_one();
        self.to_tell.store(true, Ordering::Release);
    }
}

/// The one connection that claims and leases are bound to. When it ends, by a crash at either side, a lost network or on drop, they are free.
///
/// It does no transactions: several tasks use it at once.
pub(super) struct Session {
    pub(super) id: i32,
    client: Arc<ClientWrapper>,
    pub(super) is_server: bool,
    pub(super) by_hand: Arc<HeldByHand>,
    lost: watch::Receiver<bool>,
    is_ended: AtomicBool,
    tasks: [AbortHandle; 2],
}

impl Session {
    /// Begins one. `is_server`: of a server, which commands ask for.
    pub(super) async fn begin(
        reach: &Reach,
        wake: Arc<Wake>,
        is_server: bool,
    ) -> Result<Self, PostgresError> {
        let (own_process, of_others) = (watch::Sender::new(None), Arc::clone(&wake));
        let own = own_process.subscribe();
        let (client, task) = connect(reach, move |process| {
            if *own.borrow() != Some(process) {
                of_others.due.notify_one();
            }
        })
        .await?;
        let connection = task.abort_handle();
        let client = ClientWrapper::new(client, task);
        client.batch_execute(SETTINGS).await?;
        refuse_copy(&client, &reach.place, true).await?;
        refuse_newer(&client, &reach.place).await?;
        client.batch_execute(OF_THE_SESSION).await?;
        // Its lock is held before anybody can see its row and take it for one that is gone.
        let begun = client
            .query_one(
                "SELECT nextval(pg_get_serial_sequence('sessions', 'id'))::integer, pg_backend_pid()",
                &[],
            )
            .await?;
        let (id, process): (i32, i32) = (begun.try_get(0)?, begun.try_get(1)?);
        own_process.send_replace(Some(process));
        client.execute("SELECT pg_advisory_lock($1, $2)", &[&LOCKS, &id]).await?;
        let note = format!(
            "INSERT INTO sessions (id, is_server, begun_at, seen_at) OVERRIDING SYSTEM VALUE
             VALUES ($1, $2, {OWN_CLOCK}, {OWN_CLOCK})"
        );
        client.execute(&note, &[&id, &is_server]).await?;
        let client = Arc::new(client);
        let place = reach.place.to_string();
        let by_hand = Arc::<HeldByHand>::default();
        let without_worker = (!is_server).then(|| Arc::clone(&by_hand));
        let keeper = Keeper { id, process, client: Arc::clone(&client), wake, without_worker, place };
        keeper.free_those_that_are_gone().await?;
        let (gone, lost) = watch::channel(false);
        let keeper = tokio::spawn(async move {
            let error = keeper.keep().await;
            tracing::warn!(error = %CauseChain(&error), "the connection to the database was lost: what was under way begins anew");
            gone.send_replace(true);
        });
        let (is_ended, tasks) = (AtomicBool::new(false), [keeper.abort_handle(), connection]);
        Ok(Self { id, client, is_server, by_hand, lost, is_ended, tasks })
    }

    /// Ends it, whoever still has it: what was claimed is free.
    pub(super) fn end(&self) {
        self.is_ended.store(true, Ordering::Release);
        self.tasks.iter().for_each(AbortHandle::abort);
    }

    /// Resolves when the session is lost, and with it whatever it had claimed.
    pub(super) async fn lost(&self) {
        // An error means that whoever watches over it is gone.
        self.lost.clone().wait_for(|is_lost| *is_lost).await.ok();
    }

    pub(super) fn is_lost(&self) -> bool {
        let is_ended = self.is_ended.load(Ordering::Acquire);
        is_ended
            || self.tasks.iter().any(AbortHandle::is_finished)
            || *self.lost.borrow()
            || self.client.is_closed()
    }

    /// Asks on the connection of the session, so that nobody is answered who has lost it.
    pub(super) async fn query(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, PostgresError> {
        let statement = self.client.prepare_cached(sql);
        self.answered(async { Ok(self.client.query(&statement.await?, params).await?) }).await
    }

    /// The same where no row is asked for. Returns how many were changed.
    pub(super) async fn execute(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, PostgresError> {
        let statement = self.client.prepare_cached(sql);
        self.answered(async { Ok(self.client.execute(&statement.await?, params).await?) }).await
    }

    /// What the database answers, if the session is there and it answers in time.
    async fn answered<T>(
        &self,
        answer: impl Future<Output = Result<T, PostgresError>>,
    ) -> Result<T, PostgresError> {
        if self.is_lost() {
            return Err(PostgresError::SessionLost);
        }
        timeout(BEAT_TIMEOUT, answer).await.map_err(|_| PostgresError::TooLate)?
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("is_lost", &self.is_lost())
            .finish_non_exhaustive()
    }
}

/// Keeps a session: says that it is there, tells the others what there is to do, and frees what was claimed by those that are gone.
struct Keeper {
    id: i32,
    process: i32,
    client: Arc<ClientWrapper>,
    wake: Arc<Wake>,
    /// What is claimed by hand, where no worker gives back what has lapsed of it.
    without_worker: Option<Arc<HeldByHand>>,
    /// The address, for an error.
    place: String,
}

impl Keeper {
    /// Returns why it is lost.
    async fn keep(&self) -> PostgresError {
        let mut ticks = interval(TELL_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut swept, mut beaten) = (Instant::now(), Instant::now());
        loop {
            ticks.tick().await;
            let turn = async {
                if self.wake.to_tell.swap(false, Ordering::AcqRel) {
                    self.client.batch_execute("NOTIFY smartsync").await?;
                }
                if swept.elapsed() >= SWEEP_INTERVAL {
                    swept = Instant::now();
                    self.free_those_that_are_gone().await?;
                    self.give_back_lapsed().await?;
                }
                if beaten.elapsed() >= BEAT_INTERVAL {
                    beaten = Instant::now();
                    self.beat().await?;
                }
                if self.client.is_closed() { Err(PostgresError::SessionLost) } else { Ok(()) }
            };
            match timeout(BEAT_TIMEOUT, turn).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return error,
                Err(_) => return PostgresError::TooLate,
            }
        }
    }

    /// Says that the session is there. It is lost where others took it for gone, or where another process of the database answers than the one that
    /// holds its lock: then there is a pool in between after all. Or where a newer program has changed the tables: this one claims nothing more.
    async fn beat(&self) -> Result<(), PostgresError> {
        let sql = format!(
            "UPDATE sessions SET seen_at = {OWN_CLOCK} WHERE id = $1
             RETURNING pg_backend_pid(), (SELECT version FROM smartsync_schema)"
        );
        let statement = self.client.prepare_cached(&sql).await?;
        let row = self.client.query_opt(&statement, &[&self.id]).await?.ok_or(PostgresError::SessionLost)?;
        let (process, version): (i32, i64) = (row.try_get(0)?, row.try_get(1)?);
        if process != self.process {
            return Err(PostgresError::SessionLost);
        }
        expect_ours(version, &self.place)
    }

    /// Gives back what was claimed by hand and has lapsed: its end was not taken, or nobody knows whether it was claimed at all. Servers look at it then.
    async fn give_back_lapsed(&self) -> Result<(), PostgresError> {
        let Some(by_hand) = &self.without_worker else { return Ok(()) };
        for (mark, item) in by_hand.lapsed() {
            let sql = format!(
                "UPDATE waiting SET {UNCLAIMED} WHERE claimed_by = $1 AND tenant = $2 AND kind = $3 AND id = $4"
            );
            let statement = self.client.prepare_cached(&sql).await?;
            let (kind, id) = key(&item);
            // Not one that was claimed anew. Who claims it from now on asks the database behind this statement.
            if !by_hand.holds(&item) {
                self.client.execute(&statement, &[&self.id, &item.tenant, &kind, &id]).await?;
                self.wake.wake();
            }
            by_hand.let_go(Some(mark));
        }
        Ok(())
    }

    /// Frees what was claimed by sessions that are gone: their lock is free, or they have said nothing for long.
    async fn free_those_that_are_gone(&self) -> Result<(), PostgresError> {
        let gone = format!(
            "DELETE FROM sessions WHERE id <> $1
                 AND (seen_at < {OWN_CLOCK} - {SILENCE} OR pg_try_advisory_xact_lock({LOCKS}, id))"
        );
        let statement = self.client.prepare_cached(&gone).await?;
        self.client.execute(&statement, &[&self.id]).await?;
        // A statement of its own, and of whoever is next should this process end in between: the last claim of one that is gone may be
        // younger than what the first statement sees.
        let free = "
            WITH gone AS MATERIALIZED (
                SELECT DISTINCT claimed_by AS id FROM waiting WHERE claimed_by IS NOT NULL
                    AND NOT EXISTS (SELECT FROM sessions WHERE sessions.id = claimed_by)
                UNION SELECT session FROM leases WHERE NOT EXISTS (SELECT FROM sessions WHERE sessions.id = session)
            ), freed AS (
                UPDATE waiting SET claimed_generation = NULL, claimed_by = NULL, claimed_candidate = NULL
                WHERE claimed_by IN (SELECT id FROM gone) RETURNING 1
            ), ended AS (
                DELETE FROM leases WHERE session IN (SELECT id FROM gone)
            )
            SELECT count(*) FROM freed";
        let statement = self.client.prepare_cached(free).await?;
        let freed: i64 = self.client.query_one(&statement, &[]).await?.try_get(0)?;
        if freed > 0 {
            tracing::info!(items = freed, "another process is gone: what it had claimed is free");
            self.wake.wake();
        }
        Ok(())
    }
}
