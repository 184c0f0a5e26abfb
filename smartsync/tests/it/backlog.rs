//! A backlog is worked off as fast as Teamtailor's limit allows, and no faster.

use std::{cell::Cell, env, time::Duration};

use oneflow_client::ContractId;
use smartsync::{Inbox, Store};
use smartsync_sandbox::{HttpSandbox, LoggedRequest, Origin, Sandbox, SandboxSettings};
use tokio::{
    join,
    time::{Instant, sleep},
};

#[cfg(unix)]
#[cfg(feature = "postgres")]
use crate::support::PostgresServer;
use crate::support::{Home, Sender, Serving, notification, sent_contract};

/// So many contracts wait, unless `SMARTSYNC_BACKLOG` says another number: enough for two whole periods of the limit, of which each begins with all that it
/// allows.
const BACKLOG: usize = 60;

/// The same for two servers: they need longer until both have looked at some.
#[cfg(unix)]
#[cfg(feature = "postgres")]
const BACKLOG_OF_TWO: usize = 100;

/// Teamtailor's limit: so many requests in [`PERIOD`].
const LIMIT: usize = 50;

const PERIOD: Duration = Duration::from_secs(10);

fn requests(sandbox: &Sandbox) -> Vec<LoggedRequest> {
    let mut log = sandbox.request_log();
    log.retain(|request| request.origin == Origin::Teamtailor);
    log
}

/// The services, with as many contracts as are to wait.
struct Backlog {
    services: HttpSandbox,
    contracts: Vec<(String, i64)>,
}

impl Backlog {
    /// Of `contracts`, or of as many as the environment says.
    async fn of(contracts: usize) -> Self {
        let contracts = env::var("SMARTSYNC_BACKLOG").ok().map_or(contracts, |text| text.parse().unwrap());
        // Oneflow's limit is wider than what Teamtailor's lets through; here it stands in nobody's way.
        let services = HttpSandbox::start(SandboxSettings::new().oneflow_limit(100_000)).await.unwrap();
        let sandbox = services.sandbox();
        let contracts: Vec<_> = (0..contracts).map(|number| sent_contract(&services, number)).collect();
        sandbox.advance(Duration::from_secs(600));
        for (_, contract) in &contracts {
            sandbox.fill_data_field(*contract, "oneflow-notice", "3 months").unwrap();
        }
        Self { services, contracts }
    }

    fn home(&self) -> Home {
        let (oneflow, teamtailor) = (self.services.oneflow_url(), self.services.teamtailor_url());
        Home::new(oneflow.as_str(), teamtailor.as_str()).with_contracts_of_others(&self.services)
    }

    /// Tells these servers of the contracts, in equal parts.
    async fn tell(&self, servers: &[&Serving]) {
        for (contracts, server) in
            self.contracts.chunks(self.contracts.len().div_ceil(servers.len())).zip(servers)
        {
            let told = contracts.iter().map(|(_, contract)| {
                notification(&format!("callback {contract}"), ContractId::new(*contract))
            });
            Sender::to(&server.url).post_all(told.collect()).await;
        }
    }

