//! What a state of a host does beside handing out its parts: accounts, keys, claims by hand, and who serves.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
    time::Duration,
};

use jiff::Timestamp;
use serde_json::json;
use smartsync::{
    ContractId, StoreError,
    store::{
        Ending, Item, KeepBases, KeptLedger, ParkedFilter, Setback, SqliteState, State, StoreKeyError, Tenant,
    },
};
use smartsync_core::{Accounts, CandidateId, LedgerEntry, ledger::LedgerChange};
use tempfile::TempDir;

/// Whose it is.
static NAMELESS: LazyLock<Tenant> = LazyLock::new(Tenant::default);

const CONTRACT: ContractId = ContractId::new(9001);

fn open(folder: &Path) -> Arc<dyn State> {
    Arc::new(SqliteState::open(&folder.join("state.db")).unwrap())
}

fn new() -> (TempDir, Arc<dyn State>) {
    let folder = tempfile::tempdir().unwrap();
    let state = open(folder.path());
    (folder, state)
}

fn ledger(state: &dyn State) -> Arc<dyn KeptLedger> {
    state.ledger(&NAMELESS, KeepBases::default(), None)
}

/// Makes it known whose the contract is.
async fn bind(state: &dyn State, candidate: &CandidateId) {
    let entry: LedgerEntry = serde_json::from_value(json!({ "candidate": candidate })).unwrap();
    let change = LedgerChange::set(CONTRACT, candidate.clone(), entry, Default::default());
    ledger(state).update(&change).await.unwrap();
}

async fn waiting(state: &dyn State) -> u32 {
    state.journal(&NAMELESS).status(Timestamp::now()).await.unwrap().waiting
}

#[tokio::test]
async fn the_accounts_that_are_noted_first_stay_until_a_person_says_otherwise() {
    let (_folder, state) = new();
    let (first, second) = (Accounts::new(7.into(), "one".into()), Accounts::new(8.into(), "two".into()));
    assert_eq!(state.accounts(&NAMELESS).await.unwrap(), None);
    assert_eq!(state.pin(&NAMELESS, first.clone()).await.unwrap(), first);
    assert_eq!(state.pin(&NAMELESS, second.clone()).await.unwrap(), first);
    let (of_before, forgotten) = (CandidateId::from("17"), CandidateId::from("18"));
    bind(&*state, &of_before).await;
    ledger(&*state).bury(&forgotten).await.unwrap();
    state.intake().accept("a callback id", CONTRACT.into()).await.unwrap();

    let dropped = state.adopt(&NAMELESS, second.clone()).await.unwrap();
    assert_eq!((dropped.contracts, dropped.notifications, dropped.waiting), (1, 1, 1));
    assert_eq!(state.accounts(&NAMELESS).await.unwrap(), Some(second));
    assert_eq!(waiting(&*state).await, 0);
    assert!(!ledger(&*state).knows(&of_before).await.unwrap());
    assert!(ledger(&*state).is_forgotten(&forgotten).await.unwrap());
}

#[tokio::test]
async fn a_state_goes_on_under_a_key_that_it_knows() {
    let (_folder, state) = new();
    let (ours, next, other) =
        (["2:ours".to_owned()], ["2:next".to_owned(), "2:ours".to_owned()], ["2:other".to_owned()]);
    // Nothing means anything under a key yet.
    for names in [&other, &ours] {
        state.check_keys(names).await.unwrap();
        state.note_keys(names).await.unwrap();
    }
    bind(&*state, &"17".into()).await;
    let place = state.place();
    for refused in [state.check_keys(&other).await, state.note_keys(&other).await] {
        assert!(matches!(refused, Err(StoreKeyError::Another { database }) if database == place));
    }
    state.check_keys(&next).await.unwrap();
    assert!(state.check_keys(&next[..1]).await.is_err(), "a check notes nothing");
    state.note_keys(&next).await.unwrap();
    state.check_keys(&next[..1]).await.unwrap();
}

#[tokio::test]
async fn what_is_claimed_by_hand_is_nobody_elses_until_it_is_given_back() {
    let (_folder, state) = new();
    let (claims, item, candidate) = (state.by_hand(), Item::from(CONTRACT), CandidateId::from("17"));
    bind(&*state, &candidate).await;
    assert!(claims.looks_at(&NAMELESS, &candidate).await.unwrap().is_empty());
    let mut claim = claims.claim(item.clone()).await.unwrap().expect("nobody looks at it");
    assert!(claims.claim(item.clone()).await.unwrap().is_none());
    assert_eq!(claims.looks_at(&NAMELESS, &candidate).await.unwrap(), [CONTRACT].into());
    assert!(claims.renew(&mut claim).await.unwrap());
    claims.release(claim).await.unwrap();
    assert_eq!(waiting(&*state).await, 0, "it did not wait before");
    assert!(claims.looks_at(&NAMELESS, &candidate).await.unwrap().is_empty());

    state.intake().accept("a callback id", item.clone()).await.unwrap();
    let claim = claims.claim(item.clone()).await.unwrap().unwrap();
    claims.release(claim).await.unwrap();
    assert_eq!(waiting(&*state).await, 1, "it waited before");
    let claim = claims.claim(item.clone()).await.unwrap().unwrap();
    claims.end(claim, Ending::Again(Setback::new("a reason", Duration::from_secs(60)))).await.unwrap();
    assert_eq!(waiting(&*state).await, 1, "it is looked at again");
    let claim = claims.claim(item.clone()).await.unwrap().unwrap();
    claims.end(claim, Ending::Park { reason: "a reason".to_owned() }).await.unwrap();
    assert_eq!(state.journal(&NAMELESS).parked(&ParkedFilter::All).await.unwrap()[0].contract, CONTRACT);
    let mut claim = claims.claim(item).await.unwrap().unwrap();
    claims.end(claim.clone(), Ending::Done).await.unwrap();
    assert!(!claims.renew(&mut claim).await.unwrap(), "it has ended");
    assert_eq!(waiting(&*state).await, 0);
    assert!(state.journal(&NAMELESS).parked(&ParkedFilter::All).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_waits_after_a_failure_is_due_once_somebody_serves() {
    let (_folder, state) = new();
    let (claims, item) = (state.by_hand(), Item::from(CONTRACT));
    let claim = claims.claim(item).await.unwrap().unwrap();
    claims.end(claim, Ending::Again(Setback::new("a reason", Duration::from_secs(3600)))).await.unwrap();
    let due = async || {
        let now = Timestamp::now();
        let oldest = state.journal(&NAMELESS).status(now).await.unwrap().oldest_waiting.unwrap();
        oldest.at <= now + Duration::from_secs(60)
    };
    assert!(!due().await);
    let _serving = state.serve().await.unwrap();
    assert!(due().await);
}

#[tokio::test]
async fn one_server_has_a_sqlite_database_and_nobody_takes_it_over_meanwhile() {
    let (folder, state) = new();
    let serving = state.serve().await.unwrap();
    let other = open(folder.path());
    let accounts = Accounts::new(8.into(), "two".into());
    assert!(matches!(other.serve().await, Err(StoreError::Locked { .. })));
    assert!(matches!(other.adopt(&NAMELESS, accounts.clone()).await, Err(StoreError::Locked { .. })));
    assert!(other.leases(&NAMELESS).is_none(), "so nobody has to ask who else writes");
    drop(serving);
    other.adopt(&NAMELESS, accounts).await.unwrap();
    other.serve().await.unwrap();
}
