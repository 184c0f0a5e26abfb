//! A change to what the ledger stores, as data: a store applies it inside a transaction of its own.

use oneflow_client::ContractId;
use teamtailor_client::CandidateId;

use super::{
    card_entry::CardEntry, card_entry::WriteAttempt, digest::Digest, entry::DocumentRecord,
    entry::LedgerEntry, overwrites::Overwrites, overwrites::Places, overwrites::Updated,
};
use crate::mapping::LinkMethod;

/// A change to what is stored of one contract and of its candidate's card.
///
/// It is data, so a store may move it to another thread, and apply it again if a transaction has to be repeated.
/// [`Ledger::update`](crate::Ledger::update) says how.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerChange {
    contract: ContractId,
    candidate: CandidateId,
    parts: Vec<Part>,
    /// What is about to be overwritten: if the limit does not allow it, nothing is changed.
    taken: Option<Places>,
    given_back: Vec<Places>,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Bind(Option<LinkMethod>),
    BindByHand,
    Set(Box<(LedgerEntry, CardEntry)>),
    Base(String, Digest),
    FirstBase(String, Digest),
    Agree(Agreed),
    Keep(Kept),
    Document(Option<DocumentRecord>),
    Begin(String, WriteAttempt, Option<Digest>),
    TakeBack(String),
    Restore(String, WriteAttempt),
    GiveUp(String),
    Late(String, Digest),
    Outdate(String, Digest),
    Put(String, Digest),
}

/// A value on which both sides were found to agree.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Agreed {
    pub(crate) data_field: String,
    /// The base when the two sides were read. If there is another by now, that one is newer.
    pub(crate) before: Option<Digest>,
    pub(crate) base: Digest,
    /// The field of the card.
    pub(crate) field: String,
    pub(crate) card: Digest,
    /// What the sync itself had last written to the card when the two sides were read. If that is something else by
    /// now, that is newer.
    pub(crate) ours_before: Option<Digest>,
    /// Whether the sync itself wrote the value to the card.
    pub(crate) is_ours: bool,
}

/// A value of the card that a person keeps, though the contract holds another one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) data_field: String,
    /// The base when the two sides were read. If there is another by now, that one is newer.
    pub(crate) before: Option<Digest>,
    /// The contract's value: what both sides count as agreed on, so that it is written only once it changes.
    pub(crate) base: Digest,
    /// The field of the card.
    pub(crate) field: String,
    /// What the ledger knows of the value on the card as one that the sync itself may have put there. From now on it is a person's.
    pub(crate) of_card: Vec<Digest>,
}

impl LedgerChange {
    /// A change that changes nothing yet.
    pub(crate) fn new(contract: ContractId, candidate: CandidateId) -> Self {
        Self { contract, candidate, parts: Vec::new(), taken: None, given_back: Vec::new() }
    }

    /// Replaces what is stored of the contract and of the candidate's card: to import from another ledger.
    #[must_use]
    pub fn set(contract: ContractId, candidate: CandidateId, entry: LedgerEntry, card: CardEntry) -> Self {
        let parts = vec![Part::Set(Box::new((entry, card)))];
        Self { parts, ..Self::new(contract, candidate) }
    }

    /// Whose contract it is, unless the ledger knows it already, and by which method that was found: a better method
    /// than the stored one replaces it.
    pub(crate) fn bind(mut self, method: Option<LinkMethod>) -> Self {
        self.parts.push(Part::Bind(method));
        self
    }

    /// Whose contract it is, according to a person. What is stored of the contract under another candidate is
    /// dropped: its bases and its document are that candidate's.
    pub(crate) fn bind_by_hand(mut self) -> Self {
        self.parts.push(Part::BindByHand);
        self
    }

    /// What both sides agree on from now on.
    pub(crate) fn base(mut self, data_field: &str, base: Digest) -> Self {
        self.parts.push(Part::Base(data_field.to_owned(), base));
        self
    }

    /// The same, unless both sides agreed on something before.
    pub(crate) fn first_base(mut self, data_field: &str, base: Digest) -> Self {
        self.parts.push(Part::FirstBase(data_field.to_owned(), base));
        self
    }

    pub(crate) fn agree(mut self, agreed: Agreed) -> Self {
        self.parts.push(Part::Agree(agreed));
        self
    }

    /// A person keeps what the card holds.
    pub(crate) fn keep(mut self, kept: Kept) -> Self {
        self.parts.push(Part::Keep(kept));
        self
    }

    /// What is known of the signed document; `None` for nothing.
    pub(crate) fn document(mut self, record: Option<DocumentRecord>) -> Self {
        self.parts.push(Part::Document(record));
        self
    }

    /// A write to a field of the card is about to go out. `outdated` is a value of ours that the card no longer
    /// holds.
    pub(crate) fn begin(
        mut self,
        field: String,
        seen: Digest,
        value: Digest,
        outdated: Option<Digest>,
    ) -> Self {
        let attempt = WriteAttempt { contract: self.contract, seen, value };
        self.parts.push(Part::Begin(field, attempt, outdated));
        self
    }

    /// The write had no effect, and will have none.
    pub(crate) fn take_back(mut self, field: String) -> Self {
        self.parts.push(Part::TakeBack(field));
        self
    }

    /// A write of this contract that was begun before the last one, and whose outcome is still unknown. `None` if
    /// there is none.
    pub(crate) fn restore(mut self, field: String, unended: Option<WriteAttempt>) -> Self {
        self.parts.extend(unended.map(|attempt| Part::Restore(field, attempt)));
        self
    }

