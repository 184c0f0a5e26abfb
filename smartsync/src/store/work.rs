//! The seam between the host and what it keeps: notifications come in by [`Intake`], and [`Work`] hands out what is due.
//!
//! ```text
//! receiver --accept--> Intake          Work --turn--> Handler (the worker: plan, apply)
//!                        \--- one row per item ---/  <--ending--
//! ```

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::watch;

use super::{
    intake::Accepted, item::Item, journal::Trigger, setback::Setback, store_error::StoreError, tenant::Tenant,
};

/// Takes notifications in.
#[async_trait]
pub trait Intake: fmt::Debug + Send + Sync {
    /// Notes that `item` has to be looked at. It is durable when this returns: whoever sent it may forget it. Of an item that waits there is
    /// one row, and one that is being looked at is looked at exactly once more, however many notifications come.
    ///
    /// A notification is the same as before if callback id and item are. Where the item waits because a look has failed, it is looked at
    /// soon: at once if the last look is ten seconds ago, and never before the time that a service asked for.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: it was **not** noted. [`StoreError::TooManyUnderOneId`] where a thousand items came under its callback id before: those
    /// are altered copies of a notification that somebody has seen.
    async fn accept(&self, callback_id: &str, item: Item) -> Result<Accepted, StoreError>;

    /// Whether a notification could be noted at this moment.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: it could not.
    async fn is_ready(&self) -> Result<(), StoreError>;
}

/// Hands out what is due.
///
/// A store of your own hands out [turns](Turn::new) and keeps their ends. This one keeps nothing, so `work_conformance` (feature
/// `test-util`) says which rule it breaks first:
///
/// ```
/// use std::{collections::VecDeque, sync::{Arc, Mutex}};
/// use async_trait::async_trait;
/// use smartsync::store::{Ending, Handler, Item, StoreError, Trigger, Turn, Work, WorkLimits};
/// use tokio::sync::watch;
///
/// #[derive(Debug, Default)]
/// struct Queue(Mutex<VecDeque<(Item, Trigger)>>);
///
/// #[async_trait]
/// impl Work for Queue {
///     async fn run(&self, handler: Arc<dyn Handler>, _: WorkLimits, stop: watch::Receiver<bool>) {
///         while !*stop.borrow() {
///             let Some((item, trigger)) = self.0.lock().unwrap().pop_front() else { return };
///             let ended = handler.handle(Turn::new(item.clone(), trigger)).await;
///             if let Ending::Again(_) = ended.ending {
///                 self.0.lock().unwrap().push_back((item, trigger));
///             }
///         }
///     }
///
///     async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError> {
///         self.0.lock().unwrap().extend(items.into_iter().map(|item| (item, trigger)));
///         Ok(())
///     }
/// }
/// ```
#[async_trait]
pub trait Work: fmt::Debug + Send + Sync {
    /// Runs `handler` for every item that is due, one at a time for each item, for one candidate, and as many at once as `limits` allow, until
    /// `stop` turns true or its sender is gone. Turns that have begun are finished first.
    ///
    /// What is of one tenant waits for nothing of another: tenants are served in turn, the one first that was served least recently, and one of
    /// which nothing is being looked at begins a look though others have taken all that the limits allow. Equal ids in two tenants are two items and two
    /// candidates, and an outage, a pause and a pace are those of one tenant.
    ///
    /// A turn ends when its [`Ending`] is durable. One that is cut off, by a crash or by dropping this, is handed out again.
    async fn run(&self, handler: Arc<dyn Handler>, limits: WorkLimits, stop: watch::Receiver<bool>);

    /// Asks for a look at items that no notification names. They are known from now on ([`Turn::is_known`]).
    ///
    /// # Errors
    ///
    /// [`StoreError`]: none of them was noted.
    async fn enqueue(&self, items: Vec<Item>, trigger: Trigger) -> Result<(), StoreError>;
}

/// Does what is due.
#[async_trait]
pub trait Handler: Send + Sync {
    /// A look at one item. It may be cut off at any await.
    async fn handle(&self, turn: Turn) -> Ended;

