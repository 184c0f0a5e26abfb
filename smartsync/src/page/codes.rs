//! Codes that are stored, in words.

use smartsync_core::outcome::SideStates;

use crate::{
    store::{Action, Age, Decided},
    words::Words,
};

impl Words {
    /// How a field or a document ended.
    pub(super) fn outcome(&self, code: &str) -> String {
        (self.code.outcome)(code).unwrap_or(code).to_owned()
    }

    /// The state of a contract.
    pub(super) fn state(&self, code: &str) -> String {
        (self.code.state)(code).unwrap_or(code).to_owned()
    }

    /// Why a look began, of the name of that.
    pub(super) fn because_of_code(&self, code: &str) -> String {
        (self.code.trigger)(code).unwrap_or(code).to_owned()
    }

    /// What a person did.
    pub(super) fn action(&self, action: Action) -> String {
        (self.code.action)(action.as_str()).unwrap_or(action.as_str()).to_owned()
    }

    /// What a person decided.
    pub(super) fn decided(&self, decided: &Decided) -> String {
        let said = (self.decide.decided)(&decided.field, decided.take, decided.by.as_deref());
        let Some(end) = &decided.ended else { return said };
        let why = end.why().map(|why| format!(" {}", self.why(why))).unwrap_or_default();
        format!("{said}: {}{why}", (self.decide.ended)(end))
    }

    /// How base, contract and card of a field relate.
    pub(super) fn sides(&self, sides: SideStates) -> String {
        let words = &self.decide;
        let edit = sides.edit().map(words.edit);
        let states =
            [(words.base)(sides.base), (words.contract_side)(sides.contract), (words.card_side)(sides.card)];
        edit.into_iter().chain(states).collect::<Vec<_>>().join(" ")
    }

    /// How long ago the last look was.
    pub(super) fn age(&self, age: &Age) -> &'static str {
        (self.contracts.aged)(*age)
    }

    /// A word of the mapping.
    pub(super) fn rule(&self, code: &str) -> String {
        (self.code.rule)(code).unwrap_or(code).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use smartsync_core::Reason;

    use super::*;
    use crate::{store::Trigger, words::WORDS};

    #[test]
    fn every_code_of_this_version_has_a_word_and_another_is_itself() {
        for action in Action::ALL {
            assert!((WORDS.code.action)(action.as_str()).is_some(), "{action:?}");
        }
        for trigger in [Trigger::Notification, Trigger::Retry(2), Trigger::Sweep, Trigger::ByHand] {
            assert!((WORDS.code.trigger)(trigger.as_str()).is_some(), "{trigger:?}");
        }
        assert_eq!(WORDS.because_of(Trigger::Retry(2)), "retry 2");
        assert_eq!(WORDS.why("conflict-held"), Reason::ConflictHeld.sentence());
        assert_eq!(
            (WORDS.why("of-tomorrow"), WORDS.outcome("later")),
            ("of-tomorrow".to_owned(), "later".to_owned())
        );
    }
}
