//! How many looks 1, 2 and 4 processes do in a second on one PostgreSQL database, each one at a time, and what a look adds to the database's log.
//!
//! Each look waits 50 ms in the place of the services and is otherwise a whole one: claim, lease, engine, ledger, journal, end. 50,000 other contracts are
//! known. `TMPDIR` says where the database is.

use std::{
    env,
    error::Error,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::{ContractId, OneflowClient};
use secrecy::ExposeSecret as _;
use smartsync::store::{
    Ended, Ending, Handler, Journal as _, Look, NextLook, Occasion, PostgresAddress, PostgresJournal,
    PostgresLeases, PostgresLedger, PostgresStore, PostgresWork, Trigger, Turn, Work as _, WorkLimits,
};
use smartsync_core::{Clock, Engine, Mapping, SyncKeys, engine::ChangeLimit};
use smartsync_sandbox::{CandidateSeed, ContractSeed, Origin, Sandbox, SandboxSettings};
use smartsync_transport::{Limiter, Request, Response, RetryPolicy, Transport, TransportError};
use teamtailor_client::TeamtailorClient;
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tokio_postgres::Client;

use crate::postgres_server::{Database, PostgresServer};

#[path = "../smartsync/tests/it/support/postgres_server.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod postgres_server;

/// How long the services take for a look.
const UPSTREAM: Duration = Duration::from_millis(50);

/// So many looks for each process.
const LOOKS: usize = 120;

/// So many other contracts are known.
const KNOWN: i64 = 50_000;

const PROCESSES: [usize; 3] = [1, 2, 4];

/// In the environment of a process that looks: where the database is, and its password.
const DATABASE: &str = "SMARTSYNC_SCALE_DATABASE";
const PASSWORD: &str = "SMARTSYNC_SCALE_PASSWORD";

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    if let Ok(url) = env::var(DATABASE) {
        return look(&url, env::var(PASSWORD)?.into()).await;
    }
    // As it is installed, but that no checkpoint comes in between: after one, the log holds whole pages.
    let server = PostgresServer::start(&["checkpoint_timeout = 1h", "max_wal_size = 8GB"]);
    let mut first = None;
    for processes in PROCESSES {
        let database = server.database().await;
        let (rate, log) = measure(&server, &database, processes).await?;
        let times = rate / *first.get_or_insert(rate);
        println!(
            "{processes} processes: {rate:.1} looks/s, {times:.2} times one; {log:.2} KB of log for a look"
        );
    }
    Ok(())
}

/// Looks in a second, and kilobytes of log for each.
async fn measure(server: &PostgresServer, database: &Database, processes: usize) -> Outcome<(f64, f64)> {
    let store = PostgresStore::open(&database.address, Some(&database.password)).await?;
    let client = database.connect().await;
    client.batch_execute("SET search_path = smartsync").await?;
    know(&client).await?;
    // What was written so far is none of what is measured. Only an administrator may ask for it.
    server.admin("postgres").await.batch_execute("CHECKPOINT").await?;
    let workers = (0..processes).map(|_| Worker::start(database)).collect::<Outcome<Vec<_>>>()?;
    let contracts = world(LOOKS * (processes + 1)).1;
    let (warm, measured) = contracts.split_at(LOOKS);
    let work = PostgresWork::new(store);
    let enqueue = async |contracts: &[ContractId]| {
        work.enqueue(contracts.iter().map(|contract| (*contract).into()).collect(), Trigger::ByHand).await
    };
    enqueue(warm).await?;
    idle(&client).await?;
    let before = log_position(&client).await?;
    let begun = Instant::now();
    enqueue(measured).await?;
    idle(&client).await?;
    let took = begun.elapsed();
    let written = log_position(&client).await? - before;
    drop(workers);
    let done: i64 = client.query_one("SELECT count(*) FROM looks WHERE error IS NULL", &[]).await?.get(0);
    assert_eq!(usize::try_from(done)?, contracts.len(), "looks that ended, each at another contract");
    let looks = measured.len() as f64;
    Ok((looks / took.as_secs_f64(), written / looks / 1024.0))
}

/// Contracts that have been looked at before. They are counted: without them the figures would be those of an empty database.
async fn know(client: &Client) -> Outcome<()> {
    let known = format!("FROM generate_series(1, {KNOWN}) AS number");
    client
        .batch_execute(&format!(
            "INSERT INTO ledger (tenant, contract_id, entry, changed_at)
                 SELECT '', -number, jsonb_build_object('candidate', 'candidate ' || number), 0 {known};
             INSERT INTO cards SELECT '', 'candidate ' || number, '{{}}' {known};
             INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, reasons)
                 SELECT '', -number, 'candidate ' || number, 0, 'notification', '[]' {known};
             ANALYZE"
        ))
        .await?;
    let counted = "SELECT least((SELECT count(*) FROM ledger), (SELECT count(*) FROM cards), (SELECT count(*) FROM standing))";
    assert_eq!(client.query_one(counted, &[]).await?.get::<_, i64>(0), KNOWN);
    Ok(())
}

