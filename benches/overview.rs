//! How long the views take that a person looks at, over 100,000 contracts, 60,000 held fields and 35 days of counts, in SQLite and in PostgreSQL.
//!
//! `cargo bench -p smartsync-benches --bench overview`; `-- sqlite` leaves PostgreSQL out.

use std::{env, error::Error, sync::Arc, time::Instant};

use jiff::Timestamp;
use smartsync::store::{
    ContractFilter, ContractPlace, FieldEnd, Overview, PostgresState, SqliteState, State, Tenant,
};

use crate::{
    filled_journal::{fill, fill_sqlite, names},
    postgres_server::PostgresServer,
};

#[path = "filled_journal.rs"]
mod filled_journal;
#[path = "../smartsync/tests/it/support/postgres_server.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod postgres_server;

const ROUNDS: usize = 200;
const ROWS: u32 = 50;

/// The time of the last look, in milliseconds.
const NOW: i64 = 1_930_000_000_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("state.db");
    let sqlite = SqliteState::open(&path)?;
    fill_sqlite(&path, NOW, "")?;
    show("SQLite", &*sqlite.overview(&Tenant::default())).await?;
    if env::args().any(|argument| argument == "sqlite") {
        return Ok(());
    }
    let database = PostgresServer::shared().database().await;
    let postgres: Arc<dyn State> =
        Arc::new(PostgresState::open(&database.address, Some(&database.password)).await?);
    let client = database.connect().await;
    let (names, fill) = (names(), fill(NOW));
    client
        .batch_execute(&format!(
            "SET search_path = smartsync; CREATE TEMP TABLE series AS SELECT n FROM generate_series(1, 100000) AS s (n);
             CREATE TEMP TABLE names (id integer, name text); INSERT INTO names VALUES {names}; {fill} ANALYZE;"
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
