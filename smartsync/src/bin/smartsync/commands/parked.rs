//! `smartsync parked list|show|retry|drop`: the contracts that were given up. Asks no service.

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::{
    store::{Journal, Look, Overview, Parked as ParkedContract, ParkedFilter, ParkedRow},
    words::{commands::parked as words, shared::why},
};

use crate::{
    ask::ask,
    cli::{Parked, Which},
    commands::{Exit, Named},
    failure::Failure,
    field_table::{short, write_looks},
    output::{Output, table},
};

pub(crate) async fn run(named: &Named, command: Parked, output: &mut Output) -> Result<Exit, Failure> {
    let file = named.file()?;
    let state = file.store()?.open_existing().await?;
    let (journal, overview) = (&*state.journal(file.tenant()), &*state.overview(file.tenant()));
    match command {
        Parked::List { reason } => list(&all(overview, reason.as_deref()).await?, output),
        Parked::Show { contract } => show(journal, contract, output).await,
        Parked::Retry(which) => retry(journal, overview, which, output).await,
        Parked::Drop(which) => drop(journal, overview, which, output).await,
    }
}

/// So many are read at once, and so many are done something to: a server that works on the database does not wait for all of them.
const READ_AT_ONCE: u32 = 1_000;
const AT_ONCE: usize = 500;

/// All that are parked, or those with a code, in the order of their ids.
async fn all(overview: &dyn Overview, reason: Option<&str>) -> Result<Vec<ParkedRow>, Failure> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = overview.parked(reason, after, READ_AT_ONCE).await?;
        all.extend(page.rows);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// One of the list, as JSON.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    parked: &'a ParkedContract,
    first_attempt: Option<Timestamp>,
    last_attempt: Timestamp,
    to_do: Vec<String>,
}

impl<'a> Listed<'a> {
    fn of(row: &'a ParkedRow) -> Self {
        let parked = &row.parked;
        Self {
            parked,
            first_attempt: row.first_attempt,
            last_attempt: parked.at,
            to_do: parked.codes.iter().map(|code| why(code)).collect(),
        }
    }
}

fn list(parked: &[ParkedRow], output: &mut Output) -> Result<Exit, Failure> {
    let listed: Vec<_> = parked.iter().map(Listed::of).collect();
    output.result(&listed, |out| {
        if listed.is_empty() {
            return writeln!(out, "{}", words::NONE);
        }
        let rows = listed.iter().map(|listed| {
            [
                listed.parked.contract.to_string(),
                listed.parked.attempts.to_string(),
                listed.first_attempt.map_or_else(|| words::UNKNOWN.to_owned(), short),
                short(listed.last_attempt),
                listed.parked.reason.clone(),
                listed.to_do.join(" "),
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

async fn retry(
    journal: &dyn Journal,
    overview: &dyn Overview,
    which: Which,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let contracts = chosen(journal, overview, which, words::RETRY, words::RETRY_WITHOUT_YES).await?;
    let mut retried = Vec::new();
    for contracts in contracts.chunks(AT_ONCE) {
        retried.extend(journal.retry_parked(contracts, Timestamp::now()).await?);
    }
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

async fn drop(
    journal: &dyn Journal,
    overview: &dyn Overview,
    which: Which,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let contracts = chosen(journal, overview, which, words::DROP, words::DROP_WITHOUT_YES).await?;
    let mut dropped = Vec::new();
    for contracts in contracts.chunks(AT_ONCE) {
        dropped.extend(journal.drop_parked(contracts, Timestamp::now()).await?);
    }
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
    overview: &dyn Overview,
    which: Which,
    question: &str,
    without: &'static str,
) -> Result<Vec<ContractId>, Failure> {
    let Which { contracts, reason, yes, .. } = which;
    let is_named = !contracts.is_empty();
    let parked: Vec<ContractId> = if is_named {
        let named = journal.parked(&ParkedFilter::Contracts(contracts.clone())).await?;
        named.iter().map(|parked| parked.contract).collect()
    } else {
        all(overview, reason.as_deref()).await?.iter().map(|row| row.parked.contract).collect()
    };
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
