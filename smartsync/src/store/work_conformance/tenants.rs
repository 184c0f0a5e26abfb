//! Several tenants beside each other.

use std::collections::BTreeSet;

use oneflow_client::ContractId;

use super::{WorkBench, WorkFault, WorkRule, at_work::AtWork, holds, seconds};
use crate::store::{
    intake::Accepted,
    item::{Item, Subject},
    setback::Setback,
    tenant::Tenant,
    work::{Ended, Ending, WorkLimits},
};

/// Two tenants beside each other.
pub(in crate::store) fn two_tenants() -> [Tenant; 2] {
    ["north", "south"].map(|name| name.parse().unwrap_or_default())
}

/// An item of each.
fn of_two(number: i64) -> [Item; 2] {
    two_tenants().map(|tenant| Item::of(tenant, Subject::Contract(ContractId::new(number))))
}

pub(super) async fn tenants(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    apart(bench).await?;
    in_turn(bench).await?;
    slots(bench).await?;
    outages(bench).await?;
    pauses(bench).await?;
    pace(bench).await
}

async fn accept(at_work: &AtWork, callback_id: &str, item: &Item) -> Result<Accepted, WorkFault> {
    Ok(at_work.store.intake.accept(callback_id, item.clone()).await?)
}

async fn apart(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    for item in of_two(1).into_iter().chain(of_two(2)) {
        bench.is_of(item, "4711".into()).await;
    }
    let mut at_work = AtWork::start(bench, store, 4);
    for item in of_two(1) {
        holds(accept(&at_work, "one", &item).await? == Accepted::New, WorkRule::TenantsApart)?;
    }
    let looks = [at_work.next(WorkRule::TenantsApart).await?, at_work.next(WorkRule::TenantsApart).await?];
    let items = BTreeSet::from([&looks[0], &looks[1]].map(|look| look.turn.item.clone()));
    holds(items == BTreeSet::from(of_two(1)), WorkRule::TenantsApart)?;
    // The other contract of the candidate waits for the look at the first one, and that is the candidate's of the same tenant.
    let [north, south] = of_two(2);
    accept(&at_work, "two", &south).await?;
    at_work.none(WorkRule::OneOfACandidate).await?;
    let (of_south, of_north): (Vec<_>, Vec<_>) =
        looks.into_iter().partition(|look| look.turn.item.tenant == south.tenant);
    for look in of_south {
        look.end(Ending::Park { reason: "a reason".to_owned() }).await;
    }
    at_work.next_item(&south, WorkRule::TenantsApart).await?.end(Ending::Done).await;
    accept(&at_work, "two", &north).await?;
    at_work.none(WorkRule::OneOfACandidate).await?;
    for look in of_north {
        look.end(Ending::Done).await;
    }
    at_work.next_item(&north, WorkRule::TenantsApart).await?.end(Ending::Done).await;
    at_work.none(WorkRule::TenantsApart).await
}

async fn in_turn(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let store = bench.open().await;
    let [north, south] = two_tenants();
    // What one has waits longer.
    for tenant in [&north, &south] {
        for number in 0..8 {
            let item = Item::of(tenant.clone(), Subject::Contract(ContractId::new(number)));
            store.intake.accept(&number.to_string(), item).await?;
            bench.pass(seconds(1)).await;
        }
    }
    let mut at_work = AtWork::start(bench, store, 3);
    let mut looks = Vec::new();
    for _ in 0..3 {
        looks.push(at_work.next(WorkRule::TenantsInTurn).await?);
    }
    at_work.none(WorkRule::TenantsInTurn).await?;
    // North had two turns, south one.
    looks.sort_by_key(|look| look.turn.item.clone());
    for expected in [&south, &north, &south, &north] {
        let place = looks.iter().position(|look| look.turn.item.tenant != *expected);
        looks.remove(place.ok_or(WorkRule::TenantsInTurn)?).end(Ending::Done).await;
        let next = at_work.next(WorkRule::TenantsInTurn).await?;
        holds(next.turn.item.tenant == *expected, WorkRule::TenantsInTurn)?;
        looks.push(next);
    }
    Ok(())
}

