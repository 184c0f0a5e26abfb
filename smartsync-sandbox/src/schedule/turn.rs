//! What a task says to the schedule that runs it.

use std::{
    cell::Cell,
    future::{pending, poll_fn},
    task::Poll,
};

thread_local! {
    /// Whether the task that has its turn on this thread is to be dropped after it.
    static CRASHES: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn begin() {
    CRASHES.set(false);
}

pub(super) fn has_crashed() -> bool {
    CRASHES.replace(false)
}

/// Lets everybody else go on first: it is ready at its second turn. It works under any executor.
pub async fn take_turns() {
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) {
            Poll::Ready(())
        } else {
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await;
}

/// The process dies here: it never returns. A [`Schedule`](super::Schedule) drops the task at once; under any other executor whoever polls it
/// has to.
pub async fn crash<T>() -> T {
    CRASHES.set(true);
    pending().await
}
