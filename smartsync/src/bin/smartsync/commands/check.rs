//! `smartsync check`: what the credentials can do, whether the mapping matches both services, and what this machine lacks.

use std::io::{self, Write};

use smartsync::words::commands::check as words;
use smartsync::{
    CheckReport, ConfigFile,
    config::{read_schemas, schema_file_of},
    setup::{Finding, check_offline, test_alert},
};

use super::each_tenant::alone;
use crate::{
    cli::{Check, FieldSource},
    commands::{Exit, Named},
    failure::Failure,
    finding_lines::{word, write_finding},
    output::Output,
};

pub(crate) async fn run(named: &Named, check: Check, output: &mut Output) -> Result<Exit, Failure> {
    let Check { source, mut test_alert, .. } = check;
    if source.schema.is_some() {
        // One file of saved schemas is of one tenant.
        named.file()?;
    }
    let files = named.files()?;
    if let Some(file) = alone(named, &files) {
        return show(named, &report(named, file, &source, &mut test_alert).await, output);
    }
    let mut reports = Vec::new();
    for file in &files {
        reports.push(report(named, file, &source, &mut test_alert).await);
    }
    let (of_all, of_each) = CheckReport::apart(reports);
    let names = [None].into_iter().chain(files.iter().map(ConfigFile::name));
    let mut exit = Exit::Success;
    output.begin_list();
    for (name, report) in names.zip([of_all].iter().chain(&of_each)) {
        output.about(name);
        if let failure @ Exit::Failure = show(named, report, output)? {
            exit = failure;
        }
    }
    output.end_list()?;
    Ok(exit)
}

/// What there is to say of one tenant. `sends_alert`: whether a test alert is still to be sent, which is done once.
async fn report(
    named: &Named,
    file: &ConfigFile,
    FieldSource { offline, schema }: &FieldSource,
    sends_alert: &mut bool,
) -> CheckReport {
    if *offline {
        let schemas = schema.clone().unwrap_or_else(|| schema_file_of(&named.path, file.name()));
        return check_offline(file, read_schemas(&schemas).as_ref());
    }
    let report = smartsync::check(file).await;
    let alert = if *sends_alert { test_alert(file).await } else { None };
    match alert {
        Some(finding) => {
            *sends_alert = false;
            report.with(finding)
        }
        None => report,
    }
}

fn show(named: &Named, report: &CheckReport, output: &mut Output) -> Result<Exit, Failure> {
    let is_coloured = output.is_coloured();
    output.result(report, |out| {
        for finding in &report.findings {
            write_found(out, finding)?;
        }
        if !report.findings.is_empty() {
            writeln!(out)?;
        }
        if !report.diagnostics.is_empty() {
            writeln!(out, "{}", report.diagnostics.render(is_coloured))?;
        }
        writeln!(out, "{}: {}", named.path.display(), words::summary(report.errors, report.warnings))
    })?;
    Ok(if report.is_good() { Exit::Success } else { Exit::Failure })
}

pub(super) fn write_found(out: &mut dyn Write, found: &Finding) -> io::Result<()> {
    write_finding(out, word(found.verdict), found.subject, &found.text, found.next.as_deref())
}
