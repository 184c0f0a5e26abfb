//! What every journal of the host must do, as a check that its author runs.

mod samples;
mod tenants;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use self::samples::{Samples, failed, seen};
use super::{
    conformance_rules::rules,
    journal::{Action, Drifting, DueContract, Journal, LAST_SWEEP, Look, ParkedFilter, Trigger},
    setback::Setback,
    store_error::StoreError,
    tenant::Tenant,
    work::Ending,
    work_conformance::{
        WorkBench, WorkFault, WorkRule,
        at_work::{self, AtWork},
        item,
    },
};

rules! {
    /// A rule of [`Journal`]. `Display` is its sentence.
    JournalRule,
    /// The rule that a journal breaks.
    #[error("the journal breaks a rule: {rule}")]
    JournalFault:
    NeverFails = "no operation fails while the store works",
    KeepsLooks = "a row is read as it was noted, once",
    NewestFirst = "the rows of a contract come the newest first, no more than asked for, and no other contract's",
    TellsWhatIsNew = "the rows that were noted after one are told in the order of noting, each once, no more than asked for, and so are the last; no number is given again",
    KnowsWhatWasSeen = "what the last look at each contract saw is known, and nothing of one that was never looked at",
    Stands = "a contract stands as its last look found it, and one that failed as a whole leaves what was found before",
    KeepsTheNewest = "a look that another has overtaken, which began after it and was noted before it, changes nothing of how the contract stands, and a time that lies ahead keeps nothing from it",
    Drifts = "a contract drifts from the first look that finds it so until one that does not",
    ActionsAreNoLooks = "what a person did beside a look is told, and changes nothing of how the contract stands",
    Counts = "the status counts what waits, runs, is parked and drifts, and names the first or the last of each",
    ListsParked = "parked contracts are listed by id with the codes of their last look: all, by code, or by id",
    Retries = "a parked contract that is retried is looked at by hand with all its tries, never before a service allows it; what is not parked is not",
    SetsAside = "what is parked is known as set aside, and so is what was dropped until a look reads that it has changed or a person asks for one, however long ago that was",
    Drops = "a parked contract that is dropped is not looked at, and a row tells whose doing that was",
    KeepsWatermarks = "a watermark is kept, under its name, until it is set again or erased",
    DropsOld = "old rows are dropped, the oldest first, no more than asked for, and no other",
    KeepsDrift = "with old looks goes how their contracts stood, except of one that drifts, is set aside or was looked at since",
    Erases = "of a candidate who is erased no row is left, nor one of the candidate's contracts that names nobody; those of others are",
    StaysForgotten = "nothing is noted of a candidate who was forgotten",
    TenantsApart = "a journal tells of its tenant alone, and erases, drops, retries and notes nothing of another, though all ids are equal",
    SurvivesACrash = "what was acknowledged is there after a crash",
    SaysWhatFails = "what could not be noted is not acknowledged, and nothing of it is there",
    KeepsTheRulesOfTheWork = "the work beside it keeps its own rules (`work_conformance`)",
}

impl From<WorkFault> for JournalFault {
    fn from(fault: WorkFault) -> Self {
        Self { rule: JournalRule::KeepsTheRulesOfTheWork, source: fault.source }
    }
}

/// A store with its journal on a bench.
#[async_trait]
pub trait JournalBench: WorkBench {
    /// The journal of a tenant in the store that was opened last.
    async fn journal_of(&self, tenant: &Tenant) -> Arc<dyn Journal>;

    /// That of the nameless tenant.
    async fn journal(&self) -> Arc<dyn Journal> {
        self.journal_of(&Tenant::default()).await
    }

    /// Leaves the tombstone of a tenant's candidate in the store that was opened last, as the ledger does, and erases nothing.
    async fn forget(&self, tenant: &Tenant, candidate: CandidateId);

    /// What time it is for the store.
    fn now(&self) -> Timestamp;

    /// Has the next commit of the journal fail. False, the default: that cannot be done, and is not checked.
    fn fail_next_record(&self) -> bool {
        false
    }
}

