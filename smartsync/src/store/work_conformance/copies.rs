//! Of what comes under one callback id.

use super::{WorkBench, WorkFault, WorkRule, at_work::AtWork, holds, item, seconds};
use crate::store::{
    intake::Accepted,
    lane::MAX_COUNTED,
    store_error::StoreError,
    work::{Ending, WorkLimits},
};

pub(super) async fn copies(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    for number in 1..=6 {
        bench.is_of(item(number), number.to_string().into()).await;
    }
    for number in 1..=6 {
        let accepted = store.intake.accept("copied", item(number)).await?;
        let expected = match number {
            1 => Accepted::New,
            _ => Accepted::SameId {
                contracts: u32::try_from(number).unwrap_or_default().min(MAX_COUNTED),
                is_last: number > 3,
            },
        };
        holds(accepted == expected, WorkRule::AlteredCopiesComeLast)?;
        bench.pass(seconds(1)).await;
    }
    store.intake.accept("genuine", item(7)).await?;
    let mut at_work = AtWork::start(bench, store, 1);
    for number in [1, 2, 3, 7, 4] {
        at_work.next_at(number, WorkRule::AlteredCopiesComeLast).await?.end(Ending::Done).await;
    }
    at_work.none(WorkRule::AlteredCopiesComeLast).await?;
    bench.pass(seconds(1)).await;
    at_work.next_at(5, WorkRule::AlteredCopiesComeLast).await?.end(Ending::Done).await;
    at_work.none(WorkRule::AlteredCopiesComeLast).await?;
    // What a genuine notification names is not last any more.
    at_work.accept("genuine too", 6).await?;
    at_work.next_at(6, WorkRule::AlteredCopiesComeLast).await?.end(Ending::Done).await;
    at_work.none(WorkRule::AlteredCopiesComeLast).await
}

pub(super) async fn copies_of_unknown(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    bench.is_of(item(2), "4711".into()).await;
    for number in 1..=4 {
        let accepted = store.intake.accept("copied", item(number)).await?;
        let is_last = matches!(accepted, Accepted::SameId { is_last: true, .. });
        holds(is_last == (number > 2), WorkRule::AlteredCopiesComeLast)?;
        bench.pass(seconds(1)).await;
    }
    store.intake.accept("genuine", item(6)).await?;
    let mut at_work = AtWork::start(bench, store, 1);
    for number in [1, 2, 6, 3] {
        let look = at_work.next_at(number, WorkRule::AlteredCopiesComeLast).await?;
        holds(look.turn.is_known == (number == 2), WorkRule::AlteredCopiesComeLast)?;
        look.end(Ending::Done).await;
    }
    at_work.none(WorkRule::AlteredCopiesComeLast).await
}

pub(super) async fn many_copies(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    for number in 1..=1000 {
        store.intake.accept("copied", item(number)).await?;
    }
    for _ in 0..2 {
        let beyond = store.intake.accept("copied", item(1001)).await;
        holds(matches!(beyond, Err(StoreError::TooManyUnderOneId)), WorkRule::BoundsCopies)?;
    }
    holds(store.intake.accept("copied", item(1000)).await? == Accepted::Duplicate, WorkRule::KnowsRepeats)?;
    let genuine = store.intake.accept("genuine", item(1001)).await?;
    holds(genuine == Accepted::New, WorkRule::BoundsCopies)
}

/// They are among what only notifications speak of.
pub(super) async fn copies_in_the_pace(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let limits = WorkLimits { unknown_per_minute: 3, ..WorkLimits::default().concurrency(1) };
    let mut at_work = AtWork::within(bench, bench.open().await, limits);
    for (callback_id, number) in [("altered", 1), ("altered", 2), ("genuine", 3)] {
        at_work.accept(callback_id, number).await?;
        at_work.next_at(number, WorkRule::HandsOut).await?.end(Ending::Done).await;
    }
    at_work.accept("one too many", 4).await?;
    at_work.are_put_back(&[4], WorkRule::KeepsThePaceOfUnknown).await?;
    at_work.accept("altered", 5).await?;
    bench.pass(seconds(2)).await;
    at_work.none(WorkRule::KeepsThePaceOfUnknown).await?;
    bench.pass(seconds(60)).await;
    for number in [4, 5] {
        at_work.next_at(number, WorkRule::KeepsThePaceOfUnknown).await?.end(Ending::Done).await;
    }
    at_work.none(WorkRule::KeepsThePaceOfUnknown).await
}
