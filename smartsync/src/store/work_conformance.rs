//! What every store of the host must do, as a check that its author runs.

pub(super) mod at_work;
mod copies;
mod known;
mod pace;
pub(super) mod tenants;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;
use tokio::time::timeout;

use self::{
    at_work::{AT_ONCE, AtWork},
    copies::{copies, copies_in_the_pace, copies_of_unknown, many_copies},
    known::known,
    pace::{pace, pace_of_unknown},
};
use super::{
    conformance_rules::rules,
    intake::Accepted,
    item::Item,
    journal::Trigger,
    setback::Setback,
    tenant::Tenant,
    work::{Ended, Ending, Intake, Work},
};

rules! {
    /// A rule of [`Intake`] and [`Work`]. `Display` is its sentence.
    WorkRule,
    /// The rule that a store breaks.
    #[error("the store breaks a rule: {rule}")]
    WorkFault:
    NeverFails = "no operation fails while the store works",
    HandsOut = "an accepted notification brings a look",
    KnowsRepeats = "a notification that comes again brings no other look",
    Absorbs = "notifications for an item that waits bring one look together",
    OneMore = "notifications during a look bring exactly one more",
    OneAtATime = "an item is not handed out while it is being looked at",
    OneOfACandidate = "the contracts of one candidate are looked at one after the other",
    AsManyAsAllowed = "as many looks run at once as the limits allow, and no more",
    Waits = "an item whose look has failed waits as long as was said, and the failure is counted",
    BroughtForward = "a notification brings a failed item forward, and the look that it brings is not counted",
    NeverBeforeAsked = "nothing is looked at before the time that a service asked for",
    OutagesAreNoFault = "what fails every item alike is no fault of the item",
    OverReleases = "the end of an outage makes due what waits because of it, and nothing else",
    SaysWhy = "a look tells what it was brought by: what has failed and comes by itself, after an outage or a start as well, is a further try",
    AllWait = "what waits for the same thing waits as long",
    ParksOnce = "a parked item is looked at again only when a notification comes",
    AlteredCopiesComeLast = "of the items under one callback id, those after the third are looked at last, those that nobody knows after the first, and no more than one a second",
    BoundsCopies = "under one callback id no more than a thousand items are noted, and the others are not acknowledged",
    KeepsThePace = "an item is looked at no more often in a minute than allowed, and what came meanwhile is looked at then",
    KeepsThePaceOfUnknown = "what only notifications speak of is looked at no more often in a minute than allowed, all of it together, and nothing else waits for that",
    StartsThePaceAnew = "after a start, nothing waits for the pace of before",
    KnownByAPass = "what a pass over all has found is known, though a notification named it first",
    KnownByAPerson = "what a person asks for is known",
    KnownByTheLedger = "what the ledger has is known, though it waited before",
    KnownByALook = "what a look has read is known, though more has failed",
    StaysKnown = "what is known stays so: after a look that failed, when it was parked, and after a crash",
    LeavesTheCopies = "what becomes known while it waits among altered copies is looked at before them",
    DueOnceKnown = "what was put back is due at once when a person asks for it or it becomes known",
    OutlivesFaults = "a look that breaks off ends as the handler says, and others go on",
    FinishesAtTheStop = "once stopped, nothing more is handed out, and what has begun is finished",
    Pauses = "nothing is handed out while the handler pauses",
    TenantsApart = "items of two tenants are different ones, of different candidates, though all ids are equal",
    TenantsInTurn = "tenants are served in turn, however much one of them has waiting",
    TenantsHaveASlot = "where as many looks run as the limits allow, a tenant of which none runs begins one all the same",
    OutagesOfATenant = "an outage, its end and a pause of one tenant are none of another",
    PacesOfATenant = "what was looked at often enough in one tenant puts nothing of another back",
    Enqueues = "what is asked for without a notification is looked at, and says why",
    AskedComesFirst = "what a pass over all has found is looked at when nothing else is due",
    SurvivesACrash = "after a crash, what was acknowledged and not finished is handed out, and nothing else",
    SaysWhatFails = "a notification that could not be noted is not acknowledged",
    TellsTheEnd = "the handler is told once it was tried to note the end of its look",
    KeepsEnds = "the end of a look that could not be noted is noted once that can be done",
    LapsesWithItsProcess = "what a process has claimed that is lost to the store is handed out to another, and the end of a claim that has lapsed changes nothing",
}

