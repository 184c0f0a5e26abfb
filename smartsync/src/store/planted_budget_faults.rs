//! The conformance check of a shared budget notices each fault that one may have.

#![cfg(feature = "test-util")]
#![expect(clippy::wildcard_enum_match_arm, reason = "each step has a few of the faults")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{Grant, Report, SharedBudget, SharedBudgetError, SharedWindow};
use tokio::task;

use super::{
    budget_conformance::{BudgetBench, BudgetRule, budget_conformance},
    memory_bench::MemoryBench,
};

/// What is wrong with a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    GivesTwice,
    GivesSpareAlways,
    KeepsTheForgotten,
    HasOneForEachProcess,
    HasOneForAllKeys,
    ForgetsWhatIsOut,
    NeverForgetsWhatIsOut,
    ForgetsWhatWasSent,
    CountsFromTheReport,
    LeavesEverything,
    TakesEverything,
    LosesWhatIsKept,
    ForgetsToClose,
    ClosesForLess,
    TheLastCloses,
    SeesNoOthers,
    AddsWhatWasSeen,
    SaysNever,
    SaysAtOnce,
    CountsOne,
    NobodyLeaves,
    ReadsAndWritesApart,
    Fails,
}

use Fault as F;

const FAULTS: [(Fault, BudgetRule); 23] = [
    (F::Fails, BudgetRule::NeverFails),
    (F::GivesTwice, BudgetRule::KeepsTheLimit),
    (F::GivesSpareAlways, BudgetRule::KeepsTheLimit),
    (F::KeepsTheForgotten, BudgetRule::KeepsTheLimit),
    (F::HasOneForEachProcess, BudgetRule::IsOne),
    (F::HasOneForAllKeys, BudgetRule::EachKeyItsOwn),
    (F::ForgetsWhatIsOut, BudgetRule::CountsWhatIsOut),
    (F::NeverForgetsWhatIsOut, BudgetRule::CountsWhatIsOut),
    (F::ForgetsWhatWasSent, BudgetRule::CountsFromSending),
    (F::CountsFromTheReport, BudgetRule::CountsFromSending),
    (F::LeavesEverything, BudgetRule::TakesBack),
    (F::TakesEverything, BudgetRule::TakesBack),
    (F::LosesWhatIsKept, BudgetRule::LeavesWhatIsKept),
    (F::ForgetsToClose, BudgetRule::ClosesForAll),
    (F::ClosesForLess, BudgetRule::ClosesForAll),
    (F::TheLastCloses, BudgetRule::ClosesForAll),
    (F::SeesNoOthers, BudgetRule::NotesOthers),
    (F::AddsWhatWasSeen, BudgetRule::NotesOthers),
    (F::SaysNever, BudgetRule::SaysWhen),
    (F::SaysAtOnce, BudgetRule::SaysWhen),
    (F::CountsOne, BudgetRule::CountsProcesses),
    (F::NobodyLeaves, BudgetRule::LetsLeave),
    (F::ReadsAndWritesApart, BudgetRule::IsOneAfterTheOther),
];

/// What all processes of a key have.
#[derive(Debug, Default)]
struct Key {
    window: SharedWindow,
    /// When each process has last reported.
    reported: BTreeMap<u64, Duration>,
    /// What the last process has told that was told anything.
    closed_until: Duration,
}

/// A budget with a fault.
#[derive(Clone, Debug)]
struct Planted {
    fault: Fault,
    key: Arc<Mutex<Key>>,
    now: Arc<Mutex<Duration>>,
}

impl Planted {
    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// The report as it is taken.
    fn taken(&self, mut report: Report, key: &mut Key, now: Duration) -> Report {
        let is_late = |limit: u64| {
            let since = |at: &Duration| now.saturating_sub(*at);
            key.reported.get(&report.member).is_some_and(|at| since(at) > Duration::from_secs(limit))
        };
        match self.fault {
            F::GivesTwice => report.requests *= 2,
            F::GivesSpareAlways => report.wants += report.spare,
            F::ForgetsWhatWasSent => report.sent.clear(),
            F::CountsFromTheReport => report.sent.fill(Duration::ZERO),
            F::LeavesEverything => report.keeps = usize::MAX,
            F::TakesEverything => report.keeps = 0,
            F::LosesWhatIsKept if is_late(3) => report.keeps = 0,
            F::ForgetsToClose => report.closed_for = Duration::ZERO,
            F::ClosesForLess => report.closed_for /= 2,
            F::TheLastCloses => {
                if !report.closed_for.is_zero() {
                    key.closed_until = now + report.closed_for;
                }
                report.closed_for = Duration::ZERO;
            }
            F::SeesNoOthers => report.seen = None,
            F::AddsWhatWasSeen => {
                let seen = report.seen.take().map_or(0, |seen| seen.requests);
                report.sent.extend(vec![Duration::ZERO; seen]);
            }
            F::NobodyLeaves => report.leaves = false,
            _ => {}
        }
        report
    }

