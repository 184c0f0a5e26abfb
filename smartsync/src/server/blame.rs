//! The rules by which a failure is a contract's own, and by which it is told as an outage: the tables of decision 22.

use std::{fmt, time::Duration};

/// So many contracts that fail while others are served may each have a fault of its own. More are a part of the service.
const MAX_OWN: usize = 2;

/// An errand that was done for anybody within this time is not out for all.
const QUIET_PERIOD: Duration = Duration::from_secs(5 * 60);

/// A kind of request that a service does, or refuses, for all contracts alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Errand {
    ReadContract,
    ReadCandidate,
    WriteCard,
    AttachDocument,
    /// Whose the credentials are.
    Accounts,
    /// Our own memory.
    Ledger,
    /// A whole look, in its time.
    Look,
}

/// What went wrong with an errand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// 401.
    Unauthorized,
    /// A rate limit, no connection, a list that is for all contracts: never about one of them.
    Common,
    /// 403: the credentials do not suffice, for this contract or for any.
    Forbidden,
    /// No answer in time, or a fault of the service.
    NoAnswer,
    /// 404: it is not there, or the service says so to everything.
    Gone,
    /// An answer that nobody can use, or a refusal of the request itself.
    Unreadable,
}

/// An errand that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) errand: Errand,
    pub(crate) cause: Cause,
}

/// Whether the errand was done for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Served {
    /// Since this contract failed at it before.
    Since,
    /// Within the last hour.
    Lately,
    No,
}

impl Trouble {
    /// Whether it says something about the service, whoever named the contract. `is_known`: more than a notification speaks of it. Any id
    /// can be named by whoever has seen one notification, and to one that nobody has the service says whatever it likes.
    pub(crate) fn is_evidence(self, is_known: bool) -> bool {
        is_known
            || self.errand != Errand::ReadContract
            || matches!(self.cause, Cause::Unauthorized | Cause::Common)
    }
}

/// For whom there is an outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extent {
    Some,
    All,
}

/// Whether a failure is the contract's own. `failing`: the contracts whose last look failed at the errand, this one among them.
pub(crate) fn is_own(cause: Cause, served: Served, failing: usize) -> bool {
    let (is_served, is_alone, are_few) = (served == Served::Since, failing == 1, failing <= MAX_OWN);
    match cause {
        Cause::Unauthorized | Cause::Common => false,
        Cause::Forbidden => is_served && are_few || served == Served::Lately && is_alone,
        Cause::NoAnswer => is_served && are_few,
        Cause::Gone => is_served,
        Cause::Unreadable => is_served || is_alone,
    }
}

/// Whether a failure that is no contract's own shows an outage. `times`: so often in a row did the contract fail; `waiting`: so many
/// contracts fail at the errand for no fault of their own; `quiet`: so long ago was it done for anybody, if ever.
pub(crate) fn extent(cause: Cause, times: u32, waiting: usize, quiet: Option<Duration>) -> Option<Extent> {
    let enough = match cause {
        Cause::Unauthorized => return Some(Extent::All),
        // Once may be a slip.
        Cause::Common | Cause::Forbidden | Cause::NoAnswer => 2,
        // Some ten minutes: a file takes a while to be ready.
        Cause::Gone | Cause::Unreadable => 8,
    };
    let is_quiet = quiet.is_none_or(|ago| ago >= QUIET_PERIOD);
    if times < enough {
        None
    } else if is_quiet {
        // One contract that is not there was probably deleted.
        (cause != Cause::Gone || waiting > 1).then_some(Extent::All)
    } else {
        (cause != Cause::Gone && waiting > MAX_OWN).then_some(Extent::Some)
    }
}

impl Errand {
    /// As it is stored.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::ReadContract => "read-contract",
            Self::ReadCandidate => "read-candidate",
            Self::WriteCard => "write-card",
            Self::AttachDocument => "attach-document",
            Self::Accounts => "accounts",
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
            Self::Accounts => "checking which accounts the credentials belong to",
            Self::Ledger => "saving to the database",
            Self::Look => "finishing looks at contracts in time",
        })
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Some => " for some contracts",
            Self::All => "",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_fault_it_is_depends_on_the_answer_and_on_what_others_got() {
        use Served::{Lately, No, Since};

        // The columns: how others were served, and how many contracts fail. A letter for each: the contract's (O)wn, or of (a)ll.
        let columns = [(No, 1), (No, 2), (Lately, 1), (Lately, 2), (Since, 1), (Since, 2), (Since, 3)];
        for (cause, expected) in [
            (Cause::Unauthorized, "aaaaaaa"),
            (Cause::Common, "aaaaaaa"),
            (Cause::Forbidden, "aaOaOOa"),
            (Cause::NoAnswer, "aaaaOOa"),
            (Cause::Gone, "aaaaOOO"),
            (Cause::Unreadable, "OaOaOOO"),
        ] {
            let letter = |(served, failing)| if is_own(cause, served, failing) { 'O' } else { 'a' };
            assert_eq!(columns.into_iter().map(letter).collect::<String>(), expected, "{cause:?}");
        }
    }

    #[test]
    fn an_outage_is_told_where_nobody_is_served_or_many_are_not() {
        let just_now = Some(Duration::ZERO);
        // How often in a row, how many contracts, how long ago it was done. A letter for each: told for (A)ll, for (s)ome, or not.
        let columns = [
            (1, 3, None),
            (2, 1, None),
            (2, 2, just_now),
            (2, 3, just_now),
            (2, 1, Some(QUIET_PERIOD)),
            (8, 1, None),
            (8, 2, None),
            (8, 3, just_now),
        ];
        for (cause, expected) in [
            (Cause::Unauthorized, "AAAAAAAA"),
            (Cause::Common, "-A-sAAAs"),
            (Cause::Forbidden, "-A-sAAAs"),
            (Cause::NoAnswer, "-A-sAAAs"),
            (Cause::Gone, "------A-"),
            (Cause::Unreadable, "-----AAs"),
        ] {
            let letter = |(times, waiting, quiet)| match extent(cause, times, waiting, quiet) {
                Some(Extent::All) => 'A',
                Some(Extent::Some) => 's',
                None => '-',
            };
            assert_eq!(columns.into_iter().map(letter).collect::<String>(), expected, "{cause:?}");
        }
    }
}