/// A store on a bench.
#[async_trait]
pub trait WorkBench: Send + Sync {
    /// Opens an empty store.
    async fn open(&self) -> OpenedWork;

    /// Opens the store that was opened last, after the process that used it has died.
    async fn reopen(&self) -> OpenedWork;

    /// Lets so much time pass for the store.
    async fn pass(&self, time: Duration);

    /// Has the process that the store was opened for last lose its claims, without its knowing, as when its connection is gone or it stood still
    /// for too long; and opens the store for another process beside it. `None`, the default: one process at a time has it open, and nothing is
    /// checked.
    async fn beside(&self) -> Option<OpenedWork> {
        None
    }

    /// How long the store takes at most to hand out what is due: where nothing is, the check waits so long for a look that must not come.
    /// The default, 60 milliseconds, is for a store that is woken; one that asks every so often takes longer than that.
    fn moment(&self) -> Duration {
        Duration::from_millis(60)
    }

    /// Makes it known to the store that was opened last whose contract this is, as the ledger of its tenant does.
    async fn is_of(&self, item: Item, candidate: CandidateId);

    /// Makes it known to the store that was opened last that a look has read this contract, as the journal does. False, the default: that cannot be
    /// done, and is not checked.
    async fn is_read(&self, _contract: ContractId) -> bool {
        false
    }

    /// Has the next commit of the store that was opened last fail. False, the default: that cannot be done, and is not checked.
    fn fail_next_commit(&self) -> bool {
        false
    }
}

/// A store that is open.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "a bench makes it")]
pub struct OpenedWork {
    /// What takes notifications in.
    pub intake: Arc<dyn Intake>,
    /// What hands out what is due.
    pub work: Arc<dyn Work>,
}

/// Checks a store against every rule of [`Intake`] and [`Work`], in a test of its author's. It takes some seconds.
///
/// # Errors
///
/// [`WorkFault`] names the first rule that is broken.
///
/// ```
/// use smartsync::store::{MemoryBench, work_conformance};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
/// work_conformance(&MemoryBench::new()).await
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn work_conformance(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    notifications(bench).await?;
    during_a_look(bench).await?;
    at_once(bench).await?;
    of_one_candidate(bench).await?;
    failures(bench).await?;
    outages(bench).await?;
    parked(bench).await?;
    copies(bench).await?;
    many_copies(bench).await?;
    pace(bench).await?;
    faults(bench).await?;
    stops(bench).await?;
    pauses(bench).await?;
    tenants::tenants(bench).await?;
    enqueued(bench).await?;
    known(bench).await?;
    copies_in_the_pace(bench).await?;
    copies_of_unknown(bench).await?;
    pace_of_unknown(bench).await?;
    lapsed(bench).await?;
    crashes(bench).await
}

pub(super) fn item(number: i64) -> Item {
    ContractId::new(number).into()
}

fn holds(holds: bool, rule: WorkRule) -> Result<(), WorkFault> {
    if holds { Ok(()) } else { Err(rule.into()) }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn notifications(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 4).await;
    holds(at_work.accept("one", 1).await? == Accepted::New, WorkRule::KnowsRepeats)?;
    let look = at_work.next_at(1, WorkRule::HandsOut).await?;
    holds(look.turn.trigger == Trigger::Notification && look.turn.attempts == 0, WorkRule::HandsOut)?;
    at_work.none(WorkRule::OneAtATime).await?;
    holds(look.ends(Ending::Done.into()).await, WorkRule::TellsTheEnd)?;
    at_work.none(WorkRule::HandsOut).await?;
    holds(at_work.accept("one", 1).await? == Accepted::Duplicate, WorkRule::KnowsRepeats)?;
    at_work.none(WorkRule::KnowsRepeats).await?;
    // Another one is looked at again.
    at_work.accept("two", 1).await?;
    at_work.next_at(1, WorkRule::HandsOut).await?.end(Ending::Done).await;

    // All come before the first look.
    let store = bench.open().await;
    for callback in 0..20 {
        store.intake.accept(&callback.to_string(), item(7)).await?;
    }
    let mut at_work = AtWork::start(bench, store, 4);
    let look = at_work.next_at(7, WorkRule::Absorbs).await?;
    at_work.none(WorkRule::OneAtATime).await?;
    look.end(Ending::Done).await;
    at_work.none(WorkRule::Absorbs).await
}

