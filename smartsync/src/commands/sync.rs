//! `smartsync sync`: plans and applies, now, beside a server that may be running.

use std::time::Duration;

use oneflow_client::ContractId;
use smartsync::{Claim, Config, Inbox, Store};
use smartsync_core::{Engine, Report};
use tokio::time::{Instant, sleep};

use crate::{commands::Exit, failure::Failure, render::Output, report::Accounting};

/// How long to wait for a server that looks at the same contract.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often to ask whether it has finished.
const POLL: Duration = Duration::from_millis(200);

pub(crate) async fn run(
    config: &Config,
    contracts: &[ContractId],
    output: &mut Output,
) -> Result<Exit, Failure> {
    let store = Store::open(config.store.url.path())?;
    let engine = config.engine(&store)?;
    let inbox = Inbox::new(store);
    let (mut reports, mut failure) = (Vec::new(), None);
    for contract in contracts {
        match sync(&engine, &inbox, *contract).await {
            Ok(report) => reports.push(report),
            Err(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    // What was done is told even if it ended early.
    let accounts: Vec<Accounting> = reports.iter().map(Accounting::of_report).collect();
    output.result(&accounts, |out| accounts.iter().try_for_each(|account| account.write(out)))?;
    match failure {
        Some(failure) => Err(failure),
        None if reports.iter().all(Report::is_complete) => Ok(Exit::Done),
        None => Ok(Exit::Partly),
    }
}

async fn sync(engine: &Engine, inbox: &Inbox, contract: ContractId) -> Result<Report, Failure> {
    let claim = claim(inbox, contract).await?;
    let report = match engine.plan(contract).await {
        Ok(plan) => engine.apply(plan).await,
        Err(error) => {
            inbox.release(claim).await?;
            return Err(error.into());
        }
    };
    // What is left over is for the server, if a notification waits; a command does not retry behind one's back.
    if report.is_complete() {
        inbox.done(claim).await?;
    } else {
        inbox.release(claim).await?;
    }
    Ok(report)
}

async fn claim(inbox: &Inbox, contract: ContractId) -> Result<Claim, Failure> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(claim) = inbox.claim(contract).await? {
            return Ok(claim);
        }
        if Instant::now() > end {
            return Err(Failure::new(
                format!("contract {contract} is being looked at by another process"),
                "try again in five minutes: by then it has finished, or its claim has lapsed",
            ));
        }
        sleep(POLL).await;
    }
}
