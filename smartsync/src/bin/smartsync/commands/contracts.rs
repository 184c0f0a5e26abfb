//! `smartsync contracts list|look`: the contracts that were looked at, and another look at those that match. Asks no service.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use jiff::Timestamp;
use oneflow_client::{ContractId, TemplateTypeId};
use serde::Serialize;
use smartsync::{
    ConfigFile,
    engine::LimitWaits,
    store::{ContractPage, ContractPlace, ContractRow, Counted, Counts, LookAgain, Queued, Standing},
    words::{
        commands::contracts as words,
        shared::{because_of, counts, distance, outcome},
    },
};
use smartsync_core::{CandidateId, Clock as _, engine::SystemClock};

use super::{each_tenant::each_tenant, sync::progress::Progress};
use crate::{
    ask::ask_until,
    cli::{Contracts, FilterOf, LookAgainAt},
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table},
    signals,
};

pub(crate) async fn run(named: &Named, command: Contracts, output: &mut Output) -> Result<Exit, Failure> {
    match command {
        Contracts::List { filter, after: None, limit } => {
            each_tenant(named, output, async |file, output| list(file, &filter, None, limit, output).await)
                .await
        }
        // A place is one in the list of one tenant.
        Contracts::List { filter, after, limit } => list(&named.file()?, &filter, after, limit, output).await,
        Contracts::Look(which) => look(&named.file()?, &which, output).await,
    }
}

/// A page of contracts, as JSON.
#[derive(Serialize)]
struct Listed<'a> {
    count: u32,
    is_more: bool,
    contracts: Vec<Line<'a>>,
    after: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    contract: ContractId,
    candidate: Option<&'a CandidateId>,
    state: Option<&'a str>,
    template_type: Option<TemplateTypeId>,
    looked_at: Timestamp,
    trigger: &'static str,
    failures: Option<u32>,
    last_change: Option<Timestamp>,
    fields: Counts,
    document: Option<Document<'a>>,
    reasons: &'a [String],
    drifts_since: Option<Timestamp>,
    left_alone_since: Option<Timestamp>,
    next: Option<Next>,
}

#[derive(Serialize)]
struct Document<'a> {
    outcome: &'a str,
    reason: Option<&'a str>,
}

/// What comes next for a contract.
#[derive(Serialize)]
struct Next {
    state: &'static str,
    at: Option<Timestamp>,
}

impl<'a> Line<'a> {
    fn of(row: &'a ContractRow) -> Self {
        let standing = &row.standing;
        let document = standing.document.as_ref();
        let next = |queued| match queued {
            Queued::Due(at) => Next { state: "due", at: Some(at) },
            Queued::Parked(at) => Next { state: "parked", at: Some(at) },
            Queued::Running | _ => Next { state: "running", at: None },
        };
        Self {
            contract: standing.contract,
            candidate: standing.candidate.as_ref(),
            state: standing.state.as_deref(),
            template_type: standing.template_type,
            looked_at: standing.looked_at,
            trigger: standing.trigger.as_str(),
            failures: standing.trigger.failures(),
            last_change: standing.last_change,
            fields: standing.fields,
            document: document.map(|(outcome, reason)| Document { outcome, reason: reason.as_deref() }),
            reasons: &standing.reasons,
            drifts_since: standing.drifts_since,
            left_alone_since: standing.left_alone_since,
            next: row.next.map(next),
        }
    }
}

async fn list(
    file: &ConfigFile,
    filter: &FilterOf,
    after: Option<ContractPlace>,
    limit: u32,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let overview = file.store()?.open_existing().await?.overview(file.tenant());
    let asked = filter.at(now);
    let page = overview.contracts(&asked, after, limit).await?;
    let count = overview.count(&asked).await?;
    let listed = Listed {
        count: count.number,
        is_more: count.is_more,
        contracts: page.rows.iter().map(Line::of).collect(),
        after: page.next.map(|place| place.to_string()),
    };
    output.result(&listed, |out| write_list(out, &page, count, filter, now))?;
    Ok(Exit::Success)
}

