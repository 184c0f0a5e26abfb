//! The workers of a server, one for each tenant, behind the one handler that the state knows: what one of them has learnt of outages, limits and
//! failures says nothing about another.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tracing::Instrument as _;

use super::{backoff::Backoff, running_looks::RunningLooks, worker::Observer, worker::Worker};
use crate::{
    engine::tenant_label::TenantLabel,
    store::{Ended, Ending, Handler, Item, Setback, Tenant, Turn},
};

/// So long waits what is of a tenant that the configuration does not have, until it is asked for again.
const STRANGER_WAIT: Duration = Duration::from_secs(60 * 60);

/// The worker of each tenant.
#[derive(Debug, Default)]
pub(crate) struct Workers {
    of: BTreeMap<Tenant, (TenantLabel, Worker)>,
    looks: RunningLooks,
    /// Of which it was said that nobody serves them.
    strangers: Mutex<BTreeSet<Tenant>>,
}

impl Workers {
    /// Has another tenant served.
    pub(crate) fn add(&mut self, tenant: Tenant, label: TenantLabel, worker: Worker) {
        let worker = worker.looks_among(self.looks.clone());
        self.of.insert(tenant, (label, worker));
    }

    pub(crate) fn backoff(self, backoff: Backoff) -> Self {
        self.each(|worker| worker.backoff(backoff))
    }

    pub(crate) fn observer(self, observer: &Observer) -> Self {
        self.each(|worker| worker.observer(Arc::clone(observer)))
    }

    fn each(self, change: impl Fn(Worker) -> Worker) -> Self {
        let of = self.of.into_iter().map(|(tenant, (label, worker))| (tenant, (label, change(worker))));
        Self { of: of.collect(), ..self }
    }

    /// The looks that are under way, of all tenants.
    pub(crate) fn looks(&self) -> RunningLooks {
        self.looks.clone()
    }

    /// Says what was counted and is not said yet.
    pub(crate) fn log_rest(&self) {
        for (label, worker) in self.of.values() {
            label.span().in_scope(|| worker.log_rest());
        }
    }

    /// What becomes of an item whose tenant nobody serves: it waits until the configuration has it again.
    fn of_a_stranger(&self, item: &Item) -> Ended {
        let tenant = &item.tenant;
        if self.strangers.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant.clone()) {
            tracing::warn!(%tenant, "contracts wait of a tenant that the configuration does not have: they wait until it has it again");
        }
        let reason = "the configuration does not have the tenant";
        Ending::Again(Setback::new(reason, STRANGER_WAIT)).into()
    }
}

#[async_trait]
impl Handler for Workers {
    async fn handle(&self, turn: Turn) -> Ended {
        match self.of.get(&turn.item.tenant) {
            Some((label, worker)) => worker.handle(turn).instrument(label.span()).await,
            None => self.of_a_stranger(&turn.item),
        }
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        match self.of.get(&turn.item.tenant) {
            Some((label, worker)) => worker.broken_off(turn).instrument(label.span()).await,
            None => self.of_a_stranger(&turn.item),
        }
    }

    fn put_back(&self, item: &Item) {
        if let Some((_, worker)) = self.of.get(&item.tenant) {
            worker.put_back(item);
        }
    }

    fn pause(&self, tenant: &Tenant) -> Option<Duration> {
        self.of.get(tenant).and_then(|(_, worker)| worker.pause(tenant))
    }

    async fn idle(&self) -> Duration {
        let mut longest = Duration::MAX;
        for (label, worker) in self.of.values() {
            longest = longest.min(worker.idle().instrument(label.span()).await);
        }
        longest
    }
}
