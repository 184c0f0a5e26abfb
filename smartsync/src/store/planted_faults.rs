//! The conformance check notices each fault that a store may have.

#![cfg(feature = "test-util")]
#![expect(clippy::wildcard_enum_match_arm, reason = "each operation has a few of the faults")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use oneflow_client::ContractId;
use teamtailor_client::CandidateId;
use tokio::{sync::watch, task::JoinSet};

use self::around::{Disguised, Polling, Restless, Untold};
use super::{
    claim::{Claim, Due},
    claims::{self, Claims},
    intake::Accepted,
    item::{Item, Subject},
    journal::Trigger,
    memory_work::{MemoryWork, Spoiled},
    setback::Setback,
    store_error::StoreError,
    tenant::Tenant,
    tenant_turns::TenantTurns,
    test_time::TestTime,
    work::{Ending, Handler, Intake, Work, WorkLimits},
    work_conformance::{OpenedWork, WorkBench, WorkRule, tenants::two_tenants, work_conformance},
};

mod around;

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    LosesANotification,
    TakesARepeatForNew,
    DropsWhatComesDuringALook,
    HandsOutTwice,
    KeepsWhatIsDone,
    LooksAgainAtOnce,
    ForgetsWhatTheServiceAsked,
    LetsNobodyBringForward,
    CountsWhatWasBroughtForward,
    CountsOutages,
    KeepsOutagesOn,
    LetsTheOthersTry,
    TakesWhatIsEarlyForBrought,
    LooksAtWhatIsParked,
    DoesNotKnowTheCandidates,
    LooksAtCopiesFirst,
    KeepsNoPace,
    LooksAtAllThatIsUnknown,
    NotesEveryCopy,
    TakesEveryCopyForKnown,
    GoesOnAfterTheStop,
    CutsOffAtTheStop,
    MixesUpTenants,
    AcknowledgesWhatFailed,
    LosesWhatIsAskedFor,
    LosesClaims,
    LosesCommits,
    Fails,
    LooksOnceForEach,
    LooksAtOneOnly,
    LooksAtOneMore,
    ForgetsWhatBreaksOff,
    DoesNotPause,
    MixesUpTheLanes,
    DropsTheFifthCopy,
    ForgetsAnEndThatFailed,
    LooksAtEqualIdsOneByOne,
    ServesByName,
    KeepsNoSlot,
    EndsTheOutagesOfAll,
    PausesAll,
    PutsBackAll,
    DoesNotHearThePasses,
    DoesNotHearThePersons,
    DoesNotHearTheLedger,
    DoesNotHearTheLooks,
    ForgetsWhatIsKnown,
    ForgetsWhatIsKnownOnceParked,
    LeavesWhatIsKnownAmongCopies,
    ObeysAPersonBeforeTheService,
    PutsBackForGood,
    KeepsThePaceOverAStart,
    CountsNoCopies,
    KeepsWhatHasLapsed,
    TakesTheEndOfWhatHasLapsed,
    DoesNotTellTheEnd,
}

use Fault as F;

