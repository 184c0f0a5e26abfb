//! Whose fault it is that a look failed: the contract's own, or that of something that fails others as well.
//!
//! Nobody but the service knows, so it is judged by what became of other contracts meanwhile, each kind of request by itself: a key that
//! may read and not write has its reads answered all the same. It is kept in memory only, and learnt anew after a restart.

use std::{collections::BTreeMap, time::Duration};

use oneflow_client::ContractId;
use tokio::time::Instant;

use crate::server::blame::{Errand, Extent, Served, Trouble, extent, is_own};

/// So long after it was done for another contract, a service that forbids one is taken to forbid that one only. Shorter than the time
/// after which a contract is parked, so that what is refused to all from now on parks nothing. An outage of an errand is announced once in it.
const RECENT_PERIOD: Duration = Duration::from_secs(60 * 60);

/// What waits is looked at again at a success, but not more often: a service that comes and goes is not run over.
const RELEASE_INTERVAL: Duration = Duration::from_secs(5 * 60);

/// A contract that waits is looked at within the hour. Of which nothing is heard for so long, that is another process's work.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(2 * 60 * 60);

/// Contracts of which it is known how they failed. Beyond it, it is learnt anew.
const MAX_CONTRACTS: usize = 10_000;

/// Whose fault it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The contract's own. `is_news`: it was not before.
    Own { is_news: bool },
    /// Nothing that this contract could be parked for. `begins`: from now on it counts as an outage.
    OfAll { begins: Option<Extent> },
}

/// What is known of each errand, and of the contracts whose last look failed at one.
#[derive(Debug, Default)]
pub(crate) struct Outages {
    standings: BTreeMap<Errand, Standing>,
    failing: BTreeMap<ContractId, Failing>,
}

#[derive(Debug, Default)]
struct Standing {
    /// How often it was done.
    done: u64,
    /// For whom the last time, and when.
    last: Option<(ContractId, Instant)>,
    /// The outage that is on.
    out: Option<Extent>,
    /// When one was announced last.
    announced: Option<Instant>,
    /// When what waited was last made due.
    released: Option<Instant>,
}

#[derive(Debug)]
struct Failing {
    errand: Errand,
    /// How often the errand had been done when it failed last, and when that was.
    done: u64,
    at: Instant,
    /// How often in a row it has failed at it.
    times: u32,
    is_own: bool,
    was_own: bool,
    /// Whether it says something about the service.
    is_evidence: bool,
}

impl Failing {
    /// Whether it shows that the errand is out.
    fn shows_outage(&self, errand: Errand) -> bool {
        self.errand == errand && self.is_evidence && !self.is_own
    }
}

impl Outages {
    /// Notes that an errand failed for a contract. `is_known`: more than a notification speaks of it. What only a notification has named
    /// neither shows an outage nor keeps one on.
    pub(crate) fn failed(
        &mut self,
        contract: ContractId,
        trouble: Trouble,
        is_known: bool,
        now: Instant,
    ) -> Fault {
        let (Trouble { errand, cause }, is_evidence) = (trouble, trouble.is_evidence(is_known));
        self.drop_lost(now);
        if self.failing.len() >= MAX_CONTRACTS {
            self.failing.clear();
        }
        let standing = self.standings.entry(errand).or_default();
        let before = self.failing.remove(&contract).filter(|failing| failing.errand == errand);
        // Beside those that are known, what may be anything does not count.
        let others = self
            .failing
            .values()
            .filter(|failing| failing.errand == errand && (failing.is_evidence || !is_evidence));
        let (failing, waiting) =
            others.fold((1, 1), |(all, waiting), other| (all + 1, waiting + usize::from(!other.is_own)));

        let served = match standing.last {
            _ if before.as_ref().is_some_and(|failing| standing.done > failing.done) => Served::Since,
            Some((other, at)) if other != contract && now.saturating_duration_since(at) <= RECENT_PERIOD => {
                Served::Lately
            }
            _ => Served::No,
        };
        let is_own = is_own(cause, served, failing);
        let times = before.as_ref().map_or(0, |failing| failing.times).saturating_add(1);
        let was_own = before.is_some_and(|failing| failing.was_own);
        let now_failing = Failing {
            errand,
            done: standing.done,
            at: now,
            times,
            is_own,
            was_own: was_own || is_own,
            is_evidence,
        };
        self.failing.insert(contract, now_failing);
        if is_own {
            return Fault::Own { is_news: !was_own };
        }

        if !is_evidence {
            return Fault::OfAll { begins: None };
        }
        let quiet = standing.last.map(|(_, at)| now.saturating_duration_since(at));
        let may_announce =
            standing.announced.is_none_or(|at| now.saturating_duration_since(at) > RECENT_PERIOD);
        let begins = extent(cause, times, waiting, quiet)
            .filter(|extent| may_announce && Some(*extent) > standing.out);
        if begins.is_some() {
            (standing.out, standing.announced) = (begins, Some(now));
        }
        Fault::OfAll { begins }
    }

