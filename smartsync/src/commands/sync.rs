//! `smartsync sync`: plans and applies, now, beside a server that may be running.

use std::{io, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};
use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::{Claim, Config, Inbox, sent_contracts};
use smartsync_core::{DocumentOutcome, Engine, Outcome, Report};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    cli::Sync,
    commands::Exit,
    failure::{Failure, FailureLine},
    render::Output,
    report::write_report,
};

/// How long to wait for a server that looks at the same contract.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often to ask whether it has finished.
const POLL: Duration = Duration::from_millis(200);

/// After so many contracts in a row for which a service gave no proper answer, the rest is left alone.
const OUTAGE: usize = 3;

/// No look takes longer: the claim on its contract lapses after five minutes.
const LOOK: Duration = Duration::from_secs(4 * 60);

pub(crate) async fn run(config: &Config, arguments: Sync, output: &mut Output) -> Result<Exit, Failure> {
    let (store, engine) = config.open()?;
    let inbox = Inbox::new(store);
    let mut failures = Vec::new();
    let contracts = if arguments.all {
        let found = sent_contracts(&config.oneflow_client()?, &config.mapping).await?;
        failures.extend(found.unreadable.into_iter().map(Failure::from));
        found.contracts.into_iter().collect()
    } else {
        arguments.contracts.clone()
    };

    let (total, mut reports, mut outage) = (contracts.len(), Vec::new(), 0);
    let progress = progress(total)?;
    for contract in contracts {
        // One contract that fails does not end the others.
        match sync(&engine, &inbox, contract, arguments.attach_again).await {
            Ok(report) => {
                reports.push(report);
                outage = 0;
            }
            Err(failure) => {
                outage = if failure.is_outage() { outage + 1 } else { 0 };
                failures.push(failure.about(contract));
            }
        }
        progress.inc(1);
        if outage == OUTAGE {
            break;
        }
    }
    progress.finish_and_clear();

    let is_many = arguments.all || total > 1;
    let lines = reports.iter().map(SyncLine::Looked);
    let lines: Vec<_> =
        lines.chain(failures.iter().map(|failure| SyncLine::Failed(failure.line()))).collect();
    output.result(&lines, |out| {
        for report in &reports {
            // Of a whole account, what stayed as it was is only counted.
            if !arguments.all || has_changed(report) || !report.is_complete() {
                write_report(out, report)?;
                if is_many {
                    writeln!(out)?;
                }
            }
        }
        if is_many { writeln!(out, "{}", summary(&reports, total)) } else { Ok(()) }
    })?;
    for failure in &failures {
        failure.tell();
    }
    Ok(if !failures.is_empty() {
        Exit::Wanting
    } else if reports.iter().all(Report::is_complete) {
        Exit::Done
    } else {
        Exit::Partly
    })
}

/// A contract in the JSON.
#[derive(Serialize)]
#[serde(untagged)]
enum SyncLine<'a> {
    Looked(&'a Report),
    Failed(FailureLine<'a>),
}

/// On stderr, and only if that is a terminal.
fn progress(contracts: usize) -> Result<ProgressBar, Failure> {
    if contracts < 2 {
        return Ok(ProgressBar::hidden());
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} contracts, {eta} left");
    let bar = ProgressBar::new(u64::try_from(contracts).unwrap_or(u64::MAX));
    Ok(bar.with_style(style.map_err(io::Error::other)?))
}

fn has_changed(report: &Report) -> bool {
    report.count(|outcome| outcome == Outcome::Written) > 0 || report.document == DocumentOutcome::Attached
}

fn summary(reports: &[Report], total: usize) -> String {
    let (complete, incomplete): (Vec<&Report>, Vec<_>) =
        reports.iter().partition(|report| report.is_complete());
    let changed = complete.iter().filter(|report| has_changed(report)).count();
    format!(
        "{changed} synced, {} with nothing to do, {} with something held or failed, {} not looked at",
        complete.len() - changed,
        incomplete.len(),
        total - reports.len(),
    )
}

async fn sync(
    engine: &Engine,
    inbox: &Inbox,
    contract: ContractId,
    attach_again: bool,
) -> Result<Report, Failure> {
    let claim = claim(inbox, contract).await?;
    let looked = match timeout(LOOK, look(engine, contract, attach_again)).await {
        Ok(looked) => looked,
        Err(_) => Err(Failure::new("the look took too long", "try again later")),
    };
    // What is left over is for the server, if a notification waits; a command does not retry behind one's back.
    if looked.as_ref().is_ok_and(Report::is_complete) {
        inbox.done(claim).await?;
    } else {
        inbox.release(claim).await?;
    }
    looked
}

async fn look(engine: &Engine, contract: ContractId, attach_again: bool) -> Result<Report, Failure> {
    if attach_again {
        engine.attach_again(contract).await?;
    }
    let plan = engine.plan(contract).await?;
    Failure::if_gone(&plan)?;
    Ok(engine.apply(plan).await)
}

pub(super) async fn claim(inbox: &Inbox, contract: ContractId) -> Result<Claim, Failure> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(claim) = inbox.claim(contract).await? {
            return Ok(claim);
        }
        if Instant::now() > end {
            return Err(Failure::new(
                "it is being looked at by another process",
                "try again in five minutes: by then it has finished, or its claim has lapsed",
            ));
        }
        sleep(POLL).await;
    }
}