const FAULTS: [(Fault, WorkRule); 56] = [
    (F::DoesNotTellTheEnd, WorkRule::TellsTheEnd),
    (F::LosesANotification, WorkRule::HandsOut),
    (F::TakesARepeatForNew, WorkRule::KnowsRepeats),
    (F::DropsWhatComesDuringALook, WorkRule::OneMore),
    (F::HandsOutTwice, WorkRule::OneAtATime),
    (F::KeepsWhatIsDone, WorkRule::HandsOut),
    (F::LooksAgainAtOnce, WorkRule::Waits),
    (F::ForgetsWhatTheServiceAsked, WorkRule::NeverBeforeAsked),
    (F::LetsNobodyBringForward, WorkRule::BroughtForward),
    (F::CountsWhatWasBroughtForward, WorkRule::BroughtForward),
    (F::CountsOutages, WorkRule::OutagesAreNoFault),
    (F::KeepsOutagesOn, WorkRule::OverReleases),
    (F::LetsTheOthersTry, WorkRule::AllWait),
    (F::TakesWhatIsEarlyForBrought, WorkRule::SaysWhy),
    (F::LooksAtWhatIsParked, WorkRule::ParksOnce),
    (F::DoesNotKnowTheCandidates, WorkRule::OneOfACandidate),
    (F::LooksAtCopiesFirst, WorkRule::AlteredCopiesComeLast),
    (F::KeepsNoPace, WorkRule::KeepsThePace),
    (F::LooksAtAllThatIsUnknown, WorkRule::KeepsThePaceOfUnknown),
    (F::NotesEveryCopy, WorkRule::BoundsCopies),
    (F::TakesEveryCopyForKnown, WorkRule::AlteredCopiesComeLast),
    (F::GoesOnAfterTheStop, WorkRule::FinishesAtTheStop),
    (F::CutsOffAtTheStop, WorkRule::FinishesAtTheStop),
    (F::MixesUpTenants, WorkRule::TenantsApart),
    (F::AcknowledgesWhatFailed, WorkRule::SaysWhatFails),
    (F::LosesWhatIsAskedFor, WorkRule::Enqueues),
    (F::LosesClaims, WorkRule::SurvivesACrash),
    (F::LosesCommits, WorkRule::FinishesAtTheStop),
    (F::Fails, WorkRule::NeverFails),
    (F::LooksOnceForEach, WorkRule::Absorbs),
    (F::LooksAtOneOnly, WorkRule::AsManyAsAllowed),
    (F::LooksAtOneMore, WorkRule::AsManyAsAllowed),
    (F::ForgetsWhatBreaksOff, WorkRule::OutlivesFaults),
    (F::DoesNotPause, WorkRule::Pauses),
    (F::MixesUpTheLanes, WorkRule::AskedComesFirst),
    (F::DropsTheFifthCopy, WorkRule::AlteredCopiesComeLast),
    (F::ForgetsAnEndThatFailed, WorkRule::KeepsEnds),
    (F::LooksAtEqualIdsOneByOne, WorkRule::TenantsApart),
    (F::ServesByName, WorkRule::TenantsInTurn),
    (F::KeepsNoSlot, WorkRule::TenantsHaveASlot),
    (F::EndsTheOutagesOfAll, WorkRule::OutagesOfATenant),
    (F::PausesAll, WorkRule::OutagesOfATenant),
    (F::PutsBackAll, WorkRule::PacesOfATenant),
    (F::DoesNotHearThePasses, WorkRule::KnownByAPass),
    (F::DoesNotHearThePersons, WorkRule::KnownByAPerson),
    (F::DoesNotHearTheLedger, WorkRule::KnownByTheLedger),
    (F::DoesNotHearTheLooks, WorkRule::KnownByALook),
    (F::ForgetsWhatIsKnown, WorkRule::StaysKnown),
    (F::ForgetsWhatIsKnownOnceParked, WorkRule::StaysKnown),
    (F::LeavesWhatIsKnownAmongCopies, WorkRule::LeavesTheCopies),
    (F::ObeysAPersonBeforeTheService, WorkRule::NeverBeforeAsked),
    (F::PutsBackForGood, WorkRule::DueOnceKnown),
    (F::KeepsThePaceOverAStart, WorkRule::StartsThePaceAnew),
    (F::CountsNoCopies, WorkRule::KeepsThePaceOfUnknown),
    (F::KeepsWhatHasLapsed, WorkRule::LapsesWithItsProcess),
    (F::TakesTheEndOfWhatHasLapsed, WorkRule::LapsesWithItsProcess),
];

/// A store with a fault.
#[derive(Clone, Debug)]
struct Planted {
    fault: Fault,
    store: MemoryWork,
    time: TestTime,
    callbacks: Arc<AtomicU32>,
    /// Items that are being looked at, or have failed.
    known: Arc<Mutex<BTreeSet<Item>>>,
    again: Arc<Mutex<Option<Claim>>>,
    /// How many looks are owed to each item.
    owed: Arc<Mutex<BTreeMap<Item, u32>>>,
    /// What is being looked at.
    running: Arc<Mutex<BTreeSet<Item>>>,
    /// So many at once.
    concurrency: Arc<AtomicUsize>,
    /// Of whom something was put back.
    put_back: Arc<Mutex<Option<Tenant>>>,
    /// How often it asks what is due; `None`: it is woken.
    polls: Option<Duration>,
}