    /// Notes what was done for a contract. Returns the errands that others wait for and may be tried again.
    pub(crate) fn done(&mut self, contract: ContractId, errands: &[Errand], now: Instant) -> Vec<Errand> {
        if self.failing.get(&contract).is_some_and(|failing| errands.contains(&failing.errand)) {
            self.failing.remove(&contract);
        }
        self.drop_lost(now);
        let mut released = Vec::new();
        for errand in errands {
            let standing = self.standings.entry(*errand).or_default();
            standing.done = standing.done.saturating_add(1);
            standing.last = Some((contract, now));
            let is_due =
                standing.released.is_none_or(|at| now.saturating_duration_since(at) >= RELEASE_INTERVAL);
            if is_due && self.failing.values().any(|failing| failing.errand == *errand && !failing.is_own) {
                standing.released = Some(now);
                released.push(*errand);
            }
        }
        released
    }

    /// The outages that are over: somebody was served since, and nobody waits any more.
    pub(crate) fn over(&mut self) -> Vec<Errand> {
        let mut over = Vec::new();
        for (errand, standing) in &mut self.standings {
            let is_served = standing
                .last
                .is_some_and(|(_, at)| standing.announced.is_some_and(|announced| at >= announced));
            let is_shown = self.failing.values().any(|failing| failing.shows_outage(*errand));
            if standing.out.is_some() && is_served && !is_shown {
                standing.out = None;
                over.push(*errand);
            }
        }
        over
    }

    /// Whether an outage of this errand was announced.
    pub(crate) fn is_out(&self, errand: Errand) -> bool {
        self.standings.get(&errand).is_some_and(|standing| standing.out.is_some())
    }

    /// Whether an outage was announced that no look gets past, whatever it has to do, and nobody was served since somebody failed by it.
    pub(crate) fn stops_every_look(&self) -> bool {
        let of_every_look = [Errand::Accounts, Errand::ReadContract, Errand::ReadCandidate, Errand::Ledger];
        self.standings.iter().any(|(errand, standing)| {
            standing.out == Some(Extent::All)
                && of_every_look.contains(errand)
                && standing.last.map(|(_, at)| at) < self.last_failed(*errand)
        })
    }

    fn last_failed(&self, errand: Errand) -> Option<Instant> {
        let shown = self.failing.values().filter(|failing| failing.errand == errand && failing.is_evidence);
        shown.map(|failing| failing.at).max()
    }

    fn drop_lost(&mut self, now: Instant) {
        self.failing.retain(|_, failing| now.saturating_duration_since(failing.at) <= FORGOTTEN_AFTER);
    }