/// Checks a journal against every rule of [`Journal`], in a test of its author's. It takes some seconds.
///
/// # Errors
///
/// [`JournalFault`] names the first rule that is broken.
///
/// ```
/// use smartsync::store::{MemoryBench, journal_conformance};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
/// journal_conformance(&MemoryBench::new()).await
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn journal_conformance(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    keeps(bench).await?;
    tells_what_is_new(bench).await?;
    stands(bench).await?;
    drifts(bench).await?;
    overtaken(bench).await?;
    by_hand(bench).await?;
    counts(bench).await?;
    parked(bench).await?;
    set_aside(bench).await?;
    watermarks(bench).await?;
    drops_old(bench).await?;
    erases(bench).await?;
    forgotten(bench).await?;
    tenants::tenants(bench).await?;
    crashes(bench).await
}

fn holds(holds: bool, rule: JournalRule) -> Result<(), JournalFault> {
    if holds { Ok(()) } else { Err(rule.into()) }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn contract(number: i64) -> ContractId {
    ContractId::new(number)
}

/// The journal of an empty store.
async fn open(bench: &dyn JournalBench) -> Arc<dyn Journal> {
    bench.open().await;
    bench.journal().await
}

async fn note(journal: &dyn Journal, looks: &[&Look]) -> Result<(), StoreError> {
    for look in looks {
        journal.record(look).await?;
    }
    Ok(())
}

async fn keeps(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    for (number, look) in (1..).zip(samples.of_each_kind()) {
        let mut look = look;
        look.occasion.contract = contract(number);
        journal.record(&look).await?;
        holds(journal.looks(contract(number), 10).await? == [look], JournalRule::KeepsLooks)?;
    }
    let journal = open(bench).await;
    // Noted out of order, as a slow look is.
    let (first, second, third) =
        (seen(1, samples.at(0), false), failed(1, samples.at(60)), seen(1, samples.at(120), true));
    note(&*journal, &[&first, &third, &seen(2, samples.at(30), false), &second]).await?;
    let newest = [third.clone(), second, first];
    holds(journal.looks(contract(1), 10).await? == newest, JournalRule::NewestFirst)?;
    holds(journal.looks(contract(1), 2).await? == newest[..2], JournalRule::NewestFirst)?;
    holds(journal.looks(contract(33), 10).await?.is_empty(), JournalRule::NewestFirst)?;
    // Two at the same time.
    let (one, other) = (seen(4, samples.at(0), false), failed(4, samples.at(0)));
    note(&*journal, &[&one, &other]).await?;
    holds(journal.looks(contract(4), 10).await? == [other, one], JournalRule::NewestFirst)
}

async fn tells_what_is_new(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    let told = async |after: Option<u64>, limit: u32, expected: &[&Look]| -> Result<u64, JournalFault> {
        let noted = journal.looks_after(after, limit).await?;
        let rises = noted.windows(2).all(|two| two[0].number < two[1].number);
        let is_after = noted.first().is_none_or(|first| after.is_none_or(|after| first.number > after));
        let looks: Vec<&Look> = noted.iter().map(|noted| &noted.look).collect();
        holds(rises && is_after && looks == expected, JournalRule::TellsWhatIsNew)?;
        Ok(noted.last().map(|last| last.number).or(after).unwrap_or_default())
    };
    told(None, 10, &[]).await?;
    // Noted out of the order of their times, as a slow look is.
    let (one, two, three) =
        (seen(1, samples.at(60), false), failed(2, samples.at(30)), seen(3, samples.at(0), false));
    note(&*journal, &[&one, &two, &three]).await?;
    let first = told(Some(0), 1, &[&one]).await?;
    let last = told(Some(first), 10, &[&two, &three]).await?;
    holds(told(None, 2, &[&two, &three]).await? == last, JournalRule::TellsWhatIsNew)?;
    told(Some(last), 10, &[]).await?;
    // Nothing is left of those that were noted, and yet what comes is new.
    journal.drop_older(samples.at(100), 10).await?;
    told(None, 10, &[]).await?;
    let four = seen(4, samples.at(200), true);
    note(&*journal, &[&four]).await?;
    told(Some(last), 10, &[&four]).await?;
    Ok(())
}

async fn stands(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    holds(journal.standing(contract(1)).await?.is_none(), JournalRule::Stands)?;
    let found = seen(1, samples.at(0), true);
    let whole = failed(1, samples.at(60));
    note(&*journal, &[&found, &whole, &failed(2, samples.at(5))]).await?;
    let standing = journal.standing(contract(1)).await?.ok_or(JournalRule::Stands)?;
    let counts = (standing.fields.held, standing.fields.written, standing.fields.unchanged);
    holds(counts == (1, 1, 0) && standing.state == found.state, JournalRule::Stands)?;
    holds(standing.candidate == found.candidate && standing.document == found.document, JournalRule::Stands)?;
    holds(
        standing.looked_at == samples.at(60) && standing.reasons == ["took-too-long"],
        JournalRule::Stands,
    )?;
    holds(standing.trigger == Trigger::Retry(2), JournalRule::Stands)?;
    note(&*journal, &[&seen(1, samples.at(120), true)]).await?;
    let standing = journal.standing(contract(1)).await?.ok_or(JournalRule::Stands)?;
    holds(standing.reasons == ["conflict-held"], JournalRule::Stands)?;

    let seen = journal.seen(&[contract(1), contract(2), contract(3)]).await?;
    let times: Vec<_> =
        seen.iter().map(|(contract, seen)| (contract.get(), seen.at, seen.last_change)).collect();
    let expected = [(1, samples.at(120), Some(samples.at(120))), (2, samples.at(5), None)];
    holds(times == expected, JournalRule::KnowsWhatWasSeen)
}

async fn drifts(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    let at = |seconds| samples.at(seconds);
    let steps = [
        (failed(1, at(0)), None),
        (seen(1, at(10), false), None),
        (seen(1, at(20), true), Some(at(20))),
        (seen(1, at(30), true), Some(at(20))),
        // One that finds nothing leaves it open.
        (failed(1, at(40)), Some(at(20))),
        (seen(1, at(50), false), None),
        (seen(1, at(60), true), Some(at(60))),
    ];
    for (look, since) in steps {
        journal.record(&look).await?;
        let standing = journal.standing(contract(1)).await?.ok_or(JournalRule::Stands)?;
        holds(standing.drifts_since == since, JournalRule::Drifts)?;
        let drift = journal.status(bench.now()).await?.drift;
        let expected = since.map(|since| Drifting::new(contract(1), since));
        holds(
            drift.oldest == expected && drift.contracts == u32::from(since.is_some()),
            JournalRule::Drifts,
        )?;
    }
    Ok(())
}

async fn overtaken(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    let noted = async |look: &Look, begun_after: u64| {
        let mut look = look.clone();
        look.occasion = look.occasion.begun_after(Some(begun_after));
        journal.record(&look).await
    };
    let begun = journal.last_number().await?;
    noted(&seen(1, samples.at(600), true), begun).await?;
    let standing = journal.standing(contract(1)).await?;
    for late in [seen(1, samples.at(0), false), failed(1, samples.at(10)), seen(1, samples.at(599), false)] {
        noted(&late, begun).await?;
        holds(journal.standing(contract(1)).await? == standing, JournalRule::KeepsTheNewest)?;
        holds(journal.looks(contract(1), 10).await?.contains(&late), JournalRule::KeepsLooks)?;
    }
    let stands_by = async |at: Timestamp| {
        let standing = journal.standing(contract(1)).await?.ok_or(JournalRule::Stands)?;
        holds((standing.looked_at, standing.drifts_since) == (at, None), JournalRule::KeepsTheNewest)
    };
    // It began when the other one had been noted: the clock of one of them is wrong.
    noted(&seen(1, samples.at(0), false), journal.last_number().await?).await?;
    stands_by(samples.at(0)).await?;
    // What was told meanwhile of a look that began before, and of one that found nothing, keeps nothing from it.
    let begun = journal.last_number().await?;
    noted(&seen(1, samples.at(10), false), begun).await?;
    noted(&failed(1, samples.at(30)), begun).await?;
    noted(&seen(1, samples.at(20), false), begun).await?;
    stands_by(samples.at(20)).await
}

async fn by_hand(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    note(&*journal, &[&seen(1, samples.at(0), true)]).await?;
    let mut before = (journal.standing(contract(1)).await?, journal.status(bench.now()).await?);
    for action in [Action::Created, Action::Adopted, Action::Linked, Action::Decided, Action::Dropped] {
        for number in [1, 2] {
            let row = Look::by_hand(action, contract(number), samples.at(60), Some("4712".into()));
            journal.record(&row).await?;
            let last = journal.looks(contract(number), 1).await?;
            holds(last == [row], JournalRule::ActionsAreNoLooks)?;
        }
    }
    let after = (journal.standing(contract(1)).await?, journal.status(bench.now()).await?);
    if let Some(standing) = &mut before.0 {
        standing.left_alone_since = Some(samples.at(60));
    }
    holds(after == before, JournalRule::ActionsAreNoLooks)?;
    let seen = journal.seen(&[contract(2)]).await?;
    holds(seen.is_empty() && journal.standing(contract(2)).await?.is_none(), JournalRule::ActionsAreNoLooks)
}

async fn counts(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let journal = bench.journal().await;
    let empty = journal.status(bench.now()).await?;
    let numbers = (empty.waiting, empty.running, empty.parked, empty.drift.contracts);
    holds(numbers == (0, 0, 0, 0), JournalRule::Counts)?;
    holds(empty.oldest_waiting.is_none() && empty.last_notification.is_none(), JournalRule::Counts)?;
    holds(empty.last_sweep.is_none() && empty.last_look.is_none(), JournalRule::Counts)?;

    park(&mut at_work, 9).await?;
    at_work.accept("one", 1).await?;
    let _running = at_work.next_at(1, WorkRule::HandsOut).await?;
    let swept = bench.now();
    at_work.store.work.enqueue(vec![contract(4).into()], Trigger::Sweep).await?;
    bench.pass(seconds(1)).await;
    let noted = bench.now();
    for number in [2, 3] {
        at_work.accept(&number.to_string(), number).await?;
        bench.pass(seconds(1)).await;
    }
    let samples = Samples::from(bench.now());
    let (drifting, last) = (seen(5, samples.at(0), true), failed(7, samples.at(20)));
    note(&*journal, &[&drifting, &last, &seen(6, samples.at(10), true), &seen(8, samples.at(5), false)])
        .await?;
    journal.set_watermark(LAST_SWEEP, Some(&samples.at(3).to_string())).await?;
    let status = journal.status(bench.now()).await?;
    holds((status.waiting, status.running, status.parked) == (3, 1, 1), JournalRule::Counts)?;
    holds(status.oldest_waiting == Some(DueContract::new(contract(4), swept)), JournalRule::Counts)?;
    holds(status.oldest_asked == Some(DueContract::new(contract(2), noted)), JournalRule::Counts)?;
    let since = status.last_notification.map(|at| bench.now().duration_since(at).as_secs());
    holds(since == Some(1), JournalRule::Counts)?;
    holds(status.last_sweep == Some(samples.at(3)), JournalRule::Counts)?;
    let look = status.last_look.map(|look| (look.contract, look.at, look.trigger));
    holds(look == Some((contract(7), samples.at(20), "retry")), JournalRule::Counts)?;
    let oldest = Some(Drifting::new(contract(5), samples.at(0)));
    holds((status.drift.contracts, status.drift.oldest) == (2, oldest), JournalRule::Counts)
}

async fn park(at_work: &mut AtWork, number: i64) -> Result<(), JournalFault> {
    at_work.accept(&format!("of {number}"), number).await?;
    let look = at_work.next_at(number, WorkRule::HandsOut).await?;
    look.end(Ending::Park { reason: "a reason".to_owned() }).await;
    Ok(())
}

async fn parked(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let journal = bench.journal().await;
    let parked_at = bench.now();
    for number in [3, 1, 2, 4] {
        park(&mut at_work, number).await?;
    }
    let samples = Samples::from(bench.now());
    note(&*journal, &[&seen(1, samples.at(0), true), &failed(2, samples.at(0))]).await?;
    let which = async |filter: ParkedFilter| -> Result<Vec<i64>, StoreError> {
        Ok(journal.parked(&filter).await?.iter().map(|parked| parked.contract.get()).collect())
    };
    let first = journal.parked(&ParkedFilter::All).await?.into_iter().next();
    let first =
        first.map(|parked| (parked.contract, parked.at, parked.attempts, parked.reason, parked.codes));
    let codes = vec!["conflict-held".to_owned()];
    let expected = (contract(1), parked_at, 1, "a reason".to_owned(), codes);
    holds(first == Some(expected), JournalRule::ListsParked)?;
    let by_code = |code: &str| ParkedFilter::Reason(code.to_owned());
    holds(which(ParkedFilter::All).await? == [1, 2, 3, 4], JournalRule::ListsParked)?;
    holds(which(by_code("took-too-long")).await? == [2], JournalRule::ListsParked)?;
    holds(which(by_code("held")).await?.is_empty(), JournalRule::ListsParked)?;
    let named = ParkedFilter::Contracts(vec![contract(3), contract(77)]);
    holds(which(named).await? == [3], JournalRule::ListsParked)?;

    bench.pass(seconds(100)).await;
    let dropped = journal.drop_parked(&[contract(2), contract(1), contract(77)], bench.now()).await?;
    holds(dropped == [contract(2), contract(1)], JournalRule::Drops)?;
    at_work.none(WorkRule::ParksOnce).await.map_err(|_| JournalRule::Drops)?;
    // It is known whose it was, so that it goes with the candidate.
    let row = Look::by_hand(Action::Dropped, contract(1), bench.now(), Some("4711".into()));
    holds(journal.looks(contract(1), 1).await? == [row], JournalRule::Drops)?;
    holds(journal.looks(contract(77), 1).await?.is_empty(), JournalRule::Drops)?;

    let retried = journal.retry_parked(&[contract(3), contract(2), contract(77)], bench.now()).await?;
    holds(retried == [contract(3)], JournalRule::Retries)?;
    holds(which(ParkedFilter::All).await? == [4], JournalRule::Retries)?;
    // The process that hands out may be another, and look only now and then what there is: a notification makes it look.
    at_work.accept("wakes it", 50).await?;
    next_by_hand(&mut at_work, 3).await?.end(Ending::Done).await;
    at_work.next_at(50, WorkRule::HandsOut).await?.end(Ending::Done).await;
    at_work.none(WorkRule::ParksOnce).await.map_err(|_| JournalRule::Retries)?;

    // A later notification was looked at, and then a service asked to wait.
    at_work.accept("later", 4).await?;
    let asked = Setback::new("slow down", seconds(400)).asked(seconds(300));
    at_work.next_at(4, WorkRule::HandsOut).await?.end(Ending::Again(asked)).await;
    journal.retry_parked(&[contract(4)], bench.now()).await?;
    at_work.accept("wakes it again", 51).await?;
    let other = at_work.next(WorkRule::HandsOut).await?;
    holds(other.turn.item == item(51), JournalRule::Retries)?;
    other.end(Ending::Done).await;
    at_work.none(WorkRule::NeverBeforeAsked).await.map_err(|_| JournalRule::Retries)?;
    bench.pass(seconds(301)).await;
    next_by_hand(&mut at_work, 4).await?.end(Ending::Done).await;
    Ok(())
}

/// The look at this contract that begins now, since a person has asked for it.
async fn next_by_hand(at_work: &mut AtWork, number: i64) -> Result<at_work::Look, JournalFault> {
    let look = at_work.next(WorkRule::HandsOut).await.map_err(|_| JournalRule::Retries)?;
    let turn = &look.turn;
    let is_by_hand = turn.trigger == Trigger::ByHand && turn.attempts == 0;
    holds(turn.item == item(number) && is_by_hand, JournalRule::Retries)?;
    Ok(look)
}

async fn set_aside(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let journal = bench.journal().await;
    let looked_at = bench.now();
    note(&*journal, &[&failed(1, looked_at)]).await?;
    bench.pass(seconds(10)).await;
    let parked_at = bench.now();
    // What the look at 5 saw could not be noted.
    for number in [1, 2, 5, 6] {
        park(&mut at_work, number).await?;
    }
    bench.pass(seconds(100)).await;
    let samples = Samples::from(bench.now());
    let at = |seconds| samples.at(seconds);
    let found = seen(2, at(0), false);
    note(&*journal, &[&found, &seen(3, at(0), false), &seen(6, at(0), false)]).await?;
    let are = async |expected: [(i64, Option<Timestamp>); 2]| -> Result<(), JournalFault> {
        for (number, since) in expected {
            let seen = journal.seen(&[contract(number)]).await?;
            let set_aside = seen.get(&contract(number)).map(|seen| seen.set_aside);
            holds(set_aside == Some(since), JournalRule::SetsAside)?;
        }
        Ok(())
    };
    are([(2, Some(parked_at)), (5, Some(parked_at))]).await?;
    // Since the look began that has parked it, for it may have changed meanwhile.
    are([(1, Some(looked_at)), (3, None)]).await?;
    let old = async || journal.drop_older(at(1000), 100).await;
    old().await?;
    are([(1, Some(looked_at)), (2, Some(parked_at))]).await?;

    bench.pass(seconds(100)).await;
    let dropped_at = bench.now();
    journal.drop_parked(&[contract(1), contract(2), contract(6)], dropped_at).await?;
    are([(1, Some(dropped_at)), (2, Some(dropped_at))]).await?;
    // One fails as a whole, one finds what the look before it found, and something is done beside a look.
    let mut same = seen(2, at(220), false);
    same.last_change = found.last_change;
    let linked = Look::by_hand(Action::Linked, contract(1), at(230), Some("4711".into()));
    note(&*journal, &[&failed(1, at(210)), &same, &linked]).await?;
    are([(1, Some(dropped_at)), (2, Some(dropped_at))]).await?;
    // One reads that the contract has changed.
    note(&*journal, &[&seen(6, at(240), false)]).await?;
    are([(6, None), (1, Some(dropped_at))]).await?;
    old().await?;
    are([(1, Some(dropped_at)), (2, Some(dropped_at))]).await?;
    let mut asked = failed(1, at(300));
    asked.occasion.trigger = Trigger::ByHand;
    note(&*journal, &[&asked, &seen(2, at(300), false)]).await?;
    are([(1, None), (2, None)]).await
}

async fn watermarks(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let is = async |name, value: Option<&str>| -> Result<(), JournalFault> {
        holds(journal.watermark(name).await?.as_deref() == value, JournalRule::KeepsWatermarks)
    };
    is("page", None).await?;
    for value in ["17", "18"] {
        journal.set_watermark("page", Some(value)).await?;
        is("page", Some(value)).await?;
    }
    journal.set_watermark("other", Some("1")).await?;
    journal.set_watermark("page", None).await?;
    is("page", None).await?;
    is("other", Some("1")).await
}

async fn drops_old(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    let at = |seconds| samples.at(seconds);
    for seconds in 0..3 {
        journal.record(&seen(1, at(seconds), false)).await?;
    }
    let linked = Look::by_hand(Action::Linked, contract(1), at(3), Some("4711".into()));
    note(&*journal, &[&linked, &seen(2, at(4), true), &seen(3, at(100), false), &failed(4, at(1))]).await?;
    note(&*journal, &[&seen(4, at(100), false)]).await?;
    let left =
        async |number| -> Result<usize, StoreError> { Ok(journal.looks(contract(number), 10).await?.len()) };
    holds(journal.drop_older(at(100), 4).await? == 4, JournalRule::DropsOld)?;
    let numbers = (left(1).await?, left(2).await?, left(3).await?, left(4).await?);
    holds(numbers == (1, 1, 1, 1), JournalRule::DropsOld)?;
    holds(journal.looks(contract(1), 10).await? == [linked], JournalRule::DropsOld)?;
    holds(journal.drop_older(at(100), 4).await? == 2, JournalRule::DropsOld)?;
    holds(journal.drop_older(at(100), 4).await? == 0, JournalRule::DropsOld)?;
    let numbers = (left(1).await?, left(2).await?, left(3).await?, left(4).await?);
    holds(numbers == (0, 0, 1, 1), JournalRule::DropsOld)?;
    let stands = async |number| -> Result<bool, StoreError> {
        Ok(journal.standing(contract(number)).await?.is_some())
    };
    let standing = (stands(1).await?, stands(2).await?, stands(3).await?, stands(4).await?);
    holds(standing == (false, true, true, true), JournalRule::KeepsDrift)
}

async fn erases(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    let at = |seconds| samples.at(seconds);
    let of = |mut look: Look, candidate: &str| {
        look.candidate = Some(candidate.into());
        look
    };
    // 3 is known by the ledger alone; 2 was the candidate's once.
    bench.is_of(item(3), "4711".into()).await;
    bench.is_of(item(2), "4712".into()).await;
    let others = of(seen(2, at(30), true), "4712");
    let linked = Look::by_hand(Action::Linked, contract(4), at(0), Some("4711".into()));
    for look in [
        &failed(1, at(0)),
        &seen(1, at(10), true),
        &seen(2, at(20), true),
        &others,
        &failed(3, at(0)),
        &linked,
        &failed(5, at(0)),
    ] {
        journal.record(look).await?;
    }
    holds(journal.erase(&"4711".into()).await? == 5, JournalRule::Erases)?;
    for number in [1, 3, 4] {
        let is_empty = journal.looks(contract(number), 10).await?.is_empty();
        holds(is_empty && journal.standing(contract(number)).await?.is_none(), JournalRule::Erases)?;
    }
    holds(journal.looks(contract(2), 10).await? == [others], JournalRule::Erases)?;
    holds(journal.looks(contract(5), 10).await?.len() == 1, JournalRule::Erases)?;
    let drift = journal.status(bench.now()).await?.drift;
    holds(drift.contracts == 1 && journal.standing(contract(2)).await?.is_some(), JournalRule::Erases)
}

async fn forgotten(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    bench.forget(&Tenant::default(), "4711".into()).await;
    let looks = [
        seen(1, samples.at(0), true),
        samples.without_candidate_who_was_forgotten(1),
        Look::by_hand(Action::Linked, contract(1), samples.at(0), Some("4711".into())),
    ];
    for look in looks {
        journal.record(&look).await?;
        let is_empty = journal.looks(contract(1), 10).await?.is_empty();
        holds(is_empty && journal.standing(contract(1)).await?.is_none(), JournalRule::StaysForgotten)?;
    }
    let mut other = seen(1, samples.at(0), true);
    other.candidate = Some("4712".into());
    journal.record(&other).await?;
    holds(journal.looks(contract(1), 10).await? == [other], JournalRule::StaysForgotten)
}

async fn crashes(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let journal = open(bench).await;
    let samples = Samples::from(bench.now());
    let look = seen(1, samples.at(0), true);
    journal.record(&look).await?;
    journal.set_watermark("page", Some("17")).await?;
    let standing = journal.standing(contract(1)).await?;
    drop(journal);
    bench.reopen().await;
    let journal = bench.journal().await;
    holds(journal.looks(contract(1), 10).await? == [look], JournalRule::SurvivesACrash)?;
    holds(journal.standing(contract(1)).await? == standing, JournalRule::SurvivesACrash)?;
    holds(journal.watermark("page").await?.as_deref() == Some("17"), JournalRule::SurvivesACrash)?;

    if bench.fail_next_record() {
        let failed = journal.record(&seen(2, samples.at(0), true)).await;
        let is_empty = journal.looks(contract(2), 10).await?.is_empty();
        let stands = journal.standing(contract(2)).await?.is_some();
        holds(failed.is_err() && is_empty && !stands, JournalRule::SaysWhatFails)?;
    }
    Ok(())
}
