//! Runs a future that never waits: the sandbox answers at once, and its sleep moves the time and no more.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    thread,
};

/// What the future gives.
pub(crate) fn ready<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        thread::yield_now();
    }
}
