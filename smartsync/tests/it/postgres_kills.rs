//! Two servers on one PostgreSQL database, of which one or the other is killed at random moments under load, and the database as well.

use std::{collections::BTreeMap, env, sync::Arc, time::Duration};

use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::support::{Database, PostgresServer, Story, pause, sent_contract, tell, until};

/// So many servers are killed, unless `SMARTSYNC_KILLS` says another number.
const KILLS: usize = 4;

/// In each ten, the database is killed twice: behind this kill once the server is there again, and behind the other while it is not.
const DATABASE_UNDER_TWO_SERVERS: usize = 1;
const DATABASE_UNDER_ONE_SERVER: usize = 3;

/// So many contracts change between two kills.
const LOAD: usize = 3;

/// No more of them wait then than the servers have slots for: Teamtailor allows five requests in a second, and what waits for its turn behind a
/// hundred looks is late, whoever is killed.
const WAITING: i64 = 16;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_one_is_killed_again_and_again_and_the_database_too_and_nothing_is_lost_doubled_or_looked_at_twice()
 {
    let asked = env::var("SMARTSYNC_KILLS").ok().map(|text| text.parse().unwrap());
    let kills: usize = asked.unwrap_or(KILLS);
    // What is on the disk counts: one that is killed finds what it has said is there.
    let server = PostgresServer::start(&[]);
    let database = server.database().await;
    let claims = Claims { database: server.database_again(&database) };
    let story = Story::begin_in(database).await;
    let of_the_database =
        |kill: &usize| [DATABASE_UNDER_TWO_SERVERS, DATABASE_UNDER_ONE_SERVER].contains(&(kill % 10));
    let kills_of_the_database = (0..kills).filter(of_the_database).count();
    let changing = (kills + kills_of_the_database) * LOAD;
    let contracts: Vec<_> = (0..changing).map(|number| sent_contract(&story.services, number)).collect();
    story.services.sandbox().advance(Duration::from_secs(600));

    // So many that a slot is free, though looks wait for Teamtailor's limit.
    story.home.replace("sweep = \"off\"", "sweep = \"off\"\nconcurrency = 24");
    let mut servers = [story.home.serve_with_log().await, story.home.serve_with_log().await];
    let at = [0, 1].map(|which| watch::Sender::new(servers[which].url.clone()));
    let ready = Arc::new(Semaphore::new(0));
    let mut changes = JoinSet::new();
    for (number, &(_, contract)) in contracts.iter().enumerate() {
        let (services, ready) = (Arc::clone(&story.services), Arc::clone(&ready));
        // One comes to the one, the other to the other.
        let [first, second] = [number % 2, 1 - number % 2].map(|which| at[which].subscribe());
        changes.spawn(async move {
            ready.acquire().await.unwrap().forget();
            let sandbox = services.sandbox();
            sandbox.fill_data_field(contract, "oneflow-notice", "3 months").unwrap();
            tell(&first, "filled in", contract).await;
            pause(0..=300).await;
            sandbox.sign_all(contract).unwrap();
            tell(&second, "signed", contract).await;
        });
    }
    let (mut free, mut resumed, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for kill in 0..kills {
        while claims.count().await > WAITING {
            sleep(Duration::from_millis(100)).await;
        }
        ready.add_permits(LOAD);
        pause(0..=1_500).await;
        let victim = fastrand::usize(0..2);
        let before = claims.by_session().await;
        servers[victim].process.kill().await.unwrap();
        let killed = Instant::now();
        let cut_off = claims.of_those_that_are_gone(&before).await;
        until("what it had claimed is free", async || {
            let now = claims.by_session().await;
            !cut_off.iter().any(|contract| now.get(contract) == before.get(contract))
        })
        .await;
        free.push(killed.elapsed());
        // It is looked at by the other, or has come to its end in that very moment.
        for contract in cut_off {
            let waiting = claims.count().await;
            until(&format!("what was cut off is taken up, with {waiting} that wait"), async || {
                story.witness.read_since(contract, killed).is_some() || !claims.waits(contract).await
            })
            .await;
            resumed.extend(story.witness.read_since(contract, killed).map(|read| read - killed));
        }
        let mut restart = async || {
            servers[victim] = story.home.serve_with_log().await;
            at[victim].send_replace(servers[victim].url.clone());
        };
        let comes_first = kill % 10 == DATABASE_UNDER_TWO_SERVERS;
        if comes_first {
            restart().await;
        }
        if of_the_database(&kill) {
            // So that there is something to go on with.
            ready.add_permits(LOAD);
            pause(0..=500).await;
            server.kill();
            pause(0..=2_000).await;
            server.start_again();
            // One that ends and is noted: what was cut off may still read for a moment.
            let (answers, noted) = (Instant::now(), claims.looks().await);
            let mut is_on = false;
            until("looks go on once the database is there again", async || {
                is_on = claims.looks().await > noted;
                is_on || claims.count().await == 0
            })
            .await;
            again.extend(is_on.then(|| answers.elapsed()));
        }
        if !comes_first {
            restart().await;
        }
    }
    changes.join_all().await;
    story.settles(&contracts).await;
    for server in &mut servers {
        server.process.kill().await.unwrap();
    }

    let overlaps = story.witness.overlaps();
    assert!(overlaps.is_empty(), "contracts that were read twice at once: {overlaps:?}");
    let (looks, doubts) = story.nothing_is_doubled(&contracts).await;
    free.sort();
    resumed.sort();
    let [longest_free, longest, longest_again] =
        [&free, &resumed, &again].map(|times| times.iter().max().copied().unwrap_or_default());
    eprintln!(
        "{kills} kills of a server, {kills_of_the_database} of the database, {} notifications, {looks} looks that ended, {} contracts at once \
         at most, {doubts} uploads left to a person; claims were free after {:?} in the middle and {longest_free:?} at most; taken up {} times, after \
         {:?} in the middle and {longest:?} at most; behind the database's, looks went on {} times, after {longest_again:?} at most",
        contracts.len() * 2,
        story.witness.most_at_once(),
        free[free.len() / 2],
        resumed.len(),
        resumed.get(resumed.len() / 2).copied().unwrap_or_default(),
        again.len(),
    );
    // Where nobody asked for a number, the machine may do much else at the same time.
    let limit = Duration::from_secs(if asked.is_some() { 10 } else { 60 });
    assert!(longest.max(longest_free).max(longest_again) < limit, "{longest:?}, {longest_again:?}");
}

/// What is claimed, by which session.
struct Claims {
    database: Database,
}

impl Claims {
    async fn by_session(&self) -> BTreeMap<i64, i32> {
        let client = self.database.connect().await;
        let sql = "SELECT id, claimed_by FROM smartsync.waiting WHERE claimed_by IS NOT NULL";
        client.query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// Of these, what belonged to a session that is not there any more.
    async fn of_those_that_are_gone(&self, before: &BTreeMap<i64, i32>) -> Vec<i64> {
        // A process of the database ends within moments when its connection does.
        sleep(Duration::from_millis(100)).await;
        let client = self.database.connect().await;
        let sql = "SELECT objid::bigint::integer FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid::bigint = x'736d7379'::bigint AND objid::bigint <= 2147483647
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let alive: Vec<i32> = client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        let is_gone = |(_, session): &(&i64, &i32)| !alive.contains(session);
        before.iter().filter(is_gone).map(|(contract, _)| *contract).collect()
    }

    /// How many contracts wait, or are looked at.
    async fn count(&self) -> i64 {
        let client = self.database.connect().await;
        client.query_one("SELECT count(*) FROM smartsync.waiting", &[]).await.unwrap().get(0)
    }

    /// How many looks were noted.
    async fn looks(&self) -> i64 {
        let client = self.database.connect().await;
        client.query_one("SELECT count(*) FROM smartsync.looks", &[]).await.unwrap().get(0)
    }

    async fn waits(&self, contract: i64) -> bool {
        let client = self.database.connect().await;
        let sql = "SELECT 1 FROM smartsync.waiting WHERE id = $1 AND not_before <= extract(epoch FROM now()) * 1000";
        !client.query(sql, &[&contract]).await.unwrap().is_empty()
    }
}
