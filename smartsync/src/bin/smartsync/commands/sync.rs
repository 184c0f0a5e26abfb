//! `smartsync sync`: plans and applies, now, beside a server that may be running.

pub(in crate::commands) mod progress;
mod summary;
mod sync_one;

use std::{sync::Arc, time::Duration};

use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::{
    Config,
    engine::{LimitWaits, sent_contracts},
    words::commands::sync as words,
};
use smartsync_core::{ChangeLimit, EngineError, Ledger, Outcome, Reason, Report, engine::SharedReads};

pub(in crate::commands) use self::sync_one::claim;
use self::{
    progress::Progress,
    summary::{has_changed, summary},
    sync_one::{Synced, Syncer},
};
use crate::{
    cli::Sync,
    commands::Exit,
    failure::{Failure, FailureLine},
    field_table::write_report,
    output::Output,
    signals::{self, Signal, Stop},
};

/// After so many contracts in a row for which a service gave no proper answer, the rest is left alone.
pub(in crate::commands) const MAX_FAILURES_IN_A_ROW: usize = 3;

/// So long are the limits of a service waited out, for each request, where there are many contracts to sync.
const LIMIT_WAIT_TOTAL: Duration = Duration::from_secs(60 * 60);

/// How a field ends that would overwrite more than is allowed.
const OVER_LIMIT: Outcome = Outcome::Held(Reason::LimitReached);

/// What was done of what there was to do.
#[derive(Default)]
struct Done {
    total: usize,
    reports: Vec<Report>,
    failures: Vec<Failure>,
    /// The one that was being written when it ended.
    broken_off: Option<ContractId>,
    /// The signal that ended it before it was through.
    stopped: Option<Signal>,
}

pub(crate) async fn run(config: &Config, arguments: Sync, output: &mut Output) -> Result<Exit, Failure> {
    let stop = signals::stop_or_hang_up()?;
    let is_many = arguments.all || arguments.contracts.len() > 1;
    let config = if is_many { config.clone().wait_out_limits(LIMIT_WAIT_TOTAL) } else { config.clone() };
    let limit = limit(&config, arguments.max_changes);
    let config = config.change_limit(limit);
    let waits = LimitWaits::new();
    let progress = Progress::begin(&waits)?;
    let done = sync(&config, &arguments, &waits, &progress, stop).await;
    progress.end();
    let Done { total, mut reports, failures, broken_off, stopped } = done?;

    if arguments.all {
        reports.sort_by_key(|report| report.contract);
    }
    let lines = reports.iter().map(SyncLine::Synced);
    let lines = lines.chain(broken_off.map(|contract| SyncLine::BrokenOff { contract, broken_off: true }));
    let lines: Vec<_> =
        lines.chain(failures.iter().map(|failure| SyncLine::Failed(failure.line()))).collect();
    output.result(&lines, |out| {
        for report in &reports {
            // Of many, those that are none of the sync's are only counted; of a whole account, so is what stayed as it was.
            let is_told = has_changed(report) || !report.is_complete();
            if !is_many || !report.is_without_candidate() && (!arguments.all || is_told) {
                write_report(out, report)?;
                if is_many {
                    writeln!(out)?;
                }
            }
        }
        if let Some(signal) = stopped {
            writeln!(out, "{}", words::stopped(signal.as_str()))?;
        }
        if let Some(contract) = broken_off {
            writeln!(out, "{}", words::broken_off(contract))?;
        }
        if is_many {
            writeln!(out, "{}", summary(&reports, broken_off, total))?;
        }
        let held = reports.iter().map(|report| report.count(|outcome| outcome == OVER_LIMIT)).sum::<usize>();
        if held > 0 {
            writeln!(out, "{}", words::over_limit(held))?;
        }
        Ok(())
    })?;
    for failure in &failures {
        output.tell(failure);
    }
    Ok(if let Some(signal) = stopped {
        Exit::Stopped(signal)
    } else if !failures.is_empty() {
        Exit::Failure
    } else if reports.iter().all(|report| report.is_complete() || report.is_without_candidate()) {
        Exit::Success
    } else {
        Exit::Incomplete
    })
}

