//! A card that was changed while the program was at work.

use std::collections::BTreeSet;

use smartsync_sandbox::CandidateCard;

use super::{Author, Judge};
use crate::drill::{
    field::{self, Field},
    texts,
};

/// Seconds in which overwritten values are counted.
const HOUR: i64 = 3_600;

impl Judge {
    pub(super) fn compare_cards(&mut self, candidate: usize, before: &CandidateCard) {
        let now = self.cards[candidate].clone();
        let names =
            [before, &now].into_iter().flat_map(|card| card.fields.keys().chain(card.custom_fields.keys()));
        let names: BTreeSet<&String> = names.collect();
        for name in names {
            let (old, new) = (before.get(name).unwrap_or_default(), now.get(name).unwrap_or_default());
            if old != new {
                match field::on_card(name) {
                    Some(field) => self.changed(candidate, field, old, new),
                    None => self.accuse("an unmapped field", name.clone()),
                }
            }
        }
    }

    fn changed(&mut self, candidate: usize, field: Field, old: &str, new: &str) {
        let name = format!("`{}` of candidate {}", field.card, self.candidates[candidate]);
        let author = self.authors.insert((candidate, field.card), Author::Program);
        if self.rightful() != Some(candidate) {
            self.accuse("another card", name.clone());
        }
        if self.forgotten.contains(&candidate) {
            self.accuse("a forgotten candidate", name.clone());
        }
        if !self.rules.writes_back(field) {
            self.accuse("an identity field written without permission in the mapping", name.clone());
        }
        if let Some(harm) = texts::harm(field.kind, new) {
            self.accuse("a hostile text on a card", format!("{name}: {harm}"));
        }
        if new.is_empty() {
            self.accuse("a value cleared without permission in the mapping", name.clone());
        }
        self.is_its_moment(field, &name);
        if !old.is_empty() {
            self.overwritten(field, author, old, &name);
        }
    }

    fn is_its_moment(&mut self, field: Field, name: &str) {
        let Some(card) = self.errand.1.and_then(|contract| self.sandbox.contract_card(contract)) else {
            return;
        };
        let moments: &[&str] = if field.is_identity() { &["signed"] } else { &["pending", "signed"] };
        if !moments.contains(&card.state) {
            self.accuse("a write before its moment", format!("{name}, the contract is {}", card.state));
        }
    }

    fn overwritten(&mut self, field: Field, author: Option<Author>, old: &str, name: &str) {
        let now = self.sandbox.now();
        self.overwrites.push(now);
        let recent = self.overwrites.iter().filter(|at| now.as_second() - at.as_second() < HOUR).count();
        if recent > self.rules.limit() {
            self.accuse("more overwritten than the limit", format!("{recent} within an hour"));
        }
        let Some(paper) = self.errand.1.and_then(|contract| self.papers.get(&contract)) else { return };
        // Where the sync itself has written what is on the card, nobody's edit is lost.
        let is_ours = author == Some(Author::Program);
        let is_proven = paper.is_edit_proven(field.key, self.rules.shows_times);
        // One who has changed a value and changed it back has changed nothing.
        let agreed = paper.agreed.get(field.key).filter(|(_, held)| held != old).map(|(at, _)| *at);
        if !is_proven && !is_ours {
            self.accuse("overwritten without proof of an edit", name);
        }
        if let (true, Some(Author::Person(at)), Some(agreed)) = (field.is_identity(), author, agreed)
            && at > agreed
        {
            self.accuse("an identity field changed on both sides", name);
        }
    }
}
