//! What a faulty store puts around what it is given: the handler that is told something else, and the sleep that ends too early.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use smartsync_transport::{Sleep, Wait};

use crate::store::{
    item::Item,
    store_error::StoreError,
    tenant::Tenant,
    test_time::TestTime,
    work::{Ended, Handler, Turn},
    work_conformance::tenants::two_tenants,
};

/// A handler of looks at copies that were claimed as something known: these.
pub(super) struct Disguised(pub(super) Arc<dyn Handler>, pub(super) Arc<Mutex<BTreeSet<Item>>>);

#[async_trait]
impl Handler for Disguised {
    async fn handle(&self, turn: Turn) -> Ended {
        let is_copy = self.1.lock().unwrap().contains(&turn.item);
        let is_known = turn.is_known && !is_copy;
        self.0.handle(turn.known(is_known)).await
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.0.broken_off(turn).await
    }

    fn put_back(&self, item: &Item) {
        self.0.put_back(item);
    }

    fn noted(&self, item: &Item, error: Option<&StoreError>) {
        self.0.noted(item, error);
    }

    fn pause(&self, tenant: &Tenant) -> Option<Duration> {
        self.0.pause(tenant)
    }

    async fn idle(&self) -> Duration {
        self.0.idle().await
    }
}

/// A handler that is not told how the end of a look was noted.
pub(super) struct Untold(pub(super) Arc<dyn Handler>);

#[async_trait]
impl Handler for Untold {
    async fn handle(&self, turn: Turn) -> Ended {
        self.0.handle(turn).await
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.0.broken_off(turn).await
    }

    fn put_back(&self, item: &Item) {
        self.0.put_back(item);
    }

    fn pause(&self, tenant: &Tenant) -> Option<Duration> {
        self.0.pause(tenant)
    }

    async fn idle(&self) -> Duration {
        self.0.idle().await
    }
}

/// A handler that is not asked whether to pause, or asked for all tenants alike.
pub(super) struct Restless {
    pub(super) handler: Arc<dyn Handler>,
    pub(super) pauses_all: bool,
}

#[async_trait]
impl Handler for Restless {
    async fn handle(&self, turn: Turn) -> Ended {
        self.handler.handle(turn).await
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.handler.broken_off(turn).await
    }

    fn put_back(&self, item: &Item) {
        self.handler.put_back(item);
    }

    fn noted(&self, item: &Item, error: Option<&StoreError>) {
        self.handler.noted(item, error);
    }

    fn pause(&self, tenant: &Tenant) -> Option<Duration> {
        let pauses = two_tenants().map(|tenant| self.handler.pause(&tenant));
        let of_one = self.handler.pause(tenant);
        if self.pauses_all { pauses.into_iter().flatten().next().or(of_one) } else { None }
    }

    async fn idle(&self) -> Duration {
        self.handler.idle().await
    }
}

/// The sleep of a store that asks every so often what is due.
#[derive(Debug)]
pub(super) struct Polling {
    pub(super) time: TestTime,
    pub(super) interval: Option<Duration>,
}

#[async_trait]
impl Sleep for Polling {
    async fn sleep(&self, wait: Wait) {
        match self.interval {
            Some(interval) => tokio::time::sleep(interval).await,
            None => self.time.sleep(wait).await,
        }
    }

    fn now(&self) -> Option<Duration> {
        Sleep::now(&self.time)
    }
}