    /// Has the processes that did not report for a while keep nothing, or everything.
    fn meddle(&self, report: &Report, key: &mut Key, now: Duration) {
        let members: Vec<_> = key.reported.iter().map(|(member, at)| (*member, *at)).collect();
        for (member, at) in members.into_iter().filter(|(member, _)| *member != report.member) {
            let mut meddled = Report::new(member, report.requests, report.period);
            meddled.keeps = usize::MAX;
            meddled.leaves = self.is(F::ForgetsWhatIsOut);
            let is_due = self.is(F::NeverForgetsWhatIsOut) || now.saturating_sub(at) > Duration::from_secs(8);
            if is_due {
                let _grant = key.window.exchange(now, &meddled);
            }
        }
    }
}

#[async_trait]
impl SharedBudget for Planted {
    async fn exchange(&self, report: &Report) -> Result<Grant, SharedBudgetError> {
        if self.is(F::Fails) {
            return Err(SharedBudgetError::new("a fault"));
        }
        let now = *self.now.lock().unwrap();
        if self.is(F::ReadsAndWritesApart) {
            let mut window = self.key.lock().unwrap().window.clone();
            let grant = window.exchange(now, report);
            task::yield_now().await;
            self.key.lock().unwrap().window = window;
            return Ok(grant);
        }
        let mut key = self.key.lock().unwrap();
        let taken = self.taken(report.clone(), &mut key, now);
        if self.is(F::ForgetsWhatIsOut) || self.is(F::NeverForgetsWhatIsOut) {
            self.meddle(&taken, &mut key, now);
        }
        let mut grant = key.window.exchange(now, &taken);
        key.reported.insert(report.member, now);
        match self.fault {
            F::KeepsTheForgotten => grant.kept = report.keeps,
            F::SaysNever => grant.free_in = Duration::from_secs(3_600),
            F::SaysAtOnce => grant.free_in = Duration::ZERO,
            F::CountsOne => grant.members = 1,
            F::TheLastCloses if key.closed_until > now => {
                grant.granted = 0;
                grant.closed_for = key.closed_until - now;
            }
            _ => {}
        }
        Ok(grant)
    }
}

struct Bench {
    fault: Fault,
    opened: Mutex<Arc<Mutex<Key>>>,
    now: Arc<Mutex<Duration>>,
}

impl Bench {
    fn new(fault: Fault) -> Self {
        let now = Duration::from_secs(1_900_000_000);
        Self { fault, opened: Mutex::default(), now: Arc::new(Mutex::new(now)) }
    }

    fn budget(&self, key: Arc<Mutex<Key>>) -> Arc<dyn SharedBudget> {
        Arc::new(Planted { fault: self.fault, key, now: Arc::clone(&self.now) })
    }
}

#[async_trait]
impl BudgetBench for Bench {
    async fn open(&self) -> Arc<dyn SharedBudget> {
        let mut opened = self.opened.lock().unwrap();
        if self.fault != F::HasOneForAllKeys {
            *opened = Arc::default();
        }
        self.budget(Arc::clone(&opened))
    }

    async fn again(&self) -> Arc<dyn SharedBudget> {
        let key = match self.fault {
            F::HasOneForEachProcess => Arc::default(),
            _ => Arc::clone(&self.opened.lock().unwrap()),
        };
        self.budget(key)
    }

    async fn pass(&self, time: Duration) {
        *self.now.lock().unwrap() += time;
    }
}

#[tokio::test]
async fn each_fault_of_a_shared_budget_is_noticed() {
    for (fault, rule) in FAULTS {
        let noticed = budget_conformance(&Bench::new(fault)).await.err().map(|noticed| noticed.rule);
        assert_eq!(noticed, Some(rule), "{fault:?}");
    }
}

#[test]
fn every_rule_of_a_shared_budget_has_a_fault_that_breaks_it() {
    for rule in BudgetRule::ALL {
        assert!(FAULTS.iter().any(|(_, broken)| broken == rule), "{rule}");
    }
}

#[tokio::test]
async fn a_shared_budget_without_a_fault_passes() {
    budget_conformance(&MemoryBench::new()).await.unwrap();
}
