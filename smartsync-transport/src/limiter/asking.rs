//! One exchange with the budget that several processes share.

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Poll, Waker},
    time::Duration,
};

use super::{Budget, Limiter, Shared, State};
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
        let (Some(budget), Some(mut now)) = (&self.0, sleep.now()) else { return };
        loop {
            let shared = budget.lock().shared.as_ref().map(|shared| Arc::clone(&shared.budget));
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
            now = sleep.now().unwrap_or(now).max(now);
            asking.end(answer, now);
            // What the service has asked for meanwhile: whoever heard of it saw that somebody was asking.
            if !self.has_to_tell(now) {
                return;
            }
        }
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
    /// Nobody can be asked, since then.
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
        let mut state = self.budget.lock();
        let State { taken, shared, closed_until, .. } = &mut *state;
        if let Some(Shared { lent, .. }) = shared
            && !lent.is_overtaken(&self.report)
        {
            self.outcome = Outcome::Answered;
            lent.answered(self.asked, &self.report, &grant, now);
            if grant.is_lost {
                lent.tell_again(taken.moments(), *closed_until, now);
            }
            if now > self.asked.saturating_add(PERMIT_VALIDITY) {
                // Its permits are over already, and those of the next would be.
                lent.fall_back(taken.len(), self.budget.terms(), now);
            }
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
        let own = state.taken.len();
        if let Some(Shared { lent, .. }) = &mut state.shared {
            match self.outcome {
                Outcome::Answered => {}
                Outcome::Unknown => lent.unanswered(self.asked, &self.report),
                Outcome::Failed(now) => {
                    lent.unanswered(self.asked, &self.report);
                    lent.fall_back(own, self.budget.terms(), now);
                }
            }
        }
        // Whoever is the first looks, and calls the next if it goes.
        let first = state.queue.call_first();
        drop(state);
        first.into_iter().for_each(Waker::wake);
    }
}
