//! How often what notifications bring is looked at.

use std::collections::BTreeSet;

use super::{WorkBench, WorkFault, WorkRule, at_work::AtWork, holds, item, seconds};
use crate::store::{
    journal::Trigger,
    work::{Ending, WorkLimits},
};

pub(super) async fn pace(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let allowed = WorkLimits::default().looks_per_minute;
    for look in 0..allowed {
        at_work.accept(&look.to_string(), 1).await?;
        at_work.next_at(1, WorkRule::KeepsThePace).await?.end(Ending::Done).await;
    }
    at_work.accept("one", 1).await?;
    at_work.are_put_back(&[1], WorkRule::KeepsThePace).await?;
    at_work.accept("more", 1).await?;
    at_work.none(WorkRule::KeepsThePace).await?;
    at_work.accept("another", 2).await?;
    at_work.next_at(2, WorkRule::KeepsThePace).await?.end(Ending::Done).await;
    bench.pass(seconds(61)).await;
    at_work.next_at(1, WorkRule::KeepsThePace).await?.end(Ending::Done).await;
    at_work.none(WorkRule::Absorbs).await
}

pub(super) async fn pace_of_unknown(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    let known = 1000;
    bench.is_of(item(known), "4711".into()).await;
    let allowed = 4;
    let limits = WorkLimits {
        unknown_per_minute: u32::try_from(allowed).unwrap_or_default(),
        ..WorkLimits::default().concurrency(1)
    };
    let mut at_work = AtWork::within(bench, store, limits);
    for number in 0..allowed {
        at_work.accept(&number.to_string(), number).await?;
        at_work.next_at(number, WorkRule::KeepsThePaceOfUnknown).await?.end(Ending::Done).await;
    }
    let beyond = [4, 5, 6, 7];
    for number in beyond {
        at_work.accept(&number.to_string(), number).await?;
    }
    at_work.are_put_back(&beyond, WorkRule::KeepsThePaceOfUnknown).await?;
    at_work.accept("again", 4).await?;
    at_work.none(WorkRule::KeepsThePaceOfUnknown).await?;
    // What is known, and what somebody asks for, does not wait for that.
    at_work.accept("known", known).await?;
    at_work.next_at(known, WorkRule::KeepsThePaceOfUnknown).await?.end(Ending::Done).await;
    for (number, trigger) in [(2000, Trigger::Sweep), (2001, Trigger::ByHand)] {
        at_work.store.work.enqueue(vec![item(number)], trigger).await?;
        at_work.next_at(number, WorkRule::KeepsThePaceOfUnknown).await?.end(Ending::Done).await;
    }
    // Nor does what waits for it already.
    for (number, trigger) in [(4, Trigger::ByHand), (5, Trigger::Sweep)] {
        at_work.store.work.enqueue(vec![item(number)], trigger).await?;
        at_work.next_at(number, WorkRule::DueOnceKnown).await?.end(Ending::Done).await;
    }
    bench.is_of(item(6), "4712".into()).await;
    // Whoever writes to the ledger may wake nobody.
    at_work.accept("known too", known).await?;
    let mut due = BTreeSet::new();
    for _ in 0..2 {
        let look = at_work.next(WorkRule::DueOnceKnown).await?;
        due.insert(look.turn.item.clone());
        look.end(Ending::Done).await;
    }
    holds(due == BTreeSet::from([item(known), item(6)]), WorkRule::DueOnceKnown)?;
    at_work.none(WorkRule::KeepsThePaceOfUnknown).await?;
    bench.pass(seconds(61)).await;
    at_work.next_at(7, WorkRule::KeepsThePaceOfUnknown).await?.end(Ending::Done).await;
    for number in [8, 9, 10] {
        at_work.accept(&number.to_string(), number).await?;
        at_work.next_at(number, WorkRule::KeepsThePaceOfUnknown).await?.end(Ending::Done).await;
    }
    at_work.accept("before the start", 11).await?;
    at_work.are_put_back(&[11], WorkRule::KeepsThePaceOfUnknown).await?;
    drop(at_work);
    let mut at_work = AtWork::within(bench, bench.reopen().await, limits);
    at_work.next_at(11, WorkRule::StartsThePaceAnew).await?.end(Ending::Done).await;
    at_work.none(WorkRule::KeepsThePaceOfUnknown).await
}
