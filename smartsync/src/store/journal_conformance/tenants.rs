//! The journals of several tenants beside each other.

use std::{sync::Arc, time::Duration};

use oneflow_client::ContractId;
use tokio::time::{sleep, timeout};

use super::{
    JournalBench, JournalFault, JournalRule, contract, holds, note,
    samples::{Samples, failed, seen},
    seconds,
};
use crate::store::{
    item::{Item, Subject},
    journal::{Drifting, Journal, LAST_SWEEP, Look, ParkedFilter, Status, Trigger},
    work::Ending,
    work_conformance::{
        WorkRule,
        at_work::{AT_ONCE, AtWork},
        tenants::two_tenants,
    },
};

/// All that a journal tells.
async fn told(bench: &dyn JournalBench, journal: &dyn Journal) -> Result<String, JournalFault> {
    let mut told = Vec::new();
    for number in 1..=3 {
        told.push(format!("{:?}", journal.looks(contract(number), 10).await?));
        told.push(format!("{:?}", journal.standing(contract(number)).await?));
    }
    let all: Vec<Look> =
        journal.looks_after(Some(0), 100).await?.into_iter().map(|noted| noted.look).collect();
    let last: Vec<Look> = journal.looks_after(None, 100).await?.into_iter().map(|noted| noted.look).collect();
    told.push(format!("{all:?}{last:?}"));
    told.push(format!("{:?}", journal.seen(&[1, 2, 3].map(ContractId::new)).await?));
    // Whether a server is there is nobody's, and it may just begin.
    let status = Status { is_served: true, ..journal.status(bench.now()).await? };
    told.push(format!("{status:?}"));
    told.push(format!("{:?}", journal.parked(&ParkedFilter::All).await?));
    told.push(format!("{:?}", journal.watermark(LAST_SWEEP).await?));
    Ok(told.concat())
}

pub(super) async fn tenants(bench: &dyn JournalBench) -> Result<(), JournalFault> {
    let mut at_work = AtWork::open(bench, 1).await;
    let [north, south] = two_tenants();
    let journals: [Arc<dyn Journal>; 2] = [bench.journal_of(&north).await, bench.journal_of(&south).await];
    let empty = told(bench, &*journals[1]).await?;
    let samples = Samples::from(bench.now());
    let at = |seconds| samples.at(seconds);
    let item = |tenant: &_, number| Item::of(Clone::clone(tenant), Subject::Contract(contract(number)));

    // One has everything, the other nothing.
    let looks: [Look; 3] = [seen(1, at(0), true), failed(2, at(5)), seen(3, at(10), false)];
    note(&*journals[0], &[&looks[0], &looks[1], &looks[2]]).await?;
    journals[0].set_watermark(LAST_SWEEP, Some(&at(3).to_string())).await?;
    at_work.store.intake.accept("parked", item(&north, 2)).await?;
    let look = at_work.next_item(&item(&north, 2), WorkRule::HandsOut).await?;
    look.end(Ending::Park { reason: "a reason".to_owned() }).await;
    at_work.store.intake.accept("waits", item(&north, 3)).await?;
    let look = at_work.next_item(&item(&north, 3), WorkRule::HandsOut).await?;
    look.fail(seconds(1800)).await;
    has_ended(bench, &*journals[0]).await?;
    holds(told(bench, &*journals[1]).await? == empty, JournalRule::TenantsApart)?;
    let of_nobody = bench.journal().await;
    holds(told(bench, &*of_nobody).await? == empty, JournalRule::TenantsApart)?;
    let before = told(bench, &*journals[0]).await?;
    let status = journals[0].status(bench.now()).await?;
    let numbers = (status.waiting, status.parked, status.drift.oldest);
    holds(numbers == (1, 1, Some(Drifting::new(contract(1), at(0)))), JournalRule::TenantsApart)?;

    // Nothing that the other does changes anything of that, though contracts and candidate have the same ids.
    let other = &*journals[1];
    note(other, &[&seen(1, at(100), false), &failed(2, at(100))]).await?;
    holds(other.retry_parked(&[contract(2)], bench.now()).await?.is_empty(), JournalRule::TenantsApart)?;
    holds(other.drop_parked(&[contract(2)], bench.now()).await?.is_empty(), JournalRule::TenantsApart)?;
    other.set_watermark(LAST_SWEEP, None).await?;
    holds(other.drop_older(at(50), 100).await? == 0, JournalRule::TenantsApart)?;
    bench.forget(&south, "4711".into()).await;
    holds(other.erase(&"4711".into()).await? == 1, JournalRule::TenantsApart)?;
    holds(told(bench, &*journals[0]).await? == before, JournalRule::TenantsApart)?;
    note(other, &[&seen(3, at(200), true)]).await?;
    holds(other.looks(contract(3), 10).await?.is_empty(), JournalRule::StaysForgotten)?;
    let still = seen(3, at(200), true);
    note(&*journals[0], &[&still]).await?;
    holds(journals[0].looks(contract(3), 1).await? == [still], JournalRule::TenantsApart)?;

    let retried = journals[0].retry_parked(&[contract(2)], bench.now()).await?;
    holds(retried == [contract(2)], JournalRule::Retries)?;
    // The process that hands out may be another, and look only now and then what there is: a notification makes it look.
    at_work.store.intake.accept("wakes it", item(&north, 50)).await?;
    let look = at_work.next_item(&item(&north, 2), WorkRule::HandsOut).await?;
    holds(look.turn.trigger == Trigger::ByHand, JournalRule::TenantsApart)
}

/// Waits until the store has taken the end of every look: a wake-up that comes late has it ask for the next turn before that.
async fn has_ended(bench: &dyn JournalBench, journal: &dyn Journal) -> Result<(), JournalFault> {
    let end = async {
        while journal.status(bench.now()).await?.running > 0 {
            sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    };
    match timeout(AT_ONCE, end).await {
        Ok(ended) => ended,
        Err(_) => holds(false, JournalRule::TenantsApart),
    }
}
