//! What a plan and a report say: is it so?

use smartsync_core::{DocumentOutcome, FieldOutcome, Next, Outcome, Plan, Reason, Report};

use super::{Judge, Rule, paper::Agreed};

impl Judge {
    fn field_of(&self, outcome: &FieldOutcome) -> Option<usize> {
        self.scenario.fields.iter().position(|field| field.key == outcome.data_field)
    }

    /// A look has its plan.
    pub(in crate::faults) fn planned(&mut self, task: usize, plan: &Plan) {
        for outcome in plan.outcomes().iter().filter(|outcome| outcome.outcome == Outcome::Written) {
            if let Some(field) = self.field_of(outcome) {
                let note = outcome.note.map(Reason::code);
                self.witnesses[task].notes.insert(field, note);
            }
        }
        self.plan_writes(task);
        self.check_account(plan.outcomes(), "plan");
    }

    /// A look has ended with a report.
    pub(in crate::faults) fn reported(&mut self, task: usize, report: &Report) {
        self.next_step();
        self.check_account(&report.outcomes, "report");
        for outcome in &report.outcomes {
            self.counts.add("outcome", outcome.reason().map_or(outcome.outcome.as_str(), Reason::code));
            let Some(field) = self.field_of(outcome) else { continue };
            self.witnesses[task].unnamed.retain(|(unnamed, _)| *unnamed != field || outcome.note.is_none());
            match outcome.outcome {
                Outcome::Written => self.check_written(task, field),
                Outcome::Unchanged => self.check_unchanged(task, field),
                Outcome::Held(_) | Outcome::Skipped(_) | Outcome::Failed(_) => {}
            }
        }
        self.counts.add("document", report.document.as_str());
        self.check_next(report.next, unsettled(report));
        self.settle_effects(task);
        self.ended(task);
    }

    /// A task is over: with a report, with an error, or because its process died.
    pub(in crate::faults) fn ended(&mut self, task: usize) {
        self.end_doubts(task);
        for (_, what) in std::mem::take(&mut self.witnesses[task].unnamed) {
            self.accuse(Rule::InSilence, what);
        }
    }

    fn check_account(&mut self, outcomes: &[FieldOutcome], place: &str) {
        let mut keys: Vec<&str> = outcomes.iter().map(|outcome| outcome.data_field.as_str()).collect();
        keys.sort_unstable();
        let mapped = self.scenario.fields.iter().map(|field| field.key.as_str());
        if !mapped.eq(keys.iter().copied()) {
            self.accuse(Rule::Unaccounted, format!("{place}: {keys:?}"));
        }
    }

    /// What another look may settle has to get one: it needs nobody.
    pub(super) fn check_next(&mut self, next: Next, reasons: impl Iterator<Item = Reason>) {
        let unsettled: Vec<&str> = reasons.filter(|reason| may_pass(*reason)).map(Reason::code).collect();
        if next == Next::Done && !unsettled.is_empty() {
            self.accuse(Rule::GivenUp, unsettled.join(", "));
        }
    }

    fn check_written(&mut self, task: usize, field: usize) {
        let witness = &self.witnesses[task];
        let candidate =
            witness.paper().and_then(|paper| self.contracts.get(&paper)).map(|paper| paper.candidate);
        let Some(candidate) = candidate else { return };
        let held = &self.cards[candidate].fields[field];
        let is_so = witness.contract.iter().any(|read| held.held_since(witness.began, &read.values[field]));
        if !is_so {
            self.accuse(Rule::UntrueReport, format!("{} is not written", self.name(field)));
        }
    }

    fn check_unchanged(&mut self, task: usize, field: usize) {
        let witness = &self.witnesses[task];
        let is_so = witness
            .contract
            .iter()
            .any(|contract| witness.card.iter().any(|card| card.values[field] == contract.values[field]));
        if !is_so {
            return self.accuse(Rule::UntrueReport, format!("{} is not unchanged", self.name(field)));
        }
        let (Some(contract), is_calm) = (witness.paper(), witness.is_calm) else { return };
        let Some(read) = witness.card.last() else { return };
        let (value, step) = (read.values[field].clone(), read.step);
        if !is_calm {
            // It may have become the base.
            if let Some(paper) = self.contracts.get_mut(&contract) {
                paper.pairs[field].before.push(value);
            }
            return;
        }
        self.settle_doubts(contract, field, &value);
        let Some(paper) = self.contracts.get_mut(&contract) else { return };
        let before = value.clone();
        // What the sync put there last stays its own, should somebody put it back.
        let held = &mut self.cards[paper.candidate].fields[field];
        held.own = held.put_last.iter().chain([&value]).cloned().collect();
        paper.pairs[field].agreed = Some(Agreed {
            value,
            step,
            before,
            is_known: true,
            is_missed: false,
            remembered: None,
            is_late: false,
        });
    }

    /// What the engine can know of its effects by now.
    fn settle_effects(&mut self, task: usize) {
        let witness = &self.witnesses[task];
        let Some(contract) = witness.paper() else { return };
        let Some(paper) = self.contracts.get_mut(&contract) else { return };
        let mut known = Vec::new();
        for effect in &witness.effects {
            let mut later = witness.card.iter().filter(|card| card.step >= effect.step);
            let is_seen = later.clone().any(|card| card.values[effect.field] == effect.value);
            let is_remembered = witness.ledger_failed.is_none_or(|failed| failed < effect.step);
            if let Some(agreed) = &mut paper.pairs[effect.field].agreed
                && agreed.step == effect.step
            {
                agreed.is_known |= (effect.is_answered || is_seen) && is_remembered;
                agreed.is_missed |= later.any(|card| card.values[effect.field] == agreed.before);
                if agreed.is_known {
                    known.push((effect.field, effect.value.clone()));
                }
            }
        }
        for (field, value) in known {
            self.settle_doubts(contract, field, &value);
        }
    }
}

/// Why fields and the document are not as they should be.
fn unsettled(report: &Report) -> impl Iterator<Item = Reason> {
    let of_fields = report.outcomes.iter().filter_map(|field| match field.outcome {
        Outcome::Held(reason) | Outcome::Failed(reason) => Some(reason),
        Outcome::Written | Outcome::Unchanged | Outcome::Skipped(_) => None,
    });
    let of_document = match report.document {
        DocumentOutcome::Later(reason) | DocumentOutcome::Failed(reason) => Some(reason),
        DocumentOutcome::NotDue(_) | DocumentOutcome::AlreadyThere | DocumentOutcome::Attached | _ => None,
    };
    of_fields.chain(of_document)
}

/// Whether it is the fault of one answer, and not of a value or of a rule of the mapping.
fn may_pass(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::AnswerUnreadable
            | Reason::CandidateGone
            | Reason::ChangedMeanwhile
            | Reason::ContractStateUnknown
            | Reason::DocumentRefused
            | Reason::FileNotReady
            | Reason::LedgerFailed
            | Reason::NotAsWritten
            | Reason::NotAttempted
            | Reason::OtherContractUnreadable
            | Reason::Refused
            | Reason::RefusedTogether
            | Reason::Unavailable
            | Reason::UploadUnknown
            | Reason::UploadsUnknown
    )
}
