//! What every store must do that keeps a rate limit for several processes, as a check that its author runs.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use smartsync_transport::{Grant, PERMIT_VALIDITY, Report, SeenUse, SharedBudget, SharedBudgetError};
use tokio::task::JoinSet;

use super::conformance_rules::rules;

rules! {
    /// A rule of [`SharedBudget`]. `Display` is its sentence.
    BudgetRule,
    /// The rule that a shared budget breaks.
    #[error("the shared budget breaks a rule: {rule}")]
    BudgetFault:
    NeverFails = "no exchange fails while the store works",
    KeepsTheLimit = "no more permits are given than the limit has places, and all of them are",
    IsOne = "all processes that use a key have one budget",
    EachKeyItsOwn = "another key has another budget",
    CountsWhatIsOut = "a permit that is out counts for as long as it can be used, and for a period from then on",
    CountsFromSending = "a request counts for a period from when it was sent",
    TakesBack = "a permit that was neither used nor kept is free at once",
    LeavesWhatIsKept = "a permit that a process keeps stays its own as long as it counts",
    ClosesForAll = "what a service has asked for holds for all processes, until it is over",
    NotesOthers = "what the service has counted beyond the requests of all processes was used by others, and is gone",
    SaysWhen = "a process that gets fewer permits than it wants is told when one can be free",
    CountsProcesses = "each process is told how many there are",
    LetsLeave = "who leaves has no permits and is no longer counted",
    IsOneAfterTheOther = "of exchanges at the same time each sees the others",
}

/// A store with a shared budget on a bench.
#[async_trait]
pub trait BudgetBench: Send + Sync {
    /// The budget of a key that nobody has used yet, as one process has it.
    async fn open(&self) -> Arc<dyn SharedBudget>;

    /// The budget that was opened last, as another process has it.
    async fn again(&self) -> Arc<dyn SharedBudget>;

    /// Lets time pass for the store.
    async fn pass(&self, time: Duration);
}

/// Checks a shared budget against every rule of [`SharedBudget`], in a test of its author's.
///
/// # Errors
///
/// [`BudgetFault`] names the first rule that is broken.
///
/// ```
/// use smartsync::store::{MemoryBench, budget_conformance};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// budget_conformance(&MemoryBench::new()).await
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn budget_conformance(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    each_key_its_own(bench).await?;
    keeps_the_limit(bench).await?;
    is_one(bench).await?;
    takes_back(bench).await?;
    counts_what_is_out(bench).await?;
    leaves_what_is_kept(bench).await?;
    counts_from_sending(bench).await?;
    closes_for_all(bench).await?;
    notes_others(bench).await?;
    says_when(bench).await?;
    lets_leave(bench).await?;
    is_one_after_the_other(bench).await
}

const REQUESTS: usize = 20;
const PERIOD: Duration = Duration::from_secs(10);

/// Clocks and wires may differ so much.
const NEARLY: Duration = Duration::from_secs(1);

fn holds(holds: bool, rule: BudgetRule) -> Result<(), BudgetFault> {
    if holds { Ok(()) } else { Err(rule.into()) }
}

impl From<SharedBudgetError> for BudgetFault {
    fn from(_: SharedBudgetError) -> Self {
        BudgetRule::NeverFails.into()
    }
}

/// The report of a process that wants so many permits and has none.
fn wants(member: u64, wants: usize) -> Report {
    let mut report = Report::new(member, REQUESTS, PERIOD);
    report.wants = wants;
    report
}

async fn granted(budget: &dyn SharedBudget, member: u64, wanted: usize) -> Result<usize, BudgetFault> {
    Ok(budget.exchange(&wants(member, wanted)).await?.granted)
}

/// How many places are left: asked for, and given back.
async fn left(budget: &dyn SharedBudget) -> Result<usize, BudgetFault> {
    const ASKING: u64 = 99;
    let granted = granted(budget, ASKING, REQUESTS).await?;
    leave(budget, ASKING).await?;
    Ok(granted)
}

