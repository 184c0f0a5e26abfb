//! One pass over the list of contracts: how far it has come, and what it looks at.

use std::time::Duration;

use jiff::Timestamp;
use oneflow_client::contracts::{Contract, ContractState};
use serde::{Deserialize, Serialize};

use crate::store::Seen;

/// A contract that was signed or otherwise ended longer ago is settled.
const RECENT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The clocks of Oneflow and of this machine differ by less, and Oneflow's times have whole seconds.
const SLACK: Duration = Duration::from_secs(120);

/// A pass that was interrupted longer ago is begun again.
const RESUMABLE: Duration = Duration::from_secs(60 * 60);

/// What may have shifted backwards while nobody looked is read again: a page.
const OVERLAP: u32 = 100;

/// How far a pass has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pass {
    pub(super) begun: Timestamp,
    /// Whether it looks at all that is not settled, changed or not.
    pub(super) is_full: bool,
    /// Contracts that were passed.
    pub(super) offset: u32,
}

impl Pass {
    pub(super) fn new(begun: Timestamp, is_full: bool) -> Self {
        Self { begun, is_full, offset: 0 }
    }

    pub(super) fn of_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Whether it may go on where it stopped.
    pub(super) fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.begun).unsigned_abs() < RESUMABLE
    }

    /// Where it goes on after a page with so many contracts: at the last of them.
    pub(super) fn step_on(self, contracts: usize) -> Self {
        let contracts = u32::try_from(contracts.saturating_sub(1)).unwrap_or(u32::MAX).max(1);
        Self { offset: self.offset.saturating_add(contracts), ..self }
    }

    /// Where an interrupted pass goes on, or one that has passed over something.
    pub(super) fn step_back(self) -> Self {
        Self { offset: self.offset.saturating_sub(OVERLAP), ..self }
    }

    /// Whether a contract that may concern a card is looked at; `seen`: what the last look at it saw.
    ///
    /// One that has changed since is, and of one that tells no time nobody knows. A pass over all also looks at what is pending, or has ended
    /// lately, since a data field need not move the time of its contract. What a person has to see to, or has said to leave alone, is looked at by neither
    /// before it has changed.
    pub(super) fn has_to_look(&self, contract: &Contract, seen: Option<Seen>) -> bool {
        let ended = contract.state_updated_time.as_ref().and_then(|time| time.instant());
        let is_open = contract.state == Some(ContractState::Pending)
            || ended.is_none_or(|at| is_since(at, self.begun, RECENT));
        if seen.is_some_and(|seen| is_set_aside(contract, seen)) {
            return false;
        }
        match (seen, contract.last_change()) {
            (None, _) => is_open,
            (Some(_), None) => true,
            (Some(Seen { last_change: Some(then), .. }), Some(now)) if now != then => true,
            // The look before has not read it.
            (Some(Seen { last_change: None, at, .. }), Some(now)) if is_since(now, at, SLACK) => true,
            (Some(_), Some(_)) => self.is_full && is_open,
        }
    }
}

/// Whether a person has to see to it, or has said to leave it alone, and it has not changed since then. One that tells no time has not:
/// whoever set it aside had a reason, and a notification brings it all the same.
fn is_set_aside(contract: &Contract, seen: Seen) -> bool {
    let has_changed = |since| {
        contract.last_change().is_some_and(|now| seen.last_change != Some(now) && is_since(now, since, SLACK))
    };
    seen.set_aside.is_some_and(|since| !has_changed(since))
}

fn is_since(time: Timestamp, since: Timestamp, span: Duration) -> bool {
    time.checked_add(span).is_ok_and(|time| time >= since)
}

#[cfg(test)]
mod tests {
    use oneflow_client::contracts::Contract;
    use serde_json::json;

    use super::*;