async fn during_a_look(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 4).await;
    at_work.accept("first", 1).await?;
    let look = at_work.next_at(1, WorkRule::HandsOut).await?;
    for callback in 0..1000 {
        at_work.accept(&callback.to_string(), 1).await?;
    }
    at_work.none(WorkRule::OneAtATime).await?;
    look.end(Ending::Done).await;
    let once_more = at_work.next_at(1, WorkRule::OneMore).await?;
    at_work.none(WorkRule::OneAtATime).await?;
    once_more.end(Ending::Done).await;
    at_work.none(WorkRule::OneMore).await
}

async fn at_once(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 3).await;
    for number in 1..=5 {
        at_work.accept(&number.to_string(), number).await?;
    }
    let mut looks = Vec::new();
    for _ in 0..3 {
        looks.push(at_work.next(WorkRule::AsManyAsAllowed).await?);
    }
    at_work.none(WorkRule::AsManyAsAllowed).await?;
    // The first is slow, and delays no other.
    for _ in 0..2 {
        looks.remove(1).end(Ending::Done).await;
        looks.push(at_work.next(WorkRule::AsManyAsAllowed).await?);
    }
    let items: BTreeSet<_> = looks.iter().map(|look| look.turn.item.clone()).collect();
    holds(items.len() == 3, WorkRule::OneAtATime)
}

async fn of_one_candidate(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    for number in [1, 2, 3] {
        bench.is_of(item(number), "4711".into()).await;
    }
    for number in 1..=4 {
        store.intake.accept(&number.to_string(), item(number)).await?;
        bench.pass(seconds(1)).await;
    }
    let mut at_work = AtWork::start(bench, store, 4);
    // The others of the candidate wait, and nobody else. Of two looks, either may be the first to say that it has begun.
    let mut begun =
        [at_work.next(WorkRule::OneOfACandidate).await?, at_work.next(WorkRule::OneOfACandidate).await?];
    begun.sort_by_key(|look| look.turn.item.clone());
    let [mut first, other] = begun;
    let items = [&first, &other].map(|look| look.turn.item.clone());
    holds(items == [item(1), item(4)], WorkRule::OneOfACandidate)?;
    other.end(Ending::Done).await;
    for number in [2, 3] {
        at_work.none(WorkRule::OneOfACandidate).await?;
        first.end(Ending::Done).await;
        first = at_work.next_at(number, WorkRule::OneOfACandidate).await?;
    }
    Ok(())
}