    /// The contract fails no more, or is nobody's concern any more.
    pub(crate) fn forget(&mut self, contract: ContractId) {
        self.failing.remove(&contract);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::blame::Cause;

    const READING: [Errand; 1] = [Errand::ReadContract];
    const UNTOLD: Fault = Fault::OfAll { begins: None };
    const TOLD: Fault = Fault::OfAll { begins: Some(Extent::All) };
    const MINUTE: Duration = Duration::from_secs(60);

    fn of(contract: i64) -> ContractId {
        ContractId::new(contract)
    }

    fn fail(outages: &mut Outages, contract: i64, cause: Cause, now: Instant) -> Fault {
        outages.failed(of(contract), Trouble { errand: Errand::ReadContract, cause }, true, now)
    }

    #[test]
    fn an_outage_is_told_once_and_is_over_once_nobody_waits() {
        let (mut outages, now) = (Outages::default(), Instant::now());
        assert_eq!(fail(&mut outages, 1, Cause::NoAnswer, now), UNTOLD, "it may be a slip");
        assert_eq!(fail(&mut outages, 2, Cause::NoAnswer, now), UNTOLD);
        assert_eq!(fail(&mut outages, 1, Cause::NoAnswer, now), TOLD);
        assert_eq!(fail(&mut outages, 2, Cause::NoAnswer, now), UNTOLD, "once");
        assert_eq!(outages.done(of(1), &READING, now), READING, "the other may be looked at now");
        assert_eq!(outages.over(), [], "and is not settled yet");
        assert_eq!(outages.done(of(2), &READING, now), []);
        assert_eq!((outages.over(), outages.over()), (READING.to_vec(), vec![]));
    }

    #[test]
    fn an_announced_outage_stops_every_look_until_somebody_is_served() {
        let (mut outages, now) = (Outages::default(), Instant::now());
        fail(&mut outages, 1, Cause::NoAnswer, now);
        assert!(!outages.stops_every_look(), "it may be a slip");
        fail(&mut outages, 2, Cause::NoAnswer, now);
        assert_eq!(fail(&mut outages, 1, Cause::NoAnswer, now), TOLD);
        assert!(outages.stops_every_look());
        outages.done(of(1), &READING, now + MINUTE);
        assert!(!outages.stops_every_look(), "though the other one still waits");
        fail(&mut outages, 2, Cause::NoAnswer, now + 2 * MINUTE);
        assert!(outages.stops_every_look());
        // What only some need stops nobody else.
        let mut outages = Outages::default();
        for contract in [1, 2, 1] {
            let trouble = Trouble { errand: Errand::WriteCard, cause: Cause::NoAnswer };
            outages.failed(of(contract), trouble, true, now);
        }
        assert!(outages.is_out(Errand::WriteCard) && !outages.stops_every_look());
    }

    #[test]
    fn a_service_that_comes_and_goes_is_told_of_once_an_hour() {
        let (mut outages, start) = (Outages::default(), Instant::now());
        let (mut announced, mut over, mut released) = (0, 0, 0);
        // Two hours of it, a round a minute.
        for round in 0..120 {
            let now = start + MINUTE * round;
            for contract in [1, 2, 1, 2] {
                let fault = fail(&mut outages, contract, Cause::NoAnswer, now);
                announced += u32::from(!matches!(fault, Fault::OfAll { begins: None } | Fault::Own { .. }));
            }
            for contract in [1, 2] {
                released += outages.done(of(contract), &READING, now).len();
                over += outages.over().len();
            }
        }
        assert!(announced <= 2 && over <= 2 && released <= 24, "{announced} {over} {released}");
    }

    #[test]
    fn what_one_contract_is_forbidden_is_told_as_an_outage_once_nobody_was_served_for_an_hour() {
        let (mut outages, start) = (Outages::default(), Instant::now());
        outages.done(of(2), &READING, start);
        assert_eq!(fail(&mut outages, 1, Cause::Forbidden, start), Fault::Own { is_news: true });
        assert_eq!(
            fail(&mut outages, 1, Cause::Forbidden, start + RECENT_PERIOD),
            Fault::Own { is_news: false }
        );
        assert_eq!(fail(&mut outages, 1, Cause::Forbidden, start + RECENT_PERIOD + MINUTE), TOLD);
    }

    #[test]
    fn a_workspace_that_was_lost_is_told_of_once_while_others_are_served() {
        let (mut outages, start) = (Outages::default(), Instant::now());
        let (mut announced, mut news) = (0, 0);
        for round in 0..50 {
            let now = start + MINUTE * round;
            outages.done(of(0), &READING, now);
            for contract in 1..=12 {
                match fail(&mut outages, contract, Cause::Forbidden, now) {
                    Fault::OfAll { begins } => announced += u32::from(begins.is_some()),
                    Fault::Own { is_news } => news += u32::from(is_news),
                }
            }
            assert_eq!(outages.over(), [], "it goes on");
        }
        assert_eq!((announced, news), (1, 1), "one is its own, three are a workspace");
    }

    #[test]
    fn one_that_is_known_for_its_own_makes_no_outage_of_anothers_slip() {
        let (mut outages, now) = (Outages::default(), Instant::now());
        fail(&mut outages, 1, Cause::NoAnswer, now);
        outages.done(of(3), &READING, now);
        assert_eq!(fail(&mut outages, 1, Cause::NoAnswer, now), Fault::Own { is_news: true });
        assert_eq!(fail(&mut outages, 2, Cause::NoAnswer, now + 10 * MINUTE), UNTOLD);
    }

    /// Of a contract that only a notification has named.
    fn fail_unknown(outages: &mut Outages, contract: i64, cause: Cause, now: Instant) -> Fault {
        outages.failed(of(contract), Trouble { errand: Errand::ReadContract, cause }, false, now)
    }

    #[test]
    fn what_only_a_notification_has_named_makes_no_outage_whatever_is_said_to_it() {
        for cause in [Cause::Gone, Cause::Forbidden, Cause::NoAnswer, Cause::Unreadable] {
            // A quiet account: nobody was served, ever or for some hours.
            for served in [false, true] {
                let (mut outages, start) = (Outages::default(), Instant::now());
                if served {
                    outages.done(of(0), &READING, start);
                }
                for round in 0..60 {
                    let now = start + 2 * RECENT_PERIOD + 10 * MINUTE * round;
                    for contract in 1..=5 {
                        let fault = fail_unknown(&mut outages, contract, cause, now);
                        let begins = !matches!(fault, Fault::OfAll { begins: None } | Fault::Own { .. });
                        assert!(!begins, "{cause:?} {served} {round} {contract}");
                    }
                    assert!(!outages.stops_every_look(), "{cause:?} {served} {round}");
                }
            }
        }
        // What does not depend on who is asked for is told all the same.
        let (mut outages, now) = (Outages::default(), Instant::now());
        assert_eq!(fail_unknown(&mut outages, 1, Cause::Unauthorized, now), TOLD);
    }

    #[test]
    fn what_only_a_notification_has_named_keeps_no_outage_on_and_hides_none() {
        let (mut outages, start) = (Outages::default(), Instant::now());
        for unknown in 10..20 {
            fail_unknown(&mut outages, unknown, Cause::NoAnswer, start);
        }
        fail(&mut outages, 1, Cause::NoAnswer, start);
        assert_eq!(fail(&mut outages, 1, Cause::NoAnswer, start + MINUTE), TOLD);
        outages.done(of(1), &READING, start + 2 * MINUTE);
        fail_unknown(&mut outages, 10, Cause::NoAnswer, start + 3 * MINUTE);
        assert!(!outages.stops_every_look());
        assert_eq!(outages.over(), READING);
        // Nor is a fault of one that is known less its own beside them.
        fail(&mut outages, 2, Cause::NoAnswer, start);
        outages.done(of(3), &READING, start);
        assert_eq!(fail(&mut outages, 2, Cause::NoAnswer, start), Fault::Own { is_news: true });
    }

    #[test]
    fn who_was_looked_at_by_another_process_keeps_no_outage_on() {
        let (mut outages, start) = (Outages::default(), Instant::now());
        fail(&mut outages, 1, Cause::Unauthorized, start);
        assert_eq!(outages.done(of(2), &READING, start + MINUTE), READING);
        assert_eq!(outages.over(), []);
        assert_eq!(outages.done(of(2), &READING, start + FORGOTTEN_AFTER + MINUTE), []);
        assert_eq!(outages.over(), READING);
    }
}
