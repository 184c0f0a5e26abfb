//! The window of a key: which requests count, which permits are out, and what may be given to whom. A pure value.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Grant, PERMIT_VALIDITY, Report, SeenUse};
use crate::hints::LONGEST_HINT;

/// Who has not reported for so long is no longer counted as a process that uses the key, in milliseconds.
const MEMBER_FOR: u64 = 60_000;

/// After so long, in milliseconds, those who were there before a window was lost have told again what they know: whoever could not reach it asks again
/// every two seconds.
const TOLD_IN: u64 = 2_500;

/// Where nobody tells, a new process waits for so long at most, in milliseconds. A longer period is not waited for: the headers of the first answer say
/// what is left of it.
const UNTOLD_FOR: u64 = 10_000;

/// A window has so many moments at most; what lies between two of them counts as the later one. A small budget has one for each
/// request, and a large one does not have to be written whole for each exchange.
const MOMENTS: u64 = 250;

/// What is known of all requests with one key: it is read and written whole, as one row (`serde`), by one exchange after the other.
///
/// Any period holds at most so many requests as a report says. A permit that is out counts as long as it may still be used, and from then on for a
/// period; a report moves it to when its request was really sent, or takes it out. So a process that dies costs what it had, for
/// [`PERMIT_VALIDITY`] longer than if it had used it.
///
/// ```
/// use std::time::Duration;
/// use smartsync_transport::{Report, SharedWindow};
///
/// let (mut window, seconds) = (SharedWindow::default(), Duration::from_secs);
/// let report = |member, wants| {
///     let mut report = Report::new(member, 5, seconds(10));
///     report.wants = wants;
///     report
/// };
/// assert_eq!(window.exchange(seconds(0), &report(1, 3)).granted, 3);
/// assert_eq!(window.exchange(seconds(0), &report(2, 3)).granted, 2, "all that is left");
///
/// // Of its three, the first process has used one. The other two are free.
/// let mut used_one = report(1, 0);
/// used_one.sent.push(seconds(0));
/// window.exchange(seconds(0), &used_one);
/// assert_eq!(window.exchange(seconds(0), &report(3, 3)).granted, 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SharedWindow {
    /// The time of the last exchange. All times are in milliseconds.
    now: u64,
    /// Nothing is sent before.
    closed_until: u64,
    /// When requests were sent, and how many at each time, the oldest first: those of two periods, since what a service says of its own
    /// period is compared with them.
    sent: Vec<(u64, usize)>,
    /// The processes that use the key.
    members: BTreeMap<u64, Member>,
    /// That another was there before, of which nothing is left.
    lost: Option<Lost>,
}

/// A window was lost, a moment ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lost {
    at: u64,
    /// Whether somebody who was there before has told what it knows.
    is_told: bool,
}

/// What a process had at its last report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Member {
    at: u64,
    permits: usize,
    /// The number of that report.
    number: u64,
    /// Whether it has come only since the window was lost: it knows nothing of what was before.
    #[serde(default)]
    is_new: bool,
}

/// The limit, in milliseconds.
#[derive(Clone, Copy)]
struct Terms {
    requests: usize,
    period: u64,
}

impl Terms {
    fn of(report: &Report) -> Self {
        Self { requests: report.requests.max(1), period: milliseconds(report.period).max(1) }
    }

    /// So many permits one process has at most, as a limiter asks for them.
    fn batch(self) -> usize {
        (self.requests / 8).max(1) + (self.requests / 24).min(8)
    }

    /// How far a count of the service and one of ours may be apart in time: the requests that are under way.
    fn slack(self) -> u64 {
        self.period / 50
    }
}

/// Rounded up: what is later than it was, is on the safe side.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

