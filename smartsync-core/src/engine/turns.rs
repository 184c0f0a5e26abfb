//! State that concurrent callers share when they work on the same contract or request id.

use std::{
    collections::BTreeMap,
    fmt,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// One `T` for each key in use.
pub(crate) struct Turns<K: Ord, T>(Mutex<BTreeMap<K, Arc<T>>>);

impl<K: Ord, T> Default for Turns<K, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Ord, T: Default> Turns<K, T> {
    /// The `T` that all current users of `key` share. It is dropped with the last of them.
    pub(crate) fn of(&self, key: &K) -> Turn<'_, K, T> {
        let shared = Arc::clone(self.lock().entry(key.clone()).or_default());
        Turn { turns: self, key: key.clone(), shared }
    }
}

impl<K: Ord, T> Turns<K, T> {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<K, Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Ord, T> fmt::Debug for Turns<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turns").field("keys", &self.lock().len()).finish()
    }
}

/// One caller's share in the `T` of its key.
pub(crate) struct Turn<'a, K: Ord, T> {
    turns: &'a Turns<K, T>,
    key: K,
    shared: Arc<T>,
}

impl<K: Ord, T> Deref for Turn<'_, K, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.shared
    }
}

impl<K: Ord, T> Drop for Turn<'_, K, T> {
    fn drop(&mut self) {
        let mut turns = self.turns.lock();
        // Clones are only made under the lock. A count of two means the map's and ours: nobody else uses it.
        if Arc::strong_count(&self.shared) == 2 {
            turns.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shared_for_as_long_as_anybody_has_it() {
        let turns: Turns<u8, Mutex<u8>> = Turns::default();
        let (first, second, other) = (turns.of(&1), turns.of(&1), turns.of(&2));
        *first.lock().unwrap() = 7;
        assert_eq!((*second.lock().unwrap(), *other.lock().unwrap()), (7, 0));
        drop(first);
        assert_eq!(*turns.of(&1).lock().unwrap(), 7);
        drop((second, other));
        assert!(turns.lock().is_empty());
        assert_eq!(*turns.of(&1).lock().unwrap(), 0);
    }
}
