//! What was done, as the journal keeps it: looks, where each contract stands, what is parked, how far the work has come.

use std::time::Duration;

use jiff::Timestamp;
use smartsync::{
    ContractId, Inbox, SqliteLedger, Store,
    store::{
        Due, Journal as _, LAST_SWEEP, Look, LookedField, NextLook, Occasion, ParkedFilter, SqliteJournal,
        Trigger,
    },
};
use tempfile::TempDir;

struct Rig {
    folder: TempDir,
    store: Store,
    journal: SqliteJournal,
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db")).unwrap();
        Self { folder, journal: SqliteJournal::new(store.clone()), store }
    }

    async fn park(&self, contract: i64, reason: &str) {
        let inbox = Inbox::new(self.store.clone());
        inbox.accept(&format!("of {contract}"), ContractId::from(contract)).await.unwrap();
        let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("it is due") };
        inbox.park(claim, reason.to_owned()).await.unwrap();
    }
}

/// So many seconds after a day in the future of the tests.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_930_000_000 + seconds).unwrap()
}

/// A look that failed as a whole.
fn failed(contract: i64, seconds: i64) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Retry(2), at(seconds));
    Look::without_end(occasion.cost(Duration::from_millis(1250), 7), NextLook::At(at(seconds + 60)))
}

/// A look that found a contract that drifts, or does not.
fn seen(contract: i64, seconds: i64, drifts: bool) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Notification, at(seconds));
    let mut look = Look::without_end(occasion, NextLook::None);
    look.error = None;
    (look.candidate, look.state) = (Some("4711".into()), Some("pending".to_owned()));
    look.plan = Some("0a".repeat(32));
    let reason = drifts.then_some("conflict-held");
    let outcome = if drifts { "held" } else { "unchanged" };
    look.fields = vec![field("oneflow-city", outcome, reason), field("oneflow-notice", "written", None)];
    look.document = Some(("not_due".to_owned(), Some("not-signed-yet".to_owned())));
    look.drifts = Some(drifts);
    look
}

fn field(name: &str, outcome: &str, reason: Option<&str>) -> LookedField {
    LookedField::new(name, &format!("custom:{name}"), outcome, reason)
}

#[tokio::test]
async fn looks_are_read_as_they_were_noted_the_newest_first_and_only_those_of_the_contract() {
    let rig = Rig::new();
    let (first, second) = (seen(9001, 0, true), failed(9001, 60));
    for look in [&first, &seen(9002, 30, false), &second] {
        rig.journal.record(look).await.unwrap();
    }
    assert_eq!(rig.journal.looks(9001.into(), 10).await.unwrap(), [second.clone(), first]);
    assert_eq!(rig.journal.looks(9001.into(), 1).await.unwrap(), [second]);
    assert_eq!(rig.journal.looks(9003.into(), 10).await.unwrap(), []);
}

#[tokio::test]
async fn a_contract_drifts_from_the_first_look_that_finds_it_so_until_one_that_does_not() {
    let rig = Rig::new();
    let since = async || {
        let standing = rig.journal.standing(9001.into()).await.unwrap().unwrap();
        let status = rig.journal.status(at(1000)).await.unwrap();
        assert_eq!(status.drift.oldest.map(|oldest| oldest.since), standing.drifts_since);
        assert_eq!(status.drift.contracts, u32::from(standing.drifts_since.is_some()));
        standing.drifts_since
    };
    let steps = [
        (failed(9001, 0), None),
        (seen(9001, 10, false), None),
        (seen(9001, 20, true), Some(at(20))),
        (seen(9001, 30, true), Some(at(20))),
        // A look that sees nothing leaves it open.
        (failed(9001, 40), Some(at(20))),
        (seen(9001, 50, false), None),
        (seen(9001, 60, true), Some(at(60))),
    ];
    for (look, expected) in steps {
        rig.journal.record(&look).await.unwrap();
        assert_eq!(since().await, expected, "{:?}", look.occasion.at);
    }
}

#[tokio::test]
async fn where_a_contract_stands_is_what_its_last_look_saw() {
    let rig = Rig::new();
    assert_eq!(rig.journal.standing(9001.into()).await.unwrap(), None);
    rig.journal.record(&seen(9001, 0, true)).await.unwrap();
    rig.journal.record(&failed(9001, 60)).await.unwrap();
    let standing = rig.journal.standing(9001.into()).await.unwrap().unwrap();
    assert_eq!((standing.looked_at, standing.trigger), (at(60), Trigger::Retry(2)));
    assert_eq!(standing.reasons, ["took-too-long"]);
    let counts = (standing.fields.written, standing.fields.unchanged, standing.fields.held);
    assert_eq!((counts, standing.state.as_deref()), ((1, 0, 1), Some("pending")), "as last seen");
    assert_eq!(standing.candidate, Some("4711".into()));

    rig.journal.record(&seen(9001, 120, true)).await.unwrap();
    let standing = rig.journal.standing(9001.into()).await.unwrap().unwrap();
    assert_eq!(standing.reasons, ["conflict-held"]);
}

