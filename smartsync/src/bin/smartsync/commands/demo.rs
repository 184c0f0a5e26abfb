//! `smartsync demo`: the whole story, told.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use smartsync::demo::{self, CandidateCard, DemoSettings, Story};
use smartsync::words::commands::demo as words;
use smartsync_core::Report;

use crate::{
    cli::Demo,
    commands::Exit,
    failure::Failure,
    field_table::{said, write_fields},
    output::{Output, table},
};

pub(crate) async fn run(arguments: Demo, output: &mut Output) -> Result<Exit, Failure> {
    let mut settings = DemoSettings::default();
    settings.mishap = arguments.mishap;
    let next = match settings.mishap {
        Some(_) => words::BROKEN_ON_PURPOSE,
        None => words::BUG,
    };
    let story = demo::run(settings).await.map_err(|error| Failure::new(error, next))?;
    output.result(&story, |out| write_story(out, &story))?;
    Ok(Exit::Success)
}

fn write_story(out: &mut dyn Write, story: &Story) -> io::Result<()> {
    writeln!(out, "{}\n", words::SANDBOX)?;
    writeln!(out, "{}\n", words::created(story.contract))?;
    write_fields(out, &story.filled_in, None)?;
    writeln!(out, "\n{}\n", words::CHANGED)?;
    writeln!(out, "{}", words::NOTIFIED)?;
    for (number, report) in (1..).zip(&story.reports) {
        writeln!(out, "\n{}\n", words::look(number, &summary(report)))?;
        write_fields(out, &report.outcomes, Some(report.document))?;
    }
    writeln!(out, "\n{}\n", words::CARD)?;
    writeln!(out, "{}", table(words::CARD_COLUMNS, cards(&story.before, &story.after)))?;
    // A file's name is too long for a column.
    for file in &story.after.uploads {
        writeln!(out, " {file}")?;
    }
    writeln!(out, "\n{}\n", words::REQUESTS)?;
    let requests = story.requests.iter().map(|request| {
        [
            request.origin.clone(),
            format!("{} {}", request.method, request.path),
            request.status.to_string(),
            request.purpose().to_owned(),
        ]
    });
    writeln!(out, "{}", table(words::REQUEST_COLUMNS, requests))?;
    writeln!(out, "\n{}", words::END)
}

fn summary(report: &Report) -> String {
    let outcomes = ["written", "unchanged", "skipped", "held", "failed"];
    let counts = outcomes.map(|name| (report.count(|outcome| outcome.as_str() == name), name));
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, outcome)| format!("{count} {outcome}")).collect();
    words::summary(&counts.join(", "), &said(report.document.as_str()))
}

fn cards(before: &CandidateCard, after: &CandidateCard) -> Vec<[String; 3]> {
    let names: BTreeSet<&String> = [before, after]
        .into_iter()
        .flat_map(|card| card.fields.keys().chain(card.custom_fields.keys()))
        .collect();
    let get = |card: &CandidateCard, name: &str| {
        card.fields
            .get(name)
            .or_else(|| card.custom_fields.get(name))
            .cloned()
            .unwrap_or_else(|| "-".to_owned())
    };
    let mut rows: Vec<_> =
        names.into_iter().map(|name| [name.clone(), get(before, name), get(after, name)]).collect();
    let files = |card: &CandidateCard| {
        if card.uploads.is_empty() { "-".to_owned() } else { card.uploads.len().to_string() }
    };
    rows.push([words::FILES.to_owned(), files(before), files(after)]);
    rows
}