    /// Tells these servers of the contracts, waits until nothing waits, and looks at how much of the limit was used.
    async fn is_worked_off(&self, servers: &[&Serving], waiting: impl AsyncFn() -> usize) {
        // What they have sent when they began shall be in no period that counts.
        sleep(PERIOD).await;
        let (sandbox, backlog) = (self.services.sandbox(), self.contracts.len());
        let before = requests(sandbox).len();
        let mut counts: Vec<(Instant, usize)> = Vec::new();
        let give_up = Instant::now() + PERIOD * u32::try_from(backlog / 5 + 6).unwrap();
        let is_told = Cell::new(false);
        let tell = async {
            self.tell(servers).await;
            is_told.set(true);
        };
        // They begin while they are told.
        let count = async {
            loop {
                let (is_told, waiting) = (is_told.get(), waiting().await);
                if is_told && waiting == 0 {
                    break;
                }
                assert!(Instant::now() < give_up, "not in time: {waiting} contracts wait");
                counts.push((Instant::now(), requests(sandbox).len()));
                sleep(Duration::from_millis(50)).await;
            }
        };
        join!(tell, count);
        let log = requests(sandbox);
        let refused = log.iter().filter(|request| request.status == 429).count();

        // As long as the backlog lasts: whole periods, from the first request on. The last one that has begun is not used up.
        let &(begun, _) = counts.iter().find(|(_, count)| *count > before).unwrap();
        let (ended, _) = *counts.last().unwrap();
        let periods = u32::try_from((ended - begun).as_secs() / PERIOD.as_secs()).unwrap();
        assert!(periods > 0, "{} requests are too few to see", log.len());
        let used = counts.iter().rev().find(|(at, _)| *at < begun + PERIOD * periods).unwrap().1;
        let used = used - before;
        let allowed = LIMIT * usize::try_from(periods).unwrap();
        eprintln!(
            "{backlog} contracts, {} requests, {refused} refused; {used} of {allowed} in {periods} periods of 10 s: {:.1} %",
            log.len(),
            100.0 * f64::from(u32::try_from(used).unwrap()) / f64::from(u32::try_from(allowed).unwrap()),
        );
        assert_eq!(refused, 0);
        // Two servers take the last contracts of a short backlog one by one, beside other tests: the long form tells how much they use.
        let percent = if periods < 10 && servers.len() > 1 { 80 } else { 95 };
        assert!(used * 100 >= allowed * percent, "{used} of {allowed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backlog_uses_the_limit_up_and_is_never_refused() {
    let backlog = Backlog::of(BACKLOG).await;
    let home = backlog.home();
    let server = home.serve().await;
    let inbox = Inbox::new(Store::open(&home.database()).unwrap());
    backlog.is_worked_off(&[&server], async || inbox.waiting().await.unwrap().len()).await;
}

#[cfg(unix)]
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_with_one_key_use_the_limit_up_together_and_are_never_refused() {
    let backlog = Backlog::of(BACKLOG_OF_TWO).await;
    let database = PostgresServer::shared().database().await;
    let homes = [backlog.home(), backlog.home()];
    homes.iter().for_each(|home| home.keep_in(&database));
    let (one, other) = (homes[0].serve().await, homes[1].serve().await);
    let client = database.connect().await;
    let count = async |table: &str| {
        let sql = format!("SELECT count(*) FROM smartsync.{table}");
        client.query_one(&sql, &[]).await.unwrap().get::<_, i64>(0)
    };
    let waiting = async || usize::try_from(count("waiting").await).unwrap();
    backlog.is_worked_off(&[&one, &other], waiting).await;
    // One of Oneflow, one of Teamtailor.
    assert_eq!(count("permits").await, 2);
    for home in &homes {
        assert!(!home.log().contains("rate limit could not be kept together"), "{}", home.log());
    }
    let looks = homes.each_ref().map(|home| home.log().matches("look finished").count());
    eprintln!("looks of the two servers: {looks:?}");
    assert!(looks.iter().all(|looks| *looks > 0), "both have worked");
}

/// What is known of the limit lies in a table that a crash empties.
#[cfg(unix)]
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_the_database_under_two_servers_with_one_key_has_no_request_refused() {
    let backlog = Backlog::of(BACKLOG_OF_TWO).await;
    let sandbox = backlog.services.sandbox();
    let server = PostgresServer::start(&[]);
    let database = server.database().await;
    let homes = [backlog.home(), backlog.home()];
    homes.iter().for_each(|home| home.keep_in(&database));
    let (one, mut other) = (homes[0].serve().await, homes[1].serve().await);
    sleep(PERIOD).await;
    let mut before = requests(sandbox).len();
    backlog.tell(&[&one, &other]).await;
    // When the limit of a period is all but used up. At the second crash, nobody is left who knows what one of the servers has used.
    for is_one_killed in [false, true] {
        let end = Instant::now() + PERIOD * 3;
        while requests(sandbox).len() < before + LIMIT - 4 {
            assert!(Instant::now() < end, "only {} requests", requests(sandbox).len() - before);
            sleep(Duration::from_millis(5)).await;
        }
        server.kill();
        if is_one_killed {
            other.process.kill().await.unwrap();
        }
        server.start_again();
        if is_one_killed {
            other = homes[1].serve().await;
        }
        before = requests(sandbox).len();
    }
    let client = database.connect().await;
    let end = Instant::now() + PERIOD * u32::try_from(backlog.contracts.len() / 5 + 6).unwrap();
    loop {
        let waiting = client.query_one("SELECT count(*) FROM smartsync.waiting", &[]).await.unwrap();
        if waiting.get::<_, i64>(0) == 0 {
            break;
        }
        assert!(Instant::now() < end, "not in time");
        sleep(Duration::from_millis(100)).await;
    }
    let log = sandbox.request_log();
    let refused: Vec<_> = log.iter().filter(|request| request.status == 429).collect();
    eprintln!(
        "two crashes of the database: {} requests to Teamtailor, {} refused",
        requests(sandbox).len(),
        refused.len()
    );
    assert!(refused.is_empty(), "{refused:?}");
}