#[tokio::test]
async fn the_status_counts_what_waits_runs_and_is_parked_and_knows_the_last_of_each() {
    let rig = Rig::new();
    let empty = rig.journal.status(at(0)).await.unwrap();
    assert_eq!((empty.waiting, empty.running, empty.parked, empty.drift.contracts), (0, 0, 0, 0));
    assert_eq!((empty.oldest_waiting, empty.last_notification, empty.last_sweep), (None, None, None));
    assert_eq!((empty.last_look, empty.drift.oldest), (None, None));

    let inbox = Inbox::new(rig.store.clone());
    rig.park(9001, "a reason").await;
    let noted = Timestamp::now();
    for contract in [9002, 9003, 9004] {
        inbox.accept(&format!("of {contract}"), ContractId::from(contract)).await.unwrap();
    }
    let _running = inbox.claim(ContractId::new(9002)).await.unwrap().unwrap();
    for look in [seen(9005, 0, true), seen(9006, 10, true), failed(9007, 20)] {
        rig.journal.record(&look).await.unwrap();
    }
    rig.journal.set_watermark(LAST_SWEEP, Some(&at(5).to_string())).await.unwrap();
    let status = rig.journal.status(Timestamp::now()).await.unwrap();
    assert_eq!((status.waiting, status.running, status.parked), (2, 1, 1));
    let oldest = status.oldest_waiting.unwrap();
    assert_eq!(oldest.contract, 9003, "the one that is looked at does not wait");
    let last = status.last_notification.unwrap();
    assert!(last.duration_since(noted).as_secs() < 60 && oldest.at <= last);
    assert_eq!(status.last_sweep, Some(at(5)));
    let last = status.last_look.unwrap();
    assert_eq!((last.contract, last.at, last.trigger), (9007.into(), at(20), "retry"));
    let oldest = status.drift.oldest.unwrap();
    assert_eq!((status.drift.contracts, oldest.contract, oldest.since), (2, 9005.into(), at(0)));
}

/// A claim of a server that is not there is none.
#[tokio::test]
async fn what_a_server_claimed_that_has_died_waits_and_does_not_run() {
    let rig = Rig::new();
    let inbox = Inbox::new(rig.store.clone());
    inbox.accept("one", ContractId::new(9001)).await.unwrap();
    let lock = rig.store.lock_server().unwrap();
    let Due::Now(_claim) = inbox.claim_due().await.unwrap() else { panic!("it is due") };
    let status = rig.journal.status(Timestamp::now()).await.unwrap();
    assert_eq!((status.waiting, status.running), (0, 1));
    drop(lock);
    let status = rig.journal.status(Timestamp::now()).await.unwrap();
    assert_eq!((status.waiting, status.running), (1, 0));
}

#[tokio::test]
async fn parked_contracts_are_found_by_the_codes_of_their_last_look_and_looked_at_again_or_left_alone() {
    let rig = Rig::new();
    for contract in [9003, 9001, 9002] {
        rig.park(contract, "oneflow-city: unavailable").await;
    }
    rig.journal.record(&seen(9001, 0, true)).await.unwrap();
    rig.journal.record(&failed(9002, 0)).await.unwrap();
    let which = async |filter: ParkedFilter| -> Vec<i64> {
        let parked = rig.journal.parked(&filter).await.unwrap();
        parked.iter().map(|parked| parked.contract.get()).collect()
    };
    assert_eq!(which(ParkedFilter::All).await, [9001, 9002, 9003]);
    assert_eq!(which(ParkedFilter::Reason("took-too-long".to_owned())).await, [9002]);
    assert_eq!(which(ParkedFilter::Reason("conflict-held".to_owned())).await, [9001]);
    assert_eq!(which(ParkedFilter::Reason("held".to_owned())).await, [0_i64; 0]);
    assert_eq!(which(ParkedFilter::Contracts(vec![9003.into(), 77.into()])).await, [9003]);

    let database = rusqlite::Connection::open(rig.folder.path().join("state.db")).unwrap();
    let known = r#"INSERT INTO ledger (contract_id, entry) VALUES (9001, '{"candidate":"4711"}')"#;
    database.execute(known, []).unwrap();
    let now = Timestamp::now();
    let retried = rig.journal.retry_parked(&[9001.into(), 77.into()], now).await.unwrap();
    assert_eq!(retried, [9001], "what is not parked is not looked at");
    let whose: Option<String> =
        database.query_row("SELECT candidate_id FROM waiting", [], |row| row.get(0)).unwrap();
    assert_eq!(
        whose.as_deref(),
        Some("4711"),
        "the contracts of one candidate are looked at one after the other"
    );
    assert_eq!(rig.journal.drop_parked(&[9002.into(), 77.into()], now).await.unwrap(), [9002]);
    assert_eq!(which(ParkedFilter::All).await, [9003]);
    let inbox = Inbox::new(rig.store.clone());
    assert_eq!(inbox.waiting().await.unwrap(), [ContractId::new(9001)]);
    let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("it is due now") };
    assert_eq!((claim.contract(), claim.attempts()), (9001.into(), 0));

    // A later notification is looked at all the same.
    inbox.accept("later", ContractId::new(9002)).await.unwrap();
    let Due::Now(claim) = inbox.claim_due().await.unwrap() else { panic!("it is due") };
    assert_eq!(claim.contract(), 9002);
}