impl Planted {
    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn known(&self, item: &Item) -> bool {
        self.known.lock().unwrap().contains(item)
    }
}

#[async_trait]
impl Intake for Planted {
    async fn accept(&self, callback_id: &str, item: Item) -> Result<Accepted, StoreError> {
        if self.is(F::Fails) {
            return Err(StoreError::other("a store that fails"));
        }
        let is_known = self.known(&item);
        if self.is(F::LosesANotification)
            || is_known && (self.is(F::DropsWhatComesDuringALook) || self.is(F::LetsNobodyBringForward))
        {
            return Ok(Accepted::New);
        }
        let number = self.callbacks.fetch_add(1, Ordering::SeqCst);
        let callback_id = if self.is(F::TakesARepeatForNew) {
            format!("{callback_id} {number}")
        } else {
            callback_id.to_owned()
        };
        let item = match item.subject {
            Subject::Contract(contract) if self.is(F::MixesUpTenants) => contract.into(),
            Subject::Contract(_) => item,
        };
        if self.is(F::TakesEveryCopyForKnown) && callback_id == "copied" {
            self.store.is_of(item.clone(), item.to_string().into());
        }
        let accepted = match self.store.accept(&callback_id, item.clone()).await {
            Err(StoreError::TooManyUnderOneId) if self.is(F::NotesEveryCopy) => {
                Ok(Accepted::SameId { contracts: 5, is_last: true })
            }
            accepted => accepted,
        };
        match &accepted {
            Ok(Accepted::SameId { contracts: 5.., .. }) if self.is(F::DropsTheFifthCopy) => {
                self.known.lock().unwrap().insert(item);
            }
            Ok(Accepted::New) => *self.owed.lock().unwrap().entry(item).or_default() += 1,
            _ => {}
        }
        match accepted {
            Err(StoreError::Other(_)) if self.is(F::AcknowledgesWhatFailed) => Ok(Accepted::New),
            accepted => accepted,
        }
    }

    async fn is_ready(&self) -> Result<(), StoreError> {
        self.store.is_ready().await
    }
}

