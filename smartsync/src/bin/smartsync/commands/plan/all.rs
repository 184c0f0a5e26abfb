//! What `sync --all` would write: counts, and a line for each contract in which something would change.

use std::{collections::BTreeSet, io, io::Write, time::Duration};

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::words::commands::plan as words;
use smartsync::{
    Config,
    engine::{LimitWaits, sent_contracts},
};
use smartsync_core::{
    CandidateId, DocumentOutcome, FieldUpdate, Outcome, Plan, Reason, candidate::CandidateField,
    engine::SharedReads,
};
use smartsync_transport::one_line;
use tracing::Instrument as _;

use crate::{
    commands::{Exit, sync::by_candidate, sync::progress::Progress},
    failure::{Failure, FailureLine},
    output::{Output, table},
    signals,
};

/// So long are the limits of a service waited out, for each request.
const LIMIT_WAIT_TOTAL: Duration = Duration::from_secs(60 * 60);

/// What there would be to write.
#[derive(Serialize)]
struct All<'a> {
    contracts: usize,
    /// How many of them were looked at.
    planned: usize,
    totals: Counts,
    /// So many values may be overwritten or cleared in a run, and in an hour.
    limit: u32,
    /// The contract at which the limit would be reached.
    limit_reached_at: Option<ContractId>,
    /// Signed documents that would not be attached, since only an address says whose contract it is.
    documents_by_address: &'a [ContractId],
    changes: &'a [Line],
    failures: Vec<FailureLine<'a>>,
}