/// How much this run may overwrite: as much as the hour has room for, and no more in all. What a person has named for this run is all
/// that counts for it, and counts for the hours of the server.
fn limit(config: &Config, named: Option<u32>) -> ChangeLimit {
    let of_run = |values| ChangeLimit::none().per_engine(values);
    named.map_or_else(|| of_run(config.limits.changes).per_hour(config.limits.changes), of_run)
}

/// A contract in the JSON.
#[derive(Serialize)]
#[serde(untagged)]
enum SyncLine<'a> {
    Synced(&'a Report),
    BrokenOff { contract: ContractId, broken_off: bool },
    Failed(FailureLine<'a>),
}

async fn sync(
    config: &Config,
    arguments: &Sync,
    waits: &LimitWaits,
    progress: &Progress,
    mut stop: Stop,
) -> Result<Done, Failure> {
    let mut done = Done::default();
    let (state, engine) = tokio::select! {
        opened = waits.watch(config.open()) => opened?,
        signal = stop.asked() => return Ok(Done { stopped: Some(signal), ..done }),
    };
    tokio::select! {
        other = waits.watch(Failure::of_other_account(&engine)) => if let Some(failure) = other { return Err(failure) },
        signal = stop.asked() => return Ok(Done { stopped: Some(signal), ..done }),
    }
    let contracts = if arguments.all {
        let client = config.oneflow_client()?;
        let found = tokio::select! {
            found = waits.watch(sent_contracts(&client, &config.mapping)) => found?,
            signal = stop.asked() => return Ok(Done { stopped: Some(signal), ..done }),
        };
        done.failures.extend(found.unreadable.into_iter().map(Failure::from));
        let ledger = state.ledger(config.tenant(), config.store.keep_bases, None);
        by_candidate(&*ledger, found.contracts).await?
    } else {
        arguments.contracts.clone()
    };
    done.total = contracts.len();
    progress.of(done.total);
    let (reads, attach_again) = (SharedReads::new(), arguments.attach_again);
    let looker = Syncer::new(
        &*state,
        config.tenant(),
        Arc::clone(&engine),
        waits.clone(),
        stop.clone(),
        reads,
        attach_again,
    );
    let mut outage = 0;
    for contract in contracts {
        done.stopped = stop.signal();
        if done.stopped.is_some() {
            break;
        }
        // One contract that fails does not end the others.
        match looker.sync(contract).await {
            Ok(Synced::Report(report)) => {
                done.reports.push(report);
                outage = 0;
            }
            Ok(Synced::NotBegun) => done.stopped = stop.signal(),
            Ok(Synced::BrokenOff) => {
                done.broken_off = Some(contract);
                done.stopped = stop.signal();
            }
            Err(failure) => {
                outage = if failure.is_outage() { outage + 1 } else { 0 };
                done.failures.push(failure.about(contract));
            }
        }
        progress.next();
        if outage == MAX_FAILURES_IN_A_ROW || done.stopped.is_some() {
            break;
        }
    }
    engine.leave_shared_limits().await;
    Ok(done)
}

/// The contracts of one candidate one after the other, as far as it is known whose they are: each look reads the candidate's
/// other contracts, and what was read a moment ago need not be read again.
pub(in crate::commands) async fn by_candidate(
    ledger: &dyn Ledger,
    contracts: impl IntoIterator<Item = ContractId>,
) -> Result<Vec<ContractId>, Failure> {
    let mut known = Vec::new();
    for contract in contracts {
        let entry = ledger.load(contract).await.map_err(EngineError::from)?;
        known.push((entry.candidate.map(|candidate| candidate.to_string()), contract));
    }
    known.sort();
    Ok(known.into_iter().map(|(_, contract)| contract).collect())
}