async fn leave(budget: &dyn SharedBudget, member: u64) -> Result<Grant, BudgetFault> {
    let mut report = wants(member, 0);
    report.leaves = true;
    Ok(budget.exchange(&report).await?)
}

/// A process has sent so many requests a moment ago.
async fn send(
    budget: &dyn SharedBudget,
    member: u64,
    requests: usize,
    ago: Duration,
) -> Result<(), BudgetFault> {
    let mut report = wants(member, 0);
    report.sent = vec![ago; requests];
    budget.exchange(&report).await?;
    Ok(())
}

async fn keeps_the_limit(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    let first = granted(&*budget, 1, 15).await?;
    let second = granted(&*budget, 2, 15).await?;
    let third = granted(&*budget, 3, 1).await?;
    holds((first, second, third) == (15, 5, 0), BudgetRule::KeepsTheLimit)?;
    // What is spare is given only where there is plenty.
    let budget = bench.open().await;
    let mut report = wants(1, 1);
    report.spare = 3;
    holds(budget.exchange(&report).await?.granted == 4, BudgetRule::KeepsTheLimit)?;
    granted(&*budget, 2, 10).await?;
    report.member = 3;
    holds(budget.exchange(&report).await?.granted == 1, BudgetRule::KeepsTheLimit)
}

async fn is_one(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let one = bench.open().await;
    granted(&*one, 1, 15).await?;
    let other = bench.again().await;
    let second = other.exchange(&wants(2, 15)).await?;
    holds(second.granted == 5, BudgetRule::IsOne)?;
    holds(second.members == 2, BudgetRule::CountsProcesses)
}

async fn each_key_its_own(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let one = bench.open().await;
    granted(&*one, 1, 5).await?;
    let other = bench.open().await;
    holds(granted(&*other, 1, REQUESTS).await? == REQUESTS, BudgetRule::EachKeyItsOwn)?;
    // The first one is still what it was.
    holds(granted(&*one, 2, 15).await? == 15, BudgetRule::EachKeyItsOwn)
}

async fn takes_back(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    granted(&*budget, 1, 15).await?;
    let mut report = wants(1, 0);
    report.keeps = 2;
    budget.exchange(&report).await?;
    holds(left(&*budget).await? == REQUESTS - 2, BudgetRule::TakesBack)
}

async fn leaves_what_is_kept(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    granted(&*budget, 1, 4).await?;
    let mut report = wants(1, 0);
    report.keeps = 4;
    // As long as it is kept, it is good: also long after it was given.
    for _ in 0..3 {
        bench.pass(PERIOD / 2).await;
        holds(budget.exchange(&report).await?.kept == 4, BudgetRule::LeavesWhatIsKept)?;
        holds(left(&*budget).await? == REQUESTS - 4, BudgetRule::LeavesWhatIsKept)?;
    }
    // One that no longer counts may have gone to somebody else.
    bench.pass(PERIOD + PERMIT_VALIDITY + NEARLY).await;
    granted(&*budget, 2, REQUESTS).await?;
    holds(budget.exchange(&report).await?.kept == 0, BudgetRule::KeepsTheLimit)
}

async fn counts_what_is_out(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    // It is never heard of again.
    granted(&*budget, 1, 7).await?;
    bench.pass(PERIOD).await;
    holds(left(&*budget).await? == REQUESTS - 7, BudgetRule::CountsWhatIsOut)?;
    bench.pass(PERMIT_VALIDITY + NEARLY).await;
    holds(left(&*budget).await? == REQUESTS, BudgetRule::CountsWhatIsOut)
}

async fn counts_from_sending(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    granted(&*budget, 1, 7).await?;
    bench.pass(PERIOD / 2).await;
    send(&*budget, 1, 7, Duration::from_secs(4)).await?;
    holds(left(&*budget).await? == REQUESTS - 7, BudgetRule::CountsFromSending)?;
    bench.pass(Duration::from_secs(6) - NEARLY).await;
    holds(left(&*budget).await? == REQUESTS - 7, BudgetRule::CountsFromSending)?;
    bench.pass(NEARLY * 2).await;
    holds(left(&*budget).await? == REQUESTS, BudgetRule::CountsFromSending)
}