async fn slots(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let ([north, south], [other_north, other_south]) = (of_two(1), of_two(2));
    accept(&at_work, "one", &north).await?;
    let slow = at_work.next_item(&north, WorkRule::HandsOut).await?;
    accept(&at_work, "two", &other_north).await?;
    at_work.none(WorkRule::AsManyAsAllowed).await?;
    accept(&at_work, "one", &south).await?;
    let look = at_work.next_item(&south, WorkRule::TenantsHaveASlot).await?;
    accept(&at_work, "two", &other_south).await?;
    at_work.none(WorkRule::AsManyAsAllowed).await?;
    slow.end(Ending::Done).await;
    at_work.next_item(&other_north, WorkRule::TenantsHaveASlot).await?.end(Ending::Done).await;
    look.end(Ending::Done).await;
    at_work.next_item(&other_south, WorkRule::TenantsHaveASlot).await?.end(Ending::Done).await;
    Ok(())
}

async fn outages(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    const OUT: Option<&str> = Some("read-contract");
    let out = |wait| Setback::new("no answer", wait).outage(OUT);
    let mut at_work = AtWork::open(bench, 1).await;
    for item in of_two(1) {
        accept(&at_work, "one", &item).await?;
        let look = at_work.next_item(&item, WorkRule::HandsOut).await?;
        look.end(Ending::Again(out(seconds(1800)))).await;
    }
    let ([north, _], [other_north, other_south]) = (of_two(1), of_two(2));
    accept(&at_work, "two", &other_north).await?;
    let look = at_work.next_item(&other_north, WorkRule::HandsOut).await?;
    look.ends(Ended { ending: Ending::Done, over: vec!["read-contract"] }).await;
    bench.pass(seconds(11)).await;
    // That it is due at all is a rule of its own; of both, the other would come first.
    let look = at_work.next_item(&north, WorkRule::OutagesOfATenant).await?;
    at_work.none(WorkRule::OutagesOfATenant).await?;
    look.end(Ending::Done).await;

    let [third_north, _] = of_two(3);
    accept(&at_work, "three", &third_north).await?;
    let look = at_work.next_item(&third_north, WorkRule::HandsOut).await?;
    look.end(Ending::Again(out(seconds(60)))).await;
    accept(&at_work, "two", &other_south).await?;
    let look = at_work.next_item(&other_south, WorkRule::HandsOut).await?;
    look.end(Ending::AgainWithAll(out(seconds(1000)))).await;
    bench.pass(seconds(61)).await;
    at_work.next_item(&third_north, WorkRule::OutagesOfATenant).await?.end(Ending::Done).await;
    at_work.none(WorkRule::OutagesOfATenant).await
}

async fn pauses(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let [north, south] = of_two(1);
    for callback_id in ["for the first look at the tenant", "for a later one"] {
        at_work.rest().await;
        at_work.pause(north.tenant.clone(), Some(seconds(30)));
        for item in [&north, &south] {
            accept(&at_work, callback_id, item).await?;
        }
        at_work.next_item(&south, WorkRule::OutagesOfATenant).await?.end(Ending::Done).await;
        at_work.none(WorkRule::Pauses).await?;
        at_work.pause(north.tenant.clone(), None);
        bench.pass(seconds(61)).await;
        at_work.next_item(&north, WorkRule::Pauses).await?.end(Ending::Done).await;
    }
    Ok(())
}

async fn pace(bench: &dyn WorkBench) -> Result<(), WorkFault> {
    let limits = WorkLimits { unknown_per_minute: 3, ..WorkLimits::default().concurrency(1) };
    let mut at_work = AtWork::within(bench, bench.open().await, limits);
    for number in 1..=3 {
        let [north, _] = of_two(number);
        accept(&at_work, &number.to_string(), &north).await?;
        at_work.next_item(&north, WorkRule::PacesOfATenant).await?.end(Ending::Done).await;
    }
    let [north, south] = of_two(4);
    accept(&at_work, "one too many", &north).await?;
    at_work.items_are_put_back(&[north], WorkRule::KeepsThePaceOfUnknown).await?;
    accept(&at_work, "the first", &south).await?;
    at_work.next_item(&south, WorkRule::PacesOfATenant).await?.end(Ending::Done).await;
    at_work.none(WorkRule::KeepsThePaceOfUnknown).await
}
