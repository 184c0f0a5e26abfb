//! The last line of a sync of many contracts.

use smartsync::words::commands::sync::{self as words, Summary};
use smartsync_core::{ContractId, DocumentOutcome, Outcome, Report};

pub(super) fn has_changed(report: &Report) -> bool {
    report.count(|outcome| outcome == Outcome::Written) > 0 || report.document == DocumentOutcome::Attached
}

pub(super) fn summary(reports: &[Report], broken_off: Option<ContractId>, total: usize) -> String {
    let (strangers, ours): (Vec<&Report>, Vec<_>) =
        reports.iter().partition(|report| report.is_without_candidate());
    let (complete, incomplete): (Vec<&Report>, Vec<_>) =
        ours.into_iter().partition(|report| report.is_complete());
    let changed = complete.iter().filter(|report| has_changed(report)).count();
    let broken_off = usize::from(broken_off.is_some());
    words::summary(Summary {
        changed,
        unchanged: complete.len() - changed,
        incomplete: incomplete.len(),
        without_candidate: strangers.len(),
        broken_off,
        not_looked_at: total - reports.len() - broken_off,
    })
}
