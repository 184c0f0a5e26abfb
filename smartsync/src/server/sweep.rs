//! A periodic pass over the contracts of the account, so that a notification that was lost only makes a change late. Of several servers of one
//! state, one makes the passes of a tenant for as long as it is there.

mod pass;
mod unreadable_entries;

use std::{collections::BTreeSet, convert::Infallible, future::pending, sync::Arc, time::Duration};

use jiff::Timestamp;
use oneflow_client::{
    ContractId, OneflowClient,
    contracts::{Contract, ContractSort, ListContracts},
};
use smartsync_core::{Clock, LedgerError, Mapping};
use smartsync_transport::{CauseChain, NextPage, Paged as _, Sleep, Wait};

pub(super) use self::unreadable_entries::Told;
use self::{
    pass::Pass,
    unreadable_entries::{ListEntries, UnreadableEntry},
};
use super::current::Current;
use crate::{
    config::{Config, ConfigError},
    engine::upstream_requests::UpstreamRequests,
    server::{
        alerts::{Alert, Alerts},
        blame::Errand,
        duty::Duty,
    },
    store::{Item, Journal, LAST_SWEEP, StoreError, Subject, Tenant, Trigger, Work},
};

/// How often it is noted that the server is there, and seen whether another still makes the passes.
const ALIVE_INTERVAL: Duration = Duration::from_secs(60);

/// Until when the server was there.
pub(super) const ALIVE: &str = "alive";

/// How far the pass that is under way has come.
const PASS: &str = "sweep";

/// When the last pass over all began that was read to its end.
pub(super) const LAST_FULL_SWEEP: &str = "last-full-sweep";

/// A pass looks at everything that is not settled so often, changed or not: nobody knows whether a data field moves the time of its contract.
const FULL_INTERVAL: Duration = Duration::from_secs(24 * 60 * 60);

/// A pass that could not be finished goes on after this time.
const RETRY_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// An absence that is worth a word.
const NOTICEABLE: Duration = Duration::from_secs(5 * 60);

/// As many as Oneflow gives at once.
const PAGE_SIZE: u32 = 100;

/// So often in a pass is a page read again together with the one before. A list whose order moves all the time is read to its end once all the
/// same.
const MAX_STEPS_BACK: u32 = 10;

/// The periodic pass: at the start, and then every so often.
#[derive(Clone, Debug)]
pub(crate) struct Sweep {
    pub(crate) listing: Current<Listing>,
    /// Whose contracts they are.
    pub(crate) tenant: Tenant,
    pub(crate) work: Arc<dyn Work>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) lease: Duty,
    /// `None`: no passes.
    pub(crate) interval: Option<Duration>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) sleep: Arc<dyn Sleep>,
    pub(crate) alerts: Alerts,
}

/// Which contracts there are, and which of them may concern a card.
#[derive(Debug)]
pub(crate) struct Listing {
    client: OneflowClient,
    mapping: Mapping,
}

impl Listing {
    #[cfg(all(test, feature = "test-util"))]
    pub(crate) fn new(client: OneflowClient, mapping: Mapping) -> Self {
        Self { client, mapping }
    }

    pub(crate) fn of(config: &Config, requests: &UpstreamRequests) -> Result<Self, ConfigError> {
        Ok(Self { client: config.counted_oneflow_client(requests)?, mapping: config.mapping.clone() })
    }
}

