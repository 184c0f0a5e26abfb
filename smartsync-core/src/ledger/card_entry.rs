//! What is stored of one candidate's card: which values the sync itself wrote there, through whichever contract.

use std::collections::BTreeMap;

use oneflow_client::ContractId;
use serde::{Deserialize, Serialize};

use super::digest::Digest;

/// How many writes that may still take effect are stored for each field: the newest.
const MOST_LATE: usize = 4;

/// What is stored of one candidate's card, whichever contracts the values came from. It holds digests only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CardEntry {
    /// By field of the card: `email`, or `custom:31` by id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, CardField>,
}

/// What is stored of one field of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CardField {
    /// The value that the sync itself wrote last. As long as the card holds it, it is nobody's edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ours: Option<Digest>,
    /// Writes whose outcome is unknown: at most one of each contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<WriteAttempt>,
    /// The values of earlier such writes. Each of them may still arrive.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub late: Vec<Digest>,
}

/// An attempt to write. It is in the ledger before the request goes out, and is removed once its outcome is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WriteAttempt {
    /// The contract that the value comes from.
    pub contract: ContractId,
    /// What the card held before.
    pub seen: Digest,
    /// What it writes over that.
    pub value: Digest,
}

impl CardEntry {
    /// What is stored of the field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&CardField> {
        self.fields.get(name)
    }

    /// Changes what is stored of the field, and drops the field if nothing is left.
    pub(crate) fn change(&mut self, name: &str, change: impl FnOnce(&mut CardField)) {
        let mut field = self.fields.remove(name).unwrap_or_default();
        change(&mut field);
        if field != CardField::default() {
            self.fields.insert(name.to_owned(), field);
        }
    }
}

impl CardField {
    /// The attempt of this contract whose outcome is still unknown.
    #[must_use]
    pub fn attempt(&self, contract: ContractId) -> Option<&WriteAttempt> {
        self.attempts.iter().find(|attempt| attempt.contract == contract)
    }

    /// A write is about to go out. `outdated` is what `ours` was when the card was read and already held something
    /// else: if a person sets that value again, it is an edit that is newer than this write.
    pub(crate) fn begin(&mut self, attempt: WriteAttempt, outdated: Option<&Digest>) {
        if let Some(ours) = outdated {
            self.outdate(ours);
        }
        if self.attempt(attempt.contract).is_some_and(|before| before.value != attempt.value) {
            self.give_up(attempt.contract);
        }
        self.attempts.retain(|before| before.contract != attempt.contract);
        self.attempts.push(attempt);
    }

    /// The card does not hold `ours` any more. Changes nothing if `ours` has become another value meanwhile.
    pub(crate) fn outdate(&mut self, ours: &Digest) {
        self.ours.take_if(|known| known == ours);
    }

    /// The write has ended, and the one before it, of unknown outcome, is as it was.
    pub(crate) fn restore(&mut self, attempt: WriteAttempt) {
        self.take_back(attempt.contract);
        self.attempts.push(attempt);
    }

    /// The write had no effect, and will have none.
    pub(crate) fn take_back(&mut self, contract: ContractId) {
        self.attempts.retain(|attempt| attempt.contract != contract);
    }

    /// The card does not show the write. It may still arrive.
    pub(crate) fn give_up(&mut self, contract: ContractId) {
        if let Some(attempt) = self.attempt(contract).cloned() {
            self.take_back(contract);
            self.keep_late(attempt.value);
        }
    }

    /// The sync itself may have written `value` to the card, or may still do so.
    pub(crate) fn keep_late(&mut self, value: Digest) {
        self.late.retain(|late| *late != value);
        self.late.push(value);
        let surplus = self.late.len().saturating_sub(MOST_LATE);
        self.late.drain(..surplus);
    }

    /// The sync itself has written `value` to the card.
    pub(crate) fn put(&mut self, contract: ContractId, value: &Digest) {
        let seen = self.attempt(contract).map(|attempt| attempt.seen.clone());
        self.take_back(contract);
        // Another contract has written since this one saw the card. Nobody knows which of the two came last.
        if let Some(other) = self.ours.take()
            && seen.is_some_and(|seen| seen != other)
        {
            self.keep_late(other);
        }
        self.late.retain(|late| late != value);
        self.ours = Some(value.clone());
    }

    /// The card and the contract hold the same, or did when they were read: `ours_before` was `ours` then. `value` is the
    /// sync's own if `is_ours`, else a person put it there.
    pub(crate) fn agree(
        &mut self,
        contract: ContractId,
        value: &Digest,
        ours_before: Option<&Digest>,
        is_ours: bool,
    ) {
        if self.attempt(contract).is_some_and(|attempt| attempt.value != *value) {
            self.give_up(contract);
        }
        self.take_back(contract);
        // Another contract has put something there meanwhile.
        if self.ours.as_ref() != ours_before {
            return;
        }
        if is_ours {
            return self.put(contract, value);
        }
        self.ours = None;
    }