    const DAY: &str = "2031-03-15";

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    /// A contract by its state, the time of its state, and its own.
    fn contract(state: &str, state_changed: Option<&str>, changed: Option<&str>) -> Contract {
        let contract =
            json!({ "id": 1, "state": state, "state_updated_time": state_changed, "updated_time": changed });
        serde_json::from_value(contract).unwrap()
    }

    #[test]
    fn what_is_looked_at() {
        let (early, late) = ("2031-01-01T00:00:00Z", "2031-03-14T12:00:00Z");
        let saw = |change: Option<&str>| {
            let last_change = change.map(at);
            Some(Seen { at: at("2031-03-14T14:00:00Z"), last_change, set_aside: None })
        };
        let rows = [
            // state, its time, the contract's time, what was seen; looked at by a pass for changes, and by one over all
            ("pending", Some(early), Some(early), None, true, true),
            ("signed", Some(early), Some(early), None, false, false),
            ("signed", Some(late), Some(late), None, true, true),
            ("signed", None, None, None, true, true),
            ("pending", Some(early), Some(late), saw(Some(early)), true, true),
            ("signed", Some(late), Some(early), saw(Some(early)), true, true),
            ("signed", Some(early), Some(late), saw(Some(early)), true, true),
            ("pending", Some(early), Some(late), saw(Some(late)), false, true),
            ("signed", Some(late), Some(late), saw(Some(late)), false, true),
            ("signed", Some(early), Some(early), saw(Some(early)), false, false),
            ("pending", None, None, saw(Some(late)), true, true),
            // The last look failed before it had read the contract.
            ("signed", Some(early), Some("2031-03-14T13:59:00Z"), saw(None), true, true),
            ("signed", Some(early), Some("2031-03-14T13:57:00Z"), saw(None), false, false),
        ];
        for (row, (state, state_changed, changed, seen, by_change, by_all)) in rows.into_iter().enumerate() {
            let contract = contract(state, state_changed, changed);
            let begun = at(&format!("{DAY}T00:00:00Z"));
            let by = |is_full| Pass::new(begun, is_full).has_to_look(&contract, seen);
            assert_eq!((by(false), by(true)), (by_change, by_all), "row {row}");
        }
    }

    #[test]
    fn what_was_set_aside_is_looked_at_once_it_has_changed() {
        let since = "2031-03-14T14:00:00Z";
        let pass = Pass::new(at(since), true);
        let (before, just_before, after) =
            ("2031-03-14T12:00:00Z", "2031-03-14T13:59:00Z", "2031-03-14T14:30:00Z");
        for (row, (changed, seen, expected)) in [
            (Some(after), Some(before), true),
            (Some(after), None, true),
            // Nobody knows what the clocks say.
            (Some(just_before), Some(before), true),
            (Some(just_before), Some(just_before), false),
            // Before the last look failed, which therefore saw an earlier change.
            (Some(before), Some("2031-03-01T09:00:00Z"), false),
            (Some(before), None, false),
            (None, Some(before), false),
        ]
        .into_iter()
        .enumerate()
        {
            let contract = contract("pending", changed, changed);
            let seen = Seen { at: at(since), last_change: seen.map(at), set_aside: Some(at(since)) };
            assert_eq!(pass.has_to_look(&contract, Some(seen)), expected, "row {row}");
        }
    }

    #[test]
    fn an_interrupted_pass_goes_on_a_page_before_where_it_stopped() {
        let begun = at("2031-03-15T00:00:00Z");
        let pass = Pass { offset: 700, ..Pass::new(begun, true) };
        let kept = Pass::of_text(&pass.to_text()).unwrap();
        assert_eq!(kept, pass);
        assert!(kept.is_recent(at("2031-03-15T00:59:00Z")) && !kept.is_recent(at("2031-03-15T01:00:00Z")));
        assert_eq!((kept.clone().step_on(100).offset, kept.clone().step_on(1).offset), (799, 701));
        assert_eq!((kept.clone().step_back().offset, Pass::new(begun, true).step_back().offset), (600, 0));
        assert_eq!(Pass::of_text("17"), None);
    }
}
