//! The last line of a sync of many contracts.

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
    let mut parts = vec![
        format!("{changed} synced"),
        format!("{} with nothing to do", complete.len() - changed),
        format!("{} with held or failed fields", incomplete.len()),
    ];
    if !strangers.is_empty() {
        parts.push(format!("{} without a candidate", strangers.len()));
    }
    let broken_off = usize::from(broken_off.is_some());
    if broken_off > 0 {
        parts.push(format!("{broken_off} interrupted"));
    }
    parts.push(format!("{} not looked at", total - reports.len() - broken_off));
    parts.join(", ")
}
