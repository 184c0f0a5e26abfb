//! A card that was changed while the program was at work.

use std::collections::BTreeSet;

use smartsync_sandbox::CandidateCard;

use super::{Author, Judge};
use crate::drill::{
    field::{self, Field},
    texts,
};
use crate::words::commands::drill_rules as broken;

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
                    None => self.accuse(broken::UNMAPPED, name.clone()),
                }
            }
        }
    }

    fn changed(&mut self, candidate: usize, field: Field, old: &str, new: &str) {
        let name = broken::field_of_candidate(field.card, &self.candidates[candidate]);
        let author = self.authors.insert((candidate, field.card), Author::Program);
        if self.rightful() != Some(candidate) {
            self.accuse(broken::OTHER_CARD, name.clone());
        }
        if self.forgotten.contains(&candidate) {
            self.accuse(broken::FORGOTTEN, name.clone());
        }
        if !self.rules.writes_back(field) {
            self.accuse(broken::IDENTITY_WITHOUT_PERMISSION, name.clone());
        }
        if let Some(harm) = texts::harm(field.kind, new) {
            self.accuse(broken::HOSTILE_TEXT, format!("{name}: {harm}"));
        }
        if new.is_empty() {
            self.accuse(broken::CLEARED_WITHOUT_PERMISSION, name.clone());
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
            self.accuse(broken::BEFORE_ITS_MOMENT, broken::in_state(name, card.state));
        }
    }

    fn overwritten(&mut self, field: Field, author: Option<Author>, old: &str, name: &str) {
        let now = self.sandbox.now();
        self.overwrites.push(now);
        let recent = self.overwrites.iter().filter(|at| now.as_second() - at.as_second() < HOUR).count();
        if recent > self.rules.limit() {
            self.accuse(broken::BEYOND_LIMIT, broken::within_hour(recent));
        }
        let Some(paper) = self.errand.1.and_then(|contract| self.papers.get(&contract)) else { return };
        // Where the sync itself has written what is on the card, nobody's edit is lost.
        let is_ours = author == Some(Author::Program);
        let is_proven = paper.is_edit_proven(field.key, self.rules.shows_times);
        // One who has changed a value and changed it back has changed nothing.
        let agreed = paper.agreed.get(field.key).filter(|(_, held)| held != old).map(|(at, _)| *at);
        if !is_proven && !is_ours {
            self.accuse(broken::WITHOUT_PROOF, name);
        }
        if let (true, Some(Author::Person(at)), Some(agreed)) = (field.is_identity(), author, agreed)
            && at > agreed
        {
            self.accuse(broken::IDENTITY_ON_BOTH_SIDES, name);
        }
    }
}
