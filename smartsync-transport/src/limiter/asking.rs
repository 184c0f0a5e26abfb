//! One exchange with the budget that several processes share.

use std::{future::poll_fn, task::Poll, time::Duration};

use super::{Budget, Limiter, Shared};
use crate::{
    retry::Wait,
    shared_budget::{Grant, PERMIT_VALIDITY, Report},
    sleep::Sleep,
};

impl Limiter {
    /// Asks for permits for all that wait, but for no fewer than `least`, unless somebody else is asking.
    pub(crate) async fn ask(&self, sleep: &dyn Sleep, least: usize) {
        self.exchange(sleep, least, false).await;
    }

    /// Gives back what is here.
    pub(crate) async fn leave(&self, sleep: &dyn Sleep) {
        self.exchange(sleep, 0, true).await;
    }

    async fn exchange(&self, sleep: &dyn Sleep, least: usize, leaves: bool) {
        let (Some(budget), Some(now)) = (&self.0, sleep.now()) else { return };
        let shared = budget.lock().shared.as_ref().map(|shared| shared.budget.clone());
        let Some(shared) = shared else { return };
        let Some(asking) = Asking::begin(budget, least, leaves, now) else { return };
        let answer = {
            let mut exchange = shared.exchange(&asking.report);
            let mut too_late = sleep.sleep(Wait { at_least: PERMIT_VALIDITY, at_most: PERMIT_VALIDITY });
            let first = poll_fn(|context| match exchange.as_mut().poll(context) {
                Poll::Ready(answer) => Poll::Ready(answer.ok()),
                Poll::Pending => too_late.as_mut().poll(context).map(|()| None),
            });
            first.await
        };
        asking.end(answer, sleep.now().unwrap_or(now).max(now));
    }
}

/// Somebody asks. Dropped without an answer, it is as if nobody had.
struct Asking<'a> {
    budget: &'a Budget,
    asked: Duration,
    report: Report,
    outcome: Outcome,
}

enum Outcome {
    Unknown,
    Failed(Duration),
    Answered,
}

impl<'a> Asking<'a> {
    fn begin(budget: &'a Budget, least: usize, leaves: bool, now: Duration) -> Option<Self> {
        let mut state = budget.lock();
        let waiting = state.queue.ahead(now).max(least);
        let Shared { lent, .. } = state.shared.as_mut()?;
        let report = lent.ask(waiting, budget.terms(), now, leaves)?;
        drop(state);
        Some(Self { budget, asked: now, report, outcome: Outcome::Unknown })
    }

    fn end(mut self, answer: Option<Grant>, now: Duration) {
        let Some(grant) = answer else {
            self.outcome = Outcome::Failed(now);
            return;
        };
        self.outcome = Outcome::Answered;
        let mut state = self.budget.lock();
        let own = state.taken.len();
        if let Some(shared) = &mut state.shared {
            shared.lent.answered(self.asked, &self.report, &grant, own, now);
        }
        drop(state);
        if !grant.closed_for.is_zero() {
            self.budget.close_until(now.saturating_add(grant.closed_for));
        }
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.lock();
        if let Some(shared) = &mut state.shared {
            match self.outcome {
                Outcome::Answered => {}
                Outcome::Unknown => shared.lent.unanswered(self.asked, &self.report),
                Outcome::Failed(now) => {
                    shared.lent.unanswered(self.asked, &self.report);
                    shared.lent.fall_back(now);
                }
            }
        }
        // Whoever is the first looks, and calls the next if it goes.
        let first = state.queue.call_first();
        drop(state);
        first.into_iter().for_each(std::task::Waker::wake);
    }
}
