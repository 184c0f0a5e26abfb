//! Checks the entries against each other. Entries that are never for the same contract do not clash.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::entry::Entry, super::entry::Source, super::view::TargetKey, super::view::View, meeting::groups,
};
use crate::{
    candidate::CandidateField,
    diagnostic::{Diagnostic, DiagnosticCode},
    words::mapping as words,
};

/// An entry whose sides could be read, with what has to be the same for two of them to be about the same field.
#[derive(Clone, Copy)]
struct Sided<'a, 'v> {
    entry: &'v Entry<'a>,
    source: &'a str,
    target: TargetKey<'a>,
}

pub(super) fn check(view: &View<'_>, found: &mut Vec<Diagnostic>) {
    let sided: Vec<Sided<'_, '_>> = view.entries.iter().filter_map(|entry| sided(view, entry)).collect();
    let written_back: Vec<_> = sided.iter().copied().filter(|sided| sided.entry.writes_back()).collect();

    for group in alike(view, &sided, |sided| (sided.source, sided.target)) {
        found.extend(clash(
            DiagnosticCode::DuplicateEntry,
            &group,
            "oneflow",
            |oneflow, teamtailor| words::duplicate_entry(oneflow, teamtailor),
            words::DUPLICATE_ENTRY_HELP,
        ));
    }
    for group in alike(view, &sided, |sided| sided.source) {
        if differ(&group, |sided| sided.target) {
            found.extend(clash(
                DiagnosticCode::DataFieldTwice,
                &group,
                "oneflow",
                |oneflow, _| words::data_field_twice(oneflow),
                words::DATA_FIELD_TWICE_HELP,
            ));
        }
    }
    for group in alike(view, &written_back, |sided| sided.target) {
        if differ(&group, |sided| sided.source) {
            found.extend(clash(
                DiagnosticCode::TwoSources,
                &group,
                "teamtailor",
                |_, teamtailor| words::two_sources(teamtailor),
                words::TWO_SOURCES_HELP,
            ));
        }
    }
    // Also of entries that never meet: what one contract has written, the other has to know again.
    let mut of_target: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for sided in written_back.iter().filter(|sided| view.kind(sided.entry).is_some()) {
        of_target.entry(sided.target).or_default().push(*sided);
    }
    for group in of_target.into_values() {
        if differ(&group, |sided| view.kind(sided.entry)) {
            found.extend(clash(
                DiagnosticCode::TypesDiffer,
                &group,
                "teamtailor",
                |_, teamtailor| words::types_differ(teamtailor),
                words::TYPES_DIFFER_HELP,
            ));
        }
    }
}

fn sided<'a, 'v>(view: &View<'a>, entry: &'v Entry<'a>) -> Option<Sided<'a, 'v>> {
    let (source, _) = entry.sides().filter(|_| !matches!(entry.source(), Some(Source::Empty)))?;
    Some(Sided { entry, source, target: view.target(entry)? })
}

/// The groups of entries that meet, of those for which `what` is the same.
fn alike<'a, 'v, K: Ord>(
    view: &View<'a>,
    sided: &[Sided<'a, 'v>],
    what: impl Fn(&Sided<'a, 'v>) -> K,
) -> Vec<Vec<Sided<'a, 'v>>> {
    let mut alike: BTreeMap<K, Vec<Sided<'_, '_>>> = BTreeMap::new();
    for sided in sided {
        alike.entry(what(sided)).or_default().push(*sided);
    }
    let meeting = alike.into_values().flat_map(|alike| {
        let entries: Vec<&Entry<'_>> = alike.iter().map(|sided| sided.entry).collect();
        let groups = groups(view, &entries).into_iter();
        groups.map(move |group| group.into_iter().map(|position| alike[position]).collect())
    });
    meeting.collect()
}

/// Whether a group is about more than one of something. Entries that are duplicates of each other count as one: what one of
/// them clashes with, the others do.
fn differ<'a, 'v, K: Ord>(group: &[Sided<'a, 'v>], what: impl Fn(&Sided<'a, 'v>) -> K) -> bool {
    group.iter().map(what).collect::<BTreeSet<K>>().len() > 1
}

/// One diagnostic for a group, at its last entry, pointing at the others.
fn clash(
    code: DiagnosticCode,
    group: &[Sided<'_, '_>],
    key: &str,
    message: impl Fn(&str, &CandidateField) -> String,
    help: &str,
) -> Option<Diagnostic> {
    let (last, others) = group.split_last()?;
    let (oneflow, teamtailor) = last.entry.sides()?;
    let diagnostic = Diagnostic::at_value(code, last.entry.at(key), message(oneflow, teamtailor), help);
    Some(
        others
            .iter()
            .fold(diagnostic, |diagnostic, other| diagnostic.related(other.entry.at(key), words::ALSO_HERE)),
    )
}