impl SharedWindow {
    /// A window in place of one that was lost by `now`, with all that was known of the requests before. Those who sent them and are still there tell again
    /// ([`Report::returns`]). One batch counts as used, as of a process that is not there any more. A process that is new waits until the others have had time to tell,
    /// or, where nobody does, for a period, ten seconds at most.
    ///
    /// ```
    /// use std::time::Duration;
    /// use smartsync_transport::{Report, SharedWindow};
    ///
    /// let seconds = Duration::from_secs;
    /// let mut window = SharedWindow::lost(seconds(100));
    /// let mut report = Report::new(1, 50, seconds(10));
    /// report.wants = 3;
    /// let grant = window.exchange(seconds(100), &report);
    /// assert_eq!((grant.granted, grant.free_in), (0, seconds(10)));
    /// assert_eq!(window.exchange(seconds(110), &report).granted, 3);
    /// ```
    #[must_use]
    pub fn lost(now: Duration) -> Self {
        let at = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        Self { now: at, lost: Some(Lost { at, is_told: false }), ..Self::default() }
    }

    /// Takes a report in at `now`, which is the time since any fixed moment by the clock of whoever keeps the window, and says what the process
    /// may send.
    #[must_use]
    pub fn exchange(&mut self, now: Duration, report: &Report) -> Grant {
        let (terms, now) = (Terms::of(report), u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
        self.pass_to(now, terms);
        // Each that comes back, not the first alone: what another has told since is not what this one knows.
        let is_lost = report.returns && !report.leaves && !self.members.contains_key(&report.member);
        if self.members.get(&report.member).is_some_and(|member| member.number > report.number) {
            return self.nothing(now);
        }
        if let Some(lost) = self.lost.filter(|_| self.sent.is_empty()) {
            self.add(lost.at, terms.batch(), terms);
        }
        let before = self.members.remove(&report.member).unwrap_or_default();
        let is_new = self.lost.is_some() && (before.is_new || !report.returns);
        let waits = self.waits(is_new, now, terms);
        if let Some(lost) = &mut self.lost {
            lost.is_told |= !is_new && !is_lost;
        }
        let validity = milliseconds(PERMIT_VALIDITY);
        // A place that was forgotten may have gone to somebody else.
        let is_counted = before.at.saturating_add(validity).saturating_add(terms.period) > now;
        let kept = if is_counted && !report.leaves { before.permits.min(report.keeps) } else { 0 };
        for ago in &report.sent {
            self.add(now.saturating_sub(milliseconds(*ago)), 1, terms);
        }
        if let Some(seen) = report.seen {
            self.note_others(seen, now, kept, terms);
        }
        // A hint that is longer than any is not what it claims to be.
        let closed_for = milliseconds(report.closed_for.min(LONGEST_HINT));
        self.closed_until = self.closed_until.max(now.saturating_add(closed_for));
        let closed_for = self.closed_until.saturating_sub(now);

        let taken = self.taken(now, terms).saturating_add(kept);
        let room = if closed_for > 0 || waits > 0 || is_lost || report.leaves {
            0
        } else {
            terms.requests.saturating_sub(taken)
        };
        let wanted = room.min(report.wants);
        let plenty = (room - wanted).saturating_sub(terms.requests / 2);
        let granted = wanted + plenty.min(report.spare);
        if !report.leaves {
            let member = Member { at: now, permits: kept + granted, number: report.number, is_new };
            self.members.insert(report.member, member);
        }
        let is_short = wanted < report.wants;
        let free_in = match waits {
            0 if is_short => self.free_in(now, terms).max(closed_for),
            waits => waits.max(closed_for),
        };
        Grant { kept, granted, free_in: Duration::from_millis(free_in), is_lost, ..self.nothing(now) }
    }

    /// For how long a process waits since nobody may have told yet what was used before the window was lost.
    fn waits(&self, is_new: bool, now: u64, terms: Terms) -> u64 {
        let Some(lost) = self.lost.filter(|_| is_new) else { return 0 };
        let time = if lost.is_told { TOLD_IN } else { UNTOLD_FOR };
        lost.at.saturating_add(time.min(terms.period)).saturating_sub(now)
    }

    fn nothing(&self, now: u64) -> Grant {
        let closed_for = Duration::from_millis(self.closed_until.saturating_sub(now));
        let (members, free_in) = (self.members.len(), Duration::ZERO);
        Grant { kept: 0, granted: 0, free_in, closed_for, members, is_lost: false }
    }

    /// Lets time pass, and forgets what no longer counts.
    fn pass_to(&mut self, now: u64, terms: Terms) {
        // A clock that was set back: nothing has passed, as far as anybody knows.
        let back = self.now.saturating_sub(now);
        let times = self.sent.iter_mut().map(|(at, _)| at);
        let times = times.chain(self.members.values_mut().map(|member| &mut member.at));
        let times = times.chain(self.lost.as_mut().map(|lost| &mut lost.at));
        times.chain([&mut self.closed_until]).for_each(|at| *at = at.saturating_sub(back));
        self.now = now;
        self.lost = self.lost.filter(|lost| lost.at.saturating_add(UNTOLD_FOR) > now);
        // Added, never subtracted: what was sent at the moment from which the times count would else be older than everything.
        let is_kept_for = terms.period.saturating_mul(2);
        self.sent.retain(|(at, _)| at.saturating_add(is_kept_for) > now);
        let counts_for = terms.period.saturating_add(milliseconds(PERMIT_VALIDITY)).max(MEMBER_FOR);
        self.members.retain(|_, member| member.at.saturating_add(counts_for) > now);
    }

    /// So many more requests were sent at this time.
    fn add(&mut self, at: u64, requests: usize, terms: Terms) {
        let grain = if terms.requests as u64 <= MOMENTS { 1 } else { (terms.period / MOMENTS).max(1) };
        let at = at.div_ceil(grain).saturating_mul(grain);
        let place = self.sent.partition_point(|(earlier, _)| *earlier < at);
        match self.sent.get_mut(place) {
            Some((same, count)) if *same == at => *count = count.saturating_add(requests),
            _ => self.sent.insert(place, (at, requests)),
        }
    }

    /// The service has counted more than all members can have sent: the rest was sent by others, who report nothing.
    fn note_others(&mut self, seen: SeenUse, now: u64, kept: usize, terms: Terms) {
        let at = now.saturating_sub(milliseconds(seen.ago));
        if at.saturating_add(terms.period) <= now {
            return;
        }
        let (counts_for, to) = (terms.period.saturating_add(terms.slack()), at.saturating_add(terms.slack()));
        let sent = self.sent.iter().filter(|(sent, _)| sent.saturating_add(counts_for) > at && *sent <= to);
        let sent = sent.map(|(_, count)| count);
        let out = self.members.values().map(|member| &member.permits);
        let ours = sent.chain(out).fold(kept, |sum, count| sum.saturating_add(*count));
        if let Some(others @ 1..) = seen.requests.min(terms.requests).checked_sub(ours) {
            self.add(at, others, terms);
        }
    }

    /// Requests of the last period, and the permits of all members that may yet be used or may have been.
    fn taken(&self, now: u64, terms: Terms) -> usize {
        let sent = self.sent.iter().filter(|(at, _)| at.saturating_add(terms.period) > now);
        let sent = sent.map(|(_, count)| count);
        let out = self.members.values().filter(|member| Self::frees_at(**member, terms) > now);
        sent.chain(out.map(|member| &member.permits)).fold(0, |sum, count| sum.saturating_add(*count))
    }

    fn frees_at(member: Member, terms: Terms) -> u64 {
        member.at.saturating_add(milliseconds(PERMIT_VALIDITY)).saturating_add(terms.period)
    }

    /// When one more can be free: as early as if every permit had been used when it was given, as a report may yet say.
    fn free_in(&self, now: u64, terms: Terms) -> u64 {
        let sent = self.sent.iter().map(|(at, count)| (at.saturating_add(terms.period), *count));
        let out = self.members.values().map(|member| {
            let early = member.at.saturating_add(terms.period);
            (if early > now { early } else { Self::frees_at(*member, terms) }, member.permits)
        });
        let mut frees: Vec<_> = sent.chain(out).filter(|(at, count)| *at > now && *count > 0).collect();
        frees.sort_unstable();
        let mut too_many = frees
            .iter()
            .fold(0_usize, |sum, (_, count)| sum.saturating_add(*count))
            .saturating_sub(terms.requests);
        for (at, count) in frees {
            if count > too_many {
                return at - now;
            }
            too_many -= count;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn wants(member: u64, wants: usize) -> Report {
        let mut report = Report::new(member, 10, seconds(10));
        (report.wants, report.number) = (wants, 1);
        report
    }

    /// A window in which member 1 has sent so many requests at this second.
    fn used(requests: usize, at: u64) -> SharedWindow {
        let mut window = SharedWindow::default();
        let mut report = wants(1, 0);
        report.sent = vec![Duration::ZERO; requests];
        let _grant = window.exchange(seconds(at), &report);
        window
    }

    #[test]
    fn what_was_sent_at_the_moment_from_which_the_times_count_is_counted_like_any_other() {
        let mut window = used(4, 0);
        let mut seen = wants(1, 0);
        seen.seen = Some(SeenUse { requests: 4, ago: Duration::ZERO });
        let _grant = window.exchange(seconds(1), &seen);
        assert_eq!(
            window.exchange(seconds(9), &wants(2, 10)).granted,
            6,
            "four of its own, and nobody else's"
        );
        assert_eq!(window.exchange(seconds(10), &wants(3, 10)).granted, 4);
    }

    #[test]
    fn a_clock_that_was_set_back_frees_nothing_and_blocks_nobody_for_ever() {
        let mut window = used(10, 1_000);
        assert_eq!(window.exchange(seconds(500), &wants(2, 1)).granted, 0);
        assert_eq!(window.exchange(seconds(509), &wants(2, 1)).free_in, seconds(1));
        assert_eq!(window.exchange(seconds(510), &wants(2, 1)).granted, 1);
    }

    #[test]
    fn a_report_that_comes_after_a_later_one_counts_for_nothing() {
        let mut window = SharedWindow::default();
        let mut later = wants(1, 4);
        later.number = 7;
        assert_eq!(window.exchange(seconds(1), &later).granted, 4);
        let mut late = wants(1, 4);
        late.sent = vec![Duration::ZERO; 4];
        let before = window.clone();
        assert_eq!(window.exchange(seconds(1), &late).granted, 0);
        assert_eq!(window, before);
    }

    #[test]
    fn a_window_that_was_lost_gives_nothing_before_it_was_told_again() {
        let mut window = SharedWindow::default();
        let mut report = wants(1, 4);
        report.returns = true;
        let grant = window.exchange(seconds(1), &report);
        assert!(grant.is_lost && grant.granted == 0);
        (report.sent, report.number) = (vec![Duration::ZERO; 8], 2);
        let grant = window.exchange(seconds(1), &report);
        assert!(!grant.is_lost && grant.granted == 2, "{grant:?}");
    }

    #[test]
    fn a_window_that_was_lost_is_told_again_by_each_process_whoever_comes_first() {
        let mut window = SharedWindow::default();
        let returning = |member, number, sent: usize| {
            let mut report = wants(member, 10);
            (report.returns, report.number, report.sent) = (true, number, vec![seconds(1); sent]);
            report
        };
        assert!(window.exchange(seconds(100), &returning(1, 1, 0)).is_lost);
        assert_eq!(window.exchange(seconds(100), &returning(1, 2, 3)).granted, 7);
        let mut gives_back = returning(1, 3, 0);
        gives_back.wants = 0;
        let _grant = window.exchange(seconds(100), &gives_back);
        let grant = window.exchange(seconds(100), &returning(2, 1, 0));
        assert!(grant.is_lost && grant.granted == 0, "it has not told yet: {grant:?}");
        let grant = window.exchange(seconds(100), &returning(2, 2, 5));
        assert!(!grant.is_lost && grant.granted == 2, "{grant:?}");
        // Once told, twice is not asked for: not of who was here a moment ago, nor of who has left.
        let _grant = window.exchange(seconds(101), &returning(2, 3, 0));
        let mut leaves = returning(2, 4, 0);
        leaves.leaves = true;
        assert!(!window.exchange(seconds(101), &leaves).is_lost);
    }

    #[test]
    fn who_is_new_after_a_loss_waits_until_those_who_were_there_have_had_time_to_tell() {
        let mut window = SharedWindow::lost(seconds(100));
        let new = |number| {
            let mut report = wants(3, 10);
            (report.number, report.returns) = (number, number > 1);
            report
        };
        assert_eq!(window.exchange(seconds(100), &new(1)).free_in, seconds(10));
        // Asking again does not make it one that knows.
        assert_eq!(window.exchange(seconds(101), &new(2)).granted, 0);
        let mut returns = wants(1, 0);
        returns.returns = true;
        assert!(window.exchange(seconds(101), &returns).is_lost);
        (returns.number, returns.sent) = (2, vec![seconds(2); 7]);
        let _grant = window.exchange(seconds(101), &returns);
        assert_eq!(
            window.exchange(seconds(101), &new(3)).free_in,
            Duration::from_millis(1_500),
            "others may tell yet"
        );
        let grant = window.exchange(Duration::from_millis(102_500), &new(4));
        assert_eq!(grant.granted, 2, "of ten, seven were sent, and one counts as sent by who is gone");
        assert_eq!(window.exchange(seconds(110), &new(5)).granted, 10);
        assert_eq!(window.lost, None, "it is over");
    }

    /// An answer at the very end of the service's period tells of requests that no longer count here.
    #[test]
    fn requests_that_are_under_way_at_the_edge_of_a_period_are_nobody_elses() {
        let mut window = used(9, 100);
        let mut report = wants(1, 0);
        report.number = 2;
        report.seen = Some(SeenUse { requests: 9, ago: Duration::ZERO });
        let _grant = window.exchange(Duration::from_millis(110_100), &report);
        assert_eq!(window.exchange(Duration::from_millis(110_100), &wants(2, 10)).granted, 10);
    }

    #[test]
    fn a_large_budget_is_written_in_few_moments_and_never_too_early() {
        let mut window = SharedWindow::default();
        let mut report = Report::new(1, 1_900, seconds(300));
        for millisecond in 0..1_900 {
            (report.number, report.sent) = (millisecond, vec![Duration::ZERO]);
            let _grant = window.exchange(Duration::from_millis(1_000_000 + millisecond * 157), &report);
        }
        assert!(window.sent.len() <= 251, "{}", window.sent.len());
        (report.sent, report.wants) = (Vec::new(), 10);
        report.number = 2_000;
        let end = Duration::from_millis(1_000_000 + 1_899 * 157);
        assert_eq!(window.exchange(end, &report).granted, 0);
        assert!(serde_json::to_string(&window).unwrap().len() < 5_000);
        let free_in = window.exchange(end, &report).free_in;
        let exact = seconds(300) - Duration::from_millis(1_899 * 157);
        assert!(free_in >= exact && free_in <= exact + Duration::from_millis(1_200), "{free_in:?}");
    }

    #[test]
    fn what_was_written_is_read_again() {
        let mut window = used(3, 100);
        let _grant = window.exchange(seconds(101), &wants(2, 2));
        let text = serde_json::to_string(&window).unwrap();
        assert_eq!(serde_json::from_str::<SharedWindow>(&text).unwrap(), window);
        // A later version may know more.
        assert_eq!(serde_json::from_str::<SharedWindow>("{}").unwrap(), SharedWindow::default());
    }
}
