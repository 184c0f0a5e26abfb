//! What was given up, page by page: SQLite and PostgreSQL give the same answers.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use smartsync::store::{
    Ending, Item, Look, LookedField, NextLook, Occasion, ParkedPage, PostgresState, SqliteState, State,
    Subject, Tenant, Trigger,
};

use crate::support::PostgresServer;

#[tokio::test]
async fn what_was_given_up_is_listed_by_id_with_its_first_attempt_for_one_code_or_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let database = PostgresServer::shared().database().await;
    let server = PostgresState::open(&database.address, Some(&database.password)).await.unwrap();
    let states: [Arc<dyn State>; 2] = [Arc::new(SqliteState::open(&file).unwrap()), Arc::new(server)];
    for state in states {
        let now = Timestamp::now();
        let tried = |contract: i64, seconds: i64, reason: Option<&str>| {
            let at = now - SignedDuration::from_secs(seconds);
            let mut look = Look::without_end(
                Occasion::new(contract.into(), Trigger::Notification, at),
                NextLook::Parked,
            );
            look.error = None;
            look.fields.extend(reason.map(|reason| LookedField::new("a", "b", "failed", Some(reason))));
            look
        };
        for contract in 1..=5 {
            let reason = (contract % 2 == 0).then_some("refused");
            for look in [tried(contract, 90, None), tried(contract, 60, None), tried(contract, 30, reason)] {
                state.journal(&Tenant::default()).record(&look).await.unwrap();
            }
            let item = Item::of(Tenant::default(), Subject::Contract(contract.into()));
            let claim = state.by_hand().claim(item).await.unwrap().unwrap();
            state.by_hand().end(claim, Ending::Park { reason: "a reason".to_owned() }).await.unwrap();
        }
        let attempts = "UPDATE smartsync.parked SET attempts = CASE WHEN id = 3 THEN 4 ELSE 2 END";
        database.connect().await.batch_execute(attempts).await.unwrap();
        let sqlite = rusqlite::Connection::open(&file).unwrap();
        sqlite.execute_batch(&attempts.replace("smartsync.", "")).unwrap();
        let overview = state.overview(&Tenant::default());
        let ids =
            |page: &ParkedPage| page.rows.iter().map(|row| row.parked.contract.get()).collect::<Vec<_>>();
        let page = overview.parked(None, None, 3).await.unwrap();
        assert_eq!((ids(&page), page.next), (vec![1, 2, 3], Some(3.into())));
        assert_eq!((page.rows[0].parked.attempts, page.rows[0].parked.reason.as_str()), (2, "a reason"));
        let first: Vec<_> = page
            .rows
            .iter()
            .map(|row| row.first_attempt.map(|at| now.duration_since(at).as_secs()))
            .collect();
        assert_eq!(
            first,
            [Some(60), Some(60), None],
            "of the last the journal has three, and it failed four times"
        );
        assert_eq!(page.rows[1].parked.codes, ["refused"]);
        let last = overview.parked(None, page.next, 3).await.unwrap();
        assert_eq!((ids(&last), last.next), (vec![4, 5], None));
        assert_eq!(ids(&overview.parked(Some("refused"), None, 10).await.unwrap()), [2, 4]);
        for (code, count) in [(None, 5), (Some("refused"), 2), (Some("another"), 0)] {
            assert_eq!(overview.parked_count(code).await.unwrap().number, count);
        }
        assert!(overview.parked_codes().await.unwrap().contains(&"refused".to_owned()));
        let other = state.overview(&"acme-se".parse().unwrap());
        assert_eq!(other.parked(None, None, 10).await.unwrap().rows, []);
    }
}
