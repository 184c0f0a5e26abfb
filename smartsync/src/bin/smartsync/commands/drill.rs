//! `smartsync drill`: a hostile participant, and what came of it.

use std::io::{self, Write};

use smartsync::drill::{self, DrillSettings, Findings};
use smartsync::words::commands::drill as words;
use smartsync_transport::one_line;

use crate::{
    cli::Drill,
    commands::Exit,
    failure::Failure,
    output::{Output, table},
};

pub(crate) async fn run(arguments: Drill, output: &mut Output) -> Result<Exit, Failure> {
    let mut settings = DrillSettings::default();
    settings.runs = arguments.runs;
    settings.seed = arguments.seed;
    settings.stops_early = arguments.stop_early;
    let ran = tokio::task::spawn_blocking(move || drill::run(settings)).await;
    let findings = ran.map_err(io::Error::other)?.map_err(|error| Failure::new(error, words::BUG))?;
    output.result(&findings, |out| write_findings(out, &findings))?;
    Ok(if findings.is_clean() { Exit::Success } else { Exit::Failure })
}

fn write_findings(out: &mut dyn Write, findings: &Findings) -> io::Result<()> {
    for step in &findings.steps {
        writeln!(out, "{}", one_line(step))?;
    }
    let Findings { runs, with_database, looks, .. } = findings;
    writeln!(out, "{}\n", words::runs(*runs, *with_database, *looks))?;
    let rows = findings.deeds.iter().map(|(deed, ends)| {
        let mut ends: Vec<(&String, &u64)> = ends.iter().collect();
        ends.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let times: u64 = ends.iter().map(|(_, count)| **count).sum();
        let ends: Vec<String> = ends.iter().map(|(end, count)| format!("{end} {count}")).collect();
        [(*deed).to_owned(), times.to_string(), ends.join(", ")]
    });
    writeln!(out, "{}\n", table(words::COLUMNS, rows))?;
    let Some(first) = &findings.first else {
        return writeln!(out, "{}", words::NONE_BROKEN);
    };
    for (rule, count) in &findings.broken {
        writeln!(out, "{}", words::violation(*count, rule))?;
    }
    writeln!(out, "\n{}", words::first(first, first.seed))
}
