//! What a plan, a sync or a look that is past did with each field, as a table. No value of a field is in it.

use std::io::{self, Write};

use jiff::Timestamp;
use oneflow_client::ContractId;
use smartsync::{
    store::{Action, Decided, Look, NextLook, Occasion, decisions_without_end},
    words::commands::{
        fields::{self as words, Whose},
        resolve,
    },
};
use smartsync_core::{CandidateId, DocumentOutcome, FieldOutcome, Plan, Reason, Report, mapping::LinkMethod};
use smartsync_transport::one_line;

use crate::{
    docs_pages::docs,
    output::{folded, table, width},
};

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
    let whose = match &candidate {
        // An address may be another candidate's: of a guardian, of a second signatory.
        Some(candidate) if linked_by == Some(LinkMethod::Email) => Whose::ByAddress(candidate),
        Some(candidate) => Whose::Candidate(candidate),
        None if reasons.any(Reason::is_lack_of_candidate) => Whose::Nobody,
        // By its state or its scope the contract has nothing for a card.
        None => Whose::NotNeeded,
    };
    writeln!(out, "{}\n", words::heading(contract, whose))
}

/// A row for each field and, where there is one, for the document.
pub(crate) fn write_fields(
    out: &mut dyn Write,
    fields: &[FieldOutcome],
    document: Option<DocumentOutcome>,
) -> io::Result<()> {
    write_table(out, fields, document, said)
}

pub(crate) fn said(outcome: &str) -> String {
    outcome.replace('_', " ")
}

fn document_row(outcome: String, why: String) -> [String; 4] {
    let [document, card] = words::DOCUMENT.map(str::to_owned);
    [document, card, outcome, why]
}

/// How an outcome is said where nothing has been done.
fn would_be(outcome: &str) -> String {
    words::would_be(outcome).map_or_else(|| said(outcome), str::to_owned)
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
        rows.push(document_row(outcome, why));
    }
    writeln!(out, "{}", table(words::COLUMNS, rows))?;
    reasons.write(out)
}

/// What looks found and did, each with its fields.
pub(crate) fn write_looks(out: &mut dyn Write, looks: &[Look], with_document: bool) -> io::Result<()> {
    let mut reasons = Reasons::default();
    let mut blocks = Vec::new();
    for (look, is_without_end) in looks.iter().zip(decisions_without_end(looks)) {
        let mut rows = Vec::new();
        for field in &look.fields {
            let mut why = reasons.mark_code(field.reason.as_deref());
            if let Some(member) = &field.member {
                why.push_str(&format!(" `{member}`"));
            }
            rows.push([field.data_field.clone(), field.candidate_field.clone(), said(&field.outcome), why]);
        }
        if let Some((outcome, reason)) = look.document.as_ref().filter(|_| with_document) {
            rows.push(document_row(said(outcome), reasons.mark_code(reason.as_deref())));
        }
        let mut block = look_line(look);
        if is_without_end {
            block.push_str(resolve::ROW_WITHOUT_END);
        }
        if !rows.is_empty() {
            block.push_str(&format!("\n\n{}", table(words::COLUMNS, rows)));
        }
        blocks.push(block);
    }
    writeln!(out, "{}", blocks.join("\n\n"))?;
    reasons.write(out)
}

/// When and why a look was, what it cost, and what came after it; or what a person did.
fn look_line(look: &Look) -> String {
    let Occasion { at, trigger, duration, requests, .. } = look.occasion;
    let mut parts = Vec::from_iter(look.action.map(|action| done(action, look)));
    if look.is_look() {
        parts.extend(look.state.clone());
    }
    if look.is_look() || requests > 0 {
        parts.push(words::requests(requests, duration.as_secs_f64()));
    }
    let next = if look.is_look() { format!("; {}", next(look.next)) } else { String::new() };
    let error = look.error.as_ref().map(|(_, text)| format!("\n{}", words::failed(&one_line(text))));
    format!("{}, {trigger}: {}{next}{}", short(at), parts.join(", "), error.unwrap_or_default())
}

pub(crate) fn next(next: NextLook) -> String {
    match next {
        NextLook::None => words::NEXT_NONE.to_owned(),
        NextLook::At(at) => words::next_at(&short(at)),
        NextLook::WithRoom(at) => words::next_with_room(&short(at)),
        NextLook::Parked => words::NEXT_PARKED.to_owned(),
        NextLook::Left | _ => words::NEXT_LEFT.to_owned(),
    }
}

pub(crate) fn done(action: Action, look: &Look) -> String {
    match (action, look.state.as_deref(), &look.candidate) {
        (Action::Created, Some("draft"), _) => words::CREATED_DRAFT.to_owned(),
        (Action::Created, Some(_), _) => words::CREATED_SENT.to_owned(),
        (Action::Created, None, _) => words::CREATED_UNKNOWN.to_owned(),
        (Action::Adopted, ..) => words::ADOPTED.to_owned(),
        (Action::Linked, _, Some(candidate)) => words::linked(&one_line(candidate.as_str())),
        (Action::Dropped, ..) => words::DROPPED.to_owned(),
        (Action::Decided, ..) => look.decided.as_ref().map_or_else(|| said(action.as_str()), decided),
        (Action::AttachAgain, ..) => words::ATTACH_AGAIN.to_owned(),
        (other, ..) => said(other.as_str()),
    }
}

fn decided(decided: &Decided) -> String {
    // So many digits of the plan tell it from every other that one looks at.
    let plan: String = decided.plan.chars().take(12).collect();
    let (field, by) = (one_line(&decided.field), decided.by.as_deref().map(one_line));
    match &decided.ended {
        Some(end) => resolve::row_of_end(&field, end, &plan),
        None => resolve::row(&field, decided.take, by.as_deref(), &plan),
    }
}

/// To the second.
pub(crate) fn short(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// Below the number of a sentence, where it goes on.
const INDENT: &str = "      ";

/// The sentences below a table, each once: they would not fit into it.
#[derive(Default)]
pub(crate) struct Reasons(Vec<Reason>);

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

    /// The same of a code that was stored; itself, if this version does not have it.
    pub(crate) fn mark_code(&mut self, code: Option<&str>) -> String {
        let Some(code) = code else { return String::new() };
        Reason::from_code(code).map_or_else(|| code.to_owned(), |reason| self.mark(Some(reason)))
    }

    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.0.is_empty() {
            writeln!(out)?;
        }
        (1..).zip(&self.0).try_for_each(|(number, reason)| {
            let sentence = reason.sentence();
            let text = width().map_or_else(
                || sentence.to_owned(),
                |width| {
                    folded(sentence, usize::from(width) - INDENT.len()).replace('\n', &format!("\n{INDENT}"))
                },
            );
            writeln!(out, " [{number}] {text}")?;
            // On a line of its own, so that a terminal makes a link of it.
            match docs().and_then(|docs| docs.reason_page(reason.code())) {
                Some(page) => writeln!(out, "{INDENT}{page}"),
                None => Ok(()),
            }
        })
    }
}