    /// The card does not show the write. It may still arrive.
    pub(crate) fn give_up(mut self, field: String) -> Self {
        self.parts.push(Part::GiveUp(field));
        self
    }

    /// A value that the sync itself may have put on the card, or a person.
    pub(crate) fn late(mut self, field: String, value: Digest) -> Self {
        self.parts.push(Part::Late(field, value));
        self
    }

    /// The card no longer holds this value, which the sync itself had written last: if it comes back, a person put it
    /// there.
    pub(crate) fn outdate(mut self, field: String, ours: Digest) -> Self {
        self.parts.push(Part::Outdate(field, ours));
        self
    }

    /// The sync itself has written this value to the card.
    pub(crate) fn put(mut self, field: String, value: Digest) -> Self {
        self.parts.push(Part::Put(field, value));
        self
    }

    /// This many values are about to be overwritten.
    pub(crate) fn take(self, places: Option<Places>) -> Self {
        Self { taken: places, ..self }
    }

    /// They were not overwritten.
    pub(crate) fn give_back(mut self, places: Places) -> Self {
        self.given_back.push(places);
        self
    }

    /// The contract whose entry it changes.
    #[must_use]
    pub fn contract(&self) -> ContractId {
        self.contract
    }

    /// The candidate whose card it changes.
    #[must_use]
    pub fn candidate(&self) -> &CandidateId {
        &self.candidate
    }

    /// Whether there is anything to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.taken.is_none() && self.given_back.is_empty()
    }

    /// Changes what is stored of the contract and of the candidate's card, and counts what is about to be
    /// overwritten. Changes nothing if the contract belongs to another candidate by now, or if more would be
    /// overwritten than is allowed.
    pub fn apply(
        &self,
        entry: &mut LedgerEntry,
        card: &mut CardEntry,
        overwrites: &mut Overwrites,
    ) -> Updated {
        self.given_back.iter().for_each(|places| overwrites.give_back(*places));
        if self.is_of_another(entry) {
            return Updated::Done;
        }
        let updated = self.taken.map_or(Updated::Done, |places| overwrites.take(places));
        if updated == Updated::Done {
            self.apply_parts(entry, card);
        }
        updated
    }

    /// Whether the contract belongs to another candidate, and the change does not reassign it.
    fn is_of_another(&self, entry: &LedgerEntry) -> bool {
        let may_take_over = matches!(self.parts.as_slice(), [Part::Set(_) | Part::BindByHand]);
        !may_take_over && entry.candidate.as_ref().is_some_and(|bound| *bound != self.candidate)
    }

    /// Changes what is stored of the contract and of the card, whatever is overwritten.
    pub(crate) fn apply_parts(&self, entry: &mut LedgerEntry, card: &mut CardEntry) {
        if self.is_of_another(entry) {
            return;
        }
        for part in &self.parts {
            self.apply_part(part, entry, card);
        }
    }

    fn apply_part(&self, part: &Part, entry: &mut LedgerEntry, card: &mut CardEntry) {
        match part {
            Part::Bind(method) => {
                entry.candidate.get_or_insert_with(|| self.candidate.clone());
                if !entry.is_proven() {
                    entry.linked_by = method.or(entry.linked_by);
                }
            }
            Part::BindByHand => {
                if entry.candidate.as_ref() != Some(&self.candidate) {
                    *entry =
                        LedgerEntry { candidate: Some(self.candidate.clone()), ..LedgerEntry::default() };
                }
                entry.linked_by_hand = true;
                entry.is_retired = false;
            }
            Part::Set(whole) => (*entry, *card) = (**whole).clone(),
            Part::Base(data_field, base) => {
                entry.bases.insert(data_field.clone(), base.clone());
            }
            Part::FirstBase(data_field, base) => {
                entry.bases.entry(data_field.clone()).or_insert_with(|| base.clone());
            }
            Part::Agree(agreed) => {
                if entry.bases.get(&agreed.data_field) == agreed.before.as_ref() {
                    entry.bases.insert(agreed.data_field.clone(), agreed.base.clone());
                    card.change(&agreed.field, |field| {
                        field.agree(self.contract, &agreed.card, agreed.ours_before.as_ref(), agreed.is_ours);
                    });
                }
            }
            Part::Keep(kept) => {
                if entry.bases.get(&kept.data_field) == kept.before.as_ref() {
                    entry.bases.insert(kept.data_field.clone(), kept.base.clone());
                    card.change(&kept.field, |field| field.becomes_a_persons(self.contract, &kept.of_card));
                }
            }
            Part::Document(record) => entry.document.clone_from(record),
            Part::Begin(field, attempt, outdated) => {
                card.change(field, |field| field.begin(attempt.clone(), outdated.as_ref()));
            }
            Part::TakeBack(field) => card.change(field, |field| field.take_back(self.contract)),
            Part::Restore(field, attempt) => card.change(field, |field| field.restore(attempt.clone())),
            Part::Outdate(field, ours) => card.change(field, |field| field.outdate(ours)),
            Part::Late(field, value) => card.change(field, |field| field.keep_late(value.clone())),
            Part::GiveUp(field) => card.change(field, |field| field.give_up(self.contract)),
            Part::Put(field, value) => card.change(field, |field| field.put(self.contract, value)),
        }
    }
}
