//! What a person looks at: SQLite and PostgreSQL give the same answers, each from an index, and forget what is to be forgotten.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use smartsync::{
    ContractId,
    store::{
        Action, ContractFilter, ContractPlace, ContractRow, Counted, FieldEnd, HeldPlace, Item, KeepBases,
        Look, LookedField, NextLook, Occasion, Overview, PostgresOverview, PostgresState, PostgresStore,
        Queued, SqliteState, State, Subject, Tallied, Tenant, Trigger,
    },
};
use smartsync_core::{
    Accounts,
    outcome::{BaseState, SideState, SideStates},
};
use tempfile::TempDir;

use crate::support::{Database, PostgresServer};

/// A database of each kind, with nothing in it.
struct Databases {
    folder: TempDir,
    postgres: Database,
}

impl Databases {
    async fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), postgres: PostgresServer::shared().database().await }
    }

    fn sqlite(&self) -> Arc<dyn State> {
        Arc::new(SqliteState::open(&self.folder.path().join("state.db")).unwrap())
    }

    async fn states(&self) -> [Arc<dyn State>; 2] {
        let Database { address, password, .. } = &self.postgres;
        let postgres = PostgresState::open(address, Some(password)).await.unwrap();
        [self.sqlite(), Arc::new(postgres)]
    }
}

/// So many seconds after a day in the future of the tests.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_930_000_000 + seconds).unwrap()
}

fn nameless() -> Tenant {
    Tenant::default()
}

/// A look that ended so.
fn look(contract: i64, seconds: i64, fields: &[(&str, &str, Option<&str>)]) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Notification, at(seconds));
    let mut look = Look::without_end(occasion, NextLook::None);
    (look.error, look.drifts) = (None, Some(false));
    (look.candidate, look.state) = (Some("4711".into()), Some("pending".to_owned()));
    (look.plan, look.last_change) = (Some(format!("{seconds:04}")), Some(at(seconds)));
    look.fields = fields
        .iter()
        .map(|(name, outcome, reason)| {
            LookedField::new(&format!("oneflow-{name}"), &format!("custom:{name}"), outcome, *reason)
        })
        .collect();
    look
}

/// One that failed as a whole.
fn failed(contract: i64, seconds: i64) -> Look {
    Look::without_end(Occasion::new(contract.into(), Trigger::Retry(2), at(seconds)), NextLook::Parked)
}

async fn record(state: &dyn State, looks: impl IntoIterator<Item = Look>) {
    let journal = state.journal(&nameless());
    for look in looks {
        journal.record(&look).await.unwrap();
    }
}

/// All pages of a list of contracts, of so many rows each.
async fn all(overview: &dyn Overview, filter: &ContractFilter, limit: u32) -> Vec<ContractRow> {
    let (mut rows, mut after): (Vec<ContractRow>, Option<ContractPlace>) = (Vec::new(), None);
    loop {
        let page = overview.contracts(filter, after, limit).await.unwrap();
        assert!(page.rows.len() <= usize::try_from(limit).unwrap());
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return rows;
        }
        // As an address has it.
        after = Some(after.unwrap().to_string().parse().unwrap());
    }
}

fn ids(rows: &[ContractRow]) -> Vec<i64> {
    rows.iter().map(|row| row.standing.contract.get()).collect()
}

/// Looks at so many contracts, several of them in the same moment, that differ in all that a filter asks for.
fn various(number: i64) -> Vec<Look> {
    let outcomes = ["written", "unchanged", "held", "skipped", "failed"];
    let reasons = ["conflict-held", "first-sight-held", "refused"];
    let one = |contract: i64| {
        let pick = |of: &[&'static str], salt: i64| {
            of[usize::try_from((contract * salt) % 1009).unwrap() % of.len()]
        };
        let (first, second) = (pick(&outcomes, 7), pick(&outcomes, 31));
        let reason = |outcome: &str| ["held", "failed"].contains(&outcome).then(|| pick(&reasons, 13));
        let mut look = look(
            contract,
            (contract * 37) % 60,
            &[("a", first, reason(first)), ("b", second, reason(second))],
        );
        look.state = Some(pick(&["pending", "signed", "draft"], 17).to_owned());
        look.template_type = (contract % 4 != 0).then(|| (contract % 3).into());
        look
    };
    (1..=number).map(one).collect()
}

