//! One limiter per key: what the clients of one key in a process share without being told to.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    sync::{LazyLock, Mutex, PoisonError},
    time::Duration,
};

use url::Url;

use crate::limiter::{Limiter, WeakLimiter};

/// The limit that a service documents for each key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentedLimit {
    pub(crate) requests: usize,
    pub(crate) period: Duration,
}

/// What clients have in common that share a limiter. Of the key it has a hash that says nothing outside of this process.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    base_url: String,
    clock: &'static str,
    key: u64,
}

static SHARED: Mutex<BTreeMap<Common, WeakLimiter>> = Mutex::new(BTreeMap::new());
static RANDOM: LazyLock<RandomState> = LazyLock::new(RandomState::new);

impl DocumentedLimit {
    /// The limiter of all clients in this process that have this base URL, key and clock. It ends with the last of them.
    pub(crate) fn shared(self, base_url: &Url, key: &[u8], clock: &'static str) -> Limiter {
        let base_url = base_url.as_str().trim_end_matches('/').to_owned();
        let common = Common { base_url, clock, key: RANDOM.hash_one(key) };
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limiter) = shared.get(&common).and_then(WeakLimiter::upgrade) {
            return limiter;
        }
        shared.retain(|_, limiter| limiter.upgrade().is_some());
        let limiter = self.unshared();
        shared.insert(common, limiter.downgrade());
        limiter
    }

    /// A limiter for one client and its clones.
    pub(crate) fn unshared(self) -> Limiter {
        Limiter::new(self.requests, self.period)
    }
}
