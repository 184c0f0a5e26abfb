//! A process has what it claimed for as long as it is connected, and writes nothing once it is not.

use std::{
    fs,
    net::TcpListener,
    os::unix::{fs::PermissionsExt as _, process::CommandExt as _},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use smartsync::{
    ContractId, StoreError,
    store::{
        Ended, Ending, Handler, Intake as _, Item, PostgresAddress, PostgresLeases, PostgresState,
        PostgresStore, PostgresWork, State as _, Subject, Tenant, Turn, Work as _, WorkLimits,
    },
};
use smartsync_core::{Accounts, engine::Leases as _};
use tempfile::TempDir;
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep, timeout},
};

use crate::support::{Database, PostgresServer, until};

async fn open(database: &Database) -> PostgresStore {
    PostgresStore::open(&database.address, Some(&database.password)).await.unwrap()
}

/// Looks that last until they are let go, and which of them have begun, by whom.
#[derive(Default)]
struct Desk {
    begun: Mutex<Vec<(&'static str, Item)>>,
    let_go: Notify,
}

struct Looker {
    name: &'static str,
    desk: Arc<Desk>,
}

#[async_trait]
impl Handler for Looker {
    async fn handle(&self, turn: Turn) -> Ended {
        self.desk.begun.lock().unwrap().push((self.name, turn.item));
        self.desk.let_go.notified().await;
        Ending::Done.into()
    }

    async fn broken_off(&self, _: Turn) -> Ended {
        Ending::Done.into()
    }

    async fn idle(&self) -> Duration {
        Duration::from_secs(60)
    }
}

impl Desk {
    fn begun(&self) -> Vec<(&'static str, Item)> {
        self.begun.lock().unwrap().clone()
    }

