//! `/readyz` and the answer to a notification say whether what is noted now will still be there tomorrow.

use std::{fs, path::PathBuf, time::Duration};

use oneflow_client::ContractId;
use rusqlite::Connection;
use tokio::{
    process::Command,
    time::{sleep, timeout},
};

use crate::support::{Home, Serving, get, notification, post};

const CONTRACT: ContractId = ContractId::new(9001);

fn home() -> Home {
    Home::new("http://127.0.0.1:9/v1", "http://127.0.0.1:9")
}

/// Waits until `/readyz` answers `status`: an answer counts for a second.
async fn until_ready_is(server: &Serving, status: u16) {
    let answered = async {
        while get(&server.at("/readyz")).await != status {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(10), answered).await.unwrap_or_else(|_| panic!("/readyz answers {status}"));
}

#[cfg(unix)]
#[tokio::test]
async fn on_a_full_disk_nothing_is_acknowledged_and_the_server_is_not_ready() {
    let home = home();
    // No file may grow beyond this, and a write that would is refused as on a full disk. The log of the server is a pipe.
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -f 900; exec \"$0\" serve --config smartsync.toml"])
        .arg(env!("CARGO_BIN_EXE_smartsync"))
        .current_dir(home.folder())
        .env_remove("RUST_LOG")
        .kill_on_drop(true);
    let mut server = home.serve_by(command).await;
    until_ready_is(&server, 200).await;
    let mut acknowledged = Vec::new();
    let is_full = loop {
        let callback = format!("callback-{}", acknowledged.len());
        match post(&server.url, notification(&callback, CONTRACT)).await {
            200 => acknowledged.push(callback),
            status => break status,
        }
        assert!(acknowledged.len() < 2000, "the limit on the size of a file works");
    };
    assert_eq!(is_full, 503);
    until_ready_is(&server, 503).await;
    assert_eq!(get(&server.at("/healthz")).await, 200);
    assert!(home.log().contains("not ready: notifications cannot be recorded"), "{}", home.log());

    server.process.kill().await.unwrap();
    let database = Connection::open(home.database()).unwrap();
    let noted: i64 = database.query_row("SELECT count(*) FROM inbox", [], |row| row.get(0)).unwrap();
    assert_eq!(
        usize::try_from(noted).unwrap(),
        acknowledged.len(),
        "what was acknowledged, and nothing else"
    );
    assert!(noted > 3);
}

#[tokio::test]
async fn another_program_may_read_a_database_that_the_server_has_just_made() {
    let home = home();
    let server = home.serve().await;
    // The last connection to a database takes its log away. This one is the last where the server holds no lock.
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt as _;

        let file = format!(":{} ", fs::metadata(home.database()).unwrap().ino());
        let process = format!(" {} ", server.process.id().unwrap());
        let locks = fs::read_to_string("/proc/locks").unwrap();
        let held = |line: &str| line.contains("POSIX") && line.contains(&file) && line.contains(&process);
        assert!(locks.lines().any(held), "{locks}");
    }
    let other = Connection::open(home.database()).unwrap();
    let noted = other.query_row("SELECT count(*) FROM inbox", [], |row| row.get::<_, i64>(0));
    assert_eq!(noted.unwrap(), 0);
    drop(other);
    assert_eq!(post(&server.url, notification("one", CONTRACT)).await, 200);
    assert_eq!(get(&server.at("/readyz")).await, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_acknowledged_into_a_file_that_has_lost_its_name() {
    let removed = |path: PathBuf| fs::remove_file(path).unwrap();
    let emptied = |path: PathBuf| fs::write(path, "").unwrap();
    let replaced = |path: PathBuf| {
        let other = path.with_extension("other");
        fs::copy(&path, &other).unwrap();
        fs::rename(&other, &path).unwrap();
    };
    let cases = [
        ("the database is removed", "", removed as fn(PathBuf)),
        ("the database is replaced by a copy", "", replaced),
        ("the database is emptied in its place", "", emptied),
        ("its log is removed", "-wal", removed),
        ("the index of its log is removed", "-shm", removed),
    ];
    for (what, suffix, happens) in cases {
        let home = home();
        let server = home.serve().await;
        assert_eq!(post(&server.url, notification("one", CONTRACT)).await, 200, "{what}");
        assert_eq!(get(&server.at("/readyz")).await, 200, "{what}");
        let mut path = home.database().into_os_string();
        path.push(suffix);
        happens(path.into());
        assert_eq!(post(&server.url, notification("two", CONTRACT)).await, 503, "{what}");
        until_ready_is(&server, 503).await;
        let log = home.log();
        assert!(log.contains("was removed or replaced while in use"), "{what}: {log}");
    }
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_not_ready_until_it_is_given_back() {
    let home = home();
    let server = home.serve().await;
    until_ready_is(&server, 200).await;
    let other = Connection::open(home.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    until_ready_is(&server, 503).await;
    other.execute_batch("COMMIT").unwrap();
    until_ready_is(&server, 200).await;
    assert!(home.log().contains("ready again"), "{}", home.log());
}

#[tokio::test]
async fn who_asks_often_causes_one_write_a_second() {
    let home = home();
    let server = home.serve().await;
    until_ready_is(&server, 200).await;
    let log = home.folder().join("state.db-wal");
    let before = fs::metadata(&log).unwrap().len();
    let asked = std::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(get(&server.at("/readyz")).await, 200);
    }
    let seconds = asked.elapsed().as_secs() + 1;
    // A page and its head in the log for each write, and what the start may still have written.
    let pages = (fs::metadata(&log).unwrap().len() - before) / 4120;
    assert!(pages <= seconds + 8, "{pages} pages in {seconds} s");
}
