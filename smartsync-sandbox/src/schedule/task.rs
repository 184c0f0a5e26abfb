//! A task of a schedule, and what it ended with.

use std::{cell::RefCell, fmt, rc::Rc};

/// A task of one [`Schedule`](super::Schedule).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskId(pub(super) usize);

/// A task, and what it ends with. Dropping it drops no task: [`Schedule::crash`](super::Schedule::crash) does.
pub struct Task<T> {
    id: TaskId,
    result: Rc<RefCell<Option<T>>>,
}

impl<T> Task<T> {
    pub(super) fn new(id: TaskId, result: Rc<RefCell<Option<T>>>) -> Self {
        Self { id, result }
    }

    /// Which task it is.
    #[must_use]
    pub fn id(&self) -> TaskId {
        self.id
    }

    /// What it ended with, once. `None` for a task that has not ended, or was dropped.
    #[must_use]
    pub fn take(&self) -> Option<T> {
        self.result.borrow_mut().take()
    }
}

/// Without what it ended with.
impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Task").field(&self.id.0).finish()
    }
}
