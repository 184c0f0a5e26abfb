//! What a person must do: one WARN for each thing, once as long as it stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use oneflow_client::ContractId;
use smartsync_core::{Reason, Report};
use smartsync_transport::one_line;

/// Contracts of which it is known what was logged. Beyond it, things are logged once more.
const MAX_CONTRACTS: usize = 10_000;

/// What was logged of each contract.
#[derive(Debug, Default)]
pub(crate) struct ThingsToDo(BTreeMap<ContractId, BTreeSet<Thing>>);

/// Something that a person must do, about a data field (several, where there is no candidate to hold them apart), or about the signed
/// document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Thing {
    data_field: Option<String>,
    outcome: &'static str,
    reason: Reason,
    member: Option<&'static str>,
}

impl ThingsToDo {
    /// Tells what is new of a contract.
    pub(crate) fn log(&mut self, report: &Report) {
        let contract = report.contract;
        let things = things_of(report);
        if things.is_empty() {
            self.0.remove(&contract);
            return;
        }
        let logged = self.0.get(&contract);
        for Thing { data_field, outcome, reason, member } in
            things.iter().filter(|thing| logged.is_none_or(|logged| !logged.contains(*thing)))
        {
            let (code, sentence, next) = (reason.code(), reason.sentence(), command(*reason, contract));
            match data_field {
                Some(data_field) => {
                    tracing::warn!(%contract, data_field, outcome, reason = code, member, next, "{sentence}");
                }
                None => tracing::warn!(%contract, document = outcome, reason = code, next, "{sentence}"),
            }
        }
        if self.0.len() >= MAX_CONTRACTS {
            self.0.clear();
        }
        self.0.insert(contract, things);
    }
}

fn things_of(report: &Report) -> BTreeSet<Thing> {
    let mut things = BTreeSet::new();
    for field in report.unsettled() {
        if let Some(reason) = field.outcome.reason().filter(|reason| needs_a_person(*reason)) {
            let (outcome, member) = (field.outcome.as_str(), field.member);
            let data_field = Some(one_line(&field.data_field).to_string());
            things.insert(Thing { data_field, outcome, reason, member });
        }
    }
    if report.candidate.is_none() {
        things = together(things);
    }
    let outcome = report.document.as_str();
    if let Some(reason) = report.document.left().filter(|reason| needs_a_person(*reason)) {
        things.insert(Thing { data_field: None, outcome, reason, member: None });
    }
    things
}

/// Without a candidate, all fields wait for the same thing.
fn together(things: BTreeSet<Thing>) -> BTreeSet<Thing> {
    let mut together: Vec<Thing> = Vec::new();
    for thing in things {
        let same = |other: &&mut Thing| {
            (other.outcome, other.reason, other.member) == (thing.outcome, thing.reason, thing.member)
        };
        match (together.iter_mut().find(same).and_then(|other| other.data_field.as_mut()), &thing.data_field)
        {
            (Some(all), Some(one)) => *all = format!("{all}, {one}"),
            _ => together.push(thing),
        }
    }
    together.into_iter().collect()
}

/// The command that puts it right, if one does.
fn command(reason: Reason, contract: ContractId) -> Option<String> {
    let is_of_link = matches!(
        reason,
        Reason::AddressShared
            | Reason::DocumentByAddress
            | Reason::LinkDisagrees
            | Reason::LinkForged
            | Reason::LinkOfAnotherContract
            | Reason::LinkUnconfirmed
            | Reason::SeveralCandidates
    );
    if is_of_link {
        Some(format!("smartsync link {contract} --candidate ID"))
    } else {
        (reason == Reason::UploadUnknown).then(|| format!("smartsync sync --attach-again {contract}"))
    }
}

/// Whether it does not pass by itself, or is logged as an outage is.
pub(crate) fn needs_a_person(reason: Reason) -> bool {
    !matches!(
        reason,
        Reason::NoCandidate
            | Reason::ChangedMeanwhile
            | Reason::FileNotReady
            | Reason::LedgerFailed
            | Reason::LimitReached
            | Reason::NotAttempted
            | Reason::NotAuthorized
            | Reason::OtherAccount
            | Reason::Unavailable
    )
}
