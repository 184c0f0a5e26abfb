//! Holds a disturbed course against the undisturbed one.

use smartsync_core::{DocumentOutcome, FieldOutcome, Outcome, Reason, candidate::CandidateField};

use super::{
    alteration::Alteration,
    course::{Course, Said, Stage},
    likeness::Likeness,
    state::{LATE, MISSING, State},
    violation::{Rule, Violation},
    written::{Part, parts},
};

/// Both courses, of the same world.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    pub(crate) reference: &'a Course,
    pub(crate) course: &'a Course,
    /// The candidate whose contracts they are.
    pub(crate) candidate: &'a str,
}

impl Judge<'_> {
    /// All that must not have happened.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        self.panics(&mut found);
        self.writes(&mut found);
        for stage in &self.course.stages {
            self.claims(stage, &mut found);
        }
        self.rows(&mut found);
        self.no_proposal_reason(&mut found);
        self.end(&mut found);
        found
    }

    fn panics(&self, found: &mut Vec<Violation>) {
        for stage in &self.course.stages {
            if let Said::Panicked(text) = &stage.said {
                found.push(Violation::new(Rule::Panic, text));
            }
        }
    }

    fn writes(&self, found: &mut Vec<Violation>) {
        let likeness = self.course.alteration.as_ref().map(|alteration| alteration.likeness);
        // What names something that is not there can only be tried, and is refused.
        let effective_only = likeness == Some(Likeness::Dangling);
        let exchanges = &self.course.exchanges;
        let (ours, effective) = (parts(exchanges, effective_only), parts(exchanges, true));
        let theirs = parts(&self.reference.exchanges, false);
        // A contract of which the answer does not say whether it was sent may be sent again, which is refused.
        let is_harmless = |part: &&Part| part.request.ends_with("/publish") && !effective.contains(part);
        for part in ours.difference(&theirs).filter(|part| !is_harmless(part)) {
            let write = format!("{} {}", part.request, part.content);
            found.push(Violation::new(Rule::ForeignWrite, write));
        }
    }

    /// What a stage claims to have done has to be so.
    fn claims(&self, stage: &Stage, found: &mut Vec<Violation>) {
        let (state, Some(right)) = (&stage.state, self.reference.end()) else { return };
        let written = |field: &&FieldOutcome| field.outcome == Outcome::Written;
        let row = |field: &FieldOutcome| format!("{} to {}", field.data_field, field.candidate_field);
        match &stage.said {
            Said::Looked { outcomes, document, .. } => {
                for field in outcomes.iter().filter(written) {
                    if state.shown(self.candidate, field) != right.shown(self.candidate, field) {
                        found.push(Violation::new(Rule::NotWritten, row(field)));
                    }
                }
                let documents: usize =
                    state.contracts.keys().map(|id| state.documents(self.candidate, *id)).sum();
                if *document == DocumentOutcome::Attached && documents == 0 {
                    found.push(Violation::new(Rule::NotAttached, "the document"));
                }
            }
            Said::Made { contract, is_published, outcomes } => {
                let Some(before) = self.reference.stages.first() else { return };
                for field in outcomes.iter().filter(written) {
                    let text = |state: &State| state.text(*contract, &field.data_field).map(str::to_owned);
                    if text(state) != text(&before.state) {
                        found.push(Violation::new(Rule::NotWritten, row(field)));
                    }
                }
                let is_draft = state.contracts.get(contract).is_none_or(|card| card.state == "draft");
                if *is_published && is_draft {
                    found.push(Violation::new(Rule::NotPublished, format!("contract {contract}")));
                }
            }
            Said::Failed(_) | Said::Panicked(_) => {}
        }
    }

    /// Every mapped field has a row, unless the act broke off.
    fn rows(&self, found: &mut Vec<Violation>) {
        let (Some(act), Some(right)) = (self.course.stages.first(), self.reference.stages.first()) else {
            return;
        };
        if matches!(act.said, Said::Failed(_) | Said::Panicked(_)) {
            return;
        }
        for field in right.said.outcomes() {
            // Where the data fields could not be read, nobody knows under which key the field of the card is there.
            let is_keyless = |said: &FieldOutcome| said.outcome == Outcome::Held(Reason::AnswerUnreadable);
            let is_it = |said: &FieldOutcome| {
                said.candidate_field == field.candidate_field
                    && (said.data_field == field.data_field || is_keyless(said))
            };
            if self.may_be_nameless(field) || is_only_prefilled(field) {
                continue;
            }
            if !act.said.outcomes().iter().any(is_it) {
                let row = format!("{} to {}", field.data_field, field.candidate_field);
                found.push(Violation::new(Rule::NoRow, row));
            }
        }
    }

    /// Whether nothing but a definition that was changed names the field: a pair of the convention of which the contract has
    /// no data field. Where the definition cannot be read, nobody can know its name, and there is no value of it to account for.
    fn may_be_nameless(&self, field: &FieldOutcome) -> bool {
        let is_definition = |alteration: &Alteration| alteration.operation == "GET /v1/custom-fields";
        self.course.alteration.as_ref().is_some_and(is_definition)
            && field.outcome == Outcome::Skipped(Reason::NotInContract)
            && field.candidate_field == CandidateField::custom(&field.data_field)
            && field.data_field.starts_with("oneflow-")
    }

    /// What the act left undone, it has to try again; a creation, which is done once, has to say it.
    fn no_proposal_reason(&self, found: &mut Vec<Violation>) {
        let (Some(act), Some(right)) = (self.course.stages.first(), self.reference.stages.first()) else {
            return;
        };
        for field in right.said.outcomes() {
            let (is_done, place) = match &right.said {
                Said::Made { contract, .. } => {
                    let text = |state: &State| state.text(*contract, &field.data_field).map(str::to_owned);
                    (text(&act.state) == text(&right.state), "in the contract")
                }
                Said::Looked { .. } | Said::Failed(_) | Said::Panicked(_) => {
                    let shown = |state: &State| state.shown(self.candidate, field).map(str::to_owned);
                    (shown(&act.state) == shown(&right.state), "on the card")
                }
            };
            let is_for_a_person = act.said.leaves_out(field) || act.said.blames_a_value(field);
            if !is_done && !act.said.is_repeated() && !is_for_a_person {
                let row = format!("{} to {} {place}", field.data_field, field.candidate_field);
                found.push(Violation::new(Rule::Silent, row));
            }
        }
        if let Said::Looked { .. } = &act.said {
            let files = |state: &State| state.cards.get(self.candidate).map(|card| card.uploads.clone());
            if files(&act.state) != files(&right.state) && !act.said.is_repeated() {
                found.push(Violation::new(Rule::Silent, "the document"));
            }
        }
        if let (Said::Made { contract, is_published, .. }, Said::Made { is_published: true, .. }) =
            (&act.said, &right.said)
        {
            let is_draft = act.state.contracts.get(contract).is_some_and(|card| card.state == "draft");
            if is_draft && !is_published {
                found.push(Violation::new(Rule::Silent, format!("contract {contract} was not sent")));
            }
        }
    }

    /// The looks after it have to end where they end without any disturbance. A contract is not filled in again: what a
    /// creation has admitted to have left out stays out.
    fn end(&self, found: &mut Vec<Violation>) {
        let (Some(ours), Some(theirs)) = (self.course.end(), self.reference.end()) else { return };
        let (mut ours, mut theirs) = (ours.clone(), theirs.clone());
        let made = self.course.stages.iter().rev().find_map(|stage| match &stage.said {
            Said::Made { contract, outcomes, .. } => Some((*contract, outcomes)),
            Said::Looked { .. } | Said::Failed(_) | Said::Panicked(_) => None,
        });
        if let Some((contract, outcomes)) = made {
            for field in
                outcomes.iter().filter(|field| matches!(field.outcome, Outcome::Failed(_) | Outcome::Held(_)))
            {
                ours = ours.without(contract, &field.data_field);
                theirs = theirs.without(contract, &field.data_field);
            }
        }
        if ours.contracts.len() > theirs.contracts.len() {
            found.push(Violation::new(Rule::SecondContract, "a contract too many"));
        }
        for contract in ours.contracts.keys() {
            if ours.cards.keys().map(|id| ours.copies(id, *contract)).sum::<usize>() > 1 {
                found.push(Violation::new(Rule::SecondDocument, format!("of contract {contract}")));
            }
        }
        // What the answer to a creation does not show is no base: the next look finds what it finds.
        let is_creation = |alteration: &Alteration| alteration.operation == "POST /v1/contracts/create";
        let is_creation = self.course.alteration.as_ref().is_some_and(is_creation);
        // A write that was refused, or answered with another value, and took effect all the same: nobody can tell that the
        // value on the card is not a person's, which keeps it safer. One that was confirmed and not done may still arrive.
        let is_card_write = self.course.alteration.as_ref().is_some_and(is_card_write);
        let counts = |difference: &String| {
            let is_of_card = difference.starts_with("ledger, card ");
            let is_unsure = difference.ends_with(MISSING) || difference.ends_with(LATE);
            !(is_creation && !is_of_card && difference.ends_with(MISSING)
                || is_card_write && is_of_card && is_unsure)
        };
        let differences = ours.differences(&theirs).into_iter().filter(counts);
        found.extend(differences.map(|difference| Violation::new(Rule::OtherEnd, difference)));
    }
}

/// Whether the convention does no more with it than to fill it into new contracts: where its data field cannot be read, a look leaves
/// nothing of it undone.
fn is_only_prefilled(field: &FieldOutcome) -> bool {
    field.outcome == Outcome::Skipped(Reason::IdentityOnlyPrefilled)
}

/// Whether the answer to a write of a field of the card was changed.
fn is_card_write(alteration: &Alteration) -> bool {
    let (verb, path) = alteration.operation.split_once(' ').unwrap_or_default();
    verb != "GET" && (path.starts_with("/v1/candidates/") || path.starts_with("/v1/custom-field-values"))
}