/// A contract in which something would change.
#[derive(Serialize)]
struct Line {
    contract: ContractId,
    candidate: Option<CandidateId>,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Counts {
    /// Empty fields that would be filled in.
    filled: usize,
    /// Values that would be overwritten or cleared.
    overwritten: usize,
    documents: usize,
    held: usize,
    failed: usize,
}

pub(super) async fn run(config: &Config, output: &mut Output) -> Result<Exit, Failure> {
    let mut stop = signals::stop_or_hang_up()?;
    let config = config.clone().wait_out_limits(LIMIT_WAIT_TOTAL);
    let waits = LimitWaits::new();
    let progress = Progress::begin(&waits)?;
    let (mut found, mut failures) = (Found::default(), Vec::new());
    let work = plan_all(&config, &progress, &mut found, &mut failures);
    let stopped = tokio::select! {
        done = waits.watch(work) => done.map(|()| None),
        signal = stop.asked() => Ok(Some(signal)),
    };
    progress.end();
    let stopped = stopped?;
    let limit = config.limits.changes;
    let all = All {
        contracts: found.contracts,
        planned: found.planned,
        totals: found.totals,
        limit,
        limit_reached_at: limit_reached_at(&found.lines, limit),
        documents_by_address: &found.documents_by_address,
        changes: &found.lines,
        failures: failures.iter().map(Failure::line).collect(),
    };
    output.result(&all, |out| write(out, &all))?;
    for failure in &failures {
        output.tell(failure);
    }
    Ok(match stopped {
        Some(signal) => Exit::Stopped(signal),
        None if failures.is_empty() => Exit::Success,
        None => Exit::Failure,
    })
}

#[derive(Default)]
struct Found {
    contracts: usize,
    planned: usize,
    totals: Counts,
    documents_by_address: Vec<ContractId>,
    lines: Vec<Line>,
    /// The fields of cards that are counted.
    fields: BTreeSet<(CandidateId, CandidateField)>,
}

/// In the order of `sync --all`. Each plan is of the cards as they are: of two contracts of one candidate, the second is planned as if the
/// first had not been synced. A field that both would write is counted for the first.
async fn plan_all(
    config: &Config,
    progress: &Progress,
    found: &mut Found,
    failures: &mut Vec<Failure>,
) -> Result<(), Failure> {
    let (state, engine) = config.open_to_plan().await?;
    failures.extend(Failure::of_other_account(&engine).await);
    let sent = sent_contracts(&config.oneflow_client()?, &config.mapping).await?;
    failures.extend(sent.unreadable.into_iter().map(Failure::from));
    let ledger = state.ledger(config.tenant(), config.store.keep_bases, None);
    let contracts = by_candidate(&*ledger, sent.contracts).await?;
    found.contracts = contracts.len();
    progress.of(found.contracts);
    let reads = SharedReads::new();
    let mut outage = 0;
    for contract in contracts {
        let look = engine.plan_with_shared_reads(contract, &reads);
        match look.instrument(tracing::info_span!("look", %contract)).await {
            Ok(plan) => {
                found.take(&plan);
                outage = 0;
            }
            Err(error) => {
                let failure = Failure::from(error);
                outage = if failure.is_outage() { outage + 1 } else { 0 };
                failures.push(failure.about(contract));
            }
        }
        progress.next();
        if outage == crate::commands::sync::MAX_FAILURES_IN_A_ROW {
            break;
        }
    }
    engine.leave_shared_limits().await;
    Ok(())
}

impl Found {
    fn take(&mut self, plan: &Plan) {
        self.planned += 1;
        // One that is none of the sync's is no one's loss.
        let Some(candidate) = plan.candidate() else { return };
        let of = |is_such: fn(Outcome) -> bool| {
            plan.outcomes().iter().filter(|field| is_such(field.outcome)).count()
        };
        let is_first =
            |update: &&FieldUpdate| self.fields.insert((candidate.clone(), update.candidate_field().clone()));
        let (overwritten, filled): (Vec<_>, Vec<_>) =
            plan.updates().iter().filter(is_first).partition(|update| update.overwrites());
        let (overwritten, filled) = (overwritten.len(), filled.len());
        let counts = Counts {
            filled,
            overwritten,
            documents: usize::from(plan.document() == DocumentOutcome::Attached),
            held: of(|outcome| matches!(outcome, Outcome::Held(_))),
            failed: of(|outcome| matches!(outcome, Outcome::Failed(_))),
        };
        self.totals = self.totals.and(counts);
        if plan.document() == DocumentOutcome::NotDue(Reason::DocumentByAddress) {
            self.documents_by_address.push(plan.contract());
        }
        if counts.filled + counts.overwritten + counts.documents > 0 {
            self.lines.push(Line { contract: plan.contract(), candidate: Some(candidate.clone()), counts });
        }
    }
}

impl Counts {
    fn and(self, other: Self) -> Self {
        Self {
            filled: self.filled + other.filled,
            overwritten: self.overwritten + other.overwritten,
            documents: self.documents + other.documents,
            held: self.held + other.held,
            failed: self.failed + other.failed,
        }
    }
}

/// The first contract of which not every value could be overwritten in one run.
fn limit_reached_at(lines: &[Line], limit: u32) -> Option<ContractId> {
    let mut overwritten = 0_usize;
    let is_beyond = |line: &&Line| {
        overwritten += line.counts.overwritten;
        overwritten > usize::try_from(limit).unwrap_or(usize::MAX)
    };
    lines.iter().find(is_beyond).map(|line| line.contract)
}

fn write(out: &mut dyn Write, all: &All<'_>) -> io::Result<()> {
    if !all.changes.is_empty() {
        let rows = all.changes.iter().map(|line| {
            let Counts { filled, overwritten, documents, held, failed } = line.counts;
            let candidate =
                line.candidate.as_ref().map(|candidate| one_line(candidate.as_str()).into_owned());
            let [filled, overwritten, documents, held, failed] =
                [filled, overwritten, documents, held, failed].map(|count| count.to_string());
            [
                line.contract.to_string(),
                candidate.unwrap_or_default(),
                filled,
                overwritten,
                documents,
                held,
                failed,
            ]
        });
        writeln!(out, "{}\n", table(words::COLUMNS, rows))?;
    }
    let Counts { filled, overwritten, documents, held, failed } = all.totals;
    let totals = words::Totals { filled, overwritten, documents, held, failed };
    writeln!(out, "{}", words::planned(all.planned, all.contracts, totals))?;
    if !all.documents_by_address.is_empty() {
        let contracts: Vec<String> = all.documents_by_address.iter().map(ToString::to_string).collect();
        writeln!(out, "{}", words::by_address(contracts.len(), &contracts.join(", ")))?;
    }
    writeln!(out, "{}", words::limit(all.limit, all.limit_reached_at))?;
    writeln!(out, "{}", words::BASIS)?;
    writeln!(out, "{}", words::NOTHING_WRITTEN)
}
