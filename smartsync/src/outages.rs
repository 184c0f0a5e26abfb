//! Whose fault it is that a look failed: the contract's own, or that of something that fails every contract alike.
//!
//! Nobody but the service knows, so it is told by what became of other contracts meanwhile, each kind of request by itself: a key that
//! may read and not write has its reads answered all the same. It is kept in memory only. After a restart it is learnt anew, and until
//! then nothing is counted against a contract for which a service may be to blame.

use std::{collections::BTreeMap, fmt, time::Duration};

use oneflow_client::ContractId;
use tokio::time::Instant;

/// So long after it was done for another contract, a service that refuses one is taken to refuse that one only. Shorter than the time
/// after which a contract is parked, so that what is refused to all from now on parks nothing.
const LATELY: Duration = Duration::from_secs(60 * 60);

/// Contracts of which it is known how they failed. Beyond it, it is learnt anew.
const MOST: usize = 10_000;

/// A kind of request that a service does, or refuses, for all contracts alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Errand {
    ReadContract,
    ReadCandidate,
    WriteCard,
    AttachDocument,
    /// Our own memory.
    Ledger,
    /// A whole look, in its time.
    Look,
}

impl Errand {
    /// As it is stored.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::ReadContract => "read-contract",
            Self::ReadCandidate => "read-candidate",
            Self::WriteCard => "write-card",
            Self::AttachDocument => "attach-document",
            Self::Ledger => "ledger",
            Self::Look => "look",
        }
    }
}

impl fmt::Display for Errand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadContract => "reading contracts from Oneflow",
            Self::ReadCandidate => "reading candidates from Teamtailor",
            Self::WriteCard => "writing to candidates' cards in Teamtailor",
            Self::AttachDocument => "attaching signed documents",
            Self::Ledger => "remembering in the database",
            Self::Look => "looking at contracts in time",
        })
    }
}

/// What went wrong with an errand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// 401: that is never about one contract.
    Unauthorized,
    /// 403: the credentials do not suffice, for this contract or for any.
    Forbidden,
    /// No answer, a busy service, a fault of its own.
    NoAnswer,
    /// An answer that nobody can use, or a refusal of the request itself.
    Unreadable,
}

/// An errand that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) errand: Errand,
    pub(crate) cause: Cause,
}

/// Whose fault it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    OfContract,
    /// Nothing that this contract could be parked for. `begins`: from now on it counts as an outage.
    OfAll {
        begins: bool,
    },
}

/// What is known of each errand, and of the contracts that wait because of one.
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
    /// How often it failed since.
    failed: u32,
    /// For whom it failed first since then.
    first_failed: Option<ContractId>,
    /// Whether it failed for others as well since then.
    has_failed_others: bool,
    is_out: bool,
}

#[derive(Debug)]
struct Failing {
    errand: Errand,
    /// How often the errand had been done when it failed.
    done: u64,
    was_own: bool,
}

impl Outages {
    /// Notes that an errand failed for a contract.
    pub(crate) fn failed(&mut self, contract: ContractId, trouble: Trouble, now: Instant) -> Fault {
        let Trouble { errand, cause } = trouble;
        let standing = self.standings.entry(errand).or_default();
        let before = self.failing.get(&contract).filter(|failing| failing.errand == errand);
        let first = *standing.first_failed.get_or_insert(contract);
        standing.has_failed_others |= first != contract;
        standing.failed = standing.failed.saturating_add(1);

        let is_done_meanwhile = before.is_some_and(|failing| standing.done > failing.done);
        let is_lately = |at: Instant| now.saturating_duration_since(at) <= LATELY;
        let is_done_lately = standing.last.is_some_and(|(other, at)| other != contract && is_lately(at));
        let is_own = match cause {
            Cause::Unauthorized => false,
            Cause::NoAnswer => is_done_meanwhile,
            Cause::Forbidden => is_done_meanwhile || is_done_lately && !standing.has_failed_others,
            Cause::Unreadable => is_done_meanwhile || !standing.has_failed_others,
        };
        let was_own = before.is_some_and(|failing| failing.was_own);
        // One failure may be a slip, and what is known to be one contract's own says nothing of the others.
        let is_outage = cause == Cause::Unauthorized || standing.failed > 1 && !was_own;
        let begins = !is_own && is_outage && !standing.is_out;
        standing.is_out |= begins;
        if self.failing.len() >= MOST {
            self.failing.clear();
        }
        self.failing.insert(contract, Failing { errand, done: standing.done, was_own: was_own || is_own });
        if is_own { Fault::OfContract } else { Fault::OfAll { begins } }
    }

