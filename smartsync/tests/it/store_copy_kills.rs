//! `smartsync store copy` is killed at random moments and run again: it ends with everything there once, and until then nobody uses the half.

use std::{
    env,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use serde_json::Value;
use smartsync::{
    StoreError,
    store::{PostgresState, SqliteState, copied_tables},
};
use tokio::time::timeout;

use crate::support::{Database, Ended, Home, PostgresServer, filled, until};

/// So many copies are killed in each direction, unless `SMARTSYNC_KILLS` says another number.
const KILLS: usize = 4;

/// So many rows has each table, about.
const ROWS: u32 = 4_000;

/// A database that is copied into.
enum Target<'a> {
    Sqlite(&'a Path),
    Postgres(&'a Database),
}

/// How a target stands once a copy into it was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing is in it yet, and whoever opens it may use it.
    Empty,
    /// It is refused.
    Half,
    /// The copy had ended before it was killed.
    Whole,
}

impl Target<'_> {
    fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(database) => database.url.clone(),
        }
    }

    /// Opened as a server or a command does.
    async fn open(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(path) => SqliteState::open(path).map(drop),
            Self::Postgres(database) => {
                PostgresState::open(&database.address, Some(&database.password)).await.map(drop)
            }
        }
    }

    /// The rows of each table.
    async fn rows(&self) -> Vec<(String, u64)> {
        let mut rows = Vec::new();
        for table in copied_tables().0 {
            let count: i64 = match self {
                Self::Sqlite(path) => {
                    let sql = format!("SELECT count(*) FROM {}", table.name);
                    Connection::open(path).unwrap().query_row(&sql, [], |row| row.get(0)).unwrap()
                }
                Self::Postgres(database) => {
                    let sql = format!("SELECT count(*) FROM smartsync.{}", table.name);
                    database.connect().await.query_one(&sql, &[]).await.unwrap().get(0)
                }
            };
            rows.push((table.name.to_owned(), count.try_into().unwrap()));
        }
        rows
    }

    /// How it stands, whose `whole` has these rows. Whoever may use it finds all of them or none.
    async fn standing(&self, whole: &[(String, u64)]) -> Standing {
        if matches!(self, Self::Sqlite(path) if !path.exists()) {
            return Standing::Empty;
        }
        let mut opened = Ok(());
        // The database ends what a killed process has begun once it notices, within about a second.
        until("the copy that was killed is over", async || {
            opened = self.open().await;
            !matches!(opened, Err(StoreError::BeingCopied { .. }))
        })
        .await;
        match opened {
            Err(StoreError::HalfCopied { .. }) => Standing::Half,
            Err(error) => panic!("{error:?}"),
            Ok(()) => {
                let rows = self.rows().await;
                if rows == whole {
                    Standing::Whole
                } else {
                    assert!(rows.iter().all(|(_, rows)| *rows == 0), "a part of it may be used: {rows:?}");
                    Standing::Empty
                }
            }
        }
    }
}

/// One copy from a database, as the command is typed.
struct Copying<'a> {
    home: &'a Home,
    from: String,
}

impl Copying<'_> {
    fn arguments<'a>(&'a self, to: &'a str) -> [&'a str; 7] {
        ["store", "copy", &self.from, to, "--password-file", "database-password", "--json"]
    }

    /// Killed after this time, unless it has ended by then.
    async fn killed_after(&self, target: &Target<'_>, time: Duration) {
        let url = target.url();
        let mut command = self.home.command(&self.arguments(&url));
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if timeout(time, process.wait()).await.is_err() {
            process.kill().await.unwrap();
        }
    }

    /// Run to its end, once the database has noticed that the one before is gone.
    async fn whole(&self, target: &Target<'_>) -> Value {
        let url = target.url();
        let mut ended = Ended { code: 1, out: String::new(), err: String::new() };
        until("both databases are free", async || {
            ended = self.home.run(&self.arguments(&url)).await;
            !ended.err.contains("is in use")
        })
        .await;
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        serde_json::from_str(&ended.out).unwrap()
    }

    /// Kills copies into new databases, which `target` makes, until so many were killed that had begun. What each has at its end is `tables`.
    async fn killed_again_and_again(
        &self,
        target: &Target<'_>,
        tables: &Value,
        begun: &mut usize,
        takes: Duration,
    ) {
        let whole: Vec<(String, u64)> = tables
            .as_array()
            .unwrap()
            .iter()
            .map(|table| (table["table"].as_str().unwrap().to_owned(), table["rows"].as_u64().unwrap()))
            .collect();
        loop {
            self.killed_after(target, takes.mul_f64(fastrand::f64() * 0.6)).await;
            match target.standing(&whole).await {
                Standing::Empty => {}
                // As many as were asked for in one story: then it may end.
                Standing::Half => {
                    *begun += 1;
                    if fastrand::u8(..) < 64 {
                        break;
                    }
                }
                Standing::Whole => return,
            }
        }
        let ended = self.whole(target).await;
        assert_eq!(ended["tables"], *tables, "what was copied in pieces is what was copied at once");
        assert_eq!(ended["resumed"], true);
        assert_eq!(target.standing(&whole).await, Standing::Whole);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_is_killed_at_random_moments_ends_whole_and_until_then_nobody_uses_the_half() {
    use secrecy::ExposeSecret as _;

    let kills = env::var("SMARTSYNC_KILLS").ok().map_or(KILLS, |text| text.parse().unwrap());
    let (folder, path) = filled(ROWS);
    let home = Home::new("http://127.0.0.1:1", "http://127.0.0.1:1");
    let first = PostgresServer::shared().database().await;
    home.secret("database-password", first.password.expose_secret());

    let there = Copying { home: &home, from: format!("sqlite://{}", path.display()) };
    let begun = Instant::now();
    let tables = there.whole(&Target::Postgres(&first)).await["tables"].clone();
    let takes = begun.elapsed();
    let back = Copying { home: &home, from: first.url.clone() };
    let (mut killed_there, mut killed_back, mut stories) = (0, 0, 0);
    while killed_there < kills {
        let database = PostgresServer::shared().database().await;
        there.killed_again_and_again(&Target::Postgres(&database), &tables, &mut killed_there, takes).await;
        stories += 1;
    }
    while killed_back < kills {
        let target = folder.path().join(format!("back-{stories}.db"));
        back.killed_again_and_again(&Target::Sqlite(&target), &tables, &mut killed_back, takes).await;
        stories += 1;
    }
    // Neither source was changed by any of it.
    let again = folder.path().join("again.db");
    assert_eq!(there.whole(&Target::Sqlite(&again)).await["tables"], tables);
    eprintln!(
        "{killed_there} copies into PostgreSQL and {killed_back} out of it were killed half way, in {stories} databases; one takes {takes:?}"
    );
}
