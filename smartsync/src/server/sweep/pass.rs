//! One pass over the list of contracts: how far it has come, and what it looks at.

use std::time::Duration;

use jiff::Timestamp;
use oneflow_client::contracts::{Contract, ContractState};
use serde::{Deserialize, Serialize};

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

    /// Where an interrupted pass goes on.
    pub(super) fn step_back(self) -> Self {
        Self { offset: self.offset.saturating_sub(OVERLAP), ..self }
    }

    /// Whether a contract that may concern a card is looked at; `looked`: when the last look at it began.
    ///
    /// One that has changed since is, and of one that tells no time nobody knows. A pass over all also looks at what is pending, or has ended
    /// lately, since a data field need not move the time of its contract.
    pub(super) fn has_to_look(&self, contract: &Contract, looked: Option<Timestamp>) -> bool {
        let instant =
            |time: &Option<smartsync_transport::Timestamp>| time.as_ref().and_then(|time| time.instant());
        let (state_changed, changed) =
            (instant(&contract.state_updated_time), instant(&contract.updated_time));
        let is_since = |time: Timestamp, since: Timestamp, span: Duration| {
            time.checked_add(span).is_ok_and(|time| time >= since)
        };
        let is_open = contract.state == Some(ContractState::Pending)
            || state_changed.is_none_or(|at| is_since(at, self.begun, RECENT));
        match (looked, state_changed.max(changed)) {
            (None, _) => is_open,
            (Some(looked), Some(changed)) if is_since(changed, looked, SLACK) => true,
            (Some(_), None) => true,
            (Some(_), Some(_)) => self.is_full && is_open,
        }
    }
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
        let (early, late) = (Some("2031-01-01T00:00:00Z"), Some("2031-03-14T12:00:00Z"));
        let before = at("2031-03-14T10:00:00Z");
        let after = at("2031-03-14T14:00:00Z");
        let rows = [
            // state, its time, the contract's time, last look; looked at by a pass for changes, and by one over all
            ("pending", early, early, None, true, true),
            ("signed", early, early, None, false, false),
            ("signed", late, late, None, true, true),
            ("signed", None, None, None, true, true),
            ("pending", early, late, Some(before), true, true),
            ("signed", late, early, Some(before), true, true),
            ("signed", early, late, Some(before), true, true),
            ("pending", early, late, Some(after), false, true),
            ("signed", late, late, Some(after), false, true),
            ("signed", early, early, Some(after), false, false),
            ("pending", None, None, Some(after), true, true),
        ];
        for (row, (state, state_changed, changed, looked, by_change, by_all)) in rows.into_iter().enumerate()
        {
            let contract = contract(state, state_changed, changed);
            let begun = at(&format!("{DAY}T00:00:00Z"));
            let by = |is_full| Pass::new(begun, is_full).has_to_look(&contract, looked);
            assert_eq!((by(false), by(true)), (by_change, by_all), "row {row}");
        }
    }

    #[test]
    fn a_change_within_the_slack_of_the_clocks_is_looked_at_once_more() {
        let changed = contract("pending", None, Some("2031-03-14T12:00:00Z"));
        let pass = Pass::new(at("2031-03-15T00:00:00Z"), false);
        assert!(pass.has_to_look(&changed, Some(at("2031-03-14T12:02:00Z"))));
        assert!(!pass.has_to_look(&changed, Some(at("2031-03-14T12:02:01Z"))));
    }

    #[test]
    fn an_interrupted_pass_goes_on_a_page_before_where_it_stopped() {
        let begun = at("2031-03-15T00:00:00Z");
        let pass = Pass { offset: 700, ..Pass::new(begun, true) };
        let kept = Pass::of_text(&pass.to_text()).unwrap();
        assert_eq!(kept, pass);
        assert!(kept.is_recent(at("2031-03-15T00:59:00Z")) && !kept.is_recent(at("2031-03-15T01:00:00Z")));
        assert_eq!((kept.clone().step_back().offset, Pass::new(begun, true).step_back().offset), (600, 0));
        assert_eq!(Pass::of_text("17"), None);
    }
}
