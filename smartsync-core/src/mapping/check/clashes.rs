//! Checks the entries against each other. Entries that are never for the same contract do not clash.

use super::super::{
    entry::{Entry, Source},
    view::View,
};
use crate::{CandidateField, Diagnostic, DiagnosticCode};

pub(super) fn check(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let names_both =
        |entry: &&Entry<'_>| entry.sides().is_some() && !matches!(entry.source(), Some(Source::Empty));
    let entries: Vec<&Entry<'_>> = view.entries.iter().filter(names_both).collect();
    let same_source = |a: &Entry<'_>, b: &Entry<'_>| a.oneflow() == b.oneflow();
    let same_target = |a: &Entry<'_>, b: &Entry<'_>| view.target(a) == view.target(b);

    for group in groups(&entries, |a, b| view.meet(a, b) && same_source(a, b) && same_target(a, b)) {
        found.extend(clash(
            DiagnosticCode::DuplicateEntry,
            &group,
            "oneflow",
            |oneflow, teamtailor| {
                format!("`{oneflow}` and `{teamtailor}` are paired in another entry as well")
            },
            "keep one of the entries; `direction = \"both\"` is for both ways",
        ));
    }
    for group in groups(&entries, |a, b| view.meet(a, b) && same_source(a, b) && !same_target(a, b)) {
        found.extend(clash(
            DiagnosticCode::DataFieldTwice,
            &group,
            "oneflow",
            |oneflow, _| format!("`{oneflow}` is paired with another field of the candidate as well"),
            "keep one of the entries, or let their `template_types` or `workspaces` have nothing in common",
        ));
    }
    for group in groups(&entries, |a, b| {
        view.meet(a, b) && a.takes_over() && b.takes_over() && !same_source(a, b) && same_target(a, b)
    }) {
        found.extend(clash(
            DiagnosticCode::TwoSources,
            &group,
            "teamtailor",
            |_, teamtailor| format!("`{teamtailor}` would be written from another data field as well"),
            "give all but one of the entries `direction = \"to_oneflow\"`, or let their `template_types` or `workspaces` have nothing in common",
        ));
    }
}

/// One diagnostic for a group, at its last entry, pointing at the others.
fn clash(
    code: DiagnosticCode,
    group: &[&Entry<'_>],
    key: &str,
    message: impl Fn(&str, &CandidateField) -> String,
    help: &str,
) -> Option<Diagnostic> {
    let (last, others) = group.split_last()?;
    let (oneflow, teamtailor) = last.sides()?;
    let diagnostic = Diagnostic::at_value(code, last.at(key), message(oneflow, teamtailor), help);
    Some(others.iter().fold(diagnostic, |diagnostic, other| diagnostic.related(other.at(key), "also here")))
}

/// The groups of entries that clash, directly or through others. In whatever order the entries stand, the groups are the
/// same.
fn groups<'a, 'e>(
    entries: &[&'a Entry<'e>],
    clash: impl Fn(&Entry<'e>, &Entry<'e>) -> bool,
) -> Vec<Vec<&'a Entry<'e>>> {
    let mut groups: Vec<Vec<&'a Entry<'e>>> = Vec::new();
    for entry in entries {
        let (mut joined, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.iter().any(|other| clash(entry, other)));
        joined.push(vec![*entry]);
        groups = apart;
        groups.push(joined.concat());
    }
    groups.retain(|group| group.len() > 1);
    for group in &mut groups {
        group.sort_by_key(|entry| entry.position());
    }
    groups
}
