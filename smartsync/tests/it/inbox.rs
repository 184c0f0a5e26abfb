//! Nothing accepted is lost, nothing is looked at twice at a time, and a burst causes one more look.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use smartsync::{
    ContractId, Inbox, Store, StoreError,
    store::{
        Accepted, Claim, Due, Ended, Ending, Handler, Setback, Tenant, TestTime, Turn, Work as _, WorkLimits,
    },
};
use tokio::{sync::watch, time::sleep};

use crate::support::until;

const CONTRACT: ContractId = ContractId::new(9001);

fn inbox(database: &Path) -> Inbox {
    Inbox::new(Store::open(database).unwrap())
}

async fn look(inbox: &Inbox) -> Option<Claim> {
    match inbox.claim_due().await.unwrap() {
        Due::Now(claim) => Some(claim),
        Due::Later(_) => None,
    }
}

#[tokio::test]
async fn what_another_process_notes_is_seen_within_a_second_and_nothing_where_nobody_writes() {
    let (folder, time) = (tempfile::tempdir().unwrap(), TestTime::new());
    let database = folder.path().join("state.db");
    let (server, beside) = (inbox(&database).sleep(time.clone()), inbox(&database));
    let (second, mut has_changed) = (Duration::from_secs(1), 0);
    // So many of these seconds pass, a moment of this machine each.
    let seconds = async |most: u32| {
        for _ in 0..most {
            time.pass(second);
            sleep(Duration::from_millis(20)).await;
        }
    };
    // At first: what was written before it looked is not known to have been looked at.
    for (is_noted, most, expected) in [(false, 500, 1), (false, 20, 1), (true, 500, 2), (false, 20, 2)] {
        if is_noted {
            beside.accept("one", CONTRACT).await.unwrap();
        }
        tokio::select! {
            biased;
            () = server.changed() => has_changed += 1,
            () = seconds(most) => {}
        }
        assert_eq!(has_changed, expected, "{is_noted} {most}");
    }
    assert!(look(&server).await.is_some());
}

#[tokio::test]
async fn an_accepted_notification_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let first = inbox(&database);
    assert_eq!(first.accept("one", CONTRACT).await.unwrap(), Accepted::New);
    let claim = look(&first).await.unwrap();
    assert!(look(&first).await.is_none(), "a claimed contract is nobody else's");
    // The server dies: neither `done` nor `release` is called.
    drop((first, claim));

    let second = inbox(&database);
    assert!(look(&second).await.is_none(), "the claim is still there");
    second.resume().await.unwrap();
    assert_eq!(look(&second).await.unwrap().contract(), CONTRACT);
    assert_eq!(second.accept("one", CONTRACT).await.unwrap(), Accepted::Duplicate);
}

#[tokio::test]
async fn notifications_for_a_contract_that_waits_are_absorbed() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    for callback in ["one", "two", "three", "two"] {
        inbox.accept(callback, CONTRACT).await.unwrap();
    }
    let claim = look(&inbox).await.unwrap();
    inbox.done(claim).await.unwrap();
    assert!(look(&inbox).await.is_none());
    assert!(inbox.waiting().await.unwrap().is_empty());
}

#[tokio::test]
async fn notifications_during_a_look_cause_exactly_one_more() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    inbox.accept("one", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    inbox.accept("two", CONTRACT).await.unwrap();
    inbox.accept("three", CONTRACT).await.unwrap();
    assert!(look(&inbox).await.is_none(), "not while it is looked at");
    inbox.done(claim).await.unwrap();
    let once_more = look(&inbox).await.unwrap();
    inbox.done(once_more).await.unwrap();
    assert!(look(&inbox).await.is_none());
}

#[tokio::test]
async fn a_duplicate_after_the_look_causes_none() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    inbox.accept("one", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    inbox.done(claim).await.unwrap();
    assert_eq!(inbox.accept("one", CONTRACT).await.unwrap(), Accepted::Duplicate);
    assert!(look(&inbox).await.is_none());
}

