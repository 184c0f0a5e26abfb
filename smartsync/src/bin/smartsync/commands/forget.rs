//! `smartsync forget`: erases what is remembered of a candidate. Asks no service, and needs of the configuration `[store]`
//! only: who must be forgotten does not wait until a mapping is right.

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;
use smartsync::words::commands::forget as words;
use smartsync::{
    ContractId,
    store::{ByHand, Erased, Tenant},
};
use smartsync_core::CandidateId;
use tokio::time::{Instant, sleep};

use crate::{
    ask::ask,
    cli::Forget,
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table},
    signals::{self, Signal, Stop},
    told::tell_progress,
};

/// How long to wait for looks that are under way: as long as one may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// How often to ask whether they have ended.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

#[derive(Serialize)]
struct Forgotten {
    /// In another tenant the candidate is not forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<Tenant>,
    candidate: CandidateId,
    /// Its whole path: in another database the candidate is not forgotten.
    database: String,
    /// Whether it was not forgotten before.
    new: bool,
    /// Whether anything was known of the candidate.
    known: bool,
    /// Numbers of rows.
    erased: Erased,
    /// Contracts of the candidate of which a look had not ended.
    looked_at: BTreeSet<ContractId>,
}

pub(crate) async fn run(named: &Named, arguments: Forget, output: &mut Output) -> Result<Exit, Failure> {
    let candidate = arguments.candidate;
    let file = named.file()?;
    let section = file.store()?.absolute()?;
    let state = section.open_existing().await?;
    let (ledger, claims) = (state.ledger(file.tenant(), section.keep_bases, None), state.by_hand());
    let is_known = ledger.knows(&candidate).await?;
    if !is_known && !arguments.yes {
        // There is no way back, and nothing to check a slip of the finger against.
        ask(&words::question(&candidate), words::WITHOUT_YES)?;
    }
    // Only now: a person who is asked may end it as ever.
    let mut stop = signals::stop_or_hang_up()?;
    // First, so that a look that is under way writes nothing more.
    let new = ledger.bury(&candidate).await?;
    let (looked_at, signal) = wait_for_looks(&*claims, file.tenant(), &candidate, &mut stop).await?;
    let erased = ledger.erase(&candidate).await?;
    let database = state.place();
    let tenant = file.name().cloned();
    let forgotten = Forgotten { tenant, candidate, database, new, known: is_known, erased, looked_at };
    output.result(&forgotten, |out| {
        let Forgotten { tenant, candidate, database, new, known, erased, looked_at } = &forgotten;
        writeln!(out, "{}\n", words::forgotten(candidate, tenant.as_ref().map(Tenant::as_str), *new))?;
        if !known {
            writeln!(out, "{}\n", words::UNKNOWN)?;
        }
        let Erased { contracts, creations, notifications, waiting, parked, looks, .. } = erased;
        let counts = [contracts, creations, notifications, waiting, parked, looks];
        let rows = words::ERASED.into_iter().zip(counts);
        let rows = rows.map(|(name, count)| [name.to_owned(), count.to_string()]);
        writeln!(out, "{}", table(words::COLUMNS, rows))?;
        for contract in looked_at {
            writeln!(out, "\n{}", words::unfinished(contract))?;
        }
        writeln!(out, "\n{}", words::database(database))?;
        writeln!(out, "{}", words::OTHERS_HOLD)?;
        writeln!(out, "{}", words::MERGED)
    })?;
    Ok(signal.map_or(Exit::Success, Exit::Stopped))
}

/// Waits for the looks at the candidate's contracts that are under way. Returns those that have not ended, and the signal that ended
/// the wait.
async fn wait_for_looks(
    claims: &dyn ByHand,
    tenant: &Tenant,
    candidate: &CandidateId,
    stop: &mut Stop,
) -> Result<(BTreeSet<ContractId>, Option<Signal>), Failure> {
    let mut left = claims.looks_at(tenant, candidate).await?;
    if let Some(contract) = left.first() {
        tell_progress(&words::waiting(contract));
    }
    let end = Instant::now() + LOOK_TIMEOUT;
    while !left.is_empty() && Instant::now() < end {
        tokio::select! {
            () = sleep(POLL_INTERVAL) => {}
            signal = stop.asked() => return Ok((left, Some(signal))),
        }
        // One that has begun since has seen the tombstone.
        let now = claims.looks_at(tenant, candidate).await?;
        left.retain(|contract| now.contains(contract));
    }
    Ok((left, None))
}