    /// The look broke off by a fault in [`handle`](Self::handle).
    async fn broken_off(&self, turn: Turn) -> Ended;

    /// A turn was put back, since its item, or what only notifications speak of, was looked at often enough for now (see [`WorkLimits`]).
    fn put_back(&self, _item: &Item) {}

    /// The store has tried to note how a turn ended: that is durable, or failed and is tried again. Called before the item is handed out again.
    fn noted(&self, _item: &Item, _error: Option<&StoreError>) {}

    /// How long nothing of a tenant is to be handed out, since a service is down for all of it; asked before every turn. One turn is handed out when
    /// the time is over, to see. Of other tenants things are handed out meanwhile.
    fn pause(&self, _tenant: &Tenant) -> Option<Duration> {
        None
    }

    /// Nothing is due. Returns when to call this again at the latest.
    async fn idle(&self) -> Duration;
}

/// A look that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Turn {
    /// At what.
    pub item: Item,
    /// Why.
    pub trigger: Trigger,
    /// How many looks at it have failed in a row.
    pub attempts: u32,
    /// Whether more than a notification speaks of the item: a person, a pass over all, the ledger, or a look that has read it. Else it may be
    /// anything, and what the service says to it says nothing about others. Once known, it stays so while it waits or is parked.
    pub is_known: bool,
    /// How many of them will have failed by the item's own fault, if this one does as well.
    pub faults_with_this: u32,
}

impl Turn {
    /// A first look at an item that is [known](Self::is_known).
    #[must_use]
    pub fn new(item: Item, trigger: Trigger) -> Self {
        Self { item, trigger, attempts: 0, is_known: true, faults_with_this: 1 }
    }

    /// Whether more than a notification speaks of the item ([`is_known`](Self::is_known)).
    #[must_use]
    pub fn known(self, is_known: bool) -> Self {
        Self { is_known, ..self }
    }

    /// One after so many that have failed in a row, so many of them by the item's own fault. `counts`: whether this one counts as well if it
    /// fails, as one does that was not brought forward.
    #[must_use]
    pub fn after(self, attempts: u32, faults: u32, counts: bool) -> Self {
        Self { attempts, faults_with_this: faults.saturating_add(counts.into()), ..self }
    }
}

/// How a turn ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// What becomes of the item.
    pub ending: Ending,
    /// Outages that may be over: what waits because of one is due.
    pub over: Vec<&'static str>,
}

/// What becomes of an item after a look.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// Nothing is left to do. If a notification came during the look, there is one more.
    Done,
    /// It is looked at again later.
    Again(Setback),
    /// The same, and whatever waits for the same thing waits as long: one look is enough to know.
    AgainWithAll(Setback),
    /// A person has to see to it. A later notification is looked at all the same. A pass over all finds it only once it has changed.
    Park {
        /// Why. Holds no value of a field.
        reason: String,
    },
}

impl From<Ending> for Ended {
    fn from(ending: Ending) -> Self {
        Self { ending, over: Vec::new() }
    }
}

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkLimits {
    /// So many looks at once, of all tenants together. A tenant of which nothing is being looked at begins one beyond that, so that another's slow looks do not
    /// hold it up: with `n` tenants there are `n - 1` more at most.
    pub concurrency: usize,
    /// So many looks at one item in a minute that notifications have brought; it waits for the next minute then.
    pub looks_per_minute: u32,
    /// So many looks in a minute, all items of a tenant together, at what only notifications speak of ([`Turn::is_known`]), altered copies among them;
    /// what comes beyond waits for its turn, unless a person asks for it or it becomes known.
    pub unknown_per_minute: u32,
}

impl Default for WorkLimits {
    fn default() -> Self {
        Self { concurrency: 4, looks_per_minute: 6, unknown_per_minute: 180 }
    }
}

impl WorkLimits {
    /// So many looks at once; at least one.
    #[must_use]
    pub fn concurrency(self, concurrency: usize) -> Self {
        Self { concurrency: concurrency.max(1), ..self }
    }
}
