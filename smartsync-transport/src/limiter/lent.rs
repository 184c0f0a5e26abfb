//! What a limiter has of a budget that several processes share: permits that are good for a moment, and what it has to tell.
//!
//! Only those who wait for a permit ask for more, one at a time, for all that wait. So nothing runs beside the requests, and whoever is
//! dropped or not polled while it asks is replaced by the next.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
    mem,
    time::Duration,
};

use super::window::Window;
use crate::{
    hints::RateLimit,
    shared_budget::{Grant, PERMIT_VALIDITY, Report, SeenUse},
};

/// How long the process keeps to its own share when the shared budget could not be reached, before it asks again.
const FALLBACK: Duration = Duration::from_secs(2);

/// A batch is at most this part of the budget, so that processes that all have much to do take turns.
const BATCHES: usize = 8;

/// So many permits beyond what is waited for are taken at most, where there are plenty: a call is seldom alone.
const SPARE: usize = 8;

/// The permits of one process.
#[derive(Debug)]
pub(super) struct Lent {
    member: u64,
    /// Of the last report.
    number: u64,
    /// Permits that are here and were not used.
    permits: usize,
    /// Until when they are good without being asked for again.
    valid_until: Duration,
    /// Those who were let through in the last period and have neither sent their request nor given up, by when they were.
    held: Window,
    /// When requests were sent of which nobody was told.
    sent: VecDeque<Duration>,
    seen: Option<(usize, Duration)>,
    /// What was seen last, told or not.
    seen_last: Option<(usize, Duration)>,
    /// The service asked to send nothing before, and nobody else knows.
    untold: Option<Duration>,
    /// There is none to be had before.
    next: Duration,
    /// Since when somebody asks.
    asking: Option<Duration>,
    reached: Reached,
    /// What other processes may have used when the budget could no longer be reached.
    others: Window,
    /// How many processes there were at the last answer.
    members: usize,
}

/// Whether the shared budget can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    Yes,
    /// It failed. Until then it is not tried again.
    No(Duration),
}

/// Why nothing may be sent yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// There will be no room for so long.
    For(Duration),
    /// The shared budget has to be asked.
    Ask,
    /// Somebody asks it: look again when there is an answer, or when it takes too long.
    Asked,
}

impl Default for Lent {
    fn default() -> Self {
        Self {
            member: RandomState::new().hash_one(0),
            number: 0,
            permits: 0,
            valid_until: Duration::ZERO,
            held: Window::default(),
            sent: VecDeque::new(),
            seen: None,
            seen_last: None,
            untold: None,
            next: Duration::ZERO,
            asking: None,
            reached: Reached::Yes,
            others: Window::default(),
            members: 0,
        }
    }
}

impl Lent {
    /// Whether there is a permit for whoever has so many before it. `own`: the places of its own limit that the process has taken.
    pub(super) fn check(&self, ahead: usize, own: &Window, terms: Terms, now: Duration) -> Result<(), Held> {
        if let Reached::No(until) = self.reached {
            return self.check_share(ahead, own, terms, until, now);
        }
        if now <= self.valid_until && self.permits > self.held.len().saturating_add(ahead) {
            return Ok(());
        }
        Err(self.wait(now))
    }

    /// The same for a request that was let through in the last period: its permit is here, and may have to be asked for again.
    pub(super) fn check_held(&self, own: &Window, terms: Terms, now: Duration) -> Result<(), Held> {
        match self.reached {
            Reached::No(until) => self.check_share(0, own, terms, until, now),
            Reached::Yes if now <= self.valid_until && self.permits > 0 => Ok(()),
            // Also while there is none for others: what is kept does not have to be free.
            Reached::Yes if self.asking.is_none() && self.permits > 0 => Err(Held::Ask),
            Reached::Yes => Err(self.wait(now)),
        }
    }

    fn wait(&self, now: Duration) -> Held {
        match self.asking {
            // Whoever asks may not be polled.
            Some(since) if since.saturating_add(PERMIT_VALIDITY * 2) > now => Held::Asked,
            _ if self.next > now => Held::For(self.next - now),
            _ => Held::Ask,
        }
    }

    /// The share of one process, as long as nobody can be asked: all together keep within the limit, whatever each of them does.
    fn check_share(
        &self,
        ahead: usize,
        own: &Window,
        terms: Terms,
        until: Duration,
        now: Duration,
    ) -> Result<(), Held> {
        if until <= now && self.asking.is_none() {
            return Err(Held::Ask);
        }
        let share = (terms.requests / self.members.max(2)).max(1);
        let used = own.len().saturating_add(ahead);
        let beyond_share = used.checked_sub(share).map(|beyond| own.moment_of(beyond));
        let all = used.saturating_add(self.others.len());
        let beyond_limit = (all >= terms.requests).then(|| self.others.moment_of(0).min(own.moment_of(0)));
        let Some(moment) = beyond_share.max(beyond_limit) else { return Ok(()) };
        let free = moment.map_or(until, |moment| moment.saturating_add(terms.period));
        // It is asked again at the latest when that may succeed.
        let wait = free.min(until).saturating_sub(now);
        Err(Held::For(if wait.is_zero() { PERMIT_VALIDITY } else { wait }))
    }

    /// Somebody was let through.
    pub(super) fn hold(&mut self, now: Duration) {
        self.held.add(now, 1);
    }

