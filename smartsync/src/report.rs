//! What a plan or a sync did with each field, as a table and as JSON. No value of a field is in either.

use std::io::{self, Write};

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync_core::{CandidateId, DocumentOutcome, FieldOutcome, Plan, Reason, Report};

use crate::render::table;

/// The accounting of one contract.
#[derive(Debug, Serialize)]
pub(crate) struct Accounting {
    contract: ContractId,
    candidate: Option<CandidateId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    fields: Vec<Line>,
    document: Line,
    /// Whether the contract has nothing for a card in its state, so that its candidate was not looked for.
    #[serde(skip)]
    is_silent: bool,
}

/// One field, or the document.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    oneflow: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    teamtailor: Option<String>,
    outcome: &'static str,
    reason: Option<&'static str>,
    sentence: Option<&'static str>,
}

impl Line {
    pub(crate) fn field(outcome: &FieldOutcome) -> Self {
        let reason = outcome.outcome.reason().or(outcome.note);
        Self {
            oneflow: Some(outcome.data_field.clone()),
            teamtailor: Some(outcome.target.to_string()),
            ..Self::new(outcome.outcome.as_str(), reason)
        }
    }

    pub(crate) fn document(outcome: DocumentOutcome) -> Self {
        Self::new(outcome.as_str(), outcome.reason())
    }

    fn new(outcome: &'static str, reason: Option<Reason>) -> Self {
        let (code, sentence) = (reason.map(Reason::code), reason.map(Reason::sentence));
        Self { oneflow: None, teamtailor: None, outcome, reason: code, sentence }
    }
}

impl Accounting {
    pub(crate) fn of_plan(plan: &Plan) -> Self {
        let hash = Some(plan.hash().to_owned());
        Self::new(plan.contract(), plan.candidate(), hash, plan.outcomes(), plan.document())
    }

    pub(crate) fn of_report(report: &Report) -> Self {
        Self::new(report.contract, report.candidate.as_ref(), None, &report.outcomes, report.document)
    }

    fn new(
        contract: ContractId,
        candidate: Option<&CandidateId>,
        plan: Option<String>,
        outcomes: &[FieldOutcome],
        document: DocumentOutcome,
    ) -> Self {
        Self {
            contract,
            candidate: candidate.cloned(),
            plan,
            fields: outcomes.iter().map(Line::field).collect(),
            document: Line::document(document),
            is_silent: is_silent(outcomes),
        }
    }

    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        match &self.candidate {
            Some(candidate) => writeln!(out, "contract {}, candidate {candidate}\n", self.contract)?,
            None if self.is_silent => {
                writeln!(out, "contract {}, candidate not looked for\n", self.contract)?;
            }
            None => writeln!(out, "contract {}, no candidate\n", self.contract)?,
        }
        write_lines(out, self.fields.iter().chain([&self.document]))
    }
}

/// The state or the scope of such a contract is why its fields are skipped, and no field says that it lacks a candidate.
fn is_silent(outcomes: &[FieldOutcome]) -> bool {
    let reasons = || outcomes.iter().filter_map(|outcome| outcome.outcome.reason());
    let is_of_state = |reason: Reason| {
        matches!(
            reason,
            Reason::ContractIsDraft
                | Reason::ContractDeclined
                | Reason::ContractOverdue
                | Reason::ContractStateUnknown
        )
    };
    let is_of_candidate = |reason: Reason| {
        matches!(
            reason,
            Reason::NoCandidate
                | Reason::SeveralCandidates
                | Reason::AddressShared
                | Reason::LinkForged
                | Reason::LinkOfAnotherContract
                | Reason::LinkDisagrees
                | Reason::CandidateGone
                | Reason::CandidateForgotten
        )
    };
    let is_out_of_scope = reasons().count() > 0 && reasons().all(|reason| reason == Reason::OutOfScope);
    is_out_of_scope || reasons().any(is_of_state) && !reasons().any(is_of_candidate)
}

pub(crate) fn write_lines<'a>(
    out: &mut dyn Write,
    lines: impl IntoIterator<Item = &'a Line>,
) -> io::Result<()> {
    let mut reasons = Reasons::default();
    let rows = lines.into_iter().map(|line| {
        [
            line.oneflow.clone().unwrap_or_else(|| "(signed document)".to_owned()),
            line.teamtailor.clone().unwrap_or_else(|| "(card)".to_owned()),
            line.outcome.replace('_', " "),
            line.sentence.map(|sentence| reasons.number(sentence)).unwrap_or_default(),
        ]
    });
    let table = table(["contract field", "candidate field", "outcome", "why"], rows);
    writeln!(out, "{table}")?;
    reasons.write(out)
}

/// The sentences below a table, each once: they would not fit into it.
#[derive(Default)]
struct Reasons(Vec<&'static str>);

impl Reasons {
    fn number(&mut self, sentence: &'static str) -> String {
        let known = self.0.iter().position(|known| *known == sentence);
        let index = known.unwrap_or_else(|| {
            self.0.push(sentence);
            self.0.len() - 1
        });
        format!("[{}]", index + 1)
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.0.is_empty() {
            writeln!(out)?;
        }
        (1..).zip(&self.0).try_for_each(|(number, sentence)| writeln!(out, " [{number}] {sentence}"))
    }
}