async fn closes_for_all(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    let other = bench.again().await;
    let mut report = wants(1, 0);
    report.closed_for = Duration::from_secs(30);
    budget.exchange(&report).await?;
    let told = other.exchange(&wants(2, 3)).await?;
    let is_told = |told: Duration, by: u64| told.abs_diff(Duration::from_secs(by)) < NEARLY;
    holds(told.granted == 0 && is_told(told.closed_for, 30), BudgetRule::ClosesForAll)?;
    // A shorter wait that somebody else tells of changes nothing.
    report.closed_for = Duration::from_secs(5);
    other.exchange(&report).await?;
    bench.pass(Duration::from_secs(20)).await;
    let told = other.exchange(&wants(2, 3)).await?;
    holds(told.granted == 0 && is_told(told.closed_for, 10), BudgetRule::ClosesForAll)?;
    bench.pass(Duration::from_secs(11)).await;
    let told = other.exchange(&wants(2, 3)).await?;
    holds(told.granted == 3 && told.closed_for.is_zero(), BudgetRule::ClosesForAll)
}

async fn notes_others(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    send(&*budget, 1, 3, Duration::ZERO).await?;
    granted(&*budget, 2, 2).await?;
    let seen = |requests| {
        let mut report = wants(1, 0);
        report.seen = Some(SeenUse { requests, ago: Duration::ZERO });
        report
    };
    // What the second process has may have been used.
    budget.exchange(&seen(5)).await?;
    holds(left(&*budget).await? == REQUESTS - 5, BudgetRule::NotesOthers)?;
    budget.exchange(&seen(12)).await?;
    budget.exchange(&seen(12)).await?;
    holds(left(&*budget).await? == REQUESTS - 12, BudgetRule::NotesOthers)?;
    bench.pass(PERIOD + PERMIT_VALIDITY + NEARLY).await;
    holds(left(&*budget).await? == REQUESTS, BudgetRule::NotesOthers)
}

async fn says_when(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    send(&*budget, 1, 5, Duration::from_secs(6)).await?;
    send(&*budget, 1, 15, Duration::from_secs(2)).await?;
    let told = budget.exchange(&wants(2, 4)).await?;
    let is_told = |told: Duration, by: u64| told.abs_diff(Duration::from_secs(by)) < NEARLY;
    holds(told.granted == 0 && is_told(told.free_in, 4), BudgetRule::SaysWhen)?;
    bench.pass(Duration::from_secs(4) + NEARLY / 2).await;
    let told = budget.exchange(&wants(2, 8)).await?;
    holds(told.granted == 5, BudgetRule::CountsFromSending)?;
    let till_then = PERIOD - Duration::from_secs(2 + 4) - NEARLY / 2;
    holds(told.free_in.abs_diff(till_then) < NEARLY, BudgetRule::SaysWhen)
}

async fn lets_leave(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let budget = bench.open().await;
    granted(&*budget, 1, 15).await?;
    let told = leave(&*budget, 1).await?;
    holds(told.kept == 0 && told.granted == 0, BudgetRule::LetsLeave)?;
    let told = budget.exchange(&wants(2, REQUESTS)).await?;
    holds(told.granted == REQUESTS && told.members == 1, BudgetRule::LetsLeave)
}

async fn is_one_after_the_other(bench: &dyn BudgetBench) -> Result<(), BudgetFault> {
    let one = bench.open().await;
    let ways = [one, bench.again().await];
    let mut all = JoinSet::new();
    for member in 1..=16 {
        let budget = Arc::clone(&ways[usize::try_from(member % 2).unwrap_or_default()]);
        all.spawn(async move { budget.exchange(&wants(member, 2)).await });
    }
    let (mut given, mut counts) = (0, BTreeSet::new());
    while let Some(answer) = all.join_next().await {
        let Ok(answer) = answer else { return Err(BudgetRule::NeverFails.into()) };
        let answer = answer?;
        given += answer.granted;
        counts.insert(answer.members);
    }
    holds(given == REQUESTS && counts.len() == 16, BudgetRule::IsOneAfterTheOther)
}