    /// Somebody who was let through then has given up, or is let through anew. Whether the permit was still held for it.
    pub(super) fn let_go(&mut self, then: Duration) -> bool {
        self.held.remove(then)
    }

    /// The request of somebody who was let through now is sent.
    pub(super) fn send(&mut self, now: Duration, period: Duration) {
        self.held.remove(now);
        self.permits = self.permits.saturating_sub(1);
        self.sent.push_back(now);
        // Where nobody can be told for long, what is older does not matter to anybody.
        while self.sent.front().is_some_and(|sent| sent.saturating_add(period) <= now) {
            self.sent.pop_front();
        }
    }

    /// What an answer says of all requests with the key.
    pub(super) fn see(&mut self, now: Duration, headers: &RateLimit) {
        if let (Some(limit), Some(remaining)) = (headers.limit, headers.remaining) {
            let used = usize::try_from(limit.saturating_sub(remaining)).unwrap_or(usize::MAX);
            self.seen = Some((used, now));
            self.seen_last = self.seen;
        }
    }

    /// The service asked to send nothing before `until`: the others have to know.
    pub(super) fn must_tell(&mut self, until: Duration) {
        self.untold = self.untold.max(Some(until));
    }

    /// Whether something has to be told before anything is sent, and nobody is about to.
    pub(super) fn has_to_tell(&self, now: Duration) -> bool {
        let may_ask = self.asking.is_none() && !matches!(self.reached, Reached::No(until) if until > now);
        self.untold.is_some_and(|until| until > now) && may_ask
    }

    /// Begins to ask. `None`: somebody else does.
    pub(super) fn ask(
        &mut self,
        waiting: usize,
        terms: Terms,
        now: Duration,
        leaves: bool,
    ) -> Option<Report> {
        if self.asking.is_some_and(|since| since.saturating_add(PERMIT_VALIDITY * 2) > now) && !leaves {
            return None;
        }
        self.asking = Some(now);
        self.number += 1;
        if now > self.valid_until {
            // Nobody may use what was spare any more until the answer is there.
            self.permits = self.permits.min(self.held.len());
        }
        let ago = |at: Duration| now.saturating_sub(at);
        let mut report = Report::new(self.member, terms.requests, terms.period);
        report.number = self.number;
        report.sent = mem::take(&mut self.sent).into_iter().map(ago).collect();
        report.keeps = self.permits;
        report.wants = waiting.min((terms.requests / BATCHES).max(1));
        report.spare = (terms.requests / 3 / BATCHES).min(SPARE);
        report.seen = self.seen.take().map(|(requests, at)| SeenUse { requests, ago: ago(at) });
        report.closed_for = self.untold.map(|until| until.saturating_sub(now)).unwrap_or_default();
        report.returns = self.members > 0;
        report.leaves = leaves;
        Some(report)
    }

    /// The answer to what was asked at `asked`.
    pub(super) fn answered(&mut self, asked: Duration, report: &Report, grant: &Grant, now: Duration) {
        self.asking = None;
        self.reached = Reached::Yes;
        // Some may have been used meanwhile.
        self.permits = self.permits.saturating_sub(report.keeps.saturating_sub(grant.kept));
        self.permits = self.permits.saturating_add(grant.granted);
        self.valid_until = asked.saturating_add(PERMIT_VALIDITY);
        self.next = now.saturating_add(grant.free_in);
        let told_until = asked.saturating_add(report.closed_for);
        self.untold = self.untold.filter(|until| *until > told_until);
        // Who has left and comes back has told everything.
        self.members = if report.leaves { 0 } else { grant.members };
    }

    /// The budget has forgotten everything: it is told again of all that was sent in the last period, and of what the service said last, which counts those who are gone.
    pub(super) fn tell_again(
        &mut self,
        sent: impl Iterator<Item = Duration>,
        closed_until: Duration,
        now: Duration,
    ) {
        self.sent = sent.collect();
        self.seen = self.seen_last;
        self.untold = self.untold.max(Some(closed_until).filter(|until| *until > now));
        self.next = now;
    }

    /// Whether somebody else has asked since, as this one took too long.
    pub(super) fn is_overtaken(&self, report: &Report) -> bool {
        self.number != report.number
    }

    /// Whoever asked has no answer: what it told is told again.
    pub(super) fn unanswered(&mut self, asked: Duration, report: &Report) {
        if !self.is_overtaken(report) {
            self.asking = None;
        }
        let sent = report.sent.iter().map(|ago| asked.saturating_sub(*ago));
        let since = mem::take(&mut self.sent);
        self.sent = sent.chain(since).collect();
    }

    /// The budget cannot be reached. What the others have used meanwhile nobody knows, so it may be all that this process has not: it sends
    /// no more than what becomes free of its own, for a period, and then its share. `own`: how many places of its own limit it has taken.
    pub(super) fn fall_back(&mut self, own: usize, terms: Terms, now: Duration) {
        if self.reached == Reached::Yes && self.members != 1 {
            let others = terms.requests.saturating_sub(own).saturating_sub(self.others.len());
            self.others.add(now, others);
        }
        self.reached = Reached::No(now.saturating_add(FALLBACK));
        self.permits = 0;
    }

    /// What others had used is over after a period, and a permit is held for no longer.
    pub(super) fn forget_old(&mut self, period: Duration, now: Duration) {
        self.held.forget_old(period, now);
        self.others.forget_old(period, now);
    }
}

/// The limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) requests: usize,
    pub(super) period: Duration,
}
