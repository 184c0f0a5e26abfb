//! By what an item becomes known, and what that changes.

use oneflow_client::ContractId;

use super::{WorkBench, WorkFault, WorkRule, at_work::AtWork, holds, item, seconds};
use crate::store::{journal::Trigger, setback::Setback, work::Ending};

pub(super) async fn known(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    by_a_pass(bench).await?;
    by_a_person(bench).await?;
    by_the_ledger(bench).await?;
    by_a_look(bench).await?;
    stays_known(bench).await?;
    leaves_the_copies(bench).await
}

/// A store in which a notification has named item 1, whose look has failed.
async fn named_by_a_notification(bench: &dyn WorkBench, setback: Setback) -> Result<AtWork, WorkFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    at_work.accept("one", 1).await?;
    let look = at_work.next_at(1, WorkRule::HandsOut).await?;
    holds(!look.turn.is_known, WorkRule::AlteredCopiesComeLast)?;
    look.end(Ending::Again(setback)).await;
    at_work.none(WorkRule::Waits).await?;
    Ok(at_work)
}

fn failed() -> Setback {
    Setback::new("a failure", seconds(600))
}

/// The next look is at item 1, which is known.
async fn is_known(at_work: &mut AtWork, rule: WorkRule) -> Result<(), WorkFault> {
    let look = at_work.next_at(1, rule).await?;
    holds(look.turn.is_known, rule)?;
    look.end(Ending::Done).await;
    Ok(())
}

async fn by_a_pass(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = named_by_a_notification(bench, failed()).await?;
    at_work.store.work.enqueue(vec![item(1)], Trigger::Sweep).await?;
    // It has not changed for that.
    at_work.none(WorkRule::Waits).await?;
    bench.pass(seconds(601)).await;
    is_known(&mut at_work, WorkRule::KnownByAPass).await
}

async fn by_a_person(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let asked = failed().asked(seconds(300));
    let mut at_work = named_by_a_notification(bench, asked).await?;
    at_work.store.work.enqueue(vec![item(1)], Trigger::ByHand).await?;
    bench.pass(seconds(290)).await;
    at_work.none(WorkRule::NeverBeforeAsked).await?;
    bench.pass(seconds(11)).await;
    is_known(&mut at_work, WorkRule::KnownByAPerson).await
}

async fn by_the_ledger(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = named_by_a_notification(bench, failed()).await?;
    bench.is_of(item(1), "4711".into()).await;
    bench.pass(seconds(601)).await;
    is_known(&mut at_work, WorkRule::KnownByTheLedger).await?;
    at_work.accept("two", 1).await?;
    is_known(&mut at_work, WorkRule::KnownByTheLedger).await
}

async fn by_a_look(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = named_by_a_notification(bench, failed()).await?;
    if !bench.is_read(ContractId::new(1)).await {
        return Ok(());
    }
    bench.pass(seconds(601)).await;
    is_known(&mut at_work, WorkRule::KnownByALook).await?;
    at_work.accept("two", 1).await?;
    is_known(&mut at_work, WorkRule::KnownByALook).await
}

async fn stays_known(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = named_by_a_notification(bench, failed()).await?;
    at_work.store.work.enqueue(vec![item(1)], Trigger::Sweep).await?;
    bench.pass(seconds(601)).await;
    at_work.next_at(1, WorkRule::Waits).await?.end(Ending::Again(failed())).await;
    bench.pass(seconds(601)).await;
    let look = at_work.next_at(1, WorkRule::Waits).await?;
    holds(look.turn.is_known, WorkRule::StaysKnown)?;
    look.end(Ending::Park { reason: "a reason".to_owned() }).await;
    at_work.accept("two", 1).await?;
    let look = at_work.next_at(1, WorkRule::ParksOnce).await?;
    holds(look.turn.is_known, WorkRule::StaysKnown)?;
    drop((at_work, look));
    let mut at_work = AtWork::start(bench, bench.reopen().await, 1);
    let look = at_work.next_at(1, WorkRule::SurvivesACrash).await?;
    holds(look.turn.is_known, WorkRule::StaysKnown)
}

async fn leaves_the_copies(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    for number in 1..=4 {
        store.intake.accept("altered", item(number)).await?;
        bench.pass(seconds(1)).await;
    }
    bench.is_of(item(3), "4711".into()).await;
    store.work.enqueue(vec![item(4)], Trigger::Sweep).await?;
    let mut at_work = AtWork::start(bench, store, 1);
    for number in [1, 3, 4, 2] {
        let look = at_work.next_at(number, WorkRule::LeavesTheCopies).await?;
        holds(look.turn.is_known == (number > 2), WorkRule::LeavesTheCopies)?;
        look.end(Ending::Done).await;
    }
    Ok(())
}