#[async_trait]
impl Work for Planted {
    async fn run(&self, handler: Arc<dyn Handler>, limits: WorkLimits, mut stop: watch::Receiver<bool>) {
        let looks_per_minute = if self.is(F::KeepsNoPace) { u32::MAX } else { limits.looks_per_minute };
        let unknown_per_minute =
            if self.is(F::LooksAtAllThatIsUnknown) { u32::MAX } else { limits.unknown_per_minute };
        let limits = WorkLimits { looks_per_minute, unknown_per_minute, ..limits };
        let more = usize::from(self.is(F::LooksAtOneMore));
        let limits =
            limits.concurrency(if self.is(F::LooksAtOneOnly) { 1 } else { limits.concurrency + more });
        self.concurrency.store(limits.concurrency, Ordering::SeqCst);
        let handler: Arc<dyn Handler> = match self.fault {
            F::DoesNotPause => Arc::new(Restless { handler, pauses_all: false }),
            F::PausesAll => Arc::new(Restless { handler, pauses_all: true }),
            F::DoesNotTellTheEnd => Arc::new(Untold(handler)),
            F::CountsNoCopies => Arc::new(Disguised(handler, Arc::clone(&self.known))),
            _ => handler,
        };
        let (_never, never) = watch::channel(false);
        let stops = if self.is(F::GoesOnAfterTheStop) { never } else { stop.clone() };
        let sleep = Polling { time: self.time.clone(), interval: self.polls };
        let run = claims::run(Arc::new(self.clone()), handler, limits, Arc::new(sleep), stops);
        if self.is(F::CutsOffAtTheStop) {
            tokio::select! {
                () = run => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        } else {
            run.await;
        }
    }

    async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
        if self.is(F::LosesWhatIsAskedFor) {
            return Ok(());
        }
        let before = self.store.rows();
        self.store.enqueue(items.clone(), trigger).await?;
        if self.is(F::MixesUpTheLanes) {
            self.store.in_one_lane();
        }
        for (item, is_copy, _) in before.into_iter().filter(|(item, ..)| items.contains(item)) {
            match (self.fault, trigger) {
                (F::DoesNotHearThePasses, Trigger::Sweep) | (F::DoesNotHearThePersons, Trigger::ByHand) => {
                    self.store.spoil(&item, Spoiled::Unknown);
                }
                (F::LeavesWhatIsKnownAmongCopies, _) if is_copy => {
                    self.store.spoil(&item, Spoiled::AmongCopies);
                }
                (F::ObeysAPersonBeforeTheService, Trigger::ByHand) => {
                    self.store.spoil(&item, Spoiled::DueAtOnce);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Claims for Planted {
    async fn claim_due(&self, turns: &TenantTurns) -> Result<Due, StoreError> {
        if self.is(F::LooksAtCopiesFirst)
            && let Some(claim) = self.store.claim_last(turns).await?
        {
            return Ok(Due::Now(claim));
        }
        if let Some(claim) = self.again.lock().unwrap().take() {
            return Ok(Due::Now(claim));
        }
        if self.is(F::KeepsNoSlot)
            && self.running.lock().unwrap().len() >= self.concurrency.load(Ordering::SeqCst)
        {
            return Ok(Due::Later(None));
        }
        let by_name = turns.by_name();
        let turns = if self.is(F::ServesByName) { &by_name } else { turns };
        let mut due = self.store.claim_due(turns).await?;
        if let Due::Now(claim) = &due {
            let Item { tenant, subject } = &claim.item;
            let is_running = self
                .running
                .lock()
                .unwrap()
                .iter()
                .any(|other| other.subject == *subject && other.tenant != *tenant);
            let is_put_back = self.put_back.lock().unwrap().as_ref().is_some_and(|other| other != tenant);
            if self.is(F::LooksAtEqualIdsOneByOne) && is_running || self.is(F::PutsBackAll) && is_put_back {
                self.store.put_back(claim.clone(), Duration::from_secs(1000)).await?;
                return Ok(Due::Later(None));
            }
            self.running.lock().unwrap().insert(claim.item.clone());
        }
        if let Due::Now(claim) = &mut due
            && self.is(F::TakesWhatIsEarlyForBrought)
            && claim.early_of.is_some()
        {
            claim.trigger = Trigger::Notification;
        }
        if let Due::Now(claim) = &due {
            if self.is(F::HandsOutTwice) {
                *self.again.lock().unwrap() = Some(claim.clone());
            }
            if self.is(F::DropsWhatComesDuringALook) {
                self.known.lock().unwrap().insert(claim.item.clone());
            }
        }
        Ok(due)
    }

    async fn claim_last(&self, turns: &TenantTurns) -> Result<Option<Claim>, StoreError> {
        match self.store.claim_last(turns).await? {
            Some(claim) if self.is(F::DropsTheFifthCopy) && self.known(&claim.item) => {
                self.store.end(claim, Ending::Done).await?;
                Ok(None)
            }
            Some(claim) if self.is(F::CountsNoCopies) => {
                self.known.lock().unwrap().insert(claim.item.clone());
                Ok(Some(Claim { is_known: true, ..claim }))
            }
            claim => Ok(claim),
        }
    }

    async fn end(&self, claim: Claim, ending: Ending) -> Result<(), StoreError> {
        let now = || Setback::new("a fault", Duration::ZERO);
        self.known.lock().unwrap().remove(&claim.item);
        self.running.lock().unwrap().remove(&claim.item);
        let early_of = claim.early_of.filter(|_| !self.is(F::CountsWhatWasBroughtForward));
        let mut claim = Claim { early_of, ..claim };
        if self.is(F::TakesTheEndOfWhatHasLapsed) {
            self.store.take_for_held(&mut claim);
        }
        let ending = match (self.fault, ending) {
            (F::KeepsWhatIsDone, Ending::Done) => Ending::Again(now()),
            (F::LooksAtWhatIsParked, Ending::Park { .. }) => {
                Ending::Again(Setback::new("a fault", Duration::from_secs(1000)))
            }
            (F::LooksAgainAtOnce, Ending::Again(_)) => Ending::Again(now()),
            (F::ForgetsWhatTheServiceAsked, Ending::Again(setback)) => {
                Ending::Again(setback.asked(Duration::ZERO))
            }
            (F::CountsOutages, Ending::Again(setback)) if setback.outage.is_some() => {
                self.store.end(claim.clone(), Ending::Again(setback.clone())).await?;
                self.store.count_fault(&claim.item);
                return Ok(());
            }
            (F::LetsTheOthersTry, Ending::AgainWithAll(setback)) => Ending::Again(setback),
            (F::ForgetsWhatBreaksOff, Ending::Again(setback)) if setback.reason == "broken off" => {
                Ending::Done
            }
            (F::LooksOnceForEach, Ending::Done) => {
                let item = claim.item.clone();
                self.store.end(claim, Ending::Done).await?;
                let is_owed = {
                    let mut owed = self.owed.lock().unwrap();
                    let owed = owed.entry(item.clone()).or_default();
                    *owed = owed.saturating_sub(1);
                    *owed > 0
                };
                let more = if is_owed { vec![item] } else { Vec::new() };
                return self.store.enqueue(more, Trigger::Notification).await;
            }
            (F::ForgetsAnEndThatFailed, ending) => {
                self.store.end(claim, ending).await.ok();
                return Ok(());
            }
            (F::ForgetsWhatIsKnown, ending @ Ending::Again(_))
            | (F::ForgetsWhatIsKnownOnceParked, ending @ Ending::Park { .. }) => {
                let spoil =
                    if self.is(F::ForgetsWhatIsKnown) { Spoiled::Unknown } else { Spoiled::UnknownParked };
                self.store.end(claim.clone(), ending).await?;
                self.store.spoil(&claim.item, spoil);
                return Ok(());
            }
            (F::LetsNobodyBringForward, Ending::Again(setback)) => {
                self.known.lock().unwrap().insert(claim.item.clone());
                Ending::Again(setback)
            }
            (_, ending) => ending,
        };
        self.store.end(claim, ending).await
    }

    async fn put_back(&self, claim: Claim, wait: Duration) -> Result<(), StoreError> {
        let item = claim.item.clone();
        self.running.lock().unwrap().remove(&item);
        if !item.tenant.is_nameless() && !wait.is_zero() {
            *self.put_back.lock().unwrap() = Some(item.tenant.clone());
        }
        self.store.put_back(claim, wait).await?;
        if self.is(F::PutsBackForGood) {
            self.store.spoil(&item, Spoiled::PutBackForGood);
        }
        Ok(())
    }

    async fn is_over(&self, tenant: &Tenant, outage: &'static str) -> Result<(), StoreError> {
        match self.fault {
            F::KeepsOutagesOn => Ok(()),
            F::EndsTheOutagesOfAll => {
                for tenant in two_tenants() {
                    self.store.is_over(&tenant, outage).await?;
                }
                self.store.is_over(tenant, outage).await
            }
            _ => self.store.is_over(tenant, outage).await,
        }
    }

    async fn give_back(&self, running: Vec<Item>, wait: Duration) -> Result<(), StoreError> {
        self.store.give_back(running, wait).await
    }

    async fn forget_old(&self) -> Result<(), StoreError> {
        self.store.forget_old().await
    }

    async fn changed(&self) {
        match self.polls {
            Some(_) => std::future::pending().await,
            None => self.store.changed().await,
        }
    }

    fn now(&self) -> Timestamp {
        Claims::now(&self.store)
    }
}

struct Bench {
    fault: Fault,
    time: TestTime,
    store: Mutex<MemoryWork>,
    polls: Option<Duration>,
}

impl Bench {
    fn new(fault: Fault) -> Self {
        let time = TestTime::new();
        Self { fault, store: Mutex::new(MemoryWork::new(time.clone(), time.clone())), time, polls: None }
    }

    fn opened(&self, store: MemoryWork) -> OpenedWork {
        *self.store.lock().unwrap() = store.clone();
        if self.fault == F::LosesCommits {
            store.lose_commits(u32::MAX);
        }
        let planted = Planted {
            fault: self.fault,
            store,
            time: self.time.clone(),
            callbacks: Arc::default(),
            known: Arc::default(),
            again: Arc::default(),
            owed: Arc::default(),
            running: Arc::default(),
            concurrency: Arc::default(),
            put_back: Arc::default(),
            polls: self.polls,
        };
        OpenedWork { intake: Arc::new(planted.clone()), work: Arc::new(planted) }
    }
}

#[async_trait]
impl WorkBench for Bench {
    async fn open(&self) -> OpenedWork {
        self.opened(MemoryWork::new(self.time.clone(), self.time.clone()))
    }

    async fn reopen(&self) -> OpenedWork {
        let store = self.store.lock().unwrap().clone();
        let next = if self.fault == F::LosesClaims { store.clone() } else { store.crash() };
        if self.fault == F::KeepsThePaceOverAStart {
            for (item, _, until) in store.rows() {
                until.into_iter().for_each(|until| next.spoil(&item, Spoiled::Until(until)));
            }
        }
        self.opened(next)
    }

    async fn beside(&self) -> Option<OpenedWork> {
        let store = self.store.lock().unwrap().clone();
        if self.fault != F::KeepsWhatHasLapsed {
            store.lose_claims();
        }
        Some(self.opened(store.beside()))
    }

    async fn pass(&self, time: Duration) {
        self.time.pass(time);
    }

    fn moment(&self) -> Duration {
        self.polls.map_or(Duration::from_millis(60), |interval| interval * 2)
    }

    async fn is_of(&self, item: Item, candidate: CandidateId) {
        if self.fault != F::DoesNotKnowTheCandidates {
            let store = self.store.lock().unwrap();
            store.is_of(item.clone(), candidate);
            if self.fault == F::DoesNotHearTheLedger {
                store.spoil(&item, Spoiled::Unknown);
            }
        }
    }

    async fn is_read(&self, contract: ContractId) -> bool {
        if self.fault != F::DoesNotHearTheLooks {
            self.store.lock().unwrap().is_read(&contract.into(), true);
        }
        true
    }

    fn fail_next_commit(&self) -> bool {
        self.store.lock().unwrap().fail_commits(1);
        true
    }
}

/// On paused time: a look that must not come, and comes late on a machine that is busy, would else be noticed by a later rule.
#[tokio::test(start_paused = true)]
async fn each_fault_of_a_store_is_noticed() {
    let mut checks = JoinSet::new();
    for (fault, rule) in FAULTS {
        checks.spawn(async move {
            let noticed = work_conformance(&Bench::new(fault)).await.err().map(|noticed| noticed.rule);
            (fault, noticed, rule)
        });
    }
    while let Some(check) = checks.join_next().await {
        let (fault, noticed, rule) = check.unwrap();
        assert_eq!(noticed, Some(rule), "{fault:?}");
    }
}

#[test]
fn every_rule_has_a_fault_that_breaks_it() {
    let is_planted = |rule: &&WorkRule| FAULTS.iter().any(|(_, broken)| broken == *rule);
    let without: Vec<_> = WorkRule::ALL.iter().filter(|rule| !is_planted(rule)).collect();
    assert_eq!(without, [&WorkRule::NeverFails; 0]);
}

/// The faults that show in a look that must not come.
#[tokio::test(start_paused = true)]
async fn a_store_that_asks_every_second_what_is_due_is_found_as_well() {
    for (fault, rule) in [(F::KeepsWhatIsDone, WorkRule::HandsOut), (F::LooksAgainAtOnce, WorkRule::Waits)] {
        let bench = Bench { polls: Some(Duration::from_secs(1)), ..Bench::new(fault) };
        let noticed = work_conformance(&bench).await.err().map(|noticed| noticed.rule);
        assert_eq!(noticed, Some(rule), "{fault:?}");
    }
}
