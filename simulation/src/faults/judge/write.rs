//! What the engine has changed at a service: was it allowed to?

use super::{
    By, Judge, Rule, WINDOW_MILLISECONDS,
    doubt::Doubtful,
    paper::Agreed,
    witness::{Effect, Seen},
};
use crate::faults::scenario::{OnConflict, OnFirstSight};

/// When a request went out.
#[derive(Clone, Copy, Debug)]
pub(in crate::faults) struct Sent {
    pub(in crate::faults) task: usize,
    pub(in crate::faults) at: i64,
    pub(in crate::faults) step: u64,
    /// Whether it takes effect later than it seemed to have failed.
    pub(in crate::faults) is_late: bool,
}

impl Judge {
    /// A request of the engine has changed a mapped field of a card.
    pub(in crate::faults) fn engine_put(
        &mut self,
        sent: Sent,
        candidate: usize,
        field: usize,
        value: String,
    ) {
        let step = self.next_step();
        let Some(contract) = self.witnesses[sent.task].paper() else {
            return self.accuse(Rule::OutsideTheFence, format!("a creation wrote {}", self.name(field)));
        };
        let what = format!(
            "{} of candidate {candidate} from {:?} to {value:?} by contract {contract}",
            self.name(field),
            self.cards[candidate].fields[field].value
        );
        if self.contracts.get(&contract).is_none_or(|paper| paper.candidate != candidate) {
            return self.accuse(Rule::OutsideTheFence, what);
        }
        let read = self.witnesses[sent.task].contract.last().cloned();
        match read {
            Some(read) => self.check_source(sent, contract, field, &value, &read, &what),
            None => self.accuse(Rule::Invented, format!("{what}: the contract was not read")),
        }
        if self.cards[candidate].forgotten.is_some_and(|at| at < sent.at) {
            self.accuse(Rule::AfterForgetting, what.clone());
        }
        if sent.is_late {
            self.counts.add("allowed", "late effect");
        } else {
            self.check_edit(sent, contract, candidate, field, &value, &what);
        }
        self.settle_put(sent, contract, candidate, field, value, step);
        self.note_shared();
    }

    /// Whether the value is the contract's, and it may speak.
    fn check_source(
        &mut self,
        sent: Sent,
        contract: i64,
        field: usize,
        value: &str,
        read: &Seen,
        what: &str,
    ) {
        let rules = self.scenario.fields[field].clone();
        if read.values[field] != value {
            self.accuse(Rule::Invented, format!("{what}: the contract held {:?}", read.values[field]));
        }
        if value.is_empty() && !rules.clears {
            self.accuse(Rule::AgainstTheRule, format!("{what}: cleared"));
        }
        if !read.state.is_some_and(|state| state.is_open_for(rules.when)) {
            self.accuse(Rule::NotItsMoment, format!("{what}: {:?}", read.state));
        }
        let paper = &self.contracts[&contract];
        let is_as_read =
            !paper.is_gone && paper.state.is_open_for(rules.when) && paper.values[field] == value;
        if !is_as_read && !sent.is_late {
            let age = sent.at - read.at;
            if age > WINDOW_MILLISECONDS {
                let now = format!("{:?}, {:?}, gone: {}", paper.state, paper.values[field], paper.is_gone);
                self.accuse(Rule::OutdatedContract, format!("{what}: read {age} ms ago, by now {now}"));
            } else {
                self.counts.add("allowed", "contract changed within 30 s of the read");
            }
        }
    }