#[tokio::test]
async fn a_notification_is_remembered_for_forty_days() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let inbox = inbox(&database);
    inbox.accept("one", CONTRACT).await.unwrap();
    for (days, known) in [(39, Accepted::Duplicate), (2, Accepted::New)] {
        let connection = rusqlite::Connection::open(&database).unwrap();
        let age = "UPDATE inbox SET received_at = received_at - ?1 * 86400000";
        connection.execute(age, [days]).unwrap();
        inbox.forget_old().await.unwrap();
        assert_eq!(inbox.accept("one", CONTRACT).await.unwrap(), known, "{days} days later");
    }
}

/// As many notifications from long ago, beside those that there are.
fn add_old(database: &Path, count: u32) {
    let connection = rusqlite::Connection::open(database).unwrap();
    let add = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
        INSERT INTO inbox (tenant, callback_id, kind, id, received_at) SELECT '', 'old ' || n, 'contract', n, n FROM numbers";
    connection.execute(add, [count]).unwrap();
}

fn old_ones(database: &Path) -> i64 {
    let connection = rusqlite::Connection::open(database).unwrap();
    let count = "SELECT count(*) FROM inbox WHERE callback_id LIKE 'old %'";
    connection.query_row(count, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn what_a_flood_has_left_is_forgotten_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let inbox = inbox(&database);
    add_old(&database, 2_350);
    for left in [1_350, 350, 0, 0] {
        inbox.forget_old().await.unwrap();
        assert_eq!(old_ones(&database), left);
    }
}

/// Ends each look at once, and counts what is still remembered.
struct Counts {
    database: PathBuf,
    left: Mutex<Vec<i64>>,
}

#[async_trait]
impl Handler for Counts {
    async fn handle(&self, _: Turn) -> Ended {
        self.left.lock().unwrap().push(old_ones(&self.database));
        Ending::Done.into()
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.handle(turn).await
    }

    async fn idle(&self) -> Duration {
        Duration::MAX
    }
}

#[tokio::test]
async fn what_is_old_is_forgotten_while_there_is_no_end_of_looks() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let inbox = inbox(&database);
    for contract in 1..=60 {
        inbox.accept(&contract.to_string(), ContractId::new(contract)).await.unwrap();
    }
    add_old(&database, 10);
    let handler = Arc::new(Counts { database, left: Mutex::default() });
    let (stop, stopping) = watch::channel(false);
    let run = tokio::spawn({
        let handler = Arc::clone(&handler);
        async move { inbox.run(handler, WorkLimits::default().concurrency(1), stopping).await }
    });
    until("all are looked at", async || handler.left.lock().unwrap().len() == 60).await;
    stop.send_replace(true);
    run.await.unwrap();
    let left = handler.left.lock().unwrap();
    assert_eq!((left[0], left[59]), (10, 0), "{left:?}");
}

/// The inbox after a look that failed.
async fn inbox_after(database: &Path, setback: Setback) -> Inbox {
    let inbox = inbox(database);
    inbox.accept("one", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    assert_eq!(claim.attempts(), 0);
    inbox.retry(claim, setback).await.unwrap();
    inbox
}

/// Seconds until the contract, which waits, is due.
async fn seconds_left(inbox: &Inbox) -> i64 {
    let Due::Later(Some(due)) = inbox.claim_due().await.unwrap() else { panic!("the contract waits") };
    due.as_second() - jiff::Timestamp::now().as_second()
}

/// Writes into the table of contracts that wait.
fn set(database: &Path, columns: &str) {
    let connection = rusqlite::Connection::open(database).unwrap();
    assert_eq!(connection.execute(&format!("UPDATE waiting SET {columns}"), []).unwrap(), 1);
}

#[tokio::test]
async fn a_failed_look_waits_and_counts() {
    let folder = tempfile::tempdir().unwrap();
    let setback = Setback::new("the service was busy", Duration::from_millis(1200));
    let inbox = inbox_after(&folder.path().join("state.db"), setback).await;
    assert!(look(&inbox).await.is_none());
    sleep(Duration::from_millis(1300)).await;
    assert_eq!(look(&inbox).await.unwrap().attempts(), 1);
}

#[tokio::test]
async fn a_notification_shortens_a_wait_of_our_own_and_a_storm_of_them_neither_uses_up_nor_puts_off_a_try() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let inbox = inbox_after(&database, Setback::new("refused", Duration::from_secs(1800))).await;
    assert!((1790..=1800).contains(&seconds_left(&inbox).await));
    for number in 0..100 {
        inbox.accept(&number.to_string(), CONTRACT).await.unwrap();
        let left = seconds_left(&inbox).await;
        assert!((1..=10).contains(&left), "{left} s: soon, and not at once");
    }
    // Ten seconds later.
    set(&database, "run_at = run_at - 10000, not_before = not_before - 10000");
    let claim = look(&inbox).await.unwrap();
    inbox.retry(claim, Setback::new("refused", Duration::from_secs(1800))).await.unwrap();
    assert!((1780..=1800).contains(&seconds_left(&inbox).await), "the time that it had before");
    set(&database, "run_at = 0, retry_at = 0");
    assert_eq!(look(&inbox).await.unwrap().attempts(), 1, "what a notification brings is one look more");
}

