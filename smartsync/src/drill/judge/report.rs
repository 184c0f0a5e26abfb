//! What the program says of its own work, against what is so.

use smartsync_core::{DocumentOutcome, Outcome, Report};

use super::{Judge, Watch};
use crate::drill::{
    field::{self, Field},
    findings::Findings,
};
use crate::words::commands::{drill_deeds as deeds, drill_rules as broken, drill_steps as steps};

impl Judge {
    /// A look at a contract has ended.
    pub(in crate::drill) fn reported(&mut self, contract: i64, report: &Report) {
        self.findings.looks += 1;
        self.note_step(|| {
            let rows = report.outcomes.iter().map(|row| {
                let reason = row.reason().map(|reason| format!(" {}", reason.code())).unwrap_or_default();
                format!("{} {}{reason}", row.data_field, row.outcome.as_str())
            });
            let rows: Vec<String> = rows.collect();
            let document = report.document.reason().map_or("", |reason| reason.code());
            let candidate = report.candidate.as_ref().map(ToString::to_string);
            steps::look(contract, candidate.as_deref(), report.document.as_str(), document, &rows.join(", "))
        });
        for (deed, watch) in self.watched.remove(&contract).unwrap_or_default() {
            self.findings.count(deed, end_of(watch, report));
        }
        let claims = matches!(report.document, DocumentOutcome::Attached | DocumentOutcome::AlreadyThere);
        if claims && !self.has_document(contract) {
            self.accuse(broken::DOCUMENT_UNTRUE, "");
        }
        self.note_agreements(contract, report);
    }

    /// Where both sides are the same, the program may remember it.
    fn note_agreements(&mut self, contract: i64, report: &Report) {
        if report.candidate.is_none() {
            return;
        }
        let now = self.sandbox.now();
        for field in field::all() {
            if let Some((left, right)) = self.sides(contract, field)
                && let (true, Some(paper)) = (left == right, self.papers.get_mut(&contract))
            {
                paper.agreed.insert(field.key, (now, right));
            }
        }
    }

    /// The value in the contract and on the card, in one spelling.
    fn sides(&self, contract: i64, field: Field) -> Option<(String, String)> {
        let candidate = self.candidates.get(self.papers.get(&contract)?.rightful?)?;
        let (paper, card) = (self.sandbox.contract_card(contract)?, self.sandbox.candidate_card(candidate)?);
        let text = paper.data_fields.get(field.key)?.trim();
        let text = match (field.kind, text) {
            (field::Kind::Checkbox, "1") => "true",
            (field::Kind::Checkbox, "0") => "false",
            _ => text,
        };
        Some((text.to_owned(), card.get(field.card).unwrap_or_default().to_owned()))
    }

    /// What is left as it is has a reason: after the last look at every contract.
    pub(in crate::drill) fn check_reasons(&mut self, contract: i64, report: &Report) {
        if report.candidate.is_none() {
            let has_reason = report.outcomes.iter().all(|row| row.reason().is_some());
            if !has_reason || (report.outcomes.is_empty() && report.document.reason().is_none()) {
                self.accuse(broken::WITHOUT_REASON, broken::contract(contract));
            }
            return;
        }
        for field in field::all() {
            if self.sides(contract, field).is_none_or(|(left, right)| left == right) {
                continue;
            }
            let mut rows = report.outcomes.iter().filter(|row| row.data_field == field.key);
            // A value that is the same in another spelling needs none.
            if !rows.any(|row| row.reason().is_some() || row.outcome == Outcome::Unchanged) {
                self.accuse(broken::WITHOUT_REASON, broken::field_of_contract(field.key, contract));
            }
        }
    }

    /// What the run has shown.
    pub(in crate::drill) fn findings(&mut self) -> Findings {
        std::mem::take(&mut self.findings)
    }
}

fn end_of(watch: Watch, report: &Report) -> String {
    let shown = |outcome: &str, reason: Option<smartsync_core::Reason>| match reason {
        Some(reason) => reason.code().to_owned(),
        None => outcome.replace('_', " "),
    };
    let row = |key: &str| report.outcomes.iter().find(|row| row.data_field == key);
    match watch {
        Watch::Field(field) => row(field.key)
            .map_or_else(|| deeds::NOT_MAPPED.to_owned(), |row| shown(row.outcome.as_str(), row.reason())),
        Watch::Document => shown(report.document.as_str(), report.document.reason()),
        Watch::Link if report.candidate.is_some() => deeds::LINKED_AS_BEFORE.to_owned(),
        // A field that is never written back says nothing of the link.
        Watch::Link => match row(field::CUSTOM[0].key) {
            Some(row) => shown(row.outcome.as_str(), row.reason()),
            None => shown(report.document.as_str(), report.document.reason()),
        },
    }
}