    /// Whether a recruiter's edit may be written over.
    fn check_edit(
        &mut self,
        sent: Sent,
        contract: i64,
        candidate: usize,
        field: usize,
        value: &str,
        what: &str,
    ) {
        let held = &self.cards[candidate].fields[field];
        if !held.is_persons() {
            return;
        }
        let is_of_candidate = self.scenario.fields[field].is_of_candidate();
        let Some(read) = self.witnesses[sent.task].last_reading(is_of_candidate) else {
            return self.accuse(Rule::UnreadEdit, format!("{what}: the card was not read"));
        };
        if held.step > read.step {
            let age = sent.at - read.at;
            if age > WINDOW_MILLISECONDS {
                self.accuse(Rule::UnreadEdit, format!("{what}: the card was read {age} ms ago"));
            } else {
                self.counts.add("allowed", "edit within 30 s of the read");
            }
            return;
        }
        let began = self.witnesses[sent.task].began;
        let pair = &self.contracts[&contract].pairs[field];
        let agreed = pair
            .agreed
            .clone()
            .filter(|agreed| agreed.remembered.is_none_or(|remembered| remembered < began));
        if pair.agreed.is_some() && agreed.is_none() {
            self.counts.add("allowed", "look beside the creation");
        }
        // Nothing tells what was changed and changed back from what was never touched: only a value that differs from what
        // the contract last agreed on is a person's edit.
        if pair.agreed.as_ref().is_some_and(|agreed| agreed.value == held.value)
            || pair.before.contains(&held.value)
        {
            return self.counts.add("allowed", "edit back to what the contract has agreed on");
        }
        let doubtful = self.doubtful(sent.task, contract, candidate, field);
        // What was to be written is there: so it has arrived, whoever typed it as well.
        if doubtful == Doubtful::OurOwn {
            return self.counts.add("allowed", "edit to the very value of a write of unknown end");
        }
        // A contract that has changed since and changed back has moved all the same: then the rule decides.
        let has_moved = self.contracts[&contract].changed[field] > held.step;
        let is_newer = !has_moved
            && agreed.as_ref().is_some_and(|agreed| agreed.value == value && agreed.step < held.step);
        let is_undone = agreed.as_ref().is_some_and(|agreed| agreed.before == held.value);
        let mut what = what.to_owned();
        match &agreed {
            Some(agreed) if !agreed.is_known && agreed.is_late && is_undone => {
                return self.counts.add("allowed", "undo of a late effect");
            }
            // As far as the engine knows, nothing was ever agreed on.
            Some(agreed) if !agreed.is_known && agreed.is_late && held.value.is_empty() => {
                return self.counts.add("allowed", "edit after a late effect");
            }
            Some(agreed) if is_newer && !agreed.is_known && agreed.is_late => {
                self.counts.add("allowed", "edit after a late effect");
            }
            Some(agreed) if is_newer && !agreed.is_known && agreed.is_missed && is_undone => {
                return self.counts.add("allowed", "undo before the check after the write");
            }
            // As far as the engine knows, its write never arrived.
            Some(agreed) if is_newer && !agreed.is_known && agreed.is_missed => {
                self.counts.add("allowed", "edit after an undo before the check");
            }
            Some(agreed) if is_newer && !agreed.is_known && is_undone => {
                what += ": an undo of an effect that stayed unknown";
                self.counts.add("allowed", "undo of an effect that stayed unknown");
            }
            Some(_) if is_newer && doubtful == Doubtful::Other => {
                what += ": as a write of unknown end would have it";
                self.counts.add("allowed", "edit to a value of a write of unknown end");
            }
            Some(agreed) if is_newer => {
                let known = if agreed.is_known { "known" } else { "unknown" };
                let undone = if is_undone { ", an undo" } else { "" };
                let what = format!("{what}: newer than our own write of this value ({known}{undone})");
                return self.accuse(Rule::NewerEdit, what);
            }
            // An empty field of the card that was never agreed on is filled in.
            None if held.value.is_empty() => return,
            Some(_) | None => {}
        }
        // What both agreed on, or what was begun, tells the engine that both have moved. Where it may have missed it, and where it
        // never was so, it sees the two for the first time.
        let pair = &self.contracts[&contract].pairs[field];
        let has_base = !pair.bases.is_empty();
        let is_base_newer = pair.agreed.is_some() && agreed.is_none();
        let is_doubted = doubtful != Doubtful::Nothing || self.has_begun(sent.task, contract, field);
        let may_be_conflict = agreed.is_some() || has_base || is_doubted;
        let may_be_first_sight = !has_base || is_base_newer;
        let is_allowed = may_be_conflict && self.wins_conflicts(field)
            || may_be_first_sight && self.wins_at_first_sight(contract, field);
        if !is_allowed {
            return self.accuse(Rule::AgainstTheRule, what);
        }
        let witness = &mut self.witnesses[sent.task];
        if witness.notes.get(&field).copied().flatten().is_none() {
            witness.unnamed.push((field, what));
        }
    }

    fn wins_conflicts(&self, field: usize) -> bool {
        self.scenario.fields[field].on_conflict == OnConflict::ContractWins
    }

    /// Whether the contract's value may be written over a person's where nobody knows what both sides agreed on.
    fn wins_at_first_sight(&self, contract: i64, field: usize) -> bool {
        let paper = &self.contracts[&contract];
        match self.scenario.fields[field].on_first_sight {
            _ if paper.is_as_made(field) => false,
            OnFirstSight::Proven => paper.is_proven(field) && self.wins_conflicts(field),
            OnFirstSight::ContractWins => true,
            OnFirstSight::Hold | OnFirstSight::CandidateWins => false,
        }
    }

