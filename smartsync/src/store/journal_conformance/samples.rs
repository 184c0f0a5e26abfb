//! Looks to note: with every member, and of every kind.

use std::time::Duration;

use jiff::Timestamp;

use smartsync_core::{
    outcome::{BaseState, SideState, SideStates},
    plan::Take,
};

use crate::store::journal::{Action, Decided, DecisionEnd, Look, LookedField, NextLook, Occasion, Trigger};

/// Times after this one.
pub(super) struct Samples(Timestamp);

impl From<Timestamp> for Samples {
    fn from(now: Timestamp) -> Self {
        Self(now)
    }
}

impl Samples {
    pub(super) fn at(&self, seconds: u64) -> Timestamp {
        self.0.checked_add(Duration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }

    /// One with each trigger, each that comes next and each action, and with each member there and not there.
    pub(super) fn of_each_kind(&self) -> Vec<Look> {
        let mut looks = vec![seen(0, self.at(0), true), failed(0, self.at(0))];
        for trigger in [Trigger::Notification, Trigger::Retry(3), Trigger::Sweep, Trigger::ByHand] {
            looks.push(Look::without_end(Occasion::new(0.into(), trigger, self.at(0)), NextLook::None));
        }
        let at = self.at(60);
        for next in [NextLook::Left, NextLook::At(at), NextLook::WithRoom(at), NextLook::Parked] {
            let mut look = seen(0, self.at(0), false);
            (look.next, look.document, look.fields) = (next, Some(("attached".to_owned(), None)), Vec::new());
            looks.push(look);
        }
        for action in Action::ALL {
            looks.push(Look::by_hand(action, 0.into(), self.at(0), Some("4711".into())));
        }
        for (take, by) in [(Take::Contract, None), (Take::Card, Some("Rae"))] {
            let begun = self.decided(0, take, by);
            for end in [DecisionEnd::Applied, DecisionEnd::Refused("changed-meanwhile".to_owned())] {
                let mut ended = begun.clone();
                ended.decided = ended.decided.map(|decided| decided.ended(end));
                looks.push(ended);
            }
            looks.push(begun);
        }
        looks
    }

    /// A decision about a field of the candidate 4711.
    pub(super) fn decided(&self, contract: i64, take: Take, by: Option<&str>) -> Look {
        let decided = Decided::new("custom:oneflow-city", take, &"0b".repeat(32)).by(by);
        Look::of_decision(decided, contract.into(), self.at(0), Some("4711".into()))
    }

    /// A look that found no more than that the candidate was forgotten.
    pub(super) fn without_candidate_who_was_forgotten(&self, contract: i64) -> Look {
        let mut look = seen(contract, self.at(0), false);
        look.candidate = None;
        look.fields = vec![field("oneflow-city", "skipped", Some("candidate-forgotten"))];
        look
    }
}

/// A look that failed as a whole.
pub(super) fn failed(contract: i64, at: Timestamp) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Retry(2), at);
    Look::without_end(occasion.cost(Duration::from_millis(1250), 7), NextLook::At(at))
}

/// A look that found the candidate 4711, and that the contract drifts, or not.
pub(super) fn seen(contract: i64, at: Timestamp, drifts: bool) -> Look {
    let occasion = Occasion::new(contract.into(), Trigger::Notification, at);
    let mut look = Look::without_end(occasion.cost(Duration::from_millis(350), 4), NextLook::None);
    look.error = None;
    (look.candidate, look.state) = (Some("4711".into()), Some("pending".to_owned()));
    (look.last_change, look.plan) = (Some(at), Some("0a".repeat(32)));
    let (outcome, reason) = if drifts { ("held", Some("conflict-held")) } else { ("unchanged", None) };
    look.fields = vec![field("oneflow-city", outcome, reason), field("oneflow-notice", "written", None)];
    look.fields[0].member = Some("value".to_owned());
    look.fields[0].sides = Some(SideStates::new(BaseState::Value, SideState::Moved, SideState::Empty));
    look.document = Some(("not_due".to_owned(), Some("not-signed-yet".to_owned())));
    look.drifts = Some(drifts);
    look
}

fn field(name: &str, outcome: &str, reason: Option<&str>) -> LookedField {
    LookedField::new(name, &format!("custom:{name}"), outcome, reason)
}