async fn failures(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 4).await;
    at_work.accept("one", 1).await?;
    at_work.next_at(1, WorkRule::HandsOut).await?.fail(seconds(600)).await;
    at_work.none(WorkRule::Waits).await?;
    bench.pass(seconds(590)).await;
    at_work.none(WorkRule::Waits).await?;
    bench.pass(seconds(11)).await;
    let look = at_work.next_at(1, WorkRule::Waits).await?;
    holds(look.turn.attempts == 1 && look.turn.trigger == Trigger::Retry(1), WorkRule::Waits)?;
    holds(look.turn.faults_with_this == 2, WorkRule::Waits)?;
    look.fail(seconds(1800)).await;
    at_work.none(WorkRule::Waits).await?;

    // Soon, and not at once: a storm of notifications is no storm of looks.
    at_work.accept("two", 1).await?;
    at_work.none(WorkRule::BroughtForward).await?;
    bench.pass(seconds(11)).await;
    let look = at_work.next_at(1, WorkRule::BroughtForward).await?;
    holds(look.turn.attempts == 2 && look.turn.faults_with_this == 2, WorkRule::BroughtForward)?;
    holds(look.turn.trigger == Trigger::Notification, WorkRule::SaysWhy)?;
    look.fail(seconds(1800)).await;
    bench.pass(seconds(1760)).await;
    at_work.none(WorkRule::BroughtForward).await?;
    // The time that it had before.
    bench.pass(seconds(40)).await;
    let look = at_work.next_at(1, WorkRule::BroughtForward).await?;
    holds(look.turn.attempts == 2, WorkRule::BroughtForward)?;

    // During the look comes another.
    at_work.accept("three", 1).await?;
    look.fail(seconds(1800)).await;
    at_work.none(WorkRule::BroughtForward).await?;
    bench.pass(seconds(11)).await;
    let look = at_work.next_at(1, WorkRule::BroughtForward).await?;
    holds(look.turn.trigger == Trigger::Notification, WorkRule::SaysWhy)?;

    let asked = Setback::new("slow down", seconds(400)).asked(seconds(300));
    look.end(Ending::Again(asked)).await;
    at_work.none(WorkRule::NeverBeforeAsked).await?;
    at_work.accept("four", 1).await?;
    bench.pass(seconds(290)).await;
    at_work.none(WorkRule::NeverBeforeAsked).await?;
    bench.pass(seconds(11)).await;
    at_work.next_at(1, WorkRule::NeverBeforeAsked).await?.end(Ending::Done).await;
    at_work.none(WorkRule::BroughtForward).await
}

async fn outages(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let out = |wait| Ending::Again(Setback::new("no answer", wait).outage(Some("read-contract")));
    let mut at_work = AtWork::open(bench, 1).await;
    at_work.accept("one", 1).await?;
    at_work.next_at(1, WorkRule::HandsOut).await?.end(out(seconds(1800))).await;
    at_work.accept("two", 2).await?;
    at_work.next_at(2, WorkRule::HandsOut).await?.fail(seconds(1800)).await;
    at_work.accept("three", 3).await?;
    let look = at_work.next_at(3, WorkRule::HandsOut).await?;
    at_work.none(WorkRule::Waits).await?;
    look.ends(Ended { ending: Ending::Done, over: vec!["read-contract"] }).await;
    bench.pass(seconds(11)).await;
    let look = at_work.next_at(1, WorkRule::OverReleases).await?;
    holds(look.turn.faults_with_this == 0, WorkRule::OutagesAreNoFault)?;
    holds(look.turn.trigger == Trigger::Retry(1), WorkRule::SaysWhy)?;
    look.end(out(seconds(60))).await;
    at_work.none(WorkRule::OverReleases).await?;
    at_work.accept("five", 5).await?;
    at_work.next_at(5, WorkRule::HandsOut).await?.end(out(seconds(60))).await;

    // One look is enough to know that there is no room.
    at_work.accept("four", 4).await?;
    let no_room = Setback::new("no room", seconds(1000)).outage(Some("read-contract"));
    at_work.next_at(4, WorkRule::HandsOut).await?.end(Ending::AgainWithAll(no_room)).await;
    at_work.none(WorkRule::AllWait).await?;
    bench.pass(seconds(900)).await;
    at_work.none(WorkRule::AllWait).await?;
    bench.pass(seconds(101)).await;
    let mut due = BTreeSet::new();
    for _ in 0..2 {
        let look = at_work.next(WorkRule::AllWait).await?;
        due.insert(look.turn.item.clone());
        look.end(Ending::Done).await;
    }
    holds(due == BTreeSet::from([item(4), item(5)]), WorkRule::AllWait)
}

async fn parked(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 4).await;
    at_work.accept("one", 1).await?;
    at_work.next_at(1, WorkRule::HandsOut).await?.end(Ending::Park { reason: "a reason".to_owned() }).await;
    bench.pass(seconds(100_000)).await;
    at_work.none(WorkRule::ParksOnce).await?;
    at_work.accept("two", 1).await?;
    let look = at_work.next_at(1, WorkRule::ParksOnce).await?;
    holds(look.turn.attempts == 0, WorkRule::ParksOnce)
}