    fn settle_put(
        &mut self,
        sent: Sent,
        contract: i64,
        candidate: usize,
        field: usize,
        value: String,
        step: u64,
    ) {
        let held = &mut self.cards[candidate].fields[field];
        let before = held.value.clone();
        // A person has put the same there since it was sent, and it was taken for that: whose it is now, nobody knows.
        let is_twin = sent.is_late && held.held_since(sent.step, &value);
        // A contract whose field is empty, and was when last it agreed with the card, has nothing to say about any value.
        let is_orphan = sent.is_late
            && self.contracts.get(&contract).is_some_and(|paper| {
                let agreed = paper.pairs[field].agreed.as_ref();
                paper.values[field].is_empty() && agreed.is_some_and(|agreed| agreed.value.is_empty())
            });
        let is_anybodys = is_twin || is_orphan;
        held.put(value.clone(), if is_anybodys { By::Recruiter } else { By::Contract(contract) }, step);
        held.own = vec![value.clone()];
        held.put_last = Some(value.clone());
        let Some(paper) = self.contracts.get_mut(&contract) else { return };
        let pair = &mut paper.pairs[field];
        pair.shared.insert(value.clone());
        if !sent.is_late || paper.values[field] == value {
            let is_late = sent.is_late;
            pair.agreed = Some(Agreed {
                value: value.clone(),
                step,
                before,
                is_known: false,
                is_missed: false,
                remembered: None,
                is_late,
            });
        }
        if !sent.is_late {
            let effect = Effect { field, value, step, is_answered: false };
            self.witnesses[sent.task].effects.push(effect);
        }
    }

    /// The answer to a write has come, and said so.
    pub(in crate::faults) fn answered(&mut self, task: usize, since: u64) {
        for effect in self.witnesses[task].effects.iter_mut().filter(|effect| effect.step > since) {
            effect.is_answered = true;
        }
    }

    /// A write may have found one of its values there already: a person was quicker. Both sides agree all the same.
    pub(in crate::faults) fn found_equal(&mut self, task: usize) {
        let witness = &self.witnesses[task];
        let Some(paper) = witness.paper().and_then(|paper| self.contracts.get_mut(&paper)) else { return };
        let Some(read) = witness.contract.last() else { return };
        for field in witness.notes.keys() {
            let held = &mut self.cards[paper.candidate].fields[*field];
            if held.value == read.values[*field] {
                let value = held.value.clone();
                held.may_own(&value);
                paper.pairs[*field].shared.insert(value);
            }
        }
    }

    /// A contract was made under a request id.
    pub(in crate::faults) fn contract_made(
        &mut self,
        task: usize,
        request: &str,
        contract: i64,
        is_late: bool,
    ) {
        self.next_step();
        let count = self.made.entry(request.to_owned()).or_default();
        *count += 1;
        if *count > 1 {
            self.accuse(Rule::TwoContracts, format!("contract {contract} under {request}"));
        }
        let witness = &mut self.witnesses[task];
        if !is_late {
            witness.made = Some(contract);
        }
        let (Some(read), Some(paper)) = (witness.card.last().cloned(), self.contracts.get_mut(&contract))
        else {
            return;
        };
        let mut invented = Vec::new();
        for (field, value) in paper.values.iter().enumerate() {
            paper.pairs[field].shared.insert(value.clone());
            if *value != read.values[field] {
                invented.push(format!(
                    "{} is {value:?}, read was {:?}",
                    self.scenario.fields[field].key, read.values[field]
                ));
            }
        }
        for what in invented {
            self.accuse(Rule::Invented, format!("contract {contract}: {what}"));
        }
        self.note_shared();
    }

    /// A document was put on a candidate's card.
    pub(in crate::faults) fn document_put(&mut self, sent: Sent, candidate: usize) {
        self.next_step();
        let Some(contract) = self.witnesses[sent.task].paper() else { return };
        if self.cards[candidate].forgotten.is_some_and(|at| at < sent.at) {
            self.accuse(Rule::AfterForgetting, format!("the document of contract {contract}"));
        }
        let Some(paper) = self.contracts.get_mut(&contract) else { return };
        let is_its = paper.candidate == candidate;
        paper.documents += 1;
        let count = paper.documents;
        let is_signed = self.witnesses[sent.task]
            .contract
            .last()
            .is_some_and(|read| read.state == Some(super::State::Signed));
        if !is_its || !self.scenario.attaches {
            self.accuse(
                Rule::OutsideTheFence,
                format!("the document of contract {contract} on the card of {candidate}"),
            );
        }
        if !is_signed {
            self.accuse(Rule::NotItsMoment, format!("the document of contract {contract}"));
        }
        if count > 1 {
            self.accuse(Rule::TwoDocuments, format!("{count} documents of contract {contract}"));
        }
    }
}
