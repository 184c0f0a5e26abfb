//! `smartsync held`: a line for each field that somebody has to decide. Asks no service.

use std::io::{self, Write};

use jiff::Timestamp;
use oneflow_client::ContractId;
use serde::Serialize;
use smartsync::{
    ConfigFile,
    store::{Counted, HeldField, HeldPage, HeldPlace},
    words::{
        commands::held as words,
        shared::{distance, what_happened},
    },
};
use smartsync_core::{CandidateId, Clock as _, Reason, engine::SystemClock};

use super::each_tenant::each_tenant;
use crate::{
    cli::Held,
    command_line::quoted,
    commands::{Exit, Named},
    failure::Failure,
    field_table::Reasons,
    output::{Output, table, told_in_lines},
};

pub(crate) async fn run(named: &Named, arguments: Held, output: &mut Output) -> Result<Exit, Failure> {
    let Held { after, limit, .. } = arguments;
    match after {
        None => each_tenant(named, output, async |file, output| list(file, None, limit, output).await).await,
        // A place is one in the list of one tenant.
        Some(place) => list(&named.file()?, Some(&place), limit, output).await,
    }
}

/// A page of fields, as JSON.
#[derive(Serialize)]
struct Listed<'a> {
    count: u32,
    is_more: bool,
    fields: Vec<Line<'a>>,
    after: Option<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    contract: ContractId,
    candidate: Option<&'a CandidateId>,
    oneflow: &'a str,
    teamtailor: &'a str,
    reason: Option<&'a str>,
    sentence: Option<&'static str>,
    edit: Option<&'a str>,
    since: Timestamp,
    looked_at: Timestamp,
    plan: Option<&'a str>,
    may_be_decided: bool,
}

impl<'a> Line<'a> {
    fn of(held: &'a HeldField) -> Self {
        let reason = held.reason.as_deref().and_then(Reason::from_code);
        Self {
            contract: held.contract,
            candidate: held.candidate.as_ref(),
            oneflow: &held.data_field,
            teamtailor: &held.candidate_field,
            reason: held.reason.as_deref(),
            sentence: reason.map(Reason::sentence),
            edit: held.relation.as_deref(),
            since: held.since,
            looked_at: held.looked_at,
            plan: held.plan.as_deref(),
            may_be_decided: reason.is_some_and(Reason::may_be_decided),
        }
    }
}

async fn list(
    file: &ConfigFile,
    after: Option<&HeldPlace>,
    limit: u32,
    output: &mut Output,
) -> Result<Exit, Failure> {
    let now = SystemClock.now();
    let overview = file.store()?.open_existing().await?.overview(file.tenant());
    let page = overview.held(after, limit).await?;
    let count = overview.held_count().await?;
    let listed = Listed {
        count: count.number,
        is_more: count.is_more,
        fields: page.rows.iter().map(Line::of).collect(),
        after: page.next.as_ref().map(ToString::to_string),
    };
    output.result(&listed, |out| write_list(out, &page, count, now))?;
    Ok(Exit::Success)
}

fn write_list(out: &mut dyn Write, page: &HeldPage, count: Counted, now: Timestamp) -> io::Result<()> {
    if page.rows.is_empty() {
        return writeln!(out, "{}", words::NONE);
    }
    let mut reasons = Reasons::default();
    let rows: Vec<[String; 6]> = page
        .rows
        .iter()
        .map(|held| {
            let candidate = held.candidate.as_ref();
            [
                distance(now, held.since),
                held.contract.to_string(),
                candidate.map_or_else(|| words::NO_CANDIDATE.to_owned(), ToString::to_string),
                words::field(&held.data_field, &held.candidate_field),
                held.relation.as_deref().map(what_happened).unwrap_or_default().to_owned(),
                reasons.mark_code(held.reason.as_deref()),
            ]
        })
        .collect();
    writeln!(out, "{}", table(words::COLUMNS, rows))?;
    reasons.write(out)?;
    writeln!(out, "\n{}", words::count(&count.to_string()))?;
    write_plans(out, page)?;
    if let Some(place) = &page.next {
        let command = format!("smartsync held --after {}", quoted(&place.to_string()));
        writeln!(out, "{}", words::more(&command))?;
    }
    writeln!(out, "{}", told_in_lines(words::DECIDE))
}

/// The plan of each contract on which somebody can decide, once. Whole, as `resolve --plan` takes it: what is shown in part would have to be
/// compared in part.
fn write_plans(out: &mut dyn Write, page: &HeldPage) -> io::Result<()> {
    let mut plans: Vec<(ContractId, &str)> = Vec::new();
    for field in page.rows.iter().map(Line::of).filter(|field| field.may_be_decided) {
        let plan = field.plan.map(|plan| (field.contract, plan));
        plans.extend(plan.filter(|plan| !plans.contains(plan)));
    }
    for (contract, plan) in &plans {
        // A line of its own: with anything else, it would not fit into 80 columns on every terminal.
        writeln!(out, "\n{}\n{plan}", words::plan_of(contract))?;
    }
    if plans.is_empty() { Ok(()) } else { writeln!(out) }
}