async fn faults(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 2).await;
    at_work.accept("one", 1).await?;
    let broken = at_work.next_at(1, WorkRule::HandsOut).await?;
    at_work.accept("two", 2).await?;
    let other = at_work.next_at(2, WorkRule::HandsOut).await?;
    broken.break_off().await;
    at_work.none(WorkRule::OutlivesFaults).await?;
    other.end(Ending::Done).await;
    bench.pass(seconds(101)).await;
    let look = at_work.next_at(1, WorkRule::OutlivesFaults).await?;
    holds(look.turn.attempts == 1, WorkRule::OutlivesFaults)
}

async fn stops(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 2).await;
    at_work.accept("one", 1).await?;
    let look = at_work.next_at(1, WorkRule::HandsOut).await?;
    at_work.stop.send_replace(true);
    at_work.accept("two", 2).await?;
    at_work.none(WorkRule::FinishesAtTheStop).await?;
    holds(!at_work.run.is_finished(), WorkRule::FinishesAtTheStop)?;
    look.end(Ending::Done).await;
    let end = timeout(AT_ONCE, &mut at_work.run).await;
    holds(matches!(end, Ok(Ok(()))), WorkRule::FinishesAtTheStop)?;
    // Its end was kept, and what came late is still there.
    let mut next = AtWork::start(bench, bench.reopen().await, 2);
    next.next_at(2, WorkRule::FinishesAtTheStop).await?.end(Ending::Done).await;
    next.none(WorkRule::FinishesAtTheStop).await
}

async fn pauses(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 2).await;
    at_work.rest().await;
    at_work.pause(Tenant::default(), Some(seconds(30)));
    at_work.accept("one", 1).await?;
    at_work.none(WorkRule::Pauses).await?;
    at_work.pause(Tenant::default(), None);
    bench.pass(seconds(61)).await;
    at_work.next_at(1, WorkRule::Pauses).await?.end(Ending::Done).await;
    Ok(())
}

async fn enqueued(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 4).await;
    at_work.store.work.enqueue(vec![item(1), item(2)], Trigger::Sweep).await?;
    let mut items = BTreeSet::new();
    for _ in 0..2 {
        let look = at_work.next(WorkRule::Enqueues).await?;
        holds(look.turn.trigger == Trigger::Sweep, WorkRule::Enqueues)?;
        items.insert(look.turn.item.clone());
        look.fail(seconds(1800)).await;
    }
    holds(items == BTreeSet::from([item(1), item(2)]), WorkRule::Enqueues)?;
    // What somebody waits for comes first.
    let store = bench.open().await;
    store.work.enqueue(vec![item(1)], Trigger::Sweep).await?;
    bench.pass(seconds(1)).await;
    store.intake.accept("one", item(2)).await?;
    let mut asked = AtWork::start(bench, store, 1);
    for number in [2, 1] {
        asked.next_at(number, WorkRule::AskedComesFirst).await?.end(Ending::Done).await;
    }
    drop(asked);

    let mut at_work = AtWork::open(bench, 4).await;
    at_work.store.work.enqueue(vec![item(1)], Trigger::Sweep).await?;
    at_work.next_at(1, WorkRule::Enqueues).await?.fail(seconds(1800)).await;
    // A pass leaves what waits where it is; a person does not.
    at_work.store.work.enqueue(vec![item(1)], Trigger::Sweep).await?;
    at_work.none(WorkRule::Waits).await?;
    at_work.store.work.enqueue(vec![item(1)], Trigger::ByHand).await?;
    bench.pass(seconds(11)).await;
    let look = at_work.next_at(1, WorkRule::Enqueues).await?;
    holds(look.turn.trigger == Trigger::ByHand && look.turn.attempts == 0, WorkRule::Enqueues)?;
    // What is looked at now may have changed since it was read.
    at_work.store.work.enqueue(vec![item(1)], Trigger::Sweep).await?;
    look.end(Ending::Done).await;
    let look = at_work.next_at(1, WorkRule::Enqueues).await?;
    holds(look.turn.trigger == Trigger::Sweep, WorkRule::SaysWhy)?;
    look.end(Ending::Done).await;
    at_work.none(WorkRule::Enqueues).await
}