#[tokio::test]
async fn a_notification_during_a_look_that_fails_brings_another_soon() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    inbox.accept("one", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    inbox.accept("two", CONTRACT).await.unwrap();
    inbox.retry(claim, Setback::new("refused", Duration::from_secs(1800))).await.unwrap();
    assert!((5..=10).contains(&seconds_left(&inbox).await));
}

#[tokio::test]
async fn nothing_shortens_a_wait_that_the_service_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let (hint, wait) = (Duration::from_secs(1000), Duration::from_secs(1500));
    let setback = Setback::new("busy", wait).asked(hint).outage(Some("reading"));
    let inbox = inbox_after(&folder.path().join("state.db"), setback).await;
    assert!((1490..=1500).contains(&seconds_left(&inbox).await));
    inbox.accept("two", CONTRACT).await.unwrap();
    assert!(
        (990..=1000).contains(&seconds_left(&inbox).await),
        "of our own part of the wait nothing is left"
    );
    inbox.is_over(&Tenant::default(), "reading").await.unwrap();
    inbox.resume().await.unwrap();
    assert!((990..=1000).contains(&seconds_left(&inbox).await));
}

#[tokio::test]
async fn a_restart_and_the_end_of_an_outage_shorten_a_wait_of_our_own() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let setback = Setback::new("busy", Duration::from_secs(1500)).outage(Some("reading"));
    let inbox = inbox_after(&database, setback.clone()).await;
    inbox.is_over(&Tenant::default(), "writing").await.unwrap();
    assert!(seconds_left(&inbox).await > 1400, "another outage");
    inbox.is_over(&Tenant::default(), "reading").await.unwrap();
    assert!(seconds_left(&inbox).await <= 10);
    set(&database, "run_at = retry_at, not_before = 0");
    assert!(seconds_left(&inbox).await > 1400);
    inbox.resume().await.unwrap();
    let claim = look(&inbox).await.unwrap();
    inbox.retry(claim, setback).await.unwrap();
    assert!(seconds_left(&inbox).await > 1400, "one look more, and the time that it had before");
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_no_contract_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let day = 24 * 3600 * 1000_i64;
    let setback = Setback::new("busy", Duration::from_secs(1500)).asked(Duration::from_secs(1500));
    let inbox = inbox_after(&database, setback).await;
    set(
        &database,
        &format!("run_at = run_at + {day}, retry_at = retry_at + {day}, not_before = not_before + {day}"),
    );
    let claim = look(&inbox).await.expect("it is due");
    assert_eq!(claim.attempts(), 1);
    inbox.retry(claim, Setback::new("busy", Duration::ZERO)).await.unwrap();
    assert_eq!(look(&inbox).await.unwrap().attempts(), 2);

    // A command that claimed the contract and died.
    set(&database, "claimed_generation = NULL");
    inbox.claim(CONTRACT).await.unwrap().unwrap();
    assert!(inbox.claim(CONTRACT).await.unwrap().is_none());
    set(&database, &format!("claimed_until = claimed_until + {day}"));
    inbox.claim(CONTRACT).await.unwrap().expect("its claim has lapsed");
    set(&database, &format!("claimed_until = claimed_until + {day}"));
    assert!(look(&inbox).await.is_some(), "for the server as well");

    // What was noted while the clock was ahead is not kept for as long as it was.
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.execute("UPDATE inbox SET received_at = received_at + ?1", [100 * day]).unwrap();
    inbox.forget_old().await.unwrap();
    let ahead = "SELECT count(*) FROM inbox WHERE received_at > ?1";
    let now = jiff::Timestamp::now().as_millisecond();
    assert_eq!(connection.query_row(ahead, [now], |row| row.get::<_, i64>(0)).unwrap(), 0);
    assert_eq!(inbox.accept("one", CONTRACT).await.unwrap(), Accepted::Duplicate);
}

