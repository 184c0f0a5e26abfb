//! `smartsync parked list|show|retry|drop`: the contracts that were given up. Asks no service.

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::store::{Journal, Look, Parked as ParkedContract, ParkedFilter};
use smartsync::words::commands::parked as words;

use crate::{
    ask::ask,
    cli::{Parked, Which},
    commands::{Exit, Named},
    failure::Failure,
    field_table::{short, write_looks},
    output::{Output, table},
};

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
            return writeln!(out, "{}", words::NONE);
        }
        let rows = parked.iter().map(|parked| {
            [
                parked.contract.to_string(),
                short(parked.at),
                parked.attempts.to_string(),
                parked.reason.clone(),
            ]
        });
        writeln!(out, "{}", table(words::COLUMNS, rows))
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
        writeln!(out, "{}\n", words::shown(contract, &at, attempts, &parked.reason))?;
        if !looks.is_empty() {
            write_looks(out, &looks, true)?;
            writeln!(out)?;
        }
        writeln!(out, "{}", words::to_do(contract))
    })?;
    Ok(Exit::Success)
}

async fn retry(journal: &dyn Journal, which: Which, output: &mut Output) -> Result<Exit, Failure> {
    let contracts = chosen(journal, which, words::RETRY, words::RETRY_WITHOUT_YES).await?;
    let retried = journal.retry_parked(&contracts, Timestamp::now()).await?;
    output.result(&serde_json::json!({ "retried": retried }), |out| {
        if retried.is_empty() {
            return writeln!(out, "{}", words::NO_MATCH);
        }
        for contract in &retried {
            writeln!(out, "{}", words::retried(contract))?;
        }
        writeln!(out, "{}", words::WHEN)
    })?;
    Ok(Exit::Success)
}

async fn drop(journal: &dyn Journal, which: Which, output: &mut Output) -> Result<Exit, Failure> {
    let contracts = chosen(journal, which, words::DROP, words::DROP_WITHOUT_YES).await?;
    let dropped = journal.drop_parked(&contracts, Timestamp::now()).await?;
    output.result(&serde_json::json!({ "dropped": dropped }), |out| {
        for contract in &dropped {
            writeln!(out, "{}", words::dropped(contract))?;
        }
        let told = match dropped.len() {
            0 => words::NO_MATCH,
            1 => words::DROPPED_ONE,
            _ => words::DROPPED_SEVERAL,
        };
        writeln!(out, "{told}")
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
        ask(&words::question(parked.len(), question), without)?;
    }
    Ok(parked)
}

fn not_parked(contract: ContractId) -> Failure {
    Failure::new(words::NOT_PARKED, words::SEE_LIST).about(contract)
}
