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
    setup::{PlannedRequest, Probe, ProbeError},
};

use crate::{
    cli::ProbeRun,
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
    let ProbeRun { explain, company, large_account, facts, .. } = arguments;
    if explain {
        return explained(output);
    }
    let config = named.file()?;
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
    let report = probe.run(&name, &typed, large_account).await?;
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
        Ok(())
    })?;
    Ok(Exit::Success)
}

fn explained(output: &mut Output) -> Result<Exit, Failure> {
    let planned: Vec<PlannedRequest> = Probe::planned().collect();
    output.result(&planned, |out| {
        writeln!(out, "{}\n", told_in_lines(&words::planned(planned.len())))?;
        let rows = planned.iter().map(|one| {
            [one.service.as_str().to_owned(), one.method.to_owned(), one.path.clone(), one.why.to_owned()]
        });
        writeln!(out, "{}", table(words::PLANNED_COLUMNS, rows))
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
            ProbeError::NoCompany { .. } | ProbeError::NoCount | _ => words::NO_COMPANY,
        };
        Self::new(error, next)
    }
}