#[tokio::test]
async fn a_watermark_is_kept_until_it_is_set_again_or_erased() {
    let rig = Rig::new();
    assert_eq!(rig.journal.watermark("page").await.unwrap(), None);
    for value in ["17", "18"] {
        rig.journal.set_watermark("page", Some(value)).await.unwrap();
        assert_eq!(rig.journal.watermark("page").await.unwrap().as_deref(), Some(value));
    }
    assert_eq!(rig.journal.watermark("other").await.unwrap(), None);
    rig.journal.set_watermark("page", None).await.unwrap();
    assert_eq!(rig.journal.watermark("page").await.unwrap(), None);
}

#[tokio::test]
async fn old_looks_are_dropped_a_few_at_a_time_and_what_still_drifts_is_not_forgotten() {
    let rig = Rig::new();
    for seconds in 0..5 {
        rig.journal.record(&seen(9001, seconds, false)).await.unwrap();
    }
    rig.journal.record(&seen(9002, 3, true)).await.unwrap();
    rig.journal.record(&seen(9003, 100, false)).await.unwrap();
    let dropped = async || rig.journal.drop_older(at(100), 4).await.unwrap();
    assert_eq!((dropped().await, dropped().await, dropped().await), (4, 2, 0));
    for contract in [9001, 9002] {
        assert_eq!(rig.journal.looks(contract.into(), 10).await.unwrap(), []);
    }
    assert_eq!(rig.journal.looks(9003.into(), 10).await.unwrap().len(), 1);
    assert_eq!(rig.journal.standing(9001.into()).await.unwrap(), None);
    assert!(rig.journal.standing(9003.into()).await.unwrap().is_some());
    let drift = rig.journal.status(at(200)).await.unwrap().drift;
    assert_eq!((drift.contracts, drift.oldest.unwrap().contract), (1, 9002.into()));
}

#[tokio::test]
async fn a_candidate_is_erased_with_its_contracts_and_nothing_is_noted_of_one_who_was_forgotten() {
    let rig = Rig::new();
    let ledger = SqliteLedger::new(rig.store.clone());
    let other = |contract, seconds| {
        let mut look = seen(contract, seconds, true);
        look.candidate = Some("4712".into());
        look
    };
    // Nothing but the journal knows that 9001 is the candidate's; 9002 was once.
    for look in [failed(9001, 0), seen(9001, 10, true), seen(9002, 20, true), other(9002, 30)] {
        rig.journal.record(&look).await.unwrap();
    }
    let candidate = "4711".into();
    assert!(ledger.knows(&candidate).await.unwrap());
    assert_eq!(ledger.erase(&candidate).await.unwrap().looks, 3);
    assert!(!ledger.knows(&"4713".into()).await.unwrap());
    let left = async |contract: i64| rig.journal.looks(contract.into(), 10).await.unwrap();
    assert_eq!((left(9001).await, left(9002).await), (vec![], vec![other(9002, 30)]));
    assert_eq!(rig.journal.status(at(50)).await.unwrap().drift.contracts, 1);

    let mut without_candidate = seen(9001, 40, false);
    without_candidate.candidate = None;
    without_candidate.fields = vec![field("oneflow-city", "skipped", Some("candidate-forgotten"))];
    for look in [seen(9001, 40, true), without_candidate] {
        rig.journal.record(&look).await.unwrap();
        assert_eq!(left(9001).await, []);
        assert_eq!(rig.journal.standing(9001.into()).await.unwrap(), None);
    }
    assert_eq!(rig.journal.erase(&"4712".into()).await.unwrap(), 1);
    assert_eq!(left(9002).await, []);
}
