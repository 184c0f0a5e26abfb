//! The looks that are under way.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::engine::LimitWaits;

/// The looks that are under way, each with its waits. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunningLooks(Arc<Mutex<Looks>>);

#[derive(Debug, Default)]
struct Looks {
    begun: u64,
    waits: BTreeMap<u64, LimitWaits>,
}

/// A look that is under way until this is dropped: it may be cut off.
#[derive(Debug)]
pub(crate) struct RunningLook {
    all: RunningLooks,
    number: u64,
    waits: LimitWaits,
}

impl RunningLooks {
    pub(crate) fn begin(&self) -> RunningLook {
        let waits = LimitWaits::new();
        let mut looks = self.lock();
        looks.begun += 1;
        let number = looks.begun;
        looks.waits.insert(number, waits.clone());
        drop(looks);
        RunningLook { all: self.clone(), number, waits }
    }

    /// Whether there are some and none has anything under way: each waits for the rate limit of a service.
    pub(crate) fn all_wait(&self) -> bool {
        let looks = self.lock();
        !looks.waits.is_empty() && looks.waits.values().all(|waits| waits.now().is_some())
    }

    fn lock(&self) -> MutexGuard<'_, Looks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RunningLook {
    pub(crate) fn waits(&self) -> &LimitWaits {
        &self.waits
    }
}

impl Drop for RunningLook {
    fn drop(&mut self) {
        self.all.lock().waits.remove(&self.number);
    }
}
