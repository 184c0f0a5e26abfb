//! What a plan or a sync did with each field, as a table. No value of a field is in it.

use std::io::{self, Write};

use oneflow_client::ContractId;
use smartsync_core::{CandidateId, DocumentOutcome, FieldOutcome, Plan, Reason, Report, mapping::LinkMethod};
use smartsync_transport::one_line;

use crate::output::table;

pub(crate) fn write_plan(out: &mut dyn Write, plan: &Plan) -> io::Result<()> {
    let whose = (plan.candidate(), plan.linked_by());
    write_head(out, plan.contract(), whose, plan.outcomes(), plan.document())?;
    write_table(out, plan.outcomes(), Some(plan.document()), would_be)
}

pub(crate) fn write_report(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let whose = (report.candidate.as_ref(), report.linked_by);
    write_head(out, report.contract, whose, &report.outcomes, report.document)?;
    write_fields(out, &report.outcomes, Some(report.document))
}

fn write_head(
    out: &mut dyn Write,
    contract: ContractId,
    (candidate, linked_by): (Option<&CandidateId>, Option<LinkMethod>),
    fields: &[FieldOutcome],
    document: DocumentOutcome,
) -> io::Result<()> {
    let mut reasons = fields.iter().filter_map(|field| field.outcome.reason()).chain(document.reason());
    let candidate = candidate.map(|candidate| one_line(candidate.as_str()));
    match candidate {
        // An address may be another candidate's: of a guardian, of a second signatory.
        Some(candidate) if linked_by == Some(LinkMethod::Email) => {
            writeln!(
                out,
                "contract {contract}, candidate {candidate} (found by a participant's e-mail address only)\n"
            )
        }
        Some(candidate) => writeln!(out, "contract {contract}, candidate {candidate}\n"),
        None if reasons.any(Reason::is_lack_of_candidate) => {
            writeln!(out, "contract {contract}, no candidate\n")
        }
        // By its state or its scope the contract has nothing for a card.
        None => writeln!(out, "contract {contract}, no candidate needed\n"),
    }
}

/// A row for each field and, where there is one, for the document.
pub(crate) fn write_fields(
    out: &mut dyn Write,
    fields: &[FieldOutcome],
    document: Option<DocumentOutcome>,
) -> io::Result<()> {
    write_table(out, fields, document, |outcome| outcome.replace('_', " "))
}

/// How an outcome is said where nothing has been done.
fn would_be(outcome: &str) -> String {
    match outcome {
        "written" => "would write".to_owned(),
        "attached" => "would attach".to_owned(),
        other => other.replace('_', " "),
    }
}

fn write_table(
    out: &mut dyn Write,
    fields: &[FieldOutcome],
    document: Option<DocumentOutcome>,
    say: impl Fn(&str) -> String,
) -> io::Result<()> {
    let mut reasons = Reasons::default();
    let mut rows = Vec::new();
    for field in fields {
        let (outcome, mut why) = (say(field.outcome.as_str()), reasons.mark(field.reason()));
        if let Some(member) = field.member {
            why.push_str(&format!(" `{member}`"));
        }
        rows.push([field.data_field.clone(), field.candidate_field.to_string(), outcome, why]);
    }
    if let Some(document) = document {
        let (outcome, why) = (say(document.as_str()), reasons.mark(document.reason()));
        rows.push(["(signed document)".to_owned(), "(card)".to_owned(), outcome, why]);
    }
    writeln!(out, "{}", table(["contract field", "candidate field", "outcome", "why"], rows))?;
    reasons.write(out)
}

/// The sentences below a table, each once: they would not fit into it.
#[derive(Default)]
struct Reasons(Vec<Reason>);

impl Reasons {
    /// The number of its sentence, if there is a reason.
    fn mark(&mut self, reason: Option<Reason>) -> String {
        let Some(reason) = reason else {
            return String::new();
        };
        let known = self.0.iter().position(|known| *known == reason);
        let index = known.unwrap_or_else(|| {
            self.0.push(reason);
            self.0.len() - 1
        });
        format!("[{}]", index + 1)
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.0.is_empty() {
            writeln!(out)?;
        }
        (1..).zip(&self.0).try_for_each(|(number, reason)| writeln!(out, " [{number}] {reason}"))
    }
}