/// Two processes. The first has lost its claims, and ends its looks all the same.
async fn lapsed(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    for ending in [Ending::Done, Ending::Again(Setback::new("a failure", seconds(10)))] {
        let mut first = AtWork::open(bench, 4).await;
        first.accept("one", 1).await?;
        let late = first.next_at(1, WorkRule::HandsOut).await?;
        // One that hands out nothing itself cannot be given the item again.
        first.pause(Tenant::default(), Some(seconds(3600)));
        let Some(store) = bench.beside().await else { return Ok(()) };
        let mut second = AtWork::start(bench, store, 4);
        bench.pass(seconds(61)).await;
        let look = second.next_at(1, WorkRule::LapsesWithItsProcess).await?;
        // What is noted meanwhile waits for the end of the second look, not of the first.
        second.accept("two", 1).await?;
        late.end(ending).await;
        bench.pass(seconds(61)).await;
        second.none(WorkRule::LapsesWithItsProcess).await?;
        look.end(Ending::Done).await;
        second.next_at(1, WorkRule::LapsesWithItsProcess).await?.end(Ending::Done).await;
        bench.pass(seconds(61)).await;
        second.none(WorkRule::LapsesWithItsProcess).await?;
    }
    Ok(())
}

async fn crashes(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 2).await;
    for number in 1..=2 {
        at_work.accept(&number.to_string(), number).await?;
    }
    let looks = [at_work.next(WorkRule::HandsOut).await?, at_work.next(WorkRule::HandsOut).await?];
    at_work.accept("3", 3).await?;
    let [done, cut_off] = looks;
    let left = cut_off.turn.item.clone();
    done.end(Ending::Done).await;
    let third = at_work.next_at(3, WorkRule::HandsOut).await?;
    drop(at_work);
    drop((cut_off, third));
    let mut next = AtWork::start(bench, bench.reopen().await, 4);
    let mut items = BTreeSet::new();
    for _ in 0..2 {
        let look = next.next(WorkRule::SurvivesACrash).await?;
        items.insert(look.turn.item.clone());
        look.end(Ending::Done).await;
    }
    holds(items == BTreeSet::from([left, item(3)]), WorkRule::SurvivesACrash)?;
    next.none(WorkRule::SurvivesACrash).await?;
    // One that had failed is tried again by whoever starts.
    next.accept("4", 4).await?;
    next.next_at(4, WorkRule::HandsOut).await?.fail(seconds(1800)).await;
    drop(next);
    let mut next = AtWork::start(bench, bench.reopen().await, 4);
    bench.pass(seconds(61)).await;
    let look = next.next_at(4, WorkRule::SurvivesACrash).await?;
    holds(look.turn.trigger == Trigger::Retry(1), WorkRule::SaysWhy)?;
    look.end(Ending::Done).await;
    next.none(WorkRule::SurvivesACrash).await?;
    holds(next.accept("1", 1).await? == Accepted::Duplicate, WorkRule::SurvivesACrash)?;

    next.store.intake.is_ready().await?;
    if bench.fail_next_commit() {
        let failed = next.store.intake.accept("new", item(9)).await;
        holds(failed.is_err(), WorkRule::SaysWhatFails)?;
        next.accept("new", 9).await?;
        let look = next.next_at(9, WorkRule::SaysWhatFails).await?;
        bench.fail_next_commit();
        look.end(Ending::Again(Setback::new("slow down", seconds(400)).asked(seconds(300)))).await;
        bench.pass(seconds(2)).await;
        next.none(WorkRule::KeepsEnds).await?;
        bench.pass(seconds(400)).await;
        next.next_at(9, WorkRule::KeepsEnds).await?.end(Ending::Done).await;
    }
    Ok(())
}
