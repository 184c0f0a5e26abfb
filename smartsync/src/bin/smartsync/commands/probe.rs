//! `smartsync probe`: what the accounts show of what no page confirms.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::Path,
};

use jiff::Timestamp;
use serde::Serialize;
use smartsync::words::commands::probe as words;
use smartsync::{
    config::{FactService, FactState, FactsFile, facts_file_of, save_facts},
    setup::{LeftBehind, MadeKind, PlannedRequest, Probe, ProbeError, probe_log_of},
};

use crate::{
    cli::{ProbeRun, ProbeThen},
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table, told_in_lines},
};

/// What a run found out.
#[derive(Serialize)]
struct Probed<'a> {
    file: &'a Path,
    requests: usize,
    cut_short: bool,
    answers: Vec<Found<'a>>,
    /// Of a run that writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    undo_proven: Option<bool>,
    left: &'a [LeftBehind],
}

/// What became of what a run has left.
#[derive(Serialize)]
struct Cleaned<'a> {
    left: &'a [LeftBehind],
}

#[derive(Serialize)]
struct Found<'a> {
    service: FactService,
    fact: &'a str,
    state: FactState,
    answer: &'a str,
    seen: &'a str,
}

pub(crate) async fn run(named: &Named, arguments: ProbeRun, output: &mut Output) -> Result<Exit, Failure> {
    let ProbeRun { then, write, explain, company, large_account, facts, .. } = arguments;
    if explain {
        return explained(write, output);
    }
    let config = named.file()?;
    let log = probe_log_of(&named.path, config.name());
    if let Some(ProbeThen::Clean) = then {
        return cleaned(&Probe::clean(&config, &log).await?.unwrap_or_default(), output);
    }
    let path = facts.unwrap_or_else(|| facts_file_of(&named.path, config.name()));
    if company.is_none() && !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Failure::new(words::NO_TERMINAL, words::NAME_COMPANY));
    }
    let mut probe = Probe::of(&config)?;
    let name = probe.begin().await?;
    let typed = match company {
        Some(company) => company,
        None => asked()?,
    };
    let report = if write {
        writeln!(io::stderr(), "{}", words::WRITING)?;
        probe.run_writing(&name, &typed, large_account, &log).await?
    } else {
        probe.run(&name, &typed, large_account).await?
    };
    let file = FactsFile::new(Timestamp::now(), report.answers)
        .map_err(|fault| Failure::new(fault, words::REPORT))?;
    save_facts(&file, &path)?;
    let found = file.answers.iter().map(|answer| Found {
        service: answer.service,
        fact: &answer.fact,
        state: file.state(answer.service, &answer.fact),
        answer: &answer.answer,
        seen: &answer.seen,
    });
    let probed = Probed {
        file: &path,
        requests: report.requests,
        cut_short: report.cut_short,
        answers: found.collect(),
        undo_proven: report.undo_proven,
        left: &report.left,
    };
    output.result(&probed, |out| {
        let rows = probed.answers.iter().map(|found| {
            [found.service.as_str(), found.fact, found.state.as_str(), found.answer, found.seen]
                .map(str::to_owned)
        });
        writeln!(out, "{}\n", table(words::COLUMNS, rows))?;
        writeln!(out, "{}", words::saved(probed.answers.len(), probed.requests, path.display()))?;
        if probed.cut_short {
            writeln!(out, "{}", words::CUT_SHORT)?;
        }
        if probed.answers.iter().any(|found| found.state == FactState::Refuted) {
            writeln!(out, "{}", words::REFUTED)?;
        }
        if probed.undo_proven == Some(false) {
            writeln!(out, "{}", told_in_lines(words::UNDO_NOT_PROVEN))?;
        }
        name_left(probed.left, out)
    })?;
    Ok(if report.left.is_empty() { Exit::Success } else { Exit::Failure })
}

/// What is left stands there with its ids, so that a person can delete it.
fn name_left(left: &[LeftBehind], out: &mut dyn io::Write) -> io::Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    for one in left {
        let what = if one.kind == MadeKind::Candidate { words::CANDIDATE } else { words::CONTRACT };
        writeln!(out, "{}", words::left(what, &one.id))?;
    }
    writeln!(out, "{}", words::CLEAN)
}

fn cleaned(left: &[LeftBehind], output: &mut Output) -> Result<Exit, Failure> {
    output.result(&Cleaned { left }, |out| {
        if left.is_empty() {
            return writeln!(out, "{}", words::NOTHING_LEFT);
        }
        name_left(left, out)
    })?;
    Ok(if left.is_empty() { Exit::Success } else { Exit::Failure })
}

fn explained(write: bool, output: &mut Output) -> Result<Exit, Failure> {
    let reads: Vec<PlannedRequest> = Probe::planned().collect();
    let writes: Vec<PlannedRequest> = if write { Probe::planned_writes().collect() } else { Vec::new() };
    let planned: Vec<&PlannedRequest> = reads.iter().chain(&writes).collect();
    output.result(&planned, |out| {
        writeln!(out, "{}\n", told_in_lines(&words::planned(reads.len())))?;
        let row = |one: &PlannedRequest| {
            [one.service.as_str().to_owned(), one.method.clone(), one.path.clone(), one.why.to_owned()]
        };
        writeln!(out, "{}", table(words::PLANNED_COLUMNS, reads.iter().map(row)))?;
        if writes.is_empty() {
            return Ok(());
        }
        let most: u32 = writes.iter().map(|one| one.times).sum();
        writeln!(out, "\n{}\n", told_in_lines(&words::planned_writes(most)))?;
        for one in &writes {
            let [service, method, path, why] = row(one);
            writeln!(out, "{service} {method} {path}\n    {}", words::at_most(&why, one.times))?;
            if let Some(body) = one.body {
                writeln!(out, "    {body}")?;
            }
        }
        Ok(())
    })?;
    Ok(Exit::Success)
}

/// What was typed on the terminal.
fn asked() -> Result<String, Failure> {
    let mut shown = io::stderr();
    write!(shown, "{}", words::QUESTION)?;
    shown.flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed)
}

impl From<ProbeError> for Failure {
    fn from(error: ProbeError) -> Self {
        let next = match error {
            ProbeError::Config(error) => return error.into(),
            ProbeError::Request(error) => return error.into(),
            ProbeError::OtherName => words::OTHER_NAME,
            ProbeError::Large { .. } => words::LARGE,
            ProbeError::NotUndone => words::CLEAN,
            ProbeError::Log(_) => words::LOG,
            ProbeError::NoCompany { .. } | ProbeError::NoCount | _ => words::NO_COMPANY,
        };
        Self::new(error, next)
    }
}