    /// A process that looks at what is due. It ends when it is aborted.
    fn worker(self: &Arc<Self>, name: &'static str, store: PostgresStore) -> tokio::task::JoinHandle<()> {
        let looker = Arc::new(Looker { name, desk: Arc::clone(self) });
        tokio::spawn(async move {
            let (_stop, stopped) = watch::channel(false);
            PostgresWork::new(store).run(looker, WorkLimits::default(), stopped).await;
        })
    }
}

fn item(number: i64) -> Item {
    ContractId::new(number).into()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_looks_at_what_one_had_claimed_that_is_gone_and_at_nothing_that_one_has() {
    let database = PostgresServer::shared().database().await;
    let (desk, first, second) = (Arc::new(Desk::default()), open(&database).await, open(&database).await);
    let one = desk.worker("one", first.clone());
    PostgresWork::new(first).accept("a", item(1)).await.unwrap();
    until("one looks at it", async || desk.begun() == [("one", item(1))]).await;
    let other = desk.worker("other", second.clone());
    PostgresWork::new(second).accept("b", item(1)).await.unwrap();
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(desk.begun().len(), 1, "it is being looked at");
    let state = PostgresState::new(open(&database).await);
    let accounts = Accounts::new(101.into(), "Acme".into());
    let refused = state.adopt(&Tenant::default(), accounts.clone()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Locked { .. }), "{refused:?}");
    let gone = Instant::now();
    one.abort();
    until("the other looks at it", async || desk.begun().len() == 2).await;
    assert_eq!(desk.begun()[1], ("other", item(1)));
    // It takes about a second, where the machine does not do much else.
    assert!(gone.elapsed() < Duration::from_secs(30), "{:?}", gone.elapsed());
    other.abort();
    until("no server works on it any more", async || {
        state.adopt(&Tenant::default(), accounts.clone()).await.is_ok()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_loses_its_connection_stops_its_looks_and_can_renew_no_lease() {
    let database = PostgresServer::shared().database().await;
    let (desk, store) = (Arc::new(Desk::default()), open(&database).await);
    let one = desk.worker("one", store.clone());
    PostgresWork::new(store.clone()).accept("a", item(1)).await.unwrap();
    until("it is looked at", async || desk.begun().len() == 1).await;
    let leases = PostgresLeases::new(store);
    let lease = leases.acquire("contract:1", Duration::from_secs(60)).await.unwrap().unwrap();
    assert!(leases.renew(&lease, Duration::from_secs(60)).await.unwrap());
    // As the server does it when the network is gone.
    let admin = PostgresServer::shared().admin(&database.name).await;
    let end = "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN smartsync.sessions s ON s.id = l.objid::bigint
        WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid::bigint = x'736d7379'::bigint AND s.is_server
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(admin.query(end, &[]).await.unwrap().len(), 1);
    // Its own next session looks at it anew.
    until("it is looked at anew", async || desk.begun().len() == 2).await;
    assert!(!leases.renew(&lease, Duration::from_secs(60)).await.unwrap(), "that lease has ended");
    let next = leases.acquire("contract:1", Duration::from_secs(60)).await.unwrap().unwrap();
    assert!(next.mark.parse::<i64>().unwrap() > lease.mark.parse().unwrap(), "numbers only rise");
    one.abort();
}

/// A decision on the page holds a claim and a lease while the server is asked to stop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_by_hand_and_its_lease_outlast_the_work_and_the_session_ends_with_them() {
    let database = PostgresServer::shared().database().await;
    let (desk, store) = (Arc::new(Desk::default()), open(&database).await);
    let (stop, stopped) = watch::channel(false);
    let looker = Arc::new(Looker { name: "one", desk: Arc::clone(&desk) });
    let work = PostgresWork::new(store.clone());
    let served = store.clone();
    let server = tokio::spawn(async move {
        PostgresWork::new(served).run(looker, WorkLimits::default(), stopped).await;
    });
    work.accept("a", item(1)).await.unwrap();
    until("the worker runs", async || desk.begun().len() == 1).await;
    let by_hand = PostgresState::new(store.clone()).by_hand();
    let mut claim = by_hand.claim(item(2)).await.unwrap().unwrap();
    let leases = PostgresLeases::new(store);
    let minute = Duration::from_secs(60);
    let lease = leases.acquire("contract:2", minute).await.unwrap().unwrap();
    stop.send_replace(true);
    desk.let_go.notify_one();
    server.await.unwrap();
    // Long enough that others would have freed what a session had that has ended.
    sleep(Duration::from_secs(2)).await;
    assert!(by_hand.renew(&mut claim).await.unwrap(), "the claim holds");
    assert!(leases.renew(&lease, minute).await.unwrap(), "the lease holds");
    let client = database.connect().await;
    let count = async || {
        let row = client.query_one("SELECT count(*) FROM smartsync.waiting", &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    assert_eq!(count().await, 1, "it is claimed");
    by_hand.end(claim, Ending::Done).await.unwrap();
    assert_eq!(count().await, 0, "the end is taken");
    until("the session has ended", async || !leases.renew(&lease, minute).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_worker_gives_back_is_nothing_that_is_claimed_by_hand() {
    let database = PostgresServer::shared().database().await;
    let (desk, store) = (Arc::new(Desk::default()), open(&database).await);
    let worker = desk.worker("one", store.clone());
    PostgresWork::new(store.clone()).accept("a", item(1)).await.unwrap();
    until("it is looked at", async || desk.begun().len() == 1).await;
    let by_hand = PostgresState::new(store).by_hand();
    let mut claim = by_hand.claim(item(2)).await.unwrap().unwrap();
    let client = database.connect().await;
    // The end of the look is not taken; of a claim that nobody has any more it is seen when the worker has given back what is not its own.
    client
        .batch_execute(
            "ALTER TABLE smartsync.parked RENAME TO parked_away;
             INSERT INTO smartsync.waiting (tenant, kind, id, cause, generation, run_at, is_known, claimed_generation, claimed_by)
             SELECT tenant, kind, 3, cause, 1, 0, is_known, 1, claimed_by FROM smartsync.waiting WHERE id = 1",
        )
        .await
        .unwrap();
    desk.let_go.notify_one();
    until("the lost claim is given back", async || desk.begun().len() == 2).await;
    assert_eq!(desk.begun()[1], ("one", item(3)));
    assert!(by_hand.renew(&mut claim).await.unwrap(), "that by hand is not");
    worker.abort();
}

/// As of `smartsync page`, whose process has no worker and goes on for months.
#[tokio::test]
async fn a_claim_by_hand_that_was_never_ended_is_a_servers_once_it_has_lapsed_though_its_process_lives() {
    let database = PostgresServer::shared().database().await;
    let page = open(&database).await;
    PostgresWork::new(page.clone()).accept("a", item(1)).await.unwrap();
    let by_hand = PostgresState::new(page.clone()).by_hand();
    let mut claim = by_hand.claim(item(1)).await.unwrap().unwrap();
    let desk = Arc::new(Desk::default());
    let worker = desk.worker("server", open(&database).await);
    sleep(Duration::from_secs(2)).await;
    assert!(desk.begun().is_empty() && by_hand.renew(&mut claim).await.unwrap(), "it is claimed");
    worker.abort();

    // Five minutes pass, a second at a time: what asks the database is given time to be answered.
    let leases = PostgresLeases::new(page);
    for second in 0..=300 {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(1)).await;
        tokio::time::resume();
        for _ in 0..3 {
            let name = format!("of {second}");
            let lease = leases.acquire(&name, Duration::from_secs(60)).await.unwrap().unwrap();
            leases.release(&lease).await.unwrap();
        }
    }
    let worker = desk.worker("server", open(&database).await);
    until("a server looks at it", async || desk.begun() == [("server", item(1))]).await;
    assert!(!by_hand.renew(&mut claim).await.unwrap(), "it is another's by now");
    by_hand.end(claim, Ending::Done).await.unwrap();
    let client = database.connect().await;
    let row = client.query_one("SELECT count(*) FROM smartsync.waiting", &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1, "whose claim has lapsed has nothing to say of its end");
    worker.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_others_took_for_gone_writes_nothing_when_it_wakes_up() {
    let database = PostgresServer::shared().database().await;
    let (zombie, other) = (open(&database).await, open(&database).await);
    let leases = PostgresLeases::new(zombie);
    let lease = leases.acquire("contract:1", Duration::from_secs(3600)).await.unwrap().unwrap();
    let others = PostgresLeases::new(other);
    let hour = Duration::from_secs(3600);
    assert!(others.acquire("contract:1", hour).await.unwrap().is_none(), "it is there");
    // It says nothing for long: whenever it does, that is undone.
    let client = database.connect().await;
    until("the lease is free", async || {
        client
            .batch_execute("UPDATE smartsync.sessions SET seen_at = seen_at - 60000 WHERE id = 1")
            .await
            .unwrap();
        others.acquire("contract:1", hour).await.unwrap().is_some()
    })
    .await;
    assert!(!leases.renew(&lease, Duration::from_secs(60)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_others_took_for_gone_claims_and_leases_nothing_before_it_gets_to_know() {
    let database = PostgresServer::shared().database().await;
    let (desk, store) = (Arc::new(Desk::default()), open(&database).await);
    let client = database.connect().await;
    let minute = Duration::from_secs(60);
    let leases = PostgresLeases::new(store.clone());
    leases.acquire("contract:1", minute).await.unwrap().unwrap();
    // It gets to know with its next beat, a second after it has begun: then it may be another session that is given what is asked for.
    client.batch_execute("DELETE FROM smartsync.sessions WHERE id = 1").await.unwrap();
    leases.acquire("contract:2", minute).await.unwrap();
    PostgresState::new(store.clone()).by_hand().claim(item(2)).await.unwrap();
    let given = "SELECT (SELECT count(*) FROM smartsync.leases WHERE name = 'contract:2' AND session = 1)
        + (SELECT count(*) FROM smartsync.waiting WHERE claimed_by = 1)";
    assert_eq!(client.query_one(given, &[]).await.unwrap().get::<_, i64>(0), 0);

    let worker = desk.worker("one", open(&database).await);
    let serves = "SELECT count(*) FROM smartsync.sessions WHERE is_server";
    until("the worker runs", async || client.query_one(serves, &[]).await.unwrap().get::<_, i64>(0) == 1)
        .await;
    client
        .batch_execute(
            "BEGIN;
             DELETE FROM smartsync.sessions WHERE is_server;
             INSERT INTO smartsync.waiting (tenant, kind, id, cause, generation, run_at, is_known)
             VALUES ('', 'contract', 3, 'notification', 1, 0, true);
             NOTIFY smartsync;
             COMMIT",
        )
        .await
        .unwrap();
    until("it has another session", async || {
        client.query_one(serves, &[]).await.unwrap().get::<_, i64>(0) == 1 && !desk.begun().is_empty()
    })
    .await;
    assert_eq!(desk.begun(), [("one", item(3))], "it was looked at once");
    worker.abort();
}

/// Each question is a way to the database and back, for which a look waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_is_one_statement_however_many_tenants_there_are() {
    const LOOKS: usize = 60;
    let server = PostgresServer::start(&["shared_preload_libraries = pg_stat_statements", "fsync = off"]);
    let database = server.database().await;
    let work = PostgresWork::new(open(&database).await);
    let tenants: [Tenant; 3] = ["east", "north", "south"].map(|name| name.parse().unwrap());
    for number in 0..LOOKS {
        let subject = Subject::Contract(ContractId::new(i64::try_from(number).unwrap()));
        work.accept(&number.to_string(), Item::of(tenants[number % 3].clone(), subject)).await.unwrap();
    }
    let admin = server.admin(&database.name).await;
    let reset = "CREATE EXTENSION pg_stat_statements; SELECT pg_stat_statements_reset()";
    admin.batch_execute(reset).await.unwrap();
    // There is always a slot, so it is never seen whether a tenant without one has something.
    let (limits, desk) = (WorkLimits::default().concurrency(LOOKS * 2), Arc::new(Desk::default()));
    let looker = Arc::new(Looker { name: "one", desk: Arc::clone(&desk) });
    let run = tokio::spawn(async move {
        let (_stop, stopped) = watch::channel(false);
        work.run(looker, limits, stopped).await;
    });
    until("all are looked at", async || desk.begun().len() == LOOKS).await;
    let claimed = "SELECT sum(calls)::bigint, sum(rows)::bigint FROM pg_stat_statements
        WHERE userid = 'smartsync'::regrole AND query LIKE '%SET claimed_generation = generation%'";
    let asked = "SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
        WHERE userid = 'smartsync'::regrole AND (query LIKE 'WITH RECURSIVE%' OR query LIKE 'SELECT%')
            AND query LIKE '%FROM waiting%' AND query NOT LIKE '%RETURNING%'";
    let claims = admin.query_one(claimed, &[]).await.unwrap();
    let (claims, rows): (i64, i64) = (claims.get(0), claims.get(1));
    let others: i64 = admin.query_one(asked, &[]).await.unwrap().get(0);
    let looks = i64::try_from(LOOKS).unwrap();
    assert_eq!(rows, looks);
    // Once all are claimed, it is asked what comes next, and what is looked at last.
    assert!((looks..looks + 20).contains(&claims), "{claims} claims for {looks} looks");
    assert!(others < 20, "{others} other questions for {looks} looks");
    run.abort();
}

/// PgBouncer in front of the database.
struct Pooler {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Pooler {
    fn start(database: &Database, mode: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user=admin password=admin\n\
             [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\npool_mode = {mode}\n\
             unix_socket_dir =\nlogfile =\n",
            server = PostgresServer::shared().port,
        );
        fs::write(&settings, text).unwrap();
        assert!(!database.name.is_empty());
        let program = ["/usr/sbin/pgbouncer", "/usr/local/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer"]
            .into_iter()
            .find(|path| fs::exists(path).unwrap_or_default())
            .expect("PgBouncer is not there, and this test needs it: install the package `pgbouncer`");
        let mut command = Command::new(program);
        command.arg("-q").arg(&settings).stdin(Stdio::null());
        // It refuses root.
        if let Some(user) = unprivileged() {
            command.uid(user);
        }
        Self { process: command.spawn().unwrap(), port, _folder: folder }
    }

    async fn open(&self, database: &Database) -> Result<PostgresStore, StoreError> {
        let url = format!("postgres://smartsync@127.0.0.1:{}/{}", self.port, database.name);
        let address = PostgresAddress::parse(&url).unwrap();
        let begun = Instant::now();
        loop {
            match PostgresStore::open(&address, Some(&database.password)).await {
                // It has not begun to listen yet.
                Err(StoreError::Open { .. }) if begun.elapsed() < Duration::from_secs(10) => {
                    sleep(Duration::from_millis(50)).await;
                }
                opened => return opened,
            }
        }
    }
}

/// A user that is nobody in particular, where the tests run as root.
fn unprivileged() -> Option<u32> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().unwrap()
    };
    (id(&["-u"]) == 0).then(|| id(&["-u", "nobody"]))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_in_transaction_mode_is_refused_with_the_remedy_and_one_in_session_mode_is_not() {
    let database = PostgresServer::shared().database().await;
    let in_transactions = Pooler::start(&database, "transaction");
    let refused = in_transactions.open(&database).await.unwrap_err();
    assert!(matches!(refused, StoreError::Pooled { .. }), "{refused:?}");
    assert_eq!(
        format!("{refused}: {}", refused.advice()),
        format!(
            "the database postgres://127.0.0.1:{}/{} is behind a connection pool in transaction mode, where what a connection has \
             claimed would be anybody's: in `[store] url`, name the database itself, or a pool in session mode (`pool_mode = session` of \
             PgBouncer)",
            in_transactions.port, database.name
        )
    );
    let in_sessions = Pooler::start(&database, "session");
    in_sessions.open(&database).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_in_transaction_mode_is_seen_while_others_use_it() {
    let database = PostgresServer::shared().database().await;
    let pooler = Pooler::start(&database, "transaction");
    assert!(matches!(pooler.open(&database).await, Err(StoreError::Pooled { .. })));
    let settings = format!("host=127.0.0.1 port={} user=admin dbname={}", pooler.port, database.name);
    let mut others = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let settings = settings.clone();
        others.spawn(async move {
            let (client, connection) =
                tokio_postgres::connect(&settings, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            loop {
                client.simple_query("SELECT pg_sleep(random() * 0.01)").await.unwrap();
            }
        });
    }
    sleep(Duration::from_millis(200)).await;
    for _ in 0..10 {
        let opened = timeout(Duration::from_secs(30), pooler.open(&database)).await.unwrap();
        assert!(matches!(opened, Err(StoreError::Pooled { .. })));
    }
    others.shutdown().await;
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused_and_left_as_they_are() {
    let database = PostgresServer::shared().database().await;
    open(&database).await;
    let client = database.connect().await;
    client.batch_execute("UPDATE smartsync.smartsync_schema SET version = 1000").await.unwrap();
    let refused = PostgresStore::open(&database.address, Some(&database.password)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { version: 1000, .. }), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_looks_at_nothing_more_once_a_newer_program_has_changed_the_tables() {
    let database = PostgresServer::shared().database().await;
    let (desk, store) = (Arc::new(Desk::default()), open(&database).await);
    let older = desk.worker("older", store.clone());
    let work = PostgresWork::new(store.clone());
    work.accept("a", item(1)).await.unwrap();
    until("it is looked at", async || desk.begun().len() == 1).await;
    let leases = PostgresLeases::new(store);
    let lease = leases.acquire("contract:1", Duration::from_secs(60)).await.unwrap().unwrap();

    let client = database.connect().await;
    let version = "SELECT version FROM smartsync.smartsync_schema";
    let own: i64 = client.query_one(version, &[]).await.unwrap().get(0);
    client.batch_execute("UPDATE smartsync.smartsync_schema SET version = 1000").await.unwrap();
    // What it was looking at is cut off, and it writes nothing more.
    until("it may not write any more", async || {
        !leases.renew(&lease, Duration::from_secs(60)).await.unwrap_or(false)
    })
    .await;
    // What is accepted waits for a server of the new version.
    work.accept("b", item(2)).await.unwrap();
    sleep(Duration::from_secs(3)).await;
    assert_eq!(desk.begun().len(), 1);
    client.execute("UPDATE smartsync.smartsync_schema SET version = $1", &[&own]).await.unwrap();
    until("the other one is looked at", async || desk.begun().contains(&("older", item(2)))).await;
    older.abort();
}

#[tokio::test]
async fn several_processes_that_start_at_once_make_the_tables_once() {
    let database = PostgresServer::shared().database().await;
    let (first, ..) = tokio::join!(open(&database), open(&database), open(&database), open(&database));
    PostgresWork::new(first).accept("a", item(1)).await.unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_named_without_the_password() {
    let database = PostgresServer::shared().database().await;
    let wrong = "a wrong password".to_owned().into();
    let error = PostgresStore::open(&database.address, Some(&wrong)).await.unwrap_err();
    let text = smartsync_transport::CauseChain(&error).to_string();
    assert!(text.contains("password authentication failed"), "{text}");
    assert!(!format!("{text} {error:?}").contains("a wrong password"), "{error:?}");
}
