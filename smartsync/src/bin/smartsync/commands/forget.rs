//! `smartsync forget`: erases what is remembered of a candidate. Asks no service, and needs of the configuration `[store]`
//! only: who must be forgotten does not wait until a mapping is right.

use std::{collections::BTreeSet, time::Duration};

use serde::Serialize;
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
        let question =
            format!("Nothing is stored about candidate {candidate}: check the id. Forget it anyway?");
        ask(&question, "forgetting an unknown candidate requires `--yes`")?;
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
        let how = if forgotten.new { "is" } else { "was already" };
        let of = forgotten.tenant.as_ref().map(|tenant| format!(" of tenant {tenant}")).unwrap_or_default();
        writeln!(
            out,
            "candidate {}{of} {how} forgotten: nothing more is written for this candidate\n",
            forgotten.candidate
        )?;
        if !forgotten.known {
            writeln!(out, "Nothing was stored under this id: check it.\n")?;
        }
        let rows = [
            ("contracts", erased.contracts),
            ("creations", erased.creations),
            ("notifications", erased.notifications),
            ("waiting", erased.waiting),
            ("parked", erased.parked),
            ("looks", erased.looks),
        ];
        let rows = rows.map(|(name, count)| [name.to_owned(), count.to_string()]);
        writeln!(out, "{}", table(["erased", "rows"], rows))?;
        for contract in &forgotten.looked_at {
            writeln!(
                out,
                "\nA look at contract {contract} had not finished: what it had already sent may still arrive on the card. Check the card."
            )?;
        }
        writeln!(out, "\nThe database is {}.", forgotten.database)?;
        writeln!(out, "Teamtailor, Oneflow and backups of the database still hold their data.")?;
        writeln!(
            out,
            "If the candidate was merged with another in Teamtailor, forget the other id as well."
        )
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
        let line = format!(
            "waiting up to five minutes for a look at contract {contract} to finish; it writes nothing more. A signal ends the wait"
        );
        tell_progress(&line);
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
