//! Nothing accepted is lost, nothing is looked at twice at a time, and a burst causes one more look.

use std::{path::Path, time::Duration};

use smartsync::{Accepted, Claim, ContractId, Due, Inbox, Store, StoreError};

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
async fn a_failed_look_waits_and_counts_and_a_notification_does_not_shorten_the_wait() {
    let folder = tempfile::tempdir().unwrap();
    let inbox = inbox(&folder.path().join("state.db"));
    inbox.accept("one", CONTRACT).await.unwrap();
    let claim = look(&inbox).await.unwrap();
    assert_eq!(claim.attempts(), 0);
    inbox.retry(claim, Duration::from_millis(1500), "the service asked to wait".to_owned()).await.unwrap();
    inbox.accept("two", CONTRACT).await.unwrap();
    let Due::Later(Some(due)) = inbox.claim_due().await.unwrap() else { panic!("the contract waits") };
    assert!(due > jiff::Timestamp::now(), "it is due later");
    tokio::time::sleep(Duration::from_millis(1600)).await;
    assert_eq!(look(&inbox).await.unwrap().attempts(), 1);
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
        || other.query_row("SELECT claimed_until FROM dirty", [], |row| row.get::<_, i64>(0)).unwrap();
    let set = |until: i64| other.execute("UPDATE dirty SET claimed_until = ?1", [until]).unwrap();

    let mut claim = inbox.claim(CONTRACT).await.unwrap().unwrap();
    let first = claimed_until();
    tokio::time::sleep(Duration::from_millis(5)).await;
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
