//! Watches the looks: of one item and of one candidate there is one at a time. And knows those that have ended, for the journal.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use oneflow_client::ContractId;

use crate::store::{Ended, Handler, Item, Trigger, Turn};

/// What was seen. Clones are one.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    running: BTreeSet<Item>,
    ended: Vec<(ContractId, Trigger)>,
    faults: Vec<String>,
}

impl Watch {
    pub(super) fn around(
        &self,
        handler: impl Handler + 'static,
        story: &Arc<Mutex<Vec<String>>>,
    ) -> Arc<dyn Handler> {
        Arc::new(Watched { handler, watch: self.clone(), story: Arc::clone(story) })
    }

    /// The process is gone, and its looks with it.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap().running.clear();
    }

    /// The looks that have ended, in the order of their ends.
    pub(super) fn ended(&self) -> Vec<(ContractId, Trigger)> {
        self.0.lock().unwrap().ended.clone()
    }

    fn broke_off(&self, item: &Item) {
        let mut seen = self.0.lock().unwrap();
        seen.running.remove(item);
        seen.faults.push(format!("a look at {item} broke off"));
    }

    pub(super) fn faults(&self) -> Vec<String> {
        self.0.lock().unwrap().faults.clone()
    }
}

struct Watched<H> {
    handler: H,
    watch: Watch,
    story: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl<H: Handler> Handler for Watched<H> {
    async fn handle(&self, turn: Turn) -> Ended {
        let item = turn.item.clone();
        let is_alone = self.watch.0.lock().unwrap().running.insert(item.clone());
        if !is_alone {
            self.watch.0.lock().unwrap().faults.push(format!("two looks at {item} at one time"));
        }
        let trigger = turn.trigger;
        let ended = self.handler.handle(turn).await;
        let mut seen = self.watch.0.lock().unwrap();
        seen.running.remove(&item);
        seen.ended.push((item.contract().unwrap(), trigger));
        drop(seen);
        self.story.lock().unwrap().push(format!("a look at {item} by {trigger}: {:?}", ended.ending));
        ended
    }

    async fn broken_off(&self, turn: Turn) -> Ended {
        self.watch.broke_off(&turn.item);
        self.handler.broken_off(turn).await
    }

    fn pause(&self) -> Option<Duration> {
        self.handler.pause()
    }

    async fn idle(&self) -> Duration {
        self.handler.idle().await
    }
}