async fn idle(client: &Client) -> Outcome<()> {
    let idle = async {
        loop {
            let row = client.query_one("SELECT count(*) FROM waiting", &[]).await?;
            if row.get::<_, i64>(0) == 0 {
                return Ok::<_, tokio_postgres::Error>(());
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    Ok(timeout(Duration::from_secs(120), idle).await??)
}

/// Bytes that were written to the log.
async fn log_position(client: &Client) -> Outcome<f64> {
    Ok(client.query_one("SELECT (pg_current_wal_insert_lsn() - '0/0')::float8", &[]).await?.get(0))
}

/// A process that looks, until it is dropped.
struct Worker(Child);

impl Worker {
    fn start(database: &Database) -> Outcome<Self> {
        let mut process = Command::new(env::current_exe()?)
            .env(DATABASE, &database.url)
            .env(PASSWORD, database.password.expose_secret())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut ready = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut ready)?;
        assert_eq!(ready.trim(), "ready");
        Ok(Self(process))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What a process does that looks.
async fn look(url: &str, password: secrecy::SecretString) -> Outcome<()> {
    let store = PostgresStore::open(&PostgresAddress::parse(url)?, Some(&password)).await?;
    // Every process has the same contracts in a world of its own.
    let (sandbox, _) = world(LOOKS * 5);
    let engine = engine(&sandbox, &store)?;
    println!("ready");
    let (_stop, stopped) = watch::channel(false);
    let looker = Arc::new(Looker { engine, journal: PostgresJournal::new(store.clone()) });
    PostgresWork::new(store).run(looker, WorkLimits::default().concurrency(1), stopped).await;
    Ok(())
}

struct Looker {
    engine: Engine,
    journal: PostgresJournal,
}

#[async_trait]
impl Handler for Looker {
    async fn handle(&self, turn: Turn) -> Ended {
        let Some(contract) = turn.item.contract() else { return Ending::Done.into() };
        let begun = Timestamp::now();
        sleep(UPSTREAM).await;
        let result = self.engine.sync(contract).await;
        let look = Look::of(Occasion::new(contract, turn.trigger, begun), &result, NextLook::None);
        self.journal.record(&look).await.expect("the journal takes it");
        Ending::Done.into()
    }

    async fn broken_off(&self, _: Turn) -> Ended {
        panic!("a look broke off")
    }

    async fn idle(&self) -> Duration {
        Duration::from_secs(60)
    }
}

/// So many contracts in each of which there is a value to be written.
fn world(contracts: usize) -> (Sandbox, Vec<ContractId>) {
    let settings = SandboxSettings::new().oneflow_limit(u32::MAX).teamtailor_limit(u32::MAX);
    let sandbox = Sandbox::new(settings);
    let contracts = (0..contracts)
        .map(|number| {
            let email = format!("candidate{number}@example.com");
            sandbox.add_candidate(CandidateSeed::new(&email).name("A", "Candidate")).expect("a candidate");
            let seed = ContractSeed::new(sandbox.seeded().template, "Employment")
                .counterparty("A Candidate", &email)
                .published();
            let contract = sandbox.add_contract(seed).expect("a contract");
            sandbox.fill_data_field(contract, "oneflow-notice", "3 months").expect("a pending contract");
            ContractId::new(contract)
        })
        .collect();
    (sandbox, contracts)
}

fn engine(sandbox: &Sandbox, store: &PostgresStore) -> Outcome<Engine> {
    let oneflow = OneflowClient::builder()
        .api_token(sandbox.oneflow_token())
        .user_email(sandbox.user_email())
        .transport(Way(sandbox.clone(), Origin::Oneflow))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()?;
    let teamtailor = TeamtailorClient::builder()
        .api_key(sandbox.teamtailor_key())
        .transport(Way(sandbox.clone(), Origin::Teamtailor))
        .retry(RetryPolicy::none())
        .limiter(Limiter::none())
        .build()?;
    let mapping: Mapping = toml::from_str(&format!(
        "[sync]\nlink = [\"ledger\", \"email\"]\ntemplate_types = [{}]\n",
        sandbox.seeded().template_type
    ))?;
    let keys = SyncKeys::new("acme", ["the/first/key/of/the/tenant/acme/0000000000".into()])?;
    let ledger = Arc::new(PostgresLedger::new(store.clone()));
    Ok(Engine::builder(oneflow, teamtailor, mapping, ledger, keys)
        .clock(Time(sandbox.clone()))
        .change_limit(ChangeLimit::none())
        .leases(PostgresLeases::new(store.clone()))
        .build()?)
}

#[derive(Debug)]
struct Way(Sandbox, Origin);

#[async_trait]
impl Transport for Way {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        Ok(self.0.handle(self.1, request))
    }
}

#[derive(Debug)]
struct Time(Sandbox);

impl Clock for Time {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}
