//! When everything has calmed down: is every card as it should be?

use std::collections::BTreeMap;

use smartsync_core::{Next, Outcome, Reason, Report};

use super::{By, Judge, Rule, State};

/// The last report of each contract, after the faults have stopped.
pub(in crate::faults) type Ending = BTreeMap<i64, Report>;

impl Judge {
    /// Checks every card against the contract that comes first for it.
    pub(in crate::faults) fn close(&mut self, ending: &Ending) {
        for candidate in 0..self.cards.len() {
            if self.cards[candidate].forgotten.is_some() {
                continue;
            }
            let of_candidate = self.contracts.iter().filter(|(_, paper)| paper.candidate == candidate);
            let first = of_candidate.filter_map(|(id, paper)| Some((paper.rank()?, *id))).max();
            let Some((_, first)) = first else { continue };
            let Some(report) = ending.get(&first) else { continue };
            for field in 0..self.scenario.fields.len() {
                self.check_field(candidate, field, first, report);
            }
        }
        let signed: Vec<i64> = self
            .contracts
            .iter()
            .filter(|(_, paper)| paper.state == State::Signed && !paper.is_gone)
            .filter(|(_, paper)| self.cards[paper.candidate].forgotten.is_none())
            .map(|(id, _)| *id)
            .collect();
        for contract in signed {
            self.check_document(contract, ending);
        }
    }

    fn check_field(&mut self, candidate: usize, field: usize, first: i64, report: &Report) {
        let rules = &self.scenario.fields[field];
        let (paper, held) = (&self.contracts[&first], &self.cards[candidate].fields[field]);
        let wanted = &paper.values[field];
        if !paper.state.is_open_for(rules.when) || held.value == *wanted {
            return;
        }
        let ended = report.outcomes.iter().find(|outcome| outcome.data_field == rules.key);
        let outcome = ended.map(|ended| ended.outcome);
        let is_said = match outcome {
            Some(Outcome::Held(_) | Outcome::Failed(_)) => true,
            // Nothing is cleared unless the mapping says so, and a contract clears what it has written itself.
            Some(Outcome::Skipped(reason)) => {
                let is_kept = matches!(reason, Reason::EmptyKept | Reason::NothingToSay);
                wanted.is_empty() && (is_kept || !rules.clears || held.by != By::Contract(first))
            }
            Some(Outcome::Written | Outcome::Unchanged) | None => false,
        };
        let is_filled_in = !wanted.is_empty() && paper.is_edited[field];
        let is_ours = match held.by {
            By::Contract(_) => true,
            By::Nobody => is_filled_in,
            By::Recruiter => false,
        };
        if is_ours && !is_said {
            let reason = ended.and_then(|ended| ended.reason()).map_or("-", Reason::code);
            let what = format!(
                "{} of candidate {candidate} is {:?} by {:?}, contract {first} comes first and holds {wanted:?}: {reason}",
                self.name(field),
                held.value,
                held.by
            );
            self.accuse(if held.by == By::Nobody { Rule::NotArrived } else { Rule::NotConverged }, what);
        }
    }

    fn check_document(&mut self, contract: i64, ending: &Ending) {
        let Some(report) = ending.get(&contract) else { return };
        let is_settled = report.next == Next::Done;
        if self.scenario.attaches && self.contracts[&contract].documents == 0 && is_settled {
            let what = format!("contract {contract}: {:?}", report.document);
            self.accuse(Rule::NoDocument, what);
        }
    }
}