fn write_list(
    out: &mut dyn Write,
    page: &ContractPage,
    count: Counted,
    filter: &FilterOf,
    now: Timestamp,
) -> io::Result<()> {
    if page.rows.is_empty() {
        writeln!(out, "{}", if page.next.is_some() { words::GOES_ON } else { words::NONE })?;
    } else {
        writeln!(out, "{}", table(words::COLUMNS, page.rows.iter().map(|row| cells(row, now))))?;
        writeln!(out, "\n{}", words::matching(&count.to_string()))?;
    }
    if let Some(place) = page.next {
        let command = format!("smartsync contracts list{} --after {place}", filter.options());
        writeln!(out, "{}", words::more(&command))?;
    }
    Ok(())
}

fn cells(row: &ContractRow, now: Timestamp) -> [String; 7] {
    let Standing { contract, candidate, looked_at, trigger, state, fields, document, reasons, .. } =
        &row.standing;
    let document = document.as_ref().map(|(code, _)| words::document(outcome(code)));
    let ended = [Some(counts(*fields)).filter(|counts| !counts.is_empty()), document];
    let next = match row.next {
        None => words::NEXT_NONE.to_owned(),
        Some(Queued::Due(at)) if at <= now => words::NEXT_OVERDUE.to_owned(),
        Some(Queued::Due(at)) => distance(now, at),
        Some(Queued::Parked(at)) => words::parked(&distance(now, at)),
        Some(Queued::Running | _) => words::NEXT_RUNNING.to_owned(),
    };
    [
        contract.to_string(),
        state.clone().unwrap_or_default(),
        candidate.as_ref().map_or_else(|| words::NO_CANDIDATE.to_owned(), ToString::to_string),
        words::last_look(&distance(now, *looked_at), &because_of(*trigger)),
        ended.into_iter().flatten().collect::<Vec<_>>().join("; "),
        reasons.join(", "),
        next,
    ]
}

/// How far looking again has come, as JSON.
#[derive(Serialize)]
struct LookedAgain {
    count: u32,
    is_more: bool,
    looked_at: usize,
    is_stopped: bool,
}

async fn look(file: &ConfigFile, which: &LookAgainAt, output: &mut Output) -> Result<Exit, Failure> {
    let (state, now) = (file.store()?.open_existing().await?, SystemClock.now());
    let again = LookAgain::new(&*state, file.tenant());
    // What comes to match later is not counted, and not looked at.
    let filter = again.up_to_now(which.filter.at(now), now).await?;
    let count = state.overview(file.tenant()).count(&filter).await?;
    let is_any = count.number > 0 || count.is_more;
    // Before anybody is asked: without one, nothing would come of it.
    if is_any && !state.journal(file.tenant()).status(now).await?.is_served {
        return Err(Failure::new(words::NO_SERVER, words::NO_SERVER_NEXT));
    }
    let mut stop = signals::stop_or_hang_up()?;
    if is_any && !which.yes {
        let question = words::question(&count.to_string());
        if let Some(signal) = ask_until(&mut stop, question, words::WITHOUT_YES).await? {
            return Ok(Exit::Stopped(signal));
        }
    }
    let progress = Progress::begin(&LimitWaits::new())?;
    progress.of_counted(count)?;
    let done = AtomicUsize::new(0);
    let looked_at = |more| {
        done.fetch_add(more, Relaxed);
        (0..more).for_each(|_| progress.next());
    };
    let stopped = tokio::select! {
        biased;
        signal = stop.asked() => Some(signal),
        asked = again.at_all(filter, looked_at) => {
            asked?;
            None
        }
    };
    progress.end();
    let (looked_at, is_stopped) = (done.into_inner(), stopped.is_some());
    let result = LookedAgain { count: count.number, is_more: count.is_more, looked_at, is_stopped };
    output.result(&result, |out| {
        if let Some(signal) = stopped {
            writeln!(out, "{}", words::stopped(signal.as_str()))?;
        }
        writeln!(out, "{}", if is_any { words::looked_at(looked_at) } else { words::NONE.to_owned() })
    })?;
    Ok(stopped.map_or(Exit::Success, Exit::Stopped))
}