#[tokio::test]
async fn what_was_not_looked_at_yet_does_not_wait_for_a_clock_that_was_set_back_by_less_than_an_hour() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let inbox = inbox(&database);
    inbox.accept("one", CONTRACT).await.unwrap();
    set(&database, "run_at = run_at + 30 * 60 * 1000");
    let claim = look(&inbox).await.expect("it is due");
    // A wait of ours is one, whatever the clock does.
    inbox.retry(claim, Setback::new("busy", Duration::from_secs(1500))).await.unwrap();
    assert!(look(&inbox).await.is_none());
    assert!(seconds_left(&inbox).await > 1400);
}

#[tokio::test]
async fn of_the_contracts_under_one_id_all_are_noted_and_those_beyond_the_third_are_looked_at_last() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    let same_id = |contracts, is_last| Accepted::SameId { contracts, is_last };
    let expected = [
        Accepted::New,
        same_id(2, false),
        same_id(3, false),
        same_id(4, true),
        same_id(5, true),
        same_id(5, true),
    ];
    let database = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    database.execute_batch("INSERT INTO ledger (contract_id, entry) VALUES (2, '{}'), (3, '{}')").unwrap();
    for (contract, accepted) in (1..).zip(expected) {
        assert_eq!(inbox.accept("one", ContractId::new(contract)).await.unwrap(), accepted);
        assert_eq!(inbox.accept("one", ContractId::new(contract)).await.unwrap(), Accepted::Duplicate);
    }
    // A notification of its own makes the sixth as good as any.
    assert_eq!(inbox.accept("two", ContractId::new(6)).await.unwrap(), Accepted::New);
    inbox.accept("three", ContractId::new(7)).await.unwrap();
    for contract in [1, 2, 3, 6, 7] {
        let claim = look(&inbox).await.unwrap();
        assert_eq!(claim.contract(), ContractId::new(contract));
        inbox.done(claim).await.unwrap();
    }
    assert!(look(&inbox).await.is_none());
    for contract in [4, 5] {
        let claim = inbox.claim_last().await.unwrap().unwrap();
        assert_eq!(claim.contract(), ContractId::new(contract));
        inbox.done(claim).await.unwrap();
    }
    assert!(inbox.claim_last().await.unwrap().is_none());
}