    /// Notes what was done for a contract. Returns the outages that are over.
    pub(crate) fn done(&mut self, contract: ContractId, errands: &[Errand], now: Instant) -> Vec<Errand> {
        if self.failing.get(&contract).is_some_and(|failing| errands.contains(&failing.errand)) {
            self.failing.remove(&contract);
        }
        let mut over = Vec::new();
        for errand in errands {
            let standing = self.standings.entry(*errand).or_default();
            if standing.is_out {
                over.push(*errand);
            }
            let done = standing.done.saturating_add(1);
            *standing = Standing { done, last: Some((contract, now)), ..Standing::default() };
        }
        over
    }

    /// Whether an outage of this errand was told.
    pub(crate) fn is_out(&self, errand: Errand) -> bool {
        self.standings.get(&errand).is_some_and(|standing| standing.is_out)
    }

    /// Nothing is known of the contract any more.
    pub(crate) fn forget(&mut self, contract: ContractId) {
        self.failing.remove(&contract);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: [Errand; 1] = [Errand::ReadContract];

    fn trouble(cause: Cause) -> Trouble {
        Trouble { errand: Errand::ReadContract, cause }
    }

    fn of(contract: i64) -> ContractId {
        ContractId::new(contract)
    }

    #[test]
    fn an_outage_is_told_at_the_second_failure_and_a_refused_key_at_the_first_and_each_once() {
        for (cause, begins) in [
            (Cause::NoAnswer, [false, true, false, false]),
            (Cause::Unauthorized, [true, false, false, false]),
        ] {
            let (mut outages, now) = (Outages::default(), Instant::now());
            for (contract, begins) in [1, 2, 1, 3].into_iter().zip(begins) {
                assert_eq!(outages.failed(of(contract), trouble(cause), now), Fault::OfAll { begins });
            }
            assert!(outages.is_out(Errand::ReadContract));
            assert_eq!(outages.done(of(4), &READING, now), READING);
            assert_eq!(outages.done(of(4), &READING, now), []);
            assert!(!outages.is_out(Errand::ReadContract));
        }
    }

    #[test]
    fn without_an_answer_it_is_the_contracts_own_fault_only_if_another_was_answered_meanwhile() {
        let (mut outages, now) = (Outages::default(), Instant::now());
        let fail = |outages: &mut Outages| outages.failed(of(1), trouble(Cause::NoAnswer), now);
        outages.done(of(2), &READING, now);
        assert_eq!(fail(&mut outages), Fault::OfAll { begins: false }, "that was before");
        outages.done(of(2), &[Errand::WriteCard], now);
        assert_eq!(fail(&mut outages), Fault::OfAll { begins: true }, "that was another errand");
        outages.done(of(2), &READING, now);
        assert_eq!(fail(&mut outages), Fault::OfContract);
        assert_eq!(
            fail(&mut outages),
            Fault::OfAll { begins: false },
            "known for its own, it tells of no outage"
        );
        outages.done(of(1), &READING, now);
        assert_eq!(fail(&mut outages), Fault::OfAll { begins: false }, "it is as new");
    }

    #[test]
    fn what_is_forbidden_is_the_contracts_own_if_others_were_served_lately_and_none_was_forbidden_since() {
        let (mut outages, now) = (Outages::default(), Instant::now());
        let fail = |outages: &mut Outages, contract, now| {
            outages.failed(of(contract), trouble(Cause::Forbidden), now)
        };
        outages.done(of(1), &READING, now);
        assert_eq!(fail(&mut outages, 1, now), Fault::OfAll { begins: false }, "only it was served itself");
        outages.done(of(2), &READING, now);
        assert_eq!(fail(&mut outages, 1, now), Fault::OfContract);
        assert_eq!(fail(&mut outages, 1, now + LATELY), Fault::OfContract);
        let later = now + LATELY + Duration::from_secs(1);
        assert_eq!(fail(&mut outages, 1, later), Fault::OfAll { begins: false });
        outages.done(of(2), &READING, later);
        assert_eq!(fail(&mut outages, 3, later), Fault::OfContract);
        assert_eq!(fail(&mut outages, 4, later), Fault::OfAll { begins: true });
    }

    #[test]
    fn what_nobody_can_read_is_the_contracts_own_as_long_as_only_one_is_so() {
        let (mut outages, now) = (Outages::default(), Instant::now());
        let fail =
            |outages: &mut Outages, contract| outages.failed(of(contract), trouble(Cause::Unreadable), now);
        assert_eq!(fail(&mut outages, 1), Fault::OfContract);
        assert_eq!(fail(&mut outages, 1), Fault::OfContract);
        assert_eq!(fail(&mut outages, 2), Fault::OfAll { begins: true });
        assert_eq!(fail(&mut outages, 1), Fault::OfAll { begins: false });
        outages.done(of(3), &READING, now);
        assert_eq!(fail(&mut outages, 1), Fault::OfContract);
    }
}
