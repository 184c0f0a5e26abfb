//! `smartsync parked list|show|retry|drop`: the contracts that were given up. Asks no service.

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::store::{Journal, Look, Parked as ParkedContract, ParkedFilter};

use crate::{
    ask::ask,
    cli::{Parked, Which},
    commands::{Exit, Named},
    failure::Failure,
    field_table::{short, write_looks},
    output::{Output, table},
};

const NONE: &str = "no parked contract matches";

pub(crate) async fn run(named: &Named, command: Parked, output: &mut Output) -> Result<Exit, Failure> {
    let journal = &*named.journal().await?;
    match command {
        Parked::List { reason } => {
            let filter = reason.map_or(ParkedFilter::All, ParkedFilter::Reason);
            list(&journal.parked(&filter).await?, output)
        }
        Parked::Show { contract } => show(journal, contract, output).await,
        Parked::Retry(which) => retry(journal, which, output).await,
        Parked::Drop(which) => drop(journal, which, output).await,
    }
}

fn list(parked: &[ParkedContract], output: &mut Output) -> Result<Exit, Failure> {
    output.result(&parked, |out| {
        if parked.is_empty() {
            return writeln!(out, "no contract is parked");
        }
        let rows = parked.iter().map(|parked| {
            [
                parked.contract.to_string(),
                short(parked.at),
                parked.attempts.to_string(),
                parked.reason.clone(),
            ]
        });
        writeln!(out, "{}", table(["contract", "parked at", "failed looks", "why"], rows))
    })?;
    Ok(Exit::Success)
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    parked: &'a ParkedContract,
    /// The last look at it, if that is known.
    look: Option<&'a Look>,
}

async fn show(journal: &dyn Journal, contract: ContractId, output: &mut Output) -> Result<Exit, Failure> {
    let parked = journal.parked(&ParkedFilter::Contracts(vec![contract])).await?;
    let parked = parked.first().ok_or_else(|| not_parked(contract))?;
    let looks = journal.looks(contract, 1).await?;
    output.result(&Shown { parked, look: looks.first() }, |out| {
        let (at, attempts) = (short(parked.at), parked.attempts);
        writeln!(
            out,
            "contract {contract} was parked at {at} after {attempts} failed looks: {}\n",
            parked.reason
        )?;
        if !looks.is_empty() {
            write_looks(out, &looks, true)?;
            writeln!(out)?;
        }
        writeln!(out, "Fix the cause, then run `smartsync parked retry {contract}`.")
    })?;
    Ok(Exit::Success)
}

async fn retry(journal: &dyn Journal, which: Which, output: &mut Output) -> Result<Exit, Failure> {
    let contracts =
        chosen(journal, which, "Sync them again now?", "retrying several contracts requires `--yes`").await?;
    let retried = journal.retry_parked(&contracts, Timestamp::now()).await?;
    output.result(&serde_json::json!({ "retried": retried }), |out| {
        if retried.is_empty() {
            return writeln!(out, "{NONE}");
        }
        for contract in &retried {
            writeln!(out, "contract {contract} waits to be synced again")?;
        }
        writeln!(out, "A running server begins within a minute; otherwise the next start does.")
    })?;
    Ok(Exit::Success)
}

async fn drop(journal: &dyn Journal, which: Which, output: &mut Output) -> Result<Exit, Failure> {
    let contracts = chosen(
        journal,
        which,
        "Drop them without syncing them?",
        "dropping several contracts requires `--yes`",
    )
    .await?;
    let dropped = journal.drop_parked(&contracts, Timestamp::now()).await?;
    output.result(&serde_json::json!({ "dropped": dropped }), |out| {
        for contract in &dropped {
            writeln!(out, "contract {contract} is no longer parked")?;
        }
        match dropped.len() {
            0 => writeln!(out, "{NONE}"),
            1 => writeln!(out, "It is synced at its next notification, or by `smartsync sync`."),
            _ => writeln!(out, "They are synced at their next notification, or by `smartsync sync`."),
        }
    })?;
    Ok(Exit::Success)
}

/// The contracts that are meant. Those that were not named one by one are counted first, and asked about.
async fn chosen(
    journal: &dyn Journal,
    which: Which,
    question: &str,
    without: &'static str,
) -> Result<Vec<ContractId>, Failure> {
    let Which { contracts, reason, yes, .. } = which;
    let is_named = !contracts.is_empty();
    let filter = match reason {
        _ if is_named => ParkedFilter::Contracts(contracts.clone()),
        Some(code) => ParkedFilter::Reason(code),
        None => ParkedFilter::All,
    };
    let parked: Vec<ContractId> =
        journal.parked(&filter).await?.iter().map(|parked| parked.contract).collect();
    // All or nothing: one that is not there is most likely a slip.
    if let Some(missing) = contracts.iter().find(|contract| !parked.contains(contract)) {
        return Err(not_parked(*missing));
    }
    if !is_named && !parked.is_empty() && !yes {
        let count = parked.len();
        ask(&format!("Number of parked contracts that match: {count}. {question}"), without)?;
    }
    Ok(parked)
}

fn not_parked(contract: ContractId) -> Failure {
    Failure::new("it is not parked", "`smartsync parked list` shows those that are").about(contract)
}
