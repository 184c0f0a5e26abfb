//! What a store in memory holds: what is there, and what will be there after a crash.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::store_error::StoreError;

/// The content of a store in memory, of which a commit can fail, or be lost at the next crash.
#[derive(Default)]
pub(super) struct Kept<T>(Mutex<Now<T>>);

/// What is there at the moment.
#[derive(Default)]
pub(super) struct Now<T> {
    pub(super) now: T,
    /// What is there after a crash, if that is something else.
    durable: Option<T>,
    /// So many of the next commits fail.
    failing: u32,
    /// So many of the next commits are acknowledged, and gone after a crash.
    losing: u32,
}

impl<T: Clone + Default> Kept<T> {
    fn new(now: T) -> Self {
        Self(Mutex::new(Now { now, ..Now::default() }))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Now<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next commits fail and change nothing.
    pub(super) fn fail_commits(&self, count: u32) {
        self.lock().failing = count;
    }

    /// The next commits are acknowledged all the same, and gone after a crash, unless one after them is kept.
    pub(super) fn lose_commits(&self, count: u32) {
        self.lock().losing = count;
    }

    /// Commits a change.
    pub(super) fn commit<R>(&self, change: impl FnOnce(&mut T) -> R) -> Result<R, StoreError> {
        let mut kept = self.lock();
        if kept.failing > 0 {
            kept.failing -= 1;
            return Err(StoreError::other("a commit that was to fail"));
        }
        if kept.losing == 0 {
            kept.durable = None;
        } else {
            kept.losing -= 1;
            if kept.durable.is_none() {
                kept.durable = Some(kept.now.clone());
            }
        }
        Ok(change(&mut kept.now))
    }

    /// Changes what is there, and what will be there after a crash, beside all commits.
    pub(super) fn put_right(&self, change: impl Fn(&mut T)) {
        let mut kept = self.lock();
        let Now { now, durable, .. } = &mut *kept;
        [Some(now), durable.as_mut()].into_iter().flatten().for_each(change);
    }

    /// What the next process finds: nothing of what was lost.
    pub(super) fn crash(&self) -> Self {
        let kept = self.lock();
        Self::new(kept.durable.as_ref().unwrap_or(&kept.now).clone())
    }
}