/// Why a pass was not finished.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfinished {
    #[error(transparent)]
    Service(#[from] smartsync_transport::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("it could not be asked which server makes the passes")]
    Lease(#[from] LedgerError),
    #[error("another server makes the passes")]
    Elsewhere,
}

/// What a pass went over, since it began or went on.
#[derive(Debug, Default)]
pub(super) struct Passed {
    contracts: BTreeSet<ContractId>,
    found: usize,
    pub(super) pages: u32,
    /// Entries of the list that have another shape than documented. Their contracts are not looked at.
    pub(super) unreadable: BTreeSet<UnreadableEntry>,
    is_full: bool,
    /// Whether it began with the first page: one that goes on does not see all.
    is_whole: bool,
}

impl Passed {
    fn log(&self, told: &mut Told) {
        let Self { contracts, found, pages, unreadable, is_full, .. } = self;
        tracing::info!(
            contracts = contracts.len(),
            found,
            pages,
            is_full,
            "pass over all contracts finished"
        );
        if self.has_news(told) {
            tracing::warn!(
                unreadable = unreadable.len(),
                "entries of Oneflow's list of contracts could not be read: of these contracts, only notifications tell a change"
            );
        }
    }

    /// Whether there is an entry that cannot be read, and of which nobody was told.
    pub(super) fn has_news(&self, told: &mut Told) -> bool {
        told.is_news(&self.unreadable, self.is_whole)
    }
}

impl Unfinished {
    /// Whether another server may do better: the key is refused that this one has. What else fails does so for all of them.
    fn is_of_this_server(&self) -> bool {
        matches!(self, Self::Service(error) if error.is_unauthorized())
    }

    /// What a person has to see to. Without looks, a pass is the first to find out that credentials are refused.
    fn alert(&self) -> Alert {
        match self {
            Self::Service(error) if self.is_of_this_server() => {
                Alert::credentials(Errand::reading(error).key())
            }
            Self::Service(_) | Self::Store(_) | Self::Lease(_) | Self::Elsewhere => Alert::sweep(),
        }
    }
}

impl Sweep {
    /// Until it is dropped.
    pub(crate) async fn run(self) {
        self.say_how_long_nobody_was_there().await;
        let (mut told, mut unreadable) = (Vec::new(), Told::default());
        let mut is_elsewhere = false;
        loop {
            let next = match self.interval {
                None => None,
                Some(interval) => Some(match self.pass_while_alive().await {
                    Ok(passed) => {
                        passed.log(&mut unreadable);
                        told.clear();
                        is_elsewhere = false;
                        interval
                    }
                    Err(error) => {
                        is_elsewhere = match error {
                            Unfinished::Elsewhere => true,
                            // As far as is known.
                            Unfinished::Lease(_) => is_elsewhere,
                            Unfinished::Service(_) | Unfinished::Store(_) => false,
                        };
                        if error.is_of_this_server() {
                            self.lease.give_up().await;
                        }
                        // Whoever makes the passes tells what becomes of them; not whether the key of this server is refused.
                        if is_elsewhere {
                            told.retain(|alert| *alert != Alert::sweep());
                            tracing::debug!(reason = %CauseChain(&error), "no pass over all contracts by this server, which asks again in a minute");
                            interval.min(ALIVE_INTERVAL)
                        } else {
                            self.tell(&error, &mut told);
                            interval.min(RETRY_INTERVAL)
                        }
                    }
                }),
            };
            self.stay_alive(next).await;
        }
    }

    /// Says why a pass was not finished: each once, however long it lasts.
    fn tell(&self, error: &Unfinished, told: &mut Vec<Alert>) {
        let alert = error.alert();
        if !told.contains(&alert) {
            self.alerts.raise(alert.clone());
            tracing::warn!(
                error = %CauseChain(error),
                "the pass over all contracts was interrupted, and goes on later: notifications are still accepted"
            );
            told.push(alert);
        }
    }

    /// A pass may take as long as Oneflow's limits make it.
    async fn pass_while_alive(&self) -> Result<Passed, Unfinished> {
        tokio::select! {
            biased;
            never = self.note_alive() => match never {},
            passed = self.pass() => passed,
        }
    }

    /// Notes every minute that the server is there, for so long, and keeps its lease.
    async fn stay_alive(&self, time: Option<Duration>) {
        let time = async {
            match time {
                Some(time) => self.sleep.sleep(Wait { at_least: time, at_most: time }).await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            never = self.note_alive() => match never {},
            () = time => {}
        }
    }

    async fn note_alive(&self) -> Infallible {
        loop {
            let alive = self.journal.set_watermark(ALIVE, Some(&self.clock.now().to_string())).await;
            if let Err(error) = alive {
                tracing::debug!(error = %CauseChain(&error), "it could not be noted that the server is there");
            }
            self.lease.keep().await;
            self.sleep.sleep(Wait { at_least: ALIVE_INTERVAL, at_most: ALIVE_INTERVAL }).await;
        }
    }

    async fn say_how_long_nobody_was_there(&self) {
        let alive = self.time(ALIVE).await.ok().flatten();
        let away = alive.map(|alive| self.clock.now().duration_since(alive).unsigned_abs());
        if let Some(away) = away.filter(|away| *away >= NOTICEABLE) {
            tracing::warn!(
                minutes = away.as_secs() / 60,
                sweeps = self.interval.is_some(),
                "the server was away: notifications of that time that Oneflow has given up are lost, and a pass over all contracts makes up for them"
            );
        }
    }

    async fn time(&self, watermark: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.journal.watermark(watermark).await?.and_then(|text| text.parse().ok()))
    }

    /// The pass that is to be made now: what is left of one that was interrupted, or a new one.
    async fn next_pass(&self) -> Result<Pass, StoreError> {
        let (now, unfinished) = (self.clock.now(), self.journal.watermark(PASS).await?);
        if let Some(pass) =
            unfinished.and_then(|text| Pass::of_text(&text)).filter(|pass| pass.is_recent(now))
        {
            return Ok(pass.step_back());
        }
        let is_full = self
            .time(LAST_FULL_SWEEP)
            .await?
            .is_none_or(|last| now.duration_since(last).unsigned_abs() >= FULL_INTERVAL);
        Ok(Pass::new(now, is_full))
    }

    /// Reads the list to its end, the newest first, so that what is sent meanwhile shifts the rest backwards; what is deleted shifts it
    /// forward, so each page begins with the last contract of the one before, or is read again with what was passed over. After each
    /// page it is durable what has to be looked at, and where to go on; another server that has taken over goes on from there.
    pub(super) async fn pass(&self) -> Result<Passed, Unfinished> {
        if !self.lease.take().await? {
            return Err(Unfinished::Elsewhere);
        }
        let mut pass = self.next_pass().await?;
        let (is_full, is_whole) = (pass.is_full, pass.offset == 0);
        let mut passed = Passed { is_full, is_whole, ..Passed::default() };
        let listing = self.listing.get();
        let first = ListContracts::new().sort([ContractSort::PublishedTimeDescending]).limit(PAGE_SIZE);
        let (mut last, mut steps_back) = (None, 0);
        loop {
            let list = first.clone().offset(pass.offset);
            let (page, unreadable) = listing.client.send(&ListEntries(list.clone())).await?;
            let contracts: Vec<_> = page.data.iter().filter_map(|item| item.as_result().ok()).collect();
            passed.pages += 1;
            passed.unreadable.extend(unreadable);
            let is_passed_over =
                last.is_some_and(|last| contracts.iter().all(|contract| contract.id != last));
            if is_passed_over && steps_back == MAX_STEPS_BACK {
                tracing::warn!(
                    "the list of contracts does not keep still: what this pass misses is left to the next one"
                );
            }
            let is_joined = !is_passed_over || steps_back >= MAX_STEPS_BACK;
            steps_back += u32::from(is_passed_over);
            // Of one that cannot be read nobody knows whether it is there again.
            let last_of_page = page.data.last().and_then(|item| item.as_result().ok());
            last = last_of_page.map(|contract| contract.id).filter(|_| is_joined);
            if !self.lease.is_ours().await? {
                return Err(Unfinished::Elsewhere);
            }
            self.enqueue_due(&listing, &pass, contracts, &mut passed).await?;
            let is_end = match list.next_page(&page) {
                NextPage::End => true,
                NextPage::OutOfReach => {
                    tracing::warn!(
                        "Oneflow lists no more contracts than these: older ones are not part of the pass"
                    );
                    true
                }
                NextPage::Operation(_) | NextPage::Link(_) => false,
            };
            pass = match (is_joined, is_end) {
                (false, _) => pass.step_back(),
                (true, true) => break,
                (true, false) => pass.step_on(page.data.len()),
            };
            self.journal.set_watermark(PASS, Some(&pass.to_text())).await?;
        }
        if pass.is_full {
            self.journal.set_watermark(LAST_FULL_SWEEP, Some(&pass.begun.to_string())).await?;
        }
        self.journal.set_watermark(LAST_SWEEP, Some(&self.clock.now().to_string())).await?;
        self.journal.set_watermark(PASS, None).await?;
        Ok(passed)
    }

    /// Has those looked at that have to be, once in a pass.
    async fn enqueue_due(
        &self,
        listing: &Listing,
        pass: &Pass,
        mut contracts: Vec<&Contract>,
        passed: &mut Passed,
    ) -> Result<(), StoreError> {
        contracts.retain(|contract| passed.contracts.insert(contract.id));
        let ids: Vec<_> = contracts.iter().map(|contract| contract.id).collect();
        let seen = self.journal.seen(&ids).await?;
        contracts.retain(|contract| {
            listing.mapping.may_concern_a_card(contract.state.as_ref())
                && pass.has_to_look(contract, seen.get(&contract.id).copied())
        });
        passed.found += contracts.len();
        if contracts.is_empty() {
            return Ok(());
        }
        let items =
            contracts.iter().map(|contract| Item::of(self.tenant.clone(), Subject::Contract(contract.id)));
        self.work.enqueue(items.collect(), Trigger::Sweep).await
    }
}
