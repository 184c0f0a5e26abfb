//! How long the views take that a person looks at, over 100,000 contracts, 60,000 held fields and 35 days of counts, in SQLite and in PostgreSQL.
//!
//! `cargo bench -p smartsync-benches --bench overview`; `-- sqlite` leaves PostgreSQL out.

use std::{env, error::Error, sync::Arc, time::Instant};

use jiff::Timestamp;
use smartsync::store::{
    ContractFilter, ContractPlace, FieldEnd, Overview, PostgresState, SqliteState, State, Tenant,
};

use crate::postgres_server::PostgresServer;

#[path = "../smartsync/tests/it/support/postgres_server.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod postgres_server;

const ROUNDS: usize = 200;
const ROWS: u32 = 50;

/// The time of the last look, in milliseconds.
const NOW: i64 = 1_930_000_000_000;

/// In words of both databases; `series` are the numbers to 100,000.
const FILL: &str = "
    INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, state, written, unchanged, held, failed, reasons, template_type)
        SELECT '', n, 'candidate', 1930000000000 - n * 1000, 'notification', CASE n % 3 WHEN 0 THEN 'signed' ELSE 'pending' END,
            (n % 7) / 6, 5, (n % 5) / 3, (n % 101) / 100, CASE n % 5 WHEN 3 THEN '[\"conflict-held\"]' WHEN 4 THEN '[\"refused\"]' ELSE '[]' END, n % 9
        FROM series;
    INSERT INTO standing_reasons (tenant, contract_id, reason, looked_at)
        SELECT '', n, CASE n % 5 WHEN 3 THEN 'conflict-held' ELSE 'refused' END, 1930000000000 - n * 1000 FROM series WHERE n % 5 >= 3;
    INSERT INTO held (tenant, contract_id, data_field, candidate_field, reason, since, looked_at, plan)
        SELECT '', n, 'oneflow-start-date', 'custom:start-date', 'conflict-held', 1930000000000 - n * 5000, 1930000000000 - n * 1000, '0a'
        FROM series WHERE n <= 60000;
    INSERT INTO parked (tenant, kind, id, parked_at, attempts, reason) SELECT '', 'contract', n, 1930000000000, 20, 'refused' FROM series WHERE n % 50 = 0;
    INSERT INTO waiting (tenant, kind, id, cause, generation, run_at) SELECT '', 'contract', n, 'sweep', 1, 1930000000000 FROM series WHERE n % 20 = 0;
    INSERT INTO tallies (tenant, hour, what, count) SELECT '', 536111 - n / 26, names.name, n
        FROM series JOIN names ON names.id = n % 26 WHERE n < 26 * 840;
";

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("state.db");
    let sqlite = SqliteState::open(&path)?;
    let names: Vec<String> = smartsync::store::Tallied::ALL
        .iter()
        .enumerate()
        .map(|(id, what)| format!("({id}, '{}')", what.as_str()))
        .collect();
    let names = names.join(", ");
    rusqlite::Connection::open(&path)?.execute_batch(&format!(
        "BEGIN; CREATE TEMP TABLE series AS WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100000) SELECT n FROM s;
         CREATE TEMP TABLE names (id, name); INSERT INTO names VALUES {names}; {FILL} COMMIT;"
    ))?;
    show("SQLite", &*sqlite.overview(&Tenant::default())).await?;
    if env::args().any(|argument| argument == "sqlite") {
        return Ok(());
    }
    let database = PostgresServer::shared().database().await;
    let postgres: Arc<dyn State> =
        Arc::new(PostgresState::open(&database.address, Some(&database.password)).await?);
    let client = database.connect().await;
    client
        .batch_execute(&format!(
            "SET search_path = smartsync; CREATE TEMP TABLE series AS SELECT n FROM generate_series(1, 100000) AS s (n);
             CREATE TEMP TABLE names (id integer, name text); INSERT INTO names VALUES {names}; {FILL} ANALYZE;"
        ))
        .await?;
    show("PostgreSQL", &*postgres.overview(&Tenant::default())).await
}

async fn show(database: &str, overview: &dyn Overview) -> Outcome<()> {
    println!("{database}: median and 99th percentile of {ROUNDS}, in milliseconds");
    let all = ContractFilter::new;
    for (name, filter) in [
        ("all", all()),
        ("outcome held", all().outcome(FieldEnd::Held)),
        ("outcome failed", all().outcome(FieldEnd::Failed)),
        ("reason", all().reason("conflict-held")),
        ("template type", all().template_type(4)),
        ("state", all().state("signed")),
        ("outcome that most have, none in this state", all().outcome(FieldEnd::Unchanged).state("draft")),
        ("held, none in this state", all().outcome(FieldEnd::Held).state("draft")),
        ("reason, none of this type", all().reason("refused").template_type(77)),
    ] {
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            // The first page, and places all over the list.
            let place = i64::try_from(round * 450)?;
            let looked_at = Timestamp::from_millisecond(NOW - place * 1000)?;
            let after = (round > 0).then(|| ContractPlace::new(looked_at, place.into()));
            let begun = Instant::now();
            overview.contracts(&filter, after, ROWS).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        tell(&format!("contracts, {name}"), times);
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            overview.count(&filter).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        tell(&format!("count, {name}"), times);
    }
    let (mut times, mut after) = (Vec::new(), None);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        after = overview.held(after.as_ref(), ROWS).await?.next;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    tell("held", times);
    for (name, hours, steps) in [("24 hours", 1, 24), ("30 days", 24, 30)] {
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            overview.tallies(Timestamp::from_millisecond(NOW)?, hours, steps).await?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        tell(name, times);
    }
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        overview.held_count().await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    tell("count of what is held", times);
    Ok(())
}

fn tell(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    println!("{:7.2} {:7.2}  {what}", times[ROUNDS / 2], times[ROUNDS * 99 / 100]);
}