#[tokio::test]
async fn a_parked_contract_is_kept_with_its_reason_until_a_look_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    inbox.accept("one", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    inbox.park(claim, "the key was refused".to_owned()).await.unwrap();
    assert!(look(&inbox).await.is_none());
    let parked = inbox.parked().await.unwrap();
    assert_eq!(
        (parked[0].contract, parked[0].attempts, parked[0].reason.as_str()),
        (CONTRACT, 1, "the key was refused")
    );

    inbox.accept("two", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    inbox.done(claim).await.unwrap();
    assert!(inbox.parked().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_claim_of_another_process_keeps_the_server_away_and_is_given_back_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let (server, command) = (inbox(&database), inbox(&database));
    let claim = command.claim(CONTRACT).await.unwrap().unwrap();
    assert!(command.claim(CONTRACT).await.unwrap().is_none());
    server.resume().await.unwrap();
    assert!(look(&server).await.is_none(), "a restart of the server does not take it either");
    command.release(claim).await.unwrap();
    assert!(server.waiting().await.unwrap().is_empty());

    server.accept("one", CONTRACT).await.unwrap();
    let claim = command.claim(CONTRACT).await.unwrap().unwrap();
    command.release(claim).await.unwrap();
    assert!(look(&server).await.is_some(), "a notification is not lost with the claim");
}

#[tokio::test]
async fn a_command_and_a_server_look_at_the_contracts_of_one_candidate_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let (server, command) = (inbox(&database), inbox(&database));
    let entries = r#"INSERT INTO ledger (contract_id, entry) VALUES
        (9001, '{"candidate":"4711"}'), (9002, '{"candidate":"4711"}'), (9003, '{"candidate":"4712"}')"#;
    rusqlite::Connection::open(&database).unwrap().execute_batch(entries).unwrap();
    let [one, other, of_another] = [9001, 9002, 9003].map(ContractId::new);

    // The server looks at one of them, and a command asks for another.
    let lock = Store::open(&database).unwrap().lock_server().unwrap();
    server.accept("one", one).await.unwrap();
    let look = look(&server).await.unwrap();
    assert!(command.claim(other).await.unwrap().is_none());
    assert_eq!(server.waiting().await.unwrap(), [one], "what was not claimed leaves no trace");
    let third = command.claim(of_another).await.unwrap().expect("it is of another candidate");
    command.release(third).await.unwrap();
    server.done(look).await.unwrap();

    // The other way round.
    let claim = command.claim(other).await.unwrap().expect("it is free");
    server.accept("two", one).await.unwrap();
    assert!(self::look(&server).await.is_none());
    assert!(command.claim(one).await.unwrap().is_none());
    command.release(claim).await.unwrap();
    let _look = self::look(&server).await.expect("it is free");

    // Of a server that has died nothing is left to wait for.
    drop(lock);
    command.claim(other).await.unwrap().expect("nobody looks at the first any more");
}

#[tokio::test]
async fn only_one_server_works_on_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("state.db")).unwrap();
    let lock = store.lock_server().unwrap();
    assert!(matches!(store.lock_server(), Err(StoreError::Locked { .. })));
    drop(lock);
    store.lock_server().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_notifications_at_once_are_all_noted() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..1000 {
        let inbox = inbox.clone();
        tasks
            .spawn(async move { inbox.accept(&format!("callback {number}"), ContractId::new(number)).await });
    }
    for accepted in tasks.join_all().await {
        assert_eq!(accepted.unwrap(), Accepted::New);
    }
    assert_eq!(inbox.waiting().await.unwrap().len(), 1000);
}

#[cfg(unix)]
#[tokio::test]
async fn no_file_of_the_database_is_readable_by_others() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    inbox.accept("one", CONTRACT).await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
        files += 1;
    }
    assert!(files >= 3, "database, log and index");
}

#[test]
fn the_bundled_database_has_no_known_corruption_bug() {
    assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    drop(inbox(&database));
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    assert!(matches!(Store::open(&database), Err(StoreError::Newer { version: 999, .. })));
}

#[tokio::test]
async fn a_claim_that_is_renewed_holds_on_and_one_that_another_has_taken_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("state.db");
    let inbox = inbox(&database);
    let other = rusqlite::Connection::open(&database).unwrap();
    let claimed_until =
        || other.query_row("SELECT claimed_until FROM waiting", [], |row| row.get::<_, i64>(0)).unwrap();
    let set = |until: i64| other.execute("UPDATE waiting SET claimed_until = ?1", [until]).unwrap();

    let mut claim = inbox.claim(CONTRACT).await.unwrap().unwrap();
    let first = claimed_until();
    sleep(Duration::from_millis(5)).await;
    // A notification during the look changes nothing of the claim.
    inbox.accept("one", CONTRACT).await.unwrap();
    assert!(inbox.renew(&mut claim).await.unwrap());
    assert!(claimed_until() > first);
    assert!(inbox.claim(CONTRACT).await.unwrap().is_none());

    set(1);
    let taken = inbox.claim(CONTRACT).await.unwrap().expect("it has lapsed");
    assert!(!inbox.renew(&mut claim).await.unwrap());
    inbox.release(claim).await.unwrap();
    assert!(inbox.claim(CONTRACT).await.unwrap().is_none(), "it is still the other's");
    inbox.release(taken).await.unwrap();
    let claim = inbox.claim(CONTRACT).await.unwrap().expect("it was given back");
    inbox.done(claim).await.unwrap();
    assert!(look(&inbox).await.is_none());
}
