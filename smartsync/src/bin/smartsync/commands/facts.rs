//! `smartsync facts`: what is assumed about the two services, and what was found out. Asks nobody.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use smartsync::words::commands::facts as words;
use smartsync::{
    ConfigFile,
    config::{FactService, FactState, FactsFile, facts_file_of, read_facts},
};
use smartsync_core::facts::{Fact, Facts};

use super::each_tenant::each_tenant;
use crate::{
    cli::FactsShown,
    commands::{Exit, Named},
    failure::Failure,
    output::{Output, table},
};

/// What is shown.
#[derive(Serialize)]
struct Shown<'a> {
    file: &'a Path,
    /// When it was found out; `None` where there is no file.
    made: Option<Timestamp>,
    confirmed: usize,
    refuted: usize,
    unknown: usize,
    facts: Vec<Line<'a>>,
}

/// One fact, and what is known of it.
#[derive(Serialize)]
struct Line<'a> {
    service: FactService,
    fact: &'a str,
    says: &'a str,
    assumed: &'a str,
    state: FactState,
    /// What was found out.
    answer: Option<&'a str>,
    /// The same in words.
    means: Option<&'a str>,
    seen: Option<&'a str>,
    /// Why little is lost where it is otherwise than assumed.
    harmless: &'a str,
    /// What knowing it allows.
    buys: &'a str,
    /// What settles it, or why nothing may.
    probe: &'a str,
    #[serde(rename = "where")]
    leans_on_it: &'a [String],
}

pub(crate) async fn run(named: &Named, arguments: FactsShown, output: &mut Output) -> Result<Exit, Failure> {
    if arguments.facts.is_some() {
        // One file is of one tenant.
        named.file()?;
    }
    let show = async |config: &ConfigFile, output: &mut Output| {
        let file = arguments.facts.clone().unwrap_or_else(|| facts_file_of(&named.path, config.name()));
        show(&file, output)
    };
    each_tenant(named, output, show).await
}

fn show(file: &Path, output: &mut Output) -> Result<Exit, Failure> {
    let known = read_facts(file)?;
    let all: Vec<(FactService, Facts)> = FactService::ALL
        .into_iter()
        .map(|service| service.facts().map(|facts| (service, facts)))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::new(error, smartsync::words::commands::schema::BUILT_WRONG))?;
    let facts: Vec<Line<'_>> = all
        .iter()
        .flat_map(|(service, facts)| facts.iter().map(|fact| line(*service, fact, known.as_ref())))
        .collect();
    let count = |state| facts.iter().filter(|line| line.state == state).count();
    let shown = Shown {
        file,
        made: known.as_ref().map(|known| known.made),
        confirmed: count(FactState::Confirmed),
        refuted: count(FactState::Refuted),
        unknown: count(FactState::Unknown),
        facts,
    };
    output.result(&shown, |out| {
        let name = file.display();
        let from = shown.made.map_or_else(|| words::nothing_known(&name), |made| words::known(&name, made));
        writeln!(out, "{from}")?;
        for service in FactService::ALL {
            let lines = shown.facts.iter().filter(|line| line.service == service);
            writeln!(out, "\n{}\n\n{}", service.as_str(), table(words::COLUMNS, lines.map(cells)))?;
        }
        let refuted = shown.facts.iter().filter(|line| line.state == FactState::Refuted);
        let refuted: Vec<[String; 3]> = refuted
            .map(|line| [line.fact, line.means.unwrap_or_default(), line.harmless].map(str::to_owned))
            .collect();
        if !refuted.is_empty() {
            writeln!(out, "\n{}", table(words::REFUTED_COLUMNS, refuted))?;
        }
        writeln!(out, "\n{}", words::counted(shown.confirmed, shown.refuted, shown.unknown))
    })?;
    Ok(Exit::Success)
}

fn line<'a>(service: FactService, fact: &'a Fact, known: Option<&'a FactsFile>) -> Line<'a> {
    let found = known.and_then(|known| known.answer(service, &fact.id));
    let answer = found.map(|found| found.answer.as_str());
    let means = fact.answers.iter().find(|one| Some(one.id.as_str()) == answer);
    Line {
        service,
        fact: &fact.id,
        says: &fact.says,
        assumed: &fact.assumed,
        state: FactState::of(fact, answer),
        answer,
        means: means.map(|one| one.means.as_str()),
        seen: found.map(|found| found.seen.as_str()),
        harmless: &fact.harmless,
        buys: &fact.buys,
        probe: fact.probe.sentence(),
        leans_on_it: &fact.leans_on_it,
    }
}

fn cells(line: &Line<'_>) -> [String; 4] {
    let answer = line.answer.map_or_else(|| words::assumed(line.assumed), str::to_owned);
    [line.fact.to_owned(), line.state.as_str().to_owned(), answer, line.says.to_owned()]
}