#[tokio::test]
async fn a_filter_lets_through_what_fits_every_part_the_newest_look_first_and_each_contract_once() {
    let looks = various(150);
    let databases = Databases::new().await;
    let states = databases.states().await;
    for state in &states {
        record(&**state, looks.clone()).await;
    }
    let outcomes = [None, Some(FieldEnd::Written), Some(FieldEnd::Held), Some(FieldEnd::Skipped)];
    for outcome in outcomes {
        for reason in [None, Some("conflict-held"), Some("never-seen")] {
            for template_type in [None, Some(1)] {
                for state in [None, Some("signed")] {
                    for (from, before) in [(None, None), (Some(20), Some(45))] {
                        let mut filter = ContractFilter::new();
                        filter.outcome = outcome;
                        filter.reason = reason.map(str::to_owned);
                        filter.template_type = template_type.map(Into::into);
                        filter.state = state.map(str::to_owned);
                        (filter.looked_from, filter.looked_before) = (from.map(at), before.map(at));
                        let fits = |look: &&Look| {
                            let has =
                                |end: FieldEnd| look.fields.iter().any(|field| field.outcome == end.as_str());
                            let begun = look.occasion.at;
                            outcome.is_none_or(has)
                                && reason.is_none_or(|code| {
                                    look.fields.iter().any(|field| field.reason.as_deref() == Some(code))
                                })
                                && filter.template_type.is_none_or(|id| look.template_type == Some(id))
                                && state.is_none_or(|state| look.state.as_deref() == Some(state))
                                && filter.looked_from.is_none_or(|from| begun >= from)
                                && filter.looked_before.is_none_or(|before| begun < before)
                        };
                        let mut expected: Vec<_> = looks.iter().filter(fits).collect();
                        expected.sort_by_key(|look| (look.occasion.at, look.occasion.contract));
                        expected.reverse();
                        let expected: Vec<i64> =
                            expected.into_iter().map(|look| look.occasion.contract.get()).collect();
                        for state in &states {
                            let overview = state.overview(&nameless());
                            assert_eq!(ids(&all(&*overview, &filter, 7).await), expected, "{filter:?}");
                            let number = u32::try_from(expected.len()).unwrap();
                            assert_eq!(overview.count(&filter).await.unwrap(), Counted::new(number, false));
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_row_is_where_the_contract_stands_and_what_comes_next() {
    let databases = Databases::new().await;
    for state in databases.states().await {
        let serving = state.serve().await.unwrap();
        let looks = (1..=5).map(|contract| look(contract, contract, &[("a", "held", Some("conflict-held"))]));
        record(&*state, looks).await;
        let item = |contract: i64| Item::of(nameless(), Subject::Contract(contract.into()));
        state.intake().accept("waits", item(2)).await.unwrap();
        let running = state.by_hand().claim(item(3)).await.unwrap().unwrap();
        let parked = state.by_hand().claim(item(4)).await.unwrap().unwrap();
        let ending = smartsync::store::Ending::Park { reason: "a reason".to_owned() };
        state.by_hand().end(parked, ending.clone()).await.unwrap();
        // A notification came for one that was parked.
        let parked = state.by_hand().claim(item(5)).await.unwrap().unwrap();
        state.by_hand().end(parked, ending).await.unwrap();
        state.intake().accept("comes later", item(5)).await.unwrap();

        let overview = state.overview(&nameless());
        let rows = all(&*overview, &ContractFilter::new(), 3).await;
        assert_eq!(ids(&rows), [5, 4, 3, 2, 1]);
        for row in &rows {
            let standing = state.journal(&nameless()).standing(row.standing.contract).await.unwrap();
            assert_eq!(Some(&row.standing), standing.as_ref());
        }
        let near =
            |time: Timestamp| Timestamp::now().duration_since(time).abs() < SignedDuration::from_mins(1);
        assert!(matches!(rows[0].next, Some(Queued::Due(at)) if near(at)), "{:?}", rows[0].next);
        assert!(matches!(rows[1].next, Some(Queued::Parked(at)) if near(at)), "{:?}", rows[1].next);
        assert_eq!(rows[2].next, Some(Queued::Running));
        assert!(matches!(rows[3].next, Some(Queued::Due(at)) if near(at)), "{:?}", rows[3].next);
        assert_eq!(rows[4].next, None);
        state.by_hand().release(running).await.unwrap();
        drop(serving);
    }
}

/// So many contracts, none of which is signed but the one that was looked at first.
const SPARSE: &str = "INSERT INTO smartsync.standing
        (tenant, contract_id, looked_at, cause, state, held, skipped, reasons)
    SELECT '', n, 1930000000000 + n, 'sweep', CASE n WHEN 1 THEN 'signed' ELSE 'draft' END, 1, 1, '[]'
    FROM generate_series(1, 12000) AS series (n)";

impl Databases {
    async fn fill(&self, sql: &str) {
        self.states().await;
        self.postgres.connect().await.batch_execute(sql).await.unwrap();
        let series = "(WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < 12000) SELECT n FROM series)";
        let sql = sql
            .replace("smartsync.", "")
            .replace("generate_series(1, 12000)", series)
            .replace("AS series (n)", "");
        rusqlite::Connection::open(self.folder.path().join("state.db")).unwrap().execute_batch(&sql).unwrap();
    }
}

#[tokio::test]
async fn a_page_looks_through_three_thousand_contracts_at_most_and_a_count_through_ten_thousand() {
    let databases = Databases::new().await;
    databases.fill(SPARSE).await;
    for state in databases.states().await {
        let overview = state.overview(&nameless());
        // The outcome is answered by an index, the state is not.
        let rare = ContractFilter::new().outcome(FieldEnd::Held).state("signed");
        let mut after = None;
        for looked_through in [9_001, 6_001, 3_001] {
            let page = overview.contracts(&rare, after, 10).await.unwrap();
            after = Some(ContractPlace::new(millis(looked_through), looked_through.into()));
            assert_eq!((page.rows.len(), page.next), (0, after));
        }
        let last = overview.contracts(&rare, after, 10).await.unwrap();
        assert_eq!(ids(&last.rows), [1]);
        // It looked through as many as it may, so it cannot know that there is nothing behind them.
        let behind = overview.contracts(&rare, last.next, 10).await.unwrap();
        assert_eq!((ids(&behind.rows), behind.next), (vec![], None));
        assert_eq!(overview.count(&rare).await.unwrap(), Counted::new(0, true));
        // What an index answers alone is found at once, and counted further than it is told.
        let signed = ContractFilter::new().state("signed");
        let page = overview.contracts(&signed, None, 10).await.unwrap();
        assert_eq!((ids(&page.rows), page.next), (vec![1], None));
        assert_eq!(overview.count(&signed).await.unwrap(), Counted::new(1, false));
        let count = overview.count(&ContractFilter::new()).await.unwrap();
        assert_eq!((count, count.to_string()), (Counted::new(10_000, true), "10000 or more".to_owned()));
    }
}

fn millis(after: i64) -> Timestamp {
    at(0) + Duration::from_millis(after.unsigned_abs())
}

#[tokio::test]
async fn what_is_held_says_whether_a_blank_was_filled_in_or_a_value_changed() {
    let databases = Databases::new().await;
    for state in databases.states().await {
        let conflict = Some("conflict-held");
        let mut one =
            look(9001, 10, &[("a", "held", conflict), ("b", "held", conflict), ("c", "held", conflict)]);
        one.fields[0].sides = Some(SideStates::new(BaseState::Empty, SideState::Moved, SideState::Moved));
        one.fields[1].sides = Some(SideStates::new(BaseState::Value, SideState::Moved, SideState::Moved));
        record(&*state, [one]).await;
        let rows = state.overview(&nameless()).held(None, 10).await.unwrap().rows;
        let relations: Vec<_> = rows.iter().map(|held| held.relation.as_deref()).collect();
        assert_eq!(relations, [Some("filled_in"), Some("changed"), None]);
    }
}

/// Everything that is held: contract, data field, reason, since when, and the plan of the last look.
async fn held(overview: &dyn Overview) -> Vec<(i64, String, String, i64, String)> {
    let (mut rows, mut after): (Vec<_>, Option<HeldPlace>) = (Vec::new(), None);
    loop {
        let page = overview.held(after.as_ref(), 2).await.unwrap();
        rows.extend(page.rows);
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    let number = u32::try_from(rows.len()).unwrap();
    assert_eq!(overview.held_count().await.unwrap(), Counted::new(number, false));
    let line = |held: smartsync::store::HeldField| {
        let since = held.since.duration_since(at(0)).as_secs();
        (held.contract.get(), held.data_field, held.reason.unwrap(), since, held.plan.unwrap())
    };
    rows.into_iter().map(line).collect()
}

fn line(
    contract: i64,
    name: &str,
    reason: &str,
    since: i64,
    plan: &str,
) -> (i64, String, String, i64, String) {
    (contract, format!("oneflow-{name}"), reason.to_owned(), since, plan.to_owned())
}

#[tokio::test]
async fn a_field_is_held_since_the_first_look_that_found_it_so_until_one_that_does_not() {
    let databases = Databases::new().await;
    for state in databases.states().await {
        let overview = state.overview(&nameless());
        let (conflict, sight) = (Some("conflict-held"), Some("first-sight-held"));
        let both = [("b", "held", conflict), ("a", "held", conflict), ("c", "written", None)];
        record(&*state, [look(9001, 10, &both), look(9002, 5, &[("a", "held", sight)])]).await;
        let first = line(9002, "a", "first-sight-held", 5, "0005");
        let of_9001 = |name| line(9001, name, "conflict-held", 10, "0010");
        assert_eq!(held(&*overview).await, [first.clone(), of_9001("a"), of_9001("b")]);

        // One is decided in the same moment; of the other the reason is another, and a third one comes.
        record(&*state, [look(9001, 10, &[("b", "held", sight), ("a", "written", None)])]).await;
        assert_eq!(held(&*overview).await, [first.clone(), line(9001, "b", "first-sight-held", 10, "0010")]);
        assert_eq!(ids(&all(&*overview, &ContractFilter::new().reason("conflict-held"), 10).await), [0; 0]);
        let next = [("b", "held", sight), ("a", "written", None), ("c", "held", conflict)];
        record(&*state, [look(9001, 20, &next)]).await;
        let kept = line(9001, "b", "first-sight-held", 10, "0020");
        let new = line(9001, "c", "conflict-held", 20, "0020");
        assert_eq!(held(&*overview).await, [first.clone(), kept.clone(), new.clone()]);

        // A look that has seen nothing changes nothing, nor does what is no look; of a contract of nobody, nothing is held.
        let dropped = Look::by_hand(Action::Dropped, 9001.into(), at(40), Some("4711".into()));
        let of_nobody = look(9003, 50, &[("a", "held", Some("no-candidate"))]);
        record(&*state, [failed(9001, 30), dropped, of_nobody]).await;
        assert_eq!(held(&*overview).await, [first, kept, new]);
        let reason = async |code: &str| ids(&all(&*overview, &ContractFilter::new().reason(code), 10).await);
        assert_eq!(reason("took-too-long").await, [9001], "it is what is left by the last look");
        assert_eq!(reason("conflict-held").await, [0; 0]);

        record(&*state, [look(9001, 60, &[("b", "unchanged", None)]), look(9002, 60, &[])]).await;
        assert_eq!(held(&*overview).await, []);
        assert_eq!(reason("took-too-long").await, [0; 0]);
        record(&*state, [look(9001, 70, &[("b", "held", conflict)])]).await;
        assert_eq!(held(&*overview).await, [line(9001, "b", "conflict-held", 70, "0070")], "it begins anew");
        assert!("[1,2]".parse::<HeldPlace>().is_err());
    }
}

#[tokio::test]
async fn what_is_forgotten_dropped_or_of_others_is_in_no_list() {
    let databases = Databases::new().await;
    for state in databases.states().await {
        let (north, conflict) = ("north".parse().unwrap(), Some("conflict-held"));
        let overviews = [state.overview(&nameless()), state.overview(&north)];
        let one = look(9001, 10, &[("a", "held", conflict)]);
        let mut of_another = look(9002, 10, &[("a", "held", conflict)]);
        of_another.candidate = Some("4712".into());
        for look in [&one, &of_another] {
            state.journal(&nameless()).record(look).await.unwrap();
        }
        state.journal(&north).record(&one).await.unwrap();
        let reason = ContractFilter::new().reason("conflict-held");
        let lists = async |of: usize| {
            let held: Vec<_> = held(&*overviews[of]).await.into_iter().map(|line| line.0).collect();
            let left = ids(&all(&*overviews[of], &reason, 10).await);
            let rows = ids(&all(&*overviews[of], &ContractFilter::new(), 10).await);
            assert_eq!((BTreeSet::from_iter(&held), &left), (BTreeSet::from_iter(&rows), &rows));
            rows
        };
        assert_eq!((lists(0).await, lists(1).await), (vec![9002, 9001], vec![9001]));

        let ledger = state.ledger(&nameless(), KeepBases::default(), None);
        ledger.erase(&"4711".into()).await.unwrap();
        assert_eq!((lists(0).await, lists(1).await), (vec![9002], vec![9001]));
        state.journal(&nameless()).record(&one).await.unwrap();
        assert_eq!(lists(0).await, [9002], "of who was forgotten nothing is noted any more");

        // With where the contract stands, all goes that is said of it.
        assert_eq!(state.journal(&nameless()).drop_older(at(100), 10).await.unwrap(), 1);
        assert_eq!((lists(0).await, lists(1).await), (vec![], vec![9001]));
        assert_eq!(rows_of(&databases, &*state, "held").await, 1);
        assert_eq!(rows_of(&databases, &*state, "standing_reasons").await, 1);

        state.adopt(&north, Accounts::new(7.into(), "other".into())).await.unwrap();
        assert_eq!(lists(1).await, [0; 0]);
        for table in ["held", "standing_reasons"] {
            assert_eq!(rows_of(&databases, &*state, table).await, 0, "{table}");
        }
        let counted = async |of: usize| {
            let day = overviews[of].tallies(at(0), 24, 1).await.unwrap().remove(0);
            day.all(&Tallied::LOOKS)
        };
        assert_eq!(
            (counted(0).await, counted(1).await),
            (2, 0),
            "what was counted names nobody, and is of accounts"
        );
    }
}

async fn rows_of(databases: &Databases, state: &dyn State, table: &str) -> i64 {
    if state.place().starts_with("postgres") {
        let sql = format!("SELECT count(*) FROM smartsync.{table}");
        databases.postgres.connect().await.query_one(&sql, &[]).await.unwrap().get(0)
    } else {
        let connection = rusqlite::Connection::open(databases.folder.path().join("state.db")).unwrap();
        connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn looks_are_counted_in_their_hour_and_the_rest_is_added_to_it() {
    let databases = Databases::new().await;
    for state in databases.states().await {
        let overview = state.overview(&nameless());
        let hour = 3600;
        let conflict = Some("conflict-held");
        record(
            &*state,
            [
                look(9001, 0, &[("a", "written", None), ("b", "unchanged", None)]),
                look(9002, 1, &[("a", "held", conflict)]),
                failed(9003, 2),
                look(9001, hour, &[("a", "unchanged", None)]),
                Look::by_hand(Action::Dropped, 9001.into(), at(hour), None),
            ],
        )
        .await;
        overview
            .tally(at(hour), &[(Tallied::NotificationAccepted, 5), (Tallied::RefusedSignature, 1)])
            .await
            .unwrap();
        overview.tally(at(hour + 1), &[(Tallied::NotificationAccepted, 2)]).await.unwrap();
        overview.tally(at(hour), &[]).await.unwrap();
        state
            .overview(&"north".parse().unwrap())
            .tally(at(hour), &[(Tallied::NotificationAccepted, 9)])
            .await
            .unwrap();

        let hours = overview.tallies(at(hour), 1, 3).await.unwrap();
        let numbers = |what: &[Tallied]| hours.iter().map(|hour| hour.all(what)).collect::<Vec<_>>();
        assert_eq!(numbers(&Tallied::LOOKS), [0, 3, 1]);
        assert_eq!(numbers(&Tallied::FIELDS), [0, 3, 1]);
        assert_eq!(numbers(&[Tallied::LookWrote]), [0, 1, 0]);
        assert_eq!(numbers(&[Tallied::LookLeft]), [0, 1, 0]);
        assert_eq!(numbers(&[Tallied::LookFailed]), [0, 1, 0]);
        assert_eq!(numbers(&[Tallied::DelayFiveSeconds]), [0, 2, 1]);
        assert_eq!(numbers(&Tallied::NOTIFICATIONS), [0, 0, 7]);
        assert_eq!(numbers(&Tallied::REFUSED), [0, 0, 1]);
        assert_eq!(hours[2].from.as_second() % hour, 0);
        let days = overview.tallies(at(hour), 24, 30).await.unwrap();
        assert_eq!((days.len(), days[29].all(&Tallied::LOOKS), days[28].all(&Tallied::LOOKS)), (30, 4, 0));
        let later = overview.tallies(at(24 * hour), 24, 1).await.unwrap().remove(0);
        assert_eq!(later.all(&Tallied::LOOKS), 1, "the hour before is not of these 24");
    }
}

/// Whoever reads a long list must not hold up a notification.
#[tokio::test]
async fn a_list_is_read_while_another_process_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.db");
    let state = SqliteState::open(&path).unwrap();
    record(&state, [look(9001, 0, &[])]).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE; DELETE FROM standing;").unwrap();
    let page = state.overview(&nameless()).contracts(&ContractFilter::new(), None, 10).await.unwrap();
    assert_eq!(ids(&page.rows), [9001]);
    other.execute_batch("COMMIT").unwrap();
    let page = state.overview(&nameless()).contracts(&ContractFilter::new(), None, 10).await.unwrap();
    assert_eq!(page.rows, []);
}

#[tokio::test]
async fn postgresql_answers_each_list_from_the_index_that_has_it_in_its_order() {
    let databases = Databases::new().await;
    databases.fill(SPARSE).await;
    let Database { address, password, .. } = &databases.postgres;
    let client = databases.postgres.connect().await;
    client
        .batch_execute(
            "UPDATE smartsync.standing SET template_type = contract_id % 7, written = contract_id % 2, failed = contract_id % 3;
             INSERT INTO smartsync.standing_reasons SELECT tenant, contract_id, 'reason-' || contract_id % 5, looked_at FROM smartsync.standing;
             ANALYZE",
        )
        .await
        .unwrap();
    let overview = PostgresOverview::new(PostgresStore::open(address, Some(password)).await.unwrap());
    let all = ContractFilter::new;
    for (filter, index) in [
        (all(), "standing_by_look"),
        (all().looked_before(millis(5_000)), "standing_by_look"),
        (all().state("draft"), "standing_by_state"),
        (all().state("signed"), "standing_by_state"),
        (all().template_type(3), "standing_by_template_type"),
        (all().outcome(FieldEnd::Written), "standing_with_written"),
        (all().outcome(FieldEnd::Held), "standing_with_held"),
        (all().outcome(FieldEnd::Failed), "standing_with_failed"),
        (all().reason("reason-1"), "standing_reasons_by_look"),
        (all().reason("reason-1").looked_from(millis(1_000)), "standing_reasons_by_look"),
    ] {
        let plan = overview.plan(&filter, 25).await.unwrap();
        assert!(plan.contains(&format!(" using {index} on standing")), "{filter:?}\n{plan}");
        for slow in ["Seq Scan", "Sort", "Materialize"] {
            assert!(!plan.contains(slow), "{filter:?}\n{plan}");
        }
    }
}

#[tokio::test]
async fn postgresql_brings_its_tables_up_to_date_and_lists_what_the_last_looks_have_left() {
    let databases = Databases::new().await;
    let Database { address, password, .. } = &databases.postgres;
    drop(PostgresState::open(address, Some(password)).await.unwrap());
    let client = databases.postgres.connect().await;
    client
        .batch_execute(
            r#"SET search_path = smartsync;
             DROP TABLE standing_reasons; DROP TABLE held; DROP TABLE tallies;
             DROP INDEX looks_by_number; DROP INDEX standing_by_state; DROP INDEX standing_by_template_type;
             DROP INDEX standing_with_written; DROP INDEX standing_with_held; DROP INDEX standing_with_failed;
             ALTER TABLE standing DROP COLUMN template_type; ALTER TABLE looks DROP COLUMN template_type;
             UPDATE smartsync_schema SET version = 2;
             INSERT INTO looks (tenant, contract_id, candidate_id, at, cause, plan, fields, drifts, next, duration, requests) VALUES
                 ('', 9001, '4711', 200000, 'sweep', '0b', '[["oneflow-city","custom:city","held","first-sight-held",null],
                     ["oneflow-start","custom:start","written",null,null],["oneflow-end","custom:end","held","no-candidate",null]]', true, 'none', 250, 4),
                 ('', 9001, NULL, 300000, 'sweep', NULL, '[]', NULL, 'none', 250, 4),
                 ('north', 9001, '4711', 400000, 'sweep', '0c', '[["oneflow-city","custom:city","held","hostile-markup",null]]', false, 'none', 250, 4);
             INSERT INTO standing (tenant, contract_id, candidate_id, looked_at, cause, held, reasons, drifts_since) VALUES
                 ('', 9001, '4711', 300000, 'sweep', 2, '["took-too-long"]', 50000), ('north', 9001, '4711', 400000, 'sweep', 1, '["hostile-markup"]', NULL);"#,
        )
        .await
        .unwrap();
    let state = PostgresState::open(address, Some(password)).await.unwrap();
    for (tenant, reason, plan, since) in
        [("", "first-sight-held", "0b", 50), ("north", "hostile-markup", "0c", 400)]
    {
        let tenant = if tenant.is_empty() { nameless() } else { tenant.parse().unwrap() };
        let held = state.overview(&tenant).held(None, 10).await.unwrap().rows;
        let lines: Vec<_> = held
            .iter()
            .map(|held| (held.reason.as_deref(), held.plan.as_deref(), held.since.as_second()))
            .collect();
        assert_eq!(lines, [(Some(reason), Some(plan), since)]);
    }
    let left = ContractFilter::new().reason("took-too-long");
    assert_eq!(state.overview(&nameless()).count(&left).await.unwrap().number, 1);
    record(&state, [look(9001, 0, &[("a", "held", Some("conflict-held"))])]).await;
    assert_eq!(state.overview(&nameless()).held_count().await.unwrap().number, 1);
    let _: ContractId = state.overview(&nameless()).held(None, 1).await.unwrap().rows[0].contract;
}
