//! Who waits for a limiter, first come, first served.
//!
//! Everyone sleeps until there would be a place if all before go as soon as they may. Since that is too late as soon as one of
//! them gives up, whoever becomes first is called and looks again: the first always wakes in time, so no place stays unused. It
//! needs no runtime: a call is the waker of whoever polls.
//!
//! A future may be held and not polled, as in a buffered stream whose consumer is busy. Whoever does not look when it was to is passed
//! over until it does.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use super::{Budget, lent::Held};
use crate::shared_budget::PERMIT_VALIDITY;

/// How late somebody is passed over. A busy runtime polls sooner, and what it does not costs only the order.
const LATE: Duration = Duration::from_secs(1);

/// Who waits, by number.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    next: u64,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    is_called: bool,
    waker: Option<Waker>,
    /// When it is to look again.
    due: Duration,
}

impl Waiting {
    fn is_late(&self, now: Duration) -> bool {
        self.due.saturating_add(LATE) < now
    }

    fn call(&mut self) -> Option<Waker> {
        self.is_called = true;
        self.waker.take()
    }
}

impl Queue {
    /// How many come before somebody new.
    pub(super) fn ahead(&self, now: Duration) -> usize {
        self.ahead_of(self.waiting.len(), now)
    }

    fn ahead_of(&self, position: usize, now: Duration) -> usize {
        self.waiting.iter().take(position).filter(|waiting| !waiting.is_late(now)).count()
    }

    /// Everyone is to look again.
    pub(super) fn call_all(&mut self) -> Vec<Waker> {
        self.waiting.iter_mut().filter_map(Waiting::call).collect()
    }

    /// The first is to look again.
    pub(super) fn call_first(&mut self) -> Option<Waker> {
        self.waiting.front_mut()?.call()
    }

    fn position(&self, number: u64) -> usize {
        self.waiting.partition_point(|waiting| waiting.number < number)
    }

    /// Leaves the queue. If that was the first, the next one is to look again.
    fn leave(&mut self, number: u64) -> Option<Waker> {
        let position = self.position(number);
        if self.waiting.get(position)?.number != number {
            return None;
        }
        self.waiting.remove(position);
        if position == 0 { self.call_first() } else { None }
    }
}

/// A place in the queue of a limiter. Dropped, it leaves the queue.
#[derive(Debug)]
pub(crate) struct Ticket {
    budget: Arc<Budget>,
    number: u64,
}

impl Ticket {
    pub(super) fn new(budget: Arc<Budget>) -> Self {
        let number = {
            let queue = &mut budget.lock().queue;
            let number = queue.next;
            queue.next += 1;
            queue.waiting.push_back(Waiting { number, is_called: false, waker: None, due: Duration::MAX });
            number
        };
        Self { budget, number }
    }

    /// Takes the place of one request and leaves the queue, or says how long it takes until there is one.
    pub(crate) fn try_acquire(&self, now: Duration) -> Result<(), Held> {
        let mut state = self.budget.lock();
        let position = state.queue.position(self.number);
        let ahead = state.queue.ahead_of(position, now);
        if let Err(held) = self.budget.take(&mut state, ahead, now) {
            if let Some(waiting) = state.queue.waiting.get_mut(position) {
                waiting.due = match held {
                    Held::For(wait) => now.saturating_add(wait),
                    Held::Ask => now,
                    Held::Asked => now.saturating_add(PERMIT_VALIDITY),
                };
            }
            return Err(held);
        }
        let next = state.queue.leave(self.number);
        drop(state);
        next.into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// Ready as soon as it is worth looking again.
    pub(crate) fn poll_called(&self, context: &Context<'_>) -> Poll<()> {
        let queue = &mut self.budget.lock().queue;
        let position = queue.position(self.number);
        let Some(waiting) = queue.waiting.get_mut(position) else { return Poll::Ready(()) };
        if std::mem::take(&mut waiting.is_called) {
            return Poll::Ready(());
        }
        waiting.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let next = self.budget.lock().queue.leave(self.number);
        next.into_iter().for_each(Waker::wake);
    }
}