    /// A person has said that what the card holds is theirs. `of_card` is how it is known as what the sync itself put there, or may have.
    pub(crate) fn becomes_a_persons(&mut self, contract: ContractId, of_card: &[Digest]) {
        let is_theirs = |digest: &Digest| of_card.contains(digest);
        // What has arrived is not late; what has not may still come.
        self.attempts.retain(|attempt| !is_theirs(&attempt.value));
        self.give_up(contract);
        self.late.retain(|late| !is_theirs(late));
        self.ours.take_if(|ours| is_theirs(ours));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str) -> Digest {
        serde_json::from_value(text.into()).unwrap()
    }

    fn attempt(contract: i64, value: &str) -> WriteAttempt {
        WriteAttempt { contract: contract.into(), seen: digest("seen"), value: digest(value) }
    }

    #[test]
    fn a_write_that_is_begun_again_takes_the_place_of_the_one_before() {
        let mut field = CardField::default();
        field.begin(attempt(1, "a"), None);
        field.begin(attempt(2, "b"), None);
        field.begin(attempt(1, "a"), None);
        assert_eq!(field.attempts, [attempt(2, "b"), attempt(1, "a")]);
        assert_eq!(field.late, []);
        field.begin(attempt(1, "c"), None);
        assert_eq!(field.late, [digest("a")], "it may still arrive");
    }

    #[test]
    fn only_the_newest_late_writes_are_remembered_each_once() {
        let mut field = CardField::default();
        for value in ["a", "b", "a", "c", "d", "e"] {
            field.begin(attempt(1, value), None);
            field.give_up(1.into());
        }
        assert_eq!(field.late, ["a", "c", "d", "e"].map(digest));
        assert_eq!(field.attempts, []);
    }

    #[test]
    fn what_is_known_to_have_arrived_is_not_late_any_more() {
        let mut field = CardField { late: vec![digest("a"), digest("b")], ..CardField::default() };
        field.begin(attempt(1, "b"), None);
        field.put(1.into(), &digest("b"));
        assert_eq!(
            field,
            CardField { ours: Some(digest("b")), late: vec![digest("a")], attempts: Vec::new() }
        );
    }

    #[test]
    fn a_value_that_a_person_typed_is_not_ours_though_both_sides_hold_it() {
        let mut field = CardField { ours: Some(digest("a")), ..CardField::default() };
        field.begin(attempt(1, "b"), None);
        field.agree(1.into(), &digest("c"), Some(&digest("a")), false);
        assert_eq!(field, CardField { ours: None, late: vec![digest("b")], attempts: Vec::new() });
    }

    #[test]
    fn what_a_person_keeps_is_theirs_whoever_had_put_it_there_and_what_was_begun_may_still_arrive() {
        let mut field = CardField { ours: Some(digest("a")), ..CardField::default() };
        field.begin(attempt(2, "a"), None);
        field.begin(attempt(3, "c"), None);
        field.begin(attempt(1, "b"), None);
        field.keep_late(digest("a"));
        field.becomes_a_persons(1.into(), &[digest("a")]);
        assert_eq!(field, CardField { ours: None, attempts: vec![attempt(3, "c")], late: vec![digest("b")] });
    }

    #[test]
    fn what_another_contract_has_put_there_since_stays_ours() {
        for is_ours in [false, true] {
            let mut field = CardField { ours: Some(digest("b")), ..CardField::default() };
            field.begin(attempt(1, "a"), None);
            field.agree(1.into(), &digest("a"), None, is_ours);
            assert_eq!(field, CardField { ours: Some(digest("b")), ..CardField::default() });
        }
    }

    #[test]
    fn what_the_card_does_not_hold_any_more_is_forgotten_with_the_next_write_unless_it_is_newer() {
        for (ours, expected) in [("a", None), ("b", Some(digest("b")))] {
            let mut field = CardField { ours: Some(digest(ours)), ..CardField::default() };
            field.begin(attempt(1, "c"), Some(&digest("a")));
            assert_eq!(field.ours, expected);
        }
    }

    #[test]
    fn a_write_whose_end_is_not_known_outlives_a_later_one_that_had_no_effect() {
        let mut field = CardField::default();
        field.begin(attempt(1, "a"), None);
        field.begin(attempt(1, "b"), None);
        field.restore(attempt(1, "a"));
        assert_eq!(field.attempts, [attempt(1, "a")]);
    }

    #[test]
    fn of_two_writes_at_one_time_either_may_have_come_last() {
        let mut field = CardField { ours: Some(digest("seen")), ..CardField::default() };
        field.begin(attempt(1, "a"), None);
        field.begin(attempt(2, "b"), None);
        field.put(1.into(), &digest("a"));
        assert_eq!(field.late, []);
        field.put(2.into(), &digest("b"));
        assert_eq!((field.ours, field.late), (Some(digest("b")), vec![digest("a")]));
    }

    #[test]
    fn a_card_keeps_nothing_of_a_field_of_which_nothing_is_remembered() {
        let mut card = CardEntry::default();
        card.change("email", |field| field.begin(attempt(1, "a"), None));
        assert!(card.field("email").is_some());
        card.change("email", |field| field.take_back(1.into()));
        assert_eq!(card, CardEntry::default());
    }
}
